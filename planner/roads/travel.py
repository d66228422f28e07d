"""Travel time by road: access leg, edge, network, edge, access leg; many to many."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.spatial import KDTree

from planner.roads.engines import Dijkstra, Engine, Hierarchy, Order, compute_order, has_hierarchies
from planner.roads.network import Floats, Ints, RoadNetwork
from planner.roads.snapping import Snapped, Snapper, part_of
from planner.roads.speeds import SpeedTable, arc_seconds, default_speeds

# Ten-thousandths of a minute (6 ms): coarser than what an engine rounds off on the way, so that a trip of exactly
# 60 minutes is within 60.
_DECIMALS = 4


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
        forwards_s, back_s = self.snapper.edge_seconds(origins.edge[row])
        way = targets.along[column] - origins.along[row]
        seconds = part_of(np.where(way > 0, forwards_s, back_s), np.abs(way))
        return row, column, seconds + origins.access_s[row] + targets.access_s[column]

    def _on_foot(self, origins_m: Floats, targets_m: Floats) -> tuple[Ints, Ints, Floats]:
        rule = self.speeds.access
        rows, columns = (np.flatnonzero(np.isfinite(places).all(axis=1)) for places in (origins_m, targets_m))
        if not (len(rows) and len(columns)):
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0)
        near = KDTree(origins_m[rows]).sparse_distance_matrix(
            KDTree(targets_m[columns]), rule.walk_m, output_type="ndarray"
        )
        return rows[near["i"]], columns[near["j"]], rule.seconds(near["v"])


@dataclass(frozen=True, eq=False)
class _Direct:
    """Trips by origin: those of origin i are the entries `indptr[i]` up to `indptr[i + 1]` of the others."""

    indptr: Ints
    row: Ints
    column: Ints
    seconds: Floats
