"""The roads of the demo: generated, between the true and generated places; they say 示例 where they are named.

Every village, township seat and county town is a junction. Neighbouring places are joined (Gabriel graph: no
third place between them), then some loops are taken out again, never what holds the network together. The class
follows from use: national roads between county towns, county roads from the seats to their county town, township
roads where several villages share the way to their seat, village roads for the rest. Roads wind, so that a trip
is about 1.3 to 1.5 times as long as the straight line.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import dijkstra, minimum_spanning_tree
from scipy.spatial import Delaunay, KDTree

from planner.demo.county import County
from planner.demo.rng import Theme, stream
from planner.model.layers import DEMO_ORIGIN
from planner.roads import RoadNetwork
from planner.roads.lines import Lines
from planner.roads.noding import make_network
from planner.roads.words import CLASSES, SURFACES

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]

# Of the joins beyond the tree that holds a county together, how many stay.
_LOOPS_KEPT = 0.45
# Midpoints are moved aside by up to this share of the length, level by level.
_WINDING = 0.22
_LEVELS = 3
_SHARED_BY = 3  # villages, from which on a way is a township road
_GRAVEL = 0.2  # of the village roads
_TRUNK, _COUNTY, _TOWNSHIP, _VILLAGE = (
    list(CLASSES).index(name) for name in ("trunk", "secondary", "tertiary", "unclassified")
)
_TITLES = {_TRUNK: "国道", _COUNTY: "县道"}


def make_roads(counties: Sequence[County], *, seed: int) -> RoadNetwork:
    """The network of the counties of a demo (at least one); all their villages and seats are connected.

    Within a county the roads run the same whichever others are chosen; their classes may differ, for the way to
    the next county is wider.
    """
    first = np.cumsum([0, *(len(county.seats_m) + len(county.villages_m) for county in counties)])
    places_m = np.concatenate([part for county in counties for part in (county.seats_m, county.villages_m)])
    owner = np.repeat(np.arange(len(counties)), np.diff(first))
    across = _neighbours(places_m)
    across = across[owner[across[:, 0]] != owner[across[:, 1]]]
    parts = [_county_joins(county, first[row], seed=seed) for row, county in enumerate(counties)]
    parts.append(_drawn(across, stream(seed, Theme.ROADS)))
    joins = np.concatenate([part[0] for part in parts])
    aside, gravel = (np.concatenate([part[item] for part in parts]) for item in (1, 2))
    length_m = np.hypot(*(places_m[joins[:, 0]] - places_m[joins[:, 1]]).T)
    road_class = _classes(counties, first, joins, length_m, places_m)
    is_gravel = (road_class == _VILLAGE) & (gravel < _GRAVEL)
    surface = np.where(is_gravel, *(list(SURFACES).index(name) for name in ("gravel", "paved")))
    county_of = owner[joins[:, 0]]
    names = [
        f"{counties[number].name}{_TITLES[kind]}({DEMO_ORIGIN})" if kind in _TITLES else None
        for number, kind in zip(county_of, road_class, strict=True)
    ]
    lines = _winding_lines(places_m, joins, aside, road_class, surface.astype(np.int8), names)
    return make_network(lines)[0]


def _county_joins(county: County, first: int, *, seed: int) -> tuple[Rows, Floats, Floats]:
    """The joins between the places of a county (its seats, then its villages; rows from `first` on), see `_drawn`."""
    places_m = np.concatenate([county.seats_m, county.villages_m])
    joins = _neighbours(places_m)
    length_m = np.hypot(*(places_m[joins[:, 0]] - places_m[joins[:, 1]]).T)
    tree = minimum_spanning_tree(_graph(joins, length_m, len(places_m))).tocoo()
    chance = stream(seed, Theme.ROADS, county.code)
    kept = chance.random(len(joins)) < _LOOPS_KEPT
    kept |= np.isin(joins @ (len(places_m), 1), np.column_stack([tree.row, tree.col]) @ (len(places_m), 1))
    return _drawn(joins[kept] + first, chance)


def _drawn(joins: Rows, chance: np.random.Generator) -> tuple[Rows, Floats, Floats]:
    """Joins with how far each midpoint is moved aside, shape (joins, midpoints), and a draw for the surface."""
    aside = chance.uniform(-_WINDING, _WINDING, (len(joins), 2**_LEVELS - 1))
    return joins, aside, chance.random(len(joins))


def _neighbours(places_m: Floats) -> Rows:
    """The pairs of places with no third one in the circle between them (Gabriel graph), the lower row first."""
    if len(places_m) < 2:
        return np.empty((0, 2), dtype=np.int64)
    if len(places_m) < 4:
        order = np.argsort(places_m[:, 0], kind="stable")
        return np.sort(np.column_stack([order[:-1], order[1:]]), axis=1).astype(np.int64)
    corners = Delaunay(places_m).simplices.astype(np.int64)
    sides = np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [2, 0]]])
    sides = np.unique(np.sort(sides, axis=1), axis=0)
    one, two = places_m[sides[:, 0]], places_m[sides[:, 1]]
    nearest_m, _ = KDTree(places_m).query((one + two) / 2)
    return sides[nearest_m >= np.hypot(*(one - two).T) / 2 * (1 - 1e-9)]


def _classes(
    counties: Sequence[County], first: Rows, joins: Rows, length_m: Floats, places_m: Floats
) -> npt.NDArray[np.int8]:
    """The class of each join, by who passes it on the shortest way to whom."""
    count = len(places_m)
    graph = _graph(joins, length_m, count)
    seats = [start + np.arange(len(county.seats_m)) for county, start in zip(counties, first, strict=False)]
    towns = np.array([rows[0] for rows in seats])
    row_of = {(int(one), int(two)): row for row, (one, two) in enumerate(joins)}

    def ways(goal: int, starts: Rows) -> Rows:
        """How many of the starts pass each join on their way to the goal."""
        _, before = dijkstra(graph, False, np.array([goal]), True)
        passed = np.zeros(len(joins), dtype=np.int64)
        for start in starts.tolist():
            at = start
            while at != goal:
                after = int(before[0, at])
                passed[row_of[min(at, after), max(at, after)]] += 1
                at = after
        return passed

    road_class = np.full(len(joins), _VILLAGE, dtype=np.int8)
    shared = np.zeros(len(joins), dtype=np.int64)
    for county, rows in zip(counties, seats, strict=True):
        villages = rows[-1] + 1 + np.arange(len(county.villages_m))
        township = county.villages["township"].to_numpy()
        for number, seat in enumerate(rows.tolist()):
            shared += ways(seat, villages[township == number])
    road_class[shared >= _SHARED_BY] = _TOWNSHIP
    for town, rows in zip(towns.tolist(), seats, strict=True):
        road_class[ways(town, rows) > 0] = _COUNTY
    for one, two in towns[_neighbours(places_m[towns])]:
        road_class[ways(int(one), np.array([two])) > 0] = _TRUNK
    return road_class


def _graph(joins: Rows, length_m: Floats, count: int) -> csr_array:
    return coo_array((length_m, (joins[:, 0], joins[:, 1])), shape=(count, count)).tocsr()


def _winding_lines(
    places_m: Floats,
    joins: Rows,
    aside: Floats,
    road_class: npt.NDArray[np.int8],
    surface: npt.NDArray[np.int8],
    names: Sequence[str | None],
) -> Lines:
    """A line for each join, its midpoints moved aside again and again; `aside` has a share for each midpoint."""
    count = len(joins)
    course = np.stack([places_m[joins[:, 0]], places_m[joins[:, 1]]], axis=1)
    used = 0
    for _ in range(_LEVELS):
        way = np.diff(course, axis=1)
        across = np.stack([-way[..., 1], way[..., 0]], axis=-1)
        share = aside[:, used : used + way.shape[1]]
        used += way.shape[1]
        middle = course[:, :-1] + way / 2 + across * share[..., None]
        wider = np.empty((count, course.shape[1] + middle.shape[1], 2))
        wider[:, ::2], wider[:, 1::2] = course, middle
        course = wider
    points = course.shape[1]
    vertex = len(places_m) + np.arange(count * points).reshape(count, points)
    vertex[:, 0], vertex[:, -1] = joins[:, 0], joins[:, 1]
    return Lines(
        starts=np.arange(0, count * points + 1, points, dtype=np.int64),
        points_m=course.reshape(-1, 2).round(1),
        vertex=vertex.ravel().astype(np.int64),
        road_class=road_class,
        surface=surface,
        oneway=np.zeros(count, dtype=bool),
        speed_kmh=np.full(count, np.nan),
        limit_kmh=np.full(count, np.nan),
        name=np.array(names, dtype=object),
    )
