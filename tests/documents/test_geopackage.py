"""GeoPackage read back with GDAL and with sqlite3."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
from shapely.geometry import MultiPoint, Point

from planner.documents import gpkg_bytes
from planner.model.layers import METRIC_CRS, Layer, column
from planner.plugin import Result
from tests.documents.conftest import COUNTIES, NAMES, VILLAGES, YEARS, Sample


@pytest.fixture
def path(sample: Sample, tmp_path: Path) -> Path:
    """The sample as a file."""
    path = tmp_path / "sample.gpkg"
    path.write_bytes(gpkg_bytes(sample.result, sample.makes, sample.stamp))
    return path


@pytest.fixture
def database(path: Path) -> Iterator[sqlite3.Connection]:
    """The same file as a database."""
    with closing(sqlite3.connect(path)) as database:
        yield database


def test_every_layer_and_table_is_there(path: Path) -> None:
    assert [tuple(row) for row in pyogrio.list_layers(path)] == [
        ("counties", "Polygon"),
        ("villages", "Point"),
        ("years", None),
        ("字段说明", None),
        ("说明", None),
    ]
    for name in ("counties", "villages"):
        assert pyogrio.read_info(path, layer=name)["crs"] == "EPSG:4326"


def test_layer_reads_back(path: Path) -> None:
    frame = gpd.read_file(path, layer="villages")
    assert frame.columns.tolist() == [*VILLAGES.columns, "geometry"]
    assert frame["code"].tolist()[0] == "640323100200"
    assert frame["name"].tolist() == [*NAMES[:4], "带\ufffd控制符"]
    assert frame["within"].tolist() == [True, False, True, False, True]
    assert frame["minutes"].replace({np.nan: None}).tolist() == [12.34567, 60.0, None, None, 0.0]
    assert frame["opening"].dt.strftime("%F").tolist()[0] == "2020-06-30"
    assert frame["opening"].isna().sum() == 3
    assert frame.geometry[2] is None
    assert frame.geometry[0] == Point(105, 37.752257)


def test_field_types_are_the_right_ones(database: sqlite3.Connection) -> None:
    types = {row[1]: row[2] for row in database.execute("PRAGMA table_info(villages)")}
    assert types == {
        "fid": "INTEGER",
        "geom": "POINT",
        "code": "TEXT",
        "name": "TEXT",
        "children": "INTEGER",
        "within": "BOOLEAN",
        "minutes": "REAL",
        "share": "REAL",
        "share_reason": "TEXT",
        "opening": "DATE",
    }


def test_it_is_a_valid_geopackage(database: sqlite3.Connection) -> None:
    assert database.execute("PRAGMA application_id").fetchone()[0] == 0x47504B47  # "GPKG"
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    kinds = dict(database.execute("SELECT table_name, data_type FROM gpkg_contents"))
    assert kinds == {
        "counties": "features",
        "villages": "features",
        "years": "attributes",
        "字段说明": "attributes",
        "说明": "attributes",
    }
    assert ("gpkg_data_columns", "gpkg_schema") in database.execute(
        "SELECT table_name, extension_name FROM gpkg_extensions"
    ).fetchall()


def test_columns_have_chinese_titles(database: sqlite3.Connection) -> None:
    titles = dict(
        database.execute("SELECT column_name, name FROM gpkg_data_columns WHERE table_name = 'villages'")
    )
    assert titles["children"] == "儿童"
    assert set(titles) == set(VILLAGES.columns)
    row = database.execute(
        'SELECT * FROM "字段说明" WHERE "图层" = ? AND "字段" = ?', ("villages", "minutes")
    )
    assert row.fetchone()[1:] == ("villages", "各村", "minutes", "车程", "分钟")


def test_it_explains_itself(path: Path) -> None:
    table = pyogrio.read_dataframe(path, layer="说明")
    lines = {(row["类别"], row["名称"]): row["值"] for _, row in table.iterrows()}
    assert lines["来源", "截至日期"] == "2020-12-31"
    assert lines["来源", "数据性质"] == "示例数据"
    assert lines["来源", "使用范围"] == "内部工作用图 不得公开"
    assert lines["来源", "文件编号"] == "S-0001"
    assert lines["参数", "最远车程(min)"] == "60.0"
    assert lines["指标", "已覆盖的县"] == "1"
    assert lines["指标", "时限内占比"] == "—(没有儿童)"
    assert lines["内容", "各村"] == "5"
    assert lines["说明", "1"] == "车程为估算。"


def test_empty_layers_and_columns_keep_their_types(sample: Sample, tmp_path: Path) -> None:
    layers = {"counties": COUNTIES.empty(), "villages": VILLAGES.empty()}
    path = tmp_path / "empty.gpkg"
    path.write_bytes(gpkg_bytes(Result(layers, {"years": YEARS.empty()}), sample.makes, sample.stamp))
    types = dict(
        zip(*(pyogrio.read_info(path, layer="villages")[key] for key in ("fields", "dtypes")), strict=True)
    )
    assert types["children"] == "int64"
    assert types["within"] == "bool"
    assert types["opening"] == "datetime64[D]"
    assert len(gpd.read_file(path, layer="counties")) == 0


def test_no_layers_at_all(sample: Sample, tmp_path: Path) -> None:
    path = tmp_path / "none.gpkg"
    path.write_bytes(gpkg_bytes(Result(), (), sample.stamp))
    assert [row[0] for row in pyogrio.list_layers(path)] == ["字段说明", "说明"]


def test_names_that_would_break_the_file(sample: Sample, tmp_path: Path) -> None:
    layer = Layer(
        "../../gpkg_contents",
        "怪",
        {"fid": column(str, "同名"), "geom": column(object, "同名", nullable=True)},
        key=(),
        geometry="point",
    )
    frame = gpd.GeoDataFrame(
        {"fid": ["甲", "乙"], "geom": [1, "少于5"]}, geometry=[Point(500000, 4180000), None], crs=METRIC_CRS
    )
    path = tmp_path / "odd.gpkg"
    path.write_bytes(gpkg_bytes(Result({layer.name: frame}), (layer,), sample.stamp))
    read = gpd.read_file(path, layer="x-gpkg_contents")
    assert read["fid"].tolist() == ["甲", "乙"]
    assert read["geom"].tolist() == ["1", "少于5"]


def test_days_and_moments_numbers_and_shapes_mixed(sample: Sample, tmp_path: Path) -> None:
    layer = Layer(
        "mixed",
        "混合",
        {"seen": column("datetime64[s]", "时间"), "n": column(object, "数")},
        key=(),
        geometry="point",
    )
    frame = gpd.GeoDataFrame(
        {"seen": pd.Series(["2020-01-01", "2020-01-02 08:30"], dtype="datetime64[s]"), "n": [1, 2.5]},
        geometry=[Point(500000, 4180000), MultiPoint([(500000, 4180000)])],
        crs=METRIC_CRS,
    )
    path = tmp_path / "mixed.gpkg"
    path.write_bytes(gpkg_bytes(Result({"mixed": frame}), (layer,), sample.stamp))
    read = gpd.read_file(path, layer="mixed")
    assert read["seen"].dt.strftime("%F %R").tolist() == ["2020-01-01 00:00", "2020-01-02 08:30"]
    assert read["n"].tolist() == [1.0, 2.5]
    assert read.geom_type.tolist() == ["Point", "MultiPoint"]


def test_same_input_same_bytes_and_the_clock_leaves_no_trace(sample: Sample, path: Path) -> None:
    assert gpkg_bytes(sample.result, sample.makes, sample.stamp) == path.read_bytes()
    with closing(sqlite3.connect(path)) as database:
        dates = database.execute("SELECT DISTINCT last_change FROM gpkg_contents").fetchall()
    assert dates == [("2021-01-02T03:04:00.000Z",)]


def test_without_a_day_of_knowledge_the_data_day_dates_the_file(sample: Sample, tmp_path: Path) -> None:
    path = tmp_path / "day.gpkg"
    path.write_bytes(gpkg_bytes(sample.result, sample.makes, replace(sample.stamp, known_at=None)))
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("SELECT last_change FROM gpkg_contents").fetchone() == (
            "2020-12-31T00:00:00.000Z",
        )
