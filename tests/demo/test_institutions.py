from collections import Counter
from datetime import date

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from planner.demo.institutions import ordinary_sites
from planner.demo.sites import Site, institution_frame, state_frame
from planner.model.institutions import DatedState, InstitutionKind, InstitutionState
from tests.demo.conftest import BORDER, square_county

PREFECTURES = {"6409": "方市"}


@pytest.fixture(scope="module")
def sites() -> list[Site]:
    """Of thirty seeds, so that every kind and every fate occurs."""
    return [
        site
        for seed in range(30)
        for site in ordinary_sites(
            square_county("640999", "方县", seed=seed), PREFECTURES, hosts_prefecture=seed == 0, seed=seed
        )
    ]


def test_all_kinds_but_protection(sites: list[Site]) -> None:
    assert {site.kind for site in sites} == set(InstitutionKind) - {InstitutionKind.PROTECTION}
    assert {str(item.state) for site in sites for item in site.states} == set(InstitutionState)


def test_the_host_serves_its_prefecture() -> None:
    county = square_county("640999", "方县")
    host = ordinary_sites(county, PREFECTURES, hosts_prefecture=True, seed=0)[0]
    assert (host.name, host.tier, host.jurisdiction) == ("方市儿童福利院(示例)", "市", ("6409",))
    others = ordinary_sites(county, PREFECTURES, hosts_prefecture=False, seed=0)
    assert not any(site.jurisdiction for site in others)


def test_states_are_dated_from_2015_to_2021_in_order(sites: list[Site]) -> None:
    for site in sites:
        days = [item.since for item in site.states if item.since]
        assert len(days) == len(site.states)
        assert days == sorted(set(days))
        assert date(2015, 1, 1) <= days[0]
        assert days[-1] <= date(2021, 12, 31)


def test_only_a_childrens_home_has_no_beds(sites: list[Site]) -> None:
    without = Counter(site.kind for site in sites if site.beds is None)
    assert set(without) == {InstitutionKind.CHILDREN_HOME}
    assert all(site.staff for site in sites)


def test_rows_are_marked_and_lie_in_the_county() -> None:
    sites = ordinary_sites(square_county("640999", "方县"), PREFECTURES, hosts_prefecture=True, seed=0)
    frame = institution_frame(sites)
    assert frame["id"].is_unique
    assert frame["name"].str.endswith("(示例)").all()
    assert frame["address"].str.contains("示例").all()
    assert (frame["origin"] == "示例").all()
    assert frame.crs.to_epsg() == 4490
    assert shapely.contains(BORDER, frame.geometry.array).all()


def test_frames_by_eye() -> None:
    site = Site(
        name="甲(示例)",
        kind=InstitutionKind.WELFARE,
        tier="县",
        county="640999",
        address="示例路1号",
        point_m=(600_000.0, 4_100_000.0),
        states=(
            DatedState(InstitutionState.BUILDING, date(2019, 1, 2), date(2020, 1, 1)),
            DatedState(InstitutionState.OPERATING, date(2020, 3, 4)),
        ),
        services=("康复训练", "辅具适配"),
        beds=8,
    )
    row = institution_frame([site]).iloc[0]
    assert (row["jurisdiction"], row["services"], row["beds"]) == (None, "康复训练、辅具适配", 8.0)
    assert pd.isna(row["staff"])
    states = state_frame([site])
    assert states["institution"].tolist() == [row["id"]] * 2
    assert states["since"].tolist() == [pd.Timestamp("2019-01-02"), pd.Timestamp("2020-03-04")]
    assert pd.isna(states["planned_opening"].iloc[1])


def test_no_institution_is_an_empty_frame() -> None:
    frame = institution_frame([])
    assert isinstance(frame, gpd.GeoDataFrame)
    assert len(frame) == len(state_frame([])) == 0
    assert frame.crs.to_epsg() == 4490
