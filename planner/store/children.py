"""Child files (一人一档): saved as sealed versions, read within one's scope and as one's role sees them.

What a person may not see is not there for them: a file of another area, and a number that nobody has, get the
same answer. Whatever is read here for a person to see is written into the audit first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import partial

from sqlalchemy import func, select

from planner.errors import AccessError, InputError
from planner.store.audit import DONE, MISSING, REFUSED, Action, record
from planner.store.child_rows import ChildFile, files_of, newest, on_day
from planner.store.child_saving import NewVersion, find_holders, save_versions
from planner.store.masking import seen
from planner.store.protected import child_versions
from planner.store.roles import Act
from planner.store.scope import Scope
from planner.store.sealing import indexes_of
from planner.store.workspace import Workspace

__all__ = [
    "ORDERS",
    "ChildFile",
    "NewVersion",
    "count_files",
    "each_whole_file",
    "find_by_index",
    "find_holders",
    "read_file",
    "read_files",
    "reveal_file",
    "save_versions",
    "whole_files",
]

_VERSIONS = child_versions.c
_AT_ONCE = 1000
ORDERS: Mapping[str, Callable[[ChildFile], tuple[str | date, ...]]] = {
    "village": lambda item: (item.township, item.village or "", item.file),
    "grade": lambda item: (item.grade or "", item.file),
    "since": lambda item: (item.valid_from, item.file),
    "file": lambda item: (item.file,),
}


def read_files(
    workspace: Workspace, *, as_of: date, known_at: datetime | None = None, order: str = "village"
) -> list[ChildFile]:
    """The files of a day in the person's scope, as known at `known_at` (None: now), as their role sees them.

    `order` is one of ORDERS; files come last in it. Raises AccessError where the role sees no files.
    """
    if order not in ORDERS:
        raise InputError(f"不能按“{order[:20]}”排序", f"可用:{'、'.join(ORDERS)}")
    _check(workspace, Act.READ_FILES, Action.LIST)
    person = workspace.person
    statement = on_day(person.scope, as_of=as_of, known_at=known_at)
    with workspace.reading() as connection:
        rows = connection.execute(statement)
        files = [file for _, file in files_of(workspace.ring, rows, partial(seen, person))]
    files.sort(key=ORDERS[order])
    with workspace.writing() as connection:
        areas = "、".join(sorted(person.scope.areas)) if person.scope.areas is not None else "全部"
        record(connection, Action.LIST, areas, detail={"as_of": as_of, "count": len(files)})
    return files


def count_files(workspace: Workspace, *, as_of: date, known_at: datetime | None = None) -> int:
    """How many files there are in the person's scope on a day. Raises AccessError where the role sees none."""
    _check(workspace, Act.READ_FILES, Action.LIST)
    statement = on_day(workspace.person.scope, as_of=as_of, known_at=known_at).subquery()
    with workspace.reading() as connection:
        return connection.execute(select(func.count()).select_from(statement)).scalar_one()


def read_file(workspace: Workspace, file: str) -> ChildFile:
    """The newest version of a file, as the person's role sees it.

    Raises InputError where there is none in their scope, whether or not there is one elsewhere.
    """
    found = _read_one(workspace, file, Act.READ_FILES, Action.READ)
    return replace(found, content=seen(workspace.person, found.content, found.area))


def reveal_file(workspace: Workspace, file: str, reason: str) -> ChildFile:
    """The newest version of a file with its whole numbers, for a reason that is kept. Raises as `read_file`."""
    if len(reason.strip()) < 2:
        raise InputError("没有写明查看完整号码的理由", "写明用途,如“办理孤儿津贴”")
    return _read_one(workspace, file, Act.REVEAL, Action.REVEAL, reason)


def find_by_index(workspace: Workspace, text: str) -> list[ChildFile]:
    """The newest versions of the files in the person's scope of the child with that ID, usually one or none."""
    _check(workspace, Act.READ_FILES, Action.FIND)
    with workspace.writing() as connection:
        ring = workspace.ring
        condition = _VERSIONS.person_index.in_(indexes_of(ring, text))
        found_by = newest(
            workspace.person.scope, among=_VERSIONS.file.in_(select(_VERSIONS.file).where(condition))
        )
        rows = connection.execute(found_by.where(condition).order_by(_VERSIONS.file)).all()
        files = [file for _, file in files_of(ring, rows, partial(seen, workspace.person))]
        found = "、".join(item.file for item in files)
        record(connection, Action.FIND, found, result=DONE if files else MISSING)
    return files


def whole_files(
    workspace: Workspace, scope: Scope, *, as_of: date, known_at: datetime | None = None
) -> list[ChildFile]:
    """The files of a day in `scope` with all their content, by file: for imports to compare with and layers to
    be made of, never to be shown. What lies beyond the person's own scope is left out."""
    return sorted(each_whole_file(workspace, scope, as_of=as_of, known_at=known_at), key=ORDERS["file"])


def each_whole_file(
    workspace: Workspace, scope: Scope, *, as_of: date, known_at: datetime | None = None
) -> Iterator[ChildFile]:
    """As `whole_files`, one after another in no order, so that a county's contents need not lie in memory at once."""
    workspace.person.check(Act.READ_FILES)
    statement = on_day(scope.within(workspace.person.scope), as_of=as_of, known_at=known_at)
    with (
        workspace.reading() as connection,
        connection.execute(statement, execution_options={"yield_per": _AT_ONCE}) as rows,
    ):
        for part in rows.partitions():
            yield from (file for _, file in files_of(workspace.ring, part))


def _read_one(workspace: Workspace, file: str, act: Act, action: Action, reason: str = "") -> ChildFile:
    _check(workspace, act, action, file[:40])
    with workspace.writing() as connection:
        rows = connection.execute(newest(workspace.person.scope, among=_VERSIONS.file == file)).all()
        found = [file for _, file in files_of(workspace.ring, rows)]
        record(connection, action, file[:40], reason=reason, result=DONE if found else MISSING)
    if not found:
        raise InputError("没有这份档案", "核对编号;不归您管辖的档案同样查不到")
    return found[0]


def _check(workspace: Workspace, act: Act, action: Action, object: str = "") -> None:
    """Raises AccessError where the role may not do this; that it was tried is in the audit."""
    try:
        workspace.person.check(act)
    except AccessError:
        with workspace.writing() as connection:
            record(connection, action, object, result=REFUSED)
        raise
