"""Where children live: lon/lat cells in a named CRS, as CGCS2000 degrees, many rows at once.

A home is never a reason to refuse a child: what cannot be used is left out with a warning.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from planner.ledger.angles import degrees, lon_lat
from planner.ledger.borders import REGION_BOXES
from planner.ledger.cells import Cell, Fault
from planner.ledger.points import crs_name, named_by_option
from planner.ledger.readings import Reading, Remark
from planner.ledger.tables import Row, Table
from planner.model.crs import cgcs2000_points

Box = tuple[float, float, float, float]
Point = tuple[float, float]

HOME_BOX: Box = REGION_BOXES["64"]
_COLUMN = "经度"
_FIX = "请核对经纬度和坐标系;确无坐标的请留空"
_DIGITS = 7  # of a degree: about a centimetre


def lon_lat_pair(lon: Cell, lat: Cell, *, box: Box = HOME_BOX) -> Reading[Point | None]:
    """Degrees out of two cells as written, put in order where they are swapped (W-LONLAT-SWAPPED).

    None, with W-LONLAT-UNREADABLE, -HALF or -OUTSIDE, where they are no place in the box (lon west, lat
    south, lon east, lat north).
    """
    try:
        pair = degrees(lon), degrees(lat)
    except Fault as fault:
        return Reading(None, (Remark("W-LONLAT-UNREADABLE", f"{fault.message},没有采用", fault.fix),))
    if pair == (None, None):
        return Reading(None)
    if pair[0] is None or pair[1] is None:
        return Reading(
            None, (Remark("W-LONLAT-HALF", "只填了经纬度中的一个,没有采用", "请补全,或两格都留空"),)
        )
    return _placed((pair[0], pair[1]), box)


def home_points(
    tables: Sequence[Table], *, crs: str | None
) -> tuple[Mapping[tuple[int, int], Reading[Point | None]], int]:
    """The home of each row that has one, by (index of the table, row number); how many have no named CRS.

    The CRS of a row is named by its column 坐标系, else by `crs`. Raises InputError for a `crs` not known.
    """
    option = named_by_option(crs)
    found: dict[tuple[int, int], Reading[Point | None]] = {}
    by_crs: dict[str, list[tuple[tuple[int, int], Point]]] = defaultdict(list)
    unnamed = 0
    for index, table in enumerate(tables):
        for row in _located(table.rows):
            key = index, row.number
            try:
                named = crs_name(row.cells["坐标系"]) if "坐标系" in row.cells else option
                both = lon_lat(row.cells.get("经纬度"))
                pair = both or (degrees(row.cells.get("经度")), degrees(row.cells.get("纬度")))
            except Fault as fault:
                found[key] = Reading(
                    None, (Remark("W-LONLAT-UNREADABLE", f"{fault.message},没有采用", fault.fix),)
                )
                continue
            if pair[0] is None or pair[1] is None:
                found[key] = lon_lat_pair(row.cells.get("经度"), row.cells.get("纬度"))
            elif named is None:
                unnamed += 1
            else:
                by_crs[named].append((key, (pair[0], pair[1])))
    for name, rows in by_crs.items():
        found.update(_converted(name, rows))
    return found, unnamed


def home_column(row: Row) -> str:
    """The column that says where a home is, for messages."""
    return "经纬度" if "经纬度" in row.cells else _COLUMN


def _located(rows: Iterable[Row]) -> Iterable[Row]:
    return (row for row in rows if not row.cells.keys().isdisjoint(("经度", "纬度", "经纬度")))


def _converted(
    crs: str, rows: Sequence[tuple[tuple[int, int], Point]]
) -> dict[tuple[int, int], Reading[Point | None]]:
    is_metric = crs.startswith("EPSG:")
    ordered = [Reading(point) if is_metric else _placed(point, HOME_BOX) for _, point in rows]
    told = {key: reading for (key, _), reading in zip(rows, ordered, strict=True)}
    kept = [(key, reading) for key, reading in told.items() if reading.value is not None]
    if not kept:
        return told
    points = cgcs2000_points(np.array([reading.value for _, reading in kept], dtype=float), crs)
    for (key, reading), (lon, lat) in zip(kept, points.tolist(), strict=True):
        placed = _placed((lon, lat), HOME_BOX)
        told[key] = Reading(placed.value, (*reading.remarks, *placed.remarks))
    return told


def _placed(point: Point, box: Box) -> Reading[Point | None]:
    lon, lat = (round(value, _DIGITS) for value in point)
    if _within(lon, lat, box):
        return Reading((lon, lat))
    if _within(lat, lon, box):
        return Reading((lat, lon), (Remark("W-LONLAT-SWAPPED", "经度和纬度写反了,已对调", "请核对"),))
    return Reading(None, (Remark("W-LONLAT-OUTSIDE", "坐标不在宁夏范围内,没有采用", _FIX),))


def _within(lon: float, lat: float, box: Box) -> bool:
    return box[0] <= lon <= box[2] and box[1] <= lat <= box[3]
