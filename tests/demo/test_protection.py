"""What the demo promises of 未成年人保护机构, for any seed: read off the dated states, county by county."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from planner.demo.county import County
from planner.demo.protection import protection_sites
from planner.demo.sites import Site
from planner.model.institutions import InstitutionKind, InstitutionState, state_on
from tests.demo.conftest import square_county

# The counties of Ningxia by prefecture: 6, 3, 5, 5 and 3.
CODES = [
    *("640104", "640105", "640106", "640121", "640122", "640181"),
    *("640202", "640205", "640221"),
    *("640302", "640303", "640323", "640324", "640381"),
    *("640402", "640422", "640423", "640424", "640425"),
    *("640502", "640521", "640522"),
]
PREFECTURES = {"6401": "银川市", "6402": "石嘴山市", "6403": "吴忠市", "6404": "固原市", "6405": "中卫市"}
SEEDS = range(60)


@pytest.fixture(scope="module")
def counties() -> list[County]:
    return [square_county(code, f"县{code}") for code in CODES]


def _covered(sites: list[Site], day: date) -> set[str]:
    """The counties with an operating institution on the day."""
    return {
        code
        for site in sites
        if (state := state_on(site.states, day)) and state.state is InstitutionState.OPERATING
        for code in site.jurisdiction or (site.county,)
    }


def _year_end(year: int) -> date:
    return date(year, 12, 31)


def _ever_covered(sites: list[Site], until: date) -> set[str]:
    days = {item.since for site in sites for item in site.states if item.since and item.since <= until}
    return set().union(*(_covered(sites, day) for day in days))


def _keeps_the_promise(sites: list[Site], codes: list[str]) -> None:
    for year in (2018, 2019, 2020):
        before = _ever_covered(sites, _year_end(year - 1))
        assert _covered(sites, _year_end(year)) - before, year
    still_building = [
        site
        for site in sites
        if (state := state_on(site.states, _year_end(2020)))
        and state.state is InstitutionState.BUILDING
        and state.planned_opening
        and state.planned_opening.year == 2021
        and site.states[-1].since
        and site.states[-1].since.year == 2021
        and site.states[-1].state is InstitutionState.OPERATING
    ]
    assert still_building
    assert set(codes) - _ever_covered(sites, _year_end(2021))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_whole_region(counties: list[County], seed: int) -> None:
    sites = protection_sites(counties, PREFECTURES, seed=seed)
    _keeps_the_promise(sites, CODES)
    assert 3 <= len(_covered(sites, _year_end(2017))) < len(_covered(sites, _year_end(2020))) == 17
    shared = [site for site in sites if site.jurisdiction]
    assert len(shared) == 1
    assert len({code[:4] for code in shared[0].jurisdiction}) == 1
    assert 2 <= len(shared[0].jurisdiction) <= 3
    assert shared[0].tier == "市"
    last = Counter(str(site.states[-1].state) for site in sites)
    assert last["挂牌未运营"] == 1
    assert last["停用"] == 1


@pytest.mark.parametrize("seed", SEEDS)
def test_any_five_counties(counties: list[County], seed: int) -> None:
    start = seed % 18
    some = counties[start : start + 5]
    _keeps_the_promise(protection_sites(some, PREFECTURES, seed=seed), [county.code for county in some])


@pytest.mark.parametrize("seed", range(10))
def test_six_to_nine_counties(counties: list[County], seed: int) -> None:
    for count in (6, 7, 8, 9):
        some = counties[:count]
        _keeps_the_promise(protection_sites(some, PREFECTURES, seed=seed), [county.code for county in some])


def test_one_county_is_covered_in_2020(counties: list[County]) -> None:
    [site] = protection_sites(counties[:1], PREFECTURES, seed=0)
    assert not _covered([site], _year_end(2019))
    assert _covered([site], _year_end(2020)) == {CODES[0]}


def test_no_county_has_no_institution() -> None:
    assert protection_sites([], PREFECTURES, seed=0) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_states_are_in_order_and_rows_say_what_they_are(counties: list[County], seed: int) -> None:
    sites = protection_sites(counties, PREFECTURES, seed=seed)
    assert len({site.county for site in sites}) == len(sites)
    for site in sites:
        days = [item.since for item in site.states if item.since]
        assert days == sorted(set(days))
        assert days[0].year >= 2015
        assert days[-1].year <= 2021
        assert site.kind is InstitutionKind.PROTECTION
        assert site.name.endswith("(示例)")
        assert "示例" in site.address


def test_another_seed_is_another_region(counties: list[County]) -> None:
    first, again, other = (protection_sites(counties, PREFECTURES, seed=seed) for seed in (0, 0, 1))
    assert first == again
    assert first != other
