"""Where the rows of a table lie: shapes and lon/lat columns in a named CRS, as CGCS2000 lon/lat."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from functools import cache, partial

import numpy as np
import numpy.typing as npt
import pyproj
import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from planner.errors import InputError
from planner.ledger.angles import degrees, lon_lat
from planner.ledger.cells import Cell, Fault, comparable, show
from planner.ledger.tables import Column, Row, Table
from planner.ledger.tally import Tally
from planner.model.coordinates import wgs84_from_bd09, wgs84_from_gcj02
from planner.model.layers import STORE_CRS

Floats = npt.NDArray[np.float64]

LON_LAT = (
    Column("经度", ("东经", "lon", "lng", "longitude", "x", "坐标经度")),
    Column("纬度", ("北纬", "lat", "latitude", "y", "坐标纬度")),
    Column("经纬度", ("坐标", "经纬度坐标")),
    Column("坐标系", ("坐标系统", "crs"), fills=True),
)

_TRUE, _GCJ02, _BD09 = "CGCS2000", "GCJ-02", "BD-09"
_OFFERED = "WGS84、CGCS2000、GCJ-02、BD-09,或投影坐标系的编号如EPSG:4544"
_NAMES = {
    "cgcs2000 国家2000 2000国家大地坐标系 大地2000 epsg:4490 4490": _TRUE,
    "wgs84 wgs-84 wgs1984 gps epsg:4326 4326 ogc:crs84": _TRUE,
    "gcj02 gcj-02 火星坐标 火星坐标系 高德 高德坐标 腾讯 腾讯坐标": _GCJ02,
    "bd09 bd-09 bd09ll 百度 百度坐标": _BD09,
}
_BY_NAME = {name: crs for names, crs in _NAMES.items() for name in names.split()}
# lon west, lat south, lon east, lat north; generous, to tell a slip from a place.
_CHINA = (73.0, 3.0, 136.0, 54.0)


def locate(table: Table, tally: Tally, *, crs: str | None) -> dict[int, BaseGeometry]:
    """The shape of each row that has one, in CGCS2000 lon/lat (EPSG:4490), by row number.

    The CRS of a row is named by its own column 坐标系, else by `crs`, else by the file. A shape of the file
    goes before the columns. Swapped lon/lat are put right with a notice. Rows without a named CRS, and
    rows outside China, are rejected. Raises InputError for a `crs` that is not known.
    """
    named = named_by_option(crs)
    if named and table.crs and comparable(table.crs) != comparable(str(crs)):
        tally.note(f"文件注明的坐标系是{show(table.crs)},按指定的{show(crs)}读取")
    by_crs: dict[str, list[Row]] = defaultdict(list)
    shapes: dict[int, BaseGeometry] = {}
    unnamed: list[Row] = []
    for row in table.rows:
        shape = row.shape if row.shape is not None else _point_of_columns(row, tally)
        own = tally.read(row, "坐标系", crs_name)
        if shape is None or shape.is_empty or tally.is_rejected(row.number):
            continue
        shapes[row.number] = shape
        named_here = own or named or _file_crs(table, tally, row)
        (by_crs[named_here] if named_here else unnamed).append(row)
    numbers = [row.number for row in unnamed if not tally.is_rejected(row.number)]
    if numbers:
        tally.reject_all(numbers, "有坐标但没有说明坐标系", f"请用 --crs 指定({_OFFERED}),或加“坐标系”一列")
    located: dict[int, BaseGeometry] = {}
    for name, rows in by_crs.items():
        for row in rows:
            if (shape := _converted(shapes[row.number], name, row, tally)) is not None:
                located[row.number] = shape
    return located


def place_column(row: Row) -> str:
    """The column that says where a row lies, for messages."""
    if row.shape is not None:
        return "几何"
    return "经纬度" if "经纬度" in row.cells else "经度"


@cache
def to_metres() -> pyproj.Transformer:
    """From CGCS2000 lon/lat to metres (EPSG:4544)."""
    return pyproj.Transformer.from_crs(STORE_CRS, "EPSG:4544", always_xy=True)


def _point_of_columns(row: Row, tally: Tally) -> Point | None:
    both = tally.read(row, "经纬度", lon_lat)
    if both is None:
        lon, lat = tally.read(row, "经度", degrees), tally.read(row, "纬度", degrees)
        if (lon is None) != (lat is None):
            if not tally.is_rejected(row.number):
                missing = "经度" if lon is None else "纬度"
                tally.reject(row.number, missing, "只填了经纬度中的一个", "请补全,或两格都留空")
            return None
        if lon is None or lat is None:
            return None
        both = lon, lat
    if not all(map(math.isfinite, both)):
        tally.reject(row.number, place_column(row), "坐标不是有限的数", "请核对经纬度")
        return None
    return Point(both)


def crs_name(cell: Cell) -> str | None:
    """A CRS as a person writes it: one of the names, or an EPSG code."""
    name = comparable(str(cell))
    unknown = Fault(f"不认识坐标系“{show(cell)}”", f"可填:{_OFFERED}")
    if name in _BY_NAME:
        return _BY_NAME[name]
    if not (match := re.fullmatch(r"(?:epsg:*)?(\d{4,6})", name, re.ASCII)):
        raise unknown
    try:
        return _canonical(f"EPSG:{match[1]}")
    except pyproj.exceptions.CRSError:
        raise unknown from None


def named_by_option(crs: str | None) -> str | None:
    """The CRS that a person names beside the file. Raises InputError for one that is not known."""
    if crs is None:
        return None
    try:
        return crs_name(crs)
    except Fault as fault:
        raise InputError(fault.message, fault.fix) from fault


def _file_crs(table: Table, tally: Tally, row: Row) -> str | None:
    """The CRS the file itself names; it speaks for shapes and, in a layer, for lon/lat columns too."""
    if table.crs is None or "undefined" in comparable(table.crs):
        return None
    try:
        return _canonical(table.crs)
    except pyproj.exceptions.CRSError:
        message, fix = f"不认识文件注明的坐标系“{show(table.crs)}”", f"请用 --crs 指定({_OFFERED})"
    except Fault as fault:
        message, fix = fault.message, fault.fix
    tally.reject(row.number, place_column(row), message, fix)
    return None


@cache
def _canonical(name: str) -> str:
    """One name for each CRS that pyproj knows. Raises CRSError, and Fault where no exact shift is known."""
    if (folded := comparable(name)) in _BY_NAME:
        return _BY_NAME[folded]
    crs = pyproj.CRS.from_user_input(name)
    geodetic = crs.geodetic_crs
    if geodetic is None or geodetic.datum is None:
        raise pyproj.exceptions.CRSError(f"no geodetic datum: {name}")
    datum = comparable(geodetic.datum.name).replace("_", "")
    if not any(known in datum for known in ("worldgeodeticsystem1984", "wgs1984", "china2000", "cgcs2000")):
        raise Fault(
            f"坐标系“{show(crs.name)}”没有公开的精确转换参数", "请先用测绘部门的参数转换为CGCS2000或WGS84"
        )
    return _TRUE if crs.is_geographic else crs.to_string()


@cache
def _transformer(name: str) -> pyproj.Transformer:
    """From a projected CRS to lon/lat of its own datum, which here is CGCS2000 or within 1 m of it."""
    crs = pyproj.CRS.from_user_input(name)
    return pyproj.Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True)


def cgcs2000_points(points: Floats, crs: str) -> Floats:
    """Points of a named CRS (see `crs_name`), shape (n, 2), as CGCS2000 lon/lat; infinite where impossible."""
    if crs == _GCJ02:
        return wgs84_from_gcj02(points)
    if crs == _BD09:
        return wgs84_from_bd09(points)
    if crs == _TRUE:
        return points
    return np.column_stack(_transformer(crs).transform(points[:, 0], points[:, 1]))


def _converted(shape: BaseGeometry, crs: str, row: Row, tally: Tally) -> BaseGeometry | None:
    """`shape` in CGCS2000 lon/lat; None where it cannot lie in China (then the row is rejected)."""
    column = place_column(row)
    west, south, east, north = shape.bounds
    lon_lat_expected = crs in (_TRUE, _GCJ02, _BD09)
    if lon_lat_expected and max(abs(value) for value in shape.bounds) > 180:
        fix = "请用 --crs 指定投影坐标系,如EPSG:4544"
        tally.reject(row.number, column, f"坐标({west:.0f}, {south:.0f})像是米而不是经纬度", fix)
        return None
    if lon_lat_expected and not _within(shape.bounds, _CHINA) and _within((south, west, north, east), _CHINA):
        shape = shapely.transform(shape, lambda points: points[:, ::-1])
        tally.note("经度和纬度写反了,已对调", row.number, column)
    if crs != _TRUE:
        shape = shapely.transform(shape, partial(cgcs2000_points, crs=crs))
    if not _within(shape.bounds, _CHINA):
        place = f"({shape.bounds[0]:.4f}, {shape.bounds[1]:.4f})"
        tally.reject(
            row.number, column, f"坐标{place}不在中国范围内", "请核对经纬度和坐标系;确无坐标的请留空"
        )
        return None
    return shape


def _within(bounds: tuple[float, ...], box: tuple[float, float, float, float]) -> bool:
    west, south, east, north = bounds
    return box[0] <= west and box[1] <= south and east <= box[2] and north <= box[3]
