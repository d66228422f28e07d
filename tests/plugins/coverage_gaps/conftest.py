"""A little world built by hand: square counties of 10 km in EPSG:4544, villages at round metres."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import Point, box

from planner.model.divisions import level_of, parent_code
from planner.model.layers import DEMAND, DIVISIONS, INSTITUTION_STATES, INSTITUTIONS, METRIC_CRS
from planner.plugin import Context, Result
from planner.roads import StraightLine
from plugins.coverage_gaps import coverage_gaps

EAST_0, NORTH_0, SIDE = 500_000, 4_000_000, 10_000
# 60 minutes at 40 km/h with a detour of 1.25 are exactly 32 km.
EXACT = {"detour": 1.25, "speed_kmh": 40, "limit_min": 60}


@dataclass
class World:
    """Rows to be; `run` makes the checked frames and calls the plugin through its declaration."""

    divisions: list[dict] = field(default_factory=list)
    demand: list[dict] = field(default_factory=list)
    institutions: list[dict] = field(default_factory=list)
    states: list[dict] = field(default_factory=list)

    def division(self, code, name, geometry=None):
        row = {"code": code, "name": name, "parent": parent_code(code), "level": int(level_of(code))}
        self.divisions.append({**row, "origin": "手工", "geometry": geometry})

    def county(self, code, name, column=0, outline=True):
        east = EAST_0 + column * SIDE
        self.division(code, name, box(east, NORTH_0, east + SIDE, NORTH_0 + SIDE) if outline else None)
        self.division(f"{code}100", f"{name}城关镇")

    def village(self, code, east=0, north=0, children=0, *, located=True, **demand):
        """A village `east`, `north` metres from the corner, with one demand row unless children is None."""
        point = Point(EAST_0 + east, NORTH_0 + north) if located else None
        self.division(code, f"村{code[-3:]}", point)
        if children is not None:
            self.need(code, children, point=point, **demand)

    def need(self, village, children, *, point=None, age_band="7-14", category="家庭困境", need=None):
        row = {"village": village, "age_band": age_band, "category": category, "need": need}
        self.demand.append({**row, "children": children, "origin": "手工", "geometry": point})

    def site(
        self, identifier, county, east=0, north=0, *states, kind="未成年人保护机构",
        located=True, jurisdiction=None, services=None, beds=None,
    ):  # fmt: skip
        """An institution with states given as (state, since or None[, planned opening])."""
        self.institutions.append(
            {
                "id": identifier, "name": f"机构{identifier}", "kind": kind, "tier": None, "county": county,
                "jurisdiction": jurisdiction, "services": services, "beds": beds, "staff": None,
                "state": None, "origin": "手工",
                "geometry": Point(EAST_0 + east, NORTH_0 + north) if located else None,
            }
        )  # fmt: skip
        for state, since, *planned in states or (("运营", None),):
            self.states.append(
                {
                    "institution": identifier,
                    "since": since,
                    "state": state,
                    "planned_opening": planned[0] if planned else None,
                }
            )

    def frames(self):
        return {
            layer.name: _frame(layer, rows)
            for layer, rows in (
                (DIVISIONS, self.divisions),
                (DEMAND, self.demand),
                (INSTITUTIONS, self.institutions),
                (INSTITUTION_STATES, self.states),
            )
        }

    def run(self, as_of="2020-12-31", *, travel=None, **params) -> Result:
        context = Context(self.frames(), date.fromisoformat(as_of), travel=travel or StraightLine())
        return coverage_gaps(context, coverage_gaps.params(**params))


def _frame(layer, rows):
    frame = pd.DataFrame(rows, columns=list(layer.columns))
    if layer.geometry is not None:
        shapes = gpd.GeoSeries([row["geometry"] for row in rows], crs=METRIC_CRS)
        frame = gpd.GeoDataFrame(frame, geometry=shapes, crs=METRIC_CRS)
    return layer.check(layer.cast(frame))


@pytest.fixture
def world() -> World:
    """Two counties side by side, 甲县 640101 and 乙县 640102, nothing in them yet."""
    made = World()
    made.county("640101", "甲县", 0)
    made.county("640102", "乙县", 1)
    return made


@pytest.fixture
def exact():
    """Parameters under which 32,000 m are exactly the limit of 60 minutes."""
    return dict(EXACT)


@pytest.fixture
def values():
    """The values of all metrics by name."""
    return lambda result: {name: metric.value for name, metric in result.metrics.items()}


@pytest.fixture
def lived_in(world):
    """甲县 with a site of 10 beds at its corner, 5 children near and 3 far; 乙县 with 4 near, no site."""
    world.village("640101100001", 1_000, 0, 5)
    world.village("640101100002", 60_000, 0, 3)
    world.village("640102100001", 11_000, 0, 4)
    world.site("jg-1", "640101", beds=10)
    return world
