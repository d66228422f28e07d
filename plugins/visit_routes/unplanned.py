"""Why a due visit is in no route, and the cheapest way to have it in: each way is tried in the finished plan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from math import ceil, inf

from planner.model.visiting import NotPlanned

from .problem import Plan, schedule
from .stops import DueDay, Stop
from .townships import Township

# What a way out is worth in minutes of overtime: a day later, and a day worked that is free.
_DAY_LATER = 30.0
_FREE_DAY = 240.0


@dataclass(frozen=True)
class Unplanned:
    """A due visit that is in no route: why, and what would do in words; minutes more, or the day it could be on."""

    stop: Stop
    due: DueDay
    reason: NotPlanned
    fix: str
    more_min: float | None = None
    on: date | None = None


@dataclass(frozen=True)
class _Way:
    cost: float
    fix: str
    more_min: float | None = None
    on: date | None = None


_PLAIN_FIXES = {
    NotPlanned.ENTRUSTED: "函请居住地民政部门或亲属所在村代为走访",
    NotPlanned.UNLOCATED: "补登住址坐标,或所在村的村委会驻地",
    NotPlanned.NOBODY: "为该乡镇指定走访人",
    NotPlanned.NO_ROAD: "核对住址坐标和道路;不通车的改由步行走访",
    NotPlanned.NO_DAY: "增加工作日,或把首日提前",
}


def unplanned_of(township: Township, plan: Plan) -> Iterator[Unplanned]:
    """Every due visit of a township that the plan leaves out, with its reason and the cheapest fix found."""
    for stop in township.outside:
        reason = stop.why or NotPlanned.NO_DAY
        for due in stop.dues:
            yield Unplanned(stop, due, reason, _PLAIN_FIXES[reason])
    for number, stop in enumerate(township.stops):
        for due in stop.undated:
            yield Unplanned(stop, due, NotPlanned.NO_DAY, _PLAIN_FIXES[NotPlanned.NO_DAY])
        if number in plan.left_out:
            yield from _left_out(township, plan, number)


def _left_out(township: Township, plan: Plan, number: int) -> Iterator[Unplanned]:
    stop = township.stops[number]
    reason, alone = _alone(township, number)
    for window, served in zip(stop.windows, stop.serves, strict=True):
        way = alone or _cheapest(township, plan, number, window)
        for due in served:
            yield Unplanned(stop, due, reason, way.fix, way.more_min, way.on)


def _alone(township: Township, number: int) -> tuple[NotPlanned, _Way | None]:
    """Whether anybody could make the visit as the only one of a day; else what is short, and by how little."""
    ways = []
    for who in range(len(township.visitors)):
        over, late = _short(township, township.tour(who, 0), (number,))
        ways.append((max(over, late), over, late))
    short, over, late = min(ways)
    if short <= 0:
        return NotPlanned.FULL, None
    more = ceil(short)
    if over > 0 and over >= late:
        return NotPlanned.LIMIT, _Way(short, f"当天时限延长{more}分钟", float(more))
    return NotPlanned.WINDOW, _Way(short, f"时间窗或返回时间放宽{more}分钟", float(more))


def _short(township: Township, tour: int, stops: tuple[int, ...]) -> tuple[float, float]:
    """By how many minutes a tour of these stops misses its limit, and its windows and hours; not above 0: none."""
    problem = township.problem
    told = schedule(problem, tour, stops)
    over = told.travel + told.service - float(problem.limit[tour])
    late = told.returns - float(problem.ends[tour])
    for visit in told.visits:
        late = max(late, visit.begins - float(problem.closes[visit.stop]))
    return over - 1e-6, late - 1e-6


def _insertions(stops: tuple[int, ...], number: int) -> Iterator[tuple[int, ...]]:
    return ((*stops[:place], number, *stops[place:]) for place in range(len(stops) + 1))


def _cheapest(township: Township, plan: Plan, number: int, window: tuple[int, ...]) -> _Way:
    """The least of overtime on a day in the window, a day after it, and a free day in the period; by name."""
    return min(
        (
            *_overtime(township, plan, number, window),
            *_later(township, plan, number, window),
            *_free_day(township, number, window),
        ),
        key=lambda way: way.cost,
    )


def _missing(township: Township, plan: Plan, number: int, day: int) -> Iterator[tuple[float, int]]:
    """By visitor, how many minutes are short on a day to have the stop where it fits best."""
    for who in range(len(township.visitors)):
        tour = township.tour(who, day)
        yield (
            min(max(0.0, *_short(township, tour, item)) for item in _insertions(plan.tours[tour], number)),
            who,
        )


def _overtime(township: Township, plan: Plan, number: int, window: tuple[int, ...]) -> Iterator[_Way]:
    for day in window:
        short, who = min(_missing(township, plan, number, day))
        if short < inf:
            where, name = township.month.days[day], township.visitors[who].name
            more = ceil(short)
            if more:
                yield _Way(short, f"{_day(where)}{name}多用{more}分钟", float(more), where)
            else:
                yield _Way(0.0, f"单独排在{_day(where)},由{name}走访(这户其余几次排不下)", 0.0, where)


def _later(township: Township, plan: Plan, number: int, window: tuple[int, ...]) -> Iterator[_Way]:
    days = township.month.days
    for day in range(window[-1] + 1, len(days)):
        short, who = min(_missing(township, plan, number, day))
        if short <= 0:
            late = (days[day] - days[window[-1]]).days
            name = township.visitors[who].name
            yield _Way(_DAY_LATER * late, f"放宽{late}天,排在{_day(days[day])},由{name}走访", None, days[day])
            return


def _free_day(township: Township, number: int, window: tuple[int, ...]) -> Iterator[_Way]:
    """A free day from the first of the window on; anybody who can do it alone then can."""
    days = township.month.days
    spare = [day for day in township.month.spare if days[window[0]] <= day]
    fits = [
        who
        for who in range(len(township.visitors))
        if max(_short(township, township.tour(who, 0), (number,))) <= 0
    ]
    if spare and fits:
        late = max(0, (spare[0] - days[window[-1]]).days)
        name = township.visitors[fits[0]].name
        yield _Way(_FREE_DAY + _DAY_LATER * late, f"加一天:{_day(spare[0])}由{name}走访", None, spare[0])


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"
