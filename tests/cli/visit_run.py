"""A run of visit-routes in the two counties of tests/cli/county.py, written as the plugin leaves it.

甲一镇's 王协理 visits the canary first, then a child of the other county, on 5 January; on the 6th the canary again, as a
protection case. One more visit of the canary is in no route.
"""

from dataclasses import replace
from datetime import UTC, date, datetime

import geopandas as gpd
import pandas as pd
from shapely import LineString, Point

from planner.model.layers import METRIC_CRS
from planner.store.runs import RunRecord, RunRequest, create_run, finish_run
from planner.store.workspace import open_workspace
from tests.cli.county import DAY
from tests.store.conftest import OTHER, VILLAGE

WHO = "640101001-0a1b2c3d"
FIFTH, SIXTH = date(2021, 1, 5), date(2021, 1, 6)
# The office is the village's own point (106.2, 38.4); the homes lie a kilometre and two east of it.
OFFICE = gpd.GeoSeries.from_xy([106.2], [38.4], crs="EPSG:4326").to_crs(METRIC_CRS)[0]
HOMES = [Point(OFFICE.x + 1000, OFFICE.y), Point(OFFICE.x + 2000, OFFICE.y)]
REQUEST = RunRequest(
    plugin="visit-routes",
    plugin_version="1",
    params={},
    as_of=DAY,
    known_at=datetime(2020, 12, 31, 12, tzinfo=UTC),
    area=None,
    seed=0,
    time_limit_s=None,
    work_limit=None,
    who="某人",
    replay_of=None,
)
RECORD = RunRecord("done", None, 1, {}, (), {}, 0.1)


def _stop(day, order, file, home, **changes):
    values = {
        "day": day,
        "visitor": WHO,
        "order": order,
        "name": "王协理",
        "township": "640101001",
        "village": VILLAGE,
        "household": file,
        "kind": "定期走访",
        "grade": "高",
        "files": file,
        "children": 1,
        "due": date(2021, 1, 7),
        "arrives": f"{8 + order:02d}:00",
        "begins": f"{8 + order:02d}:00",
        "leaves": f"{8 + order:02d}:30",
        "leg_min": 2.0,
        "leg_km": 1.0,
        "way_min": 2.0 * order,
        "service_min": 30.0,
        "persons": 2,
        "discreet": False,
        "placed": "住址",
        "origin": "档案",
        "geometry": home,
    }
    return {**values, **changes}


def _leg(day, order, start, end):
    told = {"day": day, "visitor": WHO, "order": order, "name": "王协理", "minutes": 2.0, "km": 1.0}
    return {**told, "geometry": LineString([start, end])}


def _day(day, households):
    return {
        "day": day,
        "visitor": WHO,
        "name": "王协理",
        "township": "640101001",
        "households": households,
        "children": households,
        "service_min": 30.0 * households,
        "travel_min": 6.0,
        "total_min": 6.0 + 30 * households,
        "km": 3.0,
        "departs": "08:30",
        "lunch": None,
        "returns": "10:30",
        "mode": "摩托车",
    }


def _frame(rows, columns=()):
    frame = pd.DataFrame(rows, columns=list(columns) or None)
    for name in ("day", "due"):
        if name in frame:
            frame[name] = pd.to_datetime(frame[name])
    return gpd.GeoDataFrame(frame, crs=METRIC_CRS) if "geometry" in frame else frame


def plan_frames(file, other):
    """The layers and tables of the run, by name."""
    near, far = HOMES
    elsewhere = {"township": "640102001", "village": OTHER, "grade": "低", "persons": 1}
    unplanned = {
        "file": file,
        "kind": "康复",
        "due": date(2021, 1, 8),
        "household": file,
        "township": "640101001",
        "village": VILLAGE,
        "grade": "高",
        "overdue_days": 0,
        "reason": "到期前各工作日已排满",
        "fix": "多排一个工作日(2021-01-07)",
        "more_min": None,
        "on": None,
        "discreet": False,
    }
    planned = {
        "kind": "定期走访",
        "due": date(2021, 1, 7),
        "township": "640101001",
        "grade": "高",
        "overdue_days": 0,
        "visitor": WHO,
    }
    return {
        "visit-planned": _frame(
            [
                {**planned, "file": file, "household": file, "day": FIFTH, "order": 1},
                {**planned, "file": other, "household": other, "day": FIFTH, "order": 2, "grade": "低"},
                {
                    **planned,
                    "file": file,
                    "household": file,
                    "day": SIXTH,
                    "order": 1,
                    "due": date(2021, 1, 14),
                },
            ]
        ),
        "visit-stops": _frame(
            [
                _stop(FIFTH, 1, file, near),
                _stop(FIFTH, 2, other, far, **elsewhere),
                _stop(SIXTH, 1, file, near, discreet=True),
            ]
        ),
        "visit-legs": _frame(
            [
                _leg(FIFTH, 1, OFFICE, near),
                _leg(FIFTH, 2, near, far),
                _leg(FIFTH, 3, far, OFFICE),
                _leg(SIXTH, 1, OFFICE, near),
                _leg(SIXTH, 2, near, OFFICE),
            ]
        ),
        "visit-days": _frame([_day(FIFTH, 2), _day(SIXTH, 1)]),
        "visit-unplanned": _frame([unplanned]),
    }


def planned(staffed, *, area="640101", plugin="visit-routes", frames=None):
    """The id of a finished run of an area."""
    workspace = open_workspace(staffed.folder)
    run = create_run(workspace, replace(REQUEST, area=area, plugin=plugin))
    made = plan_frames(staffed.file, staffed.other) if frames is None else frames
    finish_run(workspace, run, RECORD, made)
    workspace.engine.dispose()
    return run
