"""Names of coordinate systems, and points in them."""

import numpy as np
import pyproj
import pytest

from planner.errors import InputError
from planner.model.coordinates import bd09_from_wgs84, gcj02_from_wgs84
from planner.model.crs import BD09, GCJ02, TRUE, canonical_crs, cgcs2000_points, named_crs, to_metres

POINT = np.array([[106.25, 38.5]])


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("WGS84", TRUE),
        ("epsg:4490", TRUE),
        (" CGCS 2000 ", TRUE),
        ("高德", GCJ02),
        ("bd-09", BD09),
        ("4544", "EPSG:4544"),
        ("EPSG:4544", "EPSG:4544"),
    ],
)
def test_a_crs_has_one_name(text, name):
    assert named_crs(text) == name


@pytest.mark.parametrize("text", ["", "火星", "EPSG:999999", "4610"])
def test_what_is_not_known_is_refused_with_what_is(text):
    with pytest.raises(InputError, match="WGS84"):
        named_crs(text)


def test_what_files_write_is_the_same_crs():
    assert canonical_crs(pyproj.CRS("EPSG:4490").to_wkt()) == TRUE
    with pytest.raises(pyproj.exceptions.CRSError):
        canonical_crs("nothing of the kind")


@pytest.mark.parametrize(
    ("points", "crs"),
    [
        (POINT, TRUE),
        (gcj02_from_wgs84(POINT), GCJ02),
        (bd09_from_wgs84(POINT), BD09),
        (np.column_stack(to_metres().transform(*POINT.T)), "EPSG:4544"),
    ],
)
def test_points_of_every_crs_are_put_right(points, crs):
    assert np.abs(cgcs2000_points(points, crs) - POINT).max() < 1e-8
