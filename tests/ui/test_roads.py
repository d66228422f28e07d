"""Roads on the pages: imported, looked at, closed and opened, their speeds changed."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest
from shapely import LineString
from streamlit.testing.v1 import AppTest

from planner.jobs.road_words import report_lines
from planner.jobs.roads import import_roads
from planner.ledger import Upload
from planner.model.roads import ROADS_BY_CLASS
from planner.store.roads import read_closed, read_network, read_speeds
from planner.store.workspace import Workspace, create_workspace
from planner.ui.i18n import translate
from tests.ui import shown
from tests.ui.conftest import Visit
from tests.ui.shown import unescaped
from tests.ui.texts import chinese_left

# A national road of 20 km, a track of 5 km that joins it, and 2 km that nothing joins; south of 盐池.
GIVEN = {
    "甲路": ([(600, 4150), (610, 4150), (620, 4150)], "国道"),
    "乙路": ([(610, 4150), (610, 4155)], "机耕路"),
    "丙路": ([(640, 4190), (642, 4190)], "机耕路"),
}


@pytest.fixture
def roads(tmp_path: Path) -> bytes:
    """A GeoPackage of the roads."""
    shapes = [LineString([(x * 1000, y * 1000) for x, y in points]) for points, _ in GIVEN.values()]
    table = gpd.GeoDataFrame(
        {"路名": list(GIVEN), "等级": [kind for _, kind in GIVEN.values()]}, geometry=shapes, crs="EPSG:4544"
    )
    table.rename(columns={"路名": "name"}).to_file(tmp_path / "roads.gpkg")
    return (tmp_path / "roads.gpkg").read_bytes()


def imported(visit: Visit, workspace: Workspace, content: bytes) -> AppTest:
    app = visit("data", of=workspace)
    app.file_uploader(key="roads-file").set_value(("甲乙丙.gpkg", content, "application/octet-stream"))
    return press(app, "导入道路")


def press(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception
    return app


def box(app: AppTest, label: str, kind: str = "selectbox"):
    return next(item for item in getattr(app, kind) if item.label == label)


def test_an_import_tells_what_the_command_line_tells(
    visit: Visit, untouched: Workspace, roads: bytes
) -> None:
    app = imported(visit, untouched, roads)
    (told,) = [unescaped(item.value) for item in app.success]
    assert told == "已导入道路:读取3条,接受3条,跳过0条"
    lines = [item.value for item in app.text]
    assert "其中国道20.0公里、机耕路7.0公里" in lines
    assert any(line.startswith("村离路:") for line in lines)
    stored = read_network(untouched)
    assert stored is not None
    assert stored.origin == "甲乙丙.gpkg"


def test_an_import_reads_as_english(untouched: Workspace, roads: bytes) -> None:
    report = import_roads(untouched, Upload("甲乙丙.gpkg", roads))
    lines = [translate(line, "en") for line in report_lines(report)]
    assert lines[0] == "Imported roads: 3 read, 3 accepted, 0 skipped"
    assert lines[2] == "Of these National road 20.0 km, Farm track 7.0 km"
    assert any("nine in ten within" in line for line in lines)
    assert [line for line in lines if "farthest" not in line and chinese_left(line)] == []


def test_without_a_file_and_with_a_broken_one_nothing_is_written(visit: Visit, untouched: Workspace) -> None:
    before = read_network(untouched)
    app = press(visit("data", of=untouched), "导入道路")
    assert [item.value for item in app.warning] == ["请先选择文件。"]
    app = imported(visit, untouched, b"no roads")
    assert "已损坏" in unescaped(app.error[0].value)
    after = read_network(untouched)
    assert before is not None
    assert after is not None
    assert before.sha256 == after.sha256


def test_the_page_shows_the_network_on_the_map_and_by_class(
    visit: Visit, untouched: Workspace, roads: bytes
) -> None:
    imported(visit, untouched, roads)
    app = visit("roads", of=untouched)
    assert {item.label: item.value for item in app.metric} == {
        "道路长度(公里)": "27",
        "路段": "4",
        "最大连通部分占长度": "92.6%",
        "在它之外(公里)": "2.0",
        "封闭的路段": "0",
    }
    (layer,) = shown.drawn(app)["layers"]
    assert (layer["name"], layer["shape"]) == (ROADS_BY_CLASS.name, "line")
    assert [item["label"] for item in layer["classes"]] == ["乡道及以下", "国道", "最大部分之外"]
    assert shown.tables(app)[0]["长度(公里)"].tolist() == [5.0, 2.0, 20.0]


def test_a_road_is_closed_by_its_name_and_opened_again(
    visit: Visit, untouched: Workspace, roads: bytes
) -> None:
    imported(visit, untouched, roads)
    stored = read_network(untouched)
    assert stored is not None
    app = press(visit("roads", of=untouched), "封闭道路")
    assert [item.value for item in app.warning] == ["请先选择路名。"]
    box(app, "路名").select("乙路")
    app = press(app, "封闭道路")
    assert [item.value for item in app.success] == ["已封闭1个路段,以后的计算不再走这里"]
    assert len(read_closed(untouched, stored.sha256)) == 1
    assert ["乙路", "机耕路", "1", "5.00"] in shown.prose(app)[0]
    assert next(item.value for item in app.metric if item.label == "封闭的路段") == "1"
    box(app, "路名").select("乙路")
    app = press(app, "恢复通行")
    assert read_closed(untouched, stored.sha256) == frozenset()


def test_a_speed_needs_a_source_and_is_kept(visit: Visit, untouched: Workspace) -> None:
    app = visit("roads", of=untouched)
    box(app, "道路等级").select("track")
    app = box(app, "路面").select("gravel").run()
    before = read_speeds(untouched).rows["track", "gravel"].kmh
    assert box(app, "车速(km/h)", "number_input").value == before != 18.0
    box(app, "车速(km/h)", "number_input").set_value(18.0)
    app = press(app, "保存车速")
    assert [item.value for item in app.warning] == ["请写明车速的来源。"]
    box(app, "来源", "text_input").set_value("县交通局2026年实测")
    app = press(app, "保存车速")
    speed = read_speeds(untouched).rows["track", "gravel"]
    assert (speed.kmh, speed.source) == (18.0, "县交通局2026年实测")
    (row,) = [row for row in shown.prose(app)[0] if row[:2] == ["机耕路", "砂石"]]
    assert (row[2], row[4]) == ("18", "县交通局2026年实测")


def test_without_roads_the_page_says_where_they_come_from(visit: Visit, tmp_path: Path) -> None:
    made = create_workspace(tmp_path / "bare")
    app = visit("roads", of=made)
    assert not app.exception
    assert "到“数据”页的“道路”导入" in app.info[0].value
    made.engine.dispose()
