"""A township's month as a problem for the solver: its visitors' days as tours, its households as stops."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from planner.model.visiting import NotPlanned, TravelMode, Visitor
from planner.model.words import Grade
from planner.policy.visit_rules import Month
from planner.roads import Travel
from planner.roads.modes import travel_by_mode

from .params import Params
from .problem import Plan, Problem
from .stops import Stop

# How much dearer it is to leave out a visit of a grade: one 高 is worth any number of 低 that a tour can hold.
_WEIGHTS = {Grade.HIGH: 10_000.0, Grade.MIDDLE: 100.0, Grade.LOW: 1.0}
_MOST_OVERDUE_DAYS = 100
_NEVER = np.inf


@dataclass(frozen=True, eq=False)
class Township:
    """The visitors and stops of a township, those that cannot be in any route beside them, and the problem.

    Places of the problem are the offices, then the stops; its tours are the visitors' days, visitor by visitor.
    """

    code: str
    visitors: tuple[Visitor, ...]
    stops: tuple[Stop, ...]
    outside: tuple[Stop, ...]
    problem: Problem
    month: Month

    def tour(self, visitor: int, day: int) -> int:
        """The number of a visitor's tour on a day."""
        return visitor * len(self.month.days) + day

    @property
    def empty(self) -> Plan:
        """The plan with nothing in it."""
        out = tuple(range(len(self.stops)))
        return Plan(((),) * self.problem.tours, out, float(self.problem.left_out.sum()))


def ways_of(travel: Travel, params: Params) -> dict[TravelMode, tuple[Travel, float]]:
    """For each mode how its minutes are found: by whom, and times how many."""
    return travel_by_mode(
        travel,
        detour=params.detour,
        speed_kmh=params.speed_kmh,
        slower=params.slower,
        walk_kmh=params.walk_kmh,
    )


def township_of(
    code: str,
    stops: Sequence[Stop],
    visitors: Sequence[Visitor],
    month: Month,
    params: Params,
    ways: Mapping[TravelMode, tuple[Travel, float]],
    before: Mapping[tuple[str, str], Collection[tuple[date, str]]] | None = None,
) -> Township:
    """The problem of a township. `before` tells on which days and by whom a household was to be visited for a
    kind by the plan handed out; to change that costs."""
    located = tuple(item for item in visitors if item.office is not None)
    points = [item.office for item in located] + [item.point for item in stops]
    modes = tuple(dict.fromkeys(item.mode for item in located)) or (params.mode,)
    minutes = _minutes(points, modes, ways)
    kept: list[tuple[int, Stop]] = []
    outside: list[tuple[int, Stop]] = []
    for number, stop in enumerate(stops):
        place = len(located) + number
        why = stop.why or _unreachable(place, located, modes, minutes)
        (outside if why else kept).append((place, replace(stop, why=why)))
    places = [*range(len(located)), *(place for place, _ in kept)]
    return Township(
        code=code,
        visitors=located,
        stops=tuple(stop for _, stop in kept),
        outside=tuple(stop for _, stop in outside),
        problem=_problem(
            [stop for _, stop in kept],
            located,
            month,
            params,
            modes,
            minutes[:, places][:, :, places],
            before,
        ),
        month=month,
    )


def _minutes(
    points: Sequence[tuple[float, float] | None],
    modes: Sequence[TravelMode],
    ways: Mapping[TravelMode, tuple[Travel, float]],
) -> np.ndarray:
    """Minutes between all places by each mode, shape (modes, N, N); inf where no way leads or a place is unknown."""
    metres = np.array([point or (np.nan, np.nan) for point in points], dtype=float).reshape(-1, 2)
    tables = []
    for mode in modes:
        travel, times = ways[mode]
        table = travel.minutes(metres, metres) * times if len(metres) else np.zeros((0, 0))
        np.fill_diagonal(table, 0.0)
        tables.append(table)
    return np.array(tables)


