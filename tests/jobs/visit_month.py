"""Plans of a month's visits that can be checked by eye: offices at the origin, homes some kilometres east of it.

At 60 km/h without detour a kilometre is a minute, a visit takes 30. January 2021 has 20 working days, from the 4th to the
29th.
"""

from datetime import date
from itertools import pairwise

import geopandas as gpd
import pandas as pd
from shapely import LineString, Point

from planner.jobs.moved_plans import Setting
from planner.jobs.visit_plans import VisitPlan
from planner.model.layers import METRIC_CRS, rows_of
from planner.model.visit_moves import Move
from planner.model.visiting import (
    VISIT_DAYS,
    VISIT_LEGS,
    VISIT_PLANNED,
    VISIT_STOPS,
    VISIT_UNPLANNED,
    TravelMode,
    Visitor,
)
from planner.policy.visit_rules import month_from
from planner.policy.workdays import load_days_off
from planner.roads import StraightLine
from planner.roads.modes import travel_by_mode

TOWN, NEAR, MID = "640101001", "640101001001", "640101001002"
AS_OF = date(2020, 12, 31)
EAST, NORTH = 500_000, 4_000_000
REGULAR = "定期走访"
VISITORS = {
    "甲": Visitor("甲", "王甲", TOWN, frozenset({NEAR}), TravelMode.CAR, (EAST, NORTH)),
    "乙": Visitor("乙", "李乙", TOWN, frozenset({MID}), TravelMode.CAR, (EAST, NORTH)),
    "丙": Visitor("丙", "张丙", "640101002", frozenset(), TravelMode.CAR, (EAST, NORTH)),
    "丁": Visitor("丁", "赵丁", TOWN, frozenset(), TravelMode.CAR, None),
}


def day(number):
    """A day of January 2021."""
    return date(2021, 1, number)


def setting(**changes):
    """How the days are held against the hours: half past eight to six, no lunch, 420 minutes, every 30 days."""
    values = {
        "month": month_from(day(1), week="周一至周五", days_off=load_days_off()),
        "visitors": VISITORS,
        "begins": 510.0,
        "ends": 1080.0,
        "lunch_from": 720.0,
        "lunch_min": 0.0,
        "limit_min": 420.0,
        "tolerance": 0.25,
        "opens": {},
        "steps": {},
        "ways": travel_by_mode(StraightLine(), detour=1, speed_kmh=60, slower=1.25, walk_kmh=4.5),
    }
    return Setting(**{**values, **changes})


def move(file, start, goal, *, by="甲", to=None, kind=REGULAR):
    """A household's move from one day of January to another."""
    return Move(file, kind, day(start), by, day(goal), to or by)


def plan(tours, *, unplanned=(), **changes):
    """A plan out of {(day of January, visitor): [(file, kilometres east)]}; values of single files may be given.

    A visit is due five days after it is planned, unless `due` of its file says otherwise, by the day planned.
    """
    stops, legs, days, planned = [], [], [], []
    for (number, who), homes in tours.items():
        common = {"day": day(number), "visitor": who, "name": VISITORS[who].name}
        east = [0, *(km for _, km in homes), 0]
        ways = [float(abs(b - a)) for a, b in pairwise(east)]
        points = [Point(EAST + 1000 * km, NORTH) for km in east]
        for order, ((file, _), way) in enumerate(zip(homes, ways, strict=False), start=1):
            told = {
                "township": TOWN,
                "village": NEAR,
                "grade": "中",
                "kind": REGULAR,
                **changes.get(file, {}),
            }
            due = told.pop("due", {}).get(number, day(min(number + 5, 31)))
            stops.append(
                {
                    **common,
                    "order": order,
                    "household": file,
                    "files": file,
                    "children": 1,
                    "due": due,
                    "arrives": "08:30",
                    "begins": "08:30",
                    "leaves": "09:00",
                    "leg_min": way,
                    "leg_km": way,
                    "way_min": sum(ways[:order]),
                    "service_min": 30.0,
                    "persons": 1,
                    "discreet": False,
                    "placed": "住址",
                    "origin": "手工",
                    "geometry": points[order],
                    **told,
                }
            )
            own = {name: told[name] for name in ("township", "grade", "kind")}
            planned.append(
                {"file": file, "household": file, "due": due, "overdue_days": 0, "order": order, **own}
                | {"day": day(number), "visitor": who}
            )
        legs += [
            {**common, "order": order, "minutes": way, "km": way, "geometry": LineString(ends)}
            for order, (way, ends) in enumerate(zip(ways, pairwise(points), strict=True), start=1)
        ]
        days.append(
            {
                **common,
                "township": TOWN,
                "households": len(homes),
                "children": len(homes),
                "service_min": 30.0 * len(homes),
                "travel_min": sum(ways),
                "total_min": sum(ways) + 30.0 * len(homes),
                "km": sum(ways),
                "departs": "08:30",
                "lunch": None,
                "returns": "10:00",
                "mode": "汽车",
            }
        )
    return VisitPlan(
        run="run",
        as_of=AS_OF,
        days=_frame(VISIT_DAYS, days),
        stops=_frame(VISIT_STOPS, stops),
        legs=_frame(VISIT_LEGS, legs),
        planned=_frame(VISIT_PLANNED, planned),
        unplanned=_frame(VISIT_UNPLANNED, list(unplanned)),
        villages={},
    )


def frames_of(plan):
    """The layers and tables of a plan by name, as a run keeps them."""
    return {
        VISIT_DAYS.name: plan.days,
        VISIT_STOPS.name: plan.stops,
        VISIT_LEGS.name: plan.legs,
        VISIT_PLANNED.name: plan.planned,
        VISIT_UNPLANNED.name: plan.unplanned,
    }


def orders(plan):
    """The files of each tour in their order, by day of January and visitor."""
    told: dict[tuple[int, str], list[str]] = {}
    for row in rows_of(plan.stops.sort_values(["day", "visitor", "order"])):
        told.setdefault((row.day.day, row.visitor), []).append(row.household)
    return told


def _frame(layer, rows):
    made = pd.DataFrame(rows, columns=[*layer.columns, *(["geometry"] if layer.geometry else [])])
    for name, item in layer.columns.items():
        if str(item.dtype).startswith("datetime64"):
            made[name] = pd.to_datetime(made[name])
    if layer.geometry:
        made = gpd.GeoDataFrame(made, geometry=gpd.GeoSeries(list(made["geometry"]), crs=METRIC_CRS))
    return layer.check(layer.cast(made))
