"""Where a sheet's header stands, in one row or in two levels, and which column holds what."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Self

from openpyxl.utils import get_column_letter

from planner.errors import InputError, Problem
from planner.ledger.cells import Cell, comparable, is_blank, show
from planner.ledger.grids import HEAD_ROWS, Cells, Grid

_LABEL = re.compile(r":|\d{4}|填报|填表|制表|统计")
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
    """The row, or pair of rows, among the first that knows most of the required columns.

    A pair goes before a single row, then what knows more columns, then what stands higher.
    """
    numbers = list(grid.rows)[:HEAD_ROWS]
    candidates = [_read_header((number,), _one_level(grid.rows[number]), columns) for number in numbers]
    if not grid.lettered:
        return candidates[0]
    known = _Known.of(columns)
    for number in numbers:
        upper, lower = grid.rows[number], grid.rows.get(number + 1)
        if lower is not None and _are_two_levels(upper, lower, known):
            written = _two_levels(upper, lower, known)
            candidates.append(_read_header((number, number + 1), written, columns))
    return max(
        candidates,
        key=lambda header: (-len(header.missing), len(header.rows), -len(header.doubled), len(header.at)),
    )


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


def _are_two_levels(upper: Cells, lower: Cells, known: _Known) -> bool:
    """Whether two rows can be the levels of one header, not a title over it nor the data below it.

    An upper level has several texts, no label such as 填报日期, and some heading that is known by it; a lower
    one mostly leaves blank what stands below a heading that is complete by itself.
    """
    above, below = _one_level(upper), _one_level(lower)
    filled = [cell for cell in upper if not is_blank(cell)]
    if len(above) < 2 or len(above) < len(filled) or not below:
        return False
    if any(_LABEL.search(comparable(shown)) for _, shown in above.values()):
        return False
    joined = {
        index
        for index, (words, _) in above.items()
        if index in below and words + below[index][0] in known.spellings
    }
    complete = {index for index, (words, _) in above.items() if words in known.spellings} - joined
    contradicted = [index for index in complete if not _is_blank_at(lower, index)]
    told_by_upper = joined or complete - set(contradicted)
    return bool(told_by_upper) and 2 * len(contradicted) <= sum(not is_blank(cell) for cell in lower)


def _is_blank_at(cells: Cells, index: int) -> bool:
    return index >= len(cells) or is_blank(cells[index])


def _two_levels(upper: Cells, lower: Cells, known: _Known) -> dict[int, tuple[str, str]]:
    """As `_one_level` for a header of two rows; an upper heading holds for the lower ones right of it.

    Below upper headings that say nothing a lower one stands for itself the first time only: 姓名 below
    基本情况 is the child's; below 帮扶责任人 further right it is nobody we know, and so is the 电话 beside it.
    """
    above, below = _one_level(upper), _one_level(lower)
    written: dict[int, tuple[str, str]] = {}
    alone: dict[str, str] = {}
    foreign: set[str] = set()
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
            if words == below[index][0]:
                if alone.setdefault(words, group[0]) != group[0]:
                    foreign.add(group[0])
                if group[0] in foreign:
                    words = group[0] + words
            written[index] = words, group[1] + below[index][1]
    return written


@dataclass(frozen=True)
class _Known:
    """What headings of two levels may mean: the columns of each heading, and of each beginning of one."""

    spellings: Mapping[str, frozenset[str]]
    beginnings: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, columns: Sequence[Column]) -> Self:
        """What these columns know."""
        spellings: dict[str, set[str]] = defaultdict(set)
        beginnings: dict[str, set[str]] = defaultdict(set)
        for column in columns:
            for words in map(heading, (column.name, *column.aliases)):
                spellings[words].add(column.name)
                for end in range(2, len(words)):
                    beginnings[words[:end]].add(column.name)
        return cls(
            {words: frozenset(names) for words, names in spellings.items()},
            {words: frozenset(names) for words, names in beginnings.items()},
        )

    def joined(self, upper: str, lower: str) -> str:
        """The heading that two levels make together, or the lower one alone.

        Alone it stands where the upper one begins no known heading, or one of the same column, or where it
        repeats the upper one (残疾证 over 残疾类别, but not 民政协理员 over 电话).
        """
        both = upper + lower
        if both in self.spellings:
            return both
        begun = self.beginnings.get(upper, frozenset())
        same = begun & self.spellings.get(lower, frozenset())
        return lower if not begun or same or lower.startswith(upper[:2]) else both


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
