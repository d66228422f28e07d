"""The fate of every row of a table: accepted, skipped or rejected, with what must be said about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from planner.errors import InputError, Problem
from planner.ledger.cells import Cell, Fault, Parser, Value, division_code, show, unpadded
from planner.ledger.tables import Row, Table

_MOST_LISTED = 20


class LedgerError(InputError):
    """A file with rows that cannot be imported; nothing of it is. `problems` names each place and its fix.

    `read` = `accepted` + `skipped` + `rejected`, where `accepted` counts the rows without a fault.
    """

    def __init__(
        self, message: str, fix: str, problems: Sequence[Problem], *, read: int, skipped: int, rejected: int
    ) -> None:
        super().__init__(message, fix, problems)
        self.read = read
        self.accepted = read - skipped - rejected
        self.skipped = skipped
        self.rejected = rejected


@dataclass(frozen=True)
class Checked:
    """A file every row of which passed: the frame, the count of rows, and what the user should know.

    `read` = `accepted` + `skipped`.
    """

    frame: pd.DataFrame
    read: int
    accepted: int
    skipped: int
    notices: tuple[Problem, ...]
    sha256: str


@dataclass(frozen=True)
class CheckedDivisions(Checked):
    """`frame`: code, name, parent, origin, geometry (EPSG:4490)."""

    frame: gpd.GeoDataFrame


@dataclass(frozen=True)
class CheckedInstitutions(Checked):
    """`frame`: the institutions, with geometry (EPSG:4490); `states`: institution, since, state, planned_opening.

    `rows_of` tells how many rows of the file each institution has.
    """

    frame: gpd.GeoDataFrame
    states: pd.DataFrame
    rows_of: Mapping[str, int]


class Tally:
    """Collects, while a table is read, the faults and notices of its rows; `counts` settles the account."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._problems: list[Problem] = []
        self._rejected: set[int] = set()
        self._skipped: set[int] = set(table.skipped)
        self._notices: dict[tuple[str, str | None], list[int]] = {(text, None): [] for text in table.notices}
        for number, reason in table.skipped.items():
            self.note(reason, number)
        for row in table.rows:
            if row.broken:
                self.reject(row.number, None, row.broken, "请改正这一行")

    def reject(self, number: int, column: str | None, message: str, fix: str, value: Cell = None) -> None:
        """Record a fault of a row; `column` is a name of the table, `value` what stood there."""
        self._rejected.add(number)
        self._problems.append(
            Problem(
                message,
                fix,
                row=number,
                column=self.table.place(column) if column else None,
                sheet=self.table.sheet if self.table.lettered else None,
                value=None if value is None else show(value),
            )
        )

    def reject_all(self, numbers: Sequence[int], message: str, fix: str) -> None:
        """Record one fault that several rows share."""
        self._rejected.update(numbers)
        self._problems.append(Problem(f"{message}({rows_in_words(numbers)})", fix))

    def note(self, message: str, number: int | None = None, column: str | None = None) -> None:
        """Record a remark; the same remark on several rows is told once, with the rows."""
        rows = self._notices.setdefault((message, column), [])
        if number is not None:
            rows.append(number)

    def skip(self, number: int, reason: str) -> None:
        """Record that a row is left out, and why."""
        self._skipped.add(number)
        self.note(reason, number)

    def is_rejected(self, number: int) -> bool:
        """Whether a fault was found in the row so far."""
        return number in self._rejected

    def read(self, row: Row, column: str, parse: Parser[Value]) -> Value | None:
        """The meaning of a cell; None where it is blank, or faulty (then the row is rejected)."""
        cell = row.cells.get(column)
        if cell is None:
            return None
        try:
            return parse(cell)
        except Fault as fault:
            self.reject(row.number, column, fault.message, fault.fix, cell)
            return None

    def require(self, row: Row, column: str, parse: Parser[Value], fix: str) -> Value | None:
        """As `read`, but a blank cell is a fault, too."""
        if column not in row.cells:
            self.reject(row.number, column, "没有填写", fix)
            return None
        return self.read(row, column, parse)

    def read_code(self, row: Row, column: str) -> str | None:
        """A division code, freed of the zeros that pad an upper level; the row is told where it was padded."""
        code = self.read(row, column, division_code)
        if code is None:
            return None
        if (short := unpadded(code)) != code:
            self.note("补零的区划代码按级别读作短代码,如640500000000读作6405", row.number, column)
        return short

    def counts(self) -> tuple[int, int, int, tuple[Problem, ...]]:
        """(read, accepted, skipped, notices). Raises LedgerError with every problem if a row was rejected."""
        read = len(self.table.rows) + len(self.table.skipped)
        skipped = len(self._skipped - self._rejected)
        if self._rejected:
            word = "" if self.table.lettered else "(行号为要素序号)"
            raise LedgerError(
                f"文件“{self.table.file}”读到{read}行,{len(self._rejected)}行不能导入,全部没有写入{word}",
                "请改正下列各处后重新导入",
                sorted(self._problems, key=lambda problem: problem.row or 0),
                read=read,
                skipped=skipped,
                rejected=len(self._rejected),
            )
        return read, read - skipped, skipped, tuple(self._told())

    def _told(self) -> list[Problem]:
        told = []
        for (message, column), numbers in self._notices.items():
            place = self.table.place(column) if column else None
            if len(numbers) == 1:
                told.append(Problem(message, row=numbers[0], column=place))
            else:
                rows = f"({rows_in_words(numbers)})" if numbers else ""
                told.append(Problem(f"{message}{rows}", column=place))
        return told


def rows_in_words(numbers: Sequence[int]) -> str:
    """「第5、9行」, at most twenty of them."""
    ordered = sorted(set(numbers))
    listed = "、".join(str(number) for number in ordered[:_MOST_LISTED])
    more = f"等{len(ordered)}行" if len(ordered) > _MOST_LISTED else "行"
    return f"第{listed}{more}"
