"""How minutes are found for each way of travelling."""

from __future__ import annotations

from planner.model.visiting import TravelMode
from planner.roads.straight_line import StraightLine, Travel, with_factors


def travel_by_mode(
    travel: Travel, *, detour: float, speed_kmh: float, slower: float, walk_kmh: float
) -> dict[TravelMode, tuple[Travel, float]]:
    """For each mode how its minutes are found: by whom, and times how many.

    `detour` and `speed_kmh` are those of the estimate, `slower` how many times a motorbike takes as long as a car.
    On foot roads for cars tell little, so it is the straight line with its detour.
    """
    driven = with_factors(travel, detour=detour, speed_kmh=speed_kmh)
    return {
        TravelMode.CAR: (driven, 1.0),
        TravelMode.MOTORBIKE: (driven, slower),
        TravelMode.FOOT: (StraightLine(detour=detour, speed_kmh=walk_kmh), 1.0),
    }
