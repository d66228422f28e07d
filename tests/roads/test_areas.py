"""Reachable areas: bands beside the reached roads."""

from itertools import pairwise

import numpy as np
import shapely

from planner.roads import RoadTravel
from planner.roads.areas import LIMITS_MIN, reachable_areas
from tests.roads.grids import at, even_speeds, network_of


def points(places):
    return shapely.points(places)


def test_a_straight_road_is_reached_as_far_as_the_minutes_go():
    travel = RoadTravel.build(network_of([(0, 0), (100, 0)]), even_speeds())
    areas = reachable_areas(travel, at((50, 0)), band_m=500)
    for limit_min, area in zip(LIMITS_MIN, areas, strict=True):
        reach_km = min(limit_min, 50)
        inside, beyond = at((50 + reach_km - 0.1, 0)), at((50 + reach_km + 0.7, 0))
        assert shapely.contains(area, points(inside)).all()
        assert not shapely.contains(area, points(beyond)).any()


def test_areas_are_valid_and_each_holds_the_smaller_ones():
    chance = np.random.default_rng(0)
    spots = chance.integers(0, 40, (120, 2))
    network = network_of(*[[tuple(spots[i]), tuple(spots[i + 1])] for i in range(119)])
    travel = RoadTravel.build(network, even_speeds())
    areas = reachable_areas(travel, at((20, 20)))
    assert all(area.is_valid and area.geom_type in ("Polygon", "MultiPolygon") for area in areas)
    assert all(shapely.difference(small, large).area < 1 for small, large in pairwise(areas))
    assert areas[0].area < areas[-1].area


def test_a_one_way_street_is_not_gone_back():
    ring = ([(0, 0), (30, 0), (30, 30), (0, 30), (0, 0)], {"oneway": True})
    area = reachable_areas(RoadTravel.build(network_of(ring), even_speeds()), at((15, 0)), limits_min=[10])[0]
    assert shapely.contains(area, points(at((24, 0)))).all()
    assert not shapely.contains(area, points(at((13, 0)))).any()


def test_of_several_places_the_nearest_counts():
    travel = RoadTravel.build(network_of([(0, 0), (100, 0)]), even_speeds())
    area = reachable_areas(travel, at((10, 0), (90, 0)), limits_min=[10])[0]
    assert area.geom_type == "MultiPolygon"
    assert shapely.contains(area, points(at((1, 0), (99, 0)))).all()


def test_nothing_is_reached_from_nowhere():
    travel = RoadTravel.build(network_of([(0, 0), (10, 0)]), even_speeds())
    for places in (at(), at((np.nan, np.nan)), at((0, 50))):
        assert all(area.is_empty for area in reachable_areas(travel, places))


def test_the_access_leg_takes_its_time():
    travel = RoadTravel.build(network_of([(0, 0), (10, 0)]), even_speeds())
    area = reachable_areas(travel, at((5, 0.5)), limits_min=[6, 7])  # 500 m on foot: 6 minutes
    assert area[0].is_empty
    assert shapely.contains(area[1], points(at((4.1, 0), (5.9, 0)))).all()
