"""The measures on arrays: by eye, by their laws, and beside the package `access`."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from planner.model.coverage import CatchmentMethod
from plugins.coverage_gaps.accessibility import (
    METHODS,
    accessibility,
    children_within,
    gauss,
    gini,
    nearest,
    per_place,
    shortfall,
    steps,
    weigh,
)
from tests.plugins.coverage_gaps.access_oracle import by_access, frames

ALL = list(CatchmentMethod)
NO_WAY = None


def ways(rows):
    """CSR from rows of minutes, None where no way leads; zeros stay."""
    at = [(i, j) for i, row in enumerate(rows) for j, value in enumerate(row) if value is not NO_WAY]
    values = [float(rows[i][j]) for i, j in at]
    shape = (len(rows), len(rows[0]) if rows else 0)
    return csr_array((values, ([i for i, _ in at], [j for _, j in at])), shape=shape)


def measure(rows, capacity, population, method, catchment_min=60.0):
    return accessibility(
        ways(rows),
        np.array(capacity, dtype=float),
        np.array(population, dtype=float),
        method=method,
        catchment_min=catchment_min,
    )


# By eye


def test_two_step_shares_the_beds_of_a_site_among_all_in_its_catchment():
    # Site 0 serves both (10 beds, 5 children), site 1 the second alone (3 beds, 3 children).
    found = measure([[0, NO_WAY], [60, 30]], [10, 3], [2, 3], CatchmentMethod.TWO_STEP)
    assert found.tolist() == [2.0, 3.0]


@pytest.mark.parametrize(
    ("capacity", "population", "catchment_min", "told"),
    [
        ([-1], [2], 60, "capacity must be finite and at least 0"),
        ([1], [np.nan], 60, "population must be finite"),
        ([1, 1], [2], 60, r"capacity must have shape \(1,\)"),
        ([1], [2], 0, "more than 0 minutes"),
    ],
)
def test_what_makes_no_sense_is_refused(capacity, population, catchment_min, told):
    with pytest.raises(ValueError, match=told):
        measure([[10]], capacity, population, CatchmentMethod.GAUSS, catchment_min)


def test_steps_weigh_by_thirds_and_each_edge_belongs_to_the_nearer():
    assert steps(np.array([0.0, 20.0, 20.1, 40.0, 40.1, 60.0]), 60.0).tolist() == [
        1,
        1,
        0.68,
        0.68,
        0.22,
        0.22,
    ]
    found = measure([[20], [60]], [61], [50, 50], CatchmentMethod.STEPS)
    assert found.tolist() == [1.0, 0.22]


def test_gauss_falls_from_one_to_nothing_at_the_edge():
    assert gauss(np.array([0.0, 60.0]), 60.0).tolist() == [1.0, 0.0]
    assert gauss(np.array([30.0]), 60.0)[0] == pytest.approx(0.7013, abs=1e-4)


def test_three_step_gives_a_single_site_its_weight_once():
    # One site at w: the village counts w of its children, and gets w of the ratio: beds ÷ children.
    assert measure([[30]], [10], [5], CatchmentMethod.THREE_STEP).tolist() == pytest.approx([2.0])
    minutes, children = ways([[30]]), np.array([5.0])
    counted = METHODS[CatchmentMethod.THREE_STEP](minutes, 60.0).demand(children)
    assert counted == pytest.approx(5 * gauss(np.array([30.0]), 60.0))


def test_balanced_counts_every_child_once():
    minutes, children = ways([[10, 50], [30, 30], [NO_WAY, 5]]), np.array([7.0, 2.0, 4.0])
    counted = METHODS[CatchmentMethod.BALANCED](minutes, 60.0).demand(children)
    assert counted.sum() == pytest.approx(13.0)
    assert counted[0] > 7 / 2
    twice = METHODS[CatchmentMethod.TWO_STEP](minutes, 60.0).demand(children)
    assert twice.tolist() == [9.0, 13.0]


def test_zero_minutes_is_a_way_and_a_minute_beyond_the_catchment_is_none():
    assert measure([[0], [60.000001]], [4], [2, 9], CatchmentMethod.TWO_STEP).tolist() == [2.0, 0.0]


def test_what_is_given_stays_as_it_was():
    minutes = ways([[0, 90], [60, 30]])
    weigh(minutes, catchment_min=60.0, decay=gauss)
    assert minutes.toarray().tolist() == [[0, 90], [60, 30]]
    assert minutes.nnz == 4


# Zeros


@pytest.mark.parametrize("method", ALL)
def test_the_rule_for_zeros(method):
    # No site in reach: 0. No capacity: 0. Nobody in the catchment: no ratio.
    found = measure(
        [[NO_WAY, NO_WAY, NO_WAY], [10, NO_WAY, NO_WAY], [NO_WAY, 10, NO_WAY], [NO_WAY, 10, 20]],
        [0, 5, 0],
        [3, 3, 0, 0],
        method,
    )
    assert found[:2].tolist() == [0.0, 0.0]
    assert np.isnan(found[2:]).all()


@pytest.mark.parametrize("method", ALL)
def test_nothing_at_all(method):
    assert measure([], [], [], method).tolist() == []
    assert measure([[], []], [], [1, 2], method).tolist() == [0.0, 0.0]


# Laws and the oracle


@st.composite
def worlds(draw):
    villages, sites = draw(st.integers(1, 8)), draw(st.integers(1, 4))
    minute = st.one_of(st.none(), st.sampled_from([0, 20, 40, 60, 60.5, 100]), st.floats(0, 120))
    rows = draw(
        st.lists(st.lists(minute, min_size=sites, max_size=sites), min_size=villages, max_size=villages)
    )
    capacity = draw(st.lists(st.integers(0, 50), min_size=sites, max_size=sites))
    population = draw(st.lists(st.integers(1, 30), min_size=villages, max_size=villages))
    return rows, capacity, population


def lately(rows):
    """Without ways whose Gauss weight is 0 or within rounding of it: `access` divides by it."""
    return [[NO_WAY if value is not None and 59.9 < value <= 60 else value for value in row] for row in rows]


@settings(max_examples=60, deadline=None)
@given(worlds(), st.sampled_from(ALL))
def test_equal_to_access(world, method):
    rows, capacity, population = world
    if method not in (CatchmentMethod.TWO_STEP, CatchmentMethod.STEPS):
        rows = lately(rows)
    minutes = ways(rows)
    if not (minutes.data <= 60).any():
        return
    given_frames = frames(minutes, np.array(capacity), np.array(population))
    expected = by_access(*given_frames, method=method, catchment_min=60.0)
    assert measure(rows, capacity, population, method) == pytest.approx(expected, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("method", ALL)
def test_equal_to_access_on_300_villages_and_20_sites(method):
    chance = np.random.default_rng(0)
    full = chance.uniform(0, 150, (300, 20))
    full[chance.random((300, 20)) < 0.2] = np.inf
    rows, columns = np.nonzero(np.isfinite(full))
    minutes = csr_array((full[rows, columns], (rows, columns)), shape=full.shape)
    capacity, population = chance.integers(0, 60, 20).astype(float), chance.integers(1, 40, 300).astype(float)
    found = accessibility(minutes, capacity, population, method=method, catchment_min=60.0)
    expected = by_access(*frames(minutes, capacity, population), method=method, catchment_min=60.0)
    assert np.abs(found - expected).max() < 1e-9
    assert found.max() > 0


@settings(max_examples=60, deadline=None)
@given(worlds())
def test_all_beds_are_given_out_once_but_by_the_balanced_measure(world):
    rows, capacity, population = world
    for method in set(ALL) - {CatchmentMethod.BALANCED}:
        minutes = ways(rows)
        counted = METHODS[method](minutes, 60.0).demand(np.array(population, dtype=float))
        given_out = measure(rows, capacity, population, method) @ np.array(population)
        assert given_out == pytest.approx(np.array(capacity)[counted > 0].sum(), rel=1e-9)


def test_every_method_is_there():
    assert list(METHODS) == ALL


# Nearest, curve, places, equity


def test_nearest_and_second_nearest():
    minutes = ways([[5, 0, 9], [7, 7, NO_WAY], [NO_WAY, NO_WAY, 3], [NO_WAY] * 3])
    first, first_min = nearest(minutes)
    assert first.tolist() == [1, 0, 2, -1]
    assert first_min.tolist() == [0.0, 7.0, 3.0, np.inf]
    second, second_min = nearest(minutes, besides=first)
    assert second.tolist() == [0, 1, -1, -1]
    assert second_min.tolist() == [5.0, 7.0, np.inf, np.inf]


def test_nearest_of_nothing():
    site, nearest_min = nearest(csr_array((0, 3)))
    assert (len(site), len(nearest_min)) == (0, 0)
    assert nearest(csr_array((2, 0)))[0].tolist() == [-1, -1]


def test_the_curve_takes_in_the_minute_itself_and_never_the_unreachable():
    nearest_min = np.array([60.0, 0.0, np.inf, np.nan, 60.1])
    children = np.array([3, 2, 5, 7, 1])
    assert children_within(nearest_min, children, np.array([0.0, 59.9, 60.0, 120.0])).tolist() == [2, 2, 5, 6]
    assert children_within(nearest_min[:0], children[:0], np.array([5.0])).tolist() == [0]


def test_children_for_each_place():
    found = per_place([10, 0, 5, 5, 5], [4, 4, 0, np.nan, 10])
    assert found[0] == 2.5
    assert np.isnan(found[1:4]).all()
    assert found[4] == 0.5


def test_gini_by_eye():
    assert gini(np.array([3.0, 3.0]), np.array([1.0, 9.0])) == pytest.approx(0.0, abs=1e-12)
    # Nine of ten people have nothing.
    assert gini(np.array([0.0, 5.0]), np.array([9.0, 1.0])) == pytest.approx(0.9)
    assert np.isnan(gini(np.array([0.0]), np.array([4.0])))
    assert np.isnan(gini(np.array([2.0]), np.array([0.0])))
    assert np.isnan(gini(np.array([]), np.array([])))
    assert np.isnan(gini(np.array([1.0, np.nan]), np.array([1.0, 1.0])))


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 9)), min_size=1, max_size=9))
def test_gini_is_half_the_mean_difference_over_the_mean(held):
    values = np.array([value for value, _ in held], dtype=float)
    weights = np.array([weight for _, weight in held], dtype=float)
    found = gini(values, weights)
    if not (values @ weights):
        assert np.isnan(found)
        return
    pairs = np.abs(values[:, None] - values) * weights[:, None] * weights
    assert found == pytest.approx(pairs.sum() / (2 * (values @ weights) * weights.sum()), abs=1e-12)


def test_what_is_lacking_of_the_mean_counts_as_people():
    lacking, mean = shortfall(np.array([0.0, 0.5, 4.0, np.nan]), np.array([5.0, 2.0, 1.5, 8.0]))
    assert mean == pytest.approx(7 / 8.5)
    assert lacking[:3].tolist() == pytest.approx([5.0, 2 * (1 - 0.5 * 8.5 / 7), 0.0])
    assert np.isnan(lacking[3])


@pytest.mark.parametrize(
    ("values", "people", "mean"), [([np.nan], [1.0], np.nan), ([2.0], [0.0], np.nan), ([0.0], [3.0], 0.0)]
)
def test_without_a_mean_nothing_is_lacking(values, people, mean):
    lacking, found = shortfall(np.array(values), np.array(people))
    assert np.isnan(lacking).all()
    assert found == pytest.approx(mean, nan_ok=True)
