"""What is asked of a model: its arrays checked, and a choice of sites turned into an answer."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from .answer import Siting

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Offer = Callable[[Siting], None]
StopWished = Callable[[], bool]


def keep_quiet(siting: Siting) -> None:
    """The `offer` of a caller who waits for the last answer."""


def never() -> bool:
    """The `stop_wished` of a caller who never stops."""
    return False


@dataclass
class Clock:
    """Ends work: by the clock, or because `stop_wished`, which is asked once per unit of work, says so.

    A unit is a fixed amount of work, so who counts the questions can have the same amount done again.
    """

    limit_s: float
    stop_wished: StopWished = never
    stopped: bool = False
    began_s: float = field(default_factory=time.monotonic)

    @property
    def left_s(self) -> float:
        """Seconds left, at least 0."""
        return max(0.0, self.limit_s - (time.monotonic() - self.began_s))

    def is_over(self) -> bool:
        """Ask once; from the first yes on it stays yes."""
        self.stopped = self.stopped or self.left_s <= 0 or self.stop_wished()
        return self.stopped


def check_cost(cost: npt.ArrayLike) -> Floats:
    """The matrix as floats (demand × candidate). Raises ValueError for NaN, negatives or another shape."""
    if np.ma.is_masked(cost):
        raise ValueError("cost holds masked values; write inf where no way leads")
    matrix = np.array(cost, dtype=np.float64)
    if matrix.ndim != 2:
        raise ValueError(f"cost must have two dimensions (demand × candidate), not {matrix.ndim}")
    if np.isnan(matrix).any():
        raise ValueError("cost holds NaN; write inf where no way leads")
    if (matrix < 0).any():
        raise ValueError("cost holds negative numbers")
    return matrix


def check_weights(weights: npt.ArrayLike, demand: int) -> Floats:
    """The weights as floats, shape (demand,). Raises ValueError for NaN, infinite or negative ones."""
    vector = np.array(weights, dtype=np.float64)
    if vector.shape != (demand,):
        raise ValueError(f"weights must have shape ({demand},), one per row of cost, not {vector.shape}")
    if not np.isfinite(vector).all():
        raise ValueError("weights hold NaN or inf")
    if (vector < 0).any():
        raise ValueError("weights hold negative numbers")
    return vector


def check_fixed(fixed: Sequence[int], candidates: int) -> tuple[int, ...]:
    """The fixed candidate indices, ascending. Raises ValueError for duplicates or indices out of range."""
    places = [int(place) for place in fixed]
    if places != list(fixed) or any(isinstance(place, bool | np.bool_) for place in fixed):
        raise ValueError("fixed must hold candidate indices, whole numbers")
    if len(set(places)) != len(places):
        raise ValueError("fixed holds a candidate twice")
    if any(not 0 <= place < candidates for place in places):
        raise ValueError(f"fixed must hold candidate indices from 0 to {candidates - 1}")
    return tuple(sorted(places))


def check_count(count: int, fixed: Sequence[int], candidates: int) -> int:
    """The number of new sites. Raises ValueError where it is negative or more than is left beside `fixed`."""
    if not np.isfinite(count) or int(count) != count or count < 0:
        raise ValueError("count must be a whole number of at least 0")
    if count > candidates - len(fixed):
        raise ValueError(f"count {count} is more than the {candidates - len(fixed)} candidates not fixed")
    return int(count)


def check_limit(limit: float) -> float:
    """The limit. Raises ValueError for NaN or a negative one."""
    if not limit >= 0:
        raise ValueError("limit must be a number of at least 0")
    return float(limit)


def check_time(time_limit_s: float) -> float:
    """The time limit. Raises ValueError for NaN or a negative one."""
    if not time_limit_s >= 0:
        raise ValueError("time_limit_s must be a number of at least 0")
    return float(time_limit_s)


def within(cost: Floats, limit: float) -> Mask:
    """Which candidate reaches which demand: at most `limit` (exactly the limit is within), never inf."""
    return (cost <= limit) & np.isfinite(cost)


def weigh(cost: Floats, weights: Floats) -> Floats:
    """Weight × cost; what cannot be reached stays inf, at weight 0 too."""
    reached = np.isfinite(cost)
    return np.where(reached, np.where(reached, cost, 0.0) * weights[:, None], np.inf)


def assign(cost: Floats, sites: Sequence[int], limit: float = np.inf) -> Rows:
    """For each demand its nearest open site, the lowest index on a tie; −1 where none is within `limit`."""
    if not len(sites) or not len(cost):
        return np.full(len(cost), -1, dtype=np.int64)
    ascending = np.sort(np.asarray(sites, dtype=np.int64))
    open_cost = cost[:, ascending]
    nearest = open_cost.argmin(axis=1)
    reached = within(open_cost[np.arange(len(cost)), nearest], limit)
    return np.where(reached, ascending[nearest], -1)


def merge_alike(reach: Mask, worth: Floats) -> tuple[Mask, Floats]:
    """Rows of `reach` (demand × candidate) that are alike made one, with the sum of their worth."""
    if not reach.size:
        return reach[:0], worth[:0]
    packed = np.packbits(reach, axis=1)
    keys = np.ascontiguousarray(packed).view(f"V{packed.shape[1]}").ravel()
    _, first, group = np.unique(keys, return_index=True, return_inverse=True)
    return reach[first], np.bincount(group, weights=worth, minlength=len(first)).astype(np.float64)


def travelled(cost: Floats, assigned: Rows) -> Floats:
    """What each demand pays to where it goes; 0 where it goes nowhere."""
    paid = np.zeros(len(cost))
    served = np.flatnonzero(assigned >= 0)
    paid[served] = cost[served, assigned[served]]
    return paid
