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
from planner.model.children import Closing
from planner.store.audit import DONE, MISSING, REFUSED, Action, record, typed
from planner.store.child_rows import (
    ANY,
    VERSION,
    ChildFile,
    Choice,
    files_of,
    held,
    is_open,
    listed,
    newest,
    on_day,
    uncollected,
)
from planner.store.child_saving import NewVersion, find_holders, save_versions
from planner.store.masking import seen, without_names
from planner.store.protected import child_versions
from planner.store.rates import within_rate
from planner.store.roles import Act, Person
from planner.store.scope import Scope
from planner.store.sealing import indexes_of
from planner.store.workspace import Workspace

__all__ = [
    "ANY",
    "ORDERS",
    "ChildFile",
    "Choice",
    "NewVersion",
    "archive_of",
    "check_act",
    "closed_files",
    "count_files",
    "each_whole_file",
    "find_by_index",
    "find_holders",
    "grade_steps",
    "read_file",
    "read_files",
    "read_history",
    "reveal_file",
    "save_versions",
    "take_files",
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
    workspace: Workspace,
    *,
    as_of: date,
    known_at: datetime | None = None,
    order: str = "village",
    choice: Choice = ANY,
) -> list[ChildFile]:
    """The files of a day in the person's scope, as known at `known_at` (None: now), as their role sees them.

    A list tells the name and the ID number of a child and no more: who needs the rest opens the file. `order` is one of ORDERS; files come last in it. Raises AccessError where the role sees no files.
    """
    if order not in ORDERS:
        raise InputError(f"不能按“{order[:20]}”排序", f"可用:{'、'.join(ORDERS)}")
    check_act(workspace, Act.READ_FILES, Action.LIST)
    person = workspace.person
    statement = on_day(person.scope, as_of=as_of, known_at=known_at).where(choice.condition())
    with workspace.reading() as connection, uncollected():
        rows = connection.execute(statement).all()
        files = listed(workspace.ring, rows, partial(seen, person))
        files.sort(key=ORDERS[order])
    with workspace.writing() as connection:
        record(connection, Action.LIST, _areas(person, choice), detail={"as_of": as_of, "count": len(files)})
    return files


def take_files(
    workspace: Workspace, *, as_of: date, serial: str, reason: str, choice: Choice = ANY
) -> list[ChildFile]:
    """The files of a day for a paper that leaves the workspace, as the person's role sees them, by village.

    The audit has its serial, the reason and the number of files before anything is handed out. Raises
    AccessError where the role takes none out, InputError without a reason, where nothing was found, or where
    one of the numbers asked for is not there.
    """
    check_act(workspace, Act.EXPORT_FILES, Action.EXPORT, serial)
    _check_reason(reason, "导出", "上报区民政厅督查")
    person = workspace.person
    statement = on_day(person.scope, as_of=as_of, known_at=None).where(choice.condition())
    with within_rate(workspace, Action.EXPORT, serial) as connection:
        rows = connection.execute(statement)
        files = [file for _, file in files_of(workspace.ring, rows, partial(seen, person))]
        found = bool(files) and choice.files in (None, {item.file for item in files})
        detail = {"as_of": as_of, "count": len(files) if found else 0, "areas": _areas(person, choice)}
        result = DONE if found else MISSING
        why = without_names(reason, (file.content for file in files))
        record(connection, Action.EXPORT, serial, reason=why, result=result, detail=detail)
    if not found:
        raise InputError("没有找到要导出的档案", "核对编号、区划和截至日;不归您管辖的档案同样查不到")
    return sorted(files, key=ORDERS["village"])


def count_files(workspace: Workspace, *, as_of: date, known_at: datetime | None = None) -> int:
    """How many files there are in the person's scope on a day. Raises AccessError where the role sees none."""
    check_act(workspace, Act.READ_FILES, Action.LIST)
    statement = on_day(workspace.person.scope, as_of=as_of, known_at=known_at).subquery()
    with workspace.reading() as connection:
        return connection.execute(select(func.count()).select_from(statement)).scalar_one()


def read_file(workspace: Workspace, file: str) -> ChildFile:
    """The newest version of a file, as the person's role sees it.

    Raises InputError where there is none in their scope, whether or not there is one elsewhere.
    """
    found = _read_one(workspace, file, Act.READ_FILES, Action.READ)
    return replace(found, content=seen(workspace.person, found.content, found.area))


def read_history(workspace: Workspace, file: str) -> list[ChildFile]:
    """Every version of a file, oldest first, as the person's role sees them. Raises as `read_file`.

    Of a version that lay beyond the person's scope only that there was one, and that there was somebody.
    """
    check_act(workspace, Act.READ_FILES, Action.READ, typed(file))
    person = workspace.person
    with workspace.writing() as connection:
        statement = select(*VERSION).where(_VERSIONS.file == file, _VERSIONS.file.in_(held(person.scope)))
        rows = connection.execute(statement.order_by(_VERSIONS.version)).all()
        found = [item for _, item in files_of(workspace.ring, rows, partial(seen, person))]
        result = DONE if found else MISSING
        record(connection, Action.READ, typed(file), result=result, detail={"versions": len(found)})
    if not found:
        raise _no_such_file()
    return found


