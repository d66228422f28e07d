"""The declared schemas: what a layer refuses, and that it says so in words."""

import geopandas as gpd
import pandas as pd
import pandera.pandas as pa
import pytest
from shapely.geometry import MultiPolygon, Point, box

from planner.errors import PluginError
from planner.model import coverage, layers
from planner.model.coverage import COVERAGE_VILLAGES
from planner.model.layers import DEMAND, DIVISIONS, INSTITUTION_STATES, INSTITUTIONS, Layer, column

LAYERS = [item for module in (layers, coverage) for item in vars(module).values() if isinstance(item, Layer)]
SQUARES = Layer(
    "squares",
    "方格",
    {"code": column(str, "代码"), "children": column(int, "儿童", unit="人", count=True)},
    geometry="polygon",
)


def squares(*shapes, crs=4544, codes="ab"):
    frame = {"code": list(codes[: len(shapes)]), "children": [1] * len(shapes)}
    return gpd.GeoDataFrame(frame, geometry=list(shapes), crs=crs)


def demand(*rows):
    columns = ["village", "age_band", "category", "need", "children", "origin"]
    return gpd.GeoDataFrame(pd.DataFrame(rows, columns=columns), geometry=[None] * len(rows), crs=4544)


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.name)
def test_every_layer_is_titled_and_passes_empty(layer):
    assert layer.check(layer.empty()).empty
    assert all(item.title for item in layer.columns.values())
    assert set(layer.key) <= set(layer.columns)
    assert layer.description


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.name)
def test_a_colour_belongs_to_a_column_and_to_each_of_its_values(layer):
    if layer.colour_by is None:
        assert not layer.tones
        return
    allowed = [check.statistics["allowed_values"] for check in layer.columns[layer.colour_by].checks]
    assert not layer.tones or set(layer.tones) == set(allowed[0])


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.name)
def test_what_else_may_colour_or_draw_a_layer_is_among_its_columns(layer):
    assert all(pd.api.types.is_numeric_dtype(layer.columns[name].dtype.type) for name in layer.also_by)
    if layer.chart:
        drawn = {layer.chart.across, layer.chart.up, layer.chart.line} - {None}
        assert drawn <= set(layer.columns)


def test_a_layer_coloured_by_another_column_is_the_same_but_for_its_tones():
    villages = COVERAGE_VILLAGES.coloured_by("minutes")
    assert (villages.colour_by, villages.tones) == ("minutes", {})
    assert (villages.name, list(villages.columns)) == (
        COVERAGE_VILLAGES.name,
        list(COVERAGE_VILLAGES.columns),
    )
    assert COVERAGE_VILLAGES.coloured_by("reach") is COVERAGE_VILLAGES


def test_the_names_of_layers_are_unique():
    names = [layer.name for layer in LAYERS]
    assert len(names) == len(set(names)) >= 9


def test_no_layer_of_this_stage_identifies_a_child():
    assert not any(layer.personal for layer in LAYERS)


def test_counts_of_children_are_marked_for_suppression():
    assert DEMAND.columns_marked("count") == ["children"]
    marked = {
        name for layer in LAYERS for name, item in layer.columns.items() if (item.metadata or {})["count"]
    }
    people = {name for layer in LAYERS for name in layer.columns if layer.unit_of(name) == "人"} - {"staff"}
    assert marked == people


def test_titles_carry_the_unit():
    assert SQUARES.title_of("children") == "儿童(人)"
    assert SQUARES.title_of("code") == "代码"


def test_a_sound_frame_comes_back_itself():
    frame = squares(box(0, 0, 1, 1), MultiPolygon([box(2, 0, 3, 1)]))
    assert SQUARES.check(frame) is frame
    missing = squares(box(0, 0, 1, 1), None)
    assert SQUARES.check(missing) is missing


