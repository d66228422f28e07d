"""The fate of every row of a file whose sound rows are taken although others are not.

A finding is a Problem with a code; the worst code of a row decides: E rejects it, W accepts it with a warning,
N only tells, S leaves it out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, Generic, TypeVar

from planner.errors import Problem
from planner.ledger.cells import Cell, Fault, Parser
from planner.ledger.readings import Reading, Remark
from planner.ledger.tables import Row, Skip, Table

Record = TypeVar("Record")
Value = TypeVar("Value")
AnyRow = TypeVar("AnyRow", bound="RowOutcome[Any]")
AnyChecked = TypeVar("AnyChecked", bound="CheckedRows[Any]")

UNCHANGED = "S-UNCHANGED"
_SKIP_CODES = {Skip.TOTAL: "S-TOTAL", Skip.FOOTER: "S-FOOTER", Skip.HEADER: "S-HEADER", Skip.EMPTY: "S-EMPTY"}


class Outcome(StrEnum):
    """What becomes of a row."""

    ACCEPT = "accept"
    WARN = "accept_with_warning"
    REJECT = "reject"
    SKIP = "skip"


@dataclass(frozen=True)
class RowOutcome(Generic[Record]):
    """A row, its fate, why, and the record it gave where it is accepted."""

    sheet: str | None
    row: int
    outcome: Outcome
    findings: tuple[Problem, ...] = ()
    record: Record | None = None

    @property
    def codes(self) -> tuple[str, ...]:
        """The code of each finding."""
        return tuple(finding.code for finding in self.findings)

    @property
    def messages(self) -> tuple[str, ...]:
        """Each finding in words: row, column, what is wrong, what to do."""
        return tuple(str(finding) for finding in self.findings)

    @property
    def is_accepted(self) -> bool:
        """Whether the record is taken, with or without a warning."""
        return self.outcome in (Outcome.ACCEPT, Outcome.WARN)


@dataclass(frozen=True)
class SheetShape:
    """Where a sheet's header stands and how wide it is, to write beside it."""

    sheet: str | None
    header_rows: tuple[int, ...]
    width: int


@dataclass(frozen=True)
class CheckedRows(Generic[Record]):
    """A file with the fate of each non-empty row below its headers, and what must be said of the file.

    `filed` is the day that the file declares itself, None where it declares none or several.
    `read` = `accepted` + `rejected` + `skipped`; `accepted` counts the rows with a warning, too.
    `sha256` is that of the bytes that were read.
    """

    file: str
    rows: tuple[RowOutcome[Record], ...]
    notices: tuple[Problem, ...]
    sheets: tuple[SheetShape, ...]
    filed: date | None
    sha256: str

    @property
    def read(self) -> int:
        """The rows read."""
        return len(self.rows)

    @property
    def accepted(self) -> int:
        """The rows taken, with or without a warning."""
        return sum(row.is_accepted for row in self.rows)

    @property
    def rejected(self) -> int:
        """The rows refused."""
        return sum(row.outcome is Outcome.REJECT for row in self.rows)

    @property
    def skipped(self) -> int:
        """The rows left out: totals, footers, repeated headers, and what is known already."""
        return sum(row.outcome is Outcome.SKIP for row in self.rows)

    @property
    def unchanged(self) -> int:
        """Of the rows left out those that say what the workspace holds already."""
        return sum(UNCHANGED in row.codes for row in self.rows)

    @property
    def records(self) -> tuple[Record, ...]:
        """The records of the accepted rows, in order."""
        return tuple(row.record for row in self.rows if row.is_accepted and row.record is not None)


