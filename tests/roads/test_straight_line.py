"""The straight-line estimate: metres × 1.4 at 40 km/h unless told otherwise."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from planner.roads import StraightLine

ORIGIN = np.array([[0.0, 0.0]])
MISSING = [np.nan, np.nan]


def places(*coordinates):
    return np.array(coordinates, dtype=float).reshape(-1, 2)


def test_ten_kilometres_take_21_minutes():
    assert StraightLine().minutes(ORIGIN, places([6_000, 8_000])).tolist() == [[21.0]]


def test_detour_and_speed_are_editable():
    assert StraightLine(detour=1, speed_kmh=60).minutes(ORIGIN, places([0, 5_000])).tolist() == [[5.0]]


@pytest.mark.parametrize(
    ("detour", "speed_kmh", "metres"),
    [(1.25, 40, 32_000.0), (1.4, 40, 200_000 / 7), (1.4, 35, 25_000.0), (1.1, 30, 30_000 / 1.1)],
)
def test_sixty_minutes_are_exactly_sixty(detour, speed_kmh, metres):
    travel = StraightLine(detour=detour, speed_kmh=speed_kmh)
    _, minutes = travel.nearest(ORIGIN, places([metres, 0]))
    assert minutes.tolist() == [60.0]
    assert travel.minutes(ORIGIN, places([0, metres])).tolist() == [[60.0]]


def test_a_metre_further_is_beyond_sixty():
    _, minutes = StraightLine(detour=1.25).nearest(ORIGIN, places([32_001, 0]))
    assert minutes[0] > 60


def test_a_missing_place_is_unreachable_and_never_near():
    index, minutes = StraightLine().nearest(places(MISSING, [0, 0]), places(MISSING, [1_000, 0]))
    assert index.tolist() == [-1, 1]
    assert minutes.tolist() == [np.inf, 2.1]
    assert np.isinf(StraightLine().minutes(places(MISSING), ORIGIN)).all()


@pytest.mark.parametrize("targets", [places(), places(MISSING)])
def test_no_target_is_unreachable(targets):
    index, minutes = StraightLine().nearest(ORIGIN, targets)
    assert (index.tolist(), minutes.tolist()) == ([-1], [np.inf])


def test_no_origin_gives_nothing():
    index, minutes = StraightLine().nearest(places(), ORIGIN)
    assert (len(index), len(minutes)) == (0, 0)
    assert StraightLine().minutes(places(), ORIGIN).shape == (0, 1)


@pytest.mark.parametrize("sites", range(1, 9))
def test_of_equally_near_targets_the_first_listed_wins(sites):
    around = [(5_000, 0), (0, 5_000), (-5_000, 0), (0, -5_000), (3_000, 4_000), (-3_000, 4_000)]
    around += [(3_000, -4_000), (-3_000, -4_000)]
    far = [(9_000, 9_000)]
    index, _ = StraightLine().nearest(ORIGIN, places(*far, *around[:sites]))
    assert index.tolist() == [1]


def test_sites_in_one_building_are_a_tie():
    index, minutes = StraightLine().nearest(ORIGIN, places(*[(1_000, 0)] * 40))
    assert (index.tolist(), minutes.tolist()) == ([0], [2.1])


@given(
    hnp.arrays(float, st.tuples(st.integers(0, 6), st.just(2)), elements=st.integers(-9, 9).map(float)),
    hnp.arrays(float, st.tuples(st.integers(1, 12), st.just(2)), elements=st.integers(-9, 9).map(float)),
)
def test_nearest_is_the_first_minimum_of_all_minutes(origins, targets):
    travel = StraightLine(detour=1, speed_kmh=0.06)
    index, minutes = travel.nearest(origins, targets)
    every = travel.minutes(origins, targets)
    assert minutes.tolist() == every.min(axis=1).tolist()
    assert index.tolist() == every.argmin(axis=1).tolist()


# Within a cutoff


def test_within_holds_the_edge_and_a_way_of_no_minutes():
    travel = StraightLine(detour=1, speed_kmh=60)
    found = travel.within(
        places([0, 0], MISSING, [5_000, 0]), places([0, 0], MISSING, [10_000, 0], [10_001, 0]), limit_min=10.0
    )
    assert found.shape == (3, 4)
    assert found.indptr.tolist() == [0, 2, 2, 5]
    assert found.indices.tolist() == [0, 2, 0, 2, 3]
    assert found.data.tolist() == [0.0, 10.0, 5.0, 5.0, 5.001]


@pytest.mark.parametrize(
    ("origins", "targets"), [(places(), ORIGIN), (ORIGIN, places()), (places(MISSING), ORIGIN)]
)
def test_within_of_nothing_is_empty(origins, targets):
    found = StraightLine().within(origins, targets, limit_min=60.0)
    assert (found.nnz, found.shape) == (0, (len(origins), len(targets)))


@given(
    hnp.arrays(float, st.tuples(st.integers(0, 6), st.just(2)), elements=st.integers(-9, 9).map(float)),
    hnp.arrays(float, st.tuples(st.integers(0, 6), st.just(2)), elements=st.integers(-9, 9).map(float)),
    st.sampled_from([0.0, 5.0, 7.5, np.inf]),
)
def test_within_is_all_minutes_cut_off(origins, targets, limit_min):
    travel = StraightLine(detour=1, speed_kmh=0.06)
    every = travel.minutes(origins, targets)
    rows, columns = np.nonzero(every <= limit_min)
    found = travel.within(origins, targets, limit_min=limit_min).tocoo()
    assert [part.tolist() for part in found.coords] == [rows.tolist(), columns.tolist()]
    assert found.data.tolist() == every[rows, columns].tolist()
