"""民政协理员名册: one row for each 协理员 and village (五(二))."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import partial

import networkx as nx

from planner.errors import Problem
from planner.ledger.cells import Fault, comparable, prose, text
from planner.ledger.id_numbers import Holder, id_number, sex_of
from planner.ledger.outcomes import CheckedRows, RowReader
from planner.ledger.partial_days import partial_day
from planner.ledger.person_names import person_name
from planner.ledger.phones import phones
from planner.ledger.places import PlaceFault, Places, places_of
from planner.ledger.row_files import ReadRow, read_rows, skip_repeated
from planner.ledger.tables import Column
from planner.ledger.uploads import Paper
from planner.ledger.word_cells import sex, yes_no
from planner.model.rosters import Assistant

COLUMNS = (
    Column("乡镇", ("所在乡镇", "乡镇街道", "乡(镇)", "乡"), required=True, fills=True),
    Column(
        "村",
        ("村居", "村(居)", "所在村", "行政村", "村居委会", "村委会", "村社区"),
        required=True,
        fills=True,
    ),
    Column("姓名", ("协理员姓名", "民政协理员", "民政协理员姓名", "儿童主任"), required=True),
    Column("性别"),
    Column("身份证号", ("身份证号码", "公民身份号码", "证件号码")),
    Column("学历", ("文化程度",)),
    Column("政治面貌"),
    Column("电话", ("联系电话", "手机", "手机号", "手机号码", "联系方式")),
    Column("任职时间", ("任职日期", "上任时间", "聘用时间", "起始日期")),
    Column("是否兼职", ("兼职", "专兼职")),
    Column("备注", ("说明",)),
)
_PART_TIME = {"兼职": True, "专职": False}


def read_assistants(
    path: Paper, *, tree: nx.DiGraph, county: str | None = None, sheet: str | None = None
) -> CheckedRows[Assistant]:
    """The 民政协理员 of a file, checked row by row against the known divisions.

    One person in several villages, and several persons in one, are notices. Raises InputError for a faulty
    file.
    """
    places = places_of(tree, county)
    file = read_rows(
        path, COLUMNS, partial(_assistant, places=places), is_part=places.is_township, sheet=sheet
    )
    skip_repeated(file.rows, lambda item: (item.village, comparable(item.name)), "同一村的同一协理员")
    return file.settle(_notices(file.rows, places))


def _assistant(reader: RowReader, *, places: Places) -> Assistant | None:
    name = reader.read("姓名", person_name, "E-NAME-CHARS")
    village = village_of(reader, places)
    number = reader.read("身份证号", partial(id_number, holder=Holder.GUARDIAN), "E-ID-CHARS")
    told_sex = reader.parse("性别", sex, "E-SEX")
    if number is not None and told_sex is not None and told_sex is not sex_of(number):
        message = f"填的是“{told_sex}”,身份证号第17位表示“{sex_of(number)}”"
        reader.add("E-SEX-ID", "性别", message, "请核对这两格")
    since = reader.read("任职时间", partial(partial_day, date1904=reader.table.date1904), "E-DATE-INVALID")
    numbers = reader.read("电话", phones, "W-PHONE")
    part_time = reader.parse("是否兼职", _part_time, "E-YES-NO")
    told = {
        "education": reader.parse("学历", text, "E-TEXT"),
        "politics": reader.parse("政治面貌", text, "E-TEXT"),
        "remark": reader.parse("备注", prose, "E-TEXT"),
    }
    if reader.cell("姓名") is None:
        reader.add("E-BLANK", "姓名", "没有填写", "请填协理员姓名;暂缺的请删去这一行")
    if reader.is_rejected or name is None or village is None:
        return None
    return Assistant(
        name=name,
        village=village,
        sex=told_sex or (sex_of(number) if number else None),
        id_number=number,
        phones=numbers or (),
        since=since.day if since else None,
        since_month=since.month if since else None,
        part_time=part_time,
        **told,
    )


def village_of(reader: RowReader, places: Places, township: str = "乡镇", village: str = "村") -> str | None:
    """The village that two columns name; the township may be blank where only one has that village."""
    try:
        return places.find_village(reader.cell(township), reader.cell(village))
    except PlaceFault as fault:
        reader.add(fault.code, township if fault.part == "乡镇" else village, fault.message, fault.fix)
    except Fault as fault:
        reader.add("E-TEXT", village, fault.message, fault.fix)
    return None


def _part_time(cell: object) -> bool | None:
    if isinstance(cell, str) and comparable(cell) in _PART_TIME:
        return _PART_TIME[comparable(cell)]
    return yes_no(cell)  # type: ignore[arg-type]


def _notices(rows: Iterable[ReadRow[Assistant]], places: Places) -> Iterable[Problem]:
    of_person: dict[str, set[str]] = defaultdict(set)
    of_village: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if row.is_sound and row.record is not None:
            of_village[row.record.village].append(row.record.name)
            if row.record.id_number or row.record.phones:
                person = row.record.id_number or row.record.phones[0]
                of_person[f"{row.record.name}|{person}"].add(row.record.village)
    for key, villages in of_person.items():
        if len(villages) > 1:
            names = "、".join(places.name(code) for code in sorted(villages))
            yield Problem(
                f"“{key.split('|')[0]}”一人兼{len(villages)}个村:{names}", code="N-ASSISTANT-SHARED"
            )
    for village, names_of in of_village.items():
        if len(names_of) > 1:
            told = f"{places.name(village)}有{len(names_of)}名协理员:{'、'.join(names_of)}"
            yield Problem(told, code="N-VILLAGE-SEVERAL")
