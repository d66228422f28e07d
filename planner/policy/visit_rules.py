"""What a plan of a month's visits must keep: the days worked, by when a visit is due, how far apart two may be.

Whoever makes, checks or changes a plan looks the rules up here; none of it knows how plans are searched for.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal

from planner.policy.workdays import DaysOff, days_between, working_days

Week = Literal["周一至周五", "周一至周六", "每天"]
WEEKDAYS: dict[Week, int] = {"周一至周五": 5, "周一至周六": 6, "每天": 7}


@dataclass(frozen=True)
class Month:
    """The days from `first` to `last`, and those of them that are worked, in order."""

    first: date
    last: date
    days: tuple[date, ...]

    @property
    def spare(self) -> list[date]:
        """The days that are not worked."""
        return [day for day in days_between(self.first, self.last) if day not in set(self.days)]


def month_from(first: date, *, week: Week, days_off: DaysOff) -> Month:
    """The days from `first` to the last of its month, with those worked in a week of so many days."""
    last = first.replace(day=monthrange(first.year, first.month)[1])
    return Month(first, last, tuple(working_days(first, last, weekdays=WEEKDAYS[week], days_off=days_off)))


def slack_days(every_days: int, tolerance: float) -> int:
    """By how many days a visit of a step may come early, and a step be off: a share of it, at least one."""
    return max(1, int(every_days * tolerance))


def latest_day(due: date, month: Month, slack: int) -> date:
    """By when a visit is to be made; one that is overdue may take so many days from the first of the month."""
    return max(due, month.first + timedelta(days=slack))


def is_late(
    day: date, due: date, slack: int, worked: Collection[date], month: Month, *, before: date = date.min
) -> bool:
    """Whether a visit comes after its due day although a day would have done; where none would, after the next worked.

    `before` is the household's visit before it: put off by days off itself, it may have taken the days there were.
    """
    latest = latest_day(due, month, slack)
    if not any(latest - timedelta(days=slack) <= free <= latest and free > before for free in worked):
        latest = min((free for free in worked if free > max(latest, before)), default=date.max)
    return day > latest


def is_early(day: date, due: date, slack: int, worked: Collection[date]) -> bool:
    """Whether a visit comes more than so many days before its due day although a later day would have done."""
    opens = due - timedelta(days=slack)
    return day < opens and bool(set(worked) & set(days_between(opens, due)))


def put_off(day: date, worked: Collection[date], month: Month) -> int:
    """By how many days the days off beside a day may have moved a visit to it."""
    total = 0
    for step in (-1, 1):
        beside = day + timedelta(days=step)
        while month.first <= beside <= month.last and beside not in worked:
            total += 1
            beside += timedelta(days=step)
    return total


def broken_steps(
    days: Sequence[date], every_days: int, slack: int, worked: Collection[date], month: Month
) -> Iterator[tuple[date, date]]:
    """Of the days of a household's visits, in order, the pairs that do not keep the step nor a multiple of it."""
    for earlier, later in pairwise(days):
        gap = (later - earlier).days
        here = slack + put_off(earlier, worked, month) + put_off(later, worked, month)
        if gap < every_days - here or min(gap % every_days, every_days - gap % every_days) > here:
            yield earlier, later
