"""Pages of one sheet, a block on each: of a cadre, of the vacancies, of a hand-over; A4 landscape."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from xlsxwriter.workbook import Workbook

from planner.documents.duty_table import VACANT, page_data
from planner.documents.pdf import pdf_bytes
from planner.documents.stamp import Stamp
from planner.documents.workbook import book_options, cell_text
from planner.model.sheet_text import is_formula_like

_RED, _RULE, _PAPER = "#C00000", "#808080", "#E8EEF2"
_A4 = 9
_SCALE = 85
_BREAKS_AT_MOST = 1023  # of a sheet
_WIDTHS = (34, 18, 24, 26, 18, 18)


@dataclass(frozen=True)
class Block:
    """What stands on one page (or more, where it is long): a heading, a line below it, and a table of texts."""

    heading: str
    line: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


def duty_pages(blocks: Iterable[Block], *, issuer: str, stamp: Stamp) -> bytes:
    """The blocks as an xlsx workbook of one sheet, each beginning a page. The same blocks give the same bytes."""
    buffer = io.BytesIO()
    with Workbook(buffer, book_options()) as book:
        book.set_properties({"title": stamp.title, "created": stamp.made_at})
        sheet = book.add_worksheet(stamp.title[:31])
        cell = {"border": 1, "border_color": _RULE, "text_wrap": True, "num_format": "@"}
        styles = {
            "heading": book.add_format({"bold": True, "font_size": 14}),
            "line": book.add_format({}),
            "header": book.add_format({**cell, "bold": True, "bg_color": _PAPER, "align": "center"}),
            "text": book.add_format(cell),
            "guarded": book.add_format({**cell, "quote_prefix": True}),
            "vacant": book.add_format({**cell, "font_color": _RED, "bold": True}),
        }
        for column, width in enumerate(_WIDTHS):
            sheet.set_column(column, column, width)
        row, breaks = 0, []
        for block in blocks:
            if row:
                breaks.append(row)
            row = _write(sheet, row, block, styles)
        sheet.set_h_pagebreaks(breaks[:_BREAKS_AT_MOST])
        _set_page(sheet, issuer, stamp)
    return buffer.getvalue()


def duty_pages_pdf(blocks: Iterable[Block], *, issuer: str, stamp: Stamp) -> bytes:
    """The blocks as PDF, each beginning a page. Raises InputError where no Chinese font is found."""
    told = [
        {
            "heading": item.heading,
            "line": item.line,
            "columns": list(item.columns),
            "rows": list(map(list, item.rows)),
        }
        for item in blocks
    ]
    return pdf_bytes("duty_pages", {**page_data(stamp.title, issuer, stamp), "blocks": told})


def _write(sheet: Any, row: int, block: Block, styles: dict[str, Any]) -> int:
    sheet.set_row(row, 26)
    sheet.write_string(row, 0, cell_text(block.heading), styles["heading"])
    sheet.write_string(row + 1, 0, cell_text(block.line), styles["line"])
    for column, title in enumerate(block.columns):
        sheet.write_string(row + 2, column, title, styles["header"])
    for at, texts in enumerate(block.rows, start=row + 3):
        for column, text in enumerate(texts):
            style = "vacant" if text == VACANT else "guarded" if is_formula_like(text) else "text"
            sheet.write_string(at, column, cell_text(text), styles[style])
    return row + 4 + len(block.rows)


def _set_page(sheet: Any, issuer: str, stamp: Stamp) -> None:
    def words(text: str) -> str:
        return text.replace("&", "&&")[:60]

    sheet.set_paper(_A4)
    sheet.set_landscape()
    sheet.set_print_scale(_SCALE)  # "fit to pages" would ignore the breaks between the blocks
    sheet.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.8)
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    sheet.set_header(f"&L{words(stamp.title)}&R{words(stamp.notice)}")
    sheet.set_footer(f"&L{stamp.as_of_text}&C编制单位:{words(issuer)}&R{stamp.serial} 第 &P 页 共 &N 页")
