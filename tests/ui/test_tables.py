"""Layers as tables of a page."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pandera.pandas as pa
import pytest
import streamlit as st

from planner.model.coverage import COVERAGE_COUNTIES
from planner.model.layers import METRIC_CRS, Layer, column
from planner.ui.tables import display_frame
from tests.ui.texts import built_in_plugins

PLACES = Layer(
    "places",
    "地点",
    {
        "name": column(str, "名称"),
        "status": column(str, "法定状态", checks=[pa.Check.isin(["已覆盖", "在建"])], nullable=True),
        "covered": column(bool, "已覆盖"),
        "day": column("datetime64[s]", "计划投用", nullable=True),
        "minutes": column(float, "平均车程", unit="分钟", nullable=True),
        "minutes_reason": column(str, "平均车程为空的原因", nullable=True),
        "children": column(int, "儿童", unit="人"),
    },
    key=("name",),
    geometry="point",
)
ROWS = gpd.GeoDataFrame(
    {
        "children": [3, 0],
        "minutes": [37.26, None],
        "minutes_reason": pd.array([None, "没有儿童"], dtype="str"),
        "name": ["在建", "乙村"],
        "status": pd.array(["已覆盖", None], dtype="str"),
        "covered": [True, False],
        "day": pd.Series(["2020-06-30", None], dtype="datetime64[s]"),
    },
    geometry=gpd.points_from_xy([1, 2], [3, 4]),
    crs=METRIC_CRS,
)


def rows(frame: pd.DataFrame) -> list[list[object]]:
    return frame.astype(object).where(frame.notna(), None).to_numpy().tolist()


def test_a_layer_under_its_titles_in_the_order_of_its_declaration() -> None:
    shown = display_frame(PLACES, ROWS)
    assert list(shown) == [
        "名称",
        "法定状态",
        "已覆盖",
        "计划投用",
        "平均车程(分钟)",
        "平均车程为空的原因",
        "儿童(人)",
    ]
    assert rows(shown) == [
        ["在建", "已覆盖", "是", "2020-06-30", 37.3, None, 3],
        ["乙村", None, "否", None, None, "没有儿童", 0],
    ]


def test_in_english_titles_and_closed_words_change_and_names_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "session_state", {"language": "en"})
    shown = display_frame(PLACES, ROWS)
    assert list(shown) == [
        "Name", "Statutory state", "Covered", "Planned opening", "Mean drive time (min)",
        "Why no mean drive time", "Children",
    ]  # fmt: skip
    assert rows(shown) == [
        ["在建", "Covered", "Yes", "2020-06-30", 37.3, None, 3],
        ["乙村", None, "No", None, None, "No children", 0],
    ]


def test_columns_that_are_not_declared_or_not_there_are_left_out() -> None:
    shown = display_frame(PLACES, ROWS[["name", "geometry"]].assign(extra=1))
    assert list(shown) == ["名称"]


def test_an_empty_layer_keeps_its_titles() -> None:
    shown = display_frame(COVERAGE_COUNTIES, COVERAGE_COUNTIES.empty())
    assert len(shown) == 0
    assert len(shown.columns) == len(COVERAGE_COUNTIES.columns)


def test_the_given_frame_is_left_as_it_was() -> None:
    before = ROWS.copy(deep=True)
    display_frame(PLACES, ROWS)
    pd.testing.assert_frame_equal(pd.DataFrame(ROWS), pd.DataFrame(before))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_two_columns_of_a_layer_share_a_title(monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    monkeypatch.setattr(st, "session_state", {"language": language})
    layers = [layer for plugin in built_in_plugins() for layer in plugin.makes]
    titles = {layer.name: list(map(str, display_frame(layer, layer.empty()))) for layer in layers}
    assert {name: twice for name, names in titles.items() if (twice := _twice(names))} == {}


def _twice(names: list[str]) -> list[str]:
    return sorted({name for name in names if names.count(name) > 1})
