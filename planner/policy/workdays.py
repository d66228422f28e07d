"""Working days: weekdays, the days off of the year, and the weekend days worked in their place; dated configuration."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources


@dataclass(frozen=True)
class DaysOff:
    """The days off of the years that are known, and the weekend days worked in exchange."""

    off: frozenset[date]
    worked: frozenset[date]
    years: frozenset[int]

    def with_period(self, first: date | None, last: date | None) -> DaysOff:
        """The same with the days from `first` to `last` (None: `first` alone) off too; without `first` as it is."""
        return self if first is None else self.with_off(days_between(first, last or first))

    def with_off(self, days: Iterable[date]) -> DaysOff:
        """The same with more days off."""
        more = frozenset(days)
        return DaysOff(self.off | more, self.worked - more, self.years)


@cache
def load_days_off() -> DaysOff:
    """The packaged table, each year as the State Council told it; read once."""
    text = resources.files("planner.policy").joinpath("rulesets", "days_off.toml").read_text("utf-8")
    years = tomllib.loads(text)["years"]
    off = {day for year in years for begin, end in year["off"] for day in days_between(begin, end)}
    worked = {day for year in years for day in year["worked"]}
    return DaysOff(frozenset(off), frozenset(worked), frozenset(year["year"] for year in years))


def days_between(first: date, last: date) -> list[date]:
    """The days from the first to the last, both included; none where the last is earlier."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def working_days(first: date, last: date, *, weekdays: int, days_off: DaysOff) -> list[date]:
    """The days worked from `first` to `last`, of weeks whose first so many `weekdays` are worked (7: all)."""
    return [
        day
        for day in days_between(first, last)
        if day in days_off.worked or (day.weekday() < weekdays and day not in days_off.off)
    ]
