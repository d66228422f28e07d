"""Coordinate systems as people and files name them, and their points as CGCS2000 lon/lat.

Accepted are CGCS2000 and WGS84 (geographic or projected; under 1 m apart here) and the two shifted systems of
Chinese web maps. Of anything else no exact shift is published.
"""

from __future__ import annotations

import re
from functools import cache

import numpy as np
import numpy.typing as npt
import pyproj

from planner.errors import InputError
from planner.model.coordinates import wgs84_from_bd09, wgs84_from_gcj02
from planner.model.layers import METRIC_CRS, STORE_CRS
from planner.model.names import comparable

Floats = npt.NDArray[np.float64]

TRUE, GCJ02, BD09 = "CGCS2000", "GCJ-02", "BD-09"
OFFERED = "WGS84、CGCS2000、GCJ-02、BD-09,或投影坐标系的编号如EPSG:4544"
_NAMES = {
    "cgcs2000 国家2000 2000国家大地坐标系 大地2000 epsg:4490 4490": TRUE,
    "wgs84 wgs-84 wgs1984 gps epsg:4326 4326 ogc:crs84": TRUE,
    "gcj02 gcj-02 火星坐标 火星坐标系 高德 高德坐标 腾讯 腾讯坐标": GCJ02,
    "bd09 bd-09 bd09ll 百度 百度坐标": BD09,
}
_BY_NAME = {name: crs for names, crs in _NAMES.items() for name in names.split()}
_DATUMS = ("worldgeodeticsystem1984", "wgs1984", "china2000", "cgcs2000")


def named_crs(text: str) -> str:
    """A CRS as a person writes it (one of the names, or an EPSG code), by its one name here.

    Raises InputError for one that is not known, or that cannot be converted exactly.
    """
    name = comparable(text)
    if name in _BY_NAME:
        return _BY_NAME[name]
    if match := re.fullmatch(r"(?:epsg:*)?(\d{4,6})", name, re.ASCII):
        try:
            return canonical_crs(f"EPSG:{match[1]}")
        except pyproj.exceptions.CRSError:
            pass
    raise InputError(f"不认识坐标系“{_cut(text)}”", f"可填:{OFFERED}")


@cache
def canonical_crs(name: str) -> str:
    """One name for each CRS that pyproj knows, as files write it.

    Raises CRSError where it knows none, InputError where no exact shift is known.
    """
    if (folded := comparable(name)) in _BY_NAME:
        return _BY_NAME[folded]
    crs = pyproj.CRS.from_user_input(name)
    geodetic = crs.geodetic_crs
    if geodetic is None or geodetic.datum is None:
        raise pyproj.exceptions.CRSError(f"no geodetic datum: {name}")
    datum = comparable(geodetic.datum.name).replace("_", "")
    if not any(known in datum for known in _DATUMS):
        raise InputError(
            f"坐标系“{_cut(crs.name)}”没有公开的精确转换参数", "请先用测绘部门的参数转换为CGCS2000或WGS84"
        )
    return TRUE if crs.is_geographic else crs.to_string()


def cgcs2000_points(points: Floats, crs: str) -> Floats:
    """Points of a CRS (see `named_crs`), shape (n, 2), as CGCS2000 lon/lat; infinite where impossible."""
    if crs == GCJ02:
        return wgs84_from_gcj02(points)
    if crs == BD09:
        return wgs84_from_bd09(points)
    if crs == TRUE:
        return points
    return np.column_stack(_transformer(crs).transform(points[:, 0], points[:, 1]))


@cache
def to_metres() -> pyproj.Transformer:
    """From CGCS2000 lon/lat to metres (EPSG:4544)."""
    return pyproj.Transformer.from_crs(STORE_CRS, METRIC_CRS, always_xy=True)


@cache
def _transformer(name: str) -> pyproj.Transformer:
    """From a projected CRS to lon/lat of its own datum, which here is CGCS2000 or within 1 m of it."""
    crs = pyproj.CRS.from_user_input(name)
    return pyproj.Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True)


def _cut(text: str) -> str:
    return text if len(text) <= 30 else f"{text[:29]}…"
