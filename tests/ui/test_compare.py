"""Naming a run on its page, and two of them side by side."""

from __future__ import annotations

import pytest

from planner.jobs.runs import start_run, wait
from planner.registry import find_plugin
from planner.store.runs import name_run, read_run
from planner.store.workspace import Workspace
from tests.ui import shown
from tests.ui.conftest import DAY, Visit


def chosen_sites(workspace: Workspace, count: int) -> str:
    plugin = find_plugin("siting")
    run = wait(workspace, start_run(workspace, plugin, {"count": count, "limit_min": 30}, as_of=DAY))
    assert run.state == "done", run.message
    return run.id


def test_without_scenarios_it_says_how_to_make_one(visit: Visit) -> None:
    app = visit("compare")
    assert "机构选址" in app.info[0].value


def test_a_run_is_named_on_its_page_and_compared(visit: Visit, untouched: Workspace) -> None:
    first, second = chosen_sites(untouched, 1), chosen_sites(untouched, 2)
    name_run(untouched, second, "方案二")
    app = visit("siting", of=untouched, run=first)
    assert not app.exception
    (name,) = [item for item in app.text_input if item.label == "方案名称"]
    name.set_value("方案二")
    (save,) = [item for item in app.button if item.label == "保存名称"]
    save.click().run()
    assert "已叫“方案二”" in app.error[0].value
    app = visit("siting", of=untouched, run=first)
    (name,) = [item for item in app.text_input if item.label == "方案名称"]
    name.set_value("方案一")
    (save,) = [item for item in app.button if item.label == "保存名称"]
    save.click().run()
    assert not app.error
    assert read_run(untouched, first).name == "方案一"

    compared = visit("compare", of=untouched, runs=f"{first},{second}")
    assert not compared.exception
    assert not compared.error
    figures = shown.tables(compared)[0]
    assert list(figures.columns)[1:] == ["方案一", "方案二"]
    rows = {row[0]: row[1:] for row in figures.astype(str).to_numpy().tolist()}
    assert rows["新增机构(个)"] == ["1", "2"]
    assert rows["车程时限(分钟)"] == ["30", "30"]
    layers = {layer["name"] for layer in shown.drawn(compared)["layers"]}
    assert layers == {"siting-scenario-counties", "siting-scenario-sites"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_report_needs_the_coverage_of_the_same_day(
    visit: Visit, untouched: Workspace, language: str
) -> None:
    run = chosen_sites(untouched, 1)
    app = visit("compare", of=untouched, runs=run, language=language)
    assert [str(item.label) for item in app.get("download_button")][:1] == ["PDF"]  # type: ignore[union-attr]
