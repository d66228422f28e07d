"""Shapes as files: what is in them, in which order, how exact, and what never is."""

import json
import re
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import GeometryCollection, LineString, MultiPolygon, Point, Polygon, box

import geodata
from planner.maps import geometry_file
from planner.model.layers import METRIC_CRS
from tests.maps.conftest import frame, layer

HERE = Point(500_000, 4_200_000)


def features(file):
    return json.loads(file.content)["features"]


def shapes_of(file):
    """The shapes of a file in degrees; None where a feature has none."""
    given_shapes = [feature["geometry"] for feature in features(file)]
    return gpd.GeoSeries([shape and shapely.geometry.shape(shape) for shape in given_shapes], crs=4326)


def numbers_in(value):
    if isinstance(value, list):
        return [number for item in value for number in numbers_in(item)]
    return [value]


def test_the_name_holds_the_hash_of_the_content():
    first = geometry_file(layer(), frame(["甲"], [HERE]))
    same = geometry_file(layer(), frame(["乙"], [HERE]))
    moved = geometry_file(layer(), frame(["甲"], [Point(500_010, 4_200_000)]))
    assert re.fullmatch(r"places-[0-9a-f]{20}\.geojson", first.name)
    assert same == first  # figures are not in the file
    assert moved.name != first.name


def test_a_file_holds_codes_and_names_and_no_figure():
    (feature,) = features(geometry_file(layer(), frame([12345], [HERE])))
    assert feature["properties"] == {"code": "1", "name": "地点1"}
    assert set(feature) == {"type", "properties", "geometry"}


def test_a_key_of_several_columns_is_joined_and_stands_in_for_a_missing_name():
    places = frame(["甲", "乙"], [HERE, HERE]).drop(columns="name")
    made = geometry_file(layer(named=False, key=("code", "value")), places)
    assert [item["properties"] for item in features(made)] == [
        {"code": "1|甲", "name": "1|甲"},
        {"code": "2|乙", "name": "2|乙"},
    ]


def test_places_are_given_in_degrees_to_five_decimals():
    # EPSG:4544 puts 105° E at 500 km; one degree of latitude is about 111 km.
    (feature,) = features(geometry_file(layer(), frame(["甲"], [HERE])))
    lon, lat = feature["geometry"]["coordinates"]
    assert lon == 105.0
    assert 37.9 < lat < 38.0
    back = gpd.GeoSeries([Point(lon, lat)], crs=4326).to_crs(METRIC_CRS)[0]
    assert back.distance(HERE) < 1


@given(
    st.lists(st.tuples(st.floats(400_000, 700_000), st.floats(3_900_000, 4_400_000)), min_size=1, max_size=20)
)
def test_no_coordinate_has_more_than_five_decimals_and_none_moves_by_a_metre(points):
    places = frame(["甲"] * len(points), [Point(point) for point in points])
    made = geometry_file(layer(), places)
    for feature in features(made):
        assert all(round(number, 5) == number for number in numbers_in(feature["geometry"]["coordinates"]))
    moved_m = shapes_of(made).to_crs(METRIC_CRS).distance(places.geometry)
    assert (moved_m < 1).all()


def test_a_feature_without_a_place_is_null_and_keeps_its_position():
    made = geometry_file(layer(), frame(["甲", "乙", "丙"], [HERE, None, HERE]))
    assert [feature["geometry"] is None for feature in features(made)] == [False, True, False]
    assert [feature["properties"]["code"] for feature in features(made)] == ["1", "2", "3"]


@pytest.mark.parametrize("empty", [Point(), Polygon(), GeometryCollection()])
def test_an_empty_shape_is_no_place(empty):
    made = geometry_file(layer("any"), frame(["甲", "乙"], [empty, HERE]))
    assert [feature["geometry"] is None for feature in features(made)] == [True, False]


def test_nothing_placed_is_a_file_all_the_same():
    unplaced = geometry_file(layer(), frame(["甲", "乙"], [None, None]))
    assert [feature["geometry"] for feature in features(unplaced)] == [None, None]
    assert features(geometry_file(layer(), frame([]))) == []


def test_a_personal_layer_stays_inline():
    assert geometry_file(layer(personal=True), frame(["甲"], [HERE])).inline
    assert not geometry_file(layer(personal=False), frame(["甲"], [HERE])).inline


# Simplified borders


