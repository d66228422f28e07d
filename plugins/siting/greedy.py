"""First answers: sites picked one by one, each for what it adds."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from .problem import Floats, Mask


def pick_greedily(groups: Mask, worth: Floats, count: int) -> list[int]:
    """Up to `count` columns of `groups`, each the one that adds the most worth; the lowest index on a tie."""
    by_column = sp.csr_array(groups.T, dtype=np.float64)
    left = worth.astype(np.float64)
    picks: list[int] = []
    while len(picks) < count and left.any():
        pick = int((by_column @ left).argmax())
        picks.append(pick)
        left[groups[:, pick]] = 0.0
    return picks


def cover_greedily(reach: Mask) -> list[int]:
    """Columns that reach every row: each time the one that reaches the most new rows, then none to spare."""
    by_column = sp.csr_array(reach.T, dtype=np.float64)
    left = np.ones(len(reach))
    picks: list[int] = []
    while left.any():
        pick = int((by_column @ left).argmax())
        picks.append(pick)
        left[reach[:, pick]] = 0.0
    times = reach[:, picks].sum(axis=1)
    for pick in list(picks):
        if (times[reach[:, pick]] > 1).all():
            times -= reach[:, pick]
            picks.remove(pick)
    return picks
