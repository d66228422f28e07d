"""A visit plan with the visits that people moved since: the days they touch are timed anew, the others stay.

A moved visit goes where it fits its new day best; the others of the day keep their order. The run itself never
changes: moves stand beside it, and what is printed or kept close to is the plan with them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.errors import InputError
from planner.jobs.travel import travel_of
from planner.jobs.visit_plans import PLUGIN, VisitPlan, run_plan, visit_run
from planner.jobs.visiting import read_due_visits, read_visitors
from planner.model.layers import METRIC_CRS, Layer, rows_of
from planner.model.visit_moves import Move
from planner.model.visit_times import DayTimes, clock, day_times
from planner.model.visiting import (
    VISIT_DAYS,
    VISIT_LEGS,
    VISIT_PLANNED,
    VISIT_STOPS,
    TravelMode,
    Visitor,
    visitors_of,
)
from planner.model.visits import VisitKind
from planner.model.words import Grade
from planner.parameters import read_params
from planner.policy.rules import RuleSet
from planner.policy.visit_rules import Month, month_from
from planner.policy.workdays import load_days_off
from planner.registry import find_plugin
from planner.roads import Travel
from planner.roads.legs import Legs
from planner.roads.modes import travel_by_mode
from planner.store.rule_sets import rules_on
from planner.store.runs import Run
from planner.store.scope import EVERYTHING, scope_of
from planner.store.visit_moves import read_moves
from planner.store.workspace import Workspace

Tour = tuple[pd.Timestamp, str]
Row = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Setting:
    """What the days of a plan are held against, as the run that made it was asked: hours, days, visitors, travel.

    Hours are minutes of the day. `opens` tells before when a household's visit of a kind may not begin, `steps`
    how many days lie between two.
    """

    month: Month
    visitors: Mapping[str, Visitor]
    begins: float
    ends: float
    lunch_from: float
    lunch_min: float
    limit_min: float
    tolerance: float
    opens: Mapping[tuple[str, str], float]
    steps: Mapping[tuple[str, str], int]
    ways: Mapping[TravelMode, tuple[Travel, float]]

    @cached_property
    def roads(self) -> Legs:
        """By which road a way runs that the plan has not."""
        return Legs({mode: travel for mode, (travel, _) in self.ways.items()})

    def visitor(self, who: str) -> Visitor:
        """The visitor of that number. Raises InputError where there is none, or nobody knows where they start."""
        found = self.visitors.get(who)
        if found is None:
            raise InputError(f"没有编号为“{who}”的走访人", "在这次运行的走访人里选")
        if found.office is None:
            raise InputError(f"走访人“{found.name}”的出发点没有定位", "补登村委会驻地,或换一个走访人")
        return found


def read_plan(workspace: Workspace, run: str, *, visitor: str | None, day: date | None) -> VisitPlan:
    """The days of a visitor (number or name; None: all) and of a day (None: all) of a plan as moved.

    Raises InputError for a run of another plugin, or where nothing is planned for them.
    """
    return moved_plan(workspace, run).chosen(visitor=visitor, day=day)


def moved_plan(workspace: Workspace, run: str, *, known_at: datetime | None = None) -> VisitPlan:
    """The plan of a run with the moves that held at a moment (None: now). Raises InputError as `run_plan` does."""
    plan = run_plan(workspace, run)
    moves = read_moves(workspace, run, known_at=known_at)
    return with_moves(plan, moves, read_setting(workspace, plan)) if moves else plan


def read_setting(workspace: Workspace, plan: VisitPlan) -> Setting:
    """What the days of a run's plan are held against. Raises AccessError for who may not see files."""
    run = visit_run(workspace, plan.run)
    params: Any = read_params(find_plugin(PLUGIN).params, run.params)
    days_off = load_days_off().with_period(params.off_from, params.off_to)
    first = params.first_day or run.as_of + timedelta(days=1)
    scope = EVERYTHING if run.area is None else scope_of([run.area])
    frame = read_visitors(workspace, scope, as_of=run.as_of, known_at=run.known_at)
    visitors = visitors_of(frame, mode=params.mode, absent=params.absent)
    travel, _ = travel_of(workspace, known_at=run.known_at)
    with workspace.reading() as connection:
        rules = rules_on(connection, run.as_of)
    return Setting(
        month=month_from(first, week=params.week, days_off=days_off),
        visitors=_planned_visitors(plan) | {item.id: item for item in visitors},
        begins=params.begin_hour * 60,
        ends=params.end_hour * 60,
        lunch_from=params.lunch_hour * 60,
        lunch_min=params.lunch_min,
        limit_min=params.limit_min,
        tolerance=params.tolerance,
        opens=_opens(workspace, run, params) if params.after_school else {},
        steps=_steps(plan, rules),
        ways=travel_by_mode(
            travel,
            detour=params.detour,
            speed_kmh=params.speed_kmh,
            slower=params.slower,
            walk_kmh=params.walk_kmh,
        ),
    )


