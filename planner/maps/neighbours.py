"""Colours for many classes on one map: classes that lie beside each other never share one."""

from __future__ import annotations

import colorsys

import geopandas as gpd
import networkx as nx
import numpy as np
import numpy.typing as npt
from scipy.spatial import Delaunay

# Told apart by readers who see red and green alike, too: Paul Tol's “muted”, and three of his “bright”.
_PALETTE = (
    "#0077bb",
    "#cc6677",
    "#117733",
    "#ddcc77",
    "#332288",
    "#88ccee",
    "#125a56",
    "#44aa99",
    "#ee7733",
    "#aa4499",
    "#999933",
    "#6b4f2a",
)
_GOLDEN = 0.618034  # of the circle of hues: however many, no two are close


def colours_apart(shapes: gpd.GeoSeries, class_of: npt.NDArray[np.int_], count: int) -> list[str]:
    """A colour for each of `count` classes, as #rrggbb; `class_of` (features) numbers the class of each of `shapes`.

    Each class has a colour of its own while the palette lasts. Where there are more, classes of which two features
    are neighbours differ, and others may not. A class without a place may have any.
    """
    if count <= len(_PALETTE):
        return list(_PALETTE[:count])
    beside: nx.Graph[int] = nx.Graph()
    beside.add_nodes_from(range(count))
    pairs = class_of[_neighbours(shapes)]
    beside.add_edges_from(pairs[pairs[:, 0] != pairs[:, 1]].tolist())
    number_of = nx.greedy_color(beside, strategy="DSATUR")
    return [_colour(number_of[number]) for number in range(count)]


def _neighbours(shapes: gpd.GeoSeries) -> npt.NDArray[np.int_]:
    """Pairs of positions, shape (n, 2): of points joined by a triangle of Delaunay's, of other shapes that meet."""
    placed = np.flatnonzero((shapes.notna() & ~shapes.is_empty).to_numpy())
    known = shapes.iloc[placed]
    if not (known.geom_type == "Point").all():
        return placed[known.sindex.query(known, predicate="intersects").T]
    if len(placed) <= 3:
        return placed[np.argwhere(np.ones((len(placed), len(placed)), dtype=bool))]
    # Joggled, so that points in one line or in one place are neighbours too.
    sides = Delaunay(np.column_stack([known.x, known.y]), qhull_options="Qbb Qc QJ").simplices
    return placed[np.concatenate([sides[:, [0, 1]], sides[:, [1, 2]], sides[:, [2, 0]]])]


def _colour(number: int) -> str:
    if number < len(_PALETTE):
        return _PALETTE[number]
    red, green, blue = colorsys.hsv_to_rgb(number * _GOLDEN % 1, 0.7, 0.65)
    return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"
