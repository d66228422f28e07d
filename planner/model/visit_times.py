"""The times of a visitor's day: when each visit begins and ends on a given order of stops."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class VisitTime:
    """When a visitor arrives, begins and leaves, in minutes of the day."""

    arrives: float
    begins: float
    leaves: float


@dataclass(frozen=True)
class DayTimes:
    """The visits of a day in order, when lunch begins (None: none), and when the last one is left."""

    visits: tuple[VisitTime, ...]
    lunch: float | None
    ends: float


def day_times(
    ways: Sequence[float],
    services: Sequence[float],
    opens: Sequence[float],
    *,
    begins: float,
    lunch_from: float,
    lunch_min: float,
) -> DayTimes:
    """The earliest times of visits, of which each has the minutes to it, those it takes, and when it may begin.

    Lunch of `lunch_min` (0: none) is before the first visit that would begin at or after `lunch_from`. All of
    them are minutes, of the day from midnight.
    """
    now, lunch = begins, None
    visits = []
    for way, service, opening in zip(ways, services, opens, strict=True):
        arrives = now + way
        begin = max(arrives, opening)
        if lunch is None and lunch_min > 0 and begin >= lunch_from:
            lunch = max(arrives, lunch_from)
            begin = max(lunch + lunch_min, opening)
        now = begin + service
        visits.append(VisitTime(arrives, begin, now))
    return DayTimes(tuple(visits), lunch, now)


def clock(minutes: float) -> str:
    """Minutes from midnight as 08:30, to the nearest minute."""
    whole = round(minutes)
    return f"{whole // 60:02d}:{whole % 60:02d}"


def minutes_of(clock: str) -> int:
    """A time of day such as 08:30 as minutes from midnight."""
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)
