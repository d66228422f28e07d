"""Homes: degrees however written, put right or left out, never a reason to refuse a child."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import InputError
from planner.ledger.home_points import HOME_BOX, home_points, lon_lat_pair
from planner.ledger.tables import Row, Table
from planner.model.coordinates import gcj02_from_wgs84

PLACE = (105.91, 36.98)


def table_of(*rows):
    return Table(
        file="表.csv", rows=tuple(Row(number, cells) for number, cells in enumerate(rows, start=2)), places={}
    )


def codes(reading):
    return [remark.code for remark in reading.remarks]


@pytest.mark.parametrize(
    ("lon", "lat"),
    [(105.91, 36.98), ("105.91", "36.98"), ("105°54′36″E", "36°58′48″N"), ("１０５.９１", " 36.98 "), ("东经105.91", "北纬36.98")],
)  # fmt: skip
def test_places_as_written(lon, lat):
    assert (lon_lat_pair(lon, lat).value, codes(lon_lat_pair(lon, lat))) == (PLACE, [])


@pytest.mark.parametrize(
    ("lon", "lat", "value", "code"),
    [
        (36.98, 105.91, PLACE, "W-LONLAT-SWAPPED"),
        (0, 0, None, "W-LONLAT-OUTSIDE"),
        (116.4, 39.9, None, "W-LONLAT-OUTSIDE"),
        (float("nan"), 36.98, None, "W-LONLAT-OUTSIDE"),
        (float("inf"), 36.98, None, "W-LONLAT-OUTSIDE"),
        (105.91, None, None, "W-LONLAT-HALF"),
        (" ", "36.98", None, "W-LONLAT-HALF"),
        ("路口", 36.98, None, "W-LONLAT-UNREADABLE"),
        ("105°61′", "36.98", None, "W-LONLAT-UNREADABLE"),
    ],
)  # fmt: skip
def test_what_is_put_right_or_left_out(lon, lat, value, code):
    reading = lon_lat_pair(lon, lat)
    assert (reading.value, codes(reading)) == (value, [code])


def test_blank_is_nothing():
    assert lon_lat_pair(None, "").value is None
    assert codes(lon_lat_pair(None, "")) == []


def test_each_row_is_converted_from_its_own_system():
    shifted = gcj02_from_wgs84(np.array([PLACE]))[0].tolist()
    table = table_of(
        {"经度": PLACE[0], "纬度": PLACE[1], "坐标系": "WGS84"},
        {"经度": shifted[0], "纬度": shifted[1], "坐标系": "高德"},
        {"经纬度": "105.91,36.98", "坐标系": "CGCS2000"},
        {"经度": 581_000.0, "纬度": 4_094_000.0, "坐标系": "EPSG:4544"},
        {"经度": PLACE[0], "纬度": PLACE[1], "坐标系": "月球"},
        {"备注": "没有坐标"},
    )
    found, unnamed = home_points([table], crs=None)
    assert unnamed == 0
    assert found[0, 2].value == found[0, 4].value == PLACE
    assert found[0, 3].value == pytest.approx(PLACE, abs=1e-6)
    assert found[0, 5].value == pytest.approx((105.91, 36.98), abs=0.02)
    assert codes(found[0, 6]) == ["W-LONLAT-UNREADABLE"]
    assert (0, 7) not in found


def test_a_system_is_asked_for_once_and_taken_from_the_option():
    rows = [{"经度": 105.91, "纬度": 36.98}, {"经度": 105.92, "纬度": 36.98}]
    found, unnamed = home_points([table_of(*rows)], crs=None)
    assert (found, unnamed) == ({}, 2)
    found, unnamed = home_points([table_of(*rows)], crs="WGS84")
    assert ([reading.value for reading in found.values()], unnamed) == ([PLACE, (105.92, 36.98)], 0)
    with pytest.raises(InputError, match="不认识坐标系"):
        home_points([table_of(*rows)], crs="月球")


cell = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.text("0123456789.°′″'\"NSEW东经 ", max_size=16), st.datetimes()
)  # fmt: skip


@given(lon=cell, lat=cell)
def test_any_cells_are_a_place_at_home_or_nothing_and_twice_is_once(lon, lat):
    reading = lon_lat_pair(lon, lat)
    if reading.value is None:
        return
    west, south, east, north = HOME_BOX
    assert west <= reading.value[0] <= east
    assert south <= reading.value[1] <= north
    assert lon_lat_pair(*reading.value).value == reading.value
    assert codes(lon_lat_pair(*reading.value)) == []
