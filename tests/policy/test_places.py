"""Where villages and institutions stand, on the small world."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
from shapely import Point, Polygon, box

from planner.model.institutions import InstitutionKind
from planner.policy.places import coordinates, find_villages, points_of, select_sites
from planner.testing import AS_OF, tiny_world

WORLD = tiny_world()


def test_villages_with_their_children_and_what_holds_them():
    villages = find_villages(WORLD["divisions"], WORLD["demand"]).set_index("name")
    assert dict(villages["children"]) == {"近村": 4, "中村": 3, "远村": 2, "乙村": 1, "无点村": 5}
    assert villages.loc["远村", ["township_name", "county_name"]].tolist() == ["甲二乡", "甲县"]
    assert villages.loc["无点村", "geometry"] is None
    assert villages["listed"].all()


def test_a_village_with_demand_alone_is_named_by_its_code():
    demand = WORLD["demand"].iloc[:1].assign(village="640101001999")
    villages = find_villages(WORLD["divisions"], demand).set_index("code")
    assert villages.loc["640101001999", ["name", "county", "listed"]].tolist() == [
        "640101001999",
        "640101",
        False,
    ]


def test_only_operating_institutions_with_a_point_count():
    kind = str(InstitutionKind.PROTECTION)
    sites = select_sites(
        WORLD["institutions"], WORLD["institution-states"], kind=kind, service=None, as_of=AS_OF
    ).set_index("name")
    assert dict(sites["counted"]) == {"甲县未成年人保护中心": True, "乙县未成年人保护中心": False}
    asked = select_sites(
        WORLD["institutions"], WORLD["institution-states"], kind=kind, service="送教", as_of=AS_OF
    )
    assert not asked["counted"].any()


def test_an_outline_gives_a_point_inside_and_nothing_gives_none():
    shapes = np.array([Point(1, 2), box(0, 0, 2, 2), Polygon(), None], dtype=object)
    points = points_of(shapes)
    assert points[1].within(shapes[1])
    assert points[2] is None
    assert points[3] is None
    places = gpd.GeoDataFrame(geometry=[Point(1, 2), None])
    assert np.array_equal(coordinates(places), [[1.0, 2.0], [np.nan, np.nan]], equal_nan=True)
