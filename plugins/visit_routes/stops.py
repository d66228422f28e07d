"""Due visits of a month as stops to be planned: households, the due days of their children, and the sets of days
on which they may be visited."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice, pairwise
from typing import Any

import pandas as pd

from planner.model.layers import rows_of
from planner.model.visiting import NotPlanned, Placed
from planner.model.visits import VisitKind
from planner.model.words import Grade
from planner.policy.visit_rules import Month, slack_days
from planner.policy.visits import due_days

from .params import Params

# The solver weighs each pattern at each step; so many are enough to choose from.
MOST_PATTERNS = 40
_LOOKED_AT = 5000
MOST_GAP_DAYS = 400
_GRADES = (Grade.HIGH, Grade.MIDDLE, Grade.LOW)


@dataclass(frozen=True)
class DueDay:
    """One due visit to a child: its due day, and the day `by` which it is to be planned (overdue: at once)."""

    file: str
    due: date
    by: date
    grade: Grade
    overdue_days: int


@dataclass(frozen=True)
class Stop:
    """A household to be visited for a kind of visit; all its children are seen at each visit.

    `targets` are the days by which it is to be visited, `windows` for each the numbers of the working days that
    will do, `serves` the due visits that each fulfils. `patterns` are the sets of days (as bits) to choose from.
    `stretched`: days off leave no set that keeps the step. `why` says why it cannot be planned at all.
    """

    household: str
    kind: VisitKind
    township: str
    village: str | None
    files: tuple[str, ...]
    grade: Grade
    every_days: int
    tolerance_days: int
    overdue_days: int
    at_school: bool
    discreet: bool
    visitor: str | None
    placed: str
    origin: str
    point: tuple[float, float] | None
    service_min: float
    targets: tuple[date, ...] = ()
    windows: tuple[tuple[int, ...], ...] = ()
    serves: tuple[tuple[DueDay, ...], ...] = ()
    patterns: tuple[int, ...] = ()
    stretched: bool = False
    why: NotPlanned | None = None
    undated: tuple[DueDay, ...] = field(default=())

    @property
    def dues(self) -> list[DueDay]:
        """All due visits, those without a day to visit on as well."""
        return [*(due for served in self.serves for due in served), *self.undated]


def stops_of(due: pd.DataFrame, month: Month, params: Params) -> list[Stop]:
    """The stops of a month out of rows of DUE_VISITS, by household and kind; none for a household not due in it."""
    kinds = tuple(VisitKind) if params.further_kinds else (VisitKind.REGULAR, VisitKind.ENTRUSTED)
    grouped: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in rows_of(due.sort_values(["household", "kind", "file"])):
        if row.kind in kinds:
            grouped[row.household, row.kind].append(row)
    found = (_stop(rows, month, params) for rows in grouped.values())
    return [stop for stop in found if stop is not None]


def _stop(rows: Sequence[Any], month: Month, params: Params) -> Stop | None:
    every = min(int(row.every_days) for row in rows)
    tolerance = slack_days(every, params.tolerance)
    dues = [
        DueDay(
            row.file,
            day if number else row.due.date(),
            day,
            Grade(row.grade),
            0 if number else int(row.overdue_days),
        )
        for row in rows
        for number, day in enumerate(
            due_days(_first(row), int(row.every_days), begin=month.first, end=month.last)
        )
    ]
    if not dues:
        return None
    row = rows[0]
    kind = VisitKind(row.kind)
    grade = min((Grade(item.grade) for item in rows), key=_GRADES.index)
    located = row.placed != Placed.NONE
    common: dict[str, Any] = {
        "household": row.household,
        "kind": kind,
        "township": row.township,
        "village": None if pd.isna(row.village) else row.village,
        "files": tuple(item.file for item in rows),
        "grade": grade,
        "every_days": every,
        "tolerance_days": tolerance,
        "overdue_days": max(int(item.overdue_days) for item in rows),
        "at_school": any(bool(item.at_school) for item in rows),
        "discreet": any(bool(item.discreet) for item in rows),
        "visitor": next((item.visitor for item in rows if pd.notna(item.visitor)), None),
        "placed": row.placed,
        "origin": row.origin,
        "point": (row.geometry.x, row.geometry.y) if located else None,
        "service_min": _service_min(kind, grade, len(rows), params),
    }
    if kind is VisitKind.ENTRUSTED or not located:
        why = NotPlanned.ENTRUSTED if kind is VisitKind.ENTRUSTED else NotPlanned.UNLOCATED
        return Stop(**common, undated=tuple(dues), why=why)
    targets, windows = _windows(min(item.by for item in dues), every, tolerance, month)
    served, undated = _served(dues, targets)
    # A visit that fulfils nothing is none: siblings may be due less often than the eldest asks.
    kept = [number for number, items in enumerate(served) if items]
    targets, windows = [targets[number] for number in kept], [windows[number] for number in kept]
    patterns, stretched = _patterns(targets, windows, tolerance, month.days)
    return Stop(
        **common,
        targets=tuple(targets),
        windows=tuple(tuple(window) for window in windows),
        serves=tuple(tuple(served[number]) for number in kept),
        patterns=tuple(patterns),
        stretched=stretched,
        undated=tuple(undated),
        why=None if patterns else NotPlanned.NO_DAY,
    )


def _first(row: Any) -> date:
    """When the child is to be visited next: by its due day, or sooner where it was not met lately."""
    due: date = row.due.date()
    return due if pd.isna(row.retry_by) else min(due, row.retry_by.date())


def _service_min(kind: VisitKind, grade: Grade, children: int, params: Params) -> float:
    base = {VisitKind.TEACHING: params.teaching_min, VisitKind.REHABILITATION: params.rehab_min}.get(
        kind, params.visit_min + (params.high_min if grade is Grade.HIGH else 0)
    )
    return base + params.child_min * (children - 1)


def _windows(first: date, every: int, tolerance: int, month: Month) -> tuple[list[date], list[list[int]]]:
    """The days by which a household is to be visited, and for each the working days that will do.

    A visit may come some days early. One due at once (or before the first working day) may take so many days
    from the first; where all days are off the next working day has to do while the next visit is not due itself, else the last
    before; where neither is there, the target is left out.
    """
    targets: list[date] = []
    windows: list[list[int]] = []
    after = -1
    for target in due_days(first, every, begin=month.first, end=month.last):
        opens, closes = target - timedelta(days=tolerance), target
        if target == month.first:
            closes = target + timedelta(days=tolerance)
        days = [number for number, day in enumerate(month.days) if number > after]
        window = [number for number in days if opens <= month.days[number] <= closes]
        if not window:
            turn = target + timedelta(days=every - tolerance)  # from then on it is the next visit's
            late = [number for number in days if closes < month.days[number] < turn][:1]
            window = late or [number for number in days if month.days[number] < opens][-1:]
        if window:
            targets.append(target)
            windows.append(window)
            after = window[0]
    return targets, windows


def _served(dues: Sequence[DueDay], targets: Sequence[date]) -> tuple[list[list[DueDay]], list[DueDay]]:
    """The due visits that each target fulfils: the last of a child's that is not after it and not taken yet."""
    served: list[list[DueDay]] = [[] for _ in targets]
    left = []
    for due in dues:
        taken = [
            number for number, items in enumerate(served) if any(item.file == due.file for item in items)
        ]
        fits = [number for number, day in enumerate(targets) if day <= due.by and number not in taken]
        if fits:
            served[fits[-1]].append(due)
        else:
            left.append(due)
    return served, left


