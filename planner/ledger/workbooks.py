"""xlsx workbooks: refused before parsing where unsafe, then read as plain values.

Limits follow the upload rule: at most 2 000 parts, 200 MB unpacked, 100 times the packed size; no macro,
no document type declaration, no link to other files.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Mapping
from datetime import datetime
from stat import S_ISLNK
from typing import Any
from xml.parsers import expat

import openpyxl
from openpyxl.utils import range_boundaries
from openpyxl.utils.datetime import CALENDAR_MAC_1904, from_excel

from planner.errors import InputError
from planner.ledger.cells import Cell
from planner.ledger.grids import ACCEPTED, MOST_WRITTEN, Cells, Grid, nonblank

# Of a sheet: (first row, last row, column from 0) of cells merged downwards, and the hidden rows.
Marks = tuple[list[tuple[int, int, int]], frozenset[int]]

_MOST_PARTS = 2_000
_MOST_UNPACKED = 200 * 1024 * 1024
_MOST_RATIO = 100
_MOST_COLUMNS = 500
_MOST_MERGES = 50_000
# Number formats that Chinese Excel and WPS build in and openpyxl does not know (ECMA-376, 18.8.30, zh-cn).
_MONTH_FORMATS = {17, 27, 36, 50, 52, 57}
_DAY_FORMATS = {28, 29, 30, 31, 51, 53, 54, 58}


def read_workbook(content: bytes, name: str) -> list[Grid]:
    """The visible sheets that hold anything, in order; hidden sheets only where there is no other.

    A formula counts as the value saved with it, or as its own text where none was saved.
    Raises InputError for what is not a safe, sound xlsx file.
    """
    try:
        marks = refuse_unsafe_workbook(content, name)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions that hold no data
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
            grids = [_grid(sheet, content, marks) for sheet in _offered(book.worksheets)]
    except InputError:
        raise
    except Exception as error:  # a damaged file makes the parsers raise almost anything
        raise _damaged(name) from error
    return [grid for grid in grids if grid.rows]


def sheet_names(content: bytes, name: str) -> tuple[str, ...]:
    """The names of the visible sheets, empty for what is no workbook. Raises InputError for an unsafe one."""
    if not content.startswith(b"PK\x03\x04"):
        return ()
    refuse_unsafe_workbook(content, name)
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        return tuple(sheet.title for sheet in _offered(book.worksheets))
    except Exception as error:  # a damaged file makes the parsers raise almost anything
        raise _damaged(name) from error


def refuse_unsafe_workbook(content: bytes, name: str) -> Mapping[str, Marks]:
    """The merged cells and hidden rows of each part. Raises InputError for a workbook that must not be parsed."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _refuse_unsafe(archive, name)
            return {part: _marks(archive, part) for part in archive.namelist() if _is_xml(part)}
    except InputError:
        raise
    except Exception as error:  # a damaged file makes the parsers raise almost anything
        raise _damaged(name) from error


def _damaged(name: str) -> InputError:
    return InputError(f"文件“{name}”已损坏,或不是 xlsx 工作簿", "请用 Excel 或 WPS 打开后另存为 xlsx")


