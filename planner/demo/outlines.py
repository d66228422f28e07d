"""Township outlines of the demo: every bit of a county goes to the township of the nearest place.

The outlines of a county are a partition of it. They are drawn from generated points, so they are examples,
not the official borders.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from planner.model.layers import METRIC_CRS, STORE_CRS

Shapes = npt.NDArray[np.object_]
Rows = npt.NDArray[np.int64]

# 0.1 m; the same border is rounded the same way on both of its sides.
_DECIMALS = 6
_BEYOND_M = 200_000.0


def draw_outlines(county: BaseGeometry, places_m: npt.NDArray[np.float64], owner: Rows, count: int) -> Shapes:
    """The outlines (EPSG:4490) of `count` townships: the parts of `county` (EPSG:4490) nearest their places.

    `places_m` are points in metres (EPSG:4544), shape (n, 2), no two alike; `owner` is the township of each,
    and each township owns at least one.
    """
    points = np.asarray(shapely.points(places_m))
    frame = shapely.buffer(shapely.envelope(shapely.union_all(points)), _BEYOND_M)
    cells = shapely.voronoi_polygons(shapely.multipoints(places_m), extend_to=frame, ordered=True)
    cells = _to_store(shapely.get_parts(cells))
    nearest = np.array([shapely.coverage_union_all(cells[owner == row]) for row in range(count)])
    pieces, township = shapely.get_parts(shapely.intersection(nearest, county), return_index=True)
    areal = shapely.get_dimensions(pieces) == 2
    pieces, township = pieces[areal], township[areal]
    township = _with_cut_off(pieces, township, _to_store(points), owner)
    outlines = [shapely.coverage_union_all(pieces[township == row]) for row in range(count)]
    return shapely.transform(np.array(outlines), lambda degrees: degrees.round(_DECIMALS))


def _with_cut_off(pieces: Shapes, township: Rows, points: Shapes, owner: Rows) -> Rows:
    """The township of each piece, where one cut off by the county's border goes to its closest neighbour.

    Cut off is a piece without a place of its own township; its neighbour is the one with the longest shared
    border.
    """
    held, holder = shapely.STRtree(points).query(pieces, predicate="contains")
    settled = np.zeros(len(pieces), dtype=bool)
    settled[held[owner[holder] == township[held]]] = True
    township = township.copy()
    while not settled.all():
        loose = np.flatnonzero(~settled)
        shared = shapely.length(
            shapely.intersection(
                shapely.boundary(pieces[loose])[:, None], shapely.boundary(pieces[settled])[None, :]
            )
        )
        touching = shared.max(axis=1) > 0
        if not touching.any():
            break
        township[loose[touching]] = township[settled][shared[touching].argmax(axis=1)]
        settled[loose[touching]] = True
    return township


def _to_store(shapes: Shapes) -> Shapes:
    return np.asarray(gpd.GeoSeries(shapes, crs=METRIC_CRS).to_crs(STORE_CRS).array)
