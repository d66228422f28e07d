"""Dated states: what one row says, what it may not say, and rows together."""

from datetime import date

import pytest

from planner.ledger.cells import Fault
from planner.ledger.histories import join_states, row_states
from planner.model.institutions import DatedState, InstitutionState, state_on

OPERATING, BUILDING = InstitutionState.OPERATING, InstitutionState.BUILDING
CLOSED, NOMINAL = InstitutionState.CLOSED, InstitutionState.NOMINAL
D15, D18, D19, D20 = (date(year, 6, 1) for year in (2015, 2018, 2019, 2020))


@pytest.mark.parametrize(
    ("told", "states"),
    [
        ((OPERATING, None), [(OPERATING, None)]),
        ((OPERATING, D18), [(OPERATING, D18)]),
        ((OPERATING, None, {"opened": D18}), [(OPERATING, D18)]),
        ((OPERATING, D20, {"opened": D18}), [(OPERATING, D18)]),
        ((OPERATING, None, {"closed": D20}), [(OPERATING, None), (CLOSED, D20)]),
        ((None, None, {"opened": D18}), [(OPERATING, D18)]),
        ((None, None, {"opened": D18, "closed": D20}), [(OPERATING, D18), (CLOSED, D20)]),
        ((CLOSED, None, {"opened": D18, "closed": D20}), [(OPERATING, D18), (CLOSED, D20)]),
        ((CLOSED, D20, {"opened": D18}), [(OPERATING, D18), (CLOSED, D20)]),
        ((BUILDING, D18, {"opened": D20}), [(BUILDING, D18), (OPERATING, D20)]),
        ((BUILDING, None, {"opened": D20}), [(BUILDING, None), (OPERATING, D20)]),
        ((NOMINAL, D18), [(NOMINAL, D18)]),
    ],
)
def test_one_row(told, states):
    state, since, *options = told
    found = row_states(state, since, **(options[0] if options else {}))
    assert [(item.state, item.since) for item in found] == states


def test_the_plan_goes_with_the_building_state_only():
    found = row_states(BUILDING, D18, planned=D19, opened=D20)
    assert [item.planned_opening for item in found] == [D19, None]
    assert row_states(OPERATING, D18, planned=D19)[0].planned_opening is None


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ((None, None, {}), "没有填写状态"),
        ((None, D18, {}), "有状态日期而没有状态"),
        ((OPERATING, None, {"opened": D20, "closed": D18}), "停用日期2018-06-01不晚于投用日期2020-06-01"),
        ((OPERATING, None, {"opened": D20, "closed": D20}), "停用日期2020-06-01不晚于投用日期2020-06-01"),
        ((OPERATING, D18, {"opened": D20}), "状态日期2018-06-01已运营,投用日期却是2020-06-01"),
        ((OPERATING, D20, {"closed": D18}), "停用日期2018-06-01之后又写为运营(2020-06-01)"),
        ((BUILDING, D20, {"opened": D18}), "投用日期2018-06-01之后又写为在建(2020-06-01)"),
        ((CLOSED, None, {"opened": D18}), "状态为停用,却只有投用日期"),
        ((CLOSED, D18, {"opened": D18}), "投用与停用是同一天2018-06-01"),
        ((CLOSED, D18, {"closed": D20}), "状态日期2018-06-01已停用,停用日期却是2020-06-01"),
    ],
)
def test_a_row_that_contradicts_itself(told, message):
    state, since, options = told
    with pytest.raises(Fault) as caught:
        row_states(state, since, **options)
    assert caught.value.message == message


def test_rows_make_a_history_by_day():
    states, contradictions = join_states(
        [
            (4, DatedState(OPERATING, D19)),
            (2, DatedState(BUILDING, D15, D18)),
            (3, DatedState(BUILDING, D15)),
            (5, DatedState(CLOSED, D20)),
        ]
    )
    assert not contradictions
    assert [item.state for item in states] == [BUILDING, OPERATING, CLOSED]
    assert states[0].planned_opening == D18
    assert state_on(states, D18) == states[0]
    assert state_on(states, date(2021, 1, 1)) == states[2]


def test_two_states_on_one_day_and_two_plans_contradict():
    _, contradictions = join_states(
        [
            (2, DatedState(BUILDING, D15, D18)),
            (3, DatedState(OPERATING, D15)),
            (4, DatedState(BUILDING, D15, D19)),
            (5, DatedState(OPERATING)),
            (6, DatedState(CLOSED)),
        ]
    )
    assert contradictions == [
        (3, "与第2行矛盾:2015-06-01既是在建又是运营"),
        (4, "与第2行矛盾:同一状态的计划投用日期不同"),
        (6, "与第5行矛盾:没有日期的一行既是运营又是停用"),
    ]
