"""The legal measure of 四(二), on tables small enough to count by eye."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.model.coverage import Basis, CountyStatus
from planner.model.institutions import DatedState, InstitutionKind, InstitutionState, state_on
from planner.policy.indicators import (
    COVERAGE_TARGET_DAY,
    county_coverage,
    covered_on,
    line_days,
    openings,
    percent,
    presence,
    serving,
)

A, B, C = "640101", "640102", "640201"
PROTECTION, WELFARE = InstitutionKind.PROTECTION, InstitutionKind.WELFARE


def institutions(*rows):
    """Rows (id, county[, jurisdiction[, kind]])."""
    full = [(*row, None, None)[:4] for row in rows]
    frame = pd.DataFrame(full, columns=["id", "county", "jurisdiction", "kind"])
    return frame.assign(kind=[str(kind or PROTECTION) for kind in frame["kind"]])


def states(*rows):
    """Rows (institution, state[, since[, planned opening]])."""
    full = [(*row, None, None)[:4] for row in rows]
    frame = pd.DataFrame(full, columns=["institution", "state", "since", "planned_opening"])
    return frame.astype({"since": "datetime64[s]", "planned_opening": "datetime64[s]"})


def covered(places, history, day="2020-12-31", *, counties=(A, B, C), target="2020-12-31"):
    as_of = date.fromisoformat(day)
    present = presence(serving(places, counties, kind=PROTECTION), history, as_of)
    return county_coverage(counties, present, as_of=as_of, target_day=date.fromisoformat(target))


def pairs(places, counties=(A, B, C), kind=PROTECTION):
    return [tuple(row) for row in serving(places, counties, kind=kind).to_numpy()]


# Whom an institution serves


def test_an_empty_jurisdiction_is_the_own_county():
    assert pairs(institutions(("jg", A))) == [("jg", A, True)]
    assert pairs(institutions(("jg", A, ""))) == [("jg", A, True)]
    assert pairs(institutions(("jg", A, float("nan")))) == [("jg", A, True)]


def test_a_declared_jurisdiction_is_exactly_the_counties_named():
    assert pairs(institutions(("jg", A, f"{A}、{B}"))) == [("jg", A, True), ("jg", B, False)]
    assert pairs(institutions(("jg", A, B))) == [("jg", B, False)]


def test_a_prefecture_or_the_region_stands_for_its_counties():
    assert [row[1] for row in pairs(institutions(("jg", A, "6401")))] == [A, B]
    assert [row[1] for row in pairs(institutions(("jg", A, "64")))] == [A, B, C]


def test_a_county_named_twice_counts_once():
    assert pairs(institutions(("jg", A, f"{A}、6401、{A}"))) == [("jg", A, True), ("jg", B, False)]


def test_a_jurisdiction_below_the_county_does_not_hold_the_county():
    assert pairs(institutions(("jg", A, f"{A}100"))) == []


def test_other_kinds_and_counties_outside_the_area_are_left_out():
    places = institutions(("jg-1", A, None, PROTECTION), ("jg-2", A, None, WELFARE), ("jg-3", "640999"))
    assert pairs(places) == [("jg-1", A, True)]
    assert pairs(places, kind=WELFARE) == [("jg-2", A, True)]


# The state of a county


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("运营", CountyStatus.COVERED),
        ("在建", CountyStatus.BUILDING),
        ("挂牌未运营", CountyStatus.NOMINAL),
        ("停用", CountyStatus.CLOSED),
    ],
)
def test_only_an_operating_institution_covers(state, status):
    table = covered(institutions(("jg", A)), states(("jg", state)))
    assert table["status"].tolist() == [status, CountyStatus.NONE, CountyStatus.NONE]
    assert table["covered"].tolist() == [state == "运营", False, False]
    assert table["operating"].tolist() == [int(state == "运营"), 0, 0]


def test_the_best_of_what_is_there_is_the_status():
    order = ["停用", "挂牌未运营", "在建", "运营"]
    expected = ["停用", "挂牌未运营", "在建", "已覆盖"]
    for many, status in enumerate(expected, start=1):
        names = [f"jg-{position}" for position in range(many)]
        table = covered(
            institutions(*((name, A) for name in names)),
            states(*((name, state) for name, state in zip(names, order, strict=False))),
        )
        assert table.loc[A, "status"] == status


def test_an_institution_without_a_state_by_the_day_is_not_there():
    table = covered(institutions(("jg", A), ("silent", B)), states(("jg", "运营", "2021-01-01")))
    assert table["status"].tolist() == [CountyStatus.NONE] * 3


def test_cover_from_another_county_is_shared_unless_an_own_one_operates():
    places = institutions(("jg-1", A, f"{A}、{B}"), ("jg-2", B))
    building = states(("jg-1", "运营"), ("jg-2", "在建"))
    assert covered(places, building)["shared"].tolist() == [False, True, False]
    both = states(("jg-1", "运营"), ("jg-2", "运营"))
    table = covered(places, both)
    assert table["shared"].tolist() == [False, False, False]
    assert table["operating"].tolist() == [1, 2, 0]


# Projection


def test_the_plan_in_force_on_the_day_counts_not_a_later_one():
    history = states(("jg", "在建", "2018-01-01", "2019-06-30"), ("jg", "在建", "2019-01-01", "2021-06-30"))
    place = institutions(("jg", A))
    assert covered(place, history, "2018-12-31").loc[A, "projected"]
    assert not covered(place, history, "2019-12-31").loc[A, "projected"]


def test_without_a_plan_the_recorded_opening_after_the_day_stands_in():
    history = states(("jg", "在建"), ("jg", "运营", "2020-06-01"), ("jg", "运营", "2021-06-01"))
    assert openings(history, date(2018, 1, 1)).to_dict() == {"jg": pd.Timestamp("2020-06-01")}
    assert covered(institutions(("jg", A)), history, "2018-01-01").loc[A, "projected"]


def test_without_any_day_nothing_is_promised():
    table = covered(institutions(("jg", A)), states(("jg", "在建")), "2018-01-01")
    assert not table["projected"].any()
    assert table["planned_opening"].isna().all()


@pytest.mark.parametrize("state", ["挂牌未运营", "停用"])
def test_a_plan_counts_only_while_building(state):
    history = states(("jg", state, None, "2019-01-01"))
    assert not covered(institutions(("jg", A)), history, "2018-01-01")["projected"].any()


@pytest.mark.parametrize(("planned", "projected"), [("2020-12-31", True), ("2021-01-01", False)])
def test_the_target_day_itself_is_in_time(planned, projected):
    table = covered(institutions(("jg", A)), states(("jg", "在建", None, planned)), "2018-01-01")
    assert table.loc[A, "projected"] == projected
    assert table.loc[A, "planned_opening"] == pd.Timestamp(planned)


def test_the_earliest_opening_of_several_is_shown():
    history = states(("jg-1", "在建", None, "2020-06-30"), ("jg-2", "在建", None, "2019-06-30"))
    table = covered(institutions(("jg-1", A), ("jg-2", A)), history, "2018-01-01")
    assert table.loc[A, "planned_opening"] == pd.Timestamp("2019-06-30")


def test_on_the_target_day_a_plan_is_no_longer_a_projection():
    history = states(("jg", "在建", None, "2020-06-30"))
    for day in ("2020-12-31", "2022-01-01"):
        assert not covered(institutions(("jg", A)), history, day)["projected"].any()


# The line of the years


def test_the_line_runs_over_the_year_ends_and_both_days():
    assert line_days(date(2018, 12, 31), date(2020, 12, 31)) == [
        date(2017, 12, 31),
        date(2018, 12, 31),
        date(2019, 12, 31),
        date(2020, 12, 31),
    ]
    assert line_days(date(2018, 5, 1), date(2019, 6, 1)) == [
        date(2017, 12, 31),
        date(2018, 5, 1),
        date(2018, 12, 31),
        date(2019, 6, 1),
    ]
    assert line_days(date(2016, 1, 1), date(2016, 6, 1)) == [date(2016, 1, 1), date(2016, 6, 1)]
    assert line_days(date(2021, 12, 31), date(2020, 12, 31))[-1] == date(2021, 12, 31)


def test_a_day_is_recorded_up_to_as_of_and_planned_after_it():
    places = institutions(("jg-1", A), ("jg-2", B))
    history = states(
        ("jg-1", "运营", "2018-06-01"), ("jg-1", "停用", "2019-06-01"), ("jg-2", "在建", None, "2020-03-01")
    )
    served = serving(places, [A, B], kind=PROTECTION)

    def on(day, as_of):
        return covered_on(date.fromisoformat(day), [A, B], served, history, as_of=date.fromisoformat(as_of))

    assert on("2017-12-31", "2018-12-31") == (Basis.RECORDED, [])
    assert on("2018-12-31", "2018-12-31") == (Basis.RECORDED, [A])
    assert on("2019-12-31", "2018-12-31") == (Basis.PLANNED, [A])
    assert on("2020-12-31", "2018-12-31") == (Basis.PLANNED, [A, B])
    assert on("2020-12-31", "2020-12-31") == (Basis.RECORDED, [])


@pytest.mark.parametrize(
    ("part", "whole", "share"), [(1, 2, 50.0), (0, 3, 0.0), (1, 3, 33.3333), (0, 0, None), (3, 3, 100.0)]
)
def test_percent(part, whole, share):
    assert percent(part, whole) == share


def test_no_counties_and_no_institutions():
    assert covered(institutions(), states(), counties=()).empty
    assert covered(institutions(), states())["status"].tolist() == [CountyStatus.NONE] * 3


# Properties

DAYS = st.dates(date(2017, 1, 1), date(2022, 12, 31))
SITES = st.lists(
    st.tuples(
        st.sampled_from([A, B, C]),
        st.none() | st.sampled_from([A, B, f"{A}、{C}", "6401", "64", f"{A}100"]),
        st.lists(
            st.builds(DatedState, st.sampled_from(InstitutionState), st.none() | DAYS, st.none() | DAYS),
            max_size=3,
        ),
    ),
    max_size=5,
)


def assess(sites, day, target=COVERAGE_TARGET_DAY):
    places = institutions(*((f"jg-{i}", county, area) for i, (county, area, _) in enumerate(sites)))
    history = states(
        *(
            (f"jg-{i}", str(item.state), item.since, item.planned_opening)
            for i, (_, _, items) in enumerate(sites)
            for item in items
        )
    )
    return covered(places, history, day.isoformat(), target=target.isoformat())


@given(SITES, DAYS)
def test_covered_counties_are_those_counted_one_by_one(sites, day):
    held = set()
    for county, area, history in sites:
        state = state_on(history, day)
        if state is not None and state.state is InstitutionState.OPERATING:
            named = area.split("、") if area else [county]
            held |= {code for code in (A, B, C) for prefix in named if code.startswith(prefix)}
    table = assess(sites, day)
    assert set(table.index[table["covered"]]) == held


@given(SITES, DAYS, DAYS)
def test_covered_is_part_of_projected(sites, day, target):
    table = assess(sites, day, target)
    assert not (table["covered"] & ~table["projected"]).any()
    assert not (table["shared"] & ~table["covered"]).any()


@given(SITES, DAYS, st.sampled_from([A, B, C]))
def test_one_more_operating_institution_never_uncovers(sites, day, county):
    before = assess(sites, day)
    more = [*sites, (county, None, [DatedState(InstitutionState.OPERATING)])]
    after = assess(more, day)
    for column in ("covered", "projected"):
        assert not (before[column] & ~after[column]).any()
    assert after.loc[county, "covered"]


def test_the_target_is_the_end_of_2020():
    assert date(2020, 12, 31) == COVERAGE_TARGET_DAY
