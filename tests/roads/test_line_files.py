"""GeoPackage, GeoJSON and shapefile in their usual spellings."""

import json
import zipfile

import geopandas as gpd
import numpy as np
import pytest
from shapely import LineString, MultiLineString, Point, Polygon

from planner.errors import InputError
from planner.model.coordinates import gcj02_from_wgs84
from planner.roads.line_files import read_line_file
from planner.roads.noding import make_network
from planner.roads.words import CLASSES, SURFACES, kmh_of, oneway_of

ONE, TWO = LineString([(106, 38), (106.01, 38)]), LineString([(106.01, 38), (106.01, 38.01)])


def frame(shapes=(ONE, TWO), crs="EPSG:4326", **columns):
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=crs)


@pytest.fixture
def written(tmp_path):
    """Writes a frame under a name and gives the path."""

    def write(table, name="roads.gpkg"):
        table.to_file(tmp_path / name)
        return tmp_path / name

    return write


@pytest.mark.parametrize(
    ("column", "words", "classes"),
    [
        ("class", ["primary", "track"], ["primary", "track"]),
        ("highway", ["motorway_link", "living_street"], ["motorway", "residential"]),
        ("fclass", ["track_grade3", "trunk"], ["track", "trunk"]),
        ("道路等级", ["县道", "四级公路"], ["secondary", "tertiary"]),
    ],
)
def test_classes_in_their_usual_spellings(written, column, words, classes):
    read = read_line_file(written(frame(**{column: words})))
    assert [list(CLASSES)[item] for item in read.lines.road_class] == classes
    assert read.notices == ()


def test_other_columns_in_their_usual_spellings(written):
    table = frame(highway=["primary"] * 2, 路面=["水泥", "砂石"], 限速=["40", "30 km/h"], 名称=["甲路", None])
    lines = read_line_file(written(table)).lines
    assert [list(SURFACES)[item] for item in lines.surface] == ["paved", "gravel"]
    assert lines.limit_kmh.tolist() == [40.0, 30.0]
    assert lines.name.tolist() == ["甲路", None]


def test_an_unknown_class_is_told_and_counts_as_a_village_road(written):
    read = read_line_file(written(frame(**{"class": ["connector", "primary"]})))
    assert read.lines.road_class.tolist() == [5, 2]
    assert read.notices == ("1条道路“class”列认不出等级,按村道计速",)
    assert read_line_file(written(frame())).notices == ("2条道路没有等级列,按村道计速",)


@pytest.mark.parametrize(
    ("marks", "oneway"),
    [
        (["yes", "no"], [1, 0]),
        (["-1", "1"], [-1, 1]),
        (["F", "B"], [1, 0]),
        (["T", "B"], [-1, 0]),
        (["T", "F"], [1, 0]),
        (["是", "双向"], [1, 0]),
        ([True, False], [1, 0]),
        ([1, 0], [1, 0]),
    ],
)
def test_one_way_marks(written, marks, oneway):
    lines = read_line_file(written(frame(oneway=marks))).lines
    assert lines.oneway.tolist() == [mark != 0 for mark in oneway]
    west_first = lines.points_m[0, 0] < lines.points_m[1, 0]
    assert west_first == (oneway[0] != -1)


def test_what_is_no_line_for_cars_is_counted(written):
    shapes = [ONE, Point(106, 38), Polygon([(106, 38), (106.1, 38), (106, 38.1)]), None, TWO]
    table = frame(shapes, highway=["primary", "primary", "primary", "primary", "footway"])
    read = read_line_file(written(table))
    assert (read.read, read.accepted) == (5, 1)
    assert dict(read.skipped) == {"空几何": 1, "不是线": 2, "不通机动车": 1}


def test_a_line_of_several_parts_is_one_row(written):
    read = read_line_file(written(frame([MultiLineString([ONE, TWO])], highway=["primary"])))
    assert (read.read, read.accepted, read.lines.count) == (1, 1, 2)
    assert make_network(read.lines)[0].node_count == 3


@pytest.mark.parametrize("name", ["roads.gpkg", "roads.shp", "roads.geojson"])
def test_every_format_gives_the_same_lines(written, name):
    crs = "EPSG:4326" if name != "roads.geojson" else "EPSG:4490"
    lines = read_line_file(written(frame(highway=["primary"] * 2, crs=crs), name)).lines
    assert (
        lines.points_m.round(1).tolist()
        == read_line_file(written(frame(highway=["primary"] * 2), "other.gpkg"))
        .lines.points_m.round(1)
        .tolist()
    )


