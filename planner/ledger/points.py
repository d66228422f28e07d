"""Where the rows of a table lie: shapes and lon/lat columns in a named CRS, as CGCS2000 lon/lat."""

from __future__ import annotations

import math
from collections import defaultdict
from functools import partial

import pyproj
import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from planner.errors import InputError
from planner.ledger.angles import degrees, lon_lat
from planner.ledger.cells import Cell, Fault, comparable, show
from planner.ledger.tables import Column, Row, Table
from planner.ledger.tally import Tally
from planner.model.crs import BD09, GCJ02, OFFERED, TRUE, canonical_crs, cgcs2000_points, named_crs

LON_LAT = (
    Column("经度", ("东经", "lon", "lng", "longitude", "x", "坐标经度")),
    Column("纬度", ("北纬", "lat", "latitude", "y", "坐标纬度")),
    Column("经纬度", ("坐标", "经纬度坐标")),
    Column("坐标系", ("坐标系统", "crs"), fills=True),
)

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
        tally.reject_all(numbers, "有坐标但没有说明坐标系", f"请用 --crs 指定({OFFERED}),或加“坐标系”一列")
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


def crs_name(cell: Cell) -> str:
    """A CRS as a person writes it in a cell. Raises Fault for one that is not known."""
    try:
        return named_crs(show(cell))
    except InputError as error:
        raise Fault(error.message, error.fix) from error


def named_by_option(crs: str | None) -> str | None:
    """The CRS that a person names beside the file. Raises InputError for one that is not known."""
    return None if crs is None else named_crs(crs)


def _file_crs(table: Table, tally: Tally, row: Row) -> str | None:
    """The CRS the file itself names; it speaks for shapes and, in a layer, for lon/lat columns too."""
    if table.crs is None or "undefined" in comparable(table.crs):
        return None
    try:
        return canonical_crs(table.crs)
    except pyproj.exceptions.CRSError:
        message, fix = f"不认识文件注明的坐标系“{show(table.crs)}”", f"请用 --crs 指定({OFFERED})"
    except InputError as error:
        message, fix = error.message, error.fix
    tally.reject(row.number, place_column(row), message, fix)
    return None


def _converted(shape: BaseGeometry, crs: str, row: Row, tally: Tally) -> BaseGeometry | None:
    """`shape` in CGCS2000 lon/lat; None where it cannot lie in China (then the row is rejected)."""
    column = place_column(row)
    west, south, east, north = shape.bounds
    lon_lat_expected = crs in (TRUE, GCJ02, BD09)
    if lon_lat_expected and max(abs(value) for value in shape.bounds) > 180:
        fix = "请用 --crs 指定投影坐标系,如EPSG:4544"
        tally.reject(row.number, column, f"坐标({west:.0f}, {south:.0f})像是米而不是经纬度", fix)
        return None
    if lon_lat_expected and not _within(shape.bounds, _CHINA) and _within((south, west, north, east), _CHINA):
        shape = shapely.transform(shape, lambda points: points[:, ::-1])
        tally.note("经度和纬度写反了,已对调", row.number, column)
    if crs != TRUE:
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
