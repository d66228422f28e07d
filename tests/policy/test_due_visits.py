"""The rows of the visit rules (四(一), 「应访日」), one test each, and the due days of a month."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import InputError
from planner.model.visits import Visit, VisitKind, VisitWay
from planner.policy.rules import VisitDays, load_rules
from planner.policy.visits import Due, due_days, due_visits
from planner.policy.words import Grade
from planner.policy.workdays import DaysOff, load_days_off, working_days

RULES = load_rules()
LONG_AGO = date(2017, 1, 1)


def visit(day, *, seen=True):
    return Visit("儿童", day, ("走访人",), VisitWay.HOME, seen=seen)


def due(*visits, grade=Grade.MIDDLE, as_of, entered=LONG_AGO, steps=None, **given) -> Due:
    return due_visits(steps or [(entered, grade)], visits, RULES, as_of=as_of, **given)[0]


def test_due_on_the_thirtieth_day_and_not_overdue_on_it():
    found = due(visit(date(2017, 11, 1)), as_of=date(2017, 12, 1))
    assert (found.day, found.overdue_days) == (date(2017, 12, 1), 0)


def test_overdue_by_one_day_on_the_next():
    assert due(visit(date(2017, 11, 1)), as_of=date(2017, 12, 2)).overdue_days == 1


def test_never_visited_is_due_seven_days_after_coming():
    found = due(grade=Grade.LOW, entered=date(2017, 11, 1), as_of=date(2017, 11, 1))
    assert (found.day, found.last_seen) == (date(2017, 11, 8), None)


def test_a_raised_grade_counts_from_the_last_visit():
    steps = [(LONG_AGO, Grade.LOW), (date(2017, 11, 20), Grade.HIGH)]
    assert due(visit(date(2017, 11, 18)), steps=steps, as_of=date(2017, 11, 20)).day == date(2017, 11, 25)


def test_a_raised_grade_asks_for_nothing_before_it_was_raised():
    """Seen on 1 September: by 高 due on the 8th, but nobody knew until 20 November, so it is due then: at once."""
    steps = [(LONG_AGO, Grade.LOW), (date(2017, 11, 20), Grade.HIGH)]
    found = due(visit(date(2017, 9, 1)), steps=steps, as_of=date(2017, 11, 22))
    assert (found.day, found.overdue_days) == (date(2017, 11, 20), 2)
    late = due(visit(date(2017, 8, 1)), steps=steps, as_of=date(2017, 11, 20))
    assert late.day == date(2017, 10, 30)  # overdue by 低 already


def test_a_child_not_met_stays_due_and_is_tried_again_within_three_days():
    seen, missed = visit(date(2017, 11, 1)), visit(date(2017, 11, 28), seen=False)
    found = due(seen, missed, as_of=date(2017, 11, 28))
    assert (found.day, found.attempts, found.retry_by) == (date(2017, 12, 1), 1, date(2017, 12, 1))
    met = due(seen, missed, visit(date(2017, 11, 29)), as_of=date(2017, 11, 29))
    assert (met.day, met.attempts, met.retry_by) == (date(2017, 12, 29), 0, None)


def test_a_visit_in_the_future_is_refused():
    with pytest.raises(InputError, match="2017-12-02晚于2017-12-01"):
        due(visit(date(2017, 12, 2)), as_of=date(2017, 12, 1))


def test_who_was_not_assigned_counts_all_the_same():
    """The notice is the reader's (N-ROSTER); the rule asks only whether the child was seen."""
    stranger = Visit("儿童", date(2017, 11, 1), ("别人",), VisitWay.HOME, seen=True)
    assert due(stranger, as_of=date(2017, 11, 2)).last_seen == date(2017, 11, 1)


def test_a_child_outside_the_county_is_visited_on_request():
    found = due_visits(
        [(LONG_AGO, Grade.LOW)], [], RULES, as_of=LONG_AGO, away=True, further=[VisitKind.TEACHING]
    )
    assert [item.kind for item in found] == [VisitKind.ENTRUSTED]


def test_further_kinds_keep_their_step_from_month_to_month():
    """送教 every 14 days from 1 January: 15 and 29 January, 12 February."""
    found = [
        due_visits([(LONG_AGO, Grade.LOW)], [], RULES, as_of=day, further=[VisitKind.TEACHING])[1]
        for day in (date(2017, 1, 14), date(2017, 1, 15), date(2017, 2, 1))
    ]
    assert [item.day for item in found] == [date(2017, 1, 15), date(2017, 1, 29), date(2017, 2, 12)]
    assert {item.overdue_days for item in found} == {0}


def test_the_table_is_edited_like_any_other():
    days = VisitDays(every={Grade.HIGH: 3, Grade.MIDDLE: 15, Grade.LOW: 60}, first=5, retry=1)
    rules = RULES.with_values(visits=days.model_dump())
    found = due_visits([(LONG_AGO, Grade.HIGH)], [visit(LONG_AGO)], rules, as_of=LONG_AGO)
    assert [(item.day, item.every_days) for item in found] == [(date(2017, 1, 4), 3)]
    with pytest.raises(InputError):
        RULES.with_values(visits={**days.model_dump(), "kinds": {"定期走访": 7}})


def test_who_has_no_grade_is_a_fault():
    with pytest.raises(ValueError, match="grade"):
        due_visits([], [], RULES, as_of=LONG_AGO)


@pytest.mark.parametrize(
    ("first", "every", "days"),
    [
        (date(2021, 1, 5), 7, [5, 12, 19, 26]),
        (date(2020, 11, 1), 7, [1, 8, 15, 22, 29]),  # overdue: at once, and on from there
        (date(2021, 1, 1), 30, [1, 31]),  # a month of 31 days holds two
        (date(2021, 1, 2), 30, [2]),
        (date(2021, 2, 1), 7, []),
    ],
)
def test_due_days_of_january(first, every, days):
    found = due_days(first, every, begin=date(2021, 1, 1), end=date(2021, 1, 31))
    assert [day.day for day in found] == days


@given(st.integers(-400, 400), st.integers(1, 120))
def test_due_days_are_a_step_apart_and_within_the_month(shift, every):
    begin, end = date(2021, 1, 1), date(2021, 1, 31)
    days = due_days(begin + timedelta(days=shift), every, begin=begin, end=end)
    assert all(begin <= day <= end for day in days)
    assert all((later - earlier).days == every for earlier, later in pairwise(days))
    assert bool(days) == (shift <= 30)


def test_days_off_and_days_worked_in_exchange():
    off = load_days_off()
    worked = working_days(date(2021, 2, 1), date(2021, 2, 28), weekdays=5, days_off=off)
    assert date(2021, 2, 7) in worked  # a Sunday
    assert date(2021, 2, 20) in worked
    assert not {date(2021, 2, day) for day in range(11, 18)} & set(worked)
    assert len(worked) == 17
    more = off.with_off([date(2021, 2, 7)])
    assert date(2021, 2, 7) not in working_days(
        date(2021, 2, 1), date(2021, 2, 28), weekdays=5, days_off=more
    )
    assert more.years == off.years == {2020, 2021}


def test_seven_days_a_week_and_an_empty_span():
    free = DaysOff(frozenset(), frozenset(), frozenset())
    assert len(working_days(date(2021, 1, 1), date(2021, 1, 31), weekdays=7, days_off=free)) == 31
    assert working_days(date(2021, 1, 2), date(2021, 1, 1), weekdays=7, days_off=free) == []