def wavy(offset_m):
    """A border from south to north that swings 2 m to both sides every 500 m.

    Each bend is a triangle of 2,000 m², and the tolerance is a square of 60 m: 3,600 m².
    """
    steps = np.arange(0, 20_001, 500)
    return [(offset_m + 2 * (-1) ** place, 4_200_000 + step) for place, step in enumerate(steps)]


def neighbours():
    """Three areas side by side: two wavy borders between them."""
    lines = [wavy(500_000), wavy(510_000), wavy(520_000), wavy(530_000)]
    return [Polygon([*left, *reversed(right)]) for left, right in pairwise(lines)]


def test_shared_borders_are_simplified_without_gaps_or_overlaps():
    areas = neighbours()
    made = geometry_file(layer("polygon"), frame(["甲", "乙", "丙"], areas))
    simple = shapes_of(made).to_crs(METRIC_CRS)
    vertices = [len(shapely.get_coordinates(area)) for area in simple]
    assert max(vertices) < 20 < min(len(shapely.get_coordinates(area)) for area in areas)
    assert shapely.coverage_is_valid(simple.array)
    assert simple.area.sum() == pytest.approx(simple.union_all().area, rel=1e-9)
    assert simple[0].intersection(simple[1]).area == 0
    assert simple[0].intersection(simple[1]).length == pytest.approx(20_000, abs=10)


def test_the_counties_of_ningxia_stay_one_whole():
    counties = geodata.read_counties().to_crs(METRIC_CRS)
    given_layer = layer("polygon")
    given_frame = counties.assign(value="甲")[["code", "name", "value", "geometry"]]
    made = geometry_file(given_layer, given_frame)
    simple = shapes_of(made)
    assert [item["properties"]["code"] for item in features(made)] == counties["code"].tolist()
    assert shapely.coverage_is_valid(simple.array)
    assert simple.is_valid.all()
    before, after = counties.area, simple.to_crs(METRIC_CRS).area
    assert (abs(after - before) / before).max() < 0.01
    assert len(made.content) < 67_060  # the bytes of the file it comes from


def test_a_polygon_and_a_point_in_one_layer_each_keep_their_place_and_points_do_not_move():
    made = geometry_file(layer("any"), frame(["甲", "乙", "丙"], [HERE, neighbours()[0], None]))
    assert [item["geometry"] and item["geometry"]["type"] for item in features(made)] == [
        "Point",
        "Polygon",
        None,
    ]
    assert features(made)[0]["geometry"]["coordinates"][0] == 105.0


def test_parts_and_lines_are_written_as_they_are():
    two = MultiPolygon(
        [box(500_000, 4_200_000, 505_000, 4_205_000), box(510_000, 4_200_000, 515_000, 4_205_000)]
    )
    line = LineString([(500_000, 4_200_000), (505_000, 4_205_000)])
    made = geometry_file(layer("any"), frame(["甲", "乙"], [two, line]))
    assert [item["geometry"]["type"] for item in features(made)] == ["MultiPolygon", "LineString"]
    assert len(features(made)[0]["geometry"]["coordinates"]) == 2


def test_a_collection_is_written_part_by_part():
    both = GeometryCollection([HERE, LineString([(500_000, 4_200_000), (505_000, 4_205_000)])])
    (shown,) = shapes_of(geometry_file(layer("any"), frame(["甲"], [both])))
    assert [part.geom_type for part in shown.geoms] == ["Point", "LineString"]


def test_an_area_smaller_than_the_tolerance_does_not_vanish():
    yard = box(500_000, 4_200_000, 500_030, 4_200_030)
    made = geometry_file(layer("polygon"), frame(["甲"], [yard]))
    (shown,) = shapes_of(made).to_crs(METRIC_CRS)
    assert 400 < shown.area < 1_000
    assert shown.distance(yard.centroid) < 2


def test_areas_that_overlap_are_still_drawn():
    areas = [box(500_000, 4_200_000, 510_000, 4_210_000), box(505_000, 4_200_000, 515_000, 4_210_000)]
    made = geometry_file(layer("polygon"), frame(["甲", "乙"], areas))
    assert shapes_of(made).to_crs(METRIC_CRS).area.tolist() == pytest.approx([1e8, 1e8], rel=0.01)


def test_the_given_frame_is_left_as_it_was():
    given_frame = frame(["甲", "乙"], [neighbours()[0], HERE])
    before = given_frame.copy(deep=True)
    geometry_file(layer("any"), given_frame)
    pd.testing.assert_frame_equal(pd.DataFrame(given_frame), pd.DataFrame(before))
