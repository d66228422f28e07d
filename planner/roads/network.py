"""A road network as arrays, to bytes and back, and what is to be told of it."""

from __future__ import annotations

import io
from dataclasses import dataclass, fields
from functools import cached_property
from hashlib import sha256
from typing import Literal

import numpy as np
import numpy.typing as npt
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from planner.roads.words import CLASSES

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class RoadNetwork:
    """Nodes at `x_m`, `y_m` (EPSG:4544) and edges between them; an edge's id is its row.

    Edge e leads from node `tail[e]` to `head[e]` over `length_m[e]` (measured on the ellipsoid); `oneway` ones only
    so, others back as well. `road_class` and `surface` are rows of CLASSES and SURFACES; `speed_kmh` is a travel
    speed that the file names, `limit_kmh` a speed limit, NaN for none; `name` is a row of `names`, -1 for none. Its
    shape runs over the points `starts[e]` up to `starts[e + 1]` of `points_m`.
    """

    x_m: Floats
    y_m: Floats
    tail: Ints
    head: Ints
    length_m: Floats
    oneway: Bools
    road_class: npt.NDArray[np.int8]
    surface: npt.NDArray[np.int8]
    speed_kmh: Floats
    limit_kmh: Floats
    name: Ints
    names: npt.NDArray[np.str_]
    starts: Ints
    points_m: Floats

    @property
    def node_count(self) -> int:
        """How many nodes there are."""
        return len(self.x_m)

    @property
    def edge_count(self) -> int:
        """How many edges there are."""
        return len(self.tail)

    @cached_property
    def arc_edge(self) -> Ints:
        """The edge of each arc: first every edge forwards, then those that lead back."""
        return np.concatenate([np.arange(self.edge_count), np.flatnonzero(~self.oneway)])

    @cached_property
    def arc_tail(self) -> Ints:
        """The node that each arc leaves."""
        return np.concatenate([self.tail, self.head[~self.oneway]])

    @cached_property
    def arc_head(self) -> Ints:
        """The node that each arc leads to."""
        return np.concatenate([self.head, self.tail[~self.oneway]])

    @cached_property
    def back_arc(self) -> Ints:
        """The arc that leads back along each edge, -1 for none."""
        back = np.full(self.edge_count, -1, dtype=np.int64)
        back[~self.oneway] = np.arange(self.edge_count, len(self.arc_edge))
        return back

    @cached_property
    def shapes(self) -> npt.NDArray[np.object_]:
        """The edges as LineStrings (EPSG:4544)."""
        line_of = np.repeat(np.arange(self.edge_count), np.diff(self.starts))
        return np.asarray(shapely.linestrings(self.points_m, indices=line_of), dtype=object)

    @cached_property
    def hash(self) -> str:
        """SHA-256 of all it holds."""
        digest = sha256()
        for field in fields(self):
            array = np.ascontiguousarray(getattr(self, field.name))
            digest.update(f"{field.name} {array.dtype.str} {array.shape}\n".encode())
            digest.update(array.tobytes())
        return digest.hexdigest()

    def to_bytes(self) -> bytes:
        """The network as one compressed NumPy archive."""
        content = io.BytesIO()
        np.savez_compressed(content, **{field.name: getattr(self, field.name) for field in fields(self)})
        return content.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> RoadNetwork:
        """The network that `to_bytes` wrote."""
        with np.load(io.BytesIO(content), allow_pickle=False) as archive:
            return cls(**{field.name: archive[field.name] for field in fields(cls)})

    def largest_component(self, passable: Bools | None = None) -> Bools:
        """Which nodes form the largest part in which every node reaches every other (by length of its edges).

        `passable` says which arcs are open (None: all). Of equals the one with the first node.
        """
        passable = np.ones(len(self.arc_edge), dtype=bool) if passable is None else passable
        component = self._components(self.arc_tail[passable], self.arc_head[passable], connection="strong")
        open_edge = np.zeros(self.edge_count, dtype=bool)
        open_edge[self.arc_edge[passable]] = True
        return self._heaviest(component, open_edge)

    def joined_share(self) -> float:
        """Share of the length in the largest part that hangs together, one-way or not; 0 for no roads."""
        component = self._components(self.tail, self.head, connection="weak")
        inside = self._heaviest(component, np.ones(self.edge_count, dtype=bool))[self.tail]
        total = self.length_m.sum()
        return float(self.length_m[inside].sum() / total) if total else 0.0

    def _components(self, tail: Ints, head: Ints, *, connection: Literal["weak", "strong"]) -> Ints:
        ones = np.ones(len(tail), dtype=np.int8)
        graph = coo_array((ones, (tail, head)), shape=(self.node_count, self.node_count)).tocsr()
        return connected_components(graph, connection=connection)[1].astype(np.int64)

    def _heaviest(self, component: Ints, counted: Bools) -> Bools:
        """The nodes of the component with the most metres of counted edges inside it."""
        if not self.node_count:
            return np.zeros(0, dtype=bool)
        inside = counted & (component[self.tail] == component[self.head])
        metres = np.bincount(
            component[self.tail[inside]], weights=self.length_m[inside], minlength=component.max() + 1
        )
        first = np.full(len(metres), self.node_count)
        np.minimum.at(first, component, np.arange(self.node_count))
        best = np.lexsort((first, -metres))[0]
        return component == best


@dataclass(frozen=True)
class Noding:
    """How lines became a network: the tolerance, what was joined, and the share of length that hangs together."""

    tolerance_m: float
    ends_joined: int
    lines_split: int
    crossings: int
    collapsed: int
    joined_before: float
    joined_after: float


@dataclass(frozen=True)
class NetworkReport:
    """A network in figures; `main_share` and `outside_km` are of the largest strongly connected part."""

    nodes: int
    edges: int
    arcs: int
    km: float
    km_by_class: dict[str, float]
    main_share: float
    outside_km: float
    noding: Noding


def report_network(network: RoadNetwork, noding: Noding) -> NetworkReport:
    """The figures of a network; both ways of an edge count as one length."""
    main = network.largest_component()
    inside = main[network.tail] & main[network.head] if network.node_count else np.zeros(0, dtype=bool)
    km = network.length_m.sum() / 1000
    by_class = np.bincount(network.road_class, weights=network.length_m, minlength=len(CLASSES)) / 1000
    inside_km = float(network.length_m[inside].sum() / 1000)
    return NetworkReport(
        nodes=network.node_count,
        edges=network.edge_count,
        arcs=len(network.arc_edge),
        km=float(km),
        km_by_class={
            title: float(part) for title, part in zip(CLASSES.values(), by_class, strict=True) if part
        },
        main_share=float(inside_km / km) if km else 0.0,
        outside_km=float(km - inside_km),
        noding=noding,
    )
