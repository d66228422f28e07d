"""回执: the very file that was sent, with one more column that says what became of each row, and coloured rows.

Nothing in it is ever a formula: what was one becomes the value saved with it, or its own text, and text that
a spreadsheet could take for one is marked as text.
"""

from __future__ import annotations

import io
import math
import os
import warnings
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width

import openpyxl
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.cell.cell import MergedCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from planner.errors import InputError, last_part
from planner.ledger.grids import digest_of, read_content, read_csv
from planner.ledger.outcomes import CheckedRows, Outcome, RowOutcome, SheetShape
from planner.ledger.uploads import Paper
from planner.ledger.workbooks import refuse_unsafe_workbook
from planner.model.sheet_text import is_formula_like, writable

HEADING, TRIAL_HEADING = "导入结果", "核对结果"
_WORDS = {
    Outcome.ACCEPT: "已导入",
    Outcome.WARN: "已导入,请核对",
    Outcome.REJECT: "未导入",
    Outcome.SKIP: "不导入",
}
_TRIAL_WORDS = {
    Outcome.ACCEPT: "可以导入",
    Outcome.WARN: "可以导入,请核对",
    Outcome.REJECT: "不能导入",
    Outcome.SKIP: "不导入",
}
_FILLS = {
    Outcome.WARN: PatternFill("solid", fgColor="FFF2CC"),
    Outcome.REJECT: PatternFill("solid", fgColor="F8CBAD"),
    Outcome.SKIP: PatternFill("solid", fgColor="E7E6E6"),
}
_LINE = Side(style="thin", color="B8C4CC")
_WIDTH = 60
_LINE_HEIGHT = 16.5  # points, of Chinese in the usual size
_HIGHEST = 409.0  # what a spreadsheet allows
_MOST_TEXT = 32_767
_MOST_BEYOND = 50  # a title merged over whole rows does not move the column out of sight


def write_feedback(
    path_in: Paper, checked: CheckedRows[Any], path_out: Path, *, written: bool = True
) -> None:
    """Write `feedback` to `path_out` (xlsx); the file appears whole or not at all. Raises InputError."""
    content = feedback(path_in, checked, written=written)
    # Beside the target first, so that nobody ever sees half a file.
    unfinished = path_out.with_name(f".{path_out.name}.{os.getpid()}.part")
    try:
        unfinished.write_bytes(content)
        unfinished.replace(path_out)
    except OSError as error:
        raise InputError(f"不能写文件“{last_part(path_out)}”", "请检查文件夹和写入权限") from error
    finally:
        unfinished.unlink(missing_ok=True)


