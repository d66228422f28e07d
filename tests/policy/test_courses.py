"""Stages of events in their order (§1 rows 31 and 34)."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import InputError
from planner.model.events import EventStage
from planner.policy.courses import DISCOVERED, StreetStage, check_course

NOON = datetime(2020, 6, 1, 12, tzinfo=UTC)
ALL = [str(stage) for stage in EventStage]


def steps(*stages, hours=1):
    return [(stage, NOON + number * timedelta(hours=hours)) for number, stage in enumerate(stages)]


def test_a_case_goes_through_its_stages():
    for number, stage in enumerate(ALL):
        check_course(stage, passed=ALL[:number])
    check_course("closed", steps=steps(*ALL))
    check_course(DISCOVERED)
    check_course("reported", passed=[DISCOVERED])
    check_course("assessed", passed=["reported"])  # 应急处置 is not always needed
    check_course("assessed", passed=["reported", "assessed"])  # more is told of the same stage


@pytest.mark.parametrize(
    ("stage", "passed", "told"),
    [
        ("emergency", [], "还没有强制报告"),
        ("assessed", [DISCOVERED], "还没有强制报告"),
        ("closed", ["reported"], "还没有评估"),
        ("closed", ["reported", "emergency", "plan"], "还没有评估"),
        ("emergency", ["reported", "assessed"], "不能退回"),
        ("reported", ["closed"], "不能退回"),
        ("没有这样的", ["reported"], "没有“没有这样的”这个环节"),
        ("found", ["reported"], "不是同一类"),
        ("identified", [], "还没有登记发现"),
        ("identified", ["found", "escorted"], "不能退回"),
    ],
)
def test_what_is_out_of_order(stage, passed, told):
    with pytest.raises(InputError, match=told):
        check_course(stage, passed=passed)


def test_a_street_child_goes_through_other_stages():
    words = [str(stage) for stage in StreetStage]
    check_course("sheltered", steps=steps(*words))
    check_course("sheltered", steps=steps(*words, hours=0))  # at the same time is not before
    assert [stage.label for stage in StreetStage] == ["发现", "甄别", "护送", "未保机构"]


@pytest.mark.parametrize(
    ("stage", "told_of", "told"),
    [
        ("escorted", steps("found", "identified", "escorted", hours=-1), "早于"),
        ("closed", steps("reported", "closed"), "还没有评估"),
        ("closed", steps("emergency", "assessed", "closed"), "还没有强制报告"),
        ("plan", steps("reported", "plan", "assessed"), "记到"),
        ("assessed", steps("reported", "plan", "assessed"), "不能退回"),
        ("assessed", steps("reported", "assessed", "assessed"), "记了两次"),
        ("assessed", [("reported", NOON), ("assessed", NOON.replace(tzinfo=None))], "时区"),
    ],
)
def test_steps_out_of_order(stage, told_of, told):
    with pytest.raises(InputError, match=told):
        check_course(stage, steps=told_of)


@given(st.lists(st.sampled_from(ALL), min_size=1, max_size=8))
def test_whatever_passes_step_by_step_is_in_order(stages):
    try:
        for number, stage in enumerate(stages):
            check_course(stage, passed=stages[:number])
    except InputError:
        return
    assert stages[0] == "reported"
    assert all(ALL.index(before) <= ALL.index(after) for before, after in pairwise(stages))
    assert "closed" not in stages or "assessed" in stages
