"""R-KEEP, the end of a file: some years after it was closed nobody is to know any more whose it was.

How many years is the workspace's own decision (`erase_after_years` in workspace.toml); without one nothing is
erased. What counts are made of stays, so that the figures of the years past are as they were.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sqlalchemy import Connection

from planner.jobs.changes import begin_change, check_past
from planner.model.children import ChildRecord, Closing
from planner.policy.ages import age_on
from planner.store.audit import Action, record, trail_of
from planner.store.child_records import record_of
from planner.store.child_rows import ChildFile
from planner.store.children import check_act
from planner.store.database import compact
from planner.store.erasing import closed_by, erase_files
from planner.store.events import files_at_risk, named_at_risk
from planner.store.protected import metadata
from planner.store.roles import Act
from planner.store.settings import years_kept
from planner.store.workspace import Workspace


@dataclass(frozen=True)
class ExpiredFile:
    """A closed file whose time is over: where it was, when and why it was closed. Nothing tells who the child is."""

    file: str
    township: str
    village: str | None
    closed: date
    closing: Closing | None


@dataclass(frozen=True)
class Expiry:
    """The files whose time is over `years` after their closing; `held_back` wait for an open protection event."""

    years: int
    files: tuple[ExpiredFile, ...]
    held_back: tuple[ExpiredFile, ...]


def list_expired(workspace: Workspace, as_of: date) -> Expiry:
    """What `erase_expired` would erase, in the person's scope. Raises as it does."""
    years = _check(workspace, as_of)
    with workspace.writing() as connection:
        due, held_back = _due(connection, as_of, years)
        record(connection, Action.ARCHIVE, detail={"expired": len(due), "held_back": len(held_back)})
    return Expiry(years, _told(due), _told(held_back))


def erase_expired(workspace: Workspace, as_of: date) -> Expiry:
    """Erase who the children are, of the files in the person's scope closed so many years before `as_of`.

    It does not come back. All or nothing; afterwards the files of the database hold none of it either. Done again
    it erases nothing more, and cleans up what a crash may have left. Raises InputError where the workspace has not
    said after how many years, AccessError for who may not, BusyError where the clean-up has to be done again.
    """
    years = _check(workspace, as_of)
    with workspace.writing() as connection:
        due, held_back = _due(connection, as_of, years)
        if due:
            # Plans of imports rest on files: whoever has one by now makes it anew.
            begin_change(connection, "erasing", len(due), max(file.valid_to or as_of for file in due))
            before = datetime.combine(_years_before(as_of, years), time.min, UTC)
            erase_files(connection, due, before=before)
    compact(workspace.engine, metadata.tables)
    return Expiry(years, _told(due), _told(held_back))


def _check(workspace: Workspace, as_of: date) -> int:
    check_act(workspace, Act.ERASE_FILES, Action.ERASE)
    check_past(as_of, "清除")
    return years_kept(workspace.folder)


def _due(connection: Connection, as_of: date, years: int) -> tuple[list[ChildFile], list[ChildFile]]:
    """The files whose time is over, without and with an open protection event."""
    closed = [
        file
        for file in closed_by(connection, as_of)
        if file.valid_to is not None and age_on(file.valid_to, as_of) >= years
    ]
    ring = trail_of(connection).keys.ring
    at_risk = files_at_risk(connection, ring, [file.file for file in closed])
    named = named_at_risk(connection, ring)
    at_risk |= {file.file for file in closed if named & _keys_of(record_of(file))}
    due = [file for file in closed if file.file not in at_risk]
    return due, [file for file in closed if file.file in at_risk]


def _keys_of(child: ChildRecord) -> set[str]:
    return {child.key, child.key_without_id}


def _years_before(day: date, years: int) -> date:
    year = max(day.year - years, date.min.year)
    return day.replace(year=year, day=min(day.day, 28)) if day.month == 2 else day.replace(year=year)


def _told(files: list[ChildFile]) -> tuple[ExpiredFile, ...]:
    return tuple(
        ExpiredFile(file.file, file.township, file.village, file.valid_to or date.max, file.closing)
        for file in files
    )
