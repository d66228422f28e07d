"""The estimate that stands in until roads are loaded: straight metres, a detour factor and one speed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy.spatial import KDTree

Floats = npt.NDArray[np.float64]


class Travel(Protocol):
    """Minutes between places given as metric coordinates (EPSG:4544)."""

    @property
    def estimated(self) -> bool:
        """Whether the minutes are an estimate to be marked 「估算」."""

    def minutes(self, origins_m: Floats, targets_m: Floats) -> Floats:
        """Minutes, shape (origins, targets); inf where no way leads or a coordinate is missing."""

    def nearest(self, origins_m: Floats, targets_m: Floats) -> tuple[npt.NDArray[np.int64], Floats]:
        """For each origin the index of its nearest target (−1: none) and the minutes (inf: none)."""


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
            tree = KDTree(targets_m[open_targets])
            neighbours = list(
                range(1, min(2, len(open_targets)) + 1)
            )  # a list keeps the answer two-dimensional
            found_m, position = map(np.asarray, tree.query(origins_m[located], k=neighbours))
            tied = found_m == found_m[:, :1]
            first = np.where(tied, position, len(open_targets)).min(axis=1)
            index[located] = open_targets[first]
            distance_m[located] = found_m[:, 0]
        return index, self._to_minutes(distance_m)

    def _to_minutes(self, distance_m: Floats) -> Floats:
        return distance_m * self.detour / (self.speed_kmh * 1000 / 60)
