"""Tours over several days as arrays, and what a plan of them is.

A stop is to be visited on the days of one of its patterns (bits of an integer, bit 0 the first day); a tour is
one visitor's day. Times are minutes, of the day from midnight.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from planner.model.visit_times import day_times

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

MOST_DAYS = 62


@dataclass(frozen=True, eq=False)
class Problem:
    """S stops, T tours, N places.

    - `minutes` (modes, N, N): travel between places by each way of travelling; inf where no road leads;
    - `place`, `service`, `size` (S,): where a stop is, how long a visit takes, what it takes of a tour's `room`;
    - `opens`, `closes` (S,): between which minutes of the day a visit may begin;
    - `patterns` (S, most): the sets of days from which one is chosen, filled up with 0;
    - `left_out` (S,): what it costs to leave a stop out, far more than any detour;
    - `day`, `visitor`, `mode`, `start`, `end` (T,): of each tour; `begins`, `ends`: its working hours;
      `limit`: its longest travel and service together; `room`: the most that its stops may take;
    - `lunch_from`, `lunch` (T,): a break of `lunch` minutes before the first visit that would begin at or after
      `lunch_from` (0 minutes: none); it counts in the hours, not in the limit;
    - `allowed` (S, T): whether a stop may be on a tour; `extra` (S, T): what that costs beside travel, as
      the change of a plan that was handed out.

    All visits of a stop are made by one visitor; tours of equal `visitor` are one. Raises ValueError for arrays that
    do not fit each other.
    """

    minutes: Floats
    place: Ints
    service: Floats
    size: Floats
    opens: Floats
    closes: Floats
    patterns: Ints
    left_out: Floats
    day: Ints
    visitor: Ints
    mode: Ints
    start: Ints
    end: Ints
    begins: Floats
    ends: Floats
    limit: Floats
    room: Floats
    lunch_from: Floats
    lunch: Floats
    allowed: Bools
    extra: Floats

    def __post_init__(self) -> None:
        stops, tours = len(self.place), len(self.day)
        of_stops = ("service", "size", "opens", "closes", "left_out")
        of_tours = (
            "visitor",
            "mode",
            "start",
            "end",
            "begins",
            "ends",
            "limit",
            "room",
            "lunch_from",
            "lunch",
        )
        wrong = [name for name in of_stops if getattr(self, name).shape != (stops,)]
        wrong += [name for name in of_tours if getattr(self, name).shape != (tours,)]
        wrong += [name for name in ("allowed", "extra") if getattr(self, name).shape != (stops, tours)]
        if self.patterns.shape[0] != stops or self.patterns.ndim != 2:
            wrong.append("patterns")
        if wrong:
            raise ValueError(f"shapes do not fit {stops} stops and {tours} tours: {', '.join(wrong)}")
        if tours and not 0 <= self.day.min() <= self.day.max() < MOST_DAYS:
            raise ValueError(f"days lie between 0 and {MOST_DAYS - 1}")
        if np.isnan(self.minutes).any() or (self.minutes < 0).any():
            raise ValueError("minutes must be numbers, not negative")

    @property
    def stops(self) -> int:
        """How many stops there are."""
        return len(self.place)

    @property
    def tours(self) -> int:
        """How many tours there are."""
        return len(self.day)


@dataclass(frozen=True)
class Plan:
    """The stops of each tour in their order, those left out, and what it costs in all.

    `cost` = travel minutes + extras + the price of what is left out.
    """

    tours: tuple[tuple[int, ...], ...]
    left_out: tuple[int, ...]
    cost: float
    patterns: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Visit:
    """When a visitor arrives at a stop, begins and leaves, in minutes of the day, and the way there in minutes."""

    stop: int
    arrives: float
    begins: float
    leaves: float
    way: float


@dataclass(frozen=True)
class Schedule:
    """A tour's day: its visits, when lunch begins (None: none), the return, and its minutes of travel and service."""

    visits: tuple[Visit, ...]
    lunch: float | None
    returns: float
    travel: float
    service: float


def schedule(problem: Problem, tour: int, stops: tuple[int, ...]) -> Schedule:
    """The earliest times of a tour's visits; whether they keep the windows and hours is not looked at here."""
    minutes = problem.minutes[problem.mode[tour]]
    places = [int(problem.start[tour]), *(int(problem.place[stop]) for stop in stops)]
    ways = [float(minutes[pair]) for pair in pairwise(places)]
    services = [float(problem.service[stop]) for stop in stops]
    told = day_times(
        ways,
        services,
        [float(problem.opens[stop]) for stop in stops],
        begins=float(problem.begins[tour]),
        lunch_from=float(problem.lunch_from[tour]),
        lunch_min=float(problem.lunch[tour]),
    )
    home = float(minutes[places[-1], problem.end[tour]]) if stops else 0.0
    visits = tuple(
        Visit(stop, time.arrives, time.begins, time.leaves, way)
        for stop, time, way in zip(stops, told.visits, ways, strict=True)
    )
    return Schedule(visits, told.lunch, told.ends + home, sum(ways) + home, sum(services))


def days_of(pattern: int) -> list[int]:
    """The days that a pattern names, in order."""
    return [day for day in range(MOST_DAYS) if pattern >> day & 1]
