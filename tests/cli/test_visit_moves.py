"""`planner visits move` and `undo`: conflicts are said first, the papers follow, the run stays."""

import json
from datetime import date

from planner.store.audit import Action
from planner.store.runs import read_run_frame
from planner.store.visit_moves import read_moves
from planner.store.workspace import open_workspace
from tests.cli.county import database, server, staffed
from tests.cli.test_children import told
from tests.cli.visit_run import FIFTH, planned

__all__ = ["database", "server", "staffed"]

SEVENTH = date(2021, 1, 7)


def moved(planner, staffed, run, *given, login=None, reason="家长当天不在家", to=SEVENTH):
    who = ("--as", login) if login else ()
    where = ("--file", staffed.file[:8], "--from", FIFTH, "--to", to)
    return planner(
        "visits", "move", run, *where, *given, *who, "--workspace", staffed.folder, "--reason", reason
    )


def held(staffed, run):
    workspace = open_workspace(staffed.folder)
    moves, stops = read_moves(workspace, run), read_run_frame(workspace, run, "visit-stops")
    workspace.engine.dispose()
    return moves, stops


def test_a_conflict_is_said_and_nothing_kept_until_it_is_known(planner, staffed):
    """The household has a visit on the 6th: one on the 7th is a day after it, where seven should lie between."""
    run = planned(staffed)
    done = moved(planner, staffed, run)
    assert done.code != 0
    assert "2021-01-05 王协理:66分钟 → 40分钟" in done.out
    assert "冲突:2021-01-06与2021-01-07两次走访相隔1天" in done.out
    assert "提醒:这户有高风险儿童,要2人同去" in done.out
    assert held(staffed, run)[0] == []
    done = moved(planner, staffed, run, "--yes")
    assert (done.code, done.err) == (0, "")
    moves, stops = held(staffed, run)
    assert [(move.from_day, move.to_day, move.reason) for move in moves] == [
        (FIFTH, SEVENTH, "家长当天不在家")
    ]
    assert SEVENTH not in set(stops["day"].dt.date)
    assert [line.object for line in told(staffed.folder, Action.MOVE_VISIT)] == [run]


def test_papers_are_of_the_plan_as_moved_and_an_undone_move_is_none(planner, staffed, tmp_path):
    run = planned(staffed)
    given = ("--workspace", staffed.folder, "--reason", "走访", "--out", tmp_path, "--json")
    made = json.loads(moved(planner, staffed, run, "--yes", "--json").out)["move"]
    done = planner("visits", "papers", run, "--day", SEVENTH, *given)
    assert (done.code, done.json["sheets"], done.json["forms"]) == (0, 1, 1)
    done = planner("visits", "undo", run, made, "--workspace", staffed.folder, "--reason", "弄错了")
    assert (done.code, done.out.strip()) == (0, "已撤回:2021-01-07 → 2021-01-05")
    done = planner("visits", "papers", run, "--day", SEVENTH, *given)
    assert done.code != 0
    assert "没有排走访" in done.err


def test_a_trial_keeps_nothing(planner, staffed):
    run = planned(staffed)
    done = moved(planner, staffed, run, "--dry-run")
    assert (done.code, held(staffed, run)[0]) == (0, [])


def test_who_may_not_and_whose_area_it_is_not(planner, staffed):
    run = planned(staffed)
    for login in ("lingdao", "shenji", "linxiang", "xiangzhen"):
        assert moved(planner, staffed, run, "--yes", login=login).code != 0
    assert held(staffed, run)[0] == []
