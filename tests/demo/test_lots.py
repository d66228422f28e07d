from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.demo.lots import Lot, between, day_between, happens, one_of


class Fixed:
    """Chance that always says the same."""

    def __init__(self, value: float) -> None:
        self.value = value

    def random(self) -> float:
        return self.value


@pytest.mark.parametrize(
    ("value", "drawn"), [(0.0, "a"), (0.24, "a"), (0.25, "c"), (0.99, "c"), (1 - 2**-53, "c")]
)
def test_a_lot_is_parted_by_its_weights(value: float, drawn: str) -> None:
    # a 1 of 4, b nothing, c 3 of 4
    assert Lot.of({"a": 1.0, "b": 0.0, "c": 3.0}).draw(Fixed(value)) == drawn  # type: ignore[arg-type]


@given(
    st.lists(st.floats(0, 100), min_size=1, max_size=12).filter(lambda weights: sum(weights) > 1e-6),
    st.floats(0, 1, exclude_max=True),
)
def test_something_is_always_drawn_and_never_what_weighs_nothing(weights: list[float], value: float) -> None:
    row = Lot.of(dict(enumerate(weights))).draw(Fixed(value))  # type: ignore[arg-type]
    assert 0 <= row < len(weights)
    if value < 1 - 1e-9:
        assert weights[row] > 0


def test_shares_come_out() -> None:
    chance = np.random.default_rng(0)
    lot = Lot.of({"a": 1.0, "b": 3.0})
    assert 0.73 < sum(lot.draw(chance) == "b" for _ in range(4_000)) / 4_000 < 0.77
    assert 0.28 < sum(happens(0.3, chance) for _ in range(4_000)) / 4_000 < 0.32
    assert not any(happens(0.0, chance) for _ in range(100))
    assert all(happens(1.0, chance) for _ in range(100))


@pytest.mark.parametrize(("value", "number"), [(0.0, 3), (0.49, 3), (0.5, 4), (0.999, 4)])
def test_both_ends_are_included(value: float, number: int) -> None:
    assert between(3, 4, Fixed(value)) == number  # type: ignore[arg-type]
    days = {3: date(2020, 2, 29), 4: date(2020, 3, 1)}
    assert day_between(days[3], days[4], Fixed(value)) == days[number]  # type: ignore[arg-type]
    assert one_of("ab", Fixed(value)) == "ab"[number - 3]  # type: ignore[arg-type]


def test_one_day_alone() -> None:
    assert day_between(date(2020, 5, 4), date(2020, 5, 4), Fixed(0.9)) == date(2020, 5, 4)  # type: ignore[arg-type]
