"""Many-to-many seconds over a network: customizable contraction hierarchies first, Dijkstra as the fallback.

Both answer the same question: from each origin, which starts at up to two nodes after some seconds, to each
target, which is reached from up to two nodes after some more. The hierarchy is built once from an order of the
nodes (slow, kept); new speeds and closed roads only customize it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from itertools import pairwise
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from planner.roads.network import Floats, Ints, RoadNetwork

Order = npt.NDArray[np.uint32]

# RoutingKit counts in whole numbers below 2³¹: a tenth of a millisecond, and no trip above 59 hours.
_TICKS_PER_S = 10_000
_NEVER = 2**31 - 1
_ROWS = 64


@dataclass(frozen=True, eq=False)
class Ends:
    """Where trips begin or end: for each place two nodes and the seconds to them, inf where there is none.

    Both have shape (places, 2).
    """

    node: Ints
    seconds: Floats

    def __len__(self) -> int:
        return len(self.node)


@dataclass(frozen=True)
class Path:
    """The quickest path of one trip: its seconds with those at both ends, its nodes, and the arcs between them."""

    seconds: float
    nodes: list[int]
    arcs: list[int]


class Engine(Protocol):
    """Seconds on a network with given seconds along its arcs."""

    def rows(self, origins: Ends, targets: Ends) -> Iterator[tuple[slice, Floats]]:
        """For one slice of origins after the other: seconds, shape (origins of it, targets); inf for no way."""

    def paths(self, origins: Ends, targets: Ends) -> Iterator[Path | None]:
        """For each origin the path to the target beside it; None for no way."""

    def with_seconds(self, arc_s: Floats) -> Engine:
        """The same network with other seconds along its arcs (inf: closed)."""


def has_hierarchies() -> bool:
    """Whether the package routingkit-cch is installed."""
    return find_spec("routingkit_cch") is not None


def compute_order(network: RoadNetwork) -> Order:
    """The order of the nodes that a hierarchy needs: nested dissection by place; slow, and worth keeping."""
    import routingkit_cch

    if not network.node_count:
        return np.zeros(0, dtype=np.uint32)
    y, x = network.y_m.tolist(), network.x_m.tolist()
    tail, head = network.arc_tail.tolist(), network.arc_head.tolist()
    order = routingkit_cch.compute_order_inertial(network.node_count, tail, head, y, x)
    return np.array(order, dtype=np.uint32)


@dataclass(frozen=True, eq=False)
class Hierarchy:
    """The engine on routingkit-cch; `cch` is what the order and the arcs made, `metric` holds the seconds."""

    cch: Any
    metric: Any

    @classmethod
    def build(cls, network: RoadNetwork, order: Order, arc_s: Floats) -> Hierarchy:
        """A hierarchy of the network in the given order of its nodes."""
        import routingkit_cch

        cch = routingkit_cch.CCH(order.tolist(), network.arc_tail.tolist(), network.arc_head.tolist(), False)
        return cls(cch, routingkit_cch.CCHMetric(cch, _ticks(arc_s)))

    def with_seconds(self, arc_s: Floats) -> Hierarchy:
        """The same hierarchy customized anew."""
        import routingkit_cch

        return Hierarchy(self.cch, routingkit_cch.CCHMetric(self.cch, _ticks(arc_s)))

    def rows(self, origins: Ends, targets: Ends) -> Iterator[tuple[slice, Floats]]:
        """See `Engine`. The larger side is pinned, the smaller one swept, a search each."""
        if len(origins) > len(targets):
            seconds = np.empty((len(origins), len(targets)))
            for part, columns in self._swept(targets, origins, forwards=False):
                seconds[:, part] = columns.T
            yield slice(0, len(origins)), seconds
        else:
            yield from self._swept(origins, targets, forwards=True)

    def paths(self, origins: Ends, targets: Ends) -> Iterator[Path | None]:
        """See `Engine`."""
        import routingkit_cch

        query = routingkit_cch.CCHQuery(self.metric)

        def path(starts: list[tuple[int, int]], ends: list[tuple[int, int]]) -> Path | None:
            if not (starts and ends):
                return None
            found = query.run_multi(starts, ends)  # gone when this returns: a query has one answer at a time
            if found.distance is None or found.distance >= _NEVER:
                return None
            return Path(found.distance / _TICKS_PER_S, list(found.node_path), list(found.arc_path))

        for row in range(len(origins)):
            yield path(*(_starts(ends.node[row], ends.seconds[row]) for ends in (origins, targets)))

    def _swept(self, swept: Ends, pinned: Ends, *, forwards: bool) -> Iterator[tuple[slice, Floats]]:
        """Seconds, shape (swept, pinned): from swept to pinned, or from pinned to swept."""
        import routingkit_cch

        nodes, place = np.unique(pinned.node, return_inverse=True)
        ends = list(zip(place.reshape(-1, 2).T.copy(), pinned.seconds.T.copy(), strict=True))
        pins = nodes.tolist()
        search: Callable[[list[tuple[int, int]]], list[int | None]] | None = None
        if pins and forwards:
            search = routingkit_cch.CCHOneToMany(self.metric, pins).distances_from_multi
        elif pins:
            search = routingkit_cch.CCHManyToOne(self.metric, pins).distances_to_multi
        for first in range(0, len(swept), _ROWS):
            part = slice(first, min(first + _ROWS, len(swept)))
            seconds = np.full((part.stop - part.start, len(pinned)), np.inf)
            for row in range(part.start, part.stop):
                starts = _starts(swept.node[row], swept.seconds[row])
                if starts and search is not None:
                    found = np.array(search(starts), dtype=float)  # None becomes NaN
                    found /= _TICKS_PER_S
                    one, other = (found[nodes_of] + after for nodes_of, after in ends)
                    seconds[row - part.start] = np.fmin(one, other)
            seconds[np.isnan(seconds)] = np.inf
            yield part, seconds


@dataclass(frozen=True, eq=False)
class Dijkstra:
    """The engine on scipy: exact, slow on large networks; needs no order."""

    network: RoadNetwork
    arc_s: Floats

    def with_seconds(self, arc_s: Floats) -> Dijkstra:
        """The same network with other seconds."""
        return Dijkstra(self.network, arc_s)

    @cached_property
    def quickest(self) -> Ints:
        """The open arcs, of parallel ones the quickest, by tail and head."""
        tail, head = self.network.arc_tail, self.network.arc_head
        order = np.lexsort((self.arc_s, head, tail))
        order = order[np.isfinite(self.arc_s[order]) & (tail[order] != head[order])]
        pair = tail[order] * max(self.network.node_count, 1) + head[order]
        return order[np.concatenate([[True], pair[1:] != pair[:-1]])[: len(order)]]

    def node_seconds(self, origins: Ends) -> Floats:
        """Seconds from each origin to every node, shape (origins, nodes); inf for no way."""
        graph, first = self._with_origins(origins)
        return dijkstra(graph, indices=np.arange(first, first + len(origins)))[:, :first]

    def nearest_seconds(self, origins: Ends) -> Floats:
        """Seconds to every node from the origin nearest to it, shape (nodes,); inf for no way."""
        graph, first = self._with_origins(origins)
        if not len(origins):
            return np.full(first, np.inf)
        found = dijkstra(graph, indices=np.arange(first, first + len(origins)), min_only=True)
        return np.asarray(found[:first])

    def rows(self, origins: Ends, targets: Ends) -> Iterator[tuple[slice, Floats]]:
        """See `Engine`."""
        graph, count = self._with_origins(origins)
        for first in range(0, len(origins), _ROWS):
            part = slice(first, min(first + _ROWS, len(origins)))
            found = dijkstra(graph, indices=np.arange(count + part.start, count + part.stop))
            ends = found[:, targets.node] + targets.seconds
            yield part, ends.min(axis=2) if len(targets) else ends.reshape(len(found), 0)

    def paths(self, origins: Ends, targets: Ends) -> Iterator[Path | None]:
        """See `Engine`."""
        graph, count = self._with_origins(origins)
        arcs = self.quickest
        between = dict(
            zip(
                zip(self.network.arc_tail[arcs].tolist(), self.network.arc_head[arcs].tolist(), strict=True),
                arcs.tolist(),
                strict=True,
            )
        )
        for row in range(len(origins)):
            (seconds,), (before,) = dijkstra(graph, indices=np.array([count + row]), return_predecessors=True)
            ends = seconds[targets.node[row]] + targets.seconds[row]
            end = int(ends.argmin())
            if not np.isfinite(ends[end]):
                yield None
                continue
            nodes = [int(targets.node[row, end])]
            while before[nodes[-1]] != count + row:
                nodes.append(int(before[nodes[-1]]))
            nodes.reverse()
            yield Path(float(ends[end]), nodes, [between[pair] for pair in pairwise(nodes)])

    def _with_origins(self, origins: Ends) -> tuple[csr_array, int]:
        """The graph with a node more for each origin, and the first of them."""
        arcs = self.quickest
        tail, head, seconds = self.network.arc_tail[arcs], self.network.arc_head[arcs], self.arc_s[arcs]
        count = self.network.node_count
        after, node = origins.seconds.copy(), origins.node
        # Both ends of a place may be one node: the quicker one counts.
        one = node[:, 0] == node[:, 1]
        after[one, 0], after[one, 1] = after[one].min(axis=1), np.inf
        real = np.isfinite(after)
        place = np.broadcast_to(count + np.arange(len(origins))[:, None], real.shape)
        seconds = np.concatenate([seconds, after[real]])
        ends = np.concatenate([tail, place[real]]), np.concatenate([head, node[real]])
        size = count + len(origins)
        order = np.lexsort(ends[::-1])
        indptr = np.searchsorted(ends[0][order], np.arange(size + 1))
        # Built by hand: a conversion would drop or add up entries.
        return csr_array((seconds[order], ends[1][order], indptr), shape=(size, size)), count


def _ticks(arc_s: Floats) -> list[int]:
    ticks = np.full(len(arc_s), _NEVER, dtype=np.int64)
    open_arc = arc_s < _NEVER / _TICKS_PER_S
    ticks[open_arc] = np.rint(arc_s[open_arc] * _TICKS_PER_S)
    return ticks.tolist()


def _starts(node: Ints, seconds: Floats) -> list[tuple[int, int]]:
    return [
        (int(at), round(after * _TICKS_PER_S))
        for at, after in zip(node.tolist(), seconds.tolist(), strict=True)
        if after < _NEVER / _TICKS_PER_S
    ]
