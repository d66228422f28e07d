"""A whole result in a folder."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest

from planner.documents import write_result
from planner.errors import InputError
from planner.model.layers import Layer, column
from planner.plugin import Result
from tests.documents.conftest import Sample


def test_files_and_their_names(sample: Sample, tmp_path: Path) -> None:
    paths = write_result(tmp_path / "new" / "out", sample.result, sample.makes, sample.stamp)
    assert [path.name for path in paths] == [
        "coverage-gaps_2020-12-31_S-0001_counties.geojson",
        "coverage-gaps_2020-12-31_S-0001_villages.geojson",
        "coverage-gaps_2020-12-31_S-0001.gpkg",
        "coverage-gaps_2020-12-31_S-0001.xlsx",
    ]
    assert sorted(os.listdir(tmp_path / "new" / "out")) == sorted(path.name for path in paths)


def test_the_same_figures_in_every_format(sample: Sample, tmp_path: Path) -> None:
    _, geojson, gpkg, xlsx = write_result(tmp_path, sample.result, sample.makes, sample.stamp)
    features = json.loads(geojson.read_bytes())["features"]
    read = gpd.read_file(gpkg, layer="villages")
    sheet = openpyxl.load_workbook(xlsx)["各村"]
    titles = {"children": "儿童(人)", "minutes": "车程(分钟)", "share": "占比(%)"}
    header = [cell.value for cell in sheet[1]]
    for name, title in titles.items():
        in_json = [feature["properties"][name] for feature in features]
        in_gpkg = [None if pd.isna(value) else value for value in read[name]]
        cells = [row[header.index(title)] for row in sheet.iter_rows(min_row=2, values_only=True)]
        in_xlsx = [None if isinstance(value, str) else value for value in cells]
        assert in_json == in_gpkg == in_xlsx
    in_gpkg_shapes = [None if shape is None else shape.__geo_interface__ for shape in read.geometry]
    assert in_gpkg_shapes == [
        feature["geometry"]
        and {**feature["geometry"], "coordinates": tuple(feature["geometry"]["coordinates"])}
        for feature in features
    ]


def test_a_second_writing_replaces_and_leaves_others_alone(sample: Sample, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep")
    first = [path.read_bytes() for path in write_result(tmp_path, sample.result, sample.makes, sample.stamp)]
    second = [path.read_bytes() for path in write_result(tmp_path, sample.result, sample.makes, sample.stamp)]
    assert first == second
    assert len(os.listdir(tmp_path)) == 5


def test_hostile_names_stay_in_the_folder(sample: Sample, tmp_path: Path) -> None:
    layer = Layer("../../etc/passwd", "表", {"x": column(int, "数")}, key=(), geometry="point")
    frame = gpd.GeoDataFrame({"x": [1]}, geometry=[None], crs="EPSG:4544")
    stamp = replace(sample.stamp, plugin="CON", serial="../\u202e" + "长" * 300)
    paths = write_result(tmp_path / "out", Result({layer.name: frame}), (layer,), stamp)
    assert {path.parent for path in paths} == {tmp_path / "out"}
    assert paths[0].name == f"x-CON_2020-12-31_{'长' * 19}_etc-passwd.geojson"
    assert len(paths) == len(os.listdir(tmp_path / "out")) == 3


def test_a_file_in_the_way(sample: Sample, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(InputError, match=r"不是文件夹.*请换一个可以写入的文件夹"):
            write_result(folder, sample.result, sample.makes, sample.stamp)


def test_a_failure_leaves_the_old_file_and_no_part(
    sample: Sample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    *_, xlsx = write_result(tmp_path, sample.result, sample.makes, sample.stamp)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    changed = replace(sample.result, notes=("另一句",))
    with pytest.raises(InputError, match="磁盘已满"):
        write_result(tmp_path, changed, sample.makes, sample.stamp)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    assert xlsx.exists()
