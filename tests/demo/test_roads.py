"""The roads of the demo: everybody connected, winding as roads do, the same for the same seed."""

from dataclasses import replace

import numpy as np
import pytest

from planner.demo.content import make_content
from planner.demo.roads import make_roads
from planner.roads import RoadTravel
from planner.roads.words import CLASSES
from tests.demo.conftest import square_county


@pytest.fixture
def network(county):
    return make_roads([county], seed=0)


def classes(network):
    return {list(CLASSES)[kind] for kind in np.unique(network.road_class)}


def test_every_village_and_seat_lies_on_the_one_network(county, network):
    places_m = np.concatenate([county.seats_m, county.villages_m])
    assert network.largest_component().all()
    assert RoadTravel.build(network).places(places_m).access_m == pytest.approx(0, abs=0.2)


def test_a_trip_is_longer_than_the_straight_line_as_on_real_roads(county, network):
    travel = RoadTravel.build(network)
    length_m = network.length_m[network.arc_edge]
    metres = replace(
        travel, engine=travel.engine.with_seconds(length_m), snapper=replace(travel.snapper, arc_s=length_m)
    )
    straight_m = np.hypot(*(county.villages_m[:, None] - county.seats_m[None]).transpose(2, 0, 1))
    far = straight_m > 3_000
    detour = (metres.minutes(county.villages_m, county.seats_m) * 60)[far] / straight_m[far]
    assert 1.2 < np.median(detour) < 1.6


def test_the_same_seed_gives_the_same_roads_another_one_others(county):
    assert make_roads([county], seed=0).hash == make_roads([county], seed=0).hash
    assert make_roads([county], seed=0).hash != make_roads([county], seed=1).hash


def test_the_seats_are_joined_to_the_county_town_by_county_roads(network):
    assert {"secondary", "unclassified"} <= classes(network)
    assert "trunk" not in classes(network)
    assert network.names.tolist() == ["方县县道(示例)"]


def test_counties_are_joined_by_national_roads_and_keep_their_own(region):
    one, both = (
        make_content(region, codes, children=100, seed=0).roads
        for codes in (["640324"], ["640324", "640303"])
    )
    assert both.largest_component().all()
    assert "trunk" in classes(both)
    own = {tuple(point) for point in one.points_m.round(1)}
    assert own <= {tuple(point) for point in both.points_m.round(1)}


def test_a_county_of_few_places_has_roads_too():
    county = square_county("640998", "小县")
    tiny = replace(
        county,
        seats_m=county.seats_m[:1],
        villages_m=county.villages_m[:1],
        townships=county.townships[:1],
        villages=county.villages[:1],
    )
    network = make_roads([tiny], seed=0)
    assert (network.node_count, network.edge_count) == (2, 1)