def reveal_file(workspace: Workspace, file: str, reason: str) -> ChildFile:
    """The newest version of a file with its whole numbers, for a reason that is kept. Raises as `read_file`."""
    _check_reason(reason, "查看完整号码", "办理孤儿津贴")
    return _read_one(workspace, file, Act.REVEAL, Action.REVEAL, reason)


def find_by_index(workspace: Workspace, text: str) -> list[ChildFile]:
    """The newest versions of the open files in the person's scope of the child with that ID, one or none."""
    check_act(workspace, Act.READ_FILES, Action.FIND)
    with within_rate(workspace, Action.FIND) as connection:
        ring = workspace.ring
        condition = _VERSIONS.person_index.in_(indexes_of(ring, text))
        found_by = newest(
            workspace.person.scope, among=_VERSIONS.file.in_(select(_VERSIONS.file).where(condition))
        ).where(condition, is_open(date.today()))
        rows = connection.execute(found_by.order_by(_VERSIONS.file)).all()
        files = [file for _, file in files_of(ring, rows, partial(seen, workspace.person))]
        found = "、".join(item.file for item in files)
        record(connection, Action.FIND, found, result=DONE if files else MISSING)
    return files


def archive_of(workspace: Workspace) -> list[ChildFile]:
    """The files in the person's scope that were closed at the 18th birthday (期满), by the day, as their role
    sees them; they are in no other list. Raises AccessError where the role sees no files."""
    check_act(workspace, Act.READ_FILES, Action.ARCHIVE)
    person = workspace.person
    with workspace.writing() as connection:
        rows = connection.execute(newest(person.scope).where(_VERSIONS.valid_to.isnot(None))).all()
        closed = [file for _, file in files_of(workspace.ring, rows, partial(seen, person))]
        found = [file for file in closed if file.closing is Closing.OF_AGE and not file.is_erased]
        record(connection, Action.ARCHIVE, detail={"count": len(found)})
    return sorted(found, key=lambda item: (item.valid_to or date.max, item.file))


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


def grade_steps(
    workspace: Workspace, scope: Scope, *, as_of: date, known_at: datetime | None = None
) -> dict[str, list[tuple[date, str | None]]]:
    """Of every file in `scope` since when it has had which grade, oldest first; the first is when it was opened.

    What lies beyond the person's own scope is left out.
    """
    workspace.person.check(Act.READ_FILES)
    conditions = [
        _VERSIONS.valid_from <= as_of,
        _VERSIONS.file.in_(held(scope.within(workspace.person.scope))),
    ]
    if known_at is not None:
        conditions.append(_VERSIONS.recorded_at <= known_at)
    statement = select(_VERSIONS.file, _VERSIONS.valid_from, _VERSIONS.grade).where(*conditions)
    steps: dict[str, list[tuple[date, str | None]]] = {}
    with workspace.reading() as connection:
        for file, since, grade in connection.execute(statement.order_by(_VERSIONS.file, _VERSIONS.version)):
            of_file = steps.setdefault(file, [])
            if not of_file or of_file[-1][1] != grade:
                of_file.append((since, grade))
    return steps


def closed_files(workspace: Workspace) -> list[ChildFile]:
    """The closed files in the person's scope with all their content: for imports, never to be shown.

    Without those of whom nobody knows any more whose they were.
    """
    workspace.person.check(Act.READ_FILES)
    statement = newest(workspace.person.scope).where(_VERSIONS.valid_to.isnot(None))
    with workspace.reading() as connection:
        found = [file for _, file in files_of(workspace.ring, connection.execute(statement))]
    return [file for file in found if not file.is_erased]


def _read_one(workspace: Workspace, file: str, act: Act, action: Action, reason: str = "") -> ChildFile:
    check_act(workspace, act, action, typed(file))
    with workspace.writing() as connection:
        rows = connection.execute(newest(workspace.person.scope, among=_VERSIONS.file == file)).all()
        found = [item for _, item in files_of(workspace.ring, rows)]
        why = without_names(reason, (item.content for item in found))
        record(connection, action, typed(file), reason=why, result=DONE if found else MISSING)
    if not found:
        raise _no_such_file()
    return found[0]


def _no_such_file() -> InputError:
    return InputError("没有这份档案", "核对编号;不归您管辖的档案同样查不到")


def _check_reason(reason: str, act: str, example: str) -> None:
    if len(reason.strip()) < 2:
        raise InputError(f"没有写明{act}的理由", f"写明用途,如“{example}”")


def _areas(person: Person, choice: Choice) -> str:
    """The areas that files were read of, as the audit tells them."""
    if choice.area is not None:
        return choice.area
    return "、".join(sorted(person.scope.areas)) if person.scope.areas is not None else "全部"


def check_act(workspace: Workspace, act: Act, action: Action, object: str = "") -> None:
    """Raises AccessError where the role may not do this; that it was tried is in the audit."""
    try:
        workspace.person.check(act)
    except AccessError:
        with workspace.writing() as connection:
            record(connection, action, object, result=REFUSED)
        raise