def _patterns(
    targets: Sequence[date],
    windows: Sequence[Sequence[int]],
    tolerance: int,
    days: Sequence[date],
) -> tuple[list[int], bool]:
    """The sets of days that keep the step, at most MOST_PATTERNS spread evenly; whether none keeps it."""
    if not windows:
        return [], False

    def walk(number: int, chosen: tuple[int, ...], slack: int) -> Iterator[tuple[int, ...]]:
        if number == len(windows):
            yield chosen
            return
        for day in windows[number]:
            if chosen:
                wanted = (targets[number] - targets[number - 1]).days
                gap = (days[day] - days[chosen[-1]]).days
                if gap < 1 or abs(gap - wanted) > slack:
                    continue
            yield from walk(number + 1, (*chosen, day), slack)

    found = list(islice(walk(0, (), tolerance), _LOOKED_AT))
    stretched = not found
    if stretched:
        loose = list(islice(walk(0, (), MOST_GAP_DAYS), _LOOKED_AT))
        wanted = [(later - earlier).days for earlier, later in pairwise(targets)]
        worst = [
            max(
                abs((days[b] - days[a]).days - gap)
                for gap, (a, b) in zip(wanted, pairwise(item), strict=True)
            )
            for item in loose
        ]
        found = [item for item, value in zip(loose, worst, strict=True) if value == min(worst)]
    if len(found) > MOST_PATTERNS:
        found = [found[number * len(found) // MOST_PATTERNS] for number in range(MOST_PATTERNS)]
    return [sum(1 << day for day in item) for item in found], stretched
