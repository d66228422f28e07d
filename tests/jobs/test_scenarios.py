"""Runs of siting as scenarios, and the coverage beside them."""

from __future__ import annotations

from datetime import date

import pytest

from planner.errors import InputError
from planner.jobs.runs import start_run, wait
from planner.jobs.scenarios import coverage_beside, read_scenarios, scenario_runs, start_each
from planner.parameters import fields_of
from planner.registry import find_plugin
from planner.store.runs import name_run
from planner.store.workspace import open_workspace
from tests.jobs.conftest import DAY, copied


@pytest.fixture
def workspace(filled, tmp_path):
    opened = open_workspace(copied(filled, tmp_path))
    yield opened
    opened.engine.dispose()


def run(workspace, plugin, as_of=DAY, **params):
    ended = wait(workspace, start_run(workspace, find_plugin(plugin), params, as_of=as_of))
    assert ended.state == "done", ended.message
    return ended.id


def test_scenarios_are_read_by_name_beside_the_coverage_that_asks_the_same(workspace):
    assert scenario_runs(workspace) == []
    first, second = (run(workspace, "siting", count=count, limit_min=15) for count in (1, 2))
    name_run(workspace, first, "方案一")
    assert [item.id for item in scenario_runs(workspace)] == [first, second]
    scenarios = read_scenarios(workspace, [second, first])
    assert [scenario.name for scenario in scenarios] == [second, "方案一"]
    assert [scenario.result.metrics["newly_covered"].value for scenario in scenarios] == [3, 2]
    with pytest.raises(InputError, match="机构覆盖缺口"):
        coverage_beside(workspace, first)
    beside = run(workspace, "coverage-gaps")
    for other in ({"service": "康复"}, {"need": "康复"}, {"kind": "特殊教育学校"}):
        run(workspace, "coverage-gaps", **other)
    assert coverage_beside(workspace, first).stamp.run == beside


def test_a_run_is_started_for_each_choice_of_a_parameter(workspace):
    plugin = find_plugin("siting")
    runs = start_each(workspace, plugin, "model", {"count": 1, "limit_min": 15}, as_of=DAY, who="本机")
    ended = [wait(workspace, item) for item in runs]
    models = [
        choice.value for item in fields_of(plugin.params) if item.name == "model" for choice in item.choices
    ]
    assert [item.params["model"] for item in ended] == models
    assert {item.params["limit_min"] for item in ended} == {15}
    with pytest.raises(InputError, match="不是选一项"):
        start_each(workspace, plugin, "count", {}, as_of=DAY)


def test_what_cannot_be_compared_says_why(workspace):
    first = run(workspace, "siting", count=1)
    with pytest.raises(InputError, match="最多比较3个"):
        read_scenarios(workspace, [first] * 4)
    with pytest.raises(InputError, match="没有选址结果"):
        read_scenarios(workspace, [run(workspace, "coverage-gaps")])
    other = run(workspace, "siting", as_of=date(2019, 12, 31), count=1)
    special = run(workspace, "siting", count=1, kind="特殊教育学校")
    for unlike in (other, special):
        with pytest.raises(InputError, match="截至日、区域、机构类型或需求不同"):
            read_scenarios(workspace, [first, unlike])
