"""The rows behind a figure."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pytest

from planner.plugin import Metric, Result
from planner.testing import make_context, tiny_world
from planner.ui.cards import rows_behind
from tests.ui.texts import built_in_plugins

VILLAGES = gpd.GeoDataFrame(
    {
        "code": ["1", "2", "3"],
        "within": [True, False, True],
        "reach": ["时限内", "时限外", "时限内"],
        "need": ["康复", None, None],
        "children": [5, 3, 0],
    },
    geometry=[None] * 3,
)
RESULT = Result(layers={"villages": VILLAGES}, tables={"gaps": pd.DataFrame({"code": ["1", "9"]})})


@pytest.mark.parametrize(
    ("table", "where", "codes"),
    [
        ("villages", {}, ["1", "2", "3"]),
        ("villages", {"within": True}, ["1", "3"]),
        ("villages", {"within": True, "children": 0}, ["3"]),
        ("villages", {"reach": "不可达"}, []),
        ("villages", {"need": None}, ["2", "3"]),
        ("gaps", {}, ["1", "9"]),
    ],
)
def test_the_rows_that_equal_what_the_figure_names(
    table: str, where: dict[str, object], codes: list[str]
) -> None:
    rows = rows_behind(RESULT, Metric("儿童", 1, table=table, where=where))
    assert rows["code"].tolist() == codes


@pytest.mark.parametrize("name", ["coverage-gaps", "siting", "cadre-assignment"])
def test_a_figure_that_counts_rows_is_their_number(name: str) -> None:
    (plugin,) = [plugin for plugin in built_in_plugins() if plugin.name == name]
    result = plugin(make_context(plugin, tiny_world()), plugin.params())
    counted = [item for item in result.metrics.values() if item.unit == "个" and item.table]
    assert counted
    assert [len(rows_behind(result, item)) for item in counted] == [item.value for item in counted]
    one = replace(counted[0], where={})
    assert len(rows_behind(result, one)) == len({**result.layers, **result.tables}[str(one.table)])
