"""Where a sheet's header stands, in one row or in two levels, and which column holds what."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Self

from openpyxl.utils import get_column_letter

from planner.errors import InputError, Problem
from planner.ledger.cells import Cell, comparable, is_blank, show
from planner.ledger.grids import HEAD_ROWS, Cells, Grid

_MOST_TITLE_CELLS = 4  # a title, or 填报单位 and 填报日期 with their values


@dataclass(frozen=True)
class Column:
    """A column a ledger may have; `fills` says that a value merged downwards holds for every row of it.

    Under a two-level header a column is known by both levels together (监护人 + 电话), or by the lower one
    alone where the upper one says nothing (基本情况 + 姓名).
    """

    name: str
    aliases: tuple[str, ...] = ()
    required: bool = False
    fills: bool = False


@dataclass(frozen=True)
class Header:
    """Where the header stands (one row, or two) and which column (from 0) holds what."""

    rows: tuple[int, ...]
    at: Mapping[str, int]
    missing: tuple[str, ...]
    unused: Mapping[int, str]
    doubled: Mapping[str, tuple[int, ...]]

    @property
    def last(self) -> int:
        """The row below which data begin."""
        return self.rows[-1]


def find_header(grid: Grid, columns: Sequence[Column]) -> Header:
    """The row, or pair of rows, among the first that knows most of the required columns, then of all columns.

    A single row goes before a pair that knows no more, an upper one before a lower one.
    """
    numbers = list(grid.rows)[:HEAD_ROWS]
    candidates = [_read_header((number,), _one_level(grid.rows[number]), columns) for number in numbers]
    if not grid.lettered:
        return candidates[0]
    known = _Known.of(columns)
    for upper in numbers:
        if upper + 1 in grid.rows:
            written = _two_levels(grid.rows[upper], grid.rows[upper + 1], known)
            candidates.append(_read_header((upper, upper + 1), written, columns))
    return max(candidates, key=lambda header: (-len(header.missing), len(header.at), -len(header.rows)))


def heading(cell: str) -> str:
    """A heading as it is compared: without unit or remark in brackets, stars and spaces."""
    bare = re.sub(r"\([^()]*\)|[*:]", "", comparable(cell))
    return bare or comparable(cell)


def missing_headers(name: str, sheets: Sequence[tuple[str | None, Header]]) -> InputError:
    """The error that names every missing heading of these sheets with the nearest one that is there."""
    problems = []
    for sheet, header in sheets:
        for missing in header.missing:
            close = get_close_matches(missing, header.unused.values(), n=2, cutoff=0.4)
            hint = f";最接近的表头是{'、'.join(f'“{item}”' for item in close)}" if close else ""
            fix = f"请把该列表头改为“{missing}”" if close else f"请补上“{missing}”一列"
            problems.append(Problem(f"缺少表头“{missing}”{hint}", fix, sheet=sheet))
    return InputError(f"文件“{name}”的表头不全,没有导入", "请改正表头后重新导入", problems)


def refuse_doubled(name: str, header: Header, grid: Grid) -> None:
    """Raises InputError where two columns have the same known heading."""
    problems = []
    for column, found in header.doubled.items():
        letters = "、".join(get_column_letter(index + 1) for index in found)
        where = f"({letters}列)" if grid.lettered else ""
        problems.append(Problem(f"表头“{column}”出现{len(found)}次{where}", "请只留一列", sheet=grid.sheet))
    if problems:
        raise InputError(f"文件“{name}”的表头重复,没有导入", "请改正表头后重新导入", problems)


def heading_rows(grid: Grid, header: Header) -> list[list[Cell]]:
    """The `texts` of the header's rows and of the titles above it, which may come again after a page break."""
    told = []
    for number, cells in grid.rows.items():
        if number > header.last:
            break
        row = texts(cells)
        if number in header.rows or len(row) <= _MOST_TITLE_CELLS:
            told.append(row)
    return told


def texts(cells: Cells) -> list[Cell]:
    """The cells of a row that are not blank, texts as compared."""
    return [comparable(cell) if isinstance(cell, str) else cell for cell in cells if not is_blank(cell)]


def _one_level(cells: Cells) -> dict[int, tuple[str, str]]:
    """By column: the heading as compared, and as shown."""
    return {
        index: (heading(cell), show(cell))
        for index, cell in enumerate(cells)
        if isinstance(cell, str) and not is_blank(cell)
    }


def _two_levels(upper: Cells, lower: Cells, known: _Known) -> dict[int, tuple[str, str]]:
    """As `_one_level` for a header of two rows; an upper heading holds for the lower ones right of it."""
    above, below = _one_level(upper), _one_level(lower)
    written: dict[int, tuple[str, str]] = {}
    group: tuple[str, str] | None = None
    for index in range(max(len(upper), len(lower))):
        if index in above:
            group = above[index]
        elif index not in below:
            group = None
        if index not in below:
            if index in above:
                written[index] = above[index]
        elif group is None:
            written[index] = below[index]
        else:
            words = known.joined(group[0], below[index][0])
            written[index] = words, group[1] + below[index][1]
    return written


@dataclass(frozen=True)
class _Known:
    """What headings of two levels may mean.

    `speaking` are the upper headings that begin a known heading; below them a lower one stands for itself
    only if it is `own`: a known heading with which no heading of another column ends (经度, not 姓名).
    """

    spellings: frozenset[str]
    speaking: frozenset[str]
    own: frozenset[str]

    @classmethod
    def of(cls, columns: Sequence[Column]) -> Self:
        """What these columns know."""
        by_column = [{heading(words) for words in (item.name, *item.aliases)} for item in columns]
        spellings = frozenset(words for group in by_column for words in group)
        shared = {
            words[start:]
            for group in by_column
            for words in group
            for start in range(1, len(words))
            if words[start:] in spellings and words[start:] not in group
        }
        return cls(
            spellings,
            frozenset(words[:end] for words in spellings for end in range(2, len(words))),
            spellings - shared,
        )

    def joined(self, upper: str, lower: str) -> str:
        """The heading that two levels make together, or the lower one alone where the upper says nothing."""
        both = upper + lower
        alone = both not in self.spellings and (upper not in self.speaking or lower in self.own)
        return lower if alone else both


def _read_header(
    rows: tuple[int, ...], written: Mapping[int, tuple[str, str]], columns: Sequence[Column]
) -> Header:
    at: dict[str, int] = {}
    doubled: dict[str, tuple[int, ...]] = {}
    by_heading: dict[str, list[int]] = {}
    for index, (words, _) in written.items():
        by_heading.setdefault(words, []).append(index)
    for column in columns:
        for spelling in map(heading, (column.name, *column.aliases)):
            found = tuple(by_heading.get(spelling, ()))
            if found and found[0] not in at.values():
                at[column.name] = found[0]
                if len(found) > 1:
                    doubled[column.name] = found
                break
    taken = {*at.values(), *(index for found in doubled.values() for index in found)}
    return Header(
        rows=rows,
        at=at,
        missing=tuple(column.name for column in columns if column.required and column.name not in at),
        unused={index: words for index, (_, words) in written.items() if index not in taken},
        doubled=doubled,
    )
