"""One row of the 机构名录: its columns, the words each may hold, and what it says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from planner.ledger.borders import Borders
from planner.ledger.cells import Cell, Fault, choice, comparable, day, text, whole_number
from planner.ledger.counties import Counties
from planner.ledger.histories import row_states
from planner.ledger.points import LON_LAT
from planner.ledger.tables import Column, Row, Table
from planner.ledger.tally import Tally
from planner.model.institutions import DatedState, InstitutionKind, InstitutionState, split_list

COLUMNS = (
    Column("名称", ("机构名称", "name"), required=True, fills=True),
    Column("类型", ("机构类型", "机构类别", "kind"), required=True, fills=True),
    Column("状态", ("机构状态", "运营状态", "state"), required=True),
    Column("状态日期", ("状态起始日", "状态起始日期", "since")),
    Column("计划投用", ("计划投用日期", "planned_opening")),
    Column("投用日期", ("投用时间", "开业日期")),
    Column("停用日期", ("停用时间",)),
    Column("区划代码", ("行政区划代码", "所在区划代码"), fills=True),
    Column("所在县", ("县区", "县", "所属县", "所属县区", "所在县代码", "county"), fills=True),
    Column("辖区", ("辖区代码", "服务区域", "jurisdiction"), fills=True),
    Column("级别", ("机构级别", "tier"), fills=True),
    Column("地址", ("详细地址", "机构地址", "address"), fills=True),
    Column("床位", ("床位数", "beds"), fills=True),
    Column("工作人员", ("工作人员数", "职工人数", "staff"), fills=True),
    Column("服务内容", ("服务", "服务项目", "services"), fills=True),
    Column("负责人", ("负责人姓名", "联系人")),
    Column("电话", ("联系电话", "负责人电话", "手机")),
    *LON_LAT,
)
NOT_STORED = ("负责人", "电话")
_KINDS = {
    **{comparable(kind): kind for kind in InstitutionKind},
    **dict.fromkeys(
        ("未保机构", "未保中心", "未成年人保护中心", "未成年人救助保护中心", "未成年人救助保护机构"),
        InstitutionKind.PROTECTION,
    ),
    **dict.fromkeys(("儿童福利院",), InstitutionKind.WELFARE),
    **dict.fromkeys(("社会福利院",), InstitutionKind.SOCIAL_WELFARE),
    **dict.fromkeys(("残疾儿童康复中心", "儿童康复机构", "儿童康复中心"), InstitutionKind.REHABILITATION),
    **dict.fromkeys(("特教学校",), InstitutionKind.SPECIAL_SCHOOL),
}
_STATES = {
    **{comparable(state): state for state in InstitutionState},
    **dict.fromkeys(("运营中", "正常运营", "已运营"), InstitutionState.OPERATING),
    **dict.fromkeys(("建设中", "在建中"), InstitutionState.BUILDING),
    **dict.fromkeys(("已停用", "停运", "关停"), InstitutionState.CLOSED),
}
_TIERS = {
    **dict.fromkeys(("自治区", "自治区级", "区级", "省级"), "自治区"),
    **dict.fromkeys(("市", "市级", "地级", "地市级"), "市"),
    **dict.fromkeys(("县", "县级", "县区级"), "县"),
    **dict.fromkeys(("乡", "乡级", "乡镇", "乡镇级", "镇", "镇级", "街道"), "乡"),
    **dict.fromkeys(("村", "村级", "村居", "社区", "社区级"), "村"),
}


@dataclass(frozen=True)
class Entry:
    """What one row says. `county` is None where the row itself gives no hint."""

    row: Row
    name: str
    kind: InstitutionKind
    attributes: dict[str, str | float | None]
    county: str | None
    point: Point | None
    states: list[DatedState]


def read_entry(
    row: Row,
    table: Table,
    tally: Tally,
    counties: Counties,
    borders: Borders,
    nearest: Callable[[Point], str | None],
    shape: BaseGeometry | None,
) -> Entry | None:
    """What a row says; None where it names no institution, or cannot be read (then it is rejected)."""
    name = tally.require(row, "名称", text, "请填机构名称")
    kind = tally.require(row, "类型", _kind, f"请填{'、'.join(InstitutionKind)}之一")
    attributes: dict[str, str | float | None] = {
        "级别": tally.read(row, "级别", _tier),
        "地址": tally.read(row, "地址", text),
        "床位": _as_float(tally.read(row, "床位", whole_number)),
        "工作人员": _as_float(tally.read(row, "工作人员", whole_number)),
        "服务内容": tally.read(row, "服务内容", _services),
    }
    areas, inner = tally.read(row, "辖区", counties.jurisdiction) or ((), ())
    attributes["辖区"] = "、".join(areas) or None
    states = _read_states(row, table, tally)
    point = shape if isinstance(shape, Point) else None
    if shape is not None and point is None:
        tally.note("机构给的是面,取面内一点", row.number)
        point = shape.representative_point()
    by_code = tally.read(row, "区划代码", counties.county)
    by_name = tally.read(row, "所在县", counties.county)
    if by_code and by_name and by_code != by_name:
        message = f"与区划代码所在的{counties.name(by_code)}不符"
        tally.reject(row.number, "所在县", message, "请核对这两格", row.cells["所在县"])
    if tally.is_rejected(row.number) or name is None or kind is None:
        return None
    county = by_code or by_name or (borders.county_at(point) if point is not None else None)
    if county is None and len(areas) == 1:
        county = areas[0]
    if county is None:
        address = attributes["地址"]
        county = counties.in_address(address if isinstance(address, str) else None)
    if county is None and point is not None and (county := nearest(point)) is not None:
        tally.note("没有写所在县,按最近的村所在的县计,请核对", row.number)
    if county is not None:
        _check_inner(inner, county, row, tally, counties)
        if areas and inner:  # 「本县、乙县」: the own county beside the named ones
            attributes["辖区"] = "、".join(dict.fromkeys((county, *areas)))
    elif inner:
        fault = counties.unknown_area(inner[0])
        tally.reject(row.number, "辖区", fault.message, fault.fix, row.cells["辖区"])
    return Entry(row, name, kind, attributes, county, point, states)


def _read_states(row: Row, table: Table, tally: Tally) -> list[DatedState]:
    state = tally.read(row, "状态", _state)
    read_day = partial(day, date1904=table.date1904)
    since, planned, opened, closed = (
        tally.read(row, column, read_day) for column in ("状态日期", "计划投用", "投用日期", "停用日期")
    )
    if tally.is_rejected(row.number):
        return []
    if planned and state is not InstitutionState.BUILDING:
        tally.note("计划投用只用于在建的行,这里没有采用", row.number, "计划投用")
    try:
        return row_states(state, since, planned=planned, opened=opened, closed=closed)
    except Fault as fault:
        tally.reject(row.number, "状态", fault.message, fault.fix)
        return []


def _check_inner(inner: Sequence[str], county: str, row: Row, tally: Tally, counties: Counties) -> None:
    for words in inner:
        if counties.lies_within(words, county):
            tally.note("辖区在县以下的,按所在县计", row.number, "辖区")
        else:
            fault = counties.unknown_area(words)
            tally.reject(row.number, "辖区", fault.message, fault.fix, row.cells["辖区"])


def _kind(cell: Cell) -> InstitutionKind | None:
    return choice(cell, _KINDS, "、".join(InstitutionKind))


def _state(cell: Cell) -> InstitutionState | None:
    return choice(cell, _STATES, "、".join(InstitutionState))


def _tier(cell: Cell) -> str | None:
    return choice(cell, _TIERS, "自治区、市、县、乡、村")


def _services(cell: Cell) -> str | None:
    return "、".join(split_list(text(cell))) or None


def _as_float(number: int | None) -> float | None:
    return None if number is None else float(number)
