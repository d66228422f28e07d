"""A month's visits on a workspace: the list of due visits, what was done by township, a later plan that keeps close."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pandas as pd
import pytest

from planner.errors import ConflictError, InputError
from planner.jobs.inputs import read_inputs
from planner.jobs.moved_plans import moved_plan, read_plan
from planner.jobs.visit_days import day_layers
from planner.jobs.visit_moving import move_visit, moves_of, take_back
from planner.jobs.visit_plans import run_plan, visit_runs
from planner.jobs.visit_progress import due_list, progress
from planner.model.layers import rows_of
from planner.model.visiting import (
    DAY_BASE,
    DAY_LEGS,
    DAY_STOPS,
    VISIT_LEGS,
    VISIT_LIST,
    VISIT_PROGRESS,
    VISIT_STOPS,
)
from planner.store.runs import RunRecord, RunRequest, create_run, finish_run, read_run
from plugins.visit_routes import visit_routes
from tests.jobs.county import COUNTY, TOWN, a_record, county, database, keep, keep_visits, server, workspace
from tests.jobs.visit_month import AS_OF, MID, REGULAR, VISITORS, day, frames_of, move, plan

__all__ = ["county", "database", "server", "workspace"]

NAMES = {TOWN: "甲一镇", MID: "中山村"}
LEFT = {
    "kind": REGULAR,
    "due": day(20),
    "township": TOWN,
    "village": MID,
    "grade": "高",
    "overdue_days": 0,
    "reason": "到期前各工作日已排满",
    "fix": "加一天",
    "more_min": None,
    "on": None,
    "discreet": False,
}


def request(**changes):
    values = {
        "plugin": "visit-routes",
        "plugin_version": visit_routes.version,
        "params": {"lunch_min": 0, "detour": 1, "speed_kmh": 60},
        "as_of": AS_OF,
        "known_at": datetime.now(UTC),
        "area": COUNTY,
        "seed": 0,
        "time_limit_s": None,
        "work_limit": None,
        "who": "某人",
        "replay_of": None,
    }
    return RunRequest(**{**values, **changes})


def finished(workspace, made):
    """The id of a run that made the plan."""
    run = create_run(workspace, request())
    finish_run(workspace, run, RunRecord("done", None, 1, {}, (), {}, 0.1), frames_of(made))
    return run


@pytest.fixture
def run(county):
    return finished(county, plan({(5, "甲"): [("a", 10), ("b", 20)], (6, "甲"): [("c", 5)]}))


def test_a_plan_is_as_moved_until_the_move_is_taken_back(county, run):
    made = move_visit(county, run, move("a", 5, 6), reason="家长当天不在家")
    assert [item.id for item in moves_of(county, run)] == [made.id]
    own = read_plan(county, run, visitor="王甲", day=day(6))
    assert (own.stops["household"].tolist(), own.moves) == (["a", "c"], 1)
    assert run_plan(county, run).stops["household"].tolist() == ["a", "b", "c"]
    take_back(county, run, made.id, reason="弄错了")
    assert read_plan(county, run, visitor=None, day=day(6)).stops["household"].tolist() == ["c"]


def test_a_conflict_must_be_known(county, run):
    with pytest.raises(ConflictError, match="2021-01-09是休息日"):
        move_visit(county, run, move("a", 5, 9), reason="家长当天不在家")
    assert moves_of(county, run) == []
    move_visit(county, run, move("a", 5, 9), reason="家长当天不在家", despite_faults=True)
    with pytest.raises(InputError):
        move_visit(county, run, move("a", 5, 8), reason="家长当天不在家")
    assert len(moves_of(county, run)) == 1


def test_a_later_plan_keeps_close_to_the_plan_as_moved_and_its_replay_reads_the_same(county, run):
    def before(known_at):
        later = read_run(county, create_run(county, request(known_at=known_at)))
        stops = read_inputs(county, visit_routes, later)[VISIT_STOPS.name]
        return {row.household: row.day.day for row in rows_of(stops)}

    earlier = datetime.now(UTC)
    move_visit(county, run, move("a", 5, 6), reason="家长当天不在家")
    assert before(datetime.now(UTC)) == {"a": 6, "b": 5, "c": 6}
    assert before(earlier) == {"a": 5, "b": 5, "c": 6}


def test_runs_of_other_plugins_are_none(county, run):
    other = create_run(county, request(plugin="coverage-gaps"))
    assert [item.id for item in visit_runs(county)] == [run]
    with pytest.raises(InputError, match="不是走访路线"):
        moved_plan(county, other)


def test_the_list_has_every_due_visit_once_and_nothing_of_a_protection_case():
    left = [
        {**LEFT, "file": "x", "household": "x"},
        {**LEFT, "file": "y", "household": "y", "discreet": True},
    ]
    made = plan({(5, "甲"): [("a", 10), ("b", 20)]}, unplanned=left, b={"discreet": True})
    rows = VISIT_LIST.check(due_list(made, NAMES))
    assert len(rows) == 4
    told = rows.dropna(subset="file").set_index("file")
    assert (pd.Timestamp(told["day"]["a"]).date(), told.loc["a", "visitor"]) == (day(5), "王甲")
    assert (told.loc["x", "reason"], told.loc["x", "fix"], told.loc["x", "village"]) == (
        LEFT["reason"],
        "加一天",
        "中山村",
    )
    hidden = rows[rows["file"].isna()]
    assert len(hidden) == 2
    assert hidden[["file", "grade", "due", "village", "fix"]].isna().all(axis=None)
    assert not {"b", "y"} & set(rows.astype(str).to_numpy().ravel())


def test_two_visitors_of_one_name_are_told_apart(monkeypatch):
    monkeypatch.setitem(VISITORS, "丙", replace(VISITORS["丙"], name="王甲"))
    made = plan({(5, "甲"): [("a", 10)], (5, "丙"): [("b", 10)], (5, "乙"): [("c", 10)]})
    made.days["township"] = made.days["visitor"].map(lambda who: VISITORS[who].township)
    rows = due_list(made, {**NAMES, "640101002": "甲二乡"}).set_index("file")["visitor"]
    assert rows.to_dict() == {"a": "王甲(甲一镇)", "b": "王甲(甲二乡)", "c": "李乙"}


def test_the_list_of_nothing_is_empty():
    assert due_list(plan({}), NAMES).empty


def test_done_and_overdue_by_township(county):
    seen, absent, early, new = keep(county, *(a_record(serial) for serial in (1, 2, 3, 4)))
    made = plan({(5, "甲"): [(seen, 10), (absent, 20)], (6, "甲"): [(early, 5)], (7, "甲"): [(seen, 10)]})
    run = finished(county, made)
    keep_visits(county, seen, date(2020, 12, 20), day(5))
    keep_visits(county, early, date(2020, 12, 31))
    keep_visits(county, absent, day(5), seen=False)

    def row(on):
        rows = VISIT_PROGRESS.check(progress(county, run_plan(county, run), NAMES, on=on))
        return rows.set_index("name").loc["甲一镇"]

    first = row(day(4))
    assert (first.due, first.planned, first.done, first.done_share) == (4, 4, 0, 0.0)
    told = row(day(5))
    assert (told.due, told.planned, told.done, told.done_share) == (4, 4, 1, 25.0)
    # Two were never seen since they came on the ledger; nobody else is late.
    assert (told.overdue, told.first_missed) == (2, 2)
    assert row(date(2021, 2, 28)).overdue == 4
    assert new


def test_progress_of_an_empty_plan(county):
    run = finished(county, plan({}))
    assert progress(county, run_plan(county, run), NAMES, on=day(5)).empty


def test_a_day_to_be_drawn_hides_the_place_of_a_protection_case():
    made = plan({(5, "甲"): [("a", 10), ("b", 20), ("c", 5)]}, b={"discreet": True})
    layers = day_layers(made.chosen(visitor="甲", day=day(5)), NAMES)
    stops = DAY_STOPS.check(layers[DAY_STOPS])
    assert stops["name"].tolist() == ["640101001001 a", "另行通知", "640101001001 c"]
    assert stops.geometry.isna().tolist() == [False, True, False]
    assert DAY_LEGS.check(layers[DAY_LEGS])["name"].tolist() == ["0→1", "3→0"]
    (base,) = rows_of(DAY_BASE.check(layers[DAY_BASE]))
    assert (base.name, base.geometry.x) == ("王甲", 500_000)


def test_layers_that_lead_to_homes_are_personal():
    assert all(layer.personal for layer in (DAY_STOPS, DAY_LEGS, VISIT_STOPS, VISIT_LEGS, VISIT_LIST))
