"""Runs: each in a process of its own, its state in the database; started, waited for, stopped, replayed."""

from __future__ import annotations

import difflib
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

import psutil
from pydantic import BaseModel

from planner.differences import differences
from planner.errors import AccessError, InputError
from planner.jobs import spare
from planner.jobs.results import load_result
from planner.jobs.work import log_path
from planner.model.divisions import Level, at_level
from planner.model.papers import ROADS
from planner.parameters import read_params
from planner.plugin import Plugin
from planner.registry import find_plugin
from planner.store.reads import read_tree
from planner.store.roles import Act
from planner.store.runs import (
    ACTIVE,
    Run,
    RunRecord,
    RunRequest,
    create_run,
    fail_run,
    finish_run,
    mark_broken_runs,
    read_run,
    stop_wished,
    wish_stop,
)
from planner.store.scope import EVERYTHING
from planner.store.workspace import Workspace

GRACE_S = 5.0
_POLL_S = 0.05
_MISSES = 10


def start_run(
    workspace: Workspace,
    plugin: Plugin,
    params: BaseModel | Mapping[str, Any],
    *,
    as_of: date,
    area: str | None = None,
    seed: int = 0,
    time_limit_s: float | None = None,
    who: str = "system",
) -> str:
    """Start `plugin` in a process of its own; the id of the run. The process ends with the caller's.

    `area` is the code of a county (None: everything that the person may see), `as_of` the day in the world; the
    day of knowledge is now. `who` is told where the operator asks; anybody else's run is their own, and sees
    what they may see. Raises InputError naming every parameter that cannot be used, or the area, AccessError
    for who may not run plugins, or not there.
    """
    workspace.person.check(Act.RUN)
    values = params.model_dump() if isinstance(params, BaseModel) else params
    filled = read_params(plugin.params, values)
    if area is not None:
        area = find_area(workspace, area, as_of=as_of)
    area = _own_area(workspace, area)
    request = RunRequest(
        plugin=plugin.name,
        plugin_version=plugin.version,
        params=filled.model_dump(mode="json"),
        as_of=as_of,
        known_at=datetime.now(UTC),
        area=area,
        seed=seed,
        time_limit_s=time_limit_s,
        work_limit=None,
        who=_asking(workspace, who),
        replay_of=None,
    )
    return _launch(workspace, request)


def replay(workspace: Workspace, run_id: str, *, who: str = "system") -> str:
    """Run again with the same parameters, seed, area and days; the id of the new run.

    A run that was cut short is repeated by its amount of work, not by the clock. Raises InputError for a run
    without a result, or one that was made by another version of its plugin.
    """
    run = read_run(workspace, run_id)
    plugin = find_plugin(run.plugin)
    if run.metrics is None:
        raise InputError(f"运行 {run_id} 没有结果,不能重放", "选一个已完成或提前停止但有结果的运行")
    if plugin.version != run.plugin_version:
        raise InputError(
            f"运行 {run_id} 用的是插件“{run.plugin}”第{run.plugin_version}版,现在是第{plugin.version}版",
            "装回原来的版本再重放,或重新运行一次",
        )
    request = RunRequest(
        plugin=run.plugin,
        plugin_version=run.plugin_version,
        params=run.params,
        as_of=run.as_of,
        known_at=run.known_at,
        area=run.area,
        seed=run.seed,
        time_limit_s=None,
        work_limit=run.work if run.state == "stopped" else None,
        who=_asking(workspace, who),
        replay_of=run_id,
    )
    return _launch(workspace, request)


def replay_differences(workspace: Workspace, run_id: str) -> list[str]:
    """What differs between a finished replay and the run it repeats, in words; empty where nothing does.

    Inputs that are no longer the same are named first. Raises InputError where the replay has no result.
    """
    again = read_run(workspace, run_id)
    if again.replay_of is None:
        raise InputError(f"运行 {run_id} 不是重放", "用 planner replay 运行编号 重放一次")
    first = read_run(workspace, again.replay_of)
    makes = find_plugin(again.plugin).makes
    named = ROADS | {layer.name: layer.title for layer in find_plugin(again.plugin).reads}
    changed = [
        f"输入“{named.get(name, name)}”已不是原来的内容"
        for name, value in first.input_hashes.items()
        if again.input_hashes.get(name) != value
    ]
    results = (load_result(workspace, run.id, makes) for run in (first, again))
    return [*changed, *differences(*results)]


