"""Longitude and latitude as people write them."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.ledger.angles import degrees, lon_lat
from planner.ledger.cells import Fault


@pytest.mark.parametrize(
    "cell",
    [
        105.91,
        "105.91",
        "105°54′36″E",
        "105°54'36\"",
        "105度54分36秒",
        "东经105°54′36″",
        "E105.91",
        "105.91°E",
        "１０５．９１",
        "105° 54.6′",
    ],
)
def test_one_angle(cell):
    assert degrees(cell) == pytest.approx(105.91)


@pytest.mark.parametrize(
    "cell",
    [
        "105.91,36.98",
        "105.91，36.98",
        "105.91 36.98",
        "105.91、36.98",
        "(105.91, 36.98)",
        "36.98N,105.91E",
        "E105.91N36.98",
        "北纬36°58′48″,东经105°54′36″",
        "经度:105.91 纬度:36.98",
        "105°54′36″E 36°58′48″N",
    ],
)
def test_two_angles_in_one_cell(cell):
    assert lon_lat(cell) == pytest.approx((105.91, 36.98))


@pytest.mark.parametrize("cell", ["", None, "  "])
def test_blank(cell):
    assert degrees(cell) is lon_lat(cell) is None


@pytest.mark.parametrize("cell", ["无", "105.91,36.98", "105°75′", "1e2", True, "105.91x"])
def test_not_an_angle(cell):
    with pytest.raises(Fault):
        degrees(cell)


@pytest.mark.parametrize("cell", ["105.91", "1,2,3", 105.91, "见附件"])
def test_not_a_pair(cell):
    with pytest.raises(Fault):
        lon_lat(cell)


def test_south_and_west_are_negative():
    assert degrees("33°30′S") == -33.5
    assert degrees("-33°30′") == -33.5


@given(st.text(max_size=40))
def test_any_text_is_an_angle_or_a_fault(words):
    for parse in (degrees, lon_lat):
        with suppress(Fault):
            parse(words)
