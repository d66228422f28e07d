"""包联责任表 in its conventional layout: A4 landscape, merged downwards, 空缺 in red, day, issuer and page below.

To the right of the printed columns stand those that the layout has no room for, so that the sheet read again by
`planner import cadres` gives the same duties.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from xlsxwriter.workbook import Workbook

from planner.documents.pdf import pdf_bytes
from planner.documents.stamp import Stamp
from planner.documents.workbook import book_options, cell_text
from planner.model.rosters import Duty
from planner.model.sheet_text import is_formula_like

VACANT = "空缺"
_RED, _RULE, _PAPER = "#C00000", "#808080", "#E8EEF2"
_TITLE_ROWS, _HEADER_ROWS = 2, 2
_A4 = 9


@dataclass(frozen=True)
class DutyRow:
    """One line of the table: the duties are None where the post is vacant; a township may have no village, a village
    no 组. `leader_of`, `chief_of` number the cadres of one area, so that each has cells of their own."""

    township: str
    township_name: str
    leader: Duty | None
    leader_of: int = 0
    village: str = ""
    village_name: str = ""
    chief: Duty | None = None
    chief_of: int = 0
    group: str = ""
    clerk: Duty | None = None
    assistants: str = ""
    children: str = ""
    remark: str = ""


@dataclass(frozen=True)
class _Column:
    upper: str
    lower: str
    width: float
    text: Callable[[DutyRow], str]
    key: Callable[[DutyRow], Any] | None = None  # rows of one key are merged


def _of_township(row: DutyRow) -> Any:
    return row.township


def _of_leader(row: DutyRow) -> Any:
    return row.township, row.leader_of


def _of_village(row: DutyRow) -> Any:
    return (row.township, row.village) if row.village else None


def _of_chief(row: DutyRow) -> Any:
    return (row.village, row.chief_of) if row.village else None


def _phones(duty: Duty | None) -> str:
    return "、".join(duty.phones) if duty else ""


def _since(duty: Duty | None) -> str:
    if duty is None:
        return ""
    return duty.since.isoformat() if duty.since else (duty.since_month or "")


def _name(duty: Duty | None) -> str:
    return duty.cadre if duty else VACANT


_LEADER, _CHIEF, _CLERK = "县级包乡领导", "部门包村干部", "乡镇包组干部"
_PRINTED = (
    _Column("乡镇", "", 11, lambda row: row.township_name, _of_township),
    _Column(_LEADER, "姓名", 9, lambda row: _name(row.leader), _of_leader),
    _Column(_LEADER, "职务", 13, lambda row: (row.leader and row.leader.title) or "", _of_leader),
    _Column(_LEADER, "电话", 13, lambda row: _phones(row.leader), _of_leader),
    _Column("村", "", 15, lambda row: row.village_name, _of_village),
    _Column(_CHIEF, "部门", 12, lambda row: (row.chief and row.chief.department) or "", _of_chief),
    _Column(_CHIEF, "姓名", 9, lambda row: _name(row.chief) if row.village else "", _of_chief),
    _Column(_CHIEF, "电话", 13, lambda row: _phones(row.chief), _of_chief),
    _Column("组", "", 9, lambda row: row.group),
    _Column(_CLERK, "", 12, lambda row: _name(row.clerk) if row.group else ""),
    _Column("民政协理员", "", 11, lambda row: row.assistants or VACANT if row.village else "", _of_village),
    _Column("困境儿童数(高/中/低)", "", 11, lambda row: row.children, _of_village),
    _Column("备注", "", 10, lambda row: row.remark),
)
_BESIDE = (
    _Column(_LEADER, "起始日期", 12, lambda row: _since(row.leader), _of_leader),
    _Column(_CHIEF, "职务", 10, lambda row: (row.chief and row.chief.title) or "", _of_chief),
    _Column(_CHIEF, "起始日期", 12, lambda row: _since(row.chief), _of_chief),
    _Column(_CLERK, "职务", 10, lambda row: (row.clerk and row.clerk.title) or ""),
    _Column(_CLERK, "电话", 13, lambda row: _phones(row.clerk)),
    _Column(_CLERK, "起始日期", 12, lambda row: _since(row.clerk)),
)
_COLUMNS = (*_PRINTED, *_BESIDE)


def duty_table(rows: Sequence[DutyRow], *, title: str, issuer: str, stamp: Stamp) -> bytes:
    """The table as an xlsx workbook of one sheet. The same rows and stamp give the same bytes."""
    buffer = io.BytesIO()
    with Workbook(buffer, book_options()) as book:
        book.set_properties({"title": title, "created": stamp.made_at})
        sheet = book.add_worksheet("包联责任表")
        styles = _styles(book)
        last = len(_PRINTED)  # the number of the line comes first
        sheet.merge_range(0, 0, 0, last, cell_text(title), styles["title"])
        sheet.merge_range(1, 0, 1, last, "", styles["line"])
        sheet.write_string(
            1, 0, cell_text(f"{stamp.as_of_text}  编制单位:{issuer}  {stamp.notice}"), styles["line"]
        )
        _write_header(sheet, styles)
        top = _TITLE_ROWS + _HEADER_ROWS
        for at in range(len(rows)):
            sheet.write_number(top + at, 0, at + 1, styles["number"])
        for number, column in enumerate(_COLUMNS, start=1):
            _write_column(sheet, number, column, rows, styles)
        sheet.freeze_panes(top, 0)
        _set_page(sheet, last, top + len(rows), issuer, stamp)
    return buffer.getvalue()


def duty_table_pdf(rows: Sequence[DutyRow], *, title: str, issuer: str, stamp: Stamp) -> bytes:
    """The printed columns of the table as PDF; what a merged cell says stands on each page that it runs over.

    Raises InputError where no Chinese font is found.
    """
    return pdf_bytes("duty_table", table_data(rows, title=title, issuer=issuer, stamp=stamp))


def table_data(rows: Sequence[DutyRow], *, title: str, issuer: str, stamp: Stamp) -> dict[str, Any]:
    """What the template of the table is filled with."""
    head = [
        {"text": upper, "wide": 1 if single else len(list(group)), "lower": not single}
        for (upper, single), group in groupby(_PRINTED, key=lambda item: (item.upper, not item.lower))
    ]
    return {
        **page_data(title, issuer, stamp),
        "widths": [5, *(column.width for column in _PRINTED)],
        "head": [{"text": "序号", "wide": 1, "lower": False}, *head],
        "lower": [column.lower for column in _PRINTED if column.lower],
        "lines": len(rows),
        "columns": [list(_cells(column, rows)) for column in _PRINTED],
    }


def page_data(title: str, issuer: str, stamp: Stamp) -> dict[str, Any]:
    """What every page of the PDFs of the duties says."""
    return {
        "title": title,
        "issuer": issuer,
        "as_of": stamp.as_of_text,
        "notice": stamp.notice,
        "serial": stamp.serial,
        "vacant": VACANT,
    }


def _styles(book: Workbook) -> dict[str, Any]:
    cell = {"border": 1, "border_color": _RULE, "text_wrap": True, "num_format": "@", "align": "center"}
    return {
        "title": book.add_format({"bold": True, "font_size": 16, "align": "center"}),
        "line": book.add_format({"align": "right"}),
        "header": book.add_format({**cell, "bold": True, "bg_color": _PAPER}),
        "text": book.add_format(cell),
        "guarded": book.add_format({**cell, "quote_prefix": True}),
        "vacant": book.add_format({**cell, "font_color": _RED, "bold": True}),
        "number": book.add_format({**cell, "num_format": "0"}),
    }


def _write_header(sheet: Any, styles: dict[str, Any]) -> None:
    top = _TITLE_ROWS
    sheet.set_column(0, 0, 5)
    sheet.merge_range(top, 0, top + 1, 0, "序号", styles["header"])
    at = 1
    for (upper, single), group in groupby(_COLUMNS, key=lambda item: (item.upper, not item.lower)):
        columns = list(group)
        if single:
            sheet.merge_range(top, at, top + 1, at, upper, styles["header"])
        elif len(columns) == 1:
            sheet.write_string(top, at, upper, styles["header"])
        else:
            sheet.merge_range(top, at, top, at + len(columns) - 1, upper, styles["header"])
        for offset, column in enumerate(columns):
            if not single:
                sheet.write_string(top + 1, at + offset, column.lower, styles["header"])
            sheet.set_column(at + offset, at + offset, column.width)
        at += len(columns)


def _write_column(
    sheet: Any, number: int, column: _Column, rows: Sequence[DutyRow], styles: dict[str, Any]
) -> None:
    top = _TITLE_ROWS + _HEADER_ROWS
    for at, length, text in _cells(column, rows):
        row, text = top + at, cell_text(text)
        style = styles["vacant" if text == VACANT else "guarded" if is_formula_like(text) else "text"]
        if length > 1:
            sheet.merge_range(row, number, row + length - 1, number, "", style)
        sheet.write_string(row, number, text, style)


def _cells(column: _Column, rows: Sequence[DutyRow]) -> Iterator[tuple[int, int, str]]:
    """The cells of a column: at which line, over how many lines, and the text."""
    at = 0
    for _, group in groupby(enumerate(rows), key=lambda item: _merged_by(column, *item)):
        lines = [line for _, line in group]
        yield at, len(lines), column.text(lines[0])
        at += len(lines)


def _merged_by(column: _Column, at: int, row: DutyRow) -> Any:
    key = column.key(row) if column.key else None
    return (at,) if key is None else (None, key)


def _set_page(sheet: Any, last_column: int, end: int, issuer: str, stamp: Stamp) -> None:
    sheet.set_paper(_A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.print_area(0, 0, max(end - 1, 0), last_column)
    sheet.repeat_rows(_TITLE_ROWS, _TITLE_ROWS + _HEADER_ROWS - 1)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.7)
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    words = issuer.replace("&", "&&")[:60]
    sheet.set_footer(f"&L{stamp.as_of_text}&C编制单位:{words}&R第 &P 页 共 &N 页")