def _unreachable(
    place: int, visitors: Sequence[Visitor], modes: Sequence[TravelMode], minutes: np.ndarray
) -> NotPlanned | None:
    if not visitors:
        return NotPlanned.NOBODY
    reached = (
        np.isfinite(
            minutes[modes.index(item.mode), number, place] + minutes[modes.index(item.mode), place, number]
        )
        for number, item in enumerate(visitors)
    )
    return None if any(reached) else NotPlanned.NO_ROAD


def _problem(
    stops: Sequence[Stop],
    visitors: Sequence[Visitor],
    month: Month,
    params: Params,
    modes: Sequence[TravelMode],
    minutes: np.ndarray,
    before: Mapping[tuple[str, str], Collection[tuple[date, str]]] | None,
) -> Problem:
    days, tours = len(month.days), len(visitors) * len(month.days)
    most = max((len(stop.patterns) for stop in stops), default=1)
    patterns = np.zeros((len(stops), most), dtype=np.int64)
    for number, stop in enumerate(stops):
        patterns[number, : len(stop.patterns)] = stop.patterns
    after = params.school_out_hour * 60 if params.after_school else 0.0
    begins, ends = params.begin_hour * 60, params.end_hour * 60
    # More than all that a visit can add to any tour.
    unit = params.limit_min + params.swap_min + 2 * params.change_min + 1
    return Problem(
        minutes=minutes,
        place=np.arange(len(visitors), len(visitors) + len(stops), dtype=np.int64),
        service=np.array([stop.service_min for stop in stops], dtype=float),
        size=np.zeros(len(stops)),
        opens=np.array([after if stop.at_school else 0.0 for stop in stops], dtype=float),
        closes=np.full(len(stops), _NEVER),
        patterns=patterns,
        left_out=np.array([unit * _worth(stop) for stop in stops], dtype=float),
        day=np.tile(np.arange(days, dtype=np.int64), len(visitors)),
        visitor=np.repeat(np.arange(len(visitors), dtype=np.int64), days),
        mode=np.repeat(np.array([modes.index(item.mode) for item in visitors], dtype=np.int64), days),
        start=np.repeat(np.arange(len(visitors), dtype=np.int64), days),
        end=np.repeat(np.arange(len(visitors), dtype=np.int64), days),
        begins=np.full(tours, begins),
        ends=np.full(tours, ends),
        limit=np.full(tours, params.limit_min),
        room=np.full(tours, _NEVER),
        lunch_from=np.full(tours, params.lunch_hour * 60),
        lunch=np.full(tours, params.lunch_min),
        allowed=np.ones((len(stops), tours), dtype=bool),
        extra=_extra(stops, visitors, month, params, before),
    )


def _worth(stop: Stop) -> float:
    """What leaving a stop out costs, in units: the grade first, then the number of visits, then the days overdue."""
    due = sum(len(served) for served in stop.serves)
    late = 1 + min(stop.overdue_days, _MOST_OVERDUE_DAYS) / _MOST_OVERDUE_DAYS
    return max(due, len(stop.targets)) * _WEIGHTS[stop.grade] * late


def _extra(
    stops: Sequence[Stop],
    visitors: Sequence[Visitor],
    month: Month,
    params: Params,
    before: Mapping[tuple[str, str], Collection[tuple[date, str]]] | None,
) -> np.ndarray:
    """What a stop costs on a tour beside the way there, shape (stops, tours): who does not know the child, and
    another visitor or day than was handed out."""
    extra = np.zeros((len(stops), len(visitors), len(month.days)))
    for number, stop in enumerate(stops):
        own = [item.id == stop.visitor or stop.village in item.villages for item in visitors]
        if any(own):
            extra[number, [not is_own for is_own in own]] += params.swap_min
        told = (before or {}).get((stop.household, str(stop.kind)), ())
        if told:
            changed = [
                np.add.outer(
                    [float(item.id != who) for item in visitors],
                    [float(other != day) for other in month.days],
                )
                for day, who in told
            ]
            extra[number] += params.change_min * np.min(changed, axis=0)
    return extra.reshape(len(stops), len(visitors) * len(month.days))
