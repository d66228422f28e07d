"""Protection events (强制报告): sealed, and apart from everything else that is read of a child.

The duty officers (值班) of the area see them all and who reported them; whoever reported one sees that one.
Which child an event is about, and who reported it, stand in the sealed content; beside it only blind indexes.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, Select, and_, false, func, insert, or_, select, true

from planner.errors import AccessError, ConflictError, InputError
from planner.model.divisions import Level, is_code, level_of
from planner.model.events import EventStage
from planner.policy.courses import check_course
from planner.store.audit import Action, record, trail_of
from planner.store.keys import KeyRing
from planner.store.masking import restored, seen
from planner.store.protected import child_events
from planner.store.roles import Act, Person
from planner.store.sealing import Place, index_of, indexes_of, open_sealed, seal
from planner.store.workspace import Workspace

BOUND = ("id", "event", "version", "township")
_EVENTS = child_events.c


@dataclass(frozen=True)
class NewEvent:
    """A version of an event to be saved: `event` None reports a new one, else `expected` was worked on.

    `file` is the child's file, None for a child who has none; `stage` the word of the procedure's stage.
    """

    township: str
    stage: str
    content: Mapping[str, Any]
    file: str | None = None
    event: str | None = None
    expected: int = 0


@dataclass(frozen=True)
class Event:
    """The newest version of an event. `reporter` is the login, None for whoever may not know it."""

    event: str
    version: int
    township: str
    stage: str
    recorded_at: datetime
    file: str | None
    reporter: str | None
    content: Mapping[str, Any]


def save_event(connection: Connection, event: NewEvent) -> str:
    """Report an event or carry it on; its id. `connection` comes from `Workspace.writing`.

    Raises InputError for one that the person may not see or that is not there, and for a stage out of order;
    ConflictError where it has been carried on since, AccessError for a township beyond their scope.
    """
    trail = trail_of(connection)
    person, ring, content = trail.person, trail.keys.ring, event.content
    person.check(Act.REPORT)
    if not is_code(event.township) or level_of(event.township) is not Level.TOWNSHIP:
        raise ValueError(f"no township: {event.township}")
    reporter, version, file = person.login, 1, event.file
    passed: list[str] = []
    if event.event is not None:
        row = connection.execute(_newest(_seen(person, ring)).where(_EVENTS.event == event.event)).first()
        if row is None:
            raise InputError("没有这个事件", "核对编号;不归您办理的事件同样查不到")
        if row.version != event.expected:
            raise ConflictError(
                f"事件 {event.event} 已被别人更新到第{row.version}版,没有保存", "重新打开后再保存"
            )
        before = _opened(ring, row)
        reporter, version, file = before["reporter"], row.version + 1, file or before["file"]
        shown = _shown(person, row.township, before)
        content = restored(content, before["content"], shown)
        stages = select(_EVENTS.stage).where(_EVENTS.event == event.event).order_by(_EVENTS.version)
        passed = list(connection.execute(stages).scalars())
        earlier = _steps(before["content"])
        if _steps(content)[: len(earlier)] != earlier:
            raise InputError("事件已记下的环节被改动或删去,没有保存", "保留原来的环节,新的记在后面")
    if not _holds(person, event.township):
        raise AccessError(f"{event.township}不归您管辖,没有保存", "选事件所在的乡镇")
    check_course(event.stage, passed=passed, steps=_steps(content))
    known = event.event or str(uuid4())
    values = {
        "id": secrets.token_hex(16),
        "event": known,
        "version": version,
        "township": event.township,
        "stage": event.stage,
        "recorded_at": datetime.now(UTC),
        "reporter_index": reporter_index(ring, reporter),
        "file_index": None if file is None else index_of(ring, file),
    }
    envelope = {"reporter": reporter, "file": file, "content": content}
    text = json.dumps(envelope, ensure_ascii=False, allow_nan=False)
    connection.execute(
        insert(child_events).values(**values, content=seal(ring, _place(values), text.encode()))
    )
    record(connection, Action.EVENT_SAVE, known, detail={"version": version, "stage": event.stage})
    return known


def read_events(workspace: Workspace, *, file: str | None = None) -> list[Event]:
    """The events that the person may see, newest first; of one child's file where it is given."""
    person = workspace.person
    with workspace.writing() as connection:
        ring = workspace.ring
        statement = _newest(_seen(person, ring))
        if file is not None:
            statement = statement.where(_EVENTS.file_index.in_(indexes_of(ring, file)))
        rows = connection.execute(statement.order_by(_EVENTS.recorded_at.desc(), _EVENTS.event)).all()
        found = [_event(person, row, _opened(ring, row)) for row in rows]
        record(
            connection,
            Action.EVENT_READ,
            "、".join(item.event for item in found),
            detail={"count": len(found)},
        )
    return found


