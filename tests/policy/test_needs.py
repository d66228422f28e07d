from dataclasses import replace
from datetime import date

import pytest

from planner.model.children import ChildRecord, ParentStatus
from planner.model.demand import AgeBand, Need
from planner.model.words import CategoryWord, ParentState, Placement, SchoolStatus, Sex
from planner.policy.needs import age_band, demand_in, demand_of, need_of
from planner.policy.rules import load_rules

DAY = date(2020, 12, 31)
RULES = load_rules("doc2017")
CHILD = ChildRecord(
    name="马小花",
    sex=Sex.FEMALE,
    father=ParentStatus((ParentState.DECEASED,)),
    mother=ParentStatus((ParentState.REMARRIED,)),
    categories=(CategoryWord.GUARDIANSHIP,),
    hukou_text="甲村",
    residence_text="乙村",
    birth=date(2010, 3, 5),
    hukou="640324101201",
    residence="640324101202",
)


@pytest.mark.parametrize(
    ("change", "need"),
    [
        ({}, None),
        ({"rehab_need": False, "device_need": False}, None),
        ({"rehab_need": True}, Need.REHABILITATION),
        ({"device_need": True}, Need.REHABILITATION),
        ({"school_status": SchoolStatus.HOME_TEACHING}, Need.HOME_TEACHING),
        ({"school_status": SchoolStatus.HOME_TEACHING, "rehab_need": True}, Need.HOME_TEACHING),
        ({"school_status": SchoolStatus.INCLUSIVE}, None),
        ({"placement": Placement.INSTITUTION_ORPHAN}, Need.PLACEMENT),
        ({"placement": Placement.INSTITUTION_TEMPORARY, "rehab_need": True}, Need.PLACEMENT),
        ({"placement": Placement.FOSTER}, Need.PLACEMENT),
        ({"placement": Placement.KINSHIP}, None),
        ({"placement": Placement.ADOPTION}, None),
    ],
)
def test_the_need_of_a_file(change: dict[str, object], need: Need | None) -> None:
    assert need_of(replace(CHILD, **change)) is need  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("birth", "band"),
    [
        (date(2021, 1, 1), None),
        (date(2020, 12, 31), AgeBand.EARLY),
        (date(2014, 1, 1), AgeBand.EARLY),
        (date(2013, 12, 31), AgeBand.SCHOOL),
        (date(2006, 1, 1), AgeBand.SCHOOL),
        (date(2005, 12, 31), AgeBand.YOUTH),
        (date(2003, 1, 1), AgeBand.YOUTH),
        (date(2002, 12, 31), None),
    ],
)
def test_the_band_changes_on_the_birthday(birth: date, band: AgeBand | None) -> None:
    assert age_band(birth, DAY) is band


def test_files_are_counted_where_the_children_live() -> None:
    away = replace(CHILD, residence=None)
    rows = demand_of([CHILD, CHILD, away, replace(CHILD, rehab_need=True)], DAY, RULES)
    assert rows.fillna({"need": "无"}).to_dict("list") == {
        "village": ["640324101201", "640324101202", "640324101202"],
        "age_band": ["7-14"] * 3,
        "category": ["监护困境"] * 3,
        "need": ["无", "无", "康复"],
        "children": [1, 2, 1],
    }


def test_a_file_without_village_birthday_or_class_is_in_no_row() -> None:
    ok = ParentStatus((ParentState.OK,))
    lacking = [
        replace(CHILD, residence=None, hukou=None),
        replace(CHILD, birth=None, birth_month="2010-03"),
        replace(CHILD, birth=date(2002, 1, 1)),
        replace(CHILD, father=ok, mother=ok),
    ]
    rows = demand_of(lacking, DAY, RULES)
    assert rows.empty
    assert rows.columns.tolist() == ["village", "age_band", "category", "need", "children"]


def test_a_village_without_children_keeps_a_row_of_none() -> None:
    counted = demand_in(["640324101202", "640324101299"], [CHILD], DAY, RULES)
    assert list(zip(counted["village"], counted["children"], strict=True)) == [
        ("640324101202", 1),
        ("640324101299", 0),
    ]
    assert demand_in(["640324101299"], [CHILD], DAY, RULES)["children"].tolist() == [0]
    assert demand_in([], [CHILD], DAY, RULES).empty
