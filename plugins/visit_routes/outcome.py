"""The plans of the townships as layers and tables: stops, legs, days, due visits planned and not, changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import LineString, Point

from planner.model.layers import METRIC_CRS, Layer
from planner.model.visit_times import clock
from planner.model.visiting import (
    VISIT_CHANGES,
    VISIT_DAYS,
    VISIT_LEGS,
    VISIT_PLANNED,
    VISIT_STOPS,
    VISIT_TOWNSHIPS,
    VISIT_UNPLANNED,
    Change,
    NotPlanned,
    Visitor,
)
from planner.model.words import Grade
from planner.plugin import Result
from planner.roads.legs import Leg, Legs

from .params import Params
from .problem import Plan, schedule
from .townships import Township
from .unplanned import Unplanned, unplanned_of

Rows = list[dict[str, Any]]
Before = Mapping[tuple[str, str], Collection[tuple[date, str]]]


@dataclass(frozen=True)
class Answer:
    """A township with the best plan found for it."""

    township: Township
    plan: Plan


def outcome_of(
    answers: Sequence[Answer],
    *,
    due: pd.DataFrame,
    names: Mapping[str, str],
    params: Params,
    ways: Legs,
    before: Before | None,
) -> Result:
    """Layers and tables of a result, without metrics and notes. `names` are those of the townships."""
    found = ways.find(
        leg for answer in answers for tour in range(len(answer.plan.tours)) for leg in _legs(answer, tour)
    )
    stops: Rows = []
    legs: Rows = []
    days: Rows = []
    planned: Rows = []
    unplanned: list[Unplanned] = []
    for answer in answers:
        for tour, members in enumerate(answer.plan.tours):
            if members:
                _tour(answer, tour, params, found, stops, legs, days, planned)
        unplanned += unplanned_of(answer.township, answer.plan)
    tables = {
        VISIT_DAYS.name: _table(VISIT_DAYS, days, ["day", "visitor"]),
        VISIT_UNPLANNED.name: _table(
            VISIT_UNPLANNED, [_unplanned_row(item) for item in unplanned], ["township", "file", "kind", "due"]
        ),
        VISIT_PLANNED.name: _table(VISIT_PLANNED, planned, ["day", "visitor", "order", "file", "due"]),
    }
    tables[VISIT_TOWNSHIPS.name] = _townships(answers, tables, due, names)
    tables[VISIT_CHANGES.name] = _changes(stops, before)
    return Result(
        layers={
            VISIT_STOPS.name: _placed(VISIT_STOPS, stops),
            VISIT_LEGS.name: _placed(VISIT_LEGS, legs),
        },
        tables=tables,
    )


def _legs(answer: Answer, tour: int) -> list[Leg]:
    """The legs of one visitor's day: from the office to each stop and back."""
    township, members = answer.township, answer.plan.tours[tour]
    visitor = township.visitors[township.problem.visitor[tour]]
    points = [visitor.office, *(township.stops[stop].point for stop in members), visitor.office]
    located = [point for point in points if point is not None]
    return [(visitor.mode, *ends) for ends in pairwise(located)] if members else []


def _tour(
    answer: Answer,
    tour: int,
    params: Params,
    ways: Mapping[Leg, tuple[LineString, float]],
    stops: Rows,
    legs: Rows,
    days: Rows,
    planned: Rows,
) -> None:
    """Add the rows of one visitor's day."""
    township, problem = answer.township, answer.township.problem
    visitor, number = township.visitors[problem.visitor[tour]], int(problem.day[tour])
    day = township.month.days[number]
    told = schedule(problem, tour, answer.plan.tours[tour])
    common = {"day": day, "visitor": visitor.id, "name": visitor.name}
    minutes = [*(visit.way for visit in told.visits), told.travel - sum(visit.way for visit in told.visits)]
    own_legs = [
        {
            **common,
            "order": order,
            "minutes": _round(max(minutes[order - 1], 0.0)),
            "km": _round(ways[leg][1]),
            "geometry": ways[leg][0],
        }
        for order, leg in enumerate(_legs(answer, tour), start=1)
    ]
    legs += own_legs
    way_min = 0.0
    for order, visit in enumerate(told.visits, start=1):
        stop = township.stops[visit.stop]
        way_min += visit.way
        served = stop.serves[_which(answer.plan.patterns[visit.stop], number)]
        stops.append(
            {
                **common,
                "order": order,
                "township": stop.township,
                "village": stop.village,
                "household": stop.household,
                "kind": str(stop.kind),
                "grade": str(stop.grade),
                "files": "、".join(stop.files),
                "children": len(stop.files),
                "due": min(item.due for item in served),
                "arrives": clock(visit.arrives),
                "begins": clock(visit.begins),
                "leaves": clock(visit.leaves),
                "leg_min": _round(visit.way),
                "leg_km": own_legs[order - 1]["km"],
                "way_min": _round(way_min),
                "service_min": stop.service_min,
                "persons": 2 if params.high_in_pairs and stop.grade is Grade.HIGH else 1,
                "discreet": stop.discreet,
                "placed": stop.placed,
                "origin": stop.origin,
                "geometry": Point(stop.point or (np.nan, np.nan)),
            }
        )
        planned += [
            {
                "file": item.file,
                "kind": str(stop.kind),
                "due": item.due,
                "household": stop.household,
                "township": stop.township,
                "grade": str(item.grade),
                "overdue_days": item.overdue_days,
                "day": day,
                "visitor": visitor.id,
                "order": order,
            }
            for item in served
        ]
    km = _round(sum(leg["km"] for leg in own_legs))
    days.append(_day_row(common, visitor, township, answer.plan.tours[tour], told, params, km))