def files_at_risk(connection: Connection, ring: KeyRing, files: Collection[str]) -> set[str]:
    """Which of the files have an open event, whoever may see it: their grade is 高 (§3b), and no more is told."""
    last = _newest(true()).with_only_columns(_EVENTS.file_index)
    open_ = last.where(_EVENTS.stage != EventStage.CLOSED, _EVENTS.file_index.isnot(None))
    indexes = set(connection.execute(open_).scalars())
    return {file for file in files if not indexes.isdisjoint(indexes_of(ring, file))} if indexes else set()


def named_at_risk(connection: Connection, ring: KeyRing) -> set[str]:
    """The keys of the children whom open events name that know of no file."""
    last = _newest(true()).where(_EVENTS.stage != EventStage.CLOSED, _EVENTS.file_index.is_(None))
    opened = [_opened(ring, row)["content"] for row in connection.execute(last)]
    return {str(content["child"]) for content in opened if content.get("child")}


def carry_events(connection: Connection, townships: Mapping[str, str]) -> int:
    """Let the events of townships that are no more be those of the new ones; how many there were."""
    trail = trail_of(connection)
    ring = trail.keys.ring
    rows = connection.execute(_newest(_EVENTS.township.in_(sorted(townships)))).all()
    for row in rows:
        changed = {
            "id": secrets.token_hex(16),
            "version": row.version + 1,
            "township": townships[row.township],
            "recorded_at": datetime.now(UTC),
        }
        values = {**row._mapping, **changed}
        text = json.dumps(_opened(ring, row), ensure_ascii=False, allow_nan=False)
        values["content"] = seal(ring, _place(values), text.encode())
        connection.execute(insert(child_events).values(values))
        record(connection, Action.EVENT_SAVE, row.event, detail={"version": row.version + 1})
    return len(rows)


def reporter_index(ring: KeyRing, login: str) -> str:
    """Under which a reporter's events are found."""
    return index_of(ring, _reporter(login))


def _reporter(login: str) -> str:
    return f"reporter:{login}"


def _steps(content: Mapping[str, Any]) -> list[tuple[str, datetime]]:
    """The stages that the content of an event tells of, each with its time. Raises InputError."""
    told = content.get("steps") or []
    try:
        return [(str(step["stage"]), datetime.fromisoformat(step["at"])) for step in told]
    except (TypeError, KeyError, ValueError) as error:
        raise InputError("事件的环节读不懂", "每个环节写明名称和时间") from error


def _seen(person: Person, ring: KeyRing) -> ColumnElement[bool]:
    """Which versions may be seen: of the townships in one's scope, all when on duty, else those one reported.

    A village's reporter has the township of the village.
    """
    if not person.may(Act.REPORT):
        return false()
    areas = [_EVENTS.township.startswith(area[: Level.TOWNSHIP]) for area in sorted(person.scope.areas or ())]
    held = or_(false(), *areas) if person.scope.areas is not None else None
    own = _EVENTS.reporter_index.in_(indexes_of(ring, _reporter(person.login)))
    conditions = [item for item in (held, None if person.duty_officer else own) if item is not None]
    return and_(True, *conditions)


def _holds(person: Person, township: str) -> bool:
    areas = person.scope.areas
    return areas is None or any(township.startswith(area[: Level.TOWNSHIP]) for area in areas)


def _newest(seen: ColumnElement[bool]) -> Select[Any]:
    last = (
        select(_EVENTS.event, func.max(_EVENTS.version).label("version")).group_by(_EVENTS.event).subquery()
    )
    same = and_(last.c.event == _EVENTS.event, last.c.version == _EVENTS.version)
    return select(child_events).join(last, same).where(seen)


def _event(person: Person, row: Any, envelope: Mapping[str, Any]) -> Event:
    reporter = envelope["reporter"] if person.duty_officer or envelope["reporter"] == person.login else None
    content = _shown(person, row.township, envelope)
    return Event(
        row.event,
        row.version,
        row.township,
        row.stage,
        row.recorded_at,
        envelope["file"],
        reporter,
        content,
    )


def _shown(person: Person, township: str, envelope: Mapping[str, Any]) -> dict[str, Any]:
    """What the person sees of an event that they may see: no whole ID, and who told of it only when on duty."""
    own = (area for area in sorted(person.scope.areas or ()) if area.startswith(township))
    content = seen(person, envelope["content"], next(own, township))
    return (
        content
        if person.duty_officer
        else {key: value for key, value in content.items() if key != "reporter"}
    )


def _opened(ring: KeyRing, row: Any) -> dict[str, Any]:
    envelope: dict[str, Any] = json.loads(open_sealed(ring, _place(row._mapping), row.content))
    return envelope


def _place(values: Mapping[str, Any]) -> Place:
    return Place(child_events.name, "content", tuple(values[name] for name in BOUND))
