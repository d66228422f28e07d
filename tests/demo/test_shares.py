import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.demo.shares import apportion


def test_largest_remainder_by_eye() -> None:
    # exact parts 3.5, 1.75, 1.75: three whole, then one each to the two remainders of .75
    assert apportion(7, [2, 1, 1]).tolist() == [3, 2, 2]


def test_equal_remainders_go_to_the_first() -> None:
    assert apportion(4, [1, 1, 1]).tolist() == [2, 1, 1]


@pytest.mark.parametrize(("total", "parts"), [(0, [0, 0]), (1, [0, 1])])
def test_small_totals(total: int, parts: list[int]) -> None:
    assert apportion(total, [1, 2]).tolist() == parts


@given(
    st.integers(0, 10**6),
    st.lists(st.floats(0, 1e6), min_size=1, max_size=30).filter(lambda weights: sum(weights) > 1e-3),
)
def test_sums_exactly_and_stays_within_one(total: int, weights: list[float]) -> None:
    parts = apportion(total, weights)
    exact = total * np.array(weights) / np.sum(weights)
    assert parts.sum() == total
    assert (np.abs(parts - exact) < 1 + 1e-6).all()
