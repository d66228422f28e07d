import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely.geometry import Point, box

from planner.demo.ground import Ground, Village, ground_of, place_homes
from tests.demo.conftest import Made


@pytest.fixture
def square() -> Ground:
    """20 km by 20 km; one village in the middle, one 300 m from the west border, one 居委会 beside the first."""
    points = np.array([[610_000.0, 4_110_000.0], [600_300.0, 4_110_000.0], [610_500.0, 4_110_500.0]])
    villages = (
        Village("640999001001", "中村委会", 5),
        Village("640999001002", "西村委会", 3),
        Village("640999001003", "东社区居委会", 0),
    )
    area = box(600_000, 4_100_000, 620_000, 4_120_000)
    return Ground("640999", "方县", area, {"640999001": "甲镇"}, villages, points)


def _metres(homes: list[tuple[float, float]]) -> np.ndarray:
    points = gpd.GeoSeries.from_xy(*zip(*homes, strict=True), crs=4490).to_crs(4544)
    return np.column_stack([points.x, points.y])


@pytest.mark.parametrize("seed", range(5))
def test_homes_lie_within_a_kilometre_and_a_half_and_inside_the_county(square: Ground, seed: int) -> None:
    village = np.repeat([0, 1, 2], 400)
    group = np.concatenate([np.tile([1, 2, 3, 4, 5], 80), np.tile([1, 2, 3, 1], 100), np.zeros(400)]).astype(
        int
    )
    homes = _metres(place_homes(square, village, group, np.random.default_rng(seed)))
    away_m = np.hypot(*(homes - square.points_m[village]).T)
    assert away_m.max() <= 1_501
    assert away_m[village == 2].max() <= 651
    assert shapely.contains_xy(square.area_m, homes).all()


def test_the_homes_of_a_group_lie_together(square: Ground) -> None:
    group = np.repeat([1, 2], 200)
    homes = _metres(place_homes(square, np.zeros(400, dtype=int), group, np.random.default_rng(1)))
    for number in (1, 2):
        own = homes[group == number]
        assert np.hypot(*(own - own.mean(axis=0)).T).max() < 300


def test_no_home_is_no_point(square: Ground) -> None:
    none = np.empty(0, dtype=int)
    assert place_homes(square, none, none, np.random.default_rng(0)) == []


def test_a_village_on_a_needle_of_land_keeps_its_homes(square: Ground) -> None:
    needle = Ground(
        "640999",
        "针县",
        box(610_000, 4_110_000, 610_001, 4_110_001),
        {},
        square.villages[:1],
        square.points_m[:1] + 0.5,
    )
    homes = place_homes(needle, np.zeros(50, dtype=int), np.ones(50, dtype=int), np.random.default_rng(0))
    assert np.hypot(*(_metres(homes) - needle.points_m[0]).T).max() < 1


def test_the_ground_of_a_county_is_what_the_demo_drew(made: Made) -> None:
    ground = ground_of(made.content.divisions, "640324", seed=0)
    rows = made.content.divisions
    own = rows[rows["code"].str.startswith("640324")]
    assert [village.code for village in ground.villages] == sorted(own["code"][own["code"].str.len() == 12])
    assert set(ground.townships) == {village.township for village in ground.villages}
    assert {village.groups for village in ground.villages if village.name.endswith("居委会")} == {0}
    assert {village.groups for village in ground.villages if village.name.endswith("村委会")} == set(
        range(3, 9)
    )
    first = own[own["code"] == ground.villages[0].code].geometry.to_crs(4544).iloc[0]
    assert Point(ground.points_m[0]).distance(first) < 1e-6
    again = ground_of(made.content.divisions, "640324", seed=0)
    assert ground.villages == again.villages
    assert ground.villages != ground_of(made.content.divisions, "640324", seed=1).villages
