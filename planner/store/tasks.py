"""Tasks (待办) that a child's file gives rise to: what, until when, done or not. They follow the file's holder."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal

from sqlalchemy import Connection, insert, select, update

from planner.errors import InputError
from planner.store.audit import Action, record, trail_of
from planner.store.child_rows import held
from planner.store.child_saving import batched
from planner.store.protected import tasks
from planner.store.roles import Act
from planner.store.workspace import Workspace


@dataclass(frozen=True)
class Task:
    """An open task: its kind is a short word (落户, 办证, 委托走访, 复查), nothing personal."""

    id: int
    file: str
    kind: str
    due: date


def add_tasks(connection: Connection, wanted: Collection[tuple[str, str, date]]) -> None:
    """Add tasks of (file, kind, due) for files in the person's scope; one that is open already stays as it is.

    Raises InputError where a file is not there, or not in scope.
    """
    trail = trail_of(connection)
    trail.person.check(Act.EDIT_FILES)
    known = set(connection.execute(held(trail.person.scope)).scalars())
    if any(file not in known for file, _, _ in wanted):
        raise InputError("没有这份档案", "核对编号;不归您管辖的档案同样查不到")
    rows = connection.execute(select(tasks.c.file, tasks.c.kind).where(tasks.c.state == "open"))
    open_ = {(file, kind) for file, kind in rows}
    now = datetime.now(UTC)
    for file, kind, due in wanted:
        if (file, kind) not in open_:
            open_.add((file, kind))
            values = {"file": file, "kind": kind, "due": due, "state": "open", "created": now}
            connection.execute(insert(tasks).values(values))
            record(connection, Action.TASK_SAVE, file, detail={"kind": kind, "due": due})


def read_tasks(workspace: Workspace, *, due_by: date | None = None) -> list[Task]:
    """The open tasks of the files in the person's scope, those due first first; `due_by` leaves out later ones."""
    workspace.person.check(Act.READ_FILES)
    statement = select(tasks.c.id, tasks.c.file, tasks.c.kind, tasks.c.due).where(
        tasks.c.state == "open", tasks.c.file.in_(held(workspace.person.scope))
    )
    if due_by is not None:
        statement = statement.where(tasks.c.due <= due_by)
    with workspace.reading() as connection:
        rows = connection.execute(statement.order_by(tasks.c.due, tasks.c.id))
        return [Task(**row._mapping) for row in rows]


def end_tasks(
    connection: Connection,
    files: Collection[str],
    *,
    state: Literal["done", "cancelled"],
    kind: str | None = None,
) -> None:
    """Mark the open tasks of files as done or as no longer due; `kind` leaves the others open."""
    wanted = (tasks.c.state == "open") if kind is None else (tasks.c.state == "open") & (tasks.c.kind == kind)
    for batch in batched(sorted(files)):
        ended = connection.execute(
            update(tasks)
            .where(wanted, tasks.c.file.in_(batch))
            .values(state=state, closed=datetime.now(UTC))
            .returning(tasks.c.file)
        ).scalars()
        for file in sorted(set(ended)):
            record(connection, Action.TASK_SAVE, file, detail={"state": state})


def close_task(connection: Connection, task: int) -> None:
    """Mark a task as done. Raises InputError where there is no such open task of a file in the person's scope."""
    trail = trail_of(connection)
    trail.person.check(Act.READ_FILES)
    closed = connection.execute(
        update(tasks)
        .where(tasks.c.id == task, tasks.c.state == "open", tasks.c.file.in_(held(trail.person.scope)))
        .values(state="done", closed=datetime.now(UTC))
        .returning(tasks.c.file)
    ).scalar()
    if closed is None:
        raise InputError("没有这项待办", "刷新待办列表")
    record(connection, Action.TASK_SAVE, closed, detail={"state": "done"})