def with_moves(plan: VisitPlan, moves: Sequence[Move], setting: Setting) -> VisitPlan:
    """The plan with visits moved, one move after the other.

    Raises InputError for a move of a visit that is not where it says, to a day on which the household has such a
    visit already, beyond the plan's days, or to where no way leads.
    """
    tours: dict[Tour, list[Row]] = {}
    for move in moves:
        start, goal = ((pd.Timestamp(day), who) for day, who in (move.start, move.goal))
        for key in (start, goal):
            if key not in tours:
                tours[key] = _members(plan, key)
        _check(plan, tours, move, setting)
        stop = next((row for row in tours[start] if (row["household"], row["kind"]) == move.visit), None)
        if stop is None:
            raise InputError(
                f"{move.from_day.isoformat()}这位走访人那里没有这次走访", "刷新后再看它现在排在哪天"
            )
        tours[start].remove(stop)
        tours[goal] = _inserted(setting, setting.visitor(move.to_visitor), tours[goal], stop)
    return _rebuilt(plan, tours, setting, len(moves))


def _check(plan: VisitPlan, tours: Mapping[Tour, Sequence[Row]], move: Move, setting: Setting) -> None:
    """Raises InputError for a move to nowhere else, beyond the plan's days, or onto another visit of its kind."""
    month = setting.month
    if move.start == move.goal:
        raise InputError("日期和走访人都没有变", "选另一天,或另一个走访人")
    if not month.first <= move.to_day <= month.last:
        raise InputError(
            f"{move.to_day.isoformat()}不在这次路线的期间内",
            f"选{month.first.isoformat()}至{month.last.isoformat()}之间的一天",
        )
    day = pd.Timestamp(move.to_day)
    there = [row for (when, _), rows in tours.items() if when == day for row in rows]
    others = plan.stops[plan.stops["day"] == day]
    there += [row for row in _records(others) if (row["day"], row["visitor"]) not in tours]
    same_day = move.from_day == move.to_day
    if sum((row["household"], row["kind"]) == move.visit for row in there) > same_day:
        raise InputError(f"这户{move.to_day.isoformat()}已有一次同类走访", "选另一天")


def _members(plan: VisitPlan, key: Tour) -> list[Row]:
    """The stops of a tour in their order, each remembering where it was planned."""
    day, who = key
    rows = plan.stops[(plan.stops["day"] == day) & (plan.stops["visitor"] == who)].sort_values("order")
    return [{**row, "planned": key} for row in _records(rows)]


def _inserted(setting: Setting, visitor: Visitor, members: Sequence[Row], stop: Row) -> list[Row]:
    """The stops of a day with one more, where the return is in time, and then the way is shortest."""
    together = [*members, stop]
    table = _minutes(setting, visitor, together)
    new = len(members)
    places = range(len(members) + 1)
    orders = [[*range(place), new, *range(place, len(members))] for place in places]

    def cost(order: Sequence[int]) -> tuple[float, float]:
        ways, _, returns = _timed(setting, together, table, order)
        return max(0.0, returns - setting.ends), sum(ways)

    best = min(orders, key=cost)
    if not np.isfinite(cost(best)[1]):
        raise InputError(f"从{visitor.name}的出发点到这户没有路可走", "换一个走访人,或核对住址坐标和道路")
    return [together[number] for number in best]


