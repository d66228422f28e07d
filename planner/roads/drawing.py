"""A network as a few long lines for the map: by class, and whether one gets everywhere from there."""

from __future__ import annotations

from collections.abc import Collection

import geopandas as gpd
import numpy as np
import shapely

from planner.model.layers import METRIC_CRS
from planner.model.roads import ROADS_BY_CLASS, RoadShown, RoadState
from planner.roads.network import RoadNetwork
from planner.roads.words import CLASSES

# A screen pixel at the scale that shows a town.
_TOLERANCE_M = 20.0
_OWN_LEGEND = {str(item) for item in RoadShown}


def draw_network(network: RoadNetwork, *, closed: Collection[int] = ()) -> gpd.GeoDataFrame:
    """The rows of ROADS_BY_CLASS (EPSG:4544): one for each class and state that has roads, the local ones first.

    `closed` are ids of edges. Shapes are simplified to 20 m; lengths are those of the roads.
    """
    is_closed = np.zeros(network.edge_count, dtype=bool)
    is_closed[np.fromiter(closed, dtype=np.int64)] = True
    main = network.largest_component(~is_closed[network.arc_edge])
    inside = main[network.tail] & main[network.head] if network.edge_count else is_closed
    states = np.select(
        [is_closed, ~inside], [str(RoadState.CLOSED), str(RoadState.OUTSIDE)], default=str(RoadState.MAIN)
    )
    total_m = network.length_m.sum()
    rows = []
    for position, title in reversed(list(enumerate(CLASSES.values()))):
        for state in RoadState:
            edges = np.flatnonzero((network.road_class == position) & (states == str(state)))
            if not len(edges):
                continue
            length_m = network.length_m[edges].sum()
            by_class = title if title in _OWN_LEGEND else str(RoadShown.LOCAL)
            rows.append(
                {
                    "name": title,
                    "state": str(state),
                    "edges": len(edges),
                    "km": length_m / 1000,
                    "share": min(float(length_m / total_m * 100), 100.0) if total_m else 0.0,
                    "shown": by_class if state is RoadState.MAIN else str(state),
                    "geometry": _drawn(network, edges),
                }
            )
    if not rows:
        return gpd.GeoDataFrame(ROADS_BY_CLASS.empty())
    return gpd.GeoDataFrame(ROADS_BY_CLASS.cast(gpd.GeoDataFrame(rows, crs=METRIC_CRS)))


def _drawn(network: RoadNetwork, edges: np.ndarray) -> shapely.geometry.base.BaseGeometry:
    merged = shapely.line_merge(shapely.multilinestrings(network.shapes[edges]))
    return shapely.simplify(merged, _TOLERANCE_M)