def wait(workspace: Workspace, run_id: str, on_progress: Callable[[Run], None] = lambda run: None) -> Run:
    """Wait until a run has ended, telling `on_progress` the row as it changes; the ended run."""
    told: tuple[str | None, float | None] | None = None
    missing = 0
    while True:
        run = read_run(workspace, run_id)
        if run.state not in ACTIVE:
            break
        if (run.doing, run.share) != told:
            told = run.doing, run.share
            on_progress(run)
        missing = missing + 1 if run.pid is None or not psutil.pid_exists(run.pid) else 0
        if missing > _MISSES:  # its process has gone, or never came: whoever started it would have said so
            missing = 0
            mark_broken_runs(workspace)
        time.sleep(_POLL_S)
    for thread in threading.enumerate():  # of a run of this process nothing is left at work
        if thread.name == _watcher(run_id):
            thread.join(GRACE_S)
    return run


def stop(workspace: Workspace, run_id: str, grace_s: float = GRACE_S) -> Run:
    """Ask a run to stop, kill it where it has not after `grace_s` seconds; the ended run.

    A run that stops when asked keeps its best result so far; one that is killed has none.
    """
    wish_stop(workspace, run_id)
    deadline_s = time.monotonic() + grace_s
    while (run := read_run(workspace, run_id)).state in ACTIVE and time.monotonic() < deadline_s:
        time.sleep(_POLL_S)
    if run.state in ACTIVE:
        _kill(run)
        _mark_stopped(workspace, run_id)
    return read_run(workspace, run_id)


def find_area(workspace: Workspace, text: str, *, as_of: date) -> str:
    """The code of the county with that code or name. Raises InputError with the nearest where there is none."""
    tree = read_tree(workspace, EVERYTHING, as_of=as_of)
    counties = {code: tree.nodes[code] for code in at_level(tree, Level.COUNTY)}
    found = [code for code, node in counties.items() if text in (code, node["name"], node["short"])]
    if len(found) == 1:
        return found[0]
    if not counties:
        raise InputError("工作区里还没有区划", "先用 planner import divisions 文件 导入")
    labels = {word: code for code, node in counties.items() for word in (code, node["name"])}
    near = found or [labels[word] for word in difflib.get_close_matches(text, labels, n=3)] or list(counties)
    known = "、".join(f"{code} {counties[code]['name']}" for code in dict.fromkeys(near))
    problem = f"有不止一个县叫“{text}”" if found else f"没有代码或名称为“{text}”的县"
    raise InputError(problem, f"可用:{known}")


def _own_area(workspace: Workspace, area: str | None) -> str | None:
    """The area of a run: the wanted one, or where the person's scope is one area, that."""
    areas = workspace.person.scope.areas
    if area is None and areas is not None:
        if len(areas) != 1:
            raise InputError("您管辖几个区域,没有指定算哪一个", "用 --county 指定一个县")
        return next(iter(areas))
    if area is not None and not workspace.person.scope.holds(area):
        raise AccessError("这个区域不归您管辖", "选您管辖的区域")
    return area


def _asking(workspace: Workspace, who: str) -> str:
    return who if workspace.person.operator else workspace.person.login


def _launch(workspace: Workspace, request: RunRequest) -> str:
    mark_broken_runs(workspace)
    run_id = create_run(workspace, request)
    process = spare.take()
    told = workspace.folder, run_id, workspace.key_file.path
    if process is None or not spare.tell(process, *told):
        process = spare.spawn(request.plugin, log_path(workspace.folder, run_id))
        spare.tell(process, *told)
    # The thread also keeps the pipe open that keeps the child alive.
    watched = (workspace, run_id, process)
    threading.Thread(target=_watch, args=watched, name=_watcher(run_id), daemon=True).start()
    return run_id


def _watcher(run_id: str) -> str:
    return f"_watch {run_id}"


def _watch(workspace: Workspace, run_id: str, process: subprocess.Popen[bytes]) -> None:
    """Wait for the child; where it ended without a record, say so in its row."""
    code = process.wait()
    if process.stdin is not None:
        process.stdin.close()
    spare.replace()
    if read_run(workspace, run_id).state not in ACTIVE:
        return
    if stop_wished(workspace, run_id):
        _mark_stopped(workspace, run_id)
    else:
        cause = f"被信号{-code}终止,可能是内存不足" if code < 0 else f"退出码{code}"
        fail_run(
            workspace,
            run_id,
            f"运行进程意外结束({cause})。请把工作区 logs 目录中的 {run_id}.log 交给维护人员",
            1,
        )


def _kill(run: Run) -> None:
    """End the process of a run and whatever it started; nothing where it has gone, or the id is another's."""
    if run.pid is None:
        return
    try:
        process = psutil.Process(run.pid)
        if process.create_time() != run.pid_created:
            return
        family = [*process.children(recursive=True), process]
    except psutil.NoSuchProcess:
        return
    for member in family:
        try:
            member.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(family, timeout=GRACE_S)


def _mark_stopped(workspace: Workspace, run_id: str) -> None:
    """Write the record of a run that was killed before it had anything to give."""
    record = RunRecord(
        state="stopped", cause="person", work=0, metrics=None, notes=(), input_hashes={}, duration_s=None
    )
    finish_run(workspace, run_id, record, {})
