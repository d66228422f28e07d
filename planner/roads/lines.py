"""Lines as a file gives them, before they are a network: points, attributes, and what was left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Lines:
    """`count` lines: line i has the points `starts[i]` up to `starts[i + 1]`, two at least.

    `points_m` (EPSG:4544) has shape (points, 2); `vertex` tells which points are one and the same place, where
    lines meet. `road_class` and `surface` are rows of CLASSES and SURFACES; `oneway` lines run along their
    points; `speed_kmh` is a travel speed that the file names, `limit_kmh` a speed limit, NaN for none.
    """

    starts: Ints
    points_m: Floats
    vertex: Ints
    road_class: npt.NDArray[np.int8]
    surface: npt.NDArray[np.int8]
    oneway: npt.NDArray[np.bool_]
    speed_kmh: Floats
    limit_kmh: Floats
    name: npt.NDArray[np.object_]

    @property
    def count(self) -> int:
        """How many lines there are."""
        return len(self.starts) - 1

    @property
    def line_of(self) -> Ints:
        """The line of each point."""
        return np.repeat(np.arange(self.count), np.diff(self.starts))


@dataclass(frozen=True)
class ReadLines:
    """What became of a file: `read` = `accepted` + all of `skipped` (reason in Chinese → how many)."""

    lines: Lines
    read: int
    accepted: int
    skipped: Mapping[str, int] = field(default_factory=dict)
    notices: Sequence[str] = ()
