"""Travel time by road: access leg, edge, network, edge, access leg; many to many."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

import numpy as np
import shapely
from scipy.sparse import coo_array, csr_array
from scipy.spatial import KDTree
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from planner.roads.areas import reachable_areas
from planner.roads.engines import (
    Dijkstra,
    Ends,
    Engine,
    Hierarchy,
    Order,
    Path,
    compute_order,
    has_hierarchies,
)
from planner.roads.network import Floats, Ints, RoadNetwork
from planner.roads.snapping import Snapped, Snapper, part_of
from planner.roads.speeds import SpeedTable, arc_seconds, default_speeds
from planner.roads.straight_line import Ways

# Ten-thousandths of a minute (6 ms): coarser than what an engine rounds off on the way, so that a trip of exactly
# 60 minutes is within 60.
_DECIMALS = 4

Line = tuple[Floats, float]  # points, shape (n, 2), and metres


@dataclass(frozen=True, eq=False)
class RoadTravel:
    """Minutes over a network; make one with `build`.

    A trip leads from its place straight to the nearest road that is part of the main network, along it, and
    straight to the other place. Two places within walking distance of each other may walk. Minutes are not
    symmetric where streets are one-way.
    """

    network: RoadNetwork
    speeds: SpeedTable
    engine: Engine
    snapper: Snapper
    estimated: bool = False

    @classmethod
    def build(
        cls,
        network: RoadNetwork,
        speeds: SpeedTable | None = None,
        *,
        closed: Collection[int] = (),
        order: Order | None = None,
    ) -> Self:
        """Travel over `network` without the edges `closed` (ids); `order` is a kept `compute_order(network)`.

        Without routingkit-cch the answers come from scipy, slower.
        """
        speeds = speeds or default_speeds()
        arc_s = arc_seconds(network, speeds, closed=closed)
        engine: Engine = Dijkstra(network, arc_s)
        if has_hierarchies() and network.edge_count:
            engine = Hierarchy.build(network, compute_order(network) if order is None else order, arc_s)
        return cls(network, speeds, engine, Snapper(network, arc_s, speeds.access))

    def changed(self, speeds: SpeedTable | None = None, *, closed: Collection[int] = ()) -> Self:
        """The same network with other speeds or closed edges; the order is not computed again."""
        speeds = speeds or self.speeds
        arc_s = arc_seconds(self.network, speeds, closed=closed)
        snapper = Snapper(self.network, arc_s, speeds.access)
        return replace(self, speeds=speeds, engine=self.engine.with_seconds(arc_s), snapper=snapper)

    def places(self, places_m: Floats) -> Snapped:
        """Where each place (EPSG:4544, shape (n, 2)) joins the road, how far it is, and why it cannot."""
        return self.snapper.snap(places_m)

    def minutes(self, origins_m: Floats, targets_m: Floats) -> Floats:
        """Minutes, shape (origins, targets); inf where no way leads or a coordinate is missing."""
        found = np.full((len(origins_m), len(targets_m)), np.inf)
        for part, minutes in self._rows(origins_m, targets_m):
            found[part] = minutes
        return found

    def within(self, origins_m: Floats, targets_m: Floats, *, limit_min: float) -> csr_array:
        """Minutes ≤ `limit_min`, shape (origins, targets); trips of 0 minutes are kept as explicit zeros."""
        data, columns, sizes = [np.zeros(0)], [np.zeros(0, dtype=np.int64)], [np.zeros(1, dtype=np.int64)]
        for _, minutes in self._rows(origins_m, targets_m):
            near = minutes <= limit_min
            data.append(minutes[near])
            columns.append(np.nonzero(near)[1])
            sizes.append(near.sum(axis=1))
        shape = (len(origins_m), len(targets_m))
        indptr = np.cumsum(np.concatenate(sizes))
        return csr_array((np.concatenate(data), np.concatenate(columns), indptr), shape=shape)

    def nearest(self, origins_m: Floats, targets_m: Floats) -> tuple[Ints, Floats]:
        """For each origin the index of its nearest target (−1: none) and the minutes (inf: none).

        Of equally near targets the first listed wins.
        """
        index, minutes = self.nearest_few(origins_m, targets_m, count=1)
        return index[:, 0], minutes[:, 0]

    def nearest_few(self, origins_m: Floats, targets_m: Floats, *, count: int) -> tuple[Ints, Floats]:
        """The `count` nearest targets of each origin and their minutes, the nearest first; shape (origins, count).

        −1 and inf where there are not so many; of equally near targets the first listed comes first.
        """
        index = np.full((len(origins_m), count), -1, dtype=np.int64)
        found = np.full((len(origins_m), count), np.inf)
        width = min(count, len(targets_m))
        for part, minutes in self._rows(origins_m, targets_m):
            order = np.argsort(minutes, axis=1, kind="stable")[:, :width]
            found[part, :width] = np.take_along_axis(minutes, order, axis=1)
            index[part, :width] = np.where(np.isfinite(found[part, :width]), order, -1)
        return index, found

    def ways(self, starts_m: Floats, ends_m: Floats) -> Ways:
        """The way of each trip from a start to the end beside it, both of shape (n, 2) in EPSG:4544.

        Metres are those of the roads as measured on the ellipsoid, and straight ones at both ends.
        """
        places = self.places(starts_m), self.places(ends_m)
        exits, entries = self.snapper.exits(places[0]), self.snapper.entries(places[1])
        rows = np.arange(len(starts_m))
        along_s = np.full(len(rows), np.inf)
        same = rows[(places[0].edge == places[1].edge) & (places[0].edge >= 0)]
        along_s[same] = self._along_edge(*places, same, same)
        walked_m = np.linalg.norm(starts_m - ends_m, axis=1)
        on_foot_s = np.where(
            walked_m <= self.speeds.access.walk_m, self.speeds.access.seconds(walked_m), np.inf
        )
        lines: list[Line | None] = []
        for row, path in enumerate(self.engine.paths(exits, entries)):
            line: Line | None = None
            if path is not None and path.seconds < min(along_s[row], on_foot_s[row]):
                line = self._line_of(path, row, places, exits, entries)
            elif along_s[row] < on_foot_s[row]:
                line = self._part(places[0].edge[row], places[0].along[row], places[1].along[row])
            elif np.isfinite(on_foot_s[row]):
                lines.append((np.stack([starts_m[row], ends_m[row]]), float(walked_m[row])))
                continue
            if line is not None:
                points, metres = line
                access_m = float(places[0].access_m[row] + places[1].access_m[row])
                line = np.concatenate([starts_m[row][None], points, ends_m[row][None]]), metres + access_m
            lines.append(line)
        shapes = np.array(
            [None if line is None else shapely.LineString(line[0]) for line in lines], dtype=object
        )
        return Ways(shapes, np.array([np.nan if line is None else line[1] for line in lines], dtype=float))

    def areas(self, origins_m: Floats, *, limits_min: Sequence[float]) -> list[BaseGeometry]:
        """What is reached from any of the places within each limit, see `planner.roads.areas`."""
        return reachable_areas(self, origins_m, limits_min=limits_min)

    @cached_property
    def oracle(self) -> Dijkstra:
        """The same seconds by scipy: for what needs every node, and to check the engine."""
        return Dijkstra(self.network, self.snapper.arc_s)

    def _rows(self, origins_m: Floats, targets_m: Floats) -> Iterator[tuple[slice, Floats]]:
        """For one slice of origins after the other: minutes, shape (origins of it, targets)."""
        origins, targets = self.places(origins_m), self.places(targets_m)
        direct = self._direct(origins_m, targets_m, origins, targets)
        exits, entries = self.snapper.exits(origins), self.snapper.entries(targets)
        for part, seconds in self.engine.rows(exits, entries):
            trips = slice(direct.indptr[part.start], direct.indptr[part.stop])
            at = direct.row[trips] - part.start, direct.column[trips]
            np.minimum.at(seconds, at, direct.seconds[trips])
            yield part, np.round(seconds / 60, _DECIMALS)

    def _direct(self, origins_m: Floats, targets_m: Floats, origins: Snapped, targets: Snapped) -> _Direct:
        """The trips that need no node: along one edge, or on foot between places near each other."""
        along = self._on_one_edge(origins, targets)
        on_foot = self._on_foot(origins_m, targets_m)
        row, column, value = (np.concatenate(pair) for pair in zip(along, on_foot, strict=True))
        order = np.argsort(row, kind="stable")
        indptr = np.searchsorted(row[order], np.arange(len(origins_m) + 1))
        return _Direct(indptr, row[order], column[order], value[order])

    def _on_one_edge(self, origins: Snapped, targets: Snapped) -> tuple[Ints, Ints, Floats]:
        count = self.network.edge_count
        table = [
            coo_array(
                (np.ones(len(rows)), (rows, places.edge[rows])), shape=(len(places.edge), count)
            ).tocsr()
            for places in (origins, targets)
            for rows in [np.flatnonzero(np.isfinite(places.access_s))]
        ]
        pairs = (table[0] @ table[1].T).tocoo()
        row, column = pairs.row.astype(np.int64), pairs.col.astype(np.int64)
        return row, column, self._along_edge(origins, targets, row, column)

    def _along_edge(self, origins: Snapped, targets: Snapped, row: Ints, column: Ints) -> Floats:
        """Seconds from the origins `row` to the targets `column` along the edge that both are on."""
        forwards_s, back_s = self.snapper.edge_seconds(origins.edge[row])
        way = targets.along[column] - origins.along[row]
        seconds = part_of(np.where(way > 0, forwards_s, back_s), np.abs(way))
        return seconds + origins.access_s[row] + targets.access_s[column]

    def _line_of(
        self, path: Path, row: int, places: tuple[Snapped, Snapped], exits: Ends, entries: Ends
    ) -> Line:
        """The points and metres of a path between where its two places join the road."""
        network = self.network
        start, end = (
            (int(snapped.edge[row]), float(snapped.along[row]), _share_of(ends, row, node))
            for snapped, ends, node in (
                (places[0], exits, path.nodes[0]),
                (places[1], entries, path.nodes[-1]),
            )
        )
        parts = [self._part(start[0], start[1], start[2])]
        for arc in path.arcs:
            forwards = arc < network.edge_count
            parts.append(self._part(int(network.arc_edge[arc]), *((0.0, 1.0) if forwards else (1.0, 0.0))))
        parts.append(self._part(end[0], end[2], end[1]))
        return np.concatenate([points for points, _ in parts]), sum(metres for _, metres in parts)

    def _part(self, edge: int, start: float, end: float) -> Line:
        """The points and metres of an edge from one share of its length to another."""
        shape, length_m = self.network.shapes[edge], float(self.network.length_m[edge])
        if {start, end} != {0.0, 1.0}:
            shape = substring(shape, start, end, normalized=True)
            return shapely.get_coordinates(shape), length_m * abs(end - start)
        points = shapely.get_coordinates(shape)
        return points if start < end else points[::-1], length_m

    def _on_foot(self, origins_m: Floats, targets_m: Floats) -> tuple[Ints, Ints, Floats]:
        rule = self.speeds.access
        rows, columns = (np.flatnonzero(np.isfinite(places).all(axis=1)) for places in (origins_m, targets_m))
        if not (len(rows) and len(columns)):
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0)
        near = KDTree(origins_m[rows]).sparse_distance_matrix(
            KDTree(targets_m[columns]), rule.walk_m, output_type="ndarray"
        )
        return rows[near["i"]], columns[near["j"]], rule.seconds(near["v"])


def _share_of(ends: Ends, row: int, node: int) -> float:
    """Where on its edge a trip that passes `node` joins the nodes: 0 at the tail, 1 at the head, the quicker one."""
    seconds = np.where(ends.node[row] == node, ends.seconds[row], np.inf)
    return float(seconds.argmin())


@dataclass(frozen=True, eq=False)
class _Direct:
    """Trips by origin: those of origin i are the entries `indptr[i]` up to `indptr[i + 1]` of the others."""

    indptr: Ints
    row: Ints
    column: Ints
    seconds: Floats
