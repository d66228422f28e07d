"""The ledger that the demo writes, read back by the reader of ledgers."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from planner.demo.days import DATA_DAY
from planner.demo.ledger_file import ledger_workbook
from planner.errors import InputError
from planner.ledger.children import CheckedLedger, read_children
from planner.ledger.id_numbers import check_digit
from planner.ledger.outcomes import Outcome
from planner.model.children import ChildRecord, ParentStatus
from planner.model.rosters import Rosters
from planner.model.words import (
    Basis,
    Benefit,
    CategoryWord,
    Difficulty,
    DisabilityKind,
    Grade,
    ParentState,
    Placement,
    SchoolStatus,
    Sex,
    Stage,
)
from planner.policy.rules import load_rules
from tests.demo.conftest import Made

COUNTY, TOWNSHIP = "640324", "640324101"
NUMBER = "64032420100305021" + check_digit("64032420100305021")
Read = Callable[..., CheckedLedger]


@pytest.fixture
def read(made: Made, tmp_path: Path) -> Read:
    """Write the records as a ledger of an area and read it."""

    def read_back(records: Sequence[ChildRecord], area: str = COUNTY, **options: Any) -> CheckedLedger:
        path = tmp_path / "台账.xlsx"
        path.write_bytes(ledger_workbook(records, tree=made.tree, area=area, **options))
        rosters = Rosters.of(made.people.assistants, made.people.duties)
        return read_children(path, tree=made.tree, rosters=rosters, rules=load_rules())

    return read_back


def _of(made: Made, area: str) -> list[ChildRecord]:
    return [record for record in made.people.children if (record.village or "").startswith(area)]


def _fates(ledger: CheckedLedger) -> set[Outcome]:
    return {row.outcome for row in ledger.rows}


def _by_key(records: Sequence[ChildRecord]) -> dict[str, ChildRecord]:
    return {record.key: record for record in records}


def test_a_township_comes_back_as_it_was(made: Made, read: Read) -> None:
    records = _of(made, TOWNSHIP)
    assert len(records) > 40
    ledger = read(records, TOWNSHIP)
    assert ledger.rejected == 0
    assert {Outcome.ACCEPT, Outcome.WARN, Outcome.SKIP} == _fates(ledger)
    assert _by_key(ledger.records) == _by_key(records)
    assert (ledger.as_of, ledger.county) == (DATA_DAY, COUNTY)
    assert (ledger.accepted, ledger.skipped) == (len(records), 2)
    assert ledger.notices == ()


@pytest.mark.parametrize("sheet_per_township", [False, True])
def test_a_county_comes_back_as_it_was(made: Made, read: Read, *, sheet_per_township: bool) -> None:
    records = _of(made, COUNTY)
    ledger = read(records, sheet_per_township=sheet_per_township)
    assert ledger.rejected == 0
    assert _by_key(ledger.records) == _by_key(records)
    townships = {(record.village or "")[:9] for record in records}
    assert len(ledger.sheets) == (len(townships) if sheet_per_township else 1)
    assert ledger.notices == ()


def test_the_layout_is_the_usual_one(made: Made) -> None:
    records = _of(made, COUNTY)
    book = openpyxl.load_workbook(io.BytesIO(ledger_workbook(records, tree=made.tree, area=COUNTY)))
    sheet = book.worksheets[0]
    merged = {str(item) for item in sheet.merged_cells.ranges}
    assert sheet["A1"].value == "同心县困境儿童台账(示例)"
    assert str(sheet["A2"].value) == "填报单位(盖章):同心县民政局"
    assert any(cell.value == "填报日期:2020年12月31日" for cell in sheet[2])
    assert {"A3:A4", "B3:B4", "G3:I3", "J3:L3"} <= merged
    assert [sheet.cell(3, 7).value, sheet.cell(4, 7).value, sheet.cell(4, 8).value] == [
        "户籍地",
        "乡镇",
        "村",
    ]
    downwards = [
        item for item in sheet.merged_cells.ranges if item.min_col == item.max_col == 10 and item.min_row > 4
    ]
    assert downwards
    last = sheet.max_row
    assert (sheet.cell(last - 1, 1).value, sheet.cell(last - 1, 2).value) == ("合计", f"{len(records)}人")
    assert str(sheet.cell(last, 1).value).startswith("审核人:")
    assert [sheet.cell(row, 1).value for row in (5, 6)] == [1, 2]


def test_the_office_of_a_township_signs_for_it(made: Made) -> None:
    content = ledger_workbook(_of(made, TOWNSHIP), tree=made.tree, area=TOWNSHIP, as_of=date(2020, 6, 30))
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    town = made.tree.nodes[TOWNSHIP]["name"]
    assert sheet["A2"].value == f"填报单位(盖章):同心县{town}民政办"
    assert any(cell.value == "填报日期:2020年6月30日" for cell in sheet[2])


def test_the_same_records_give_the_same_bytes(made: Made) -> None:
    records = _of(made, TOWNSHIP)
    first, again = (ledger_workbook(records, tree=made.tree, area=TOWNSHIP) for _ in range(2))
    assert first == again
    assert first == ledger_workbook(records, tree=made.tree, area=TOWNSHIP, as_of=DATA_DAY)


def _full(made: Made) -> ChildRecord:
    """A child of whom everything is said that a ledger can say."""
    town, village = (made.tree.nodes[code]["name"] for code in (TOWNSHIP, _village(made)))
    return ChildRecord(
        name="马·示例",
        sex=Sex.MALE,
        father=ParentStatus((ParentState.PRISON,), 42.0),
        mother=ParentStatus((ParentState.MISSING,), None, Basis.COURT),
        categories=(CategoryWord.UNRAISED, CategoryWord.DISABLED, CategoryWord.TEMPORARY),
        hukou_text="甘肃省环县",
        residence_text=f"{town}{village}3组",
        id_number=NUMBER,
        birth=date(2010, 3, 5),
        ethnicity="回族",
        residence=_village(made),
        residence_group="3组",
        difficulties=(Difficulty.LIVING, Difficulty.CARE),
        temporary_from=date(2020, 3, 1),
        temporary_review=date(2020, 9, 1),
        guardian="Maria Ma",
        guardian_relation="奶奶",
        guardian_id="64222219560316709X",
        phones=("15412345678", "09531234567"),
        placement=Placement.KINSHIP,
        disability_cert=f"{NUMBER}52",
        cert_reissued=2,
        disability_kind=DisabilityKind.INTELLECT,
        disability_grade=2,
        school="河西小学",
        school_year="四年级",
        stage=Stage.COMPULSORY,
        school_status=SchoolStatus.INCLUSIVE,
        grade=Grade.HIGH,
        device_need=True,
        rehab_need=False,
        device_given=True,
        device_given_on=date(2020, 2, 29),
        benefits=(Benefit.ORPHAN_ALLOWANCE, Benefit.TWO_SUBSIDIES),
        amount_month=Decimal("677.46"),
        low_income=False,
        registered_poor=True,
        health="癫痫",
        housing="租住",
        remark="=1+1",
        lon=105.912345,
        lat=36.981234,
        assistant="马小红",
        village_cadre="杨大山",
        leader="李远",
    )


def _village(made: Made) -> str:
    return next(code for code in sorted(made.tree) if code.startswith(TOWNSHIP) and len(code) == 12)


def test_whatever_a_record_can_say_comes_back(made: Made, read: Read) -> None:
    full = _full(made)
    unsaid = {item.name for item in fields(full) if getattr(full, item.name) is None}
    assert unsaid == {"birth_month", "hukou", "hukou_group"}  # by the month alone; of a 户籍 elsewhere
    assert read([full]).records == (full,)


@pytest.mark.parametrize(
    "change",
    [
        {"difficulties": (), "benefits": (), "device_given": False, "device_given_on": None},
        {"difficulties": None, "benefits": None, "device_given": None, "device_given_on": None},
        {"device_given": True, "device_given_on": None},
        {"father": ParentStatus((ParentState.REMARRIED, ParentState.LOST_CONTACT), 12.0)},
        {"father": ParentStatus((ParentState.PRISON,), 0.0)},
        {"father": ParentStatus((ParentState.PRISON,), 7.0)},
        {"mother": ParentStatus((ParentState.DEPORTED,))},
        {"disability_cert": None, "cert_reissued": None},
        {"disability_cert": None, "cert_reissued": None, "disability_kind": None, "disability_grade": None},
        {
            "birth": None,
            "birth_month": "2010-03",
            "id_number": None,
            "disability_cert": None,
            "cert_reissued": None,
        },
        {"lon": None, "lat": None, "phones": (), "amount_month": None, "placement": None},
        {"school": None, "school_year": None, "stage": None, "school_status": None, "grade": None},
        {"remark": None, "leader": None, "assistant": None, "village_cadre": None, "guardian_id": None},
    ],
)
def test_what_is_left_unsaid_comes_back_unsaid(made: Made, read: Read, change: dict[str, Any]) -> None:
    record = replace(_full(made), **change)
    assert read([record]).records == (record,)


def test_a_name_between_blanks_is_not_spread(made: Made, read: Read) -> None:
    first, *others = _of(made, TOWNSHIP)[:4]
    records = [
        replace(first, leader="李远"),
        replace(others[0], leader="李远"),
        *(replace(item, leader=None) for item in others[1:]),
    ]
    assert _by_key(read(records).records) == _by_key(records)


def test_a_remark_that_looks_like_a_formula_stays_text(made: Made) -> None:
    content = ledger_workbook([_full(made)], tree=made.tree, area=COUNTY)
    cells = [
        cell for row in openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].iter_rows() for cell in row
    ]
    assert [cell.data_type for cell in cells if cell.value == "=1+1"] == ["s"]
    assert not [cell for cell in cells if cell.data_type == "f"]


def test_no_child_is_a_ledger_without_rows(read: Read) -> None:
    with pytest.raises(InputError, match="没有数据"):
        read([])
