"""Runs: one row each from the wish to the record, which is written whole or not at all."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

import pandas as pd
import psutil
from sqlalchemy import Select, false, insert, select, update

from planner.errors import AccessError, InputError
from planner.plugin import Cause, Progress
from planner.store.audit import Action, record
from planner.store.roles import Act
from planner.store.run_frames import pack, save_packed, unseal
from planner.store.scope import EVERYTHING
from planner.store.tables import run_frames, runs
from planner.store.workspace import Workspace

State = Literal["queued", "running", "done", "stopped", "failed", "broken"]
ACTIVE = ("queued", "running")
LONGEST_NAME = 60
LOOKED_AT = 500  # who looks for a run that will do goes back so far
# How long a process may take to start before its run counts as broken.
_START_WITHIN = timedelta(seconds=120)


@dataclass(frozen=True)
class RunRequest:
    """What is to be run: plugin, parameters, both days, area, seed, limits, and on whose wish."""

    plugin: str
    plugin_version: str
    params: Mapping[str, Any]
    as_of: date
    known_at: datetime
    area: str | None
    seed: int
    time_limit_s: float | None
    work_limit: int | None
    who: str
    replay_of: str | None


@dataclass(frozen=True)
class RunRecord:
    """How a run ended: the state, why it was cut short, the work done, figures, notes, hashes of the input."""

    state: Literal["done", "stopped"]
    cause: Cause | None
    work: int
    metrics: Mapping[str, Any] | None
    notes: tuple[str, ...]
    input_hashes: Mapping[str, str]
    duration_s: float | None


@dataclass(frozen=True)
class Run(RunRequest):
    """The row of a run. `metrics` is None where it has no result; `tables` names the frames it made.

    `name` is what people call it where it is kept as a scenario.
    """

    id: str
    state: State
    cause: Cause | None
    doing: str | None
    share: float | None
    work: int
    pid: int | None
    pid_created: float | None
    created: datetime
    started: datetime | None
    finished: datetime | None
    duration_s: float | None
    message: str | None
    exit_code: int | None
    metrics: dict[str, Any] | None
    notes: list[str]
    input_hashes: dict[str, str]
    tables: list[str]
    name: str | None = None


_COLUMNS = [runs.c[item.name] for item in fields(Run)]


def create_run(workspace: Workspace, request: RunRequest) -> str:
    """A queued run; its id begins with the day and sorts by it.

    Raises AccessError where the person may not run plugins, or not on that area.
    """
    workspace.person.check(Act.RUN)
    scope = workspace.person.scope
    if scope != EVERYTHING and (request.area is None or not scope.holds(request.area)):
        raise AccessError("这次运行超出了您的管辖区域", "选自己管辖的区域")
    now = datetime.now(UTC)
    run_id = f"{now.astimezone():%Y%m%d}-{secrets.token_hex(4)}"
    with workspace.writing() as connection:
        connection.execute(insert(runs).values(**asdict(request), id=run_id, state="queued", created=now))
        detail = {"plugin": request.plugin, "area": request.area, "as_of": request.as_of}
        record(connection, Action.RUN, run_id, detail=detail | {"replay_of": request.replay_of})
    return run_id


def read_run(workspace: Workspace, run_id: str) -> Run:
    """The run of that id. Raises InputError where there is none that the person may see."""
    found = _read(workspace, select(*_COLUMNS).where(runs.c.id == run_id))
    if not found:
        raise InputError(f"没有编号为“{run_id}”的运行", "编号见网页“运行记录”,或运行时输出的“运行”一项")
    return found[0]


def list_runs(workspace: Workspace, limit: int = LOOKED_AT) -> list[Run]:
    """The newest runs that the person may see, newest first."""
    return _read(workspace, select(*_COLUMNS).order_by(runs.c.number.desc()).limit(limit))


def latest_run(workspace: Workspace, plugin: str, *, with_result: bool = False) -> Run | None:
    """The newest run of a plugin that the person may see, or the newest of those that have a result."""
    statement = select(*_COLUMNS).where(runs.c.plugin == plugin).order_by(runs.c.number.desc()).limit(1)
    if with_result:
        statement = statement.where(runs.c.metrics.is_not(None))
    return next(iter(_read(workspace, statement)), None)


def name_run(workspace: Workspace, run_id: str, name: str | None) -> None:
    """Call a run by a name, a scenario that people speak of; None or blanks take the name away.

    Raises InputError where there is no such run that the person may see, for a name that is too long, and for
    one that another run they may see has.
    """
    read_run(workspace, run_id)
    name = " ".join((name or "").split()) or None
    if name is not None and len(name) > LONGEST_NAME:
        raise InputError(f"名称有{len(name)}个字", f"请写不超过{LONGEST_NAME}个字")
    taken = (
        _read(workspace, select(*_COLUMNS).where(runs.c.name == name, runs.c.id != run_id)) if name else []
    )
    if taken:
        raise InputError(f"运行 {taken[0].id} 已叫“{name}”", "换一个名称")
    with workspace.writing() as connection:
        connection.execute(update(runs).where(runs.c.id == run_id).values(name=name))
        record(connection, Action.NAME_RUN, run_id, detail={"name": name})


def start_run(workspace: Workspace, run_id: str, pid: int, pid_created: float) -> None:
    """The process of a queued run has begun."""
    _change(
        workspace,
        run_id,
        "queued",
        state="running",
        pid=pid,
        pid_created=pid_created,
        started=datetime.now(UTC),
    )


def report_progress(workspace: Workspace, run_id: str, progress: Progress) -> None:
    """What the run is doing, and how far it is."""
    _change(workspace, run_id, "running", doing=progress.doing, share=progress.share, work=progress.work)


def wish_stop(workspace: Workspace, run_id: str) -> None:
    """Ask a run to stop; one that has ended hears nothing. Raises InputError where there is no such run."""
    read_run(workspace, run_id)
    _change(workspace, run_id, *ACTIVE, stop_wished=True)


def stop_wished(workspace: Workspace, run_id: str) -> bool:
    """Whether the run was asked to stop."""
    with workspace.reading() as connection:
        return bool(connection.execute(select(runs.c.stop_wished).where(runs.c.id == run_id)).scalar())


def finish_run(
    workspace: Workspace, run_id: str, record: RunRecord, frames: Mapping[str, pd.DataFrame]
) -> None:
    """Write the record with its frames in one go; nothing where the run has ended already."""
    packed = {name: pack(frame) for name, frame in frames.items()}
    ended = {**asdict(record), "notes": list(record.notes), "tables": list(frames)}
    with workspace.writing() as connection:
        changed = connection.execute(
            update(runs)
            .where(runs.c.id == run_id, runs.c.state.in_(ACTIVE))
            .values(**ended, finished=datetime.now(UTC), doing=None)
        )
        if changed.rowcount:
            save_packed(connection, workspace.ring, run_id, packed)


def fail_run(workspace: Workspace, run_id: str, message: str, exit_code: int) -> None:
    """The run has ended without a result, for the reason given."""
    _change(
        workspace,
        run_id,
        *ACTIVE,
        state="failed",
        message=message,
        exit_code=exit_code,
        finished=datetime.now(UTC),
        doing=None,
    )


def mark_broken_runs(workspace: Workspace) -> None:
    """Mark the runs whose process has gone without a record."""
    now = datetime.now(UTC)
    for run in _read(workspace, select(*_COLUMNS).where(runs.c.state.in_(ACTIVE))):
        late = run.pid is None and now - run.created > _START_WITHIN
        if late or (run.pid is not None and not _lives(run.pid, run.pid_created)):
            message = "运行进程已不在,没有留下结果(可能是程序关闭或断电)。请重新运行"
            _change(
                workspace,
                run.id,
                run.state,
                state="broken",
                message=message,
                exit_code=1,
                finished=now,
                doing=None,
            )


def read_run_frame(workspace: Workspace, run_id: str, name: str) -> Any:
    """A layer or table that a run made (EPSG:4544). Raises InputError where it made none of that name.

    Raises InputError too where there is no such run that the person may see.
    """
    read_run(workspace, run_id)
    with workspace.reading() as connection:
        content = connection.execute(
            select(run_frames.c.content).where(run_frames.c.run == run_id, run_frames.c.name == name)
        ).scalar()
    if content is None:
        raise InputError(f"运行 {run_id} 没有产出“{name}”", "重新运行一次")
    return unseal(workspace.ring, run_id, name, content)


def _read(workspace: Workspace, statement: Select[Any]) -> list[Run]:
    """The runs of a statement that the person may see: those on an area of theirs."""
    person = workspace.person
    seen = person.scope.condition(runs.c.area) if person.may(Act.RUN) else false()
    statement = statement.where(seen)
    with workspace.reading() as connection:
        return [Run(**row._mapping) for row in connection.execute(statement)]


def _change(workspace: Workspace, run_id: str, *states: str, **values: Any) -> None:
    """Change the row of a run that is in one of the states; nothing otherwise."""
    with workspace.writing() as connection:
        connection.execute(update(runs).where(runs.c.id == run_id, runs.c.state.in_(states)).values(**values))


def _lives(pid: int, created: float | None) -> bool:
    """Whether the process of that number is still the one that was started."""
    try:
        process = psutil.Process(pid)
        return process.create_time() == created and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
