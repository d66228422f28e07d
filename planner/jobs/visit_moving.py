"""Moving a planned visit: what it would break, said before; then kept beside the run, or taken back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from planner.errors import ConflictError, InputError
from planner.jobs.moved_plans import Setting, moved_plan, read_setting, with_moves
from planner.jobs.visit_plans import SEVERAL, VisitPlan, run_plan
from planner.model.layers import rows_of
from planner.model.visit_moves import Move
from planner.model.visit_times import minutes_of
from planner.policy.visit_faults import Fault, date_faults, day_faults, person_faults
from planner.store.visit_moves import VisitMove, read_moves, save_move, undo_move
from planner.store.workspace import Workspace


@dataclass(frozen=True)
class DayChange:
    """A visitor's day before and after a move: households, minutes of travel and visits, the return; None: no visits."""

    day: date
    visitor: str
    name: str
    before: Any | None
    after: Any | None


@dataclass(frozen=True, eq=False)
class MovePreview:
    """What a move would make of a plan, and what it would break."""

    move: Move
    plan: VisitPlan
    days: tuple[DayChange, ...]
    faults: tuple[Fault, ...]

    @property
    def sound(self) -> bool:
        """Whether no rule is broken."""
        return all(fault.notice for fault in self.faults)


def preview_move(plan: VisitPlan, move: Move, setting: Setting) -> MovePreview:
    """What a move would make of a plan (as moved so far). Raises InputError for a move that cannot be made."""
    after = with_moves(plan, [move], setting)
    places = dict.fromkeys([(move.from_day, move.from_visitor), (move.to_day, move.to_visitor)])
    days = tuple(
        DayChange(day, who, setting.visitors[who].name, _day_row(plan, day, who), _day_row(after, day, who))
        for day, who in places
    )
    return MovePreview(move, after, days, tuple(dict.fromkeys(_faults(after, move, setting, days))))


def move_visit(
    workspace: Workspace, run: str, move: Move, *, reason: str, despite_faults: bool = False
) -> VisitMove:
    """Keep a move of a run's plan.

    Raises InputError for a move that cannot be made or has no reason, ConflictError where it breaks a rule and
    that is not said to be known, or where the visit is no longer there; then nothing is kept.
    """
    plan = moved_plan(workspace, run)
    told = preview_move(plan, move, read_setting(workspace, plan))
    if not told.sound and not despite_faults:
        broken = SEVERAL.join(fault.text for fault in told.faults if not fault.notice)
        raise ConflictError(f"这样改有冲突,没有保存:{broken}", "换一天或换一个人;确要这样改,说明知道有冲突")
    stops = run_plan(workspace, run).stops
    own = stops[(stops["household"] == move.household) & (stops["kind"] == move.kind)]
    planned = (own["day"] == pd.Timestamp(move.from_day)) & (own["visitor"] == move.from_visitor)
    there = own["day"] == pd.Timestamp(move.to_day)
    return save_move(workspace, run, move, planned=int(planned.sum()), there=int(there.sum()), reason=reason)


def take_back(workspace: Workspace, run: str, move: str, *, reason: str) -> VisitMove:
    """Take back a move by its id. Raises InputError where none of that id holds, ConflictError where it was moved on."""
    return undo_move(workspace, run, move, reason=reason)


def moves_of(workspace: Workspace, run: str) -> list[VisitMove]:
    """The moves of a run that hold, in the order in which they were made."""
    return read_moves(workspace, run)


def find_move(
    plan: VisitPlan,
    *,
    file: str,
    from_day: date,
    to_day: date,
    visitor: str | None,
    visitors: Mapping[str, Any],
) -> Move:
    """The move of the visit at which a file (its number, or the beginning of it) is seen on a day.

    `visitor` is the number or name of who is to make it (None: who has it now). Raises InputError where there is no
    such visit or visitor, or more than one.
    """
    stops = plan.stops[plan.stops["day"] == pd.Timestamp(from_day)]
    found = [row for row in rows_of(stops) if any(item.startswith(file) for item in row.files.split(SEVERAL))]
    if len(found) != 1:
        problem = "有不止一次走访" if found else "没有排走访"
        raise InputError(f"档案 {file} 在{from_day.isoformat()}{problem}", "核对档案编号和日期")
    (stop,) = found
    who = stop.visitor
    if visitor is not None:
        named = sorted(number for number, item in visitors.items() if visitor in (number, item.name))
        if len(named) != 1:
            problem = f"有不止一个走访人叫“{visitor}”" if named else f"没有走访人“{visitor}”"
            known = named or sorted({item.name for item in visitors.values()})[:20]
            raise InputError(problem, f"可用:{SEVERAL.join(known)}")
        (who,) = named
    return Move(stop.household, stop.kind, from_day, stop.visitor, to_day, who)


def _day_row(plan: VisitPlan, day: date, who: str) -> Any | None:
    rows = plan.days[(plan.days["day"] == pd.Timestamp(day)) & (plan.days["visitor"] == who)]
    return next(rows_of(rows), None)


def _faults(after: VisitPlan, move: Move, setting: Setting, days: tuple[DayChange, ...]) -> Iterator[Fault]:
    for change in days:
        if change.after is not None:
            yield from day_faults(
                change.name,
                change.day,
                total_min=change.after.total_min,
                limit_min=setting.limit_min,
                returns_min=minutes_of(change.after.returns),
                ends_min=setting.ends,
            )
    stops = after.stops[(after.stops["household"] == move.household) & (after.stops["kind"] == move.kind)]
    rows = list(rows_of(stops))
    own = next(row for row in rows if (row.day.date(), row.visitor) == move.goal)
    others = [row for row in rows if row is not own]
    planned = after.planned
    dues = planned[
        (planned["household"] == move.household)
        & (planned["kind"] == move.kind)
        & (planned["day"] == own.day)
        & (planned["visitor"] == own.visitor)
    ]["due"]
    yield from date_faults(
        move.to_day,
        dues=[due.date() for due in dues],
        others=[row.day.date() for row in others],
        every_days=setting.steps.get(move.visit, setting.month.last.day),
        tolerance=setting.tolerance,
        month=setting.month,
    )
    visitor = setting.visitor(move.to_visitor)
    yield from person_faults(
        visitor.name,
        same_township=visitor.township == own.township,
        serves_village=not visitor.villages or own.village in visitor.villages,
        others=[(row.day.date(), row.name) for row in others],
        persons=int(own.persons),
    )
