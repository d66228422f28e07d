"""Closing files: at the 18th birthday (A-13), and because a child moved away, died, or is in no difficulty any more.

A closed file is in no list, count or layer from that day on; the days before are as they were.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from planner.errors import InputError
from planner.jobs.changes import begin_change, check_past, check_reason, discreet, recount
from planner.model.children import Closing
from planner.policy.from_record import ledger_end
from planner.store.audit import Action, record, typed
from planner.store.carrying import held_file, home_of, open_files
from planner.store.child_records import record_of
from planner.store.child_rows import ChildFile
from planner.store.child_saving import NewVersion, move_versions
from planner.store.children import check_act
from planner.store.roles import Act
from planner.store.rule_sets import rules_on
from planner.store.tasks import end_tasks
from planner.store.transfers import TransferState, pending_of, settle
from planner.store.workspace import Workspace


@dataclass(frozen=True)
class ClosedFile:
    """A file that was closed: where it was, its grade, and on which day. Nothing tells who the child is."""

    file: str
    township: str
    village: str | None
    grade: str | None
    day: date


def close_of_age(workspace: Workspace, as_of: date) -> list[ClosedFile]:
    """Close every open file in the person's scope whose child is 18 by `as_of`, each on the birthday.

    A birth of which only the month is known is past once that month is over; a file that has a version from a
    later day is closed on that day. Calling again closes nothing. Raises AccessError for who may not.
    """
    check_act(workspace, Act.EDIT_FILES, Action.CLOSE)
    check_past(as_of, "期满")
    with workspace.writing() as connection:
        rules = rules_on(connection, as_of)
        due = []
        for file in open_files(connection, workspace.person.scope):
            child = record_of(file)
            end = ledger_end(child.birth, child.birth_month, rules)
            if end is not None and end <= as_of and file.valid_from <= as_of:
                due.append((file, max(end, file.valid_from)))
        return _close(connection, due, Closing.OF_AGE, "")


def close_file(workspace: Workspace, file: str, *, on: date, closing: Closing, reason: str) -> ClosedFile:
    """Close one file on a day, for a reason that is kept.

    Raises InputError for a file or day that cannot be, AccessError for who may not, ConflictError where it is
    closed already.
    """
    check_act(workspace, Act.EDIT_FILES, Action.CLOSE, typed(file))
    check_past(on, "关闭")
    reason = check_reason(reason)
    if closing is Closing.OF_AGE:
        raise InputError("期满由系统按出生日期办理", "用 planner child close-of-age")
    with workspace.writing() as connection:
        held = held_file(connection, file)
        if on < held.valid_from:
            raise InputError(f"档案最新的版本自{held.valid_from}起,关闭日期不能更早", "用这一天或以后的日期")
        reason = discreet(reason, record_of(held))
        (closed,) = _close(connection, [(held, on)], closing, reason)
    return closed


def _close(
    connection: Connection,
    due: Sequence[tuple[ChildFile, date]],
    closing: Closing,
    reason: str,
) -> list[ClosedFile]:
    if not due:
        return []
    stamp = begin_change(connection, "closing", len(due), max(day for _, day in due))
    move_versions(
        connection, [_last_version(file, day, closing) for file, day in due], import_id=stamp.import_id
    )
    files = [file.file for file, _ in due]
    for pending in pending_of(connection, files):
        settle(connection, pending, TransferState.WITHDRAWN)
    end_tasks(connection, files, state="cancelled")
    for file, day in due:
        detail = {"closing": closing.name, "day": day}
        record(connection, Action.CLOSE, file.file, reason=reason, detail=detail)
    touched: dict[str, set[date]] = defaultdict(set)
    for file, day in due:
        if village := home_of(file.content):
            touched[village].add(day)
    recount(connection, touched, kind="closing", stamp=stamp)
    return [ClosedFile(file.file, file.township, file.village, file.grade, day) for file, day in due]


def _last_version(file: ChildFile, day: date, closing: Closing) -> NewVersion:
    return NewVersion(
        township=file.township,
        village=file.village,
        hukou_village=file.hukou_village,
        grade=file.grade,
        categories=file.categories,
        valid_from=day,
        valid_to=day,
        content=file.content,
        file=file.file,
        expected=file.version,
        closing=closing,
    )
