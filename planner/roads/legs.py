"""By which road the legs of visits run, and how long they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import shapely

from planner.model.visiting import TravelMode
from planner.roads.straight_line import Travel

Point = tuple[float, float]
Leg = tuple[TravelMode, Point, Point]

# A screen pixel at the scale that shows a village.
_TOLERANCE_M = 5.0


@dataclass(frozen=True)
class Legs:
    """The line (EPSG:4544) and the kilometres of legs. Each is looked for once: one plan has most from another."""

    travel: Mapping[TravelMode, Travel]
    known: dict[Leg, tuple[shapely.LineString, float]] = field(default_factory=dict)

    def find(self, legs: Iterable[Leg]) -> Mapping[Leg, tuple[shapely.LineString, float]]:
        """What is known once these legs have been looked for too; a plan has none where no way leads."""
        unknown: dict[TravelMode, list[Leg]] = defaultdict(list)
        for leg in dict.fromkeys(legs):
            if leg not in self.known:
                unknown[leg[0]].append(leg)
        for mode, of_mode in unknown.items():
            ends = np.array([leg[1:] for leg in of_mode], dtype=float)
            ways = self.travel[mode].ways(ends[:, 0], ends[:, 1])
            shapes = shapely.simplify(ways.shapes, _TOLERANCE_M)
            self.known.update(
                zip(of_mode, zip(shapes, (ways.metres / 1000).tolist(), strict=True), strict=True)
            )
        return self.known
