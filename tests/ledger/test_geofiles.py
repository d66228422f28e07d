"""GeoJSON and GeoPackage: the same columns, shapes beside them, the CRS as the file names it."""

import json
import sqlite3
from contextlib import closing

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import Point

from planner.errors import InputError
from planner.ledger.geofiles import read_geopackage
from planner.ledger.tables import Column, read_table

COLUMNS = (Column("区划代码", required=True), Column("名称"))
PLACE = {"type": "Point", "coordinates": [107.5, 37.5]}


def geojson(tmp_path, features, **members):
    path = tmp_path / "点.geojson"
    path.write_text(
        json.dumps({"type": "FeatureCollection", "features": features, **members}), encoding="utf-8"
    )
    return path


def feature(geometry, **properties):
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def crs_member(name):
    return {"crs": {"type": "name", "properties": {"name": name}}}


def test_features_are_numbered_from_one(tmp_path):
    path = geojson(tmp_path, [feature(PLACE, 区划代码="1", 名称="甲"), feature(None, 区划代码="2")])
    table = read_table(path, COLUMNS)
    assert [(row.number, row.shape) for row in table.rows] == [(1, Point(107.5, 37.5)), (2, None)]
    assert table.place("名称") == "名称"
    assert table.crs is None


@pytest.mark.parametrize(
    ("named", "crs"),
    [
        ("urn:ogc:def:crs:OGC:1.3:CRS84", "OGC:CRS84"),
        ("urn:ogc:def:crs:EPSG::4544", "EPSG:4544"),
        ("火星", "火星"),
    ],
)
def test_the_crs_a_geojson_names(tmp_path, named, crs):
    assert (
        read_table(geojson(tmp_path, [feature(PLACE, 区划代码="1")], **crs_member(named)), COLUMNS).crs == crs
    )


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Point", "coordinates": ["a", "b"]},
        {"type": "Point"},
        {"type": "Blob", "coordinates": []},
        {"type": "Polygon", "coordinates": [[[1, 2]]]},
        {},
        "POINT(1 2)",
    ],
)
def test_a_broken_shape_breaks_its_row_only(tmp_path, geometry):
    table = read_table(
        geojson(tmp_path, [feature(geometry, 区划代码="1"), feature(PLACE, 区划代码="2")]), COLUMNS
    )
    assert [row.broken is None for row in table.rows] == [False, True]


def test_heights_are_dropped(tmp_path):
    path = geojson(tmp_path, [feature({"type": "Point", "coordinates": [107.5, 37.5, 1300]}, 区划代码="1")])
    assert read_table(path, COLUMNS).rows[0].shape == Point(107.5, 37.5)


@pytest.mark.parametrize("features", [[1, 2], "x", None])
def test_what_is_no_feature_collection(tmp_path, features):
    with pytest.raises(InputError, match="不是 GeoJSON 要素集合"):
        read_table(geojson(tmp_path, features), COLUMNS)


def test_no_features_are_no_data(tmp_path):
    with pytest.raises(InputError, match="缺少表头"):
        read_table(geojson(tmp_path, []), COLUMNS)


def test_deep_nesting_is_refused(tmp_path):
    path = tmp_path / "a.geojson"
    path.write_text('{"a":' * 200_000, encoding="utf-8")
    with pytest.raises(InputError, match="不是有效的 GeoJSON"):
        read_table(path, COLUMNS)


@pytest.mark.parametrize("crs", [4490, 4544, 3857])
def test_geopackage_layers_carry_their_crs(tmp_path, crs):
    frame = gpd.GeoDataFrame({"区划代码": ["1"], "名称": [None]}, geometry=[Point(107.5, 37.5)], crs=4490)
    path = tmp_path / "点.gpkg"
    frame.to_crs(crs).to_file(path, layer="点")
    table = read_table(path, COLUMNS)
    assert (table.crs, table.rows[0].cells) == (f"EPSG:{crs}", {"区划代码": "1"})


def test_numbers_with_gaps_and_several_layers(tmp_path):
    path = tmp_path / "点.gpkg"
    frame = gpd.GeoDataFrame(
        {"区划代码": pd.Series([640323101201, None])},
        geometry=[Point(107.5, 37.5), Point(107.6, 37.5)],
        crs=4490,
    )
    frame.to_file(path, layer="村")
    gpd.GeoDataFrame({"别的": ["x"]}, geometry=[Point(0, 0)], crs=4326).to_file(path, layer="其他")
    table = read_table(path, COLUMNS)
    assert [row.cells for row in table.rows] == [{"区划代码": 640323101201.0}, {}]
    assert "文件有2个非空工作表或图层,只读取了“村”" in table.notices


def test_a_database_that_is_no_geopackage_is_told(tmp_path):
    path = tmp_path / "别的.gpkg"
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE divisions (code TEXT, geometry BLOB)")
        database.execute("INSERT INTO divisions VALUES ('64', x'0102')")
    with pytest.raises(InputError):
        read_geopackage(path.read_bytes(), path.name)
