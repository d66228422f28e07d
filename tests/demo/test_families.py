from collections import Counter
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from planner.demo.days import DATA_DAY
from planner.demo.demand import spread_children
from planner.demo.families import Head, families_of, heads_of
from planner.model.demand import Category, Need
from planner.policy.needs import age_band

VILLAGES = [f"640999001{number:03}" for number in range(1, 21)]


@pytest.fixture(scope="module")
def demand() -> pd.DataFrame:
    return spread_children(VILLAGES, 3_000, county="640999", seed=0)


@pytest.fixture(scope="module")
def heads(demand: pd.DataFrame) -> list[Head]:
    return heads_of(demand, VILLAGES, np.random.default_rng(0))


def test_the_heads_are_those_that_the_demand_counts(demand: pd.DataFrame, heads: list[Head]) -> None:
    counted = Counter(
        (
            VILLAGES[head.village],
            str(age_band(head.birth, DATA_DAY)),
            str(head.category),
            head.need and str(head.need),
        )
        for head in heads
    )
    rows = zip(demand["village"], demand["age_band"], demand["category"], demand["need"], strict=True)
    wanted = {
        (*row[:3], row[3] if isinstance(row[3], str) else None): count
        for row, count in zip(rows, demand["children"], strict=True)
    }
    assert counted == wanted


def test_every_head_is_in_one_family_of_its_village(heads: list[Head]) -> None:
    families = families_of(heads, np.random.default_rng(1))
    assert Counter(head for family in families for head in family) == Counter(heads)
    assert all(len({head.village for head in family}) == 1 for family in families)
    assert {len(family) for family in families} == {1, 2, 3, 4}
    assert 0.1 < sum(len(family) > 1 for family in families) / len(families) < 0.25


def test_siblings_are_born_apart_eldest_first_and_share_their_trouble(heads: list[Head]) -> None:
    for family in families_of(heads, np.random.default_rng(1)):
        births = [head.birth for head in family]
        assert births == sorted(births)
        assert all((later - earlier).days >= 300 for earlier, later in pairwise(births))
        categories = {head.category for head in family}
        if len(family) > 1:
            assert categories == {Category.GUARDIANSHIP} or categories <= {Category.FAMILY, Category.SELF}
            assert Need.PLACEMENT not in {head.need for head in family}


def test_no_demand_is_no_family() -> None:
    empty = spread_children(VILLAGES, 0, county="640999", seed=0)
    assert families_of(heads_of(empty, VILLAGES, np.random.default_rng(0)), np.random.default_rng(0)) == []
