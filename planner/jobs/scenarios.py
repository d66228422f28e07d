"""Finished runs of siting as scenarios, and the coverage they are to be read beside."""

from __future__ import annotations

from collections.abc import Sequence

from planner.documents import Coverage, Scenario
from planner.errors import InputError
from planner.jobs.results import load_result, stamp_of
from planner.model.coverage import COVERAGE_COUNTIES
from planner.model.siting import SITING_SITES
from planner.registry import find_plugin
from planner.store.runs import Run, list_runs, read_run
from planner.store.workspace import Workspace

MOST_COMPARED = 3
_RUNS_LOOKED_AT = 500


def scenario_runs(workspace: Workspace) -> list[Run]:
    """The runs that chose sites and have a result, the named ones first, then the newest."""
    found = [run for run in list_runs(workspace, _RUNS_LOOKED_AT) if _made(run, SITING_SITES.name)]
    return sorted(found, key=lambda run: run.name is None)


def read_scenarios(workspace: Workspace, run_ids: Sequence[str]) -> list[Scenario]:
    """The scenarios of these runs, in their order; one without a name goes by its id.

    Raises InputError for more than three, for one that chose no sites, and for runs that differ in day or area.
    """
    if len(run_ids) > MOST_COMPARED:
        raise InputError(f"选了{len(run_ids)}个方案", f"一次最多比较{MOST_COMPARED}个")
    runs = [read_run(workspace, run_id) for run_id in run_ids]
    for run in runs:
        if not _made(run, SITING_SITES.name):
            raise InputError(f"运行 {run.id} 没有选址结果", "选一个已完成的选址运行")
    if len({(run.as_of, run.area) for run in runs}) > 1:
        raise InputError("这些方案的截至日或区域不同,不能比较", "选截至日和区域相同的运行")
    return [
        Scenario(
            run.name or run.id,
            load_result(workspace, run.id, find_plugin(run.plugin).makes),
            stamp_of(workspace, find_plugin(run.plugin), run),
        )
        for run in runs
    ]


def coverage_beside(workspace: Workspace, run_id: str) -> Coverage:
    """The newest coverage of the same day and area as a run of siting.

    Raises InputError where there is none yet, naming what makes one.
    """
    run = read_run(workspace, run_id)
    for other in list_runs(workspace, _RUNS_LOOKED_AT):
        if _made(other, COVERAGE_COUNTIES.name) and (other.as_of, other.area) == (run.as_of, run.area):
            plugin = find_plugin(other.plugin)
            result = load_result(workspace, other.id, plugin.makes)
            return Coverage(result, stamp_of(workspace, plugin, other), plugin.makes)
    raise InputError(
        f"还没有截至{run.as_of.isoformat()}、同一区域的“机构覆盖缺口”结果",
        "先在“机构覆盖缺口”页以同一截至日和区域计算一次",
    )


def _made(run: Run, layer: str) -> bool:
    return run.metrics is not None and layer in run.tables
