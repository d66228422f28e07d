"""A 困境儿童台账 as a county or a township hands it in: the sample file of users, demo and benchmarks.

The layout is the usual one: a title, 填报单位 and 填报日期, a header of two rows, township cells merged downwards,
a 合计 row, a line to sign on. Reading it back gives the records again.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

import networkx as nx
from xlsxwriter.workbook import Workbook

from planner.demo.days import DATA_DAY
from planner.demo.sites import MARK
from planner.model.children import ChildRecord, ParentStatus
from planner.model.divisions import Level, full_name, level_of
from planner.model.sheet_text import writable
from planner.model.words import ParentState

Value = str | float | None

_NOT_REGISTERED = "未上户"
_NO_CERTIFICATE = "未办理"
_NOTHING = "无"
_CRS = "CGCS2000"
_GRADES = ("一级", "二级", "三级", "四级")
_OFFICES = {Level.COUNTY: "民政局", Level.TOWNSHIP: "民政办"}
_SIGNATURES = "审核人:                    填表人:                    联系电话:"
_FIRST_ROW = 4
_A3 = 8


@dataclass(frozen=True)
class _Column:
    """A column: its upper and lower heading, its width, the value of a record; `merged` downwards where equal."""

    upper: str
    lower: str
    width: int
    value: Callable[[ChildRecord, nx.DiGraph], Value]
    merged: bool = False


@dataclass(frozen=True)
class _Styles:
    """The cell formats of the workbook."""

    title: Any
    line: Any
    header: Any
    serial: Any
    text: Any
    number: Any
    degrees: Any


def ledger_workbook(
    records: Sequence[ChildRecord],
    *,
    tree: nx.DiGraph,
    area: str,
    as_of: date = DATA_DAY,
    sheet_per_township: bool = False,
) -> bytes:
    """The records as the xlsx ledger that `area` (code of a county or township) hands in on the day `as_of`.

    `tree` has the names of the divisions. Rows go by township and village of residence, those who live
    outside the county by their 户籍. With `sheet_per_township` every township has a sheet of its own. The same
    records give the same bytes.
    """
    ordered = sorted(records, key=lambda record: record.village or "")
    buffer = io.BytesIO()
    with Workbook(buffer, _options()) as book:
        book.set_properties({"created": datetime(as_of.year, as_of.month, as_of.day)})
        styles = _styles(book)
        if not sheet_per_township:
            _write_sheet(book.add_worksheet("困境儿童台账"), styles, ordered, tree, area, as_of)
        else:
            for township, own in groupby(ordered, key=lambda record: (record.village or area)[:9]):
                sheet = book.add_worksheet(tree.nodes[township]["name"])
                _write_sheet(sheet, styles, list(own), tree, township, as_of)
    return buffer.getvalue()


def _options() -> dict[str, Any]:
    return {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_format_properties": {"font_name": "宋体", "font_size": 10, "valign": "vcenter"},
    }


def _styles(book: Workbook) -> _Styles:
    cell = {"border": 1, "align": "center"}
    return _Styles(
        title=book.add_format({"bold": True, "font_size": 18, "align": "center"}),
        line=book.add_format({"align": "left"}),
        header=book.add_format({**cell, "bold": True, "text_wrap": True}),
        serial=book.add_format(cell),
        text=book.add_format({**cell, "num_format": "@"}),
        number=book.add_format({**cell, "num_format": "0.00"}),
        degrees=book.add_format({**cell, "num_format": "0.000000"}),
    )


def _write_sheet(
    sheet: Any,
    styles: _Styles,
    records: Sequence[ChildRecord],
    tree: nx.DiGraph,
    area: str,
    as_of: date,
) -> None:
    last = len(_COLUMNS)
    place = full_name(tree, area)
    sheet.merge_range(0, 0, 0, last, f"{place}困境儿童台账{MARK}", styles.title)
    sheet.merge_range(1, 0, 1, last // 2, f"填报单位(盖章):{place}{_OFFICES[level_of(area)]}", styles.line)
    day = f"填报日期:{as_of.year}年{as_of.month}月{as_of.day}日"
    sheet.merge_range(1, last // 2 + 1, 1, last, day, styles.line)
    _write_header(sheet, styles)
    for number in range(1, len(records) + 1):
        sheet.write_number(_FIRST_ROW + number - 1, 0, number, styles.serial)
    for index, column in enumerate(_COLUMNS, start=1):
        values = [column.value(record, tree) for record in records]
        _write_column(sheet, styles, index, column, values)
    foot = _FIRST_ROW + len(records)
    sheet.write_string(foot, 0, "合计", styles.header)
    sheet.write_string(foot, 1, f"{len(records)}人", styles.header)
    sheet.merge_range(foot + 1, 0, foot + 1, last, _SIGNATURES, styles.line)
    sheet.freeze_panes(_FIRST_ROW, 2)
    sheet.repeat_rows(2, 3)
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{foot + 1}"})
    sheet.set_paper(_A3)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _write_header(sheet: Any, styles: _Styles) -> None:
    sheet.merge_range(2, 0, 3, 0, "序号", styles.header)
    index = 1
    for upper, group in groupby(_COLUMNS, key=lambda column: column.upper):
        columns = list(group)
        if len(columns) > 1:
            sheet.merge_range(2, index, 2, index + len(columns) - 1, upper, styles.header)
        for at, column in enumerate(columns, start=index):
            if column.lower:
                sheet.write_string(3, at, column.lower, styles.header)
            else:
                sheet.merge_range(2, at, 3, at, upper, styles.header)
            sheet.set_column(at, at, column.width)
        index += len(columns)


def _write_column(sheet: Any, styles: _Styles, index: int, column: _Column, values: Sequence[Value]) -> None:
    row = _FIRST_ROW
    runs: Iterator[tuple[Value, int]] = (
        ((value, sum(1 for _ in group)) for value, group in groupby(values))
        if column.merged
        else ((value, 1) for value in values)
    )
    for value, length in runs:
        if value is not None and length > 1:
            sheet.merge_range(row, index, row + length - 1, index, "", styles.text)
        if isinstance(value, str):
            sheet.write_string(row, index, writable(value), styles.text)
        elif value is not None:
            sheet.write_number(row, index, value, styles.degrees if column.upper == "坐标" else styles.number)
        row += length


def _township(code: str | None, text: str, tree: nx.DiGraph) -> str:
    """The name of the township of a village; the whole words of a place that is in no known village."""
    return text if code is None else str(tree.nodes[code[: Level.TOWNSHIP]]["name"])


def _village(code: str | None, tree: nx.DiGraph) -> Value:
    return None if code is None else str(tree.nodes[code]["name"])


def _parent(status: ParentStatus) -> str:
    """The states, with the length or the paper that they rest on in brackets: 服刑(3年6个月), 失踪(公安)."""
    words = "、".join(state.label for state in ParentState if state in status.states)
    basis = f"({status.basis})" if status.basis else ""
    if status.term_months is None:
        return words + basis
    years, months = divmod(int(status.term_months), 12)
    term = (f"{years}年" if years else "") + (f"{months}个月" if months or not years else "")
    return f"{words}({term}){basis}"


def _yes_no(told: bool | None) -> Value:
    return None if told is None else "是" if told else "否"


def _joined(words: Sequence[str] | None) -> Value:
    """Several words in one cell; 无 where the record says that there is none."""
    return None if words is None else "、".join(words) or _NOTHING


def _certificate(record: ChildRecord) -> Value:
    if record.disability_cert is None:
        return _NO_CERTIFICATE if record.disability_kind else None
    return record.disability_cert + (f"B{record.cert_reissued}" if record.cert_reissued is not None else "")


def _given(record: ChildRecord) -> Value:
    return record.device_given_on.isoformat() if record.device_given_on else _yes_no(record.device_given)


def _day(told: date | None) -> Value:
    return None if told is None else told.isoformat()


_COLUMNS = (
    _Column("姓名", "", 9, lambda item, _: item.name),
    _Column("性别", "", 5, lambda item, _: str(item.sex)),
    _Column("身份证号", "", 20, lambda item, _: item.id_number or _NOT_REGISTERED),
    _Column("出生日期", "", 11, lambda item, _: item.birth_text or None),
    _Column("民族", "", 7, lambda item, _: item.ethnicity),
    _Column(
        "户籍地", "乡镇", 12, lambda item, tree: _township(item.hukou, item.hukou_text, tree), merged=True
    ),
    _Column("户籍地", "村", 14, lambda item, tree: _village(item.hukou, tree)),
    _Column("户籍地", "组", 6, lambda item, _: item.hukou_group),
    _Column(
        "现居住地",
        "乡镇",
        12,
        lambda item, tree: _township(item.residence, item.residence_text, tree),
        merged=True,
    ),
    _Column("现居住地", "村", 14, lambda item, tree: _village(item.residence, tree)),
    _Column("现居住地", "组", 6, lambda item, _: item.residence_group),
    _Column("困境类型", "", 14, lambda item, _: "、".join(item.categories)),
    _Column("父亲状况", "", 12, lambda item, _: _parent(item.father)),
    _Column("母亲状况", "", 12, lambda item, _: _parent(item.mother)),
    _Column("困难情形", "", 12, lambda item, _: _joined(item.difficulties)),
    _Column("临时困境", "起始日期", 11, lambda item, _: _day(item.temporary_from)),
    _Column("临时困境", "复核日期", 11, lambda item, _: _day(item.temporary_review)),
    _Column("监护人", "姓名", 9, lambda item, _: item.guardian),
    _Column("监护人", "关系", 6, lambda item, _: item.guardian_relation),
    _Column("监护人", "电话", 13, lambda item, _: "、".join(item.phones) or None),
    _Column("监护人", "身份证号", 20, lambda item, _: item.guardian_id),
    _Column("安置方式", "", 12, lambda item, _: item.placement.label if item.placement else None),
    _Column("残疾情况", "残疾证号", 22, lambda item, _: _certificate(item)),
    _Column("残疾情况", "类别", 6, lambda item, _: item.disability_kind and str(item.disability_kind)),
    _Column(
        "残疾情况", "等级", 6, lambda item, _: item.disability_grade and _GRADES[item.disability_grade - 1]
    ),
    _Column("就学情况", "学校", 18, lambda item, _: item.school),
    _Column("就学情况", "年级", 8, lambda item, _: item.school_year),
    _Column("就学情况", "就学状况", 8, lambda item, _: item.school_status and str(item.school_status)),
    _Column("风险等级", "", 6, lambda item, _: item.grade and str(item.grade)),
    _Column("辅具需求", "", 6, lambda item, _: _yes_no(item.device_need)),
    _Column("康复需求", "", 6, lambda item, _: _yes_no(item.rehab_need)),
    _Column("已配", "", 11, lambda item, _: _given(item)),
    _Column("享受待遇", "", 16, lambda item, _: _joined(_benefits(item))),
    _Column(
        "月标准(元)", "", 9, lambda item, _: None if item.amount_month is None else float(item.amount_month)
    ),
    _Column("低收入家庭", "", 6, lambda item, _: _yes_no(item.low_income)),
    _Column("建档立卡", "", 6, lambda item, _: _yes_no(item.registered_poor)),
    _Column("健康状况", "", 12, lambda item, _: item.health),
    _Column("住房", "", 9, lambda item, _: item.housing),
    _Column("坐标", "经度", 11, lambda item, _: item.lon),
    _Column("坐标", "纬度", 11, lambda item, _: item.lat),
    _Column("坐标", "坐标系", 10, lambda item, _: None if item.lon is None else _CRS),
    _Column("民政协理员", "", 9, lambda item, _: item.assistant),
    _Column("包村干部", "", 9, lambda item, _: item.village_cadre),
    _Column("包联领导", "", 9, lambda item, _: item.leader, merged=True),
    _Column("备注", "", 20, lambda item, _: item.remark),
)


def _benefits(record: ChildRecord) -> list[str] | None:
    return None if record.benefits is None else [item.label for item in record.benefits]
