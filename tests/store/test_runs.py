"""The rows of runs: whole or not at all."""

import os
from dataclasses import asdict, replace
from datetime import UTC, datetime

import geopandas as gpd
import pandas as pd
import psutil
import pytest
from shapely import Point
from sqlalchemy import update

from planner.errors import InputError
from planner.plugin import Progress
from planner.store.runs import (
    RunRecord,
    RunRequest,
    create_run,
    fail_run,
    finish_run,
    latest_run,
    list_runs,
    mark_broken_runs,
    name_run,
    read_run,
    read_run_frame,
    report_progress,
    start_run,
    stop_wished,
    wish_stop,
)
from planner.store.tables import runs
from tests.store.conftest import DAY_2020

REQUEST = RunRequest(
    plugin="coverage-gaps",
    plugin_version="1",
    params={"limit_min": 60.0},
    as_of=DAY_2020,
    known_at=datetime(2021, 1, 2, 3, 4, 5, 678, tzinfo=UTC),
    area=None,
    seed=7,
    time_limit_s=None,
    work_limit=None,
    who="某人",
    replay_of=None,
)
RECORD = RunRecord(
    state="done",
    cause=None,
    work=3,
    metrics={"children": {"value": 5}},
    notes=("说明",),
    input_hashes={"demand": "ab"},
    duration_s=0.5,
)
TABLE = pd.DataFrame({"code": pd.Series(["1", None], dtype="str"), "n": [1, 2], "good": [True, False]})
POINTS = gpd.GeoDataFrame({"code": ["1", "2"]}, geometry=[Point(1, 2), None], crs="EPSG:4544")


def test_a_request_comes_back_as_it_was(workspace):
    run = read_run(workspace, create_run(workspace, REQUEST))
    assert {name: getattr(run, name) for name in asdict(REQUEST)} == asdict(REQUEST)
    assert (run.state, run.pid, run.metrics, run.notes, run.tables) == ("queued", None, None, [], [])


def test_a_run_from_start_to_record(workspace):
    run_id = create_run(workspace, REQUEST)
    report_progress(workspace, run_id, Progress("early", 0.1))
    assert read_run(workspace, run_id).doing is None
    start_run(workspace, run_id, 1234, 5.5)
    report_progress(workspace, run_id, Progress("读取", 0.25, 1))
    run = read_run(workspace, run_id)
    assert (run.state, run.pid, run.pid_created, run.doing, run.share) == ("running", 1234, 5.5, "读取", 0.25)
    finish_run(workspace, run_id, RECORD, {"table": TABLE, "points": POINTS})
    run = read_run(workspace, run_id)
    assert (run.state, run.work, run.metrics, run.notes) == ("done", 3, RECORD.metrics, ["说明"])
    assert run.tables == ["table", "points"]
    assert run.started
    assert run.finished
    assert run.started <= run.finished
    pd.testing.assert_frame_equal(read_run_frame(workspace, run_id, "table"), TABLE)
    points = read_run_frame(workspace, run_id, "points")
    assert points.crs.to_epsg() == 4544
    assert points.geometry.tolist() == [Point(1, 2), None]
    with pytest.raises(InputError, match="没有产出"):
        read_run_frame(workspace, run_id, "other")


def test_who_has_ended_stays_so(workspace):
    run_id = create_run(workspace, REQUEST)
    fail_run(workspace, run_id, "没有数据", 2)
    finish_run(workspace, run_id, RECORD, {"table": TABLE})
    run = read_run(workspace, run_id)
    assert (run.state, run.message, run.exit_code, run.tables) == ("failed", "没有数据", 2, [])
    with pytest.raises(InputError):
        read_run_frame(workspace, run_id, "table")
    wish_stop(workspace, run_id)
    assert not stop_wished(workspace, run_id)


def test_a_record_without_a_result(workspace):
    run_id = create_run(workspace, REQUEST)
    finish_run(workspace, run_id, replace(RECORD, state="stopped", cause="person", metrics=None), {})
    run = read_run(workspace, run_id)
    assert (run.state, run.cause, run.metrics) == ("stopped", "person", None)


def test_a_frame_that_cannot_be_written_leaves_the_run_open(workspace):
    run_id = create_run(workspace, REQUEST)
    broken = pd.DataFrame({"mixed": [1, "a", object()]})
    with pytest.raises(Exception, match="mixed"):
        finish_run(workspace, run_id, RECORD, {"table": TABLE, "broken": broken})
    assert read_run(workspace, run_id).state == "queued"
    with pytest.raises(InputError):
        read_run_frame(workspace, run_id, "table")


def test_a_wish_to_stop_is_heard(workspace):
    run_id = create_run(workspace, REQUEST)
    assert not stop_wished(workspace, run_id)
    wish_stop(workspace, run_id)
    assert stop_wished(workspace, run_id)
    with pytest.raises(InputError, match="nothing"):
        wish_stop(workspace, "nothing")


def test_the_newest_come_first(workspace):
    ids = [create_run(workspace, replace(REQUEST, plugin=name)) for name in ("a", "b", "a")]
    assert [run.id for run in list_runs(workspace, 2)] == [ids[2], ids[1]]
    latest = latest_run(workspace, "a")
    assert latest
    assert latest.id == ids[2]
    assert latest_run(workspace, "c") is None


def test_the_newest_with_a_result_is_not_the_one_that_was_stopped_before_it_had_any(workspace):
    done, stopped = create_run(workspace, REQUEST), create_run(workspace, REQUEST)
    assert latest_run(workspace, REQUEST.plugin, with_result=True) is None
    finish_run(workspace, done, RECORD, {})
    finish_run(workspace, stopped, replace(RECORD, state="stopped", metrics=None), {})
    latest = latest_run(workspace, REQUEST.plugin, with_result=True)
    assert latest
    assert latest.id == done


def test_runs_whose_process_has_gone_are_broken(workspace):
    own = psutil.Process()
    alive, gone, reused, waiting, forgotten = (create_run(workspace, REQUEST) for _ in range(5))
    start_run(workspace, alive, os.getpid(), own.create_time())
    start_run(workspace, gone, 2**22 - 1, 1.0)
    start_run(workspace, reused, os.getpid(), own.create_time() - 100)
    with workspace.writing() as connection:
        long_ago = datetime(2020, 1, 1, tzinfo=UTC)
        connection.execute(update(runs).where(runs.c.id == forgotten).values(created=long_ago))
    mark_broken_runs(workspace)
    states = [read_run(workspace, run_id).state for run_id in (alive, gone, reused, waiting, forgotten)]
    assert states == ["running", "broken", "broken", "queued", "broken"]
    assert "重新运行" in str(read_run(workspace, gone).message)


def test_a_run_is_named_renamed_and_unnamed(workspace):
    first, second = create_run(workspace, REQUEST), create_run(workspace, REQUEST)
    assert read_run(workspace, first).name is None
    name_run(workspace, first, "  方案 一 ")
    assert read_run(workspace, first).name == "方案 一"
    name_run(workspace, first, "方案 一")
    with pytest.raises(InputError, match="已叫"):
        name_run(workspace, second, "方案 一")
    with pytest.raises(InputError, match="61个字"):
        name_run(workspace, second, "长" * 61)
    name_run(workspace, first, " ")
    assert read_run(workspace, first).name is None
    name_run(workspace, second, "方案 一")


def test_only_a_run_that_is_there_is_named(workspace):
    with pytest.raises(InputError):
        name_run(workspace, "20200101-00000000", "方案")
