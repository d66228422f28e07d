"""Plans with moved visits: the touched days timed anew, the rest as it was, and what a move breaks."""

from dataclasses import replace

import pandas as pd
import pytest
from shapely import LineString

from planner.errors import InputError
from planner.jobs.moved_plans import with_moves
from planner.jobs.visit_moving import find_move, preview_move
from planner.model.layers import rows_of
from planner.model.visiting import VISIT_DAYS, VISIT_LEGS, VISIT_PLANNED, VISIT_STOPS
from planner.roads import StraightLine
from tests.jobs.visit_month import MID, VISITORS, day, frames_of, move, orders, plan, setting

TWO_DAYS = {(5, "甲"): [("a", 10), ("b", 20)], (6, "甲"): [("c", 5), ("d", 15)]}


def day_of(plan, number, who="甲"):
    rows = plan.days[(plan.days["day"] == pd.Timestamp(day(number))) & (plan.days["visitor"] == who)]
    return None if rows.empty else rows.iloc[0]


def faults(plan_, move_, **changes):
    return [fault.text for fault in preview_move(plan_, move_, setting(**changes)).faults]


# What a move makes of a plan


def test_a_moved_visit_goes_where_the_way_is_shortest_and_the_others_keep_their_order():
    moved = with_moves(plan(TWO_DAYS), [move("a", 5, 6)], setting())
    # c at 5, d at 15: a at 10 lies between them, and adds no way at all.
    assert orders(moved) == {(5, "甲"): ["b"], (6, "甲"): ["c", "a", "d"]}


def test_the_touched_days_are_timed_anew():
    moved = with_moves(plan(TWO_DAYS), [move("a", 5, 6)], setting())
    was, now = day_of(moved, 5), day_of(moved, 6)
    assert (was.households, was.travel_min, was.total_min, was.km, was.returns) == (1, 40, 70, 40, "09:40")
    assert (now.households, now.travel_min, now.total_min, now.km, now.returns) == (3, 30, 120, 30, "10:30")
    times = moved.stops[moved.stops["day"] == pd.Timestamp(day(6))].sort_values("order")
    assert times["arrives"].tolist() == ["08:35", "09:10", "09:45"]
    assert times["leaves"].tolist() == ["09:05", "09:40", "10:15"]
    assert times["way_min"].tolist() == [5, 10, 15]


def test_layers_keep_their_schema_and_the_plan_given_stays_as_it_is():
    before = plan(TWO_DAYS)
    kept = {name: frame.copy() for name, frame in frames_of(before).items()}
    moved = with_moves(before, [move("a", 5, 6)], setting())
    for layer in (VISIT_DAYS, VISIT_STOPS, VISIT_LEGS, VISIT_PLANNED):
        layer.check(frames_of(moved)[layer.name])
    assert all(frame.equals(kept[name]) for name, frame in frames_of(before).items())


def test_other_days_are_not_touched():
    before = plan({**TWO_DAYS, (7, "乙"): [("e", 1)]}, e={"arrives": "09:59"})
    moved = with_moves(before, [move("a", 5, 6)], setting())
    other = moved.stops[moved.stops["visitor"] == "乙"].iloc[0]
    assert (other.arrives, other.household) == ("09:59", "e")


def test_the_due_visits_tell_the_new_day_and_place():
    moved = with_moves(plan(TWO_DAYS), [move("a", 5, 6, to="乙"), move("d", 6, 5)], setting())
    rows = moved.planned.set_index("file")
    assert (pd.Timestamp(rows["day"]["a"]).date(), rows.loc["a", "visitor"], rows.loc["a", "order"]) == (
        day(6),
        "乙",
        1,
    )
    assert rows.loc[["d", "b"], "order"].tolist() == [1, 2]
    assert rows.loc["c", "order"] == 1


def test_a_day_without_visits_is_no_day():
    moved = with_moves(plan({(5, "甲"): [("a", 10)]}), [move("a", 5, 6, to="乙")], setting())
    assert [(row.day.date(), row.visitor, row.name) for row in rows_of(moved.days)] == [
        (day(6), "乙", "李乙")
    ]
    assert set(moved.legs["visitor"]) == set(moved.stops["visitor"]) == {"乙"}


