"""Areas reached from the institutions, and the villages in them."""

from dataclasses import replace
from itertools import pairwise

import geopandas as gpd
import pytest
from shapely import Point

from planner.model.layers import INSTITUTIONS
from planner.model.roads import REACHABLE_AREAS, REACHABLE_FROM
from planner.roads import RoadTravel
from planner.testing import make_context, tiny_world
from plugins.reachable_areas import Params, reachable_areas
from tests.roads.grids import even_speeds, network_of

# The tiny world's villages and institution lie on this road at 60 km/h, but for the heights of the villages.
ROAD = [(-60, 202), (-18, 202), (-12, 210), (-1, 219), (5, 205), (60, 205)]


def made(world=None, **changes):
    travel = RoadTravel.build(network_of(ROAD), even_speeds())
    context = make_context(reachable_areas, world or tiny_world())
    return reachable_areas(replace(context, travel=travel, **changes), Params())


def test_areas_hold_the_smaller_ones_and_the_widest_comes_first():
    areas = made().layers[REACHABLE_AREAS.name]
    assert areas["minutes"].tolist() == [60, 30, 20, 10]
    assert areas["name"].tolist() == ["60分钟内", "30分钟内", "20分钟内", "10分钟内"]
    shapes = areas.geometry.tolist()
    assert all(small.difference(large).area < 1 for large, small in pairwise(shapes))
    assert (areas["area_km2"].diff().dropna() < 0).all()


def test_children_count_by_the_minutes_of_their_village_as_in_the_figures():
    result = made()
    areas = result.layers[REACHABLE_AREAS.name].set_index("minutes")
    assert (areas["children"].diff().dropna() <= 0).all()
    assert result.metrics["children_30"].value == areas.at[30, "children"]
    assert result.metrics["share_60"].value == pytest.approx(areas.at[60, "share"])
    assert areas.at[60, "villages"] == 4


def test_without_roads_nothing_is_drawn_and_that_is_said():
    result = reachable_areas(make_context(reachable_areas, tiny_world()), Params())
    assert result.layers[REACHABLE_AREAS.name].empty
    assert len(result.layers[REACHABLE_FROM.name]) > 0
    assert result.metrics["area_60"].reason == "no_roads"
    assert result.notes == ("没有道路数据,不画可达范围。请先导入道路。",)


def test_without_institutions_there_are_no_areas():
    world = {**tiny_world(), INSTITUTIONS.name: INSTITUTIONS.empty()}
    result = made(world)
    assert result.layers[REACHABLE_AREAS.name].empty
    assert result.metrics["children_60"].reason == "no_site"
    assert "没有可达范围" in result.notes[0]


def test_an_institution_far_from_any_road_is_named():
    world = tiny_world()
    institutions = gpd.GeoDataFrame(world[INSTITUTIONS.name])
    far = gpd.GeoSeries([Point(500_000, 4_400_000)] * len(institutions), crs="EPSG:4544")
    institutions = institutions.set_geometry(far)
    result = made({**world, INSTITUTIONS.name: institutions})
    assert result.layers[REACHABLE_AREAS.name].empty
    assert result.metrics["area_30"].reason == "unreachable"
    assert any("离路太远,没有范围" in note for note in result.notes)
