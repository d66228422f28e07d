"""Many-to-many travel times beside scipy's, as one JSON line:

`python -m tests.benchmarks.travel_times [FILE.osm.pbf | --generated NODES] [--origins N] [--targets N] [--seed N]`

Both engines answer the same trips, access legs included; places are snapped once for both. Seconds are of CPU.
`ours_s` is customizing and all searches; the order of the nodes, computed once and kept, stands apart.
`closed_road_s` is everything from closing a road to the first new answer.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import minimum_spanning_tree
from scipy.spatial import Delaunay

from planner.roads import RoadNetwork, RoadTravel
from planner.roads.engines import Dijkstra, Hierarchy, compute_order
from planner.roads.lines import Floats, Lines
from planner.roads.noding import make_network
from planner.roads.osm import read_osm
from planner.roads.snapping import Snapper
from planner.roads.speeds import arc_seconds, default_speeds
from tests.benchmarks.figures import Figure

Answer = TypeVar("Answer")
_SPACING_M = 400.0
# Edges beyond the tree that joins all nodes, as a share of the nodes. Cut at junctions, Andorra and Helsinki have
# 1.15 and 1.09 edges and 2.0 and 1.7 arcs a node.
_LOOPS = 0.15
# Of these loops.
_ONEWAY = 0.8


def generated(nodes: int, *, seed: int) -> RoadNetwork:
    """A planar network of so many nodes: towns and country, loops and dead ends, some one-way streets."""
    chance = np.random.default_rng(seed)
    side_m = _SPACING_M * np.sqrt(nodes)
    towns = chance.uniform(0, side_m, (max(nodes // 400, 1), 2))
    near = towns[chance.integers(0, len(towns), nodes // 2)] + chance.normal(0, side_m / 60, (nodes // 2, 2))
    points = np.concatenate([near, chance.uniform(0, side_m, (nodes - len(near), 2))])
    corners = Delaunay(points).simplices
    pairs = np.sort(np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [2, 0]]]), axis=1)
    pairs = np.unique(pairs, axis=0)
    length_m = np.hypot(*(points[pairs[:, 0]] - points[pairs[:, 1]]).T)
    graph = coo_array((length_m, (pairs[:, 0], pairs[:, 1])), shape=(nodes, nodes)).tocsr()
    tree = minimum_spanning_tree(graph).tocoo()
    joined = np.isin(pairs @ (nodes, 1), np.column_stack([tree.row, tree.col]) @ (nodes, 1))
    # Beyond the tree short ones are kept more often.
    draw = chance.random(len(pairs)) * length_m**0.5 + joined * length_m.max()
    loops = np.argsort(draw)[: int(nodes * _LOOPS)]
    pairs = pairs[np.concatenate([np.flatnonzero(joined), loops])]
    oneway = np.arange(len(pairs)) >= len(pairs) - int(nodes * _LOOPS * _ONEWAY)
    count = len(pairs)
    road_class = chance.choice([2, 3, 4, 5, 6], count, p=[0.05, 0.1, 0.2, 0.35, 0.3])
    lines = Lines(
        starts=np.arange(0, 2 * count + 1, 2),
        points_m=points[pairs.ravel()] + np.array([500_000, 4_100_000]),
        vertex=pairs.ravel().astype(np.int64),
        road_class=road_class.astype(np.int8),
        surface=np.zeros(count, dtype=np.int8),
        oneway=oneway,
        speed_kmh=np.full(count, np.nan),
        limit_kmh=np.full(count, np.nan),
        name=np.full(count, None, dtype=object),
    )
    return make_network(lines)[0]


def measure(network: RoadNetwork, *, origins: int, targets: int, seed: int) -> dict[str, float]:
    """Both engines on the same trips between random places beside roads."""
    speeds = default_speeds()
    arc_s = arc_seconds(network, speeds)
    snapper = Snapper(network, arc_s, speeds.access)
    exits = snapper.exits(snapper.snap(_places(network, origins, seed)))
    entries = snapper.entries(snapper.snap(_places(network, targets, seed + 1)))

    order_s, order = _timed(lambda: compute_order(network))
    build_s, hierarchy = _timed(lambda: Hierarchy.build(network, order, arc_s))
    customize_s, customized = _timed(lambda: hierarchy.with_seconds(arc_s))
    query_s, ours = _timed(lambda: np.concatenate([rows for _, rows in customized.rows(exits, entries)]))
    travel = RoadTravel(network, speeds, hierarchy, snapper)
    place = _places(network, 1, seed)
    closed_s, _ = _timed(lambda: travel.changed(closed=[0]).minutes(place, place))
    scipy_s, theirs = _timed(
        lambda: np.concatenate([rows for _, rows in Dijkstra(network, arc_s).rows(exits, entries)])
    )
    reached = np.isfinite(theirs)
    if not np.array_equal(reached, np.isfinite(ours)):
        raise AssertionError("the engines do not agree on what can be reached")
    off_s = np.abs(ours[reached] - theirs[reached]) if reached.any() else np.zeros(1)
    return {
        "nodes": network.node_count,
        "arcs": len(network.arc_edge),
        "origins": origins,
        "targets": targets,
        "reached": float(reached.mean()),
        "ours_s": round(customize_s + query_s, 4),
        "customize_s": round(customize_s, 4),
        "query_s": round(query_s, 4),
        "scipy_s": round(scipy_s, 4),
        "ratio": round(scipy_s / (customize_s + query_s), 2),
        "largest_error_s": float(off_s.max()),
        "order_s": round(order_s, 4),
        "build_s": round(build_s, 4),
        "closed_road_s": round(closed_s, 4),
    }


def measure_travel_times() -> Iterator[Figure]:
    """500 × 3,000 trips on 300,000 nodes beside scipy, as `make bench` tells it."""
    found = measure(generated(300_000, seed=0), origins=500, targets=3_000, seed=0)
    yield Figure(
        "travel times 500 × 3,000 on 300,000 nodes, scipy ÷ ours", [found["ratio"]], "×", 15, least=True
    )
    yield Figure("the same, largest error", [found["largest_error_s"]], "s", 0.1)
    yield Figure("the same, from a closed road to an answer", [found["closed_road_s"]], "s", 1)


def main() -> None:
    """Measure what the command line names and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--generated", type=int, metavar="NODES")
    parser.add_argument("--origins", type=int, default=500)
    parser.add_argument("--targets", type=int, default=3_000)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    if given.file is not None and given.generated is not None:
        parser.error("name a file or --generated, not both")
    read_s, network = _timed(
        lambda: (
            make_network(read_osm(given.file).lines)[0]
            if given.file is not None
            else generated(given.generated or 300_000, seed=given.seed)
        )
    )
    found = measure(network, origins=given.origins, targets=given.targets, seed=given.seed)
    source = {"source": given.file.name if given.file else "generated", "read_s": round(read_s, 4)}
    print(json.dumps(source | found))


def _places(network: RoadNetwork, count: int, seed: int) -> Floats:
    """Places up to a few hundred metres beside random points of roads."""
    chance = np.random.default_rng(seed)
    return network.points_m[chance.integers(0, len(network.points_m), count)] + chance.normal(
        0, 200, (count, 2)
    )


def _timed(task: Callable[[], Answer]) -> tuple[float, Answer]:
    began = time.process_time()
    answer = task()
    return time.process_time() - began, answer


if __name__ == "__main__":
    main()
