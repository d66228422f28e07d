"""Planned visits that people moved to another day or visitor: beside a run, which itself never changes.

Rows are only ever added. A move is taken back by a further row that names it; what holds is what nobody took back.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, insert, select

from planner.errors import ConflictError, InputError
from planner.model.visit_moves import Move, times_there
from planner.store.audit import Action, record, trail_of
from planner.store.child_rows import files_of, newest
from planner.store.children import check_act
from planner.store.keys import KeyRing
from planner.store.masking import scrub, without_names
from planner.store.protected import child_versions, visit_moves
from planner.store.roles import Act
from planner.store.runs import read_run
from planner.store.scope import EVERYTHING
from planner.store.sealing import Place, open_sealed, seal
from planner.store.workspace import Workspace

MOVES = visit_moves
BOUND = ("id", "run", "household")
_SHORTEST_REASON = 2


@dataclass(frozen=True)
class VisitMove(Move):
    """A move that holds: in which run, whose it is, when and why."""

    id: str
    run: str
    who: str
    at: datetime
    reason: str


def read_moves(workspace: Workspace, run: str, *, known_at: datetime | None = None) -> list[VisitMove]:
    """The moves of a run that held at a moment (None: now), in the order in which they were made.

    Raises InputError where there is no such run that the person may see.
    """
    read_run(workspace, run)
    with workspace.reading() as connection:
        return _holding(connection, workspace.ring, run, known_at)


def save_move(
    workspace: Workspace, run: str, move: Move, *, planned: int, there: int = 0, reason: str
) -> VisitMove:
    """Keep a move. `planned` is how many visits of the household and kind the run itself has where it starts,
    `there` how many on the day to which it goes, with whomever.

    Raises InputError without a reason or where there is no such run that the person may see, AccessError where the
    role moves no visits, ConflictError where the visit is no longer there, or one stands where it is to go.
    """
    check_act(workspace, Act.MOVE_VISITS, Action.MOVE_VISIT, run)
    read_run(workspace, run)
    _check_reason(reason)
    with workspace.writing() as connection:
        known = _holding(connection, workspace.ring, run, None)
        if planned + times_there(known, move.visit, move.start) < 1:
            raise ConflictError("这次走访已不在原来的日期和走访人那里,没有改", "刷新后再看它现在排在哪天")
        if there + _more_on(known, move) > (move.from_day == move.to_day):
            raise ConflictError("这户那天已有一次同类走访,没有改", "刷新后选另一天")
        reason = _discreet(connection, move, reason)
        made = _add(connection, run, move, reason, undoes=None)
        record(connection, Action.MOVE_VISIT, run, reason=reason, detail=_detail(made))
        return made


def undo_move(workspace: Workspace, run: str, move: str, *, reason: str) -> VisitMove:
    """Take back a move of a run by its id; what it was.

    Raises InputError without a reason, or where no such move holds, AccessError where the role moves no visits,
    ConflictError where the visit was moved on since.
    """
    check_act(workspace, Act.MOVE_VISITS, Action.MOVE_VISIT, run)
    read_run(workspace, run)
    _check_reason(reason)
    with workspace.writing() as connection:
        known = _holding(connection, workspace.ring, run, None)
        found = next((item for item in known if item.id == move), None)
        if found is None:
            raise InputError("没有这项改动,或已经撤回", "刷新改动列表")
        later = known[known.index(found) + 1 :]
        if any(item.visit == found.visit for item in later):
            raise ConflictError("这次走访后来又改过,不能先撤回这一项", "先撤回后来的改动")
        reason = _discreet(connection, found, reason)
        _add(connection, run, found, reason, undoes=found.id)
        record(
            connection, Action.MOVE_VISIT, run, reason=reason, detail={**_detail(found), "undone": found.id}
        )
        return found


def _more_on(moves: Sequence[Move], move: Move) -> int:
    """How many visits more (or fewer) of the household and kind are on the day of a move's goal, by other moves."""
    own = [item for item in moves if item.visit == move.visit]
    return sum(item.to_day == move.to_day for item in own) - sum(item.from_day == move.to_day for item in own)


def _discreet(connection: Connection, move: Move, reason: str) -> str:
    """A reason without the names of the child and the guardian of the household, for it goes into the audit too."""
    rows = connection.execute(newest(EVERYTHING, among=child_versions.c.file == move.household))
    files = files_of(trail_of(connection).keys.ring, rows)
    return without_names(reason, [file.content for _, file in files])


def _check_reason(reason: str) -> None:
    if len(reason.strip()) < _SHORTEST_REASON:
        raise InputError("没有写明改动的理由", "写明为什么改,如“家长当天不在家”")


def _holding(connection: Connection, ring: KeyRing, run: str, known_at: datetime | None) -> list[VisitMove]:
    rows = select(visit_moves).where(visit_moves.c.run == run).order_by(visit_moves.c.number)
    if known_at is not None:
        rows = rows.where(visit_moves.c.at <= known_at)
    found: Sequence[Any] = connection.execute(rows).all()
    undone = {row.undoes for row in found}
    return [_move(ring, row) for row in found if row.undoes is None and row.id not in undone]


def _add(connection: Connection, run: str, move: Move, reason: str, *, undoes: str | None) -> VisitMove:
    trail = trail_of(connection)
    values = {
        "id": str(uuid4()),
        "run": run,
        **{name: getattr(move, name) for name in Move.__dataclass_fields__},
        "undoes": undoes,
        "who": trail.person.login,
        "at": datetime.now(UTC),
    }
    told = scrub(reason.strip())
    content = seal(trail.keys.ring, _place(values), json.dumps({"reason": told}).encode())
    connection.execute(insert(visit_moves).values(**values, content=content))
    return VisitMove(**{name: values[name] for name in values if name != "undoes"}, reason=told)


def _move(ring: KeyRing, row: Any) -> VisitMove:
    told = json.loads(open_sealed(ring, _place(row._mapping), row.content))
    names = [name for name in VisitMove.__dataclass_fields__ if name != "reason"]
    return VisitMove(**{name: row._mapping[name] for name in names}, reason=told["reason"])


def _detail(move: VisitMove) -> dict[str, Any]:
    told = asdict(move)
    kept = ("id", "household", "kind", "from_day", "from_visitor", "to_day", "to_visitor")
    return {name: told[name] for name in kept}


def _place(values: Mapping[str, Any]) -> Place:
    return Place(visit_moves.name, "content", tuple(values[name] for name in BOUND))
