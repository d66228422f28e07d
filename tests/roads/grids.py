"""Road networks small enough to check by eye."""

from dataclasses import replace

import numpy as np

from planner.roads.lines import Lines
from planner.roads.noding import make_network
from planner.roads.speeds import AccessRule, Speed, SpeedTable, default_speeds
from planner.roads.words import CLASSES, SURFACES

# Where places are put: true metres of EPSG:4544 on its central meridian.
EAST, NORTH = 500_000.0, 4_000_000.0


def lines_of(*given, road_class="primary"):
    """Lines from lists of points in kilometres, or pairs of such a list and what is special about the line."""
    shapes, told = [], []
    for item in given:
        points, special = item if isinstance(item, tuple) else (item, {})
        shapes.append(np.array(points, dtype=float) * 1000)
        told.append({"road_class": road_class, "surface": "paved", "oneway": False} | special)
    points = np.concatenate([*shapes, np.empty((0, 2))])
    vertex = np.unique(np.round(points, 3) @ (1, 1j), return_inverse=True)[1]
    return Lines(
        starts=np.cumsum([0, *map(len, shapes)], dtype=np.int64),
        points_m=points + np.array([EAST, NORTH]),
        vertex=vertex.astype(np.int64),
        road_class=np.array([list(CLASSES).index(row["road_class"]) for row in told], dtype=np.int8),
        surface=np.array([list(SURFACES).index(row["surface"]) for row in told], dtype=np.int8),
        oneway=np.array([row["oneway"] for row in told], dtype=bool),
        speed_kmh=np.array([row.get("speed", np.nan) for row in told], dtype=float),
        limit_kmh=np.array([row.get("limit", np.nan) for row in told], dtype=float),
        name=np.array([row.get("name") for row in told], dtype=object),
    )


def network_of(*given, **settings):
    """The network of `lines_of`, with lengths as drawn: on the ellipsoid they differ by a hair."""
    network, _ = make_network(lines_of(*given, **settings))
    line_of = np.repeat(np.arange(network.edge_count), np.diff(network.starts))
    step = np.hypot(*np.diff(network.points_m, axis=0).T)
    step = np.where(line_of[1:] == line_of[:-1], step, 0) if len(step) else step
    length_m = np.zeros(network.edge_count)
    np.add.at(length_m, line_of[: len(step)], step)
    return replace(network, length_m=length_m)


def at(*kilometres):
    """Places at (east, north) in kilometres, in EPSG:4544."""
    return np.array(kilometres, dtype=float).reshape(-1, 2) * 1000 + (EAST, NORTH)


def even_speeds(kmh=60.0, **access):
    """A table with one speed for all roads."""
    rows = {key: Speed(*key, kmh, "测试", row.date) for key, row in default_speeds().rows.items()}
    return SpeedTable(rows, AccessRule(**access))