def _minutes(setting: Setting, visitor: Visitor, members: Sequence[Row]) -> np.ndarray:
    """Minutes between the stops of a day and (last) the office, shape (n + 1, n + 1); inf where no way leads."""
    travel, times = setting.ways[visitor.mode]
    points = [(row["geometry"].x, row["geometry"].y) for row in members]
    metres = np.array([*points, visitor.office], dtype=float).reshape(-1, 2)
    table = travel.minutes(metres, metres) * times
    np.fill_diagonal(table, 0.0)
    return table


def _timed(
    setting: Setting, members: Sequence[Row], table: np.ndarray, order: Sequence[int]
) -> tuple[list[float], DayTimes, float]:
    """The minutes of each way of a day, the one home last, its times, and when the visitor is back."""
    office = len(members)
    ways = [float(table[pair]) for pair in pairwise([office, *order, office])]
    told = day_times(
        ways[:-1],
        [float(members[number]["service_min"]) for number in order],
        [setting.opens.get(_visit(members[number]), 0.0) for number in order],
        begins=setting.begins,
        lunch_from=setting.lunch_from,
        lunch_min=setting.lunch_min,
    )
    return ways, told, told.ends + ways[-1]


def _rebuilt(plan: VisitPlan, tours: Mapping[Tour, Sequence[Row]], setting: Setting, moves: int) -> VisitPlan:
    """The plan with the given tours timed anew."""
    known = _known_legs(plan)
    modes = {(row.day, row.visitor): row.mode for row in rows_of(plan.days)}
    stops, legs, days = (_others(frame, tours) for frame in (plan.stops, plan.legs, plan.days))
    where: dict[tuple[Any, ...], Row] = {}
    for (day, who), members in tours.items():
        if not members:
            continue
        visitor = setting.visitor(who)
        if (day, who) in modes:
            visitor = replace(visitor, mode=TravelMode(modes[day, who]))
        made = _day_rows(setting, visitor, day, members, known)
        stops += made[0]
        legs += made[1]
        days.append(made[2])
        where |= {(*_visit(row), *old["planned"]): row for row, old in zip(made[0], members, strict=True)}
    return replace(
        plan,
        days=_frame(VISIT_DAYS, days, ["day", "visitor"]),
        stops=_frame(VISIT_STOPS, stops, ["day", "visitor", "order"]),
        legs=_frame(VISIT_LEGS, legs, ["day", "visitor", "order"]),
        planned=_replanned(plan.planned, where),
        moves=moves,
    )


def _others(frame: pd.DataFrame, tours: Mapping[Tour, Any]) -> list[Row]:
    return [row for row in _records(frame) if (row["day"], row["visitor"]) not in tours]


def _day_rows(
    setting: Setting, visitor: Visitor, day: pd.Timestamp, members: Sequence[Row], known: Mapping[Any, Any]
) -> tuple[list[Row], list[Row], Row]:
    """The rows of a visitor's day: stops, legs, and the day's own."""
    order = range(len(members))
    ways, times, returns = _timed(setting, members, _minutes(setting, visitor, members), order)
    common = {"day": day, "visitor": visitor.id, "name": visitor.name}
    places: list[Any] = [visitor.id, *(row["household"] for row in members), visitor.id]
    points: list[Any] = [
        visitor.office,
        *((row["geometry"].x, row["geometry"].y) for row in members),
        visitor.office,
    ]
    legs = []
    for number, (way, ends, line) in enumerate(
        zip(ways, pairwise(places), pairwise(points), strict=True), start=1
    ):
        leg = visitor.mode, *line
        shape, km = known.get((visitor.mode, *ends)) or setting.roads.find([leg])[leg]
        km = round(km, 2)
        legs.append({**common, "order": number, "minutes": round(way, 2), "km": km, "geometry": shape})
    stops = []
    for number, (row, time) in enumerate(zip(members, times.visits, strict=True), start=1):
        stops.append(
            {
                **{name: row[name] for name in (*VISIT_STOPS.columns, "geometry")},
                **common,
                "order": number,
                "arrives": clock(time.arrives),
                "begins": clock(time.begins),
                "leaves": clock(time.leaves),
                "leg_min": round(ways[number - 1], 2),
                "leg_km": legs[number - 1]["km"],
                "way_min": round(sum(ways[:number]), 2),
            }
        )
    homes = {row["household"]: row["children"] for row in members}
    service = sum(float(row["service_min"]) for row in members)
    told = {
        **common,
        "township": visitor.township,
        "households": len(homes),
        "children": sum(homes.values()),
        "service_min": round(service, 2),
        "travel_min": round(sum(ways), 2),
        "total_min": round(service + sum(ways), 2),
        "km": round(float(np.sum([leg["km"] for leg in legs])), 2),
        "departs": clock(setting.begins),
        "lunch": None if times.lunch is None else clock(times.lunch),
        "returns": clock(returns),
        "mode": str(visitor.mode),
    }
    return stops, legs, told


