"""The plugin on months that can be checked by eye. What it hands out it has checked; here it is checked that it did."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.differences import differences
from planner.model.visiting import DUE_VISITS
from planner.plugin import Context, Stopped
from planner.policy.visit_rules import Month
from planner.policy.workdays import load_days_off
from planner.roads import RoadTravel, StraightLine
from plugins.visit_routes import _month, visit_routes
from plugins.visit_routes import month_checker as checker
from plugins.visit_routes.params import Params
from plugins.visit_routes.stops import stops_of
from tests.plugins.visit_routes.month import (
    AS_OF,
    OTHER,
    child,
    days_of,
    frame,
    frames,
    left_of,
    planned,
    visitor,
)
from tests.roads.grids import at, even_speeds, network_of


def value(result, name):
    return result.metrics[name].value


def test_nobody_is_due():
    result = planned([])
    assert [value(result, name) for name in ("due", "planned", "unplanned", "total_min")] == [0, 0, 0, 0]
    assert result.metrics["planned_share"].reason == "no_children"
    assert result.layers["visit-stops"].empty
    far = planned([child("a", date(2021, 2, 1))])
    assert value(far, "due") == 0


def test_one_due_visit():
    """Ten minutes there, thirty with the child, ten back."""
    result = planned([child("a", 20)])
    (day,) = result.tables["visit-days"].to_dict("records")
    assert (day["travel_min"], day["service_min"], day["total_min"], day["km"]) == (20, 30, 50, 20)
    assert (day["departs"], day["returns"]) == ("08:30", "09:20")
    (stop,) = result.layers["visit-stops"].to_dict("records")
    assert (stop["arrives"], stop["leaves"], stop["leg_min"], stop["way_min"]) == ("08:40", "09:10", 10, 10)
    legs = result.layers["visit-legs"]
    assert legs["minutes"].tolist() == [10, 10]
    assert legs["order"].tolist() == [1, 2]
    assert value(result, "planned_share") == 100


def test_siblings_are_one_stop():
    result = planned([child("a", 20), child("b", 25, household="a")])
    (stop,) = result.layers["visit-stops"].to_dict("records")
    assert (stop["files"], stop["children"], stop["service_min"]) == ("a、b", 2, 40)
    assert value(result, "planned") == 2
    assert value(result, "visitor_days") == 1
    assert [result.metrics[name].unit for name in ("planned", "visitor_days")] == ["次", "人天"]


def test_a_sibling_due_more_often_sets_the_pace():
    """高 on 5, 12, 19 and 26 January; the other, due on the 20th, is seen with it on the 19th at the latest."""
    result = planned([child("a", 5, grade="高"), child("b", 20, household="a")])
    found = days_of(result)
    assert len(found["a"]) == 4
    assert found["b"][0] in found["a"]
    assert found["b"][0] <= 20


def test_identical_coordinates():
    result = planned([child(name, 20) for name in "abc"])
    (day,) = result.tables["visit-days"].to_dict("records")
    assert (day["households"], day["travel_min"]) == (3, 20)


def test_a_month_of_31_days_holds_two_visits_thirty_days_apart():
    """Overdue, so at once and again within the month; 29 January is the last working day."""
    result = planned([child("a", date(2020, 12, 1), grade="中", overdue_days=30)], week="每天", off_from=None)
    first, second = days_of(result)["a"]
    assert value(result, "due") == 2
    assert 23 <= second - first <= 37
    assert value(result, "overdue") == 1


def test_days_off():
    """高 due on 10 February 2021 and every week on; 11 to 17 February are off, the 20th is worked."""
    result = planned(
        [child("a", date(2021, 2, 10), grade="高")], first_day=date(2021, 2, 1), as_of=date(2021, 1, 31)
    )
    assert [day for day in days_of(result)["a"] if 11 <= day <= 17] == []
    assert len(days_of(result)["a"]) == 3
    trained = planned([child("a", 20)], off_from=date(2021, 1, 4), off_to=date(2021, 1, 19))
    assert days_of(trained) == {"a": [20]}


def test_all_days_off():
    result = planned([child("a", 20)], off_from=date(2021, 1, 1), off_to=date(2021, 1, 31))
    assert left_of(result)["a"][0] == "到下次应访前没有工作日"


def test_a_year_without_a_table_is_told():
    result = planned([], first_day=date(2031, 1, 1))
    assert any("没有2031年的节假日安排" in note for note in result.notes)


def test_a_stop_without_a_road():
    class Island(StraightLine):
        def minutes(self, origins_m, targets_m):
            table = super().minutes(origins_m, targets_m)
            far = targets_m[:, 0] > 600_000
            return np.where(far[None, :] != (origins_m[:, 0] > 600_000)[:, None], np.inf, table)

    result = planned([child("a", 20), child("b", 20, east_km=200)], travel=Island())
    assert left_of(result) == {"b": ("无路可达", "核对住址坐标和道路;不通车的改由步行走访")}
    assert list(days_of(result)) == ["a"]


def test_without_a_place_and_on_request():
    result = planned([child("a", 20, located=False), child("b", 20, kind="委托走访")])
    assert {file: reason for file, (reason, _) in left_of(result).items()} == {
        "a": "没有定位",
        "b": "住在县外,委托走访",
    }
    assert (value(result, "unplanned"), value(result, "entrusted")) == (1, 1)


def test_by_road_the_legs_follow_it():
    """Ten kilometres east and five north: fifteen minutes there, and fifteen back."""
    travel = RoadTravel.build(network_of([(0, 0), (10, 0)], [(10, 0), (10, 5)]), even_speeds())
    result = planned([child("a", 20, north_km=5)], travel=travel)
    (day,) = result.tables["visit-days"].to_dict("records")
    assert (day["travel_min"], day["total_min"], day["km"]) == (30, 60, 30)
    (stop,) = result.layers["visit-stops"].to_dict("records")
    assert (stop["leg_min"], stop["leg_km"]) == (15, 15)
    legs = result.layers["visit-legs"]
    assert legs["km"].tolist() == [15, 15]
    there, back = (shapely.get_coordinates(line) for line in legs.geometry)
    assert np.allclose(there, at((0, 0), (10, 0), (10, 5)))
    assert np.allclose(back, there[::-1])


def test_nobody_responsible():
    assert left_of(planned([child("a", 20)], []))["a"][0] == "没有人负责"
    assert left_of(planned([child("a", 20)], absent="甲"))["a"][0] == "没有人负责"


def test_a_day_limit_that_nobody_fits():
    """A hundred minutes there and back, thirty at home: ten more than two hours."""
    result = planned([child("a", 20, east_km=50)], limit_min=120)
    assert left_of(result) == {"a": ("单独一趟也超过每日时限", "当天时限延长10分钟")}
    assert value(planned([child("a", 20, east_km=50)], limit_min=130), "planned") == 1


def test_after_school_is_too_late():
    """School is out at 16:30, thirty minutes with the child, ten back: 17:10."""
    pupil = child("a", 20, at_school=True)
    late = planned([pupil], after_school=True, end_hour=17)
    assert left_of(late) == {"a": ("单独一趟也赶不上时间窗", "时间窗或返回时间放宽10分钟")}
    (stop,) = planned([pupil], after_school=True).layers["visit-stops"].to_dict("records")
    assert stop["begins"] == "16:30"
    assert planned([pupil]).layers["visit-stops"]["begins"].tolist() == ["08:40"]


def test_high_grade_first_and_the_cheapest_way_for_the_rest():
    """Both are due on the 4th, the first working day, and only one fits: west and east, 100 and 100 minutes."""
    children = [child("a", 4, east_km=35), child("b", 4, east_km=-35, grade="高", every_days=90)]
    result = planned(children, limit_min=120, tolerance=0)
    assert days_of(result) == {"b": [4]}
    assert left_of(result) == {"a": ("到期前各工作日已排满", "放宽1天,排在1月5日,由甲走访")}
    near = planned([child("a", 4, east_km=35), child("b", 4, east_km=37)], limit_min=130, tolerance=0)
    assert left_of(near)[next(iter(left_of(near)))][1] in ("1月4日甲多用4分钟", "1月4日甲多用5分钟")


def test_the_last_days_of_a_month_have_no_later_day():
    """29 January is the last working day: the 30th is free."""
    children = [child(name, 29, east_km=way) for name, way in (("a", 35), ("b", -35))]
    result = planned(
        children, limit_min=120, tolerance=0, off_from=date(2021, 1, 4), off_to=date(2021, 1, 28)
    )
    (fix,) = [fix for _, fix in left_of(result).values()]
    assert fix == "1月29日甲多用80分钟"
    far = planned(
        [child(name, 29, east_km=way) for name, way in (("a", 195), ("b", -195))],
        off_from=date(2021, 1, 4),
        off_to=date(2021, 1, 28),
        tolerance=0,
        end_hour=24,
    )
    assert [fix for _, fix in left_of(far).values()] == ["加一天:1月30日由甲走访"]


def test_the_same_visitor_and_the_one_before_where_it_costs_little():
    people = [visitor("甲"), visitor("乙", villages=OTHER, east_km=2)]
    plain = planned([child("a", 5, grade="高")], people)
    assert set(plain.tables["visit-planned"]["visitor"]) == {"甲"}
    earlier = planned([child("a", 5, grade="高", visitor="乙", village="640101001009")], people)
    assert set(earlier.tables["visit-planned"]["visitor"]) == {"乙"}
    ill = planned([child("a", 5, grade="高")], people, absent="甲")
    assert set(ill.tables["visit-planned"]["visitor"]) == {"乙"}


def test_modes():
    car, bike, foot = (planned([child("a", 20, east_km=2)], mode=mode) for mode in ("汽车", "摩托车", "步行"))
    assert value(car, "travel_min") == 4
    assert value(bike, "travel_min") == 5
    assert value(foot, "travel_min") == pytest.approx(53.3)
    own = planned([child("a", 20, east_km=2)], [visitor(mode="步行")], walk_kmh=4)
    assert value(own, "travel_min") == 60


def test_lunch_counts_in_the_hours_and_not_in_the_limit():
    (day,) = (
        planned([child("a", 20, east_km=230)], lunch_min=60, limit_min=490)
        .tables["visit-days"]
        .to_dict("records")
    )
    assert (day["lunch"], day["total_min"]) == ("12:20", 490)
    assert day["returns"] == "17:40"


def test_discreet_and_in_pairs():
    result = planned([child("a", 5, grade="高", discreet=True)])
    stops = result.layers["visit-stops"]
    assert stops["discreet"].all()
    assert set(stops["persons"]) == {2}
    assert set(
        planned([child("a", 5, grade="高")], high_in_pairs=False).layers["visit-stops"]["persons"]
    ) == {1}


def test_an_unseen_child_is_tried_again_soon():
    result = planned([child("a", 25, retry_by=pd.Timestamp("2021-01-06"), attempts=1)], tolerance=0)
    assert days_of(result)["a"] in ([5], [6])
    assert result.tables["visit-planned"]["due"].dt.day.tolist() == [25]


def test_further_kinds_may_be_left_out():
    children = [child("a", 20), child("a", 12, kind="送教上门", every_days=14)]
    both = planned(children)
    assert (value(both, "planned"), value(both, "due")) == (3, 3)
    assert value(planned(children, further_kinds=False), "due") == 1


def test_one_township_by_name_code_and_by_mistake():
    children = [child("a", 20)]
    assert (
        value(planned(children, township="甲镇"), "due")
        == value(planned(children, township="640101001"), "due")
        == 1
    )
    wrong = planned(children, township="没有的镇")
    assert value(wrong, "due") == 0
    assert "没有所填的乡镇" in wrong.notes[0]


def test_a_plan_handed_out_is_kept():
    """To have b on the day of c, which is near it, would save forty minutes: not enough for a change."""
    children = [child("a", 8, east_km=10), child("b", 20, east_km=-20)]
    first = planned(children, seed=1)
    more = [*children, child("c", 27, east_km=-21)]
    handed_out = first.layers["visit-stops"]
    again = planned(more, before=handed_out, keep_plan=True, change_min=60, seed=5)
    assert again.tables["visit-changes"]["change"].tolist() == ["新增"]
    assert {file: days_of(again)[file] for file in "ab"} == days_of(first)
    gone = planned(children[:1], before=first.layers["visit-stops"], keep_plan=True)
    assert gone.tables["visit-changes"]["change"].tolist() == ["取消"]
    assert planned(children).tables["visit-changes"].empty


def test_a_visitor_who_is_ill_changes_no_more_than_must_be():
    people = [visitor("甲"), visitor("乙", villages=OTHER, east_km=5)]
    children = [child("a", 20), child("b", 20, east_km=12, village=OTHER)]
    first = planned(children, people)
    again = planned(children, people, before=first.layers["visit-stops"], keep_plan=True, absent="甲")
    assert again.tables["visit-changes"]["change"].tolist() == ["换走访人"]


def test_two_runs_are_the_same():
    children = [
        child(f"{number}", 4 + number, east_km=number * 7 % 40 - 20, grade="高中低"[number % 3])
        for number in range(20)
    ]
    first, second = planned(children, seed=3), planned(children, seed=3)
    assert differences(first, second) == []


def test_a_stop_keeps_the_best_so_far():
    children = [child(f"{number}", 4 + number) for number in range(9)]
    questions = iter(range(100))
    context = Context(frames(children, [visitor()]), AS_OF, stop_wished=lambda: next(questions) >= 5)
    with pytest.raises(Stopped):
        visit_routes(context, visit_routes.params())
    assert context.best is not None
    assert context.best.metrics["planned"].value == 9


def test_days_worked_for_days_off_count():
    month = _month(date(2021, 1, 31), Params(), load_days_off())
    assert (len(month.days), month.days[0], month.last) == (17, date(2021, 2, 1), date(2021, 2, 28))
    assert date(2021, 2, 14) in month.spare


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_every_answer_passes_both_checkers(data):
    """The plugin raises for an answer that breaks a promise: whatever is asked for, none does."""
    number = data.draw(st.integers(0, 12))
    children = [
        child(
            f"{item:02d}",
            date.fromordinal(date(2020, 12, 1).toordinal() + data.draw(st.integers(0, 75))),
            east_km=data.draw(st.integers(-60, 60)),
            north_km=data.draw(st.integers(-5, 5)),
            grade=data.draw(st.sampled_from("高中低")),
            household=f"{data.draw(st.integers(0, item)):02d}",
            at_school=data.draw(st.booleans()),
            located=data.draw(st.integers(0, 9)) > 0,
        )
        for item in range(number)
    ]
    for row in children:  # a household has one place
        row["geometry"] = children[int(row["household"])]["geometry"]
        row["placed"] = children[int(row["household"])]["placed"]
    result = planned(
        children,
        [visitor("甲"), visitor("乙", east_km=20)][: data.draw(st.integers(0, 2))],
        first_day=data.draw(st.sampled_from([None, date(2021, 1, 11), date(2021, 2, 1), date(2021, 10, 1)])),
        limit_min=data.draw(st.sampled_from([60, 150, 420])),
        after_school=data.draw(st.booleans()),
        week=data.draw(st.sampled_from(["周一至周五", "每天"])),
        tolerance=data.draw(st.sampled_from([0, 0.25, 0.6])),
        lunch_min=data.draw(st.sampled_from([0, 60])),
        iterations=200,
    )
    assert value(result, "due") == value(result, "planned") + len(result.tables["visit-unplanned"])


@pytest.mark.parametrize(
    ("layer", "name", "spoil", "word"),
    [
        ("visit-stops", "day", lambda item: item + pd.Timedelta(days=365), "not worked"),
        ("visit-stops", "visitor", lambda item: ["甲", "乙", "甲", "甲"], "visitors"),
        ("visit-stops", "begins", lambda item: "03:00", "before the hours"),
        ("visit-legs", "minutes", lambda item: item + 2, "sum of its parts"),
        ("visit-days", "total_min", lambda item: item + 400, "longer than its limit"),
        ("visit-days", "returns", lambda item: "23:00", "after the hours"),
        ("visit-planned", "file", lambda item: "x", "due visits told"),
        ("visit-planned", "day", lambda item: item + pd.Timedelta(days=10), "due on"),
    ],
)
def test_the_checker_finds_what_is_wrong(layer, name, spoil, word):
    children = [child("a", 5, grade="高")]
    result = planned(children)
    frames_of = result.layers if layer in result.layers else result.tables
    wrong = frames_of[layer].assign(**{name: spoil(frames_of[layer][name])})
    spoilt = replace(
        result,
        layers={**result.layers, **({layer: wrong} if layer in result.layers else {})},
        tables={**result.tables, **({layer: wrong} if layer in result.tables else {})},
    )
    params = Params(detour=1, speed_kmh=60, lunch_min=0)
    month = _month(AS_OF, params, load_days_off())
    due = frame(DUE_VISITS, children)
    assert checker.find_month_faults(due, result, month, params) == []
    assert any(word in fault for fault in checker.find_month_faults(due, spoilt, month, params))


def test_patterns_keep_the_step_and_are_bounded():
    month = Month(date(2021, 1, 1), date(2021, 1, 31), tuple(date(2021, 1, day) for day in range(1, 32)))
    (stop,) = stops_of(frame(DUE_VISITS, [child("a", 7, grade="高")]), month, Params(tolerance=0.4))
    assert len(stop.patterns) <= 40
    for bits in stop.patterns:
        days = [day + 1 for day in range(31) if bits >> day & 1]
        assert len(days) == 4
        assert all(5 <= later - earlier <= 9 for earlier, later in pairwise(days))
