"""干部包联台账: 县级领导包乡镇, 部门干部包村, 乡镇干部包组; a row may give one duty of each (五(三)).

A leader's cell merged over many rows holds for all of them, and gives one duty for each township.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from functools import partial

import networkx as nx

from planner.errors import Problem
from planner.ledger.assistants import village_of
from planner.ledger.cells import Cell, Fault, text
from planner.ledger.outcomes import CheckedRows, RowReader
from planner.ledger.partial_days import PartialDay, partial_day
from planner.ledger.person_names import person_name
from planner.ledger.phones import phones
from planner.ledger.places import PlaceFault, Places, group_words, places_of
from planner.ledger.readings import Reading
from planner.ledger.row_files import ReadRow, read_rows
from planner.ledger.tables import Column
from planner.ledger.uploads import Paper
from planner.model.children import group_code
from planner.model.rosters import CadreLevel, Duty

_LEADER = "县级领导 县级包抓领导 县级包联领导 包乡领导 包抓领导 县级干部 县领导 县级包乡领导"
_DEPARTMENT = "部门干部 包村干部 部门包村干部 部门 包联部门 帮扶部门干部"
_TOWNSHIP = "乡镇干部 包组干部 乡镇包组干部"


def _under(groups: str, lowers: str) -> tuple[str, ...]:
    return tuple(group + lower for group in groups.split() for lower in lowers.split())


_PHONE = "电话 联系电话 手机 手机号 联系方式"
_SINCE = "起始日期 起始时间 包联起始日期"
COLUMNS = (
    Column("县级领导姓名", (*_LEADER.split(), *_under(_LEADER, "姓名")), required=True, fills=True),
    Column("县级领导职务", _under(_LEADER, "职务"), fills=True),
    Column("县级领导电话", _under(_LEADER, _PHONE), fills=True),
    Column("县级领导起始日期", _under(_LEADER, _SINCE), fills=True),
    Column(
        "包抓乡镇",
        ("乡镇", "包乡镇", "包联乡镇", *_under(_LEADER, "包抓乡镇 包乡镇 包联乡镇 乡镇")),
        required=True,
        fills=True,
    ),
    Column("部门", ("单位", "包村部门", "包村单位", *_under(_DEPARTMENT, "部门 单位")), fills=True),
    Column(
        "部门干部姓名", (*_DEPARTMENT.split()[:3], *_under(_DEPARTMENT, "姓名")), required=True, fills=True
    ),
    Column("部门干部职务", _under(_DEPARTMENT, "职务"), fills=True),
    Column("部门干部电话", _under(_DEPARTMENT, _PHONE), fills=True),
    Column("部门干部起始日期", _under(_DEPARTMENT, _SINCE), fills=True),
    Column(
        "包村",
        ("村", "村居", "行政村", "包联村", *_under(_DEPARTMENT, "包村 村 包联村 包村名")),
        required=True,
        fills=True,
    ),
    Column("乡镇干部姓名", (*_TOWNSHIP.split(), *_under(_TOWNSHIP, "姓名")), fills=True),
    Column("乡镇干部职务", _under(_TOWNSHIP, "职务"), fills=True),
    Column("乡镇干部电话", _under(_TOWNSHIP, _PHONE), fills=True),
    Column("乡镇干部起始日期", _under(_TOWNSHIP, _SINCE), fills=True),
    Column("包组", ("组", "村民小组", "包联组", *_under(_TOWNSHIP, "包组 组 包联组")), fills=True),
    Column("电话", ("联系电话", "手机", "手机号码")),
    Column("起始日期", ("起始时间", "包联起始日期", "开始日期", "包联时间"), fills=True),
)
_LEVELS = (
    (CadreLevel.COUNTY, "县级领导", "包抓乡镇"),
    (CadreLevel.DEPARTMENT, "部门干部", "包村"),
    (CadreLevel.TOWNSHIP, "乡镇干部", "包组"),
)
_VACANT = frozenset({"空缺", "暂缺", "无", "/", "-", "—"})
Duties = tuple[Duty, ...]


def read_cadres(
    path: Paper, *, tree: nx.DiGraph, county: str | None = None, sheet: str | None = None
) -> CheckedRows[Duties]:
    """The duties of a file, checked row by row against the known divisions; see `duties_of`.

    A single column 电话 is that of the cadre of the lowest level in its row. The first cadre of an area is its
    primary one. A vacancy (空缺) gives no duty.
    Raises InputError for a faulty file.
    """
    places = places_of(tree, county)
    file = read_rows(path, COLUMNS, partial(_duties, places=places), is_part=places.is_township, sheet=sheet)
    file = replace(file, rows=_first_as_primary(file.rows))
    _skip_known(file.rows)
    return file.settle(_notices(file.rows, places))


def duties_of(checked: CheckedRows[Duties]) -> Duties:
    """Every duty of the accepted rows once, in order: a leader's merged cell gives the same one many times."""
    return tuple(dict.fromkeys(duty for duties in checked.records for duty in duties))