def refuse_old_workbook(content: bytes, name: str) -> None:
    """Raises InputError for an OLE container: an encrypted workbook, or one in the format before 2007."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise InputError(f"工作簿“{name}”有打开密码", "请在 Excel 中去掉密码后另存")
    raise InputError(f"“{name}”是旧格式(xls)", "请用 Excel 或 WPS 另存为 xlsx")


def _refuse_unsafe(archive: zipfile.ZipFile, name: str) -> None:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    unpacked = sum(part.file_size for part in parts)
    packed = max(1, sum(part.compress_size for part in parts))
    if len(parts) > _MOST_PARTS or unpacked > _MOST_UNPACKED or unpacked / packed > _MOST_RATIO:
        raise InputError(
            f"文件“{name}”解压后过大({unpacked / 2**20:.0f} MB,{unpacked / packed:.0f}倍),不予打开",
            "请把数据复制到新工作簿再导入",
        )
    if any(part.flag_bits & 0x1 for part in parts):
        raise InputError(f"文件“{name}”已加密", "请去掉密码后另存")
    if any(_escapes(part) for part in parts):
        raise InputError(f"文件“{name}”的内部结构不安全,不予打开", "请用 Excel 或 WPS 另存为 xlsx")
    if "xl/workbook.xml" not in names:
        raise InputError(f"“{name}”不是 xlsx 工作簿", ACCEPTED)
    if any(re.search(r"vbaProject|macrosheets/", part) for part in names):
        raise InputError(f"工作簿“{name}”含有宏(xlsm)", "请另存为不含宏的 xlsx")
    if any(part.startswith("xl/externalLinks/") for part in names):
        raise InputError(f"工作簿“{name}”链接到别的文件", "请在“数据-编辑链接”中断开链接后另存")


def _escapes(part: zipfile.ZipInfo) -> bool:
    path = part.filename.replace("\\", "/")
    link = S_ISLNK(part.external_attr >> 16)
    return link or path.startswith("/") or ".." in path.split("/") or ":" in path


def _is_xml(part: str) -> bool:
    return part.endswith((".xml", ".rels"))


_LAST_ROW = 1_048_576  # of any sheet that Excel writes


def _marks(archive: zipfile.ZipFile, part: str) -> Marks:
    """The cells merged downwards and the hidden rows of a sheet, which openpyxl skips when only reading.

    Every part is parsed, so that a document type declaration anywhere is refused.
    """
    merged: list[tuple[int, int, int]] = []
    hidden: set[int] = set()
    last_row = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal last_row
        tag = tag.rpartition(":")[2]
        if tag == "row":
            last_row = int(attributes.get("r", last_row + 1))
            if last_row > _LAST_ROW:
                raise InputError(
                    f"工作表里有第{last_row}行,超出 Excel 的范围", "请用 Excel 或 WPS 另存后导入"
                )
            if attributes.get("hidden") in ("1", "true"):
                hidden.add(last_row)
        elif tag == "mergeCell":
            column, first, _, last = range_boundaries(attributes["ref"])
            if first is not None and last is not None and column is not None and last > first:
                merged.append((first, last, column - 1))
            if len(merged) > _MOST_MERGES:
                raise InputError("工作表里的合并单元格过多", "请取消合并后导入")

    def refuse(*_: Any) -> None:
        raise InputError("工作簿里含有文档类型声明(DTD),不予打开", "请用 Excel 或 WPS 另存为 xlsx")

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    if part.startswith("xl/worksheets/"):
        parser.StartElementHandler = start
    with archive.open(part) as file:
        parser.ParseFile(file)
    return merged, frozenset(hidden)


def _offered(sheets: Iterable[Any]) -> list[Any]:
    every = list(sheets)
    return [sheet for sheet in every if sheet.sheet_state == "visible"] or every


def _grid(sheet: Any, content: bytes, marks: Mapping[str, Marks]) -> Grid:
    merged, hidden = marks.get(
        sheet._worksheet_path.lstrip("/"), ([], frozenset())
    )  # openpyxl has no name for it
    epoch = sheet.parent.epoch
    sheet.reset_dimensions()  # a file may declare fewer cells than it holds
    rows: dict[int, Cells] = {}
    formulas: list[tuple[int, int]] = []
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        values = [_value(cell, epoch) for cell in cells]
        while values and values[-1] is None:
            values.pop()
        if len(values) > _MOST_COLUMNS:
            raise InputError(f"工作表“{sheet.title}”第{number}行超过{_MOST_COLUMNS}列", "请删去多余的列")
        if values:
            rows[number] = values
            formulas += [(number, at) for at, cell in enumerate(cells) if cell.data_type == "f"]
        if len(rows) > MOST_WRITTEN:
            break
    notices = []
    if formulas:
        _settle(rows, formulas, _saved_values(content, sheet.title, rows))
        notices.append(f"{len(formulas)}个单元格是公式,取文件中保存的结果,没有保存的按文字读")
    return Grid(
        nonblank(rows),
        sheet=sheet.title,
        date1904=epoch == CALENDAR_MAC_1904,
        merged=merged,
        hidden=hidden,
        notices=tuple(notices),
    )


def _value(cell: Any, epoch: datetime) -> Cell:
    value = cell.value
    if value is None:
        return None
    if cell.data_type == "f":
        return str(getattr(value, "text", value))
    style = cell.style_array.numFmtId if cell.has_style else 0
    if (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and style in _MONTH_FORMATS | _DAY_FORMATS
    ):
        value = from_excel(value, epoch)
    if isinstance(value, datetime) and _shows_no_day(style, cell.number_format):
        return f"{value.year}年{value.month}月"  # a day was never written, Excel filled in the first
    return value


def _shows_no_day(style: int, number_format: str) -> bool:
    if style in _MONTH_FORMATS:
        return True
    letters = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", number_format).lower()
    return style not in _DAY_FORMATS and "y" in letters and "d" not in letters


def _saved_values(content: bytes, title: str, rows: dict[int, Cells]) -> dict[int, list[Any]]:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    sheet = book[title]
    sheet.reset_dimensions()
    last = max(rows)
    saved = {}
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        if number > last:
            break
        saved[number] = [_value(cell, book.epoch) for cell in cells]
    return saved


def _settle(rows: dict[int, Cells], formulas: list[tuple[int, int]], saved: dict[int, list[Any]]) -> None:
    for number, at in formulas:
        values = saved.get(number, [])
        if at < len(values) and values[at] is not None:
            cells = list(rows[number])
            cells[at] = values[at]
            rows[number] = cells
