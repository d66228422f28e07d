"""One reader for every file: finds the sheet, the header and the columns, and gives the rows below."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from openpyxl.utils import get_column_letter
from shapely.geometry.base import BaseGeometry

from planner.errors import InputError
from planner.ledger.cells import Cell, comparable, is_blank, show
from planner.ledger.geofiles import read_geojson, read_geopackage
from planner.ledger.grids import (
    ACCEPTED,
    Cells,
    Grid,
    digest_of,
    file_name,
    read_content,
    read_csv,
    refuse_long,
)
from planner.ledger.headers import (
    Column,
    Header,
    find_header,
    heading_rows,
    missing_headers,
    refuse_doubled,
    texts,
)
from planner.ledger.uploads import Paper
from planner.ledger.workbooks import read_workbook, refuse_old_workbook

__all__ = ["Column", "Row", "Skip", "Table", "read_table", "read_tables"]

_TOTALS = re.compile(r"(?:(?P<whole>合计|总计|共计)|小计|本页合计|本页小计|累计):?(?:\d+(?:人|名|个)?)?")
_FOOTER = re.compile(
    r"(审核人|填表人|填报人|制表人|经办人|单位负责人|负责人|分管领导|主管领导|填报单位|填表单位|填报日期|填表日期"
    r"|联系电话|电话|备注|注|说明)(签字|签名|签章)?(\([^()]*\))?[::]|(审核人|填表人|填报人|制表人)"
)


_SERIAL = ("序号", "编号", "序 号")  # a number that says nothing, and is no news when not used


class Skip:
    """Why a row below the header holds no data."""

    TOTAL = "合计行不导入"
    FOOTER = "表尾不导入"
    HEADER = "重复的表头不导入"
    EMPTY = "要导入的各列都是空的"


@dataclass(frozen=True)
class Row:
    """One row of data: its number in the file, the known cells that are not blank, its shape.

    `broken` says why the row as a whole cannot be read; `others` are the cells of columns that are not known,
    but for a running number.
    """

    number: int
    cells: Mapping[str, Cell]
    shape: BaseGeometry | None = None
    broken: str | None = None
    others: tuple[Cell, ...] = ()


@dataclass(frozen=True)
class Table:
    """The rows of one sheet below its header; `skipped` gives the reason for each row that holds no data.

    `total` is the 合计 row, `total_cells` all of its cells. `above` holds the rows over the header, titles
    and dates. `header_rows` are the numbers of the header's rows, `width` the columns it spans, `sha256` that of the file.
    """

    file: str
    rows: tuple[Row, ...]
    places: Mapping[str, str]
    skipped: Mapping[int, str] = field(default_factory=dict)
    total: Row | None = None
    total_cells: Cells = ()
    above: tuple[Cells, ...] = ()
    header_rows: tuple[int, ...] = ()
    width: int = 0
    sheet: str | None = None
    lettered: bool = True
    date1904: bool = False
    crs: str | None = None
    sha256: str = ""
    unused: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()

    def place(self, column: str) -> str:
        """A column as a message names it, e.g. 「人数(D列)」."""
        return self.places.get(column, column)


def read_table(path: Paper, columns: Sequence[Column]) -> Table:
    """The table of a CSV, xlsx, GeoJSON or GeoPackage file that has the required columns.

    The kind of file is told from its content; `sheet` of the table is named where the file has several.
    Raises InputError for an unsafe or unreadable file, missing or doubled headers, no data, and several
    sheets that all fit.
    """
    name, sha256, grids = _nonempty_grids(path)
    headers = [find_header(grid, columns) for grid in grids]
    index = _the_fitting(name, grids, headers, "请只留一个,另存后再导入")
    table = _table(name, sha256, grids[index], headers[index], columns)
    if len(grids) == 1:
        table = replace(table, sheet=None)
    else:
        told = f"文件有{len(grids)}个非空工作表或图层,只读取了“{show(grids[index].sheet)}”"
        table = replace(table, notices=(*grids[index].notices, told, *_later_notices(table, grids[index])))
    if not table.rows:
        raise InputError(f"文件“{name}”只有表头,没有数据", "请在表头下填写数据")
    return table


def read_tables(
    path: Paper,
    columns: Sequence[Column],
    *,
    is_part: Callable[[str], bool] | None = None,
    sheet: str | None = None,
) -> tuple[list[Table], tuple[str, ...]]:
    """The tables of a file that may be parted into sheets, in order, and what must be said of the file.

    Every sheet whose name `is_part` (a township) is read. Where there is none, the one sheet that fits is;
    `sheet` names the only one to read. Raises InputError as `read_table` does, and where several sheets fit
    that are no parts.
    """
    name, sha256, grids = _nonempty_grids(path)
    notices: list[str] = []
    if sheet is not None:
        chosen = [grid for grid in grids if grid.sheet and comparable(grid.sheet) == comparable(sheet)]
        if not chosen:
            there = "、".join(f"“{show(grid.sheet)}”" for grid in grids if grid.sheet) or "没有工作表"
            raise InputError(f"文件“{name}”中没有有内容的工作表“{show(sheet)}”", f"可选:{there}")
    else:
        chosen = [grid for grid in grids if is_part and grid.sheet and is_part(grid.sheet)]
    if not chosen:
        headers = [find_header(grid, columns) for grid in grids]
        chosen = [grids[_the_fitting(name, grids, headers, "请用 --sheet 指定其中一个")]]
    headers = [find_header(grid, columns) for grid in chosen]
    if any(header.missing for header in headers):
        told = [(grid.sheet, header) for grid, header in zip(chosen, headers, strict=True)]
        raise missing_headers(name, told)
    if left := [grid for grid in grids if grid not in chosen]:
        told_left = "、".join(f"“{show(grid.sheet)}”" for grid in left)
        notices.append(f"没有读取工作表{told_left};要读取其中一个,请用 --sheet 指定")
    tables = [
        _table(name, sha256, grid, header, columns, ignored=_SERIAL)
        for grid, header in zip(chosen, headers, strict=True)
    ]
    refuse_long(sum(len(table.rows) for table in tables))
    notices += [f"工作表“{show(table.sheet)}”只有表头,没有数据" for table in tables if not table.rows]
    if not any(table.rows for table in tables):
        raise InputError(f"文件“{name}”只有表头,没有数据", "请在表头下填写数据")
    return tables, tuple(notices)


def _nonempty_grids(path: Paper) -> tuple[str, str, list[Grid]]:
    """The name and the SHA-256 of a file, and what is in it: it is read once, for it may change meanwhile."""
    name, content = file_name(path), read_content(path)
    grids = [grid for grid in _read_grids(content, name) if grid.rows]
    if not grids:
        raise InputError(f"文件“{name}”是空的", "请确认选对了文件和工作表")
    return name, digest_of(content), grids


def _the_fitting(name: str, grids: Sequence[Grid], headers: Sequence[Header], fix: str) -> int:
    """The index of the one grid that has the required columns. Raises InputError for none and several."""
    fitting = [index for index, header in enumerate(headers) if not header.missing]
    if len(fitting) > 1:
        sheets = "、".join(f"“{show(grids[index].sheet)}”" for index in fitting)
        raise InputError(f"文件“{name}”中有{len(fitting)}个可导入的工作表或图层:{sheets}", fix)
    if not fitting:
        nearest = max(range(len(grids)), key=lambda index: len(headers[index].at))
        raise missing_headers(name, [(grids[nearest].sheet, headers[nearest])])
    return fitting[0]


def _read_grids(content: bytes, name: str) -> list[Grid]:
    if content.startswith(b"PK\x03\x04"):
        return read_workbook(content, name)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        refuse_old_workbook(content, name)
    if content.startswith(b"SQLite format 3\x00"):
        return read_geopackage(content, name)
    start = content[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith((b"{", b"[")):
        return [read_geojson(content, name)]
    if start.startswith((b"<", b"%PDF", b"PK")):
        raise InputError(f"“{name}”不是可导入的文件", ACCEPTED)
    return [read_csv(content, name)]


def _table(
    name: str,
    sha256: str,
    grid: Grid,
    header: Header,
    columns: Sequence[Column],
    *,
    ignored: Sequence[str] = (),
) -> Table:
    refuse_doubled(name, header, grid)
    places = {column: _place(column, index, lettered=grid.lettered) for column, index in header.at.items()}
    data = {number: list(cells) for number, cells in grid.rows.items() if number > header.last}
    _fill_merged(data, grid, header, columns)
    headings = heading_rows(grid, header)
    rows: list[Row] = []
    skipped: dict[int, str] = {}
    total: Row | None = None
    total_cells: Cells = ()
    for number, cells in data.items():
        row = _row(number, cells, grid, header)
        word = _first_word(grid.rows[number])
        if match := _TOTALS.fullmatch(word):
            skipped[number] = Skip.TOTAL
            if match["whole"]:
                total, total_cells = row, grid.rows[number]
        elif _FOOTER.match(word):
            skipped[number] = Skip.FOOTER
        elif texts(grid.rows[number]) in headings:
            skipped[number] = Skip.HEADER
        elif not row.cells and row.shape is None and row.broken is None:
            skipped[number] = Skip.EMPTY
        else:
            rows.append(row)
    refuse_long(len(rows))
    table = Table(
        file=name,
        sha256=sha256,
        rows=tuple(rows),
        places=places,
        skipped=skipped,
        total=total,
        total_cells=total_cells,
        above=tuple(cells for number, cells in grid.rows.items() if number < header.rows[0]),
        header_rows=header.rows,
        width=max(map(len, grid.rows.values())),
        sheet=grid.sheet,
        lettered=grid.lettered,
        date1904=grid.date1904,
        crs=grid.crs,
        unused=tuple(words for words in header.unused.values() if words not in ignored),
    )
    return replace(table, notices=(*grid.notices, *_later_notices(table, grid)))


def _later_notices(table: Table, grid: Grid) -> list[str]:
    notices = []
    if hidden := grid.hidden & {row.number for row in table.rows}:
        notices.append(f"含隐藏行{len(hidden)}行,已一并导入")
    if table.unused:
        notices.append(f"没有用到的列:{'、'.join(table.unused)}")
    return notices


def _first_word(cells: Cells) -> str:
    """The first text of a row as compared, past a serial number; empty where the row begins otherwise."""
    filled = [cell for cell in cells if not is_blank(cell)][:2]
    if len(filled) == 2 and not isinstance(filled[0], str):
        filled = filled[1:]
    return comparable(filled[0]) if filled and isinstance(filled[0], str) else ""


def _row(number: int, cells: Cells, grid: Grid, header: Header) -> Row:
    known = {
        column: cells[index]
        for column, index in header.at.items()
        if index < len(cells) and not is_blank(cells[index])
    }
    broken = grid.broken.get(number)
    is_text = grid.lettered and grid.sheet is None
    if is_text and any(not is_blank(cell) for cell in cells[_written_width(grid, header) :]):
        broken = "比表头多出内容,可能是文字里有没加引号的逗号"
    others = tuple(
        cells[index] if index < len(cells) else None
        for index, words in header.unused.items()
        if words not in _SERIAL
    )
    return Row(number, known, grid.shapes.get(number), broken, others)


def _written_width(grid: Grid, header: Header) -> int:
    return max(len(grid.rows[number]) for number in header.rows)


def _fill_merged(data: dict[int, list[Cell]], grid: Grid, header: Header, columns: Sequence[Column]) -> None:
    """Copy a value merged downwards into the other rows of its range, never into a plain blank cell."""
    filling = {header.at[column.name] for column in columns if column.fills and column.name in header.at}
    filled_to = dict.fromkeys(filling, header.last)
    for first, last, index in sorted(grid.merged):
        if index not in filling or first <= filled_to[index]:
            continue  # overlapping ranges are no real merge
        filled_to[index] = last
        source = data.get(first, [])
        value = source[index] if index < len(source) else None
        for number in range(first + 1, min(last, max(data, default=0)) + 1):
            if number in data and value is not None:
                cells = data[number]
                cells += [None] * (index + 1 - len(cells))
                cells[index] = value


def _place(column: str, index: int, *, lettered: bool) -> str:
    return f"{column}({get_column_letter(index + 1)}列)" if lettered else column
