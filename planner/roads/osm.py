"""Roads out of an OpenStreetMap extract (.osm.pbf, .osm): what cars may use, one-way as tagged or implied.

`maxspeed` is kept as a limit: it caps the speed of the class, it does not set it, for it is the legal limit and
not how fast one travels. Barriers and turn restrictions are not read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import osmium

from planner.errors import InputError
from planner.model.crs import to_metres
from planner.roads.lines import Lines, ReadLines
from planner.roads.words import CLASSES, NOT_FOR_CARS, SURFACES, class_of, kmh_of, oneway_of, surface_of

# The most specific tag decides.
_ACCESS = ("motorcar", "motor_vehicle", "vehicle", "access")
_CLOSED = frozenset(["no", "private", "military", "emergency", "bus", "psv", "restricted"])
_ROUND = frozenset(("roundabout", "circular"))

NOT_A_ROAD, FORBIDDEN, OUTSIDE = "不通机动车", "禁止通行或私有", "范围外缺节点"


def read_osm(path: Path, *, name: str | None = None) -> ReadLines:
    """The roads of an extract; lines meet where they share a node. Raises InputError for a file unfit to read.

    A way that lacks nodes (cut at the edge of the extract) keeps its longest whole piece.
    """
    ways: list[list[tuple[int, float, float]]] = []
    told: list[tuple[int, int, int, float, str | None]] = []
    skipped: Counter[str] = Counter()
    try:
        source = (
            osmium.FileProcessor(str(path))
            .with_locations()
            .with_filter(osmium.filter.EntityFilter(osmium.osm.WAY))
            .with_filter(osmium.filter.KeyFilter("highway"))
        )
        for way in source:
            if not isinstance(way, osmium.osm.Way):
                continue
            tags = {tag.k: tag.v for tag in way.tags}
            kind = _kind(tags)
            if kind not in CLASSES:
                skipped[kind] += 1
                continue
            nodes = _longest_piece(way)
            if len(nodes) < 2:
                skipped[OUTSIDE] += 1
                continue
            direction = _direction(tags)
            ways.append(nodes[::-1] if direction < 0 else nodes)
            surface = surface_of(tags.get("surface"))
            told.append(
                (
                    list(CLASSES).index(kind),
                    list(SURFACES).index(surface),
                    direction,
                    kmh_of(tags.get("maxspeed")),
                    tags.get("name") or tags.get("ref"),
                )
            )
    except RuntimeError as error:
        raise InputError(
            f"文件“{name or path.name}”已损坏,或不是 OpenStreetMap 数据({error})", "请重新下载或导出 .osm.pbf"
        ) from error
    lines = _lines(ways, told)
    return ReadLines(lines, len(ways) + skipped.total(), len(ways), dict(skipped))


def _kind(tags: Mapping[str, str]) -> str:
    """The class of a way, or why it is left out."""
    highway = tags.get("highway", "")
    kind = class_of(highway)
    if kind is None or highway in NOT_FOR_CARS or tags.get("area") == "yes":
        return NOT_A_ROAD
    access = next((tags[key] for key in _ACCESS if key in tags), "yes")
    if access in _CLOSED or tags.get("service") == "parking_aisle":
        return FORBIDDEN
    return kind


def _direction(tags: Mapping[str, str]) -> int:
    """1 along, −1 against, 0 both ways: by `oneway`, else implied by motorways and roundabouts."""
    if "oneway" in tags:
        return oneway_of(tags["oneway"])
    return int(tags.get("highway") == "motorway" or tags.get("junction") in _ROUND)


def _longest_piece(way: osmium.osm.Way) -> list[tuple[int, float, float]]:
    """(node, lon, lat) of the longest run of nodes that the file holds; a node that repeats counts once."""
    pieces: list[list[tuple[int, float, float]]] = [[]]
    for node in way.nodes:
        if not node.location.valid():
            pieces.append([])
        elif not pieces[-1] or pieces[-1][-1][0] != node.ref:
            pieces[-1].append((node.ref, node.lon, node.lat))
    return max(pieces, key=len)


def _lines(
    ways: list[list[tuple[int, float, float]]], told: list[tuple[int, int, int, float, str | None]]
) -> Lines:
    flat = [node for way in ways for node in way]
    nodes = np.array([node[0] for node in flat], dtype=np.int64)
    degrees = np.array([node[1:] for node in flat], dtype=float).reshape(-1, 2)
    return Lines(
        starts=np.cumsum([0, *map(len, ways)], dtype=np.int64),
        points_m=np.column_stack(to_metres().transform(degrees[:, 0], degrees[:, 1])),
        vertex=np.unique(nodes, return_inverse=True)[1].astype(np.int64),
        road_class=np.array([row[0] for row in told], dtype=np.int8),
        surface=np.array([row[1] for row in told], dtype=np.int8),
        oneway=np.array([row[2] != 0 for row in told], dtype=bool),
        speed_kmh=np.full(len(told), np.nan),
        limit_kmh=np.array([row[3] for row in told], dtype=float),
        name=np.array([row[4] for row in told], dtype=object),
    )
