"""Moves of planned visits: added, taken back by a further row, never beyond one's area, the run untouched."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from planner.errors import AccessError, ConflictError, InputError
from planner.model.visit_moves import Move, times_there
from planner.store.audit import Action
from planner.store.protected import visit_moves
from planner.store.roles import Role
from planner.store.runs import create_run, finish_run, read_run, read_run_frame
from planner.store.visit_moves import read_moves, save_move, undo_move
from tests.store.conftest import COUNTY, NEXT_TOWN, TOWN, a_child, acting, audit_lines, save
from tests.store.test_runs import RECORD, REQUEST, TABLE

FIFTH, SIXTH, SEVENTH = date(2021, 1, 5), date(2021, 1, 6), date(2021, 1, 7)
MOVE = Move("file-1", "定期走访", FIFTH, "甲", SIXTH, "甲")
ON = Move("file-1", "定期走访", SIXTH, "甲", SEVENTH, "乙")


@pytest.fixture
def run(workspace):
    """A finished run of a township."""
    made = create_run(workspace, replace(REQUEST, area=TOWN))
    finish_run(workspace, made, RECORD, {"table": TABLE})
    return made


def keep(workspace, run, move=MOVE, *, planned=1, reason="家长当天不在家"):
    return save_move(workspace, run, move, planned=planned, reason=reason)


def rows(workspace):
    with workspace.reading() as connection:
        return connection.execute(select(func.count()).select_from(visit_moves)).scalar_one()


def test_a_move_is_kept_with_who_when_and_why(workspace, run):
    clerk = acting(workspace, Role.TOWNSHIP, TOWN, login="clerk")
    before = datetime.now(UTC)
    keep(clerk, run)
    (move,) = read_moves(workspace, run)
    assert (move.visit, move.start, move.goal) == (MOVE.visit, MOVE.start, MOVE.goal)
    assert (move.run, move.who, move.reason) == (run, "clerk", "家长当天不在家")
    assert before <= move.at <= datetime.now(UTC)
    (line,) = audit_lines(workspace, Action.MOVE_VISIT)
    assert (line.object, line.who, line.reason) == (run, "clerk", "家长当天不在家")
    assert '"to_day": "2021-01-06"' in line.detail


def test_two_moves_to_one_day_leave_one(workspace, run):
    """Both saw the day free: who comes second is told."""
    keep(workspace, run)
    with pytest.raises(ConflictError, match="已有一次同类走访"):
        keep(workspace, run, replace(MOVE, from_day=date(2021, 1, 20)))
    with pytest.raises(ConflictError, match="已有一次同类走访"):
        save_move(workspace, run, replace(MOVE, to_day=SEVENTH), planned=2, there=1, reason="家长当天不在家")
    assert rows(workspace) == 1
    keep(
        workspace, run, replace(MOVE, from_day=SIXTH, to_visitor="乙"), planned=0
    )  # the same day, somebody else


def test_a_reason_keeps_no_name(workspace, run):
    county = acting(workspace, Role.CIVIL, COUNTY, login="county")
    [file] = save(county, a_child(1, content={"name": "马小明", "guardian": "马大山"}))
    kept = keep(county, run, replace(MOVE, household=file), reason="马小明和马大山当天不在家")
    undo_move(county, run, kept.id, reason="马小明在家了")
    told = [line.reason for line in audit_lines(workspace, Action.MOVE_VISIT)]
    assert told == ["马**和马**当天不在家", "马**在家了"]
    assert kept.reason == told[0]


def test_the_run_is_as_it_was(workspace, run):
    before = read_run(workspace, run)
    keep(workspace, run)
    assert read_run(workspace, run) == before
    assert read_run_frame(workspace, run, "table").equals(TABLE)


def test_the_reason_is_sealed_and_without_numbers(workspace, run):
    keep(workspace, run, reason="打13895001234改期")
    (move,) = read_moves(workspace, run)
    assert move.reason == "打****改期"
    with workspace.reading() as connection:
        (content,) = connection.execute(select(visit_moves.c.content)).scalars()
    assert "改期".encode() not in content


def test_a_visit_is_moved_on_and_back_step_by_step(workspace, run):
    first, second = keep(workspace, run), keep(workspace, run, ON, planned=0)
    assert [move.goal for move in read_moves(workspace, run)] == [(SIXTH, "甲"), (SEVENTH, "乙")]
    with pytest.raises(ConflictError, match="后来又改过"):
        undo_move(workspace, run, first.id, reason="弄错了")
    undo_move(workspace, run, second.id, reason="弄错了")
    undo_move(workspace, run, first.id, reason="弄错了")
    assert read_moves(workspace, run) == []
    assert rows(workspace) == 4
    with pytest.raises(InputError, match="没有这项改动"):
        undo_move(workspace, run, first.id, reason="弄错了")


def test_a_move_that_no_longer_applies_is_refused(workspace, run):
    keep(workspace, run)
    with pytest.raises(ConflictError, match="不在原来的日期"):
        keep(workspace, run)
    with pytest.raises(ConflictError):
        keep(workspace, run, ON, planned=-1)
    assert rows(workspace) == 1


def test_what_held_at_a_moment(workspace, run):
    move = keep(workspace, run)
    undo_move(workspace, run, move.id, reason="弄错了")
    assert read_moves(workspace, run, known_at=datetime(2021, 1, 1, tzinfo=UTC)) == []
    assert read_moves(workspace, run, known_at=move.at) == [move]
    assert read_moves(workspace, run) == []


@pytest.mark.parametrize("reason", ["", " ", "改"])
def test_without_a_reason_nothing_is_kept(workspace, run, reason):
    with pytest.raises(InputError, match="理由"):
        keep(workspace, run, reason=reason)
    move = keep(workspace, run)
    with pytest.raises(InputError, match="理由"):
        undo_move(workspace, run, move.id, reason=reason)
    assert rows(workspace) == 1


def test_beyond_ones_area_there_is_no_such_run(workspace, run):
    move = keep(workspace, run)
    stranger = acting(workspace, Role.TOWNSHIP, NEXT_TOWN)
    for act in (
        lambda: read_moves(stranger, run),
        lambda: keep(stranger, run),
        lambda: undo_move(stranger, run, move.id, reason="弄错了"),
    ):
        with pytest.raises(InputError, match="没有编号"):
            act()
    assert rows(workspace) == 1


def test_a_leader_moves_nothing_and_the_audit_tells(workspace, run):
    with pytest.raises(AccessError):
        keep(acting(workspace, Role.LEADER, COUNTY), run)
    (line,) = audit_lines(workspace, Action.MOVE_VISIT)
    assert line.result == "拒绝"


def test_how_many_visits_more_are_there():
    assert times_there([MOVE], MOVE.visit, (FIFTH, "甲")) == -1
    assert times_there([MOVE, ON], MOVE.visit, (SIXTH, "甲")) == 0
    assert times_there([MOVE, ON], MOVE.visit, (SEVENTH, "乙")) == 1
    assert times_there([MOVE], ("other", "定期走访"), (FIFTH, "甲")) == 0
    assert times_there([], MOVE.visit, (FIFTH, "甲")) == 0
