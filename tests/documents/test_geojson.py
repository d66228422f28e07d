"""GeoJSON read back with json and with GDAL."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import geopandas as gpd
import pytest
from shapely.geometry import LinearRing, MultiPolygon, Polygon, shape

from planner.documents import geojson_bytes
from planner.model.layers import METRIC_CRS
from tests.documents.conftest import COUNTIES, NAMES, VILLAGES, Sample


def test_members_and_features(sample: Sample) -> None:
    document = json.loads(geojson_bytes(VILLAGES, sample.result.layers["villages"], sample.stamp))
    assert document["type"] == "FeatureCollection"
    assert "crs" not in document
    assert document["stamp"] == {
        "title": "机构覆盖缺口 & 可达",
        "plugin": "coverage-gaps",
        "run": "run-7",
        "serial": "S-0001",
        "as_of": "2020-12-31",
        "known_at": "2021-01-02T03:04:00",
        "params": {"kind": "儿童之家", "limit_min": 60.0},
        "demo": True,
        "notice": "示例数据 · 内部工作用图 不得公开",
    }
    assert document["columns"]["minutes"] == "车程(分钟)"
    first, _, third, *_, last = document["features"]
    assert first["geometry"] == {"type": "Point", "coordinates": [105.0, 37.752257]}
    assert third["geometry"] is None
    assert first["properties"] == {
        "code": "640323100200",
        "name": "=1+1",
        "children": 1,
        "within": True,
        "minutes": 12.34567,
        "share": 13.636363,
        "share_reason": None,
        "opening": "2020-06-30",
    }
    assert third["properties"]["minutes"] is None
    assert last["properties"]["share"] is None
    assert last["properties"]["share_reason"] == "no_children"


def test_text_is_kept_and_only_what_no_file_may_hold_is_replaced(sample: Sample) -> None:
    document = json.loads(geojson_bytes(VILLAGES, sample.result.layers["villages"], sample.stamp))
    names = [feature["properties"]["name"] for feature in document["features"]]
    assert names == [*NAMES[:4], "带\ufffd控制符"]


def test_rings_turn_as_the_standard_asks(sample: Sample) -> None:
    hole = [(502000, 4182000), (503000, 4182000), (503000, 4183000), (502000, 4183000)]
    outer = [(500000, 4180000), (500000, 4190000), (510000, 4190000), (510000, 4180000)]
    part = Polygon([(520000, 4180000), (520000, 4190000), (530000, 4190000)])
    counties = gpd.GeoDataFrame(
        {"code": ["1"], "children": [1]},
        geometry=[MultiPolygon([Polygon(outer, [hole]), part])],
        crs=METRIC_CRS,
    )
    document = json.loads(geojson_bytes(COUNTIES, counties, sample.stamp))
    (first, second) = document["features"][0]["geometry"]["coordinates"]
    assert [LinearRing(ring).is_ccw for ring in first] == [True, False]
    assert LinearRing(second[0]).is_ccw


def test_six_decimals_and_no_height(sample: Sample) -> None:
    document = json.loads(geojson_bytes(COUNTIES, sample.result.layers["counties"], sample.stamp))
    county, empty = document["features"]
    assert empty["geometry"] is None
    for position in county["geometry"]["coordinates"][0]:
        assert len(position) == 2
        assert position == [round(number, 6) for number in position]
    # within a decimetre of the true place
    back = gpd.GeoSeries([shape(county["geometry"])], crs=4326).to_crs(METRIC_CRS)[0]
    assert back.hausdorff_distance(sample.result.layers["counties"].geometry[0]) < 0.1


def test_empty_layer(sample: Sample) -> None:
    document = json.loads(geojson_bytes(VILLAGES, VILLAGES.empty(), sample.stamp))
    assert document["features"] == []


def test_gdal_reads_it(sample: Sample) -> None:
    content = geojson_bytes(VILLAGES, sample.result.layers["villages"], sample.stamp)
    frame = gpd.read_file(io.BytesIO(content))
    assert frame.crs.to_epsg() == 4326
    assert frame["children"].tolist() == [1, 2, 3, 4, 0]
    assert frame.geometry.isna().tolist() == [False, False, True, False, False]


def test_params_that_json_does_not_know_become_text(sample: Sample) -> None:
    stamp = replace(sample.stamp, params={"day": sample.stamp.as_of}, known_at=None)
    document = json.loads(geojson_bytes(VILLAGES, VILLAGES.empty(), stamp))
    assert document["stamp"]["params"] == {"day": "2020-12-31"}
    assert document["stamp"]["known_at"] is None


def test_same_input_same_bytes(sample: Sample) -> None:
    frame = sample.result.layers["villages"]
    assert geojson_bytes(VILLAGES, frame, sample.stamp) == geojson_bytes(VILLAGES, frame, sample.stamp)


@pytest.mark.parametrize("demo", [True, False])
def test_only_a_demo_says_so(sample: Sample, demo: bool) -> None:
    content = geojson_bytes(VILLAGES, VILLAGES.empty(), replace(sample.stamp, demo=demo)).decode()
    assert ("示例数据" in content) is demo
    assert "内部工作用图 不得公开" in content
