from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.policy.ages import (
    age_on,
    allowance_stops,
    birthday,
    is_child,
    leaving_day,
    rehab_band,
    street_tasks,
    street_two_years,
    years_later,
)
from planner.policy.rules import load_rules

RULES = load_rules()
DAYS = st.dates(date(1950, 1, 1), date(2080, 12, 31))


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        (date(2010, 11, 9), date(2017, 11, 8), 6),
        (date(2010, 11, 9), date(2017, 11, 9), 7),
        (date(2012, 2, 29), date(2013, 2, 28), 0),
        (date(2012, 2, 29), date(2013, 3, 1), 1),
        (date(2012, 2, 29), date(2016, 2, 29), 4),
        (date(2017, 11, 10), date(2017, 11, 9), -1),
    ],
)
def test_completed_years(birth, day, age):
    assert age_on(birth, day) == age


def test_leaves_on_the_birthday_and_is_paid_to_the_end_of_that_month():
    birth = date(1999, 12, 31)
    assert leaving_day(birth, RULES) == date(2017, 12, 31)
    assert is_child(birth, date(2017, 12, 30), RULES)
    assert not is_child(birth, date(2017, 12, 31), RULES)
    assert allowance_stops(birth, RULES) == date(2018, 1, 1)
    assert leaving_day(date(2000, 2, 29), RULES) == date(2018, 3, 1)
    assert allowance_stops(date(2000, 2, 29), RULES) == date(2018, 4, 1)
    assert not is_child(date(2018, 1, 1), date(2017, 12, 31), RULES)


def test_bands():
    birth = date(2010, 11, 9)
    days = (
        birth - timedelta(1),
        birth,
        date(2017, 11, 8),
        date(2017, 11, 9),
        date(2025, 11, 8),
        date(2025, 11, 9),
    )
    assert [rehab_band(birth, day, RULES) for day in days] == [None, "0-6", "0-6", "7-14", "7-14", None]


def test_street_child_after_two_years_is_two_tasks_unless_identified():
    found = date(2016, 2, 29)
    assert street_tasks(found, date(2018, 2, 27), RULES, identified=False) == ()
    tasks = street_tasks(found, date(2018, 2, 28), RULES, identified=False)
    assert len(tasks) == 2
    assert "落户" in tasks[0]
    assert "儿童福利机构" in tasks[1]
    assert street_tasks(found, date(2020, 1, 1), RULES, identified=True) == ()


@given(DAYS, st.integers(0, 18))
def test_a_birthday_is_the_first_day_of_the_age(birth, age):
    day = birthday(birth, age)
    assert age_on(birth, day) == age
    assert age_on(birth, day - timedelta(1)) == age - 1


@given(DAYS, DAYS)
def test_a_child_until_the_leaving_day_and_never_after(birth, day):
    assert is_child(birth, day, RULES) == (birth <= day < leaving_day(birth, RULES))


@given(DAYS, st.integers(0, 1500), st.integers(0, 1500))
def test_two_years_once_true_stays_true(found, first, more):
    early, late = found + timedelta(first), found + timedelta(first + more)
    assert street_two_years(found, late, RULES) >= street_two_years(found, early, RULES)
    assert not street_two_years(found, years_later(found, 2) - timedelta(1), RULES)
    assert street_two_years(found, years_later(found, 2), RULES)
