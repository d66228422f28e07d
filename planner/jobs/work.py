"""One run from start to record, in the process it runs in."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from planner.errors import BusyError, PlannerError, fault_code
from planner.jobs.inputs import hash_frame, input_notes, read_inputs
from planner.jobs.results import metric_records
from planner.jobs.travel import travel_of
from planner.parameters import read_params
from planner.plugin import Context, Plugin, Progress, Result, Stopped, check_result
from planner.registry import find_plugin
from planner.store.runs import (
    Run,
    RunRecord,
    fail_run,
    finish_run,
    read_run,
    report_progress,
    stop_wished,
)
from planner.store.workspace import Workspace

ASK_EVERY_S = 0.25
_TRIES = 20  # each waits half a minute
_LOG = logging.getLogger(__name__)


def carry_out(workspace: Workspace, run_id: str) -> None:
    """Do the work of a queued run and leave its row done, stopped or failed; raises nothing of the plugin's.

    What the user can mend is told as it is. Anything else is told by an error code; the traceback goes to
    the log of the run alone.
    """
    try:
        run = read_run(workspace, run_id)
        plugin = find_plugin(run.plugin)
        record, result = _compute(workspace, plugin, run)
        frames = {**result.layers, **result.tables}
        _insist(lambda: finish_run(workspace, run_id, record, frames))
    except PlannerError as error:
        _LOG.exception("run %s", run_id)
        told, code = str(error), error.exit_code
        _insist(lambda: fail_run(workspace, run_id, told, code))
    except Exception as error:
        _LOG.exception("run %s", run_id)
        words = _plain_words(error, run_id)
        _insist(lambda: fail_run(workspace, run_id, words, 1))


def _insist(write: Callable[[], None]) -> None:
    """Write the end of a run, though another program keeps the database: hours of work must not be lost to that."""
    for _ in range(_TRIES - 1):
        try:
            write()
        except BusyError:
            _LOG.warning("the database is kept by another writer; trying again")
        else:
            return
    write()


def log_path(folder: Path, run_id: str) -> Path:
    """Where a run of the workspace `folder` writes what only maintainers read."""
    return folder / "logs" / f"{run_id}.log"


def _compute(workspace: Workspace, plugin: Plugin, run: Run) -> tuple[RunRecord, Result]:
    began_s = time.monotonic()
    report = _throttled(workspace, run.id)
    report(Progress("读取数据"))
    frames = read_inputs(workspace, plugin, run)
    hashes = {name: hash_frame(frame) for name, frame in frames.items()}
    travel, roads_hash = travel_of(workspace, known_at=run.known_at)
    if roads_hash is not None:
        hashes["roads"] = roads_hash
    context = Context(
        frames=frames,
        as_of=run.as_of,
        travel=travel,
        seed=run.seed,
        time_limit_s=run.time_limit_s,
        work_limit=run.work_limit,
        report=report,
        stop_wished=_asking(workspace, run.id),
    )
    result: Result | None
    try:
        result, cause = plugin(context, read_params(plugin.params, run.params)), None
    except Stopped as stopped:
        result, cause = context.best, stopped.cause
        if result is not None:
            check_result(plugin, result)
    report(Progress("保存结果"))
    return (
        RunRecord(
            state="done" if cause is None else "stopped",
            cause=cause,
            work=context.work,
            metrics=None if result is None else metric_records(result.metrics),
            notes=() if result is None else (*result.notes, *input_notes(workspace, plugin, run)),
            input_hashes=hashes,
            duration_s=time.monotonic() - began_s,
        ),
        result or Result(),
    )


def _throttled(workspace: Workspace, run_id: str) -> Callable[[Progress], None]:
    """Writes progress to the row of the run, at most every ASK_EVERY_S and whenever it does something else."""
    last_s, doing = -ASK_EVERY_S, ""

    def report(progress: Progress) -> None:
        nonlocal last_s, doing
        now_s = time.monotonic()
        if progress.doing != doing or now_s - last_s >= ASK_EVERY_S:
            last_s, doing = now_s, progress.doing
            with suppress(BusyError):  # the next one will tell
                report_progress(workspace, run_id, progress)

    return report


def _asking(workspace: Workspace, run_id: str) -> Callable[[], bool]:
    """Whether a stop is wished, looked up at most every ASK_EVERY_S."""
    last_s, wished = -ASK_EVERY_S, False

    def asked() -> bool:
        nonlocal last_s, wished
        now_s = time.monotonic()
        if not wished and now_s - last_s >= ASK_EVERY_S:
            last_s, wished = now_s, stop_wished(workspace, run_id)
        return wished

    return asked


def _plain_words(error: Exception, run_id: str) -> str:
    """The failure without its insides."""
    return f"插件运行中出错,错误编号 {fault_code(error)}。请把工作区 logs 目录中的 {run_id}.log 交给维护人员"
