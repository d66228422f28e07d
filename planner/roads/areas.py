"""Reachable areas: the roads one gets to within so many minutes, as wide as a band beside them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from planner.roads.network import Floats, RoadNetwork
from planner.roads.snapping import Snapped
from planner.roads.travel import RoadTravel

LIMITS_MIN = (10.0, 20.0, 30.0, 60.0)
_BAND_M = 500.0
_SIMPLE = 0.1  # of the width of the band
_CORNER_SEGMENTS = 4


def reachable_areas(
    travel: RoadTravel,
    origins_m: Floats,
    *,
    limits_min: Sequence[float] = LIMITS_MIN,
    band_m: float = _BAND_M,
) -> list[BaseGeometry]:
    """What can be reached from any of the places (EPSG:4544, shape (n, 2)) within each limit, in EPSG:4544.

    One valid polygon or multipolygon for each limit, in the order given; a larger one holds every smaller one;
    empty where nothing is reached. The area is a band of `band_m` on each side of the reached parts of roads,
    drawn from the minutes at the nodes; it says nothing of the land between roads.
    """
    places = travel.places(origins_m)
    node_s = travel.oracle.node_seconds(travel.snapper.exits(places)).min(axis=0, initial=np.inf)
    areas: dict[float, BaseGeometry] = {}
    inner: BaseGeometry = shapely.Polygon()
    for limit_min in sorted(set(limits_min)):
        reached = reached_roads(travel, places, node_s, limit_s=limit_min * 60)
        # Wider by what simplifying may take away, so that the band holds its roads.
        band = shapely.buffer(reached, band_m * (1 + _SIMPLE), quad_segs=_CORNER_SEGMENTS)
        inner = shapely.union(inner, shapely.make_valid(shapely.simplify(band, band_m * _SIMPLE)))
        areas[limit_min] = inner
    return [areas[limit_min] for limit_min in limits_min]


def reached_roads(travel: RoadTravel, places: Snapped, node_s: Floats, *, limit_s: float) -> BaseGeometry:
    """The parts of roads reached within `limit_s`, as one MultiLineString (EPSG:4544).

    `node_s` are the seconds to each node from the nearest of `places`.
    """
    network = travel.network
    forwards_s, back_s = travel.snapper.edge_seconds(np.arange(network.edge_count))
    from_tail = _share(limit_s - node_s[network.tail], forwards_s)
    from_head = _share(limit_s - node_s[network.head], back_s)
    whole = from_tail + from_head >= 1
    parts = [network.shapes[whole]]
    for shares, first in ((from_tail, True), (from_head, False)):
        edges = np.flatnonzero(~whole & (shares > 0))
        share = shares[edges]
        zeros, ones = np.zeros(len(edges)), np.ones(len(edges))
        start, end = (zeros, share) if first else (1 - share, ones)
        parts.append(_cut_out(network, edges, start, end))

    start_from = np.flatnonzero(np.isfinite(places.access_s) & (places.access_s <= limit_s))
    edges, along = places.edge[start_from], places.along[start_from]
    left_s = limit_s - places.access_s[start_from]
    forwards, back = (_share(left_s, seconds[edges]) for seconds in (forwards_s, back_s))
    parts.append(_cut_out(network, edges, np.maximum(along - back, 0), np.minimum(along + forwards, 1)))
    lines = np.concatenate(parts)
    return shapely.MultiLineString(lines[~shapely.is_empty(lines)].tolist())


def _share(left_s: Floats, edge_s: Floats) -> Floats:
    """Which share of an edge is passed in the time that is left; 0 where there is none or it is closed."""
    share = np.zeros(len(left_s))
    passable = (left_s > 0) & np.isfinite(edge_s)
    quick = passable & (edge_s <= left_s)
    share[quick] = 1
    slow = passable & ~quick
    share[slow] = left_s[slow] / edge_s[slow]
    return share


def _cut_out(network: RoadNetwork, edges: np.ndarray, start: Floats, end: Floats) -> np.ndarray:
    """The pieces of edges from one share of their length to another."""
    pieces = np.empty(len(edges), dtype=object)
    for row, (edge, first, last) in enumerate(zip(edges, start, end, strict=True)):
        pieces[row] = _piece(network.points_m[network.starts[edge] : network.starts[edge + 1]], first, last)
    return pieces


def _piece(points_m: Floats, start: float, end: float) -> BaseGeometry:
    """The part of a line between two shares of its length; empty where it has none."""
    run = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points_m, axis=0).T))])
    if run[-1] == 0 or end <= start:
        return shapely.LineString()
    at = np.array([start, end]) * run[-1]
    tips = np.column_stack([np.interp(at, run, points_m[:, axis]) for axis in (0, 1)])
    between = (run > at[0]) & (run < at[1])
    return shapely.LineString(np.vstack([tips[:1], points_m[between], tips[1:]]))