def test_a_shapefile_in_a_folder_or_zipped(written, tmp_path):
    (tmp_path / "in").mkdir()
    written(frame(highway=["primary"] * 2), "in/roads.shp")
    with zipfile.ZipFile(tmp_path / "roads.zip", "w") as archive:
        for part in (tmp_path / "in").iterdir():
            archive.write(part, part.name)
    assert read_line_file(tmp_path / "in").accepted == 2
    assert read_line_file(tmp_path / "roads.zip").accepted == 2


def test_a_shapefile_in_gb18030_without_saying_so(tmp_path):
    frame(等级=["县道", "乡道"]).to_file(tmp_path / "roads.shp", encoding="GB18030")
    (tmp_path / "roads.cpg").unlink()
    lines = read_line_file(tmp_path / "roads.shp").lines
    assert [list(CLASSES)[item] for item in lines.road_class] == ["secondary", "tertiary"]


def test_a_shapefile_that_says_a_wrong_encoding(tmp_path):
    frame(等级=["县道", "乡道"]).to_file(tmp_path / "roads.shp", encoding="GB18030")
    (tmp_path / "roads.cpg").write_text("UTF-8")
    lines = read_line_file(tmp_path / "roads.shp").lines
    assert [list(CLASSES)[item] for item in lines.road_class] == ["secondary", "tertiary"]


def test_a_line_with_an_impossible_point_is_left_out(tmp_path):
    path = tmp_path / "roads.geojson"
    broken = LineString([(106, 38), (106.01, 55), (106.02, 38)])
    frame([ONE, broken], crs="EPSG:4490").to_file(path)
    path.write_text(path.read_text().replace("55.0", "NaN"))
    read = read_line_file(path)
    assert (read.read, read.accepted, read.skipped) == (2, 1, {"坐标不能转换": 1})


def test_swapped_coordinates_are_told_as_such(written):
    with pytest.raises(InputError, match="经度、纬度是否颠倒"):
        read_line_file(written(frame([LineString([(38, 106), (38, 106.01)])])))


def test_ways_on_foot_however_they_are_written(written):
    read = read_line_file(written(frame(highway=["Footway", "primary"])))
    assert (read.accepted, read.skipped) == (1, {"不通机动车": 1})


def test_shifted_coordinates_are_put_right(written):
    shifted = [LineString(gcj02_from_wgs84(np.array(line.coords))) for line in (ONE, TWO)]
    right = read_line_file(written(frame(), "right.gpkg")).lines.points_m
    lines = read_line_file(written(frame(shifted), "shifted.gpkg"), crs="GCJ-02").lines
    assert np.abs(lines.points_m - right).max() < 1


def test_metres_are_taken_as_they_are(written):
    metric = frame().to_crs("EPSG:4544")
    lines = read_line_file(written(metric)).lines
    assert np.abs(lines.points_m - read_line_file(written(frame(), "b.gpkg")).lines.points_m).max() < 0.01


def test_a_geojson_that_names_no_crs_is_asked_for_it(tmp_path):
    feature = {"type": "Feature", "properties": {}, "geometry": ONE.__geo_interface__}
    path = tmp_path / "roads.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    with pytest.raises(InputError, match="--crs"):
        read_line_file(path)
    assert read_line_file(path, crs="WGS84").accepted == 1


def test_a_geojson_that_names_a_crs_unknown_is_asked_for_it(tmp_path):
    feature = {"type": "Feature", "properties": {}, "geometry": ONE.__geo_interface__}
    named = {"type": "name", "properties": {"name": "EPSG:99999"}}
    path = tmp_path / "roads.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "crs": named, "features": [feature]}))
    with pytest.raises(InputError, match="--crs"):
        read_line_file(path)


def test_a_datum_without_published_shift_is_refused(written):
    with pytest.raises(InputError, match="没有公开的精确转换参数"):
        read_line_file(written(frame().to_crs("EPSG:4610")))


@pytest.mark.parametrize("name", ["bad.gpkg", "bad.geojson", "bad.shp", "bad.zip"])
def test_a_damaged_file_is_refused(tmp_path, name):
    (tmp_path / name).write_bytes(b"nothing of the kind")
    with pytest.raises(InputError):
        read_line_file(tmp_path / name, crs="WGS84")


def test_a_file_without_lines_is_refused_saying_what_it_holds(written):
    with pytest.raises(InputError, match="不是线 2"):
        read_line_file(written(frame([Point(106, 38)] * 2)))


def test_speeds_and_marks_as_written():
    assert [kmh_of(text) for text in ("60", "60 km/h", "40 mph", 30)] == [60, 60, 64.37376, 30]
    assert all(np.isnan(kmh_of(text)) for text in ("none", "walk", "", None, -5, float("nan")))
    assert [oneway_of(mark) for mark in ("reversible", None, "alternating", "true")] == [0, 0, 0, 1]