def _known_legs(plan: VisitPlan) -> dict[Any, tuple[Any, float]]:
    """Line and kilometres of the ways that the plan has, by mode and both ends: a household, or a visitor's office."""
    modes = {(row.day, row.visitor): TravelMode(row.mode) for row in rows_of(plan.days)}
    homes = {key: list(rows["household"]) for key, rows in _by_tour(plan.stops)}
    known = {}
    for key, rows in _by_tour(plan.legs):
        places = [key[1], *homes.get(key, ()), key[1]]
        for ends, km, shape in zip(pairwise(places), rows["km"], rows.geometry, strict=True):
            known[(modes[key], *ends)] = shape, float(km)
    return known


def _by_tour(frame: pd.DataFrame) -> Any:
    return frame.sort_values("order").groupby(["day", "visitor"])


def _replanned(planned: pd.DataFrame, where: Mapping[tuple[Any, ...], Row]) -> pd.DataFrame:
    """The due visits with the day, visitor and place in the order that their stops have now."""
    rows = _records(planned)
    for row in rows:
        now = where.get((row["household"], row["kind"], row["day"], row["visitor"]))
        if now is not None:
            row.update({name: now[name] for name in ("day", "visitor", "order")})
    return _frame(VISIT_PLANNED, rows, ["day", "visitor", "order", "file", "due"])


def _frame(layer: Layer, rows: Sequence[Row], order: Sequence[str]) -> Any:
    columns = [*layer.columns, *(["geometry"] if layer.geometry else [])]
    frame = pd.DataFrame([{name: row[name] for name in columns} for row in rows], columns=columns)
    for name, item in layer.columns.items():
        if str(item.dtype).startswith("datetime64"):
            frame[name] = pd.to_datetime(frame[name])
    if layer.geometry:
        frame = gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(list(frame["geometry"]), crs=METRIC_CRS))
    return layer.cast(frame).sort_values(list(order), ignore_index=True)


def _records(frame: pd.DataFrame) -> list[Row]:
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def _visit(row: Row) -> tuple[str, str]:
    return row["household"], row["kind"]


def _planned_visitors(plan: VisitPlan) -> dict[str, Visitor]:
    """The visitors that the plan itself tells of, for want of a roster that still has them."""
    first = plan.legs[plan.legs["order"] == 1]
    starts = {who: line.coords[0][:2] for who, line in zip(first["visitor"], first.geometry, strict=True)}
    return {
        row.visitor: Visitor(
            id=row.visitor,
            name=row.name,
            township=row.township,
            villages=plan.villages.get(row.visitor, frozenset()),
            mode=TravelMode(row.mode),
            office=starts.get(row.visitor),
        )
        for row in rows_of(plan.days.drop_duplicates("visitor"))
    }


def _steps(plan: VisitPlan, rules: RuleSet) -> dict[tuple[str, str], int]:
    """The least days between visits of each household and kind."""
    table = rules.visits.value
    steps: dict[tuple[str, str], int] = {}
    for row in rows_of(plan.planned):
        every = table.kinds.get(VisitKind(row.kind)) or table.every[Grade(row.grade)]
        key = row.household, row.kind
        steps[key] = min(every, steps.get(key, every))
    return steps


def _opens(workspace: Workspace, run: Run, params: Any) -> dict[tuple[str, str], float]:
    """The households that have a child at school may be visited when school is out."""
    scope = EVERYTHING if run.area is None else scope_of([run.area])
    due = read_due_visits(workspace, scope, as_of=run.as_of, known_at=run.known_at)
    at_school = due[due["at_school"]]
    return dict.fromkeys(
        zip(at_school["household"], at_school["kind"], strict=True), params.school_out_hour * 60
    )
