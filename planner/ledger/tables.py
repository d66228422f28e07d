"""One reader for every file: finds the sheet, the header and the columns, and gives the rows below."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path

from openpyxl.utils import get_column_letter
from shapely.geometry.base import BaseGeometry

from planner.errors import InputError, Problem
from planner.ledger.cells import Cell, comparable, is_blank, show
from planner.ledger.geofiles import read_geojson, read_geopackage
from planner.ledger.grids import ACCEPTED, HEAD_ROWS, Cells, Grid, read_content, read_csv, refuse_long
from planner.ledger.workbooks import read_workbook, refuse_old_workbook

_TOTALS = {"合计", "总计", "小计", "本页合计"}
_FOOTER = re.compile(
    r"(审核人|填表人|填报人|制表人|填报单位|填表单位|填报日期|填表日期|联系电话|备注|注|说明)[::]"
)


@dataclass(frozen=True)
class Column:
    """A column a ledger may have; `fills` says that a value merged downwards holds for every row of it."""

    name: str
    aliases: tuple[str, ...] = ()
    required: bool = False
    fills: bool = False


@dataclass(frozen=True)
class Row:
    """One row of data: its number in the file, the known cells that are not blank, its shape.

    `broken` says why the row as a whole cannot be read.
    """

    number: int
    cells: Mapping[str, Cell]
    shape: BaseGeometry | None = None
    broken: str | None = None


@dataclass(frozen=True)
class Table:
    """The rows of one sheet below its header; `skipped` gives the reason for each row that holds no data.

    `sheet` is named where the file has several.
    """

    file: str
    rows: tuple[Row, ...]
    places: Mapping[str, str]
    skipped: Mapping[int, str] = field(default_factory=dict)
    total: Row | None = None
    sheet: str | None = None
    lettered: bool = True
    date1904: bool = False
    crs: str | None = None
    notices: tuple[str, ...] = ()

    def place(self, column: str) -> str:
        """A column as a message names it, e.g. 「人数(D列)」."""
        return self.places.get(column, column)


def read_table(path: Path, columns: Sequence[Column]) -> Table:
    """The table of a CSV, xlsx, GeoJSON or GeoPackage file that has the required columns.

    The kind of file is told from its content. Raises InputError for an unsafe or unreadable file, missing
    or doubled headers, no data, and several sheets that all fit.
    """
    name = path.name.encode(errors="replace").decode()  # a name of undecodable bytes is no text to store
    grids = [grid for grid in _read_grids(read_content(path), name) if grid.rows]
    if not grids:
        raise InputError(f"文件“{name}”是空的", "请确认选对了文件和工作表")
    headers = [_find_header(grid, columns) for grid in grids]
    fitting = [index for index, header in enumerate(headers) if not header.missing]
    if len(fitting) > 1:
        sheets = "、".join(f"“{show(grids[index].sheet)}”" for index in fitting)
        raise InputError(
            f"文件“{name}”中有{len(fitting)}个可导入的工作表或图层:{sheets}", "请只留一个,另存后再导入"
        )
    if not fitting:
        nearest = max(range(len(grids)), key=lambda index: len(headers[index].at))
        raise _missing_headers(name, grids[nearest], headers[nearest])
    grid, header = grids[fitting[0]], headers[fitting[0]]
    notices = list(grid.notices)
    if len(grids) > 1:
        notices.append(f"文件有{len(grids)}个非空工作表或图层,只读取了“{show(grid.sheet)}”")
    table = _below_header(name, grid, header, columns, notices)
    if len(grids) == 1:
        table = replace(table, sheet=None)
    if not table.rows:
        raise InputError(f"文件“{name}”只有表头,没有数据", "请在表头下填写数据")
    return table


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


@dataclass(frozen=True)
class _Header:
    """Where the header stands and which column (from 0) holds what."""

    row: int
    at: Mapping[str, int]
    missing: tuple[str, ...]
    unused: Mapping[int, str]
    doubled: Mapping[str, tuple[int, ...]]


def _find_header(grid: Grid, columns: Sequence[Column]) -> _Header:
    """The row among the first that knows most of the required columns, then most of all columns."""
    candidates = [_read_header(number, grid.rows[number], columns) for number in list(grid.rows)[:HEAD_ROWS]]
    if not grid.lettered:
        candidates = candidates[:1]
    return max(candidates, key=lambda header: (-len(header.missing), len(header.at), -header.row))


def _read_header(number: int, cells: Cells, columns: Sequence[Column]) -> _Header:
    written = {
        index: _heading(cell)
        for index, cell in enumerate(cells)
        if isinstance(cell, str) and not is_blank(cell)
    }
    at: dict[str, int] = {}
    doubled: dict[str, tuple[int, ...]] = {}
    for column in columns:
        for spelling in map(_heading, (column.name, *column.aliases)):
            found = tuple(index for index, heading in written.items() if heading == spelling)
            if found and found[0] not in at.values():
                at[column.name] = found[0]
                if len(found) > 1:
                    doubled[column.name] = found
                break
    taken = {*at.values(), *(index for found in doubled.values() for index in found)}
    return _Header(
        row=number,
        at=at,
        missing=tuple(column.name for column in columns if column.required and column.name not in at),
        unused={index: show(cells[index]) for index in written if index not in taken},
        doubled=doubled,
    )


def _heading(cell: str) -> str:
    """A heading as it is compared: without unit or remark in brackets, stars and spaces."""
    bare = re.sub(r"\([^()]*\)|[*:]", "", comparable(cell))
    return bare or comparable(cell)


def _missing_headers(name: str, grid: Grid, header: _Header) -> InputError:
    problems = []
    for missing in header.missing:
        close = get_close_matches(missing, header.unused.values(), n=2, cutoff=0.4)
        hint = f";最接近的表头是{'、'.join(f'“{item}”' for item in close)}" if close else ""
        fix = f"请把该列表头改为“{missing}”" if close else f"请补上“{missing}”一列"
        problems.append(Problem(f"缺少表头“{missing}”{hint}", fix, sheet=grid.sheet))
    return InputError(f"文件“{name}”的表头不全,没有导入", "请改正表头后重新导入", problems)


def _below_header(
    name: str, grid: Grid, header: _Header, columns: Sequence[Column], notices: list[str]
) -> Table:
    places = {column: _place(column, index, lettered=grid.lettered) for column, index in header.at.items()}
    if header.doubled:
        problems = [
            Problem(
                f"表头“{column}”出现{len(found)}次"
                + (
                    f"({'、'.join(get_column_letter(index + 1) for index in found)}列)"
                    if grid.lettered
                    else ""
                ),
                "请只留一列",
                sheet=grid.sheet,
            )
            for column, found in header.doubled.items()
        ]
        raise InputError(f"文件“{name}”的表头重复,没有导入", "请改正表头后重新导入", problems)
    data = {number: list(cells) for number, cells in grid.rows.items() if number > header.row}
    refuse_long(len(data))
    _fill_merged(data, grid, header, columns)
    heading = [cell for cell in grid.rows[header.row] if not is_blank(cell)]
    rows: list[Row] = []
    skipped: dict[int, str] = {}
    total = None
    for number, cells in data.items():
        row = _row(number, cells, grid, header)
        first = next((cell for cell in cells if not is_blank(cell)), None)
        if isinstance(first, str) and comparable(first) in _TOTALS:
            skipped[number] = "合计行不导入"
            total = row if comparable(first) in ("合计", "总计") else total
        elif isinstance(first, str) and _FOOTER.match(comparable(first)):
            skipped[number] = "表尾不导入"
        elif [cell for cell in cells if not is_blank(cell)] == heading:
            skipped[number] = "重复的表头不导入"
        elif not row.cells and row.shape is None and row.broken is None:
            skipped[number] = "要导入的各列都是空的"
        else:
            rows.append(row)
    if hidden := grid.hidden & {row.number for row in rows}:
        notices.append(f"含隐藏行{len(hidden)}行,已一并导入")
    if header.unused:
        notices.append(f"没有用到的列:{'、'.join(header.unused.values())}")
    return Table(
        file=name,
        rows=tuple(rows),
        places=places,
        skipped=skipped,
        total=total,
        sheet=grid.sheet,
        lettered=grid.lettered,
        date1904=grid.date1904,
        crs=grid.crs,
        notices=tuple(notices),
    )


def _row(number: int, cells: Cells, grid: Grid, header: _Header) -> Row:
    known = {
        column: cells[index]
        for column, index in header.at.items()
        if index < len(cells) and not is_blank(cells[index])
    }
    broken = grid.broken.get(number)
    is_text = grid.lettered and grid.sheet is None
    if is_text and any(not is_blank(cell) for cell in cells[len(grid.rows[header.row]) :]):
        broken = "比表头多出内容,可能是文字里有没加引号的逗号"
    return Row(number, known, grid.shapes.get(number), broken)


def _fill_merged(data: dict[int, list[Cell]], grid: Grid, header: _Header, columns: Sequence[Column]) -> None:
    """Copy a value merged downwards into the other rows of its range, never into a plain blank cell."""
    filling = {header.at[column.name] for column in columns if column.fills and column.name in header.at}
    filled_to = dict.fromkeys(filling, header.row)
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
