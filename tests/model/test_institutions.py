"""Dated states of institutions and lists in a cell."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.model.institutions import (
    DatedState,
    InstitutionKind,
    InstitutionState,
    institution_id,
    split_list,
    state_on,
    states_on,
)

OPERATING, BUILDING, CLOSED = (
    InstitutionState.OPERATING,
    InstitutionState.BUILDING,
    InstitutionState.CLOSED,
)
HISTORY = [
    DatedState(OPERATING, date(2018, 6, 1)),
    DatedState(BUILDING, None, date(2018, 1, 1)),
    DatedState(CLOSED, date(2019, 6, 1)),
]


def table(histories):
    return pd.DataFrame(
        [
            (name, item.since, str(item.state), item.planned_opening)
            for name, history in histories.items()
            for item in history
        ],
        columns=["institution", "since", "state", "planned_opening"],
    ).astype({"since": "datetime64[s]", "planned_opening": "datetime64[s]"})


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2015, 1, 1), BUILDING),
        (date(2018, 5, 31), BUILDING),
        (date(2018, 6, 1), OPERATING),
        (date(2019, 5, 31), OPERATING),
        (date(2030, 1, 1), CLOSED),
    ],
)
def test_the_newest_state_entered_counts(day, state):
    in_force = state_on(HISTORY, day)
    assert in_force is not None
    assert in_force.state is state
    assert states_on(table({"jg": HISTORY}), day)["state"].to_dict() == {"jg": str(state)}


def test_before_the_first_state_there_is_none():
    later = [DatedState(OPERATING, date(2018, 6, 1))]
    assert state_on(later, date(2018, 5, 31)) is None
    assert state_on([], date(2018, 5, 31)) is None
    assert states_on(table({"jg": later}), date(2018, 5, 31)).empty


def test_of_two_states_on_one_day_the_last_listed_wins():
    same = [DatedState(OPERATING, date(2018, 6, 1)), DatedState(CLOSED, date(2018, 6, 1))]
    assert state_on(same, date(2018, 6, 1)) == same[1]
    assert state_on(same[::-1], date(2018, 6, 1)) == same[0]


DAYS = st.dates(date(2017, 1, 1), date(2017, 1, 9))
HISTORIES = st.lists(
    st.builds(DatedState, st.sampled_from(InstitutionState), st.none() | DAYS, st.none() | DAYS), max_size=5
)


@given(st.dictionaries(st.sampled_from("abc"), HISTORIES), DAYS)
def test_many_institutions_at_once_agree_with_one_by_one(histories, day):
    expected = {name: state_on(history, day) for name, history in histories.items()}
    found = states_on(table(histories), day)
    assert found["state"].to_dict() == {
        name: str(item.state) for name, item in expected.items() if item is not None
    }
    assert {name: None if pd.isna(day) else day.date() for name, day in found["planned_opening"].items()} == {
        name: item.planned_opening for name, item in expected.items() if item is not None
    }


@pytest.mark.parametrize(
    ("text", "items"),
    [
        (None, ()),
        ("", ()),
        (" 、,", ()),
        ("康复", ("康复",)),
        ("康复、送教;临时监护", ("康复", "送教", "临时监护")),
        ("640101，640102; 640103\n640104/640105", ("640101", "640102", "640103", "640104", "640105")),
        ("康复、康复", ("康复",)),
    ],
)
def test_lists_in_a_cell(text, items):
    assert split_list(text) == items


@given(st.text(max_size=20))
def test_splitting_again_changes_nothing(text):
    assert split_list("、".join(split_list(text))) == split_list(text)


def test_there_are_six_kinds():
    assert len(InstitutionKind) == 6


def test_an_id_depends_on_kind_name_and_county():
    ids = {
        institution_id("儿童之家", "甲", "640101"),
        institution_id("儿童之家", "乙", "640101"),
        institution_id("儿童之家", "甲", "640102"),
        institution_id("儿童福利机构", "甲", "640101"),
    }
    assert len(ids) == 4
    assert all(len(identifier) == 13 for identifier in ids)
    assert institution_id("儿童之家", "甲", "640101") in ids