class RowReader:
    """Reads the cells of one row and collects what is found in them."""

    def __init__(self, table: Table, row: Row, *, sheet: str | None) -> None:
        self.table = table
        self.row = row
        self._told_sheet = sheet
        self.findings: list[Problem] = []
        if row.broken:
            self.add("E-ROW", None, row.broken, "请改正这一行")

    @property
    def is_rejected(self) -> bool:
        """Whether an error was found so far."""
        return any(finding.code.startswith("E-") for finding in self.findings)

    @property
    def is_skipped(self) -> bool:
        """Whether the row is to be left out, as far as is known."""
        return any(finding.code.startswith("S-") for finding in self.findings)

    def cell(self, column: str) -> Cell:
        """The cell of a column, None where it is blank or there is no such column."""
        return self.row.cells.get(column)

    def add(self, code: str, column: str | None, message: str, fix: str = "") -> None:
        """Record a finding; `column` is a name of the table."""
        place = self.table.place(column) if column else None
        self.findings.append(
            Problem(message, fix, row=self.row.number, column=place, sheet=self._told_sheet, code=code)
        )

    def parse(self, column: str, parser: Parser[Value], code: str) -> Value | None:
        """The meaning of a cell; None where it is blank, or faulty (then told under `code`)."""
        return self.read(column, lambda cell: Reading(parser(cell)), code)

    def read(
        self, column: str, normalise: Callable[[Cell], Reading[Value | None]], code: str
    ) -> Value | None:
        """As `parse` for a normaliser with remarks; a fault with a code of its own keeps it."""
        cell = self.cell(column)
        if cell is None:
            return None
        try:
            reading = normalise(cell)
        except Fault as fault:
            self.add(fault.code or code, column, fault.message, fault.fix)
            return None
        for remark in reading.remarks:
            self.tell(column, remark)
        return reading.value

    def tell(self, column: str | None, remark: Remark) -> None:
        """Record a remark of a normaliser."""
        self.add(remark.code, column, remark.message, remark.fix)

    def settle(self, record: Record | None) -> RowOutcome[Record]:
        """The fate that the findings so far give the row."""
        codes = [finding.code[:2] for finding in self.findings]
        if "E-" in codes or record is None:
            outcome, record = Outcome.REJECT, None
        elif "S-" in codes:
            outcome = Outcome.SKIP
        else:
            outcome = Outcome.WARN if "W-" in codes else Outcome.ACCEPT
        return RowOutcome(self.table.sheet, self.row.number, outcome, tuple(self.findings), record)


def judged(checked: AnyChecked, judge: Callable[[Any], Problem | None]) -> AnyChecked:
    """`checked` with what only the workspace can tell of its accepted rows; `judge` names no row or sheet.

    A problem with an E code rejects the row, one with an S code leaves it out and keeps its record.
    """
    several = len(checked.sheets) > 1

    def settled(row: RowOutcome[Any]) -> RowOutcome[Any]:
        found = judge(row) if row.is_accepted else None
        if found is None:
            return row
        found = replace(found, row=row.row, sheet=row.sheet if several else None)
        rejects = found.code.startswith("E-")
        return replace(
            row,
            outcome=Outcome.REJECT if rejects else Outcome.SKIP,
            findings=(*row.findings, found),
            record=None if rejects else row.record,
        )

    return replace(checked, rows=tuple(map(settled, checked.rows)))


def refuse_beyond(checked: AnyChecked, is_own: Callable[[Any], bool]) -> AnyChecked:
    """`checked` with the rows refused that are of areas beyond the scope of who imports."""
    problem = Problem("这一行的乡镇不归您管辖", "请由该乡镇或县民政导入", code="E-BEYOND-SCOPE")
    return judged(checked, lambda row: None if is_own(row) else problem)


def leave_unchanged(checked: AnyChecked, is_held: Callable[[Any], bool]) -> AnyChecked:
    """`checked` without the rows that the workspace holds already, word for word; their records stay."""
    problem = Problem("与系统中已有的相同,没有变化", code=UNCHANGED)
    return judged(checked, lambda row: problem if is_held(row) else None)


def skipped_rows(table: Table, *, sheet: str | None) -> list[RowOutcome[Record]]:
    """The rows of a table that hold no data."""
    return [
        RowOutcome(
            table.sheet,
            number,
            Outcome.SKIP,
            (Problem(reason, row=number, sheet=sheet, code=_SKIP_CODES[reason]),),
        )
        for number, reason in table.skipped.items()
    ]


def sheet_shapes(tables: Iterable[Table]) -> tuple[SheetShape, ...]:
    """Where the headers of the tables stand."""
    return tuple(SheetShape(table.sheet, table.header_rows, table.width) for table in tables)


def in_order(tables: Sequence[Table], outcomes: Iterable[AnyRow]) -> tuple[AnyRow, ...]:
    """The outcomes by sheet and row, as the file has them."""
    places = {table.sheet: index for index, table in enumerate(tables)}
    return tuple(sorted(outcomes, key=lambda item: (places[item.sheet], item.row)))
