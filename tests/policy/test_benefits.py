from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.policy.benefits import (
    benefit_conflicts,
    benefit_notices,
    deductible,
    entitlements,
    lowered_deductible,
)
from planner.policy.facts import Facts, Parent
from planner.policy.rules import load_rules
from planner.policy.words import Benefit, SchoolStatus, Stage, Support

RULES = load_rules()
DAY = date(2017, 12, 1)
DIBAO = frozenset({Benefit.DIBAO})
TEKUN = frozenset({Benefit.TEKUN})


def owed(**facts):
    return [item.support for item in entitlements(Facts(**facts), DAY, RULES)]


def test_nothing_is_owed_to_an_empty_file():
    assert owed() == []


@given(st.frozensets(st.sampled_from(Benefit)))
def test_conflicts_are_two_or_three_of_the_three(benefits):
    found = benefit_conflicts(benefits, RULES)
    three = {Benefit.DIBAO, Benefit.ORPHAN_ALLOWANCE, Benefit.TEKUN}
    assert set(found) == (benefits & three if len(benefits & three) > 1 else set())


def test_two_subsidies_beside_the_orphan_allowance_is_a_notice_only():
    both = {Benefit.ORPHAN_ALLOWANCE, Benefit.TWO_SUBSIDIES}
    assert benefit_conflicts(both, RULES) == ()
    assert "请核对" in benefit_notices(both)[0]
    assert benefit_notices({Benefit.TWO_SUBSIDIES}) == ()


def test_lowered_line():
    hard = Facts(rural=True, registered_poor=True, severe_disabled=True)
    assert lowered_deductible(hard)
    assert deductible(hard, Decimal(8000), RULES) == 3000
    assert deductible(hard, Decimal(2000), RULES) == 2000
    assert deductible(replace(hard, rural=False), Decimal(8000), RULES) == 8000


def test_allowance_not_in_payment():
    parents = {"father": Parent.of("prison"), "mother": Parent.of("prison")}
    assert owed(**parents) == [Support.ALLOWANCE]
    assert owed(**parents, benefits=frozenset({Benefit.ORPHAN_ALLOWANCE})) == []
    (item,) = entitlements(Facts(Parent.of("prison"), Parent.of("prison"), benefits=DIBAO), DAY, RULES)
    assert "低保" in item.reason
    assert owed(father=Parent.of("deceased"), mother=Parent.of("ill")) == []


def test_poor_without_dibao():
    assert owed(poor=True) == [Support.DIBAO]
    assert owed(poor=True, benefits=DIBAO) == []


@pytest.mark.parametrize(
    ("facts", "listed"),
    [
        ({}, True),
        ({"benefits": frozenset({Benefit.TEMP_RELIEF})}, False),
        ({"temp_relief_on": date(2017, 11, 1)}, False),
        ({"temp_relief_on": date(2017, 10, 31)}, True),
        ({"temp_relief_on": date(2017, 12, 2)}, True),
    ],
)
def test_temporary_relief_within_thirty_days(facts, listed):
    assert (Support.TEMP_RELIEF in owed(temporary_event=True, **facts)) is listed


def test_two_subsidies():
    certified = {"child_disabled": True, "disability_cert": True}
    assert owed(**certified) == []
    assert owed(**certified, benefits=DIBAO) == [Support.TWO_SUBSIDIES]
    assert owed(**certified, severe_disabled=True) == [Support.TWO_SUBSIDIES]
    assert owed(**certified, severe_disabled=True, benefits=frozenset({Benefit.TWO_SUBSIDIES})) == []
    assert owed(child_disabled=True, severe_disabled=True) == []


def test_premium_the_larger_wins():
    assert owed(severe_disabled=True, benefits=TEKUN) == [Support.PREMIUM_FULL]
    assert owed(severe_disabled=True, benefits=DIBAO) == [Support.PREMIUM_PART]
    assert owed(severe_disabled=True, low_income=True) == [Support.PREMIUM_PART]
    assert owed(severe_disabled=True) == []
    assert owed(benefits=TEKUN, received=frozenset({Support.PREMIUM_FULL})) == []


@pytest.mark.parametrize(
    ("stage", "listed"),
    [(Stage.PRESCHOOL, 1), (Stage.COMPULSORY, 1), (Stage.SENIOR, 1), (Stage.COLLEGE, 0), (None, 0)],
)
def test_fifteen_free_years(stage, listed):
    assert (
        owed(poor=True, benefits=DIBAO, child_disabled=True, stage=stage).count(Support.FREE_EDUCATION)
        == listed
    )


def test_inclusive_class_home_teaching_kindergarten():
    assert owed(child_disabled=True, can_attend_special=False) == [Support.INCLUSIVE_CLASS]
    assert owed(child_disabled=True, can_attend_special=False, severe_disabled=True) == [
        Support.HOME_TEACHING
    ]
    four = {"birth": date(2013, 6, 1), "school": SchoolStatus.NO_KINDERGARTEN}
    assert owed(**four, child_ill=True) == [Support.KINDERGARTEN]
    assert owed(**four) == []


def test_devices_before_seven_projects_before_fifteen():
    born = {"birth": date(2012, 1, 1), "child_disabled": True}
    assert owed(**born) == []
    assert owed(**born, rehab_need=True) == [Support.DEVICE]
    assert owed(**born, rehab_need=True, device_given=True) == []
    assert owed(birth=date(2010, 12, 1), child_disabled=True, rehab_need=True) == [Support.REHAB_PROJECT]
    assert owed(birth=date(2002, 12, 1), child_disabled=True, rehab_need=True) == []


def test_tomorrow_plan_for_disabled_orphans():
    orphan = {"father": Parent.of("deceased"), "mother": Parent.of("deceased")}
    paid = frozenset({Benefit.ORPHAN_ALLOWANCE})
    assert owed(**orphan, benefits=paid, child_disabled=True) == [Support.TOMORROW_PLAN]
    assert owed(**orphan, benefits=paid) == []
