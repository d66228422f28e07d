import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry import box

from planner.demo.county import County
from planner.demo.places import STREET_WEIGHT, TOWN_WEIGHT, place_seats, place_villages
from planner.demo.rng import Theme, stream
from tests.demo.conftest import KNOWN, TOWNSHIPS, square_county


def _distances_m(county: County) -> np.ndarray:
    """From each village to its seat."""
    return np.hypot(*(county.villages_m - county.seats_m[county.villages["township"]]).T)


def test_a_known_seat_stays_where_it_is(county: County) -> None:
    known = gpd.GeoSeries([KNOWN], crs=4490).to_crs(4544).iloc[0]
    assert county.seats_m[2].tolist() == [known.x, known.y]


def test_a_known_point_outside_the_county_is_not_used() -> None:
    area = box(0, 0, 10_000, 10_000)
    seats = place_seats(area, np.array([[50_000.0, 0.0]]), np.array([TOWN_WEIGHT]), stream(0, Theme.PLACES))
    assert shapely.contains_xy(area, seats).all()


def test_everything_lies_inside_the_county_and_apart(county: County) -> None:
    points = np.concatenate([county.seats_m, county.villages_m])
    assert len(points) == len(TOWNSHIPS) + 35
    assert shapely.contains_xy(county.area_m, points).all()
    assert len(np.unique(points.round(), axis=0)) == len(points)


def test_streets_lie_close_together_and_villages_round_their_seat(county: County) -> None:
    assert np.hypot(*(county.seats_m[1] - county.seats_m[0])) < 4_000
    in_street = county.villages["township"].isin([0, 1]).to_numpy()
    distances = _distances_m(county)
    assert distances[in_street].max() <= 1_500
    assert 1_500 < distances[~in_street].max() < 25_000


def test_a_community_lies_close_to_its_seat(county: County) -> None:
    communities = county.villages["name"].str.endswith("居委会").to_numpy()
    assert communities.sum() == 6
    assert _distances_m(county)[communities].max() <= 900


def test_a_village_belongs_to_the_nearest_seat_by_weighted_distance(county: County) -> None:
    towns = [2, 3, 4]
    rows = county.villages["township"].isin(towns).to_numpy()
    gaps = np.hypot(*(county.villages_m[rows][:, None] - county.seats_m[None, towns]).transpose(2, 0, 1))
    nearest = np.array(towns)[gaps.argmin(axis=1)]
    assert (nearest == county.villages["township"][rows]).all()


def test_the_same_seed_and_code_give_the_same_points_and_others_do_not() -> None:
    first, again = (square_county("640999", "方县", seed=3) for _ in range(2))
    assert np.array_equal(first.villages_m, again.villages_m)
    assert not np.array_equal(first.villages_m, square_county("640999", "方县", seed=4).villages_m)
    assert not np.array_equal(first.villages_m, square_county("640998", "方县", seed=3).villages_m)


def test_a_county_smaller_than_its_margin_still_holds_its_places() -> None:
    area = box(0, 0, 300, 300)
    weights = np.array([STREET_WEIGHT, STREET_WEIGHT])
    chance = stream(0, Theme.PLACES)
    seats = place_seats(area, np.full((2, 2), np.nan), weights, chance)
    rows = np.array([0, 0, 1])
    points = place_villages(area, seats, weights, rows, np.array([True, False, False]), chance)
    assert shapely.contains_xy(area, points).all()


def test_no_village_is_no_point(county: County) -> None:
    none = np.empty(0, dtype=np.int64)
    weights = np.array([TOWN_WEIGHT])
    points = place_villages(
        county.area_m, county.seats_m[:1], weights, none, none.astype(bool), stream(0, Theme.PLACES)
    )
    assert points.shape == (0, 2)