def test_a_move_and_back_is_the_plan_timed_anew():
    before = plan(TWO_DAYS)
    moved = with_moves(before, [move("a", 5, 6), move("a", 6, 5)], setting())
    assert orders(moved) == orders(before)
    assert moved.days["total_min"].tolist() == before.days["total_min"].tolist()
    assert moved.moves == 2


def test_legs_that_are_known_keep_their_line_and_kilometres():
    before = plan(TWO_DAYS)
    legs = before.legs.copy()
    bent = LineString([(500_000, 4_000_000), (505_000, 4_001_000), (505_000, 4_000_000)])
    first_of_sixth = (legs["day"] == pd.Timestamp(day(6))) & (legs["order"] == 1)
    legs.loc[first_of_sixth, "km"] = 7.5
    legs.loc[first_of_sixth, "geometry"] = bent
    moved = with_moves(replace(before, legs=legs), [move("a", 5, 6)], setting())
    leg = moved.legs[moved.legs["day"] == pd.Timestamp(day(6))].sort_values("order").iloc[0]
    assert (leg.km, leg.geometry.equals(bent)) == (7.5, True)
    assert day_of(moved, 6).km == 7.5 + 5 + 5 + 15


def test_a_new_leg_follows_the_road_and_a_known_one_stays():
    class Road:
        """As straight as the estimate, and twice as long."""

        minutes = staticmethod(StraightLine(1, 60).minutes)
        ways = staticmethod(StraightLine(2, 60).ways)

    ways = {mode: (Road(), times) for mode, (_, times) in setting().ways.items()}
    straight = with_moves(plan(TWO_DAYS), [move("a", 5, 6)], setting())
    moved = with_moves(plan(TWO_DAYS), [move("a", 5, 6)], setting(ways=ways))
    before, after = (
        item.legs[item.legs["day"] == pd.Timestamp(day(5))].sort_values("order")["km"].tolist()
        for item in (straight, moved)
    )
    assert after == [2 * before[0], before[1]]  # from the office to b is new, back was known
    assert day_of(moved, 6).travel_min == 30


@pytest.mark.parametrize(
    ("moved", "told"),
    [
        (move("x", 5, 6), "没有这次走访"),
        (move("c", 5, 7), "没有这次走访"),
        (move("a", 5, 5), "都没有变"),
        (move("a", 5, 6, to="戊"), "没有编号"),
        (move("a", 5, 6, to="丁"), "没有定位"),
        (replace(move("a", 5, 6), to_day=day(31).replace(month=3)), "期间内"),
    ],
)
def test_what_cannot_be_moved_is_refused(moved, told):
    with pytest.raises(InputError, match=told):
        with_moves(plan(TWO_DAYS), [moved], setting())


def test_a_household_is_not_visited_twice_on_a_day():
    twice = plan({(5, "甲"): [("a", 10)], (12, "甲"): [("a", 10)]})
    for to in ("甲", "乙"):
        with pytest.raises(InputError, match="已有一次同类走访"):
            with_moves(twice, [move("a", 5, 12, to=to)], setting())
    assert with_moves(twice, [move("a", 5, 5, to="乙")], setting()).stops["visitor"].tolist() == ["乙", "甲"]


# What a move breaks


def test_a_sound_move_breaks_nothing():
    told = preview_move(plan(TWO_DAYS), move("a", 5, 6), setting())
    assert (told.faults, told.sound) == ((), True)
    leaves, comes = told.days
    assert leaves.before
    assert leaves.after
    assert comes.before
    assert comes.after
    assert (leaves.before.total_min, leaves.after.total_min) == (100, 70)
    assert (comes.before.total_min, comes.after.total_min) == (90, 120)


def test_a_day_too_long_is_told_with_its_minutes():
    (fault,) = faults(plan(TWO_DAYS), move("a", 5, 6), limit_min=110.0)
    assert fault == "王甲(2021-01-06)合计120分钟,超过每日时限110分钟,多10分钟"
    assert faults(plan(TWO_DAYS), move("a", 5, 6), limit_min=120.0) == []


