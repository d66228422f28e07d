"""A 困境儿童台账 as a county or a township hands it in: the sample file of users, demo and benchmarks.

The layout is the usual one: a title, 填报单位 and 填报日期, a header of two rows, township cells merged downwards,
a 合计 row, a line to sign on. Reading it back gives the records again where their areas are in full names.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

import networkx as nx
from xlsxwriter.workbook import Workbook

from planner.demo.days import DATA_DAY
from planner.demo.sites import MARK
from planner.documents.child_columns import COLUMNS, Column, Value
from planner.model.children import ChildRecord
from planner.model.divisions import Level, full_name, level_of
from planner.model.sheet_text import writable

_OFFICES = {Level.COUNTY: "民政局", Level.TOWNSHIP: "民政办"}
_SIGNATURES = "审核人:                    填表人:                    联系电话:"
_FIRST_ROW = 4
_A3 = 8


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
    last = len(COLUMNS)
    place = full_name(tree, area)
    sheet.merge_range(0, 0, 0, last, f"{place}困境儿童台账{MARK}", styles.title)
    sheet.merge_range(1, 0, 1, last // 2, f"填报单位(盖章):{place}{_OFFICES[level_of(area)]}", styles.line)
    day = f"填报日期:{as_of.year}年{as_of.month}月{as_of.day}日"
    sheet.merge_range(1, last // 2 + 1, 1, last, day, styles.line)
    _write_header(sheet, styles)
    for number in range(1, len(records) + 1):
        sheet.write_number(_FIRST_ROW + number - 1, 0, number, styles.serial)
    for index, column in enumerate(COLUMNS, start=1):
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
    for upper, group in groupby(COLUMNS, key=lambda column: column.upper):
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


def _write_column(sheet: Any, styles: _Styles, index: int, column: Column, values: Sequence[Value]) -> None:
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
            sheet.write_number(row, index, value, styles.degrees if column.is_degrees else styles.number)
        row += length
