"""The workbook people open, filter and print: a sheet 说明, then a sheet for each layer and table."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from math import ceil, isfinite
from typing import Any

import pandas as pd
from xlsxwriter.workbook import Workbook

from planner.documents.cells import Plain, columns_of, text_of
from planner.documents.stamp import Line, Stamp, dash_with_reason, explanation
from planner.errors import InputError
from planner.model.layers import Layer
from planner.model.sheet_text import is_formula_like
from planner.plugin import Result

COVER = "说明"
_MAX_ROWS = 1_048_574  # below the watermark and the header
_MAX_TEXT = 32_767
_MAX_SHEET_NAME = 31
_MAX_PAGE_TEXT = 100  # the whole line may have 255
_EXACT_INTEGER = 10**15  # beyond it a spreadsheet drops digits
_FIRST_YEAR = 1900
_A4 = 9
_NARROWEST, _WIDEST = 6, 48
_COVER_WIDTHS = (30, 26, 8, 76)
# Sections that are text across the page, and what stands between a line's name and its text.
_NOTES = {"说明": ". ", "使用": ":"}
_MOST_ACROSS = 260  # characters of a row on a page that can still be read
_LINE_HEIGHT = 16
_INK, _PAPER, _RULE = "#1F3A4D", "#E8EEF2", "#B8C4CC"


@dataclass(frozen=True)
class Styles:
    """The cell formats of one workbook."""

    title: Any
    day_line: Any
    banner: Any
    section: Any
    header: Any
    text: Any
    guarded: Any
    note: Any
    whole: Any
    decimal: Any
    day: Any
    moment: Any


def xlsx_bytes(result: Result, makes: Sequence[Layer], stamp: Stamp) -> bytes:
    """The result as an xlsx workbook, A4 landscape, the serial and 内部工作用图 不得公开 on every page.

    With a watermark every page and a cell on every sheet hold it.

    Columns have Chinese titles with units; numbers stay numbers, dates dates, and all text stays text: no
    cell is ever a formula or a link. The same result and stamp give the same bytes. Raises InputError where
    a table has more rows than a sheet holds.
    """
    made = {layer.name: layer for layer in makes}
    frames = {**result.layers, **result.tables}
    buffer = io.BytesIO()
    with Workbook(buffer, book_options()) as book:
        book.set_properties(
            {
                "title": stamp.title,
                "subject": stamp.as_of_text,
                "comments": f"{stamp.notice} {stamp.serial}",
                "created": stamp.made_at,
            }
        )
        styles = _styles(book)
        _write_cover(book.add_worksheet(COVER), styles, list(explanation(result, made, stamp)), stamp)
        names = _sheet_names(made[name].title for name in frames)
        for (name, frame), sheet_name in zip(frames.items(), names, strict=True):
            _write_sheet(book.add_worksheet(sheet_name), styles, made[name], frame, stamp)
    return buffer.getvalue()


def book_options() -> dict[str, Any]:
    """How every workbook is set up: our font, and no text that turns into a formula, a link or a number."""
    font = {"font_name": "微软雅黑", "font_size": 10, "valign": "vcenter"}
    return {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_format_properties": font,
    }


def _styles(book: Workbook) -> Styles:
    cell = {"border": 1, "border_color": _RULE}
    text = {**cell, "num_format": "@", "align": "left"}
    return Styles(
        title=book.add_format({"bold": True, "font_size": 16, "font_color": _INK}),
        day_line=book.add_format({"font_color": _INK}),
        banner=book.add_format({"bold": True, "border": 2, "align": "center"}),
        section=book.add_format({"bold": True, "font_color": _INK, "bottom": 2, "bottom_color": _INK}),
        header=book.add_format(
            {**cell, "bold": True, "bg_color": _PAPER, "font_color": _INK, "text_wrap": True}
        ),
        text=book.add_format({**text, "text_wrap": True}),
        # The quote prefix keeps a text a text even when somebody edits the cell.
        guarded=book.add_format({**text, "text_wrap": True, "quote_prefix": True}),
        note=book.add_format({**text, "text_wrap": True, "valign": "top"}),
        whole=book.add_format({**cell, "num_format": "0"}),
        decimal=book.add_format({**cell, "num_format": "0.0"}),
        day=book.add_format({**cell, "num_format": "yyyy-mm-dd", "align": "left"}),
        moment=book.add_format({**cell, "num_format": "yyyy-mm-dd hh:mm:ss", "align": "left"}),
    )


def _write_cover(sheet: Any, styles: Styles, lines: list[Line], stamp: Stamp) -> None:
    last = len(_COVER_WIDTHS) - 1
    for column, width in enumerate(_COVER_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.set_row(0, 30)
    sheet.write_string(0, 0, cell_text(stamp.title), styles.title)
    sheet.write_string(1, 0, cell_text(f"{stamp.as_of_text}  {stamp.mark_text}"), styles.day_line)
    sheet.merge_range(2, 0, 2, last, "", styles.banner)
    sheet.write_string(2, 0, stamp.notice, styles.banner)
    row = 4
    for section, group in groupby(lines, key=lambda line: line.section):
        for column in range(last + 1):
            sheet.write_string(row, column, section if column == 0 else "", styles.section)
        row += 1
        for line in group:
            if section in _NOTES:
                _write_note(sheet, row, f"{line.name}{_NOTES[section]}{text_of(line.value)}", styles)
            else:
                decimal = isinstance(line.value, float) and isfinite(line.value) and line.value % 1 != 0
                values: tuple[Plain, ...] = (line.name, line.value, line.unit, line.remark)
                for column, value in enumerate(values):
                    _write_cell(
                        sheet, row, column, value, styles, styles.decimal if decimal else styles.whole
                    )
            row += 1
        row += 1
    _set_page(sheet, stamp)


def _write_note(sheet: Any, row: int, note: str, styles: Styles) -> None:
    """A note across the page; a merged row does not grow by itself, so its height is reckoned."""
    sheet.merge_range(row, 0, row, len(_COVER_WIDTHS) - 1, "", styles.note)
    sheet.write_string(row, 0, cell_text(note), styles.note)
    lines = sum(max(1, ceil(_display_width(part) / sum(_COVER_WIDTHS))) for part in note.split("\n"))
    sheet.set_row(row, min(_LINE_HEIGHT * lines, 400))


def _write_sheet(sheet: Any, styles: Styles, layer: Layer, frame: pd.DataFrame, stamp: Stamp) -> None:
    if len(frame) > _MAX_ROWS:
        raise InputError(
            f"“{layer.title}”有{len(frame)}行,一张工作表最多{_MAX_ROWS}行", "请缩小范围,或导出 GeoPackage"
        )
    top = 0
    if stamp.mark is not None:
        sheet.write_string(0, 0, cell_text(f"{stamp.mark_text}  {stamp.notice}"), styles.day_line)
        top = 1
    columns = _with_reasons(columns_of(layer, frame))
    across = 0
    for column, (name, values) in enumerate(columns.items()):
        title = layer.title_of(name)
        sheet.write_string(top, column, cell_text(title), styles.header)
        fractions = [value for value in values if isinstance(value, float) and isfinite(value) and value % 1]
        for row, value in enumerate(values, start=top + 1):
            _write_cell(sheet, row, column, value, styles, styles.decimal if fractions else styles.whole)
        # The filter's arrow takes two characters of the title.
        widest = max([_display_width(title) + 2, *(_display_width(_shown(value)) for value in values)])
        width = min(max(widest + 1, _NARROWEST), _WIDEST)
        sheet.set_column(column, column, width)
        across += width
    last_row, last_column = top + max(len(frame), 1), max(len(columns) - 1, 0)
    sheet.freeze_panes(top + 1, 0)
    sheet.autofilter(top, 0, last_row, last_column)
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{last_row + 1}"})
    sheet.repeat_rows(0, top)
    pages = ceil(across / _MOST_ACROSS)
    if pages > 1:
        sheet.repeat_columns(0)
    _set_page(sheet, stamp, pages=max(pages, 1))


def _with_reasons(columns: dict[str, list[Plain]]) -> dict[str, list[Plain]]:
    """The columns as a reader wants them: a null says why, e.g. —(没有儿童), in place of a column of reasons."""
    pairs = {name: f"{name}_reason" for name in columns if f"{name}_reason" in columns}
    folded = {name: values for name, values in columns.items() if name not in pairs.values()}
    for name, reasons in pairs.items():
        folded[name] = [
            dash_with_reason(reason) if value is None and isinstance(reason, str) else value
            for value, reason in zip(columns[name], columns[reasons], strict=True)
        ]
    return folded


def _write_cell(sheet: Any, row: int, column: int, value: Plain, styles: Styles, number: Any) -> None:
    """Write by the type of the value, never by what a text looks like."""
    if value is None:
        sheet.write_blank(row, column, None, styles.text)
    elif isinstance(value, int | float) and not isinstance(value, bool) and _is_exact(value):
        sheet.write_number(row, column, value, number)
    elif isinstance(value, date) and value.year >= _FIRST_YEAR:
        sheet.write_datetime(row, column, value, styles.moment if isinstance(value, datetime) else styles.day)
    else:
        text = cell_text(text_of(value))
        sheet.write_string(row, column, text, styles.guarded if is_formula_like(text) else styles.text)


def _is_exact(value: float) -> bool:
    return abs(value) < _EXACT_INTEGER if isinstance(value, int) else isfinite(value)


def cell_text(text: str) -> str:
    """The text as far as a cell holds it."""
    return text if len(text) <= _MAX_TEXT else text[: _MAX_TEXT - 1] + "…"


def _shown(value: Plain) -> str:
    """About what the cell shows: a fraction to one decimal, a text by its widest line."""
    if isinstance(value, float) and isfinite(value):
        return f"{value:.1f}"
    return max(text_of(value).split("\n"), key=_display_width)


def _display_width(text: str) -> int:
    """Columns the text takes on screen: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in text)


def _sheet_names(titles: Iterable[str]) -> list[str]:
    """A sheet name for each title: no forbidden character, at most 31 long, no two alike."""
    used = {COVER, "history"}
    names = []
    for title in titles:
        base = re.sub(r"[\[\]:*?/\\\x00-\x1f]+", " ", title).strip(" '") or "表"
        name = base[:_MAX_SHEET_NAME].rstrip(" '")
        number = 1
        while name.lower() in used:
            number += 1
            name = f"{base[: _MAX_SHEET_NAME - 4]}-{number}"
        used.add(name.lower())
        names.append(name)
    return names


def _set_page(sheet: Any, stamp: Stamp, *, pages: int = 1) -> None:
    """Paper, margins, header and footer; a sheet is shrunk to as many pages across."""

    def text(words: str) -> str:
        return words[:_MAX_PAGE_TEXT].replace("&", "&&")

    sheet.set_paper(_A4)
    sheet.set_landscape()
    sheet.fit_to_pages(pages, 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.8)
    sheet.set_header(f"&L{text(stamp.title[:60])}&R{text(stamp.notice)}")
    sheet.set_footer(f"&L{text(stamp.mark_text[:90])}&C第 &P 页 共 &N 页&R{stamp.as_of_text}")
