"""Finished runs as scenarios to be laid side by side: of siting, with the coverage beside them, and of duties."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from planner.documents import Coverage, Scenario
from planner.errors import InputError
from planner.jobs.results import load_result, stamp_of
from planner.jobs.runs import start_run
from planner.model.coverage import COVERAGE_COUNTIES
from planner.model.duty_plan import DUTY_PLAN
from planner.model.layers import Layer
from planner.model.siting import SITING_SITES
from planner.parameters import fields_of
from planner.plugin import Plugin
from planner.registry import find_plugin
from planner.store.runs import Run, list_runs, read_run
from planner.store.workspace import Workspace

MOST_COMPARED = 3
# What may be compared: by the layer that a run must have made, what it is called, and what tells unnamed runs apart.
COMPARED: Mapping[Layer, tuple[str, str]] = {SITING_SITES: ("选址", "model"), DUTY_PLAN: ("包联", "aim")}


def scenario_runs(workspace: Workspace, made: Layer = SITING_SITES) -> list[Run]:
    """The runs that made the layer, one of COMPARED, and have a result: the named ones first, then the newest."""
    found = [run for run in list_runs(workspace) if _made(run, made.name)]
    return sorted(found, key=lambda run: run.name is None)


def read_scenarios(
    workspace: Workspace, run_ids: Sequence[str], made: Layer = SITING_SITES
) -> list[Scenario]:
    """The scenarios of these runs, in their order; one without a name goes by its id.

    Plans of duties without a name go by what weighs most in them, where that tells them apart. Raises InputError for
    more than three, for one that did not make the layer, and for runs that differ in day, area, institution or need.
    """
    if len(run_ids) > MOST_COMPARED:
        raise InputError(f"选了{len(run_ids)}个方案", f"一次最多比较{MOST_COMPARED}个")
    runs = [read_run(workspace, run_id) for run_id in run_ids]
    title = COMPARED[made][0]
    for run in runs:
        if not _made(run, made.name):
            raise InputError(f"运行 {run.id} 没有{title}结果", f"选一个已完成的{title}运行")
    if len(set(map(_asked, runs))) > 1:
        asked = "截至日、区域、机构类型或需求" if made is SITING_SITES else "截至日或区域"
        raise InputError(f"这些方案的{asked}不同,不能比较", "选这几项都相同的运行")
    names = _names(runs) if made is DUTY_PLAN else [run.name or run.id for run in runs]
    return [
        Scenario(
            name,
            load_result(workspace, run.id, find_plugin(run.plugin).makes),
            stamp_of(workspace, find_plugin(run.plugin), run),
        )
        for name, run in zip(names, runs, strict=True)
    ]


def _names(runs: Sequence[Run]) -> list[str]:
    called = [run.name or str(run.params.get("aim", run.id)) for run in runs]
    often = Counter(called)
    return [name if often[name] == 1 else run.id for name, run in zip(called, runs, strict=True)]


def start_each(
    workspace: Workspace,
    plugin: Plugin,
    field: str,
    params: Mapping[str, Any],
    *,
    as_of: date,
    area: str | None = None,
    seed: int = 0,
    time_limit_s: float | None = None,
    who: str = "system",
) -> list[str]:
    """Start one run for each choice of a parameter, the other parameters being the same; the ids, in their order.

    Raises InputError for a parameter without choices, and as `start_run`.
    """
    choices = [
        choice.value for item in fields_of(plugin.params) if item.name == field for choice in item.choices
    ]
    if not choices:
        raise InputError(f"插件“{plugin.title}”的参数“{field}”不是选一项", "选一个有固定几项的参数")
    return [
        start_run(
            workspace,
            plugin,
            {**params, field: choice},
            as_of=as_of,
            area=area,
            seed=seed,
            time_limit_s=time_limit_s,
            who=who,
        )
        for choice in choices
    ]


def coverage_beside(workspace: Workspace, run_id: str) -> Coverage:
    """The newest coverage that asks what a run of siting does: same day and area, institution and need.

    Raises InputError where there is none yet, naming what makes one.
    """
    run = read_run(workspace, run_id)
    for other in list_runs(workspace):
        if _made(other, COVERAGE_COUNTIES.name) and _asked(other) == _asked(run):
            plugin = find_plugin(other.plugin)
            result = load_result(workspace, other.id, plugin.makes)
            return Coverage(result, stamp_of(workspace, plugin, other), plugin.makes)
    raise InputError(
        f"还没有截至{run.as_of.isoformat()}、同一区域、机构类型和需求的“机构覆盖缺口”结果",
        "先在“机构覆盖缺口”页以同样的条件计算一次(服务内容留空)",
    )


def _asked(run: Run) -> tuple[object, ...]:
    """What a coverage or a siting was about; siting asks for no single service."""
    return run.as_of, run.area, *(run.params.get(name) for name in ("kind", "need", "service"))


def _made(run: Run, layer: str) -> bool:
    return run.metrics is not None and layer in run.tables
