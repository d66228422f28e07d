"""The frame of every reader that takes sound rows although others are not: read, compare, settle."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from planner.errors import Problem
from planner.ledger.filing import only_day
from planner.ledger.outcomes import CheckedRows, RowReader, in_order, sheet_shapes, skipped_rows
from planner.ledger.tables import Column, Table, read_tables
from planner.ledger.uploads import Paper

Record = TypeVar("Record")


@dataclass(frozen=True)
class ReadRow(Generic[Record]):
    """A row and what it gave; None where it is rejected."""

    reader: RowReader
    record: Record | None

    @property
    def is_sound(self) -> bool:
        """Whether nothing was found so far that keeps the row out."""
        return self.record is not None and not (self.reader.is_rejected or self.reader.is_skipped)


@dataclass(frozen=True)
class RowFile(Generic[Record]):
    """The tables of a file, its rows as read, and what must be said of it."""

    tables: Sequence[Table]
    rows: Sequence[ReadRow[Record]]
    said: tuple[str, ...]

    @property
    def several_sheets(self) -> bool:
        """Whether a message must name the sheet."""
        return len(self.tables) > 1

    def settle(self, notices: Iterable[Problem] = ()) -> CheckedRows[Record]:
        """The fate of each row, with the notices of the file."""
        outcomes = [row.reader.settle(row.record) for row in self.rows]
        for table in self.tables:
            outcomes += skipped_rows(table, sheet=table.sheet if self.several_sheets else None)
        return CheckedRows(
            file=self.tables[0].file,
            rows=in_order(self.tables, outcomes),
            notices=(*file_notices(self.tables, self.said), *notices),
            sheets=sheet_shapes(self.tables),
            filed=only_day(self.tables),
            sha256=self.tables[0].sha256,
        )


def read_rows(
    path: Paper,
    columns: Sequence[Column],
    read_row: Callable[[RowReader], Record | None],
    *,
    is_part: Callable[[str], bool] | None = None,
    sheet: str | None = None,
) -> RowFile[Record]:
    """The rows of a file, each read by `read_row`; see `read_tables` for sheets. Raises InputError."""
    tables, said = read_tables(path, columns, is_part=is_part, sheet=sheet)
    rows = []
    for table in tables:
        for row in table.rows:
            reader = RowReader(table, row, sheet=table.sheet if len(tables) > 1 else None)
            rows.append(ReadRow(reader, read_row(reader)))
    return RowFile(tables, rows, said)


def skip_repeated(rows: Iterable[ReadRow[Record]], key: Callable[[Record], object], told: str) -> None:
    """Leave out a row that says the same as an earlier one, refuse one of the same key that does not.

    `told` says in the message what the two rows are, e.g. 「同一村的同一协理员」.
    """
    seen: dict[object, ReadRow[Record]] = {}
    for row in rows:
        if not row.is_sound or row.record is None:
            continue
        first = seen.setdefault(key(row.record), row)
        if first is row:
            continue
        place = f"第{first.reader.row.number}行"
        if first.record == row.record:
            row.reader.add("S-SAME-ROW", None, f"与{place}完全相同,只取一次")
        else:
            row.reader.add("E-TWICE", None, f"与{place}是{told},内容不同", "请只留一行")


def file_notices(tables: Sequence[Table], said: Iterable[str]) -> list[Problem]:
    """What the tables themselves have to say: hidden rows, columns not used, encodings."""
    return [
        *(Problem(text, code="N-FILE") for text in said),
        *(
            Problem(text, sheet=table.sheet if len(tables) > 1 else None, code="N-FILE")
            for table in tables
            for text in table.notices
        ),
    ]
