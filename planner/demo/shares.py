"""Whole numbers in proportion to weights."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def apportion(total: int, weights: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """`total` in whole parts proportional to `weights` by the largest remainder; they sum to `total` exactly.

    Of equal remainders the first gets the extra one. The weights are at least 0 and not all 0.
    """
    weights = np.asarray(weights, dtype=np.float64)
    exact = total * weights / weights.sum()
    parts = np.floor(exact).astype(np.int64)
    by_remainder = np.argsort(parts - exact, kind="stable")
    parts[by_remainder[: total - int(parts.sum())]] += 1
    return parts