def _day_row(
    common: Mapping[str, Any],
    visitor: Visitor,
    township: Township,
    members: Sequence[int],
    told: Any,
    params: Params,
    km: float,
) -> dict[str, Any]:
    homes = {township.stops[number].household: len(township.stops[number].files) for number in members}
    return {
        **common,
        "township": visitor.township,
        "households": len(homes),
        "children": sum(homes.values()),
        "service_min": _round(told.service),
        "travel_min": _round(told.travel),
        "total_min": _round(told.travel + told.service),
        "km": km,
        "departs": clock(params.begin_hour * 60),
        "lunch": None if told.lunch is None else clock(told.lunch),
        "returns": clock(told.returns),
        "mode": str(visitor.mode),
    }


def _which(pattern: int, day: int) -> int:
    """The how-manieth day of a pattern `day` is."""
    return int(pattern & ((1 << day) - 1)).bit_count()


def _round(value: float) -> float:
    """To a hundredth: the parts of a sum are told apart, and the noise of a float is not."""
    return round(value, 2)


def _unplanned_row(item: Unplanned) -> dict[str, Any]:
    stop = item.stop
    return {
        "file": item.due.file,
        "kind": str(stop.kind),
        "due": item.due.due,
        "household": stop.household,
        "township": stop.township,
        "village": stop.village,
        "grade": str(item.due.grade),
        "overdue_days": item.due.overdue_days,
        "reason": str(item.reason),
        "fix": item.fix,
        "more_min": np.nan if item.more_min is None else item.more_min,
        "on": item.on,
        "discreet": stop.discreet,
    }


def _townships(
    answers: Iterable[Answer], tables: Mapping[str, pd.DataFrame], due: pd.DataFrame, names: Mapping[str, str]
) -> pd.DataFrame:
    planned = tables[VISIT_PLANNED.name]
    unplanned = tables[VISIT_UNPLANNED.name]
    days = tables[VISIT_DAYS.name]
    rows = []
    for answer in answers:
        code = answer.township.code
        own = due[due["township"] == code]
        left = unplanned[unplanned["township"] == code]
        done = planned[planned["township"] == code]
        entrusted = int((left["reason"] == NotPlanned.ENTRUSTED).sum())
        late = own[own["overdue_days"] > 0]
        rows.append(
            {
                "code": code,
                "name": names.get(code, code),
                "visitors": len(answer.township.visitors),
                "children": len({*left["file"], *done["file"]}),
                "due": len(done) + len(left),
                "planned": len(done),
                "unplanned": len(left) - entrusted,
                "entrusted": entrusted,
                "overdue": late["file"].nunique(),
                "most_overdue_days": int(own["overdue_days"].max()) if len(own) else 0,
                "minutes": _round(float(days.loc[days["township"] == code, "total_min"].sum())),
            }
        )
    return _table(VISIT_TOWNSHIPS, rows, ["code"])


def _changes(stops: Rows, before: Before | None) -> pd.DataFrame:
    """The visits that are not on the day and with the visitor of the plan handed out; none where none was."""
    now: dict[tuple[str, str], set[tuple[date, str]]] = defaultdict(set)
    for row in stops:
        now[row["household"], row["kind"]].add((row["day"], row["visitor"]))
    rows = []
    for household, kind in sorted({*now, *before} if before is not None else ()):
        was, is_ = set((before or {}).get((household, kind), ())), now.get((household, kind), set())
        gone, come = sorted(was - is_), sorted(is_ - was)
        for number in range(max(len(gone), len(come))):
            old = gone[number] if number < len(gone) else None
            new = come[number] if number < len(come) else None
            rows.append(
                {
                    "household": household,
                    "kind": kind,
                    "change": str(_change(old, new)),
                    "day_before": old and old[0],
                    "visitor_before": old and old[1],
                    "day_after": new and new[0],
                    "visitor_after": new and new[1],
                }
            )
    return _table(VISIT_CHANGES, rows, [])


def _change(old: tuple[date, str] | None, new: tuple[date, str] | None) -> Change:
    if old is None or new is None:
        return Change.ADDED if old is None else Change.DROPPED
    return Change.VISITOR if old[1] != new[1] else Change.DAY


def _table(layer: Layer, rows: Rows, order: list[str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list(layer.columns))
    for name, item in layer.columns.items():
        if str(item.dtype).startswith("datetime64"):
            frame[name] = pd.to_datetime(frame[name])
    cast = layer.cast(frame)
    return cast.sort_values(order, ignore_index=True) if order else cast


def _placed(layer: Layer, rows: Rows) -> gpd.GeoDataFrame:
    rows = sorted(rows, key=lambda row: (row["day"], row["visitor"], row["order"]))
    frame = pd.DataFrame(rows, columns=list(layer.columns))
    for name in ("day", "due"):
        if name in frame:
            frame[name] = pd.to_datetime(frame[name])
    shapes = gpd.GeoSeries([row["geometry"] for row in rows], crs=METRIC_CRS)
    return layer.cast(gpd.GeoDataFrame(frame, geometry=shapes, crs=METRIC_CRS))
