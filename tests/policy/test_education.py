from decimal import Decimal

import pytest

from planner.policy.education import (
    dropout_alert,
    funding_short,
    kindergarten_due,
    teaching_budget,
    teaching_due,
)
from planner.policy.facts import Facts
from planner.policy.rules import load_rules
from planner.policy.words import SchoolStatus, Support

RULES = load_rules()


@pytest.mark.parametrize(
    ("age", "school", "alert"),
    [
        (7, SchoolStatus.DROPPED_OUT, True),
        (5, SchoolStatus.NO_KINDERGARTEN, False),
        (5, SchoolStatus.NOT_ENROLLED, False),
        (6, SchoolStatus.NOT_ENROLLED, True),
        (15, SchoolStatus.DROPPED_OUT, True),
        (16, SchoolStatus.DROPPED_OUT, False),
        (7, SchoolStatus.HOME_TEACHING, False),
        (7, None, False),
    ],
)
def test_dropout_alert(age, school, alert):
    assert dropout_alert(age, school, RULES) is alert


def test_kindergarten_ages():
    assert [kindergarten_due(age, SchoolStatus.NO_KINDERGARTEN, RULES) for age in (2, 3, 5, 6)] == [
        False,
        True,
        True,
        False,
    ]


def test_teaching_due_needs_a_recorded_no():
    assert teaching_due(Facts(child_disabled=True)) is None
    assert teaching_due(Facts(child_disabled=True, can_attend_special=True)) is None
    assert teaching_due(Facts(can_attend_special=False)) is None
    cannot = Facts(child_disabled=True, can_attend_special=False, school=SchoolStatus.INCLUSIVE)
    assert teaching_due(cannot) is None
    severe = Facts(
        child_disabled=True, can_attend_special=False, severe_disabled=True, school=SchoolStatus.INCLUSIVE
    )
    assert teaching_due(severe) == Support.HOME_TEACHING


def test_budget_floor():
    assert teaching_budget(2, RULES) == 12000
    assert teaching_budget(0, RULES) == 0
    assert funding_short(Decimal(5999), RULES)
    assert not funding_short(Decimal(6000), RULES)
