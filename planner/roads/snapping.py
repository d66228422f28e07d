"""From places to roads: the nearest point on an edge of the main part, and how one gets there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import shapely

from planner.roads.engines import Ends
from planner.roads.network import Floats, Ints, RoadNetwork
from planner.roads.speeds import AccessRule, may_enter

# Why a place has no way to the road.
UNLOCATED, TOO_FAR, NO_ROADS = "没有定位", "离路太远", "没有道路"
_AT_END = 1e-9


def part_of(seconds: Floats, share: Floats) -> Floats:
    """Seconds over a share of an edge. At its very end one is at the node, whichever way the edge runs."""
    found = np.zeros(len(seconds))
    moves = share > _AT_END
    found[moves] = seconds[moves] * share[moves]
    return found


@dataclass(frozen=True, eq=False)
class Snapped:
    """Places on the road: the edge (−1: none), how far along it (0 at its tail, 1 at its head), the access leg.

    `access_m` is the straight way to the road (NaN without place or roads), `access_s` its seconds (inf: no way),
    `reason` says why there is no way, "" where there is.
    """

    edge: Ints
    along: Floats
    access_m: Floats
    access_s: Floats
    reason: npt.NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class Snapper:
    """Finds the nearest road among the open edges of the largest strongly connected part that one may join."""

    network: RoadNetwork
    arc_s: Floats
    access: AccessRule

    @cached_property
    def main(self) -> npt.NDArray[np.bool_]:
        """The nodes of the main part, with closed roads left out."""
        return self.network.largest_component(np.isfinite(self.arc_s))

    @cached_property
    def edges(self) -> Ints:
        """The edges that places snap to."""
        network = self.network
        if not network.edge_count:
            return np.zeros(0, dtype=np.int64)
        is_open = np.zeros(network.edge_count, dtype=bool)
        is_open[network.arc_edge[np.isfinite(self.arc_s)]] = True
        inside = is_open & self.main[network.tail] & self.main[network.head]
        joined = inside & may_enter(network)
        return np.flatnonzero(joined if joined.any() else inside)

    @cached_property
    def tree(self) -> shapely.STRtree:
        """The index over `edges`."""
        return shapely.STRtree(self.network.shapes[self.edges])

    def snap(self, places_m: Floats) -> Snapped:
        """The nearest point on the road of each place, shape (n, 2) in EPSG:4544; NaN for a missing one."""
        count = len(places_m)
        edge = np.full(count, -1, dtype=np.int64)
        along, access_m = np.full(count, np.nan), np.full(count, np.nan)
        located = np.isfinite(places_m).all(axis=1)
        rows = np.flatnonzero(located)
        if len(rows) and len(self.edges):
            points = shapely.points(places_m[rows])
            (row, found), distance_m = self.tree.query_nearest(points, return_distance=True)
            # Of equally near edges the first: `row` is sorted, `found` need not be.
            order = np.lexsort((found, distance_m, row))
            first = order[np.concatenate([[True], np.diff(row[order]) > 0])]
            edge[rows] = self.edges[found[first]]
            access_m[rows] = distance_m[first]
            shape = self.network.shapes[edge[rows]]
            along[rows] = shapely.line_locate_point(shape, points, normalized=True)
        access_s = self.access.seconds(access_m)
        reason = np.full(count, "", dtype=object)
        reason[np.isinf(access_s)] = TOO_FAR
        reason[located & (edge < 0)] = NO_ROADS
        reason[~located] = UNLOCATED
        return Snapped(edge, along, access_m, access_s, reason)

    def exits(self, snapped: Snapped) -> Ends:
        """The nodes at which a trip from each place starts: the head of its edge, and the tail where one may turn."""
        return self._ends(snapped, leaving=True)

    def entries(self, snapped: Snapped) -> Ends:
        """The nodes from which each place is reached: the tail of its edge, and the head where one may turn."""
        return self._ends(snapped, leaving=False)

    def edge_seconds(self, edge: Ints) -> tuple[Floats, Floats]:
        """Seconds along whole edges, forwards and back; inf where closed or one-way."""
        back = self.network.back_arc[edge]
        return self.arc_s[edge], np.where(back >= 0, self.arc_s[back], np.inf)

    def _ends(self, snapped: Snapped, *, leaving: bool) -> Ends:
        count = len(snapped.edge)
        reached = np.isfinite(snapped.access_s) & (snapped.edge >= 0)
        node = np.zeros((count, 2), dtype=np.int64)
        seconds = np.full((count, 2), np.inf)
        edge, along = snapped.edge[reached], snapped.along[reached]
        forwards_s, back_s = self.edge_seconds(edge)
        node[reached] = np.column_stack([self.network.tail[edge], self.network.head[edge]])
        by_tail, by_head = (back_s, forwards_s) if leaving else (forwards_s, back_s)
        seconds[reached] = (
            np.column_stack(
                [
                    part_of(by_tail, along),
                    part_of(by_head, 1 - along),
                ]
            )
            + snapped.access_s[reached][:, None]
        )
        return Ends(node, seconds)