def test_a_cast_gives_the_declared_columns_their_types_and_drops_others():
    frame = squares(None).assign(more=1, code=None, children=2.0)
    cast = SQUARES.cast(frame.assign(code="a"))
    assert list(cast.columns) == ["code", "children", "geometry"]
    assert SQUARES.check(cast)["children"].tolist() == [2]
    nothing = DEMAND.cast(demand().astype(object).set_geometry(gpd.GeoSeries([], crs=4544)))
    assert DEMAND.check(nothing).empty


def test_a_cast_names_every_column_that_does_not_fit():
    with pytest.raises(PluginError) as caught:
        SQUARES.cast(pd.DataFrame({"children": ["many"]}))
    text = str(caught.value)
    assert all(fault in text for fault in ("缺少列:code", "缺少列:geometry", "children:不能转换为"))


@pytest.mark.parametrize(
    ("frame", "fault"),
    [
        (squares(box(0, 0, 1, 1)).drop(columns="children"), "缺少列:children"),
        (squares(box(0, 0, 1, 1)).assign(more=1), "多出未声明的列:more"),
        (squares(box(0, 0, 1, 1)).assign(children=1.5), "children:类型是float64,应为"),
        (squares(box(0, 0, 1, 1)).assign(code=None), "code"),
        (squares(box(0, 0, 1, 1), box(1, 0, 2, 1), codes="aa"), "有1个键重复:a"),
        (squares(box(0, 0, 1, 1), crs=4326), "坐标系是EPSG:4326,应为EPSG:4544。用 to_crs(4544) 转换"),
        (squares(box(0, 0, 1, 1), crs=None), "坐标系是None"),
        (squares(Point(0, 0)), "几何类型Point不是polygon"),
        (pd.DataFrame({"code": ["a"], "children": [1]}), "缺少几何列"),
        (squares(box(0, 0, 1, 1)).rename_geometry("shape"), "缺少几何列"),
    ],
)
def test_a_frame_against_the_declaration_is_refused(frame, fault):
    with pytest.raises(PluginError, match="图层“方格”") as caught:
        SQUARES.check(frame)
    assert fault in str(caught.value)


def test_all_faults_are_told_at_once_with_the_values():
    frame = demand(("a", "0-7", "家庭困境", None, -1, "x"), ("b", "0-6", "家庭困境", "吃饭", -2, None))
    with pytest.raises(PluginError) as caught:
        DEMAND.check(frame)
    text = str(caught.value)
    for fault in ("age_band:1行不满足", "0-7", "吃饭", "children:2行不满足", "-1、-2", "origin:1行为空"):
        assert fault in text


def test_two_rows_without_need_are_the_same_key():
    row = ("640101100001", "0-6", "家庭困境", None, 1, "x")
    with pytest.raises(PluginError, match="键重复:640101100001/0-6/家庭困境"):
        DEMAND.check(demand(row, row))


def test_unknown_levels_kinds_and_states_are_refused():
    division = gpd.GeoDataFrame(
        {"code": ["64"], "name": ["宁夏"], "parent": [None], "level": [3], "origin": ["x"]},
        geometry=[None],
        crs=4544,
    )
    with pytest.raises(PluginError, match="level"):
        DIVISIONS.check(division)
    states = pd.DataFrame({"institution": ["jg"], "since": [pd.NaT], "state": ["试运营"]})
    states["planned_opening"] = pd.NaT
    with pytest.raises(PluginError, match="试运营"):
        INSTITUTION_STATES.check(
            states.astype({"since": "datetime64[s]", "planned_opening": "datetime64[s]"})
        )
    assert INSTITUTIONS.columns["state"].nullable


def test_a_table_without_key_may_repeat_rows():
    repeated = Layer("log", "日志", {"day": column(str, "日")}, key=(), description="x")
    assert len(repeated.check(pd.DataFrame({"day": ["a", "a"]}))) == 2


def test_checks_of_a_column_are_kept():
    share = Layer("s", "率", {"code": column(float, "率", checks=[pa.Check.le(100)])})
    with pytest.raises(PluginError, match="101"):
        share.check(pd.DataFrame({"code": [101.0]}))
