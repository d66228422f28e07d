from collections import Counter

import numpy as np
import pytest
from shapely.geometry import box

from planner.demo.abodes import Abode, abode_of
from planner.demo.ground import Ground, Village


@pytest.fixture
def ground() -> Ground:
    villages = (
        Village("640999001001", "马家湾村委会", 5),
        Village("640999001002", "河西社区居委会", 0),
        Village("640999002001", "新庄村委会", 3),
    )
    townships = {"640999001": "河西镇", "640999002": "丁塘镇"}
    return Ground("640999", "方县", box(0, 0, 9, 9), townships, villages, np.zeros((3, 2)))


def _many(ground: Ground, row: int, *, stays: bool = False) -> list[Abode]:
    chance = np.random.default_rng(0)
    return [abode_of(ground, row, chance, stays=stays) for _ in range(4_000)]


def test_most_live_where_they_are_registered(ground: Ground) -> None:
    found = _many(ground, 0)
    same = [item for item in found if item.hukou == item.home]
    assert 0.88 < len(same) / len(found) < 0.96
    assert {item.home.text for item in same} == {f"河西镇马家湾村委会{number}组" for number in range(1, 6)}
    assert {item.home.village for item in same} == {"640999001001"}


def test_a_family_counts_at_its_home_or_while_away_at_its_hukou(ground: Ground) -> None:
    found = _many(ground, 0)
    assert {item.home.village or item.hukou.village for item in found} == {"640999001001"}
    away = [item for item in found if item.is_away]
    assert 0.02 < len(away) / len(found) < 0.04
    assert {item.home.village for item in away} == {None}
    assert all(item.home.text for item in away)


def test_some_come_from_another_village_or_another_province(ground: Ground) -> None:
    counts = Counter(item.hukou.village for item in _many(ground, 0))
    assert counts["640999001002"] > 0 < counts["640999002001"]
    assert 0.003 < counts[None] / 4_000 < 0.02


def test_a_neighbourhood_has_no_groups(ground: Ground) -> None:
    same = [item for item in _many(ground, 1) if item.hukou == item.home]
    assert {(item.group, item.home.group, item.home.text) for item in same} == {
        (0, None, "河西镇河西社区居委会")
    }


def test_who_stays_is_never_away(ground: Ground) -> None:
    assert not any(item.is_away for item in _many(ground, 0, stays=True))
