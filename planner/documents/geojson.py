"""GeoJSON as RFC 7946 has it: WGS84, outer rings counter-clockwise, six decimals (about a decimetre)."""

from __future__ import annotations

import json
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from planner.documents.cells import Plain, columns_of, finite, text_of
from planner.documents.stamp import Stamp
from planner.model.layers import EXPORT_CRS, Layer

DECIMALS = 6


def geojson_bytes(layer: Layer, frame: pd.DataFrame, stamp: Stamp) -> bytes:
    """The layer as a FeatureCollection, UTF-8, one feature a line; a place without a point keeps its row.

    Foreign members say where it comes from (`stamp`) and what the properties are called (`columns`).
    Infinity, which JSON cannot say, becomes null.
    """
    columns = columns_of(layer, frame)
    head = {
        "type": "FeatureCollection",
        "name": layer.name,
        "title": layer.title,
        "stamp": _stamp_members(stamp),
        "columns": {name: layer.title_of(name) for name in columns},
    }
    features = [
        _dump(
            {
                "type": "Feature",
                "properties": {name: _json_value(values[row]) for name, values in columns.items()},
                "geometry": None if geometry is None else shapely.geometry.mapping(geometry),
            }
        )
        for row, geometry in enumerate(export_geometry(frame))
    ]
    body = ",\n".join(features)
    return f'{_dump(head)[:-1]},"features":[\n{body}\n]}}\n'.encode()


def export_geometry(frame: pd.DataFrame) -> npt.NDArray[np.object_]:
    """The geometries in WGS84 lon/lat, flat, rounded, rings turned as RFC 7946 asks; None where missing or empty."""
    assert isinstance(frame, gpd.GeoDataFrame)  # noqa: S101 - a checked layer; narrows the type
    geometries = shapely.force_2d(frame.geometry.to_crs(EXPORT_CRS).to_numpy())
    geometries = shapely.transform(geometries, lambda lonlat: np.round(lonlat, DECIMALS))
    geometries = shapely.orient_polygons(geometries)
    geometries[shapely.is_empty(geometries)] = None
    return geometries


def _stamp_members(stamp: Stamp) -> dict[str, Any]:
    return {
        "title": stamp.title,
        "plugin": stamp.plugin,
        "run": stamp.run,
        "serial": stamp.serial,
        "as_of": stamp.as_of.isoformat(),
        "known_at": stamp.known_at.isoformat() if stamp.known_at else None,
        "params": dict(stamp.params),
        "demo": stamp.demo,
        "notice": stamp.notice,
    }


def _json_value(value: Plain) -> Plain:
    if value is None or isinstance(value, bool | int | float | str):
        return finite(value)
    return value.isoformat()


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=text_of)