def test_a_return_after_the_hours():
    (fault,) = faults(plan(TWO_DAYS), move("a", 5, 6), ends=600.0)
    assert fault == "王甲(2021-01-06)到10:30才返回,应不晚于10:00"


def test_waiting_until_school_is_out_makes_the_return_late():
    opens = {("a", "定期走访"): 990.0}
    told = faults(plan(TWO_DAYS), move("a", 5, 6), opens=opens, ends=1000.0)
    assert any("才返回" in fault for fault in told)


def test_a_day_off():
    (fault,) = faults(plan(TWO_DAYS), move("a", 5, 9))
    assert fault == "2021-01-09是休息日"


def test_late_and_early():
    soon = plan(TWO_DAYS, a={"due": {5: day(12)}})
    steps = {("a", "定期走访"): 30}
    assert faults(soon, move("a", 5, 12), steps=steps) == []
    assert faults(soon, move("a", 5, 13), steps=steps) == ["应访日是2021-01-12,改到2021-01-13晚1天"]
    later = plan(TWO_DAYS, a={"due": {5: day(29)}})
    assert faults(later, move("a", 5, 22), steps=steps) == []
    (fault,) = faults(later, move("a", 5, 21), steps=steps)
    assert fault == "应访日是2021-01-29,改到2021-01-21早8天,最多可提前7天"


def test_an_overdue_visit_may_take_some_days_from_the_first():
    overdue = plan(TWO_DAYS, a={"due": {5: day(1).replace(year=2020)}})
    steps = {("a", "定期走访"): 7}
    assert faults(overdue, move("a", 5, 4), steps=steps) == []
    assert any("晚" in fault for fault in faults(overdue, move("a", 5, 6), steps=steps))


def test_two_visits_too_near_to_each_other():
    weekly = plan({(5, "甲"): [("a", 10)], (12, "甲"): [("a", 10)]}, a={"due": {12: day(12)}})
    steps = {("a", "定期走访"): 7}
    assert faults(weekly, move("a", 12, 11), steps=steps) == []
    assert faults(weekly, move("a", 12, 8), steps=steps)[1:] == [
        "2021-01-05与2021-01-08两次走访相隔3天,间隔应为7天(可差1天)"
    ]


def test_who_visits():
    assert faults(plan(TWO_DAYS), move("a", 5, 6, to="乙")) == ["这户所在的村不归李乙负责"]
    assert faults(plan(TWO_DAYS, a={"village": MID}), move("a", 5, 6, to="乙")) == []
    assert faults(plan(TWO_DAYS), move("a", 5, 6, to="丙")) == ["张丙不是这户所在乡镇的走访人"]


def test_one_child_one_visitor():
    monthly = plan({(5, "甲"): [("a", 10)], (25, "甲"): [("a", 10)]}, a={"village": MID})
    told = faults(monthly, move("a", 5, 6, to="乙"), steps={("a", "定期走访"): 20})
    assert told == ["这户2021-01-25由王甲走访,同一儿童应由同一人走访"]


def test_two_visitors_are_to_be_minded_and_break_nothing():
    told = preview_move(plan(TWO_DAYS, a={"persons": 2}), move("a", 5, 6), setting())
    assert [(fault.text[:9], fault.notice) for fault in told.faults] == [("这户有高风险儿童,", True)]
    assert told.sound


# A move by the number of a file


def test_a_visit_is_found_by_the_beginning_of_a_number_and_a_name():
    given = {"from_day": day(5), "to_day": day(6), "visitors": VISITORS}
    assert find_move(plan(TWO_DAYS), file="a", visitor=None, **given) == move("a", 5, 6)
    assert find_move(plan(TWO_DAYS), file="a", visitor="李乙", **given) == move("a", 5, 6, to="乙")
    for file, visitor, told in (("c", None, "没有排走访"), ("", None, "不止一次"), ("a", "某", "没有走访人")):
        with pytest.raises(InputError, match=told):
            find_move(plan(TWO_DAYS), file=file, visitor=visitor, **given)
