"""Lines → network: join what was drawn apart, cut where lines meet.

Lines always meet where they share a point. With a tolerance, ends nearer to each other than that become one, and
an end that still hangs loose is joined to the nearest line within it, which is cut there: display-grade data have
no junctions otherwise. Lines that merely cross do not meet, for most such places are bridges; `crossings=True`
makes every crossing a junction, for data known to be without bridges.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pyproj
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import KDTree

from planner.model.crs import to_metres
from planner.roads.lines import Floats, Ints, Lines
from planner.roads.network import Noding, RoadNetwork

Shapes = npt.NDArray[np.object_]

_ELLIPSOID = pyproj.Geod(ellps="GRS80")
_SAME_M = 1e-3


def make_network(
    lines: Lines, *, tolerance_m: float = 0.0, crossings: bool = False
) -> tuple[RoadNetwork, Noding]:
    """The network of the lines, and what was done to make it one. Lines without length are left out."""
    raw, collapsed = _cut(lines)
    before = raw.joined_share()
    crossed, ends_joined, lines_split = 0, 0, 0
    if crossings:
        lines, crossed = _meet_at_crossings(lines)
    if tolerance_m > 0:
        lines, ends_joined = _join_ends(lines, tolerance_m)
        lines, lines_split = _join_ends_to_lines(lines, tolerance_m)
    network = raw
    if crossings or tolerance_m > 0:
        network, collapsed = _cut(lines, shortest_m=tolerance_m)
    return network, Noding(
        tolerance_m, ends_joined, lines_split, crossed, collapsed, before, network.joined_share()
    )


def _cut(lines: Lines, *, shortest_m: float = 0.0) -> tuple[RoadNetwork, int]:
    """The network of lines cut at every vertex that comes more than once, and how many pieces were left out.

    Left out is a piece that ends where it begins and is not longer than `shortest_m`: joining its ends ate it.
    """
    uses = np.bincount(lines.vertex, minlength=1)
    is_cut = uses[lines.vertex] > 1
    is_cut[lines.starts[:-1]] = True
    is_cut[lines.starts[1:] - 1] = True
    at = np.flatnonzero(is_cut)
    line_of = lines.line_of
    same = line_of[at[:-1]] == line_of[at[1:]]
    first, last = at[:-1][same], at[1:][same]

    sizes = last - first + 1
    length_m = _lengths_m(lines.points_m, line_of)
    along = np.concatenate([[0.0], np.cumsum(length_m)])
    length = along[last] - along[first]
    kept = ~((lines.vertex[first] == lines.vertex[last]) & (length <= shortest_m))
    collapsed = int((~kept).sum())
    first, last, sizes, length = first[kept], last[kept], sizes[kept], length[kept]

    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    points = lines.points_m[np.repeat(first - starts[:-1], sizes) + np.arange(starts[-1])]
    nodes, node = np.unique(np.concatenate([lines.vertex[first], lines.vertex[last]]), return_inverse=True)
    place = np.zeros((len(nodes), 2))
    place[node] = lines.points_m[np.concatenate([first, last])]
    line = line_of[first]
    named = np.array([text or "" for text in lines.name[line]], dtype=str)
    names, name = np.unique(named, return_inverse=True)
    blank = len(names) and names[0] == ""
    return RoadNetwork(
        x_m=place[:, 0].copy(),
        y_m=place[:, 1].copy(),
        tail=node[: len(first)].astype(np.int64),
        head=node[len(first) :].astype(np.int64),
        length_m=length,
        oneway=lines.oneway[line],
        road_class=lines.road_class[line],
        surface=lines.surface[line],
        speed_kmh=lines.speed_kmh[line],
        limit_kmh=lines.limit_kmh[line],
        name=name.astype(np.int64) - int(blank),
        names=names[int(blank) :],
        starts=starts,
        points_m=points,
    ), collapsed


def _lengths_m(points_m: Floats, line_of: Ints) -> Floats:
    """Metres on the ellipsoid from each point to the next one, 0 from one line to the next; one fewer."""
    if len(points_m) < 2:
        return np.zeros(max(len(points_m) - 1, 0))
    lon, lat = to_metres().transform(points_m[:, 0], points_m[:, 1], direction="INVERSE")
    _, _, length = _ELLIPSOID.inv(lon[:-1], lat[:-1], lon[1:], lat[1:])
    return np.where(line_of[:-1] == line_of[1:], length, 0.0)


def _join_ends(lines: Lines, tolerance_m: float) -> tuple[Lines, int]:
    """Ends within the tolerance of each other become one, at their middle; how many there were more before."""
    at = np.concatenate([lines.starts[:-1], lines.starts[1:] - 1])
    ends, first = np.unique(lines.vertex[at], return_index=True)
    place = lines.points_m[at[first]]
    pairs = KDTree(place).query_pairs(tolerance_m, output_type="ndarray")
    if not len(pairs):
        return lines, 0
    group = _groups(len(ends), pairs)
    sizes = np.bincount(group)
    middle = np.column_stack([np.bincount(group, weights=place[:, axis]) / sizes for axis in (0, 1)])
    leader = np.full(len(sizes), len(ends))
    np.minimum.at(leader, group, np.arange(len(ends)))
    moved = sizes[group] > 1
    joined = _merge(lines, ends[moved], ends[leader[group]][moved], middle[group][moved])
    return joined, int(len(ends) - len(sizes))


def _join_ends_to_lines(lines: Lines, tolerance_m: float) -> tuple[Lines, int]:
    """A loose end within the tolerance of another line is joined to its nearest point; how many were."""
    shapes = _shapes(lines)
    uses = np.bincount(lines.vertex)
    at = np.concatenate([lines.starts[:-1], lines.starts[1:] - 1])
    own = np.tile(np.arange(lines.count), 2)
    loose = uses[lines.vertex[at]] == 1
    at, own = at[loose], own[loose]
    ends = shapely.points(lines.points_m[at])
    end, line = shapely.STRtree(shapes).query(ends, predicate="dwithin", distance=tolerance_m)
    other = own[end] != line
    end, line = end[other], line[other]
    if not len(end):
        return lines, 0
    distance_m = shapely.distance(ends[end], shapes[line])
    order = np.lexsort((line, distance_m, end))
    end, line = end[order], line[order]
    nearest = np.concatenate([[True], end[1:] != end[:-1]])
    end, line = end[nearest], line[nearest]
    along_m = np.asarray(shapely.line_locate_point(shapes[line], ends[end]))
    return _insert(lines, shapes, line, along_m, lines.vertex[at[end]]), len(end)


def _meet_at_crossings(lines: Lines) -> tuple[Lines, int]:
    """Lines that cross meet there; how many crossings there are."""
    shapes = _shapes(lines)
    one, two = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pair = one < two
    one, two = one[pair], two[pair]
    parts, row = shapely.get_parts(shapely.intersection(shapes[one], shapes[two]), return_index=True)
    dots = shapely.get_type_id(parts) == shapely.GeometryType.POINT
    parts, one, two = parts[dots], one[row[dots]], two[row[dots]]
    spot = np.round(shapely.get_coordinates(parts), 3) @ (1, 1j)
    shared = np.bincount(lines.vertex)[lines.vertex] > 1
    apart = ~np.isin(spot, np.round(lines.points_m[shared], 3) @ (1, 1j))
    parts, one, two, spot = parts[apart], one[apart], two[apart], spot[apart]
    if not len(parts):
        return lines, 0
    places, vertex = np.unique(spot, return_inverse=True)
    vertex = vertex + lines.vertex.max() + 1
    line, dot = np.concatenate([one, two]), np.concatenate([parts, parts])
    along_m = np.asarray(shapely.line_locate_point(shapes[line], dot))
    met = _insert(lines, shapes, line, along_m, np.tile(vertex, 2))
    return met, len(places)


def _shapes(lines: Lines) -> Shapes:
    return np.asarray(shapely.linestrings(lines.points_m, indices=lines.line_of), dtype=object)


def _insert(lines: Lines, shapes: Shapes, line: Ints, along_m: Floats, vertex: Ints) -> Lines:
    """Lines with a vertex more on `line` at `along_m`, the same place as `vertex`.

    Where the line has a vertex there already (to the millimetre), that one becomes the same place instead.
    """
    step = np.hypot(*np.diff(lines.points_m, axis=0).T)
    line_of = lines.line_of
    step[line_of[:-1] != line_of[1:]] = 0
    run = np.concatenate([[0.0], np.cumsum(step)])
    run -= run[lines.starts[:-1]][line_of]
    # One axis over all lines: the number of the line, then the way along it.
    longest = run.max() + 1
    axis = line_of * longest + run
    wanted = line * longest + along_m
    after = np.clip(np.searchsorted(axis, wanted), 1, len(axis) - 1)
    near = np.where(np.abs(axis[after] - wanted) <= np.abs(axis[after - 1] - wanted), after, after - 1)
    there = (np.abs(axis[near] - wanted) <= _SAME_M) & (line_of[near] == line)
    place = shapely.get_coordinates(shapely.line_interpolate_point(shapes[line], along_m))

    fresh = ~there
    order = np.argsort(np.concatenate([axis, wanted[fresh]]), kind="stable")
    added = np.bincount(line[fresh], minlength=lines.count)
    wider = replace(
        lines,
        starts=np.concatenate([[0], np.cumsum(np.diff(lines.starts) + added)]).astype(np.int64),
        points_m=np.concatenate([lines.points_m, place[fresh]])[order],
        vertex=np.concatenate([lines.vertex, vertex[fresh]])[order],
    )
    old = np.concatenate([lines.vertex[near[there]], vertex])
    new = np.concatenate([vertex[there], vertex])
    where = np.concatenate([lines.points_m[near[there]], place])
    count = int(max(wider.vertex.max(), vertex.max())) + 1
    group = _groups(count, np.column_stack([old, new]))
    spot = np.full((group.max() + 1, 2), np.nan)
    spot[group[new]] = where
    return _merge(wider, np.arange(count), group, spot[group])


def _groups(count: int, pairs: Ints) -> Ints:
    """The group of each of `count` things of which pairs (shape (n, 2)) belong together."""
    ones = np.ones(len(pairs), dtype=np.int8)
    graph = coo_array((ones, (pairs[:, 0], pairs[:, 1])), shape=(count, count))
    return connected_components(graph.tocsr(), directed=False)[1].astype(np.int64)


def _merge(lines: Lines, old: Ints, new: Ints, place_m: Floats) -> Lines:
    """Lines whose vertices `old` are called `new` and lie at `place_m` (NaN: where they were)."""
    renamed = np.arange(max(int(lines.vertex.max()), int(old.max())) + 1)
    renamed[old] = new
    moved = np.full((len(renamed), 2), np.nan)
    moved[old] = place_m
    moved = moved[lines.vertex]
    points = np.where(np.isnan(moved), lines.points_m, moved)
    return replace(lines, points_m=points, vertex=renamed[lines.vertex])
