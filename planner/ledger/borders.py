"""County polygons: which county a point lies in, and how far outside its own a point has strayed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from planner.errors import InputError
from planner.ledger.tally import Tally
from planner.model.crs import Floats, to_metres
from planner.model.divisions import Level, ancestor_code
from planner.model.layers import METRIC_CRS

# Two published drawings of the 22 counties differ by up to 1 km at 95 % of their vertices, seldom by over 2.
TOLERANCE_M = 2_000.0
# lon west, lat south, lon east, lat north of a region whose county polygons are not loaded.
REGION_BOXES = {"64": (104.2, 35.15, 107.75, 39.45)}
_FIX = "请核对经纬度和坐标系;确无坐标的请留空"


@dataclass(frozen=True)
class Borders:
    """County polygons in metres (EPSG:4544) by code; may be empty or cover only some counties."""

    polygons: Mapping[str, BaseGeometry]

    def offset_m(self, county: str, point: Point) -> float | None:
        """Metres from a lon/lat point to its county, 0 inside, None where the polygon is not known."""
        polygon = self.polygons.get(county)
        return None if polygon is None else float(shapely.distance(polygon, in_metres(point)))

    def county_at(self, point: Point) -> str | None:
        """The county that a lon/lat point lies in, or within the tolerance of; None where there is none.

        Of counties equally near (a point on a shared border) the lowest code is taken.
        """
        place = in_metres(point)
        offsets = [(float(shapely.distance(polygon, place)), code) for code, polygon in self.polygons.items()]
        nearest = min(offsets, default=(float("inf"), ""))
        return nearest[1] if nearest[0] <= TOLERANCE_M else None


def borders_of(frame: gpd.GeoDataFrame | None) -> Borders:
    """The county polygons among the divisions of `frame` (columns code and geometry, any named CRS)."""
    if frame is None or frame.empty:
        return Borders({})
    if frame.crs is None:
        raise InputError("县界没有坐标系", "请先用 set_crs 说明县界的坐标系")
    metric = frame.to_crs(METRIC_CRS)
    return Borders(
        {
            str(code): shape
            for code, shape in zip(metric["code"], metric.geometry, strict=True)
            if len(str(code)) == Level.COUNTY and shape is not None and shape.area > 0
        }
    )


def in_metres(shape: BaseGeometry) -> BaseGeometry:
    """A CGCS2000 lon/lat shape in metres (EPSG:4544)."""
    return shapely.transform(shape, _project)


def _project(points: Floats) -> Floats:
    return np.column_stack(to_metres().transform(points[:, 0], points[:, 1]))


def check_inside(
    tally: Tally, number: int, column: str, point: Point, code: str, county_name: str, borders: Borders
) -> None:
    """Reject a row whose point lies outside the county of `code` (or outside its region's box).

    Up to 2 km outside is accepted with a notice.
    """
    offset_m = borders.offset_m(ancestor_code(code, Level.COUNTY), point)
    place = f"坐标({point.x:.4f}, {point.y:.4f})"
    if offset_m is None:
        box = REGION_BOXES.get(code[:2])
        if box and not (box[0] <= point.x <= box[2] and box[1] <= point.y <= box[3]):
            tally.reject(number, column, f"{place}不在宁夏范围内", _FIX)
    elif offset_m > TOLERANCE_M:
        tally.reject(number, column, f"{place}在{county_name}界外{offset_m / 1000:.1f}公里", _FIX)
    elif offset_m > 0:
        tally.note("坐标略出县界(2公里以内),按界线的概括误差接受", number, column)
