"""Runs in real child processes: done, stopped, killed, failed, replayed."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from datetime import UTC, date, datetime

import psutil
import pytest

from planner.errors import InputError
from planner.jobs.results import load_result
from planner.jobs.runs import find_area, replay, replay_differences, start_run, stop, wait
from planner.jobs.work import carry_out, log_path
from planner.registry import find_plugin
from planner.store.runs import RunRequest, create_run, read_run, wish_stop
from planner.store.runs import start_run as begin_run
from planner.store.workspace import open_workspace

DAY = date(2020, 12, 31)


@pytest.fixture
def workspace(folder, trials):
    workspace = open_workspace(folder)
    yield workspace
    workspace.engine.dispose()


def run_to_end(workspace, name, params=None, **settings):
    run_id = start_run(workspace, find_plugin(name), params or {}, as_of=DAY, **settings)
    return wait(workspace, run_id)


def wait_for(condition, limit_s=30.0):
    deadline = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def pid_of(workspace, run_id):
    """The process of a run, once it has one."""
    wait_for(lambda: read_run(workspace, run_id).pid is not None)
    pid = read_run(workspace, run_id).pid
    assert pid is not None
    return pid


def test_a_run_is_recorded_whole(workspace):
    run = run_to_end(workspace, "trial-steps", {"steps": "2"}, seed=7, who="某人")
    assert (run.state, run.cause, run.message) == ("done", None, None)
    assert run.params == {"steps": 2, "pause_s": 0, "offers": True}
    assert (run.plugin, run.plugin_version, run.as_of, run.area, run.seed, run.who, run.work) == (
        "trial-steps",
        "1",
        DAY,
        None,
        7,
        "某人",
        2,
    )
    assert set(run.input_hashes) == {"divisions", "demand"}
    assert all(len(value) == 64 for value in run.input_hashes.values())
    assert run.duration_s > 0
    assert run.known_at is not None
    plugin = find_plugin("trial-steps")
    result = load_result(workspace, run.id, plugin.makes)
    assert result.metrics["children"].value == 15
    assert result.metrics["good"].where == {"good": True}
    assert len(result.layers["trial-places"]) == 3
    assert result.notes == ("县:丙县、乙县、甲县",)
    for name, frame in {**result.layers, **result.tables}.items():
        plugin.made(name).check(frame)


def test_a_day_before_the_data_is_told(workspace):
    run_id = start_run(workspace, find_plugin("trial-steps"), {}, as_of=date(2018, 12, 31))
    assert wait(workspace, run_id).notes[1:] == [
        "行政区划最早的数据日是2020-12-31,截至日2018-12-31早于它,用的是最早的一份。",
        "困境儿童需求最早的数据日是2020-12-31,截至日2018-12-31早于它,用的是最早的一份。",
    ]


def test_a_run_sees_its_area_alone(workspace):
    run = run_to_end(workspace, "trial-steps", area="640102")
    result = load_result(workspace, run.id, find_plugin("trial-steps").makes)
    assert result.layers["trial-places"]["name"].tolist() == ["乙县"]
    assert result.metrics["children"].value == 6
    empty = run_to_end(workspace, "trial-steps", area="丙县")
    metric = load_result(workspace, empty.id, find_plugin("trial-steps").makes).metrics["children"]
    assert (empty.area, metric.value, metric.reason) == ("640103", None, "no_children")


def test_progress_is_told(workspace):
    run_id = start_run(workspace, find_plugin("trial-steps"), {"steps": 4, "pause_s": 0.3}, as_of=DAY)
    told = []
    run = wait(workspace, run_id, lambda row: told.append((row.doing, row.share)))
    assert run.state == "done"
    shares = [share for doing, share in told if doing == "数步" and share is not None]
    assert shares == sorted(shares)
    assert any(0 < share < 1 for share in shares)


def test_a_wished_stop_leaves_the_best_so_far(workspace):
    run_id = start_run(workspace, find_plugin("trial-steps"), {"steps": 10_000, "pause_s": 0.01}, as_of=DAY)
    wait_for(lambda: (read_run(workspace, run_id).share or 0) > 0)
    run = stop(workspace, run_id, grace_s=30)
    assert (run.state, run.cause) == ("stopped", "person")
    result = load_result(workspace, run_id, find_plugin("trial-steps").makes)
    assert result.metrics["steps"].value == run.work
    assert 0 < run.work < 10_000


def test_a_stop_before_the_first_offer_leaves_no_result(workspace):
    run_id = start_run(
        workspace,
        find_plugin("trial-steps"),
        {"steps": 10_000, "pause_s": 0.01, "offers": False},
        as_of=DAY,
    )
    wait_for(lambda: (read_run(workspace, run_id).share or 0) > 0)
    run = stop(workspace, run_id, grace_s=30)
    assert (run.state, run.cause, run.metrics) == ("stopped", "person", None)
    with pytest.raises(InputError, match="没有结果"):
        load_result(workspace, run_id, find_plugin("trial-steps").makes)
    with pytest.raises(InputError, match="不能重放"):
        replay(workspace, run_id)


def test_who_does_not_listen_is_killed(workspace):
    run_id = start_run(workspace, find_plugin("trial-deaf"), {}, as_of=DAY)
    pid = pid_of(workspace, run_id)
    run = stop(workspace, run_id, grace_s=0.2)
    assert (run.state, run.cause, run.metrics) == ("stopped", "person", None)
    wait_for(lambda: not psutil.pid_exists(pid))
    assert stop(workspace, run_id).state == "stopped"


def test_a_wish_before_the_start_is_heard(workspace):
    run_id = start_run(workspace, find_plugin("trial-steps"), {"steps": 10_000, "pause_s": 0.01}, as_of=DAY)
    wish_stop(workspace, run_id)
    assert wait(workspace, run_id).state == "stopped"


def test_the_clock_ends_a_run_and_its_replay_does_the_same_work(workspace):
    params = {"steps": 10_000, "pause_s": 0.02}
    first = run_to_end(workspace, "trial-steps", params, seed=3, time_limit_s=0.5)
    assert (first.state, first.cause) == ("stopped", "clock")
    again = wait(workspace, replay(workspace, first.id))
    assert (again.state, again.cause, again.work) == ("stopped", "work", first.work)
    assert replay_differences(workspace, again.id) == []


def test_a_replay_gives_the_same_and_says_what_differs(workspace):
    first = run_to_end(workspace, "trial-steps", seed=5, area="640101")
    again = wait(workspace, replay(workspace, first.id))
    assert (again.state, again.replay_of) == ("done", first.id)
    assert (again.seed, again.area, again.known_at) == (5, "640101", first.known_at)
    assert replay_differences(workspace, again.id) == []
    drift = run_to_end(workspace, "trial-drift")
    other = wait(workspace, replay(workspace, drift.id))
    assert replay_differences(workspace, other.id) == ["“trial-copies”的列“code”有1行不同"]
    with pytest.raises(InputError, match="不是重放"):
        replay_differences(workspace, first.id)


def test_a_layer_that_another_plugin_made_is_read_from_its_newest_run(workspace):
    failed = run_to_end(workspace, "trial-copies")
    assert failed.state == "failed"
    assert "planner run trial-steps --as-of 2020-12-31" in failed.message
    first_steps = run_to_end(workspace, "trial-steps", {"steps": 2})
    copies = run_to_end(workspace, "trial-copies")
    assert first_steps.state == copies.state == "done"
    run_to_end(workspace, "trial-steps", {"steps": 5})
    run_to_end(workspace, "trial-steps", {"steps": 9}, area="640101")
    newer = run_to_end(workspace, "trial-copies")
    makes = find_plugin("trial-copies").makes
    assert len(load_result(workspace, newer.id, makes).tables["trial-copies"]) == 5
    again = wait(workspace, replay(workspace, copies.id))
    assert replay_differences(workspace, again.id) == []


def test_a_fault_of_the_input_is_told_as_it_is(workspace):
    run = run_to_end(workspace, "trial-refusal")
    assert (run.state, run.message, run.exit_code) == ("failed", "需求表不能用。请重新导入需求", 2)


def test_a_fault_of_the_plugin_is_told_by_a_code_and_logged(workspace):
    run = run_to_end(workspace, "trial-crash")
    assert (run.state, run.exit_code) == ("failed", 1)
    assert "错误编号" in run.message
    assert "secret" not in run.message
    log = log_path(workspace.folder, run.id)
    assert "a secret of the insides" in log.read_text()
    assert log.stat().st_mode & 0o077 == 0
    code = run.message.split("错误编号 ")[1][:8]
    assert code in run_to_end(workspace, "trial-crash").message


def test_a_process_that_dies_is_noticed(workspace):
    run = run_to_end(workspace, "trial-death")
    assert (run.state, run.metrics) == ("failed", None)
    assert "信号9" in run.message


def test_a_run_leaves_with_whoever_started_it(workspace):
    script = (
        "import sys, time; from pathlib import Path; from datetime import date\n"
        "from planner.jobs.runs import start_run; from planner.registry import find_plugin\n"
        "from planner.store.workspace import open_workspace\n"
        "workspace = open_workspace(Path(sys.argv[1]))\n"
        "print(start_run(workspace, find_plugin('trial-deaf'), {}, as_of=date(2020, 12, 31)), flush=True)\n"
        "time.sleep(600)\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script, str(workspace.folder)], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    run_id = parent.stdout.readline().strip()
    pid = pid_of(workspace, run_id)
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    wait_for(lambda: not psutil.pid_exists(pid))
    assert wait(workspace, run_id).state == "broken"


def test_several_runs_at_once(workspace):
    runs = [
        start_run(workspace, find_plugin("trial-steps"), {"steps": steps}, as_of=DAY, seed=steps)
        for steps in (1, 2, 3)
    ]
    assert len(set(runs)) == 3
    assert [wait(workspace, run_id).work for run_id in runs] == [1, 2, 3]


def test_bad_requests_start_nothing(workspace):
    plugin = find_plugin("trial-steps")
    with pytest.raises(InputError, match=r"--steps\(步数\):“-1”不能用"):
        start_run(workspace, plugin, {"steps": -1}, as_of=DAY)
    with pytest.raises(InputError, match="没有代码或名称为“640199”的县"):
        start_run(workspace, plugin, {}, as_of=DAY, area="640199")
    with pytest.raises(InputError, match="运行"):
        replay(workspace, "no-such-run")


def test_an_area_is_found_by_code_or_name(workspace):
    assert find_area(workspace, "640101", as_of=DAY) == "640101"
    assert find_area(workspace, "甲县", as_of=DAY) == "640101"
    with pytest.raises(InputError, match=r"640101 甲县.*640102 乙县"):
        find_area(workspace, "丁", as_of=DAY)
    with pytest.raises(InputError, match="640101001"):
        find_area(workspace, "640101001", as_of=DAY)


def test_the_end_of_a_run_outlasts_whoever_keeps_the_database(workspace, monkeypatch):
    request = RunRequest(
        "trial-steps", "1", {"steps": 2}, DAY, datetime.now(UTC), None, 0, None, None, "某人", None
    )
    run_id = create_run(workspace, request)
    begin_run(workspace, run_id, os.getpid(), psutil.Process().create_time())
    workspace.engine.dispose()
    monkeypatch.setattr("planner.store.database._WAIT_S", 0.1)
    keeper = sqlite3.connect(
        workspace.folder / "planner.sqlite", isolation_level=None, check_same_thread=False
    )
    keeper.execute("BEGIN IMMEDIATE")
    release = threading.Timer(1.0, keeper.rollback)
    release.start()
    carry_out(open_workspace(workspace.folder), run_id)
    assert not release.is_alive()
    keeper.close()
    run = read_run(workspace, run_id)
    assert (run.state, run.work, run.message) == ("done", 2, None)


def test_no_thread_is_left_behind(workspace):
    run_to_end(workspace, "trial-steps")
    wait_for(lambda: not [thread for thread in threading.enumerate() if "_watch" in thread.name])
