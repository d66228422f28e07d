"""The estimate that stands in until roads are loaded: straight metres, a detour factor and one speed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import numpy.typing as npt
import shapely
from scipy.sparse import csr_array
from scipy.spatial import KDTree
from shapely.geometry.base import BaseGeometry

from planner.roads.snapping import Snapped

Floats = npt.NDArray[np.float64]
# Wider than what rounding minutes to a millionth moves a limit at any speed allowed.
_ROUNDING_M = 0.01


@dataclass(frozen=True, eq=False)
class Ways:
    """How trips run: the line of each (EPSG:4544) and its metres; None and NaN where no way leads."""

    shapes: npt.NDArray[np.object_]
    metres: Floats


class Travel(Protocol):
    """Minutes between places given as metric coordinates (EPSG:4544)."""

    @property
    def estimated(self) -> bool:
        """Whether the minutes are an estimate to be marked 「估算」."""

    def minutes(self, origins_m: Floats, targets_m: Floats) -> Floats:
        """Minutes, shape (origins, targets); inf where no way leads or a coordinate is missing."""

    def nearest(self, origins_m: Floats, targets_m: Floats) -> tuple[npt.NDArray[np.int64], Floats]:
        """For each origin the index of its nearest target (−1: none) and the minutes (inf: none)."""

    def within(self, origins_m: Floats, targets_m: Floats, *, limit_min: float) -> csr_array:
        """Minutes ≤ `limit_min`, shape (origins, targets), columns in order; what is not stored is beyond.

        A way of 0 minutes is stored as an explicit zero. A missing coordinate has no entries.
        """

    def ways(self, starts_m: Floats, ends_m: Floats) -> Ways:
        """The quickest way from each start to the end beside it, both of shape (n, 2)."""

    def places(self, places_m: Floats) -> Snapped | None:
        """Where each place joins the road, how far that is, and why it cannot; None where no roads are known."""

    def areas(self, origins_m: Floats, *, limits_min: Sequence[float]) -> list[BaseGeometry] | None:
        """What is reached from any of the places within each limit (EPSG:4544); None where no roads are known."""


@dataclass(frozen=True)
class StraightLine:
    """Metres × `detour` at `speed_kmh`; coordinates have shape (n, 2), a missing place is NaN."""

    detour: float = 1.4
    speed_kmh: float = 40.0
    estimated: bool = True

    def minutes(self, origins_m: Floats, targets_m: Floats) -> Floats:
        """Minutes, shape (origins, targets); inf where a coordinate is missing."""
        distance_m = np.linalg.norm(origins_m[:, None, :] - targets_m[None, :, :], axis=2)
        return self._to_minutes(np.where(np.isnan(distance_m), np.inf, distance_m))

    def nearest(self, origins_m: Floats, targets_m: Floats) -> tuple[npt.NDArray[np.int64], Floats]:
        """For each origin the index of its nearest target (−1: none) and the minutes (inf: none).

        Of equally near targets the first listed wins.
        """
        index = np.full(len(origins_m), -1, dtype=np.int64)
        distance_m = np.full(len(origins_m), np.inf)
        located = np.flatnonzero(~np.isnan(origins_m).any(axis=1))
        open_targets = np.flatnonzero(~np.isnan(targets_m).any(axis=1))
        if len(located) and len(open_targets):
            distance_m[located], position = _nearest_first_listed(origins_m[located], targets_m[open_targets])
            index[located] = open_targets[position]
        return index, self._to_minutes(distance_m)

    def within(self, origins_m: Floats, targets_m: Floats, *, limit_min: float) -> csr_array:
        """Minutes ≤ `limit_min`, shape (origins, targets), columns in order; what is not stored is beyond.

        A way of 0 minutes is stored as an explicit zero. A missing coordinate has no entries.
        """
        located = np.flatnonzero(~np.isnan(origins_m).any(axis=1))
        open_targets = np.flatnonzero(~np.isnan(targets_m).any(axis=1))
        shape = (len(origins_m), len(targets_m))
        if not len(located) or not len(open_targets):
            return csr_array(shape)
        reach_m = limit_min * self.speed_kmh * 1000 / (60 * self.detour) + _ROUNDING_M
        pairs = KDTree(origins_m[located]).sparse_distance_matrix(
            KDTree(targets_m[open_targets]), reach_m, output_type="ndarray"
        )
        minutes = self._to_minutes(pairs["v"])
        near = minutes <= limit_min
        rows, columns = located[pairs["i"][near]], open_targets[pairs["j"][near]]
        made = csr_array((minutes[near], (rows, columns)), shape=shape)
        made.sort_indices()
        return made

    def ways(self, starts_m: Floats, ends_m: Floats) -> Ways:
        """A straight line from each start to the end beside it; its metres are those of the estimate."""
        located = np.isfinite(starts_m).all(axis=1) & np.isfinite(ends_m).all(axis=1)
        shapes = np.full(len(starts_m), None, dtype=object)
        shapes[located] = shapely.linestrings(np.stack([starts_m[located], ends_m[located]], axis=1))
        return Ways(shapes, np.linalg.norm(starts_m - ends_m, axis=1) * self.detour)

    def places(self, places_m: Floats) -> None:
        """None: no roads are known."""

    def areas(self, origins_m: Floats, *, limits_min: Sequence[float]) -> None:
        """None: no roads are known."""

    def _to_minutes(self, distance_m: Floats) -> Floats:
        """Minutes to a millionth: a place exactly at a limit must not fall out by a rounding error."""
        return np.round(distance_m * self.detour * 60 / (self.speed_kmh * 1000), 6)


def with_factors(travel: Travel, *, detour: float, speed_kmh: float) -> Travel:
    """The given travel times; while they are the straight-line estimate, with these factors."""
    return replace(travel, detour=detour, speed_kmh=speed_kmh) if isinstance(travel, StraightLine) else travel


def _nearest_first_listed(origins_m: Floats, targets_m: Floats) -> tuple[Floats, npt.NDArray[np.intp]]:
    """Metres to the nearest target and its index; of targets equally near to a micrometre the first listed."""
    tree = KDTree(targets_m)
    many = 2
    while True:
        # A list keeps the answer two-dimensional.
        neighbours = list(range(1, min(many, len(targets_m)) + 1))
        found_m, position = map(np.asarray, tree.query(origins_m, k=neighbours))
        tied = np.round(found_m, 6) == np.round(found_m[:, :1], 6)
        if len(neighbours) == len(targets_m) or not tied[:, -1].any():
            return found_m[:, 0], np.where(tied, position, len(targets_m)).min(axis=1)
        many *= 2
