"""A form gives back what a plugin takes: every kind of parameter, filled in, left alone, left open."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from planner.parameters import read_params
from planner.store.runs import list_runs
from planner.store.workspace import Workspace
from planner.ui.forms import RunOptions
from planner.ui.session import WORKSPACE_VARIABLE
from tests.ui.conftest import COUNTY, DAY
from tests.ui.form_plugin import Params, Size


def script() -> None:
    """The form alone, begun with the run in the session; what it gives is kept there too."""
    import streamlit as st

    from planner.ui.forms import run_form
    from tests.ui.form_plugin import every_kind

    st.session_state["sent"] = run_form(every_kind, st.session_state.get("run"), key="form")


@pytest.fixture
def form(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv(WORKSPACE_VARIABLE, str(workspace.folder))
    app = AppTest.from_function(script, default_timeout=60).run()
    assert not app.exception
    return app


def widget(form: AppTest, label: str) -> Any:
    """The one widget under that label."""
    kinds = (form.number_input, form.text_input, form.checkbox, form.date_input, form.selectbox)
    (found,) = [item for kind in kinds for item in kind if item.label == label]
    return found


def send(form: AppTest) -> tuple[dict[str, Any], RunOptions]:
    form.button[0].click().run()
    assert not form.exception
    return form.session_state["sent"]


def test_nothing_is_given_before_it_is_sent(form: AppTest) -> None:
    assert form.session_state["sent"] is None


def test_a_form_left_alone_gives_the_defaults(form: AppTest) -> None:
    values, options = send(form)
    assert read_params(Params, values) == Params()
    assert options == RunOptions(as_of=DAY, area=None, seed=0, time_limit_s=None)


def test_what_is_filled_in_comes_back_as_its_kind(form: AppTest) -> None:
    widget(form, "队数").set_value(9)
    widget(form, "最远车程(min)").set_value(0.5)
    widget(form, "夜间").uncheck()
    widget(form, "起始").set_value(date(2020, 2, 29))
    widget(form, "出发地").set_value("大水坑镇")
    widget(form, "规模").select("小型")
    widget(form, "班次").select("1")
    widget(form, "队数,可空").set_value(0)
    widget(form, "车程,可空").set_value(-1.5)
    widget(form, "夜间,可空").select("否")
    widget(form, "起始,可空").set_value(date(2050, 3, 1))
    widget(form, "出发地,可空").set_value("县城")
    widget(form, "规模,可空").select("大")
    values, _ = send(form)
    assert values == {
        "teams": 9, "limit_min": 0.5, "night": False, "start": date(2020, 2, 29), "town": "大水坑镇",
        "size": "小", "shift": 1, "any_teams": 0, "any_limit": -1.5, "any_night": False,
        "any_start": date(2050, 3, 1), "any_town": "县城", "any_size": "大",
    }  # fmt: skip
    assert read_params(Params, values).model_dump() == {**values, "size": Size.SMALL, "any_size": Size.LARGE}


def test_what_is_open_can_be_opened_again(form: AppTest) -> None:
    widget(form, "队数,可空").set_value(4)
    widget(form, "规模,可空").select("大")
    widget(form, "夜间,可空").select("是")
    values, _ = send(form)
    assert (values["any_teams"], values["any_size"], values["any_night"]) == (4, "大", True)
    widget(form, "队数,可空").set_value(None)
    widget(form, "规模,可空").select_index(0)
    widget(form, "夜间,可空").select_index(0)
    values, _ = send(form)
    assert read_params(Params, values) == Params()


def test_a_form_begins_with_what_the_shown_run_was_given(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What has gone since, or can no longer be chosen, begins as it is declared."""
    monkeypatch.setenv(WORKSPACE_VARIABLE, str(workspace.folder))
    given: dict[str, Any] = {"teams": 5, "size": "小", "start": "2018-02-03", "any_night": False}
    (run,) = list_runs(workspace, 1)
    app = AppTest.from_function(script, default_timeout=60)
    app.session_state["run"] = replace(
        run,
        params={**given, "any_size": "中", "town": None, "gone": 1},
        as_of=date(2019, 6, 30),
        area=COUNTY,
        seed=7,
        time_limit_s=89.5,
    )
    values, options = send(app.run())
    params = read_params(Params, values)
    assert params == Params(**given)
    assert options == RunOptions(as_of=date(2019, 6, 30), area=COUNTY, seed=7, time_limit_s=90.0)


def test_bounds_help_and_unit_are_those_of_the_declaration(form: AppTest) -> None:
    teams, limit, open_limit = (widget(form, label) for label in ("队数", "最远车程(min)", "车程,可空"))
    assert (teams.min, teams.max, teams.help) == (1, 9, "几个**队**")
    assert limit.max == 600
    assert open_limit.max == 600
    assert {widget(form, label).min for label in ("截至日", "起始", "起始,可空")} == {date(1900, 1, 1)}
    assert widget(form, "规模").options == ["小型", "大型"]
    assert widget(form, "规模,可空").options == ["不限", "小", "大"]


def test_the_options_of_every_run(form: AppTest) -> None:
    widget(form, "截至日").set_value(date(2019, 6, 30))
    widget(form, "区域").select("盐池县")
    widget(form, "随机种子").set_value(7)
    widget(form, "时限(秒,0 为不限)").set_value(90)
    _, options = send(form)
    assert options == RunOptions(as_of=date(2019, 6, 30), area=COUNTY, seed=7, time_limit_s=90.0)
    assert widget(form, "区域").options == ["全部", "盐池县"]
