"""A map for paper as SVG, readable in black and white: areas told apart by hatching and number, points by shape."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

Fill = Literal["plain", "light", "dense", "dots"]
Shape = Literal["dot", "triangle", "cross", "square", "hollow", "diamond"]
Floats = npt.NDArray[np.float64]

_WIDTH = 1000.0
_MARGIN = 12.0
_SIMPLIFY_M = 150.0
_PATTERNS = """<defs>
<pattern id="light" width="14" height="14" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="14" height="14" fill="#fff"/><line x1="0" y1="0" x2="0" y2="14" stroke="#8a8a8a" stroke-width="1.4"/></pattern>
<pattern id="dense" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="7" height="7" fill="#fff"/><line x1="0" y1="0" x2="0" y2="7" stroke="#777" stroke-width="2"/></pattern>
<pattern id="dots" width="12" height="12" patternUnits="userSpaceOnUse"><rect width="12" height="12" fill="#fff"/><circle cx="6" cy="6" r="1.8" fill="#777"/></pattern>
</defs>"""


@dataclass(frozen=True, eq=False)
class Marks:
    """Points of one kind: (n, 2) metres, drawn with one shape of half-width `size` (of 1,000 across the map)."""

    places_m: Floats
    shape: Shape
    size: float
    colour: str = "#000"


def map_svg(
    areas: gpd.GeoSeries, fills: Sequence[Fill], labels: Sequence[str], marks: Sequence[Marks], *, font: str
) -> str:
    """Areas (EPSG:4544, None: not drawn) with their fill and label, and the marks over them. No words but labels."""
    drawn = areas.notna() & ~areas.is_empty
    places = [mark.places_m[~np.isnan(mark.places_m).any(axis=1)] for mark in marks]
    west, south, east, north = _extent(areas[drawn], places)
    scale = (_WIDTH - 2 * _MARGIN) / max(east - west, north - south, 1.0)
    size = ((east - west) * scale + 2 * _MARGIN, (north - south) * scale + 2 * _MARGIN)

    def place(points_m: Floats) -> Floats:
        return np.column_stack(
            [(points_m[:, 0] - west) * scale + _MARGIN, (north - points_m[:, 1]) * scale + _MARGIN]
        )

    parts = [
        _area(geometry, fill, place)
        for geometry, fill in zip(areas[drawn], np.asarray(fills, dtype=object)[drawn], strict=True)
    ]
    parts += [_marks(place(points), mark) for points, mark in zip(places, marks, strict=True)]
    parts += [
        _label(geometry, label, place, font)
        for geometry, label in zip(areas[drawn], np.asarray(labels, dtype=object)[drawn], strict=True)
    ]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size[0]:.0f} {size[1]:.0f}">'
    return head + _PATTERNS + "".join(parts) + "</svg>"


def _extent(areas: gpd.GeoSeries, places: Sequence[Floats]) -> tuple[float, float, float, float]:
    boxes = [areas.bounds.to_numpy().reshape(-1, 2, 2).reshape(-1, 2), *places]
    every = np.concatenate([np.empty((0, 2)), *boxes])
    if not len(every):
        return 0.0, 0.0, 1.0, 1.0
    west, south = every.min(axis=0).tolist()
    east, north = every.max(axis=0).tolist()
    return west, south, east, north


def _area(geometry: shapely.Geometry, fill: Fill, place: Callable[[Floats], Floats]) -> str:
    outline = shapely.simplify(geometry, _SIMPLIFY_M)
    rings = [
        ring
        for part in shapely.get_parts(outline)
        for ring in ([part.exterior, *part.interiors] if part.geom_type == "Polygon" else [])
    ]
    path = "".join(_ring(place(shapely.get_coordinates(ring))) for ring in rings)
    paint = "#fff" if fill == "plain" else f"url(#{fill})"
    return f'<path d="{path}" fill="{paint}" fill-rule="evenodd" stroke="#222" stroke-width="1.6"/>'


def _ring(points: Floats) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points.tolist()) + "Z"


def _marks(points: Floats, mark: Marks) -> str:
    s = mark.size
    piece = {
        "dot": lambda x, y: f"M{x:.1f} {y:.1f}h.01",
        "triangle": lambda x, y: f"M{x:.1f} {y - s:.1f}l{s:.1f} {1.8 * s:.1f}h{-2 * s:.1f}z",
        "cross": lambda x, y: (
            f"M{x - s:.1f} {y - s:.1f}l{2 * s:.1f} {2 * s:.1f}m0 {-2 * s:.1f}l{-2 * s:.1f} {2 * s:.1f}"
        ),
        "square": lambda x, y: f"M{x - s:.1f} {y - s:.1f}h{2 * s:.1f}v{2 * s:.1f}h{-2 * s:.1f}z",
        "hollow": lambda x, y: f"M{x - s:.1f} {y - s:.1f}h{2 * s:.1f}v{2 * s:.1f}h{-2 * s:.1f}z",
        "diamond": lambda x, y: f"M{x:.1f} {y - s:.1f}l{s:.1f} {s:.1f}l{-s:.1f} {s:.1f}l{-s:.1f} {-s:.1f}z",
    }[mark.shape]
    path = "".join(piece(x, y) for x, y in points.tolist())
    if not path:
        return ""
    style = {
        "dot": f'fill="none" stroke="{mark.colour}" stroke-width="{2 * s:.1f}" stroke-linecap="round"',
        "cross": f'fill="none" stroke="{mark.colour}" stroke-width="{s / 2:.1f}"',
        "hollow": f'fill="#fff" stroke="{mark.colour}" stroke-width="{s / 3:.1f}"',
    }.get(mark.shape, f'fill="{mark.colour}" stroke="#fff" stroke-width="1.2"')
    return f'<path d="{path}" {style}/>'


def _label(geometry: shapely.Geometry, label: str, place: Callable[[Floats], Floats], font: str) -> str:
    point = shapely.get_coordinates(shapely.point_on_surface(geometry))
    x, y = place(point)[0].tolist()
    if not label.isdecimal():
        raise ValueError("labels of areas are numbers")
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="13" fill="#fff" stroke="#222" stroke-width="1"/>'
        f'<text x="{x:.1f}" y="{y + 5.5:.1f}" font-family="{font}" font-size="16" text-anchor="middle">{label}</text>'
    )
