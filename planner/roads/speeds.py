"""How fast one travels: a speed for each class × surface, each with its source; and how one gets to the road."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

from planner.errors import InputError
from planner.roads.network import Floats, RoadNetwork
from planner.roads.words import CLASSES, SURFACES

_SLOWEST_KMH, _FASTEST_KMH = 1.0, 150.0
# One joins a motorway at its junctions alone, never from a field beside it.
NO_ENTRY = ("motorway",)


@dataclass(frozen=True)
class Speed:
    """The travel speed on roads of a class with a surface, where it comes from and since when it is said."""

    road_class: str
    surface: str
    kmh: float
    source: str
    date: date


@dataclass(frozen=True)
class AccessRule:
    """How a place reaches the nearest road, in a straight line: `walk_m` metres on foot, the rest by track.

    A place further than `most_m` from any road is unreachable.
    """

    walk_kmh: float = 5.0
    walk_m: float = 500.0
    track_kmh: float = 15.0
    most_m: float = 20_000.0

    def seconds(self, distance_m: Floats) -> Floats:
        """Seconds from a place to a road that far away; inf beyond `most_m` and for NaN."""
        on_foot = np.minimum(distance_m, self.walk_m) * 3.6 / self.walk_kmh
        by_track = np.maximum(distance_m - self.walk_m, 0) * 3.6 / self.track_kmh
        return np.where(distance_m <= self.most_m, on_foot + by_track, np.inf)


@dataclass(frozen=True)
class SpeedTable:
    """The speeds of all classes × surfaces by (class, surface), and the access rule."""

    rows: Mapping[tuple[str, str], Speed]
    access: AccessRule = AccessRule()

    def with_speed(self, speed: Speed) -> SpeedTable:
        """The table with one speed changed. Raises InputError for what cannot be one."""
        check_speed(speed)
        return SpeedTable({**self.rows, (speed.road_class, speed.surface): speed}, self.access)

    @property
    def kmh(self) -> Floats:
        """The speeds as an array, shape (classes, surfaces)."""
        return np.array([[self.rows[name, surface].kmh for surface in SURFACES] for name in CLASSES])


def check_speed(speed: Speed) -> None:
    """Raises InputError for an unknown class or surface, a speed out of bounds, or one without a source."""
    if speed.road_class not in CLASSES:
        raise InputError(f"没有道路等级“{speed.road_class}”", f"可填 {_offered(CLASSES)}")
    if speed.surface not in SURFACES:
        raise InputError(f"没有路面“{speed.surface}”", f"可填 {_offered(SURFACES)}")
    if not (math.isfinite(speed.kmh) and _SLOWEST_KMH <= speed.kmh <= _FASTEST_KMH):
        raise InputError(f"车速{speed.kmh:g}不能用", f"请填{_SLOWEST_KMH:g}到{_FASTEST_KMH:g}之间的数(km/h)")
    if not speed.source.strip():
        raise InputError("没有说明车速的来源", "用 --source 写明,如“县交通局2026年实测”")


@cache
def default_speeds() -> SpeedTable:
    """The table that comes with the program (`speeds.toml`)."""
    content = tomllib.loads((files("planner.roads") / "speeds.toml").read_text(encoding="utf-8"))
    return read_speeds(content)


def read_speeds(content: Mapping[str, Any]) -> SpeedTable:
    """A table as TOML holds it. Raises InputError where a row is missing or wrong."""
    rows = [
        Speed(row["class"], row["surface"], float(row["kmh"]), row["source"], row["date"])
        for row in content["speeds"]
    ]
    for row in rows:
        check_speed(row)
    table = {(row.road_class, row.surface): row for row in rows}
    missing = [(name, surface) for name in CLASSES for surface in SURFACES if (name, surface) not in table]
    if missing:
        raise InputError(f"车速表缺少 {'、'.join('/'.join(key) for key in missing)}", "请补全每个等级和路面")
    access = content["access"]
    names = ("walk_kmh", "walk_m", "track_kmh", "most_m")
    return SpeedTable(table, AccessRule(**{name: float(access[name]) for name in names}))


def arc_seconds(network: RoadNetwork, speeds: SpeedTable, *, closed: Collection[int] = ()) -> Floats:
    """Seconds along each arc: by the file's own speed, else by class and surface, never above a limit.

    inf along the edges `closed` (ids).
    """
    kmh = np.where(
        np.isnan(network.speed_kmh), speeds.kmh[network.road_class, network.surface], network.speed_kmh
    )
    seconds = network.length_m * 3.6 / np.fmin(kmh, network.limit_kmh)
    seconds[np.fromiter(closed, dtype=np.int64)] = np.inf
    return seconds[network.arc_edge]


def may_enter(network: RoadNetwork) -> npt.NDArray[np.bool_]:
    """Which edges one may join from beside them."""
    return ~np.isin(network.road_class, [list(CLASSES).index(name) for name in NO_ENTRY])


def _offered(words: Mapping[str, str]) -> str:
    return "、".join(f"{word}({title})" for word, title in words.items())
