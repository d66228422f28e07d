"""GCJ-02 and BD-09: known points, the size of the shift, and the round trip."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from planner.model.coordinates import (
    bd09_from_gcj02,
    bd09_from_wgs84,
    gcj02_from_bd09,
    gcj02_from_wgs84,
    wgs84_from_bd09,
    wgs84_from_gcj02,
)

METRES_A_DEGREE = 111_320
ningxia = arrays(float, (3, 2), elements=st.floats(0, 1, allow_nan=False, allow_infinity=False)).map(
    lambda share: np.array([104.0, 35.0]) + share * np.array([4.0, 4.5])
)


def metres_between(a, b):
    return float(np.abs(a - b).max()) * METRES_A_DEGREE


def test_points_published_with_the_formula():
    """Shanghai, Shenzhen, Beijing, as the first publication of the formula gives them."""
    true = np.array([[121.5272106, 31.1774276], [113.912316, 22.543847], [116.377817, 39.911954]])
    shown = np.array(
        [
            [121.531541859215, 31.17530398364597],
            [113.9171764808363, 22.540796131694766],
            [116.38404722455657, 39.91334545536069],
        ]
    )
    assert metres_between(gcj02_from_wgs84(true), shown) < 0.001
    assert metres_between(wgs84_from_gcj02(shown), true) < 0.001


def test_bd09_lies_about_0_0065_east_and_0_006_north_of_gcj02():
    gcj = np.array([[106.2, 38.5]])
    east, north = (bd09_from_gcj02(gcj) - gcj)[0]
    assert abs(east - 0.0065) < 0.0005
    assert abs(north - 0.006) < 0.0005


def test_the_shift_in_ningxia_is_hundreds_of_metres():
    yinchuan = np.array([[106.23, 38.49]])
    moved_m = np.linalg.norm((gcj02_from_wgs84(yinchuan) - yinchuan)[0] * [87_000, 111_000])
    assert 300 < moved_m < 800


@given(ningxia)
def test_round_trips_are_under_a_millimetre(points):
    assert metres_between(wgs84_from_gcj02(gcj02_from_wgs84(points)), points) < 0.001
    assert metres_between(gcj02_from_bd09(bd09_from_gcj02(points)), points) < 0.001
    assert metres_between(wgs84_from_bd09(bd09_from_wgs84(points)), points) < 0.001


def test_outside_china_gcj02_is_true():
    london = np.array([[-0.1, 51.5]])
    assert np.array_equal(gcj02_from_wgs84(london), london)


def test_no_points_give_no_points():
    assert wgs84_from_bd09(np.empty((0, 2))).shape == (0, 2)
