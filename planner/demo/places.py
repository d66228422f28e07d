"""Where the places of a county lie in the demo: the seats of its townships, the points of its villages.

Everything here is in metres (EPSG:4544). A seat whose true point is known stays there; every other point is
generated: streets close together round the county town, towns spread over the county, villages thinning out
away from their seat and never nearer (by weighted distance) to another one.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

_BORDER_MARGIN_M = 200.0
_STREET_SPACING_M = 1_800.0
_STREET_REACH_M = 1_500.0
_COMMUNITY_REACH_M = 900.0
# A street or an estate takes less room than a town: its border lies nearer to its own seat.
STREET_WEIGHT, ESTATE_WEIGHT, TOWN_WEIGHT = 0.35, 0.6, 1.0
# Above 0.5 (an even spread over a disk) the villages thin out with the distance from their seat.
_THINNING = 0.9
_CANDIDATES = 12
# Of how many candidates the loneliest becomes a village: more would space them out like a grid.
_VILLAGE_CANDIDATES = 3
# A generated seat keeps this share of the mean distance between seats from the county border.
_SEAT_MARGIN = 0.3
_SAMPLE = 3_000


def place_seats(area: BaseGeometry, known: Floats, weights: Floats, rng: np.random.Generator) -> Floats:
    """The seat of each township, shape (n, 2), in the order given (by code; the first is the county town).

    `known` holds the true points, shape (n, 2), NaN where there is none; one outside `area` is not used.
    `weights` is STREET_WEIGHT, ESTATE_WEIGHT or TOWN_WEIGHT for each.
    """
    seats = known.copy()
    seats[~shapely.contains_xy(_inside(area), seats)] = np.nan
    inner = _inside(area, margin_m=_SEAT_MARGIN * np.sqrt(area.area / len(seats)))
    streets = weights == STREET_WEIGHT
    for row in np.flatnonzero(np.isnan(seats[:, 0])):
        if row == 0 or not streets[row]:
            candidates = _spread(inner, _CANDIDATES, rng)
        else:
            reach_m = _STREET_SPACING_M * np.sqrt(streets.sum())
            candidates = _around(seats[0], reach_m, inner, rng)
        seats[row] = _loneliest(candidates, seats[~np.isnan(seats[:, 0])])
    return seats


def place_villages(
    area: BaseGeometry,
    seats: Floats,
    weights: Floats,
    township: npt.NDArray[np.int64],
    community: Bools,
    rng: np.random.Generator,
) -> Floats:
    """The point of each village, shape (n, 2): `township` is the row of its seat, `community` marks 居委会."""
    inner = _inside(area)
    sample = _spread(inner, _SAMPLE, rng)
    shares = np.bincount(_nearest_seat(sample, seats, weights), minlength=len(seats)) / len(sample)
    reach_m = np.sqrt(np.maximum(shares, 1 / len(sample)) * area.area / np.pi)
    reach_m[weights == STREET_WEIGHT] = np.minimum(reach_m[weights == STREET_WEIGHT], _STREET_REACH_M)

    points = np.empty((len(township), 2))
    for row, seat in enumerate(township):
        reach = min(reach_m[seat], _COMMUNITY_REACH_M) if community[row] else reach_m[seat]
        candidates = _around(seats[seat], reach, inner, rng, allowed=partial(_is_own, seat, seats, weights))
        points[row] = _loneliest(candidates[:_VILLAGE_CANDIDATES], points[:row][township[:row] == seat])
    return points


def scatter(area: BaseGeometry, centre: Floats, reach_m: float, rng: np.random.Generator) -> Floats:
    """A point of `area` about `reach_m` or less from `centre`, which lies in it; shape (2,)."""
    return _around(centre, reach_m, _inside(area), rng)[0]


def _inside(area: BaseGeometry, *, margin_m: float = _BORDER_MARGIN_M) -> BaseGeometry:
    """`area` without a margin along its border, ready for many questions; a tiny area stays as it is."""
    shrunk = area.buffer(-max(margin_m, _BORDER_MARGIN_M))
    inner = area if shrunk.is_empty else shrunk
    shapely.prepare(inner)
    return inner


def _spread(area: BaseGeometry, count: int, rng: np.random.Generator) -> Floats:
    """`count` points spread evenly over `area`."""
    west, south, east, north = area.bounds
    found = np.empty((0, 2))
    while len(found) < count:
        points = rng.uniform((west, south), (east, north), size=(4 * count, 2))
        found = np.concatenate([found, points[shapely.contains_xy(area, points)]])
    return found[:count]


def _around(
    centre: Floats,
    reach_m: float,
    area: BaseGeometry,
    rng: np.random.Generator,
    *,
    allowed: Callable[[Floats], Bools] = lambda points: np.ones(len(points), dtype=bool),
) -> Floats:
    """At least one point round `centre`, inside `area` and allowed; the reach shrinks until one is found."""
    while True:
        angle = rng.uniform(0, 2 * np.pi, _CANDIDATES)
        distance_m = reach_m * rng.uniform(0.02, 1, _CANDIDATES) ** _THINNING
        points = centre + distance_m[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
        points = points[shapely.contains_xy(area, points) & allowed(points)]
        if len(points):
            return points
        reach_m *= 0.8


def _is_own(seat: int, seats: Floats, weights: Floats, points: Floats) -> Bools:
    return _nearest_seat(points, seats, weights) == seat


def _nearest_seat(points: Floats, seats: Floats, weights: Floats) -> npt.NDArray[np.int64]:
    """The row of the seat each point belongs to: the least distance ÷ weight."""
    distance = np.hypot(*(points[:, None, :] - seats[None, :, :]).transpose(2, 0, 1))
    return np.argmin(distance / weights, axis=1)


def _loneliest(candidates: Floats, taken: Floats) -> Floats:
    """The candidate farthest from the points taken already (Mitchell's best candidate)."""
    if not len(taken):
        return candidates[0]
    gaps = np.hypot(*(candidates[:, None, :] - taken[None, :, :]).transpose(2, 0, 1))
    return candidates[np.argmax(gaps.min(axis=1))]
