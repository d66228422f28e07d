"""Whether a month's answer keeps what it must: looked up in its tables, the due visits and the parameters alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from planner.model.layers import rows_of
from planner.model.visit_times import minutes_of
from planner.model.visiting import (
    VISIT_DAYS,
    VISIT_LEGS,
    VISIT_PLANNED,
    VISIT_STOPS,
    VISIT_UNPLANNED,
    NotPlanned,
)
from planner.model.visits import VisitKind
from planner.plugin import Result
from planner.policy.visit_rules import Month, broken_steps, is_late, slack_days
from planner.policy.visits import due_days

from .params import Params

_MINUTE = 1.0 + 1e-6


def find_month_faults(due: pd.DataFrame, result: Result, month: Month, params: Params) -> list[str]:
    """Every way in which an answer breaks its promises; empty for a sound one.

    `due` are the rows of DUE_VISITS that were to be planned.
    """
    return [
        *_counted(due, result, month),
        *_stops(result, month, params),
        *_sums(result, params),
        *_steps(due, result, month, params),
    ]


def _counted(due: pd.DataFrame, result: Result, month: Month) -> Iterator[str]:
    """Every due visit is planned once, or listed once."""
    wanted: Counter[tuple[str, str, pd.Timestamp]] = Counter()
    for row in rows_of(due):
        first = row.due if pd.isna(row.retry_by) else min(row.due, row.retry_by)
        days = due_days(first.date(), row.every_days, begin=month.first, end=month.last)
        wanted.update(
            (row.file, row.kind, pd.Timestamp(day) if number else row.due) for number, day in enumerate(days)
        )
    told = [
        *result.tables[VISIT_PLANNED.name][["file", "kind", "due"]].itertuples(index=False, name=None),
        *result.tables[VISIT_UNPLANNED.name][["file", "kind", "due"]].itertuples(index=False, name=None),
    ]
    if Counter(told) != wanted:
        yield f"{len(told)} due visits told, {sum(wanted.values())} wanted, {len(set(told) ^ set(wanted))} differ"
    away = result.tables[VISIT_UNPLANNED.name]
    entrusted = away[away["kind"] == VisitKind.ENTRUSTED]
    if (entrusted["reason"] != NotPlanned.ENTRUSTED).any():
        yield "a visit on request is listed for another reason"


def _stops(result: Result, month: Month, params: Params) -> Iterator[str]:
    """Days, hours and windows; one visitor for a household; a household once a day for a kind."""
    stops = result.layers[VISIT_STOPS.name]
    if not set(stops["day"]) <= {pd.Timestamp(day) for day in month.days}:
        yield "a visit is on a day that is not worked"
    for (household, kind), rows in _by_household(stops).items():
        if len({row.visitor for row in rows}) > 1:
            yield f"{household} {kind} has {len({row.visitor for row in rows})} visitors"
        if len({row.day for row in rows}) < len(rows):
            yield f"{household} {kind} is visited twice on a day"
    begins = _minutes(stops["begins"])
    if (begins < params.begin_hour * 60 - _MINUTE).any():
        yield "a visit begins before the hours"
    if (_minutes(result.tables[VISIT_DAYS.name]["returns"]) > params.end_hour * 60 + _MINUTE).any():
        yield "a tour returns after the hours"
    took = _minutes(stops["leaves"]) - begins
    if not np.allclose(took, stops["service_min"], atol=2 * _MINUTE):
        yield "a visit is shorter or longer than its time"


def _sums(result: Result, params: Params) -> Iterator[str]:
    """Legs add up to the days' travel, travel and visits to their total, and that keeps the limit."""
    days = result.tables[VISIT_DAYS.name].set_index(["day", "visitor"])
    legs = result.layers[VISIT_LEGS.name].groupby(["day", "visitor"])["minutes"].sum()
    service = result.layers[VISIT_STOPS.name].groupby(["day", "visitor"])["service_min"].sum()
    for name, sums in (("travel_min", legs), ("service_min", service)):
        if not sums.index.sort_values().equals(days.index.sort_values()):
            yield f"the days of {name} differ"
        elif ((sums - days[name].reindex(sums.index)).abs() > _MINUTE).any():
            yield f"{name} is not the sum of its parts"
    if (days["travel_min"] + days["service_min"] - days["total_min"]).abs().gt(_MINUTE).any():
        yield "a total is not travel and visits"
    if (days["total_min"] > params.limit_min + 1e-6).any():
        yield "a day is longer than its limit"


def _steps(due: pd.DataFrame, result: Result, month: Month, params: Params) -> Iterator[str]:
    """A visit is not later than its due day but where days off leave no other, and not too early; steps are kept."""
    steps, worked = _steps_of(due), set(month.days)
    homes = _by_household(result.layers[VISIT_STOPS.name])
    for row in rows_of(result.tables[VISIT_PLANNED.name]):
        slack = slack_days(steps[row.household, row.kind], params.tolerance)
        day = row.day.date()
        before = [item.day.date() for item in homes.get((row.household, row.kind), ()) if item.day < row.day]
        last = max(before, default=date.min)
        if is_late(day, row.due.date(), slack, worked, month, before=last):
            yield f"{row.file} is visited on {day.isoformat()}, due on {row.due:%Y-%m-%d}"
    for (household, kind), rows in homes.items():
        step = steps[household, kind]
        days = sorted(row.day.date() for row in rows)
        for earlier, later in broken_steps(days, step, slack_days(step, params.tolerance), worked, month):
            yield f"{household} {kind} is visited {(later - earlier).days} days apart, not {step}"


def _by_household(stops: pd.DataFrame) -> dict[tuple[str, str], list[Any]]:
    """The rows of stops by household and kind."""
    found: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in rows_of(stops):
        found[row.household, row.kind].append(row)
    return found


def _steps_of(due: pd.DataFrame) -> dict[tuple[str, str], int]:
    """The least days between visits by household and kind."""
    steps: dict[tuple[str, str], int] = {}
    for row in rows_of(due):
        key = row.household, row.kind
        steps[key] = min(row.every_days, steps.get(key, row.every_days))
    return steps


def _minutes(clocks: pd.Series) -> pd.Series:
    """Times of day such as 08:30 as minutes from midnight."""
    return clocks.map(minutes_of).astype(float)