def _duties(reader: RowReader, *, places: Places) -> Duties | None:
    township = _township(reader, places)
    village = village_of(reader, places, "包抓乡镇", "包村") if reader.cell("包村") is not None else None
    day = partial(partial_day, date1904=reader.table.date1904)
    since = reader.read("起始日期", day, "E-DATE-INVALID")
    lone_phone = reader.read("电话", phones, "W-PHONE") or ()
    if village is not None and township is not None and not village.startswith(township):
        reader.add("E-VILLAGE-TOWNSHIP", "包村", f"不在{places.name(township)}", "请核对乡镇和村")
    group = reader.parse("包组", text, "E-TEXT")
    found = []
    for level, who, area_column in _LEVELS:
        name = reader.read(f"{who}姓名", _name, "E-NAME-CHARS")
        title = reader.parse(f"{who}职务", text, "E-TEXT")
        numbers = reader.read(f"{who}电话", phones, "W-PHONE") or ()
        if name is None:
            continue
        area = {
            CadreLevel.COUNTY: township,
            CadreLevel.DEPARTMENT: village,
            CadreLevel.TOWNSHIP: village if group else None,
        }[level]
        if area is None:
            if reader.cell(area_column) is None or (level is CadreLevel.TOWNSHIP and village is None):
                message = f"写了{who}“{name}”,没有写{area_column}"
                reader.add("E-DUTY-AREA", area_column, message, f"请补填{area_column}")
            continue
        department = reader.parse("部门", text, "E-TEXT") if level is CadreLevel.DEPARTMENT else None
        own_since = reader.read(f"{who}起始日期", day, "E-DATE-INVALID")
        found.append((level, name, area, title, numbers, department, own_since or since))
    if not found and not reader.is_rejected:
        reader.add("S-VACANT", None, "没有包联干部,不导入")
        return ()
    if reader.is_rejected:
        return None
    lowest = found[-1][0]
    return tuple(
        _duty(
            level,
            name,
            area,
            title,
            numbers or (lone_phone if level is lowest else ()),
            department,
            begun,
            group if level is CadreLevel.TOWNSHIP else None,
        )
        for level, name, area, title, numbers, department, begun in found
    )


def _duty(
    level: CadreLevel,
    name: str,
    area: str,
    title: str | None,
    numbers: tuple[str, ...],
    department: str | None,
    since: PartialDay | None,
    group: str | None,
) -> Duty:
    words = group_words(group) if group else None
    return Duty(
        cadre=name,
        level=level,
        area=(group_code(area, words) or area) if words else area,
        group=words,
        department=department,
        title=title,
        phones=numbers,
        since=since.day if since else None,
        since_month=since.month if since else None,
    )


def _name(cell: Cell) -> Reading[str | None]:
    if isinstance(cell, str) and cell.strip() in _VACANT:
        return Reading(None)
    return person_name(cell, latin=True)


def _township(reader: RowReader, places: Places) -> str | None:
    if reader.cell("包抓乡镇") is None:
        return None
    try:
        return places.find_township(reader.cell("包抓乡镇"))
    except PlaceFault as fault:
        reader.add(fault.code, "包抓乡镇", fault.message, fault.fix)
    except Fault as fault:
        reader.add("E-TEXT", "包抓乡镇", fault.message, fault.fix)
    return None


def _first_as_primary(rows: Iterable[ReadRow[Duties]]) -> list[ReadRow[Duties]]:
    """The rows with the first cadre of an area as the primary, and the others beside."""
    first: dict[tuple[CadreLevel, str], str] = {}
    return [
        replace(
            row,
            record=row.record
            and tuple(
                replace(duty, primary=first.setdefault((duty.level, duty.place), duty.cadre) == duty.cadre)
                for duty in row.record
            ),
        )
        for row in rows
    ]


def _skip_known(rows: Iterable[ReadRow[Duties]]) -> None:
    """Leave out rows that add no duty to those above them."""
    known: set[Duty] = set()
    for row in rows:
        if not row.is_sound or row.record is None:
            continue
        if known.issuperset(row.record):
            row.reader.add("S-SAME-ROW", None, "各项包联前面都已写过,只取一次")
        known.update(row.record)


def _notices(rows: Iterable[ReadRow[Duties]], places: Places) -> Iterable[Problem]:
    """Townships without a 县级领导, and villages with several 部门干部, of whom the first is the main one."""
    led: set[str] = set()
    townships: dict[str, None] = {}
    of_village: dict[str, dict[str, None]] = defaultdict(dict)
    for row in rows:
        for duty in row.record or ():
            townships[duty.township] = None
            if duty.level is CadreLevel.COUNTY:
                led.add(duty.area)
            elif duty.level is CadreLevel.DEPARTMENT:
                of_village[duty.area][duty.cadre] = None
    for township in townships:
        if township not in led:
            yield Problem(f"{places.name(township)}没有县级领导包抓", code="N-TOWNSHIP-VACANT")
    for village, names in of_village.items():
        if len(names) > 1:
            told = f"{places.name(village)}有{len(names)}名包村干部:{'、'.join(names)};按第一名为主"
            yield Problem(told, code="N-VILLAGE-SEVERAL")
