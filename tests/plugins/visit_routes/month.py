"""Months that can be checked by eye: one township, an office at the origin, homes some minutes east of it.

At 60 km/h without detour a kilometre is a minute. January 2021 has 20 working days, from the 4th to the 29th.
"""

from datetime import date

import geopandas as gpd
import pandas as pd
from shapely import Point

from planner.model.layers import DIVISIONS, METRIC_CRS
from planner.model.visiting import DUE_VISITS, VISIT_STOPS, VISITORS
from planner.plugin import Context
from planner.roads import StraightLine
from plugins.visit_routes import visit_routes

TOWN, VILLAGE, OTHER = "640101001", "640101001001", "640101001002"
AS_OF = date(2020, 12, 31)
EAST, NORTH = 500_000, 4_000_000
DAYS = {"高": 7, "中": 30, "低": 90}
PLAIN = {"detour": 1, "speed_kmh": 60, "lunch_min": 0, "iterations": 2000}


def child(file, due, *, east_km=10, north_km=0, grade="低", kind="定期走访", located=True, **changes):
    """A row of DUE_VISITS: the day of January (or a date) by which the child is due, and how far it lives."""
    day = due if isinstance(due, date) else date(2021, 1, due)
    return {
        "file": file,
        "kind": kind,
        "household": file,
        "township": TOWN,
        "village": VILLAGE,
        "grade": grade,
        "due": day,
        "every_days": DAYS[grade],
        "overdue_days": max(0, (AS_OF - day).days),
        "attempts": 0,
        "retry_by": None,
        "last_seen": None,
        "at_school": False,
        "discreet": False,
        "visitor": None,
        "placed": "住址" if located else "无定位",
        "origin": "手工",
        "geometry": Point(EAST + 1000 * east_km, NORTH + 1000 * north_km) if located else None,
        **changes,
    }


def visitor(name="甲", *, villages=VILLAGE, east_km=0, **changes):
    """A row of VISITORS, whose number is the name."""
    place = Point(EAST + 1000 * east_km, NORTH)
    row = {"id": name, "name": name, "township": TOWN, "villages": villages, "mode": None, "origin": "手工"}
    return {**row, "geometry": place, **changes}


def frames(children, visitors, before=None):
    """The layers of a month as a run reads them."""
    divisions = [
        {"code": code, "name": name, "parent": parent, "level": len(code), "origin": "手工", "geometry": None}
        for code, name, parent in ((TOWN, "甲镇", "640101"), (VILLAGE, "甲村", TOWN), (OTHER, "乙村", TOWN))
    ]
    return {
        DIVISIONS.name: frame(DIVISIONS, divisions),
        DUE_VISITS.name: frame(DUE_VISITS, children),
        VISITORS.name: frame(VISITORS, visitors),
        VISIT_STOPS.name: VISIT_STOPS.empty() if before is None else before,
    }


def frame(layer, rows):
    """Rows as a frame of a layer."""
    made = pd.DataFrame(rows, columns=list(layer.columns))
    for name, item in layer.columns.items():
        if str(item.dtype).startswith("datetime64"):
            made[name] = pd.to_datetime(made[name])
    shapes = gpd.GeoSeries([row["geometry"] for row in rows], crs=METRIC_CRS)
    return layer.check(layer.cast(gpd.GeoDataFrame(made, geometry=shapes, crs=METRIC_CRS)))


def planned(children, visitors=None, *, before=None, travel=None, seed=0, as_of=AS_OF, **params):
    """The month's result; the plugin itself checks it."""
    given = frames(children, [visitor()] if visitors is None else visitors, before)
    context = Context(given, as_of, travel=travel or StraightLine(), seed=seed)
    return visit_routes(context, visit_routes.params(**{**PLAIN, **params}))


def days_of(result):
    """The days of January on which each file is visited, in order."""
    rows = result.tables["visit-planned"].sort_values("day")
    return {file: [day.day for day in own["day"]] for file, own in rows.groupby("file")}


def left_of(result):
    """File → (reason, fix) of what is in no route."""
    rows = result.tables["visit-unplanned"]
    return {row.file: (row.reason, row.fix) for row in rows.itertuples()}
