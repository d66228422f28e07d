"""A table as lines: what is drawn, and what is told of it without seeing."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from planner.model.layers import Chart, Layer, column
from planner.ui.charts import in_words

CURVE = Layer(
    "curve",
    "曲线",
    {
        "group": column(str, "儿童分组"),
        "minutes": column(int, "车程不超过", unit="分钟"),
        "share": column(float, "占比", unit="%", nullable=True),
    },
    key=("group", "minutes"),
    chart=Chart("minutes", "share", line="group"),
)
YEARS = Layer(
    "years",
    "逐年",
    {"day": column("datetime64[s]", "截至日"), "covered": column(int, "已覆盖", unit="个")},
    key=("day",),
    chart=Chart("day", "covered"),
)
LOADS = Layer("loads", "负荷", {"before": column(float, "原负荷"), "after": column(float, "负荷")}, key=())


def curve(*groups: str) -> pd.DataFrame:
    """Each group at 0 and 60 minutes: 10 and 75.5 %, but for the one called 空."""
    rows = [
        (group, at, None if group == "空" else share)
        for group in groups
        for at, share in ((0, 10.0), (60, 75.5))
    ]
    return pd.DataFrame(rows, columns=["group", "minutes", "share"]).astype({"share": float})


def years() -> pd.DataFrame:
    return pd.DataFrame({"day": pd.to_datetime(["2017-12-31", "2018-12-31"]), "covered": [5, 8]})


def page(name: str, *groups: str) -> AppTest:
    """A page with that chart alone."""

    def script(name: str, groups: list[str]) -> None:
        from planner.ui.charts import show_chart
        from tests.ui.test_charts import CURVE, YEARS, curve, years

        if name == "curve":
            show_chart(CURVE, curve(*groups), key="chart")
        else:
            show_chart(YEARS, years(), key="chart")

    return AppTest.from_function(script, args=(name, list(groups))).run()


def drawn(app: AppTest) -> Any:
    (chart,) = app.get("arrow_vega_lite_chart") or app.get("vega_lite_chart")
    return chart.proto


def colours(proto: Any) -> dict[str, list[str]]:
    """The lines and their colours."""
    return json.loads(proto.spec)["encoding"]["color"]["scale"]


def test_a_line_is_told_from_its_first_value_to_its_last() -> None:
    assert in_words(CURVE, curve("甲", "空")) == "曲线\n甲 0: 10.0 % → 60: 75.5 %"
    assert in_words(YEARS, years()) == "逐年\n2017-12-31: 5 个 → 2018-12-31: 8 个"
    assert in_words(CURVE, curve()) == "曲线"


def test_the_first_five_lines_are_drawn_and_the_reader_may_choose() -> None:
    groups = [f"第{number}组" for number in range(7)]
    app = page("curve", *groups)
    assert not app.exception
    (lines,) = app.button_group
    assert lines.value == groups[:5]
    lines.set_value(groups[5:6]).run()
    assert not app.exception
    assert colours(drawn(app))["domain"] == [groups[5]]
    assert "第5组" in drawn(app).alt
    assert "第0组" not in drawn(app).alt


def test_a_line_keeps_its_look_when_others_go() -> None:
    app = page("curve", "甲", "乙", "丙")
    before = dict(zip(*colours(drawn(app)).values(), strict=True))
    app.button_group[0].set_value(["丙"]).run()
    assert colours(drawn(app)) == {"domain": ["丙"], "range": [before["丙"]]}


def test_no_line_chosen_is_an_empty_chart_and_no_fault() -> None:
    app = page("curve", "甲")
    app.button_group[0].set_value([]).run()
    assert not app.exception


def test_a_single_line_needs_no_choice() -> None:
    app = page("years")
    assert not app.exception
    assert not app.button_group
    assert "strokeDash" not in drawn(app).spec


@pytest.mark.parametrize("layer", [CURVE, Layer("plain", "表", {"code": column(str, "代码")})])
def test_an_empty_table_and_one_that_is_no_chart_are_not_drawn(layer: Layer) -> None:
    from planner.ui.charts import show_chart

    show_chart(layer, layer.empty(), key="none")


BARS = Layer(
    "bars",
    "各乡镇",
    {"name": column(str, "乡镇"), "share": column(float, "完成率", unit="%", nullable=True)},
    chart=Chart("name", "share", mark="bar"),
)


def test_bars_stand_in_the_order_of_the_rows_and_are_told_one_by_one() -> None:
    def script() -> None:
        from planner.ui.charts import show_chart
        from tests.ui.test_charts import BARS, bars

        show_chart(BARS, bars(), key="chart")

    app = AppTest.from_function(script).run()
    assert not app.exception
    assert in_words(BARS, bars()).splitlines() == ["各乡镇", "乙镇 40.0 %", "甲镇 100.0 %"]


def bars() -> pd.DataFrame:
    """乙镇 40 %, 甲镇 100 %, and one of which nothing is known."""
    return pd.DataFrame({"name": ["乙镇", "甲镇", "丙镇"], "share": [40.0, 100.0, None]})


def test_before_and_after_are_a_pair_of_bars_for_each_row_the_highest_first() -> None:
    def page() -> None:
        import pandas as pd

        from planner.ui.charts import show_before_and_after
        from tests.ui.test_charts import LOADS

        frame = pd.DataFrame({"before": [4, 1, None], "after": [2, 3, None]})
        show_before_and_after(LOADS, frame, pd.Series(["甲", "乙", "丙"]), before="before", after="after")

    app = AppTest.from_function(page).run()
    assert not app.exception
    proto = drawn(app)
    spec = json.loads(proto.spec)
    assert spec["encoding"]["y"]["sort"] == ["乙", "甲", "丙"]
    assert spec["encoding"]["color"]["scale"]["domain"] == ["原负荷", "负荷"]
    assert proto.alt.splitlines() == ["乙 1 → 3", "甲 4 → 2", "丙 — → —"]
