"""Geometry as files with their hash in the name: shapes, names and codes, never a figure.

Such a file is served to anyone who knows its address, so a layer that holds anything personal never
becomes one; `inline` says so.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from shapely import GeometryCollection
from shapely.geometry.base import BaseGeometry

from planner.model.layers import EXPORT_CRS, Layer

_DIGITS = 5  # of a degree: about one metre
_TOLERANCE_M = 60.0  # a third of a screen pixel at the scale that shows a county


@dataclass(frozen=True)
class GeometryFile:
    """A GeoJSON file of shapes: its name (with the hash of its content) and its bytes."""

    name: str
    content: bytes
    inline: bool


def geometry_file(layer: Layer, frame: gpd.GeoDataFrame) -> GeometryFile:
    """The shapes of `frame` (EPSG:4544) in WGS84, in its order; a feature without a place is null.

    Polygons that share borders are simplified together, so that no gap opens between them.
    """
    shapes = frame.geometry
    polygons = shapes.geom_type.isin(["Polygon", "MultiPolygon"])
    if polygons.any():
        shapes = shapes.copy()
        shapes[polygons] = shapely.coverage_simplify(shapes[polygons].array, _TOLERANCE_M)
    shapes = shapes.to_crs(EXPORT_CRS)
    content = json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": {"code": code, "name": name},
                    "geometry": None if shape is None or shape.is_empty else _rounded(shape),
                }
                for code, name, shape in zip(_codes(layer, frame), _names(layer, frame), shapes, strict=True)
            ],
        },
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode()
    name = f"{layer.name}-{hashlib.sha256(content).hexdigest()[:20]}.geojson"
    return GeometryFile(name, content, inline=layer.personal)


def _codes(layer: Layer, frame: pd.DataFrame) -> list[str]:
    """What identifies each feature: the columns of the layer's key, joined."""
    return frame[list(layer.key)].astype(str).agg("|".join, axis=1).tolist() if len(frame) else []


def _names(layer: Layer, frame: pd.DataFrame) -> list[str]:
    return frame["name"].astype(str).tolist() if "name" in frame else _codes(layer, frame)


def _rounded(shape: BaseGeometry) -> dict[str, Any]:
    if isinstance(shape, GeometryCollection):
        return {"type": "GeometryCollection", "geometries": [_rounded(part) for part in shape.geoms]}
    mapping = shape.__geo_interface__
    return {"type": mapping["type"], "coordinates": _round(mapping["coordinates"])}


def _round(coordinates: Any) -> Any:
    if isinstance(coordinates, float):
        return round(coordinates, _DIGITS)
    return [_round(item) for item in coordinates]