def feedback(path_in: Paper, checked: CheckedRows[Any], *, written: bool = True) -> bytes:
    """The file of `path_in`, as it was read into `checked`, with its messages, as a workbook (xlsx).

    Formats, widths, merged cells and hidden rows of a workbook are kept; a CSV becomes a workbook of texts.
    `written` False says what would become of the rows. Raises InputError where `path_in` is not the file that
    was checked.
    """
    if any(shape.header_rows[0] < 1 for shape in checked.sheets):
        raise InputError("地理数据文件没有回执", "请导入 xlsx 或 CSV 文件")
    content, name = read_content(path_in), checked.file
    if digest_of(content) != checked.sha256:
        raise InputError(f"文件“{name}”不是核对时的那一个", "请重新导入,再写回执")
    if content.startswith(b"PK\x03\x04"):
        refuse_unsafe_workbook(content, name)
        book = _open(content, name)
    else:
        book = _book_of_csv(content, name)
    saved = _open(content, name, saved_values=True) if _has_formulas(book) else None
    by_sheet: dict[str | None, list[RowOutcome[Any]]] = {}
    for row in checked.rows:
        by_sheet.setdefault(row.sheet, []).append(row)
    for shape in checked.sheets:
        sheet = book.worksheets[0] if shape.sheet is None else book[shape.sheet]
        _annotate(sheet, shape, by_sheet.get(shape.sheet, []), written=written)
    for sheet in book.worksheets:
        _disarm(sheet, saved[sheet.title] if saved is not None and sheet.title in saved.sheetnames else None)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _open(content: bytes, name: str, *, saved_values: bool = False) -> Workbook:
    """The workbook with its formulas, or with the values saved with them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions that hold no data
        try:
            return openpyxl.load_workbook(io.BytesIO(content), keep_links=False, data_only=saved_values)
        except Exception as error:  # a damaged file makes the parsers raise almost anything
            raise InputError(
                f"文件“{name}”已损坏,或不是 xlsx 工作簿", "请用 Excel 或 WPS 另存为 xlsx"
            ) from error


def _book_of_csv(content: bytes, name: str) -> Workbook:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "台账"
    for number, cells in read_csv(content, name).rows.items():
        for column, words in enumerate(cells, start=1):
            if words not in (None, ""):
                _write_text(sheet.cell(number, column), str(words))
    return book


def _annotate(sheet: Worksheet, shape: SheetShape, rows: list[RowOutcome[Any]], *, written: bool) -> None:
    words = _WORDS if written else _TRIAL_WORDS
    column = _free_column(sheet, shape)
    heading = sheet.cell(shape.header_rows[0], column)
    _write_text(heading, HEADING if written else TRIAL_HEADING)
    heading.font = Font(bold=True)
    heading.alignment = Alignment(horizontal="center", vertical="center")
    heading.border = Border(_LINE, _LINE, _LINE, _LINE)
    sheet.column_dimensions[get_column_letter(column)].width = _WIDTH
    for row in rows:
        cell = sheet.cell(row.row, column)
        _write_text(cell, "\n".join([words[row.outcome], *row.messages])[:_MOST_TEXT])
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.border = Border(_LINE, _LINE, _LINE, _LINE)
        _make_room(sheet, row.row, str(cell.value))
        if (fill := _FILLS.get(row.outcome)) is not None:
            for at in range(1, column + 1):
                sheet.cell(row.row, at).fill = fill


def _make_room(sheet: Worksheet, row: int, words: str) -> None:
    """Heighten a row to show all of `words`: not every program does so by itself."""
    wide = (sum(2 if east_asian_width(sign) in "WFA" else 1 for sign in line) for line in words.split("\n"))
    lines = sum(max(1, math.ceil(width / (_WIDTH - 2))) for width in wide)
    height = sheet.row_dimensions[row].height or _LINE_HEIGHT
    sheet.row_dimensions[row].height = min(max(height, lines * _LINE_HEIGHT), _HIGHEST)


def _free_column(sheet: Worksheet, shape: SheetShape) -> int:
    """The first column right of the table and of the titles merged over it."""
    merged = [
        part.max_col for part in sheet.merged_cells.ranges if part.max_col <= shape.width + _MOST_BEYOND
    ]
    return max([shape.width, *merged]) + 1


def _write_text(cell: SheetCell | MergedCell, words: str) -> None:
    """Set a cell to a text that stays one."""
    if isinstance(cell, MergedCell):
        raise InputError("结果列与合并单元格重叠", "请取消表格右侧的合并单元格后重新导入")
    words = writable(words)
    cell.value = words
    cell.data_type = "s"
    cell.number_format = "@"
    if is_formula_like(words):
        cell.quotePrefix = True


def _has_formulas(book: Workbook) -> bool:
    return any(
        cell.data_type == "f" for sheet in book.worksheets for row in sheet.iter_rows() for cell in row
    )


def _disarm(sheet: Worksheet, saved: Worksheet | None) -> None:
    """Turn formulas into the values saved with them, or into their text, and mark formula-like text."""
    for cells in sheet.iter_rows():
        for cell in cells:
            if isinstance(cell, MergedCell) or cell.value is None:
                continue
            if cell.data_type == "f":
                value = saved.cell(cell.row, cell.column).value if saved is not None else None
                if value is None or isinstance(value, str):
                    words = value if value is not None else str(getattr(cell.value, "text", cell.value))
                    number_format = cell.number_format
                    _write_text(cell, str(words))
                    cell.number_format = number_format
                else:
                    cell.value = value
            elif cell.data_type == "s" and isinstance(cell.value, str) and is_formula_like(cell.value):
                cell.quotePrefix = True
