"""First answers: sites picked one by one, each for what it adds."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import scipy.sparse as sp

from .problem import Floats, Mask, Rows, weigh
from .proof import capped


def pick_greedily(groups: Mask, worth: Floats, count: int) -> list[int]:
    """Up to `count` columns of `groups`, each the one that adds the most worth; the lowest index on a tie."""
    by_column: Any = sp.csr_array(groups.T, dtype=np.float64)
    left = worth.astype(np.float64)
    picks: list[int] = []
    while len(picks) < count and left.any():
        pick = int(np.argmax(by_column @ left))
        picks.append(pick)
        left[groups[:, pick]] = 0.0
    return picks


def cover_greedily(reach: Mask) -> list[int]:
    """Columns that reach every row: each time the one that reaches the most new rows, then none to spare."""
    by_column: Any = sp.csr_array(reach.T, dtype=np.float64)
    left = np.ones(len(reach))
    picks: list[int] = []
    while left.any():
        pick = int(np.argmax(by_column @ left))
        picks.append(pick)
        left[reach[:, pick]] = 0.0
    times = reach[:, picks].sum(axis=1)
    for pick in list(picks):
        if (times[reach[:, pick]] > 1).all():
            times -= reach[:, pick]
            picks.remove(pick)
    return picks


def open_greedily(by_site: Floats, already: Iterable[int], size: int) -> Rows:
    """`already` and, up to `size` sites, each the one that then saves the most travel; the lowest on a tie.

    `by_site` (candidate × demand) is finite. What a site saves only shrinks as others open, so most of the
    savings need not be looked at again (Minoux 1978).
    """
    sites = list(already)
    far = float(by_site.max(initial=0.0))
    nearest = by_site[sites].min(axis=0, initial=far)
    saved = [(-float(np.maximum(nearest - row, 0.0).sum()), j, len(sites)) for j, row in enumerate(by_site)]
    saved = [entry for entry in saved if entry[1] not in set(sites)]
    heapq.heapify(saved)
    while len(sites) < size:
        _, j, seen = heapq.heappop(saved)
        if seen < len(sites):
            worth = float(np.maximum(nearest - by_site[j], 0.0).sum())
            heapq.heappush(saved, (-worth, j, len(sites)))
            continue
        sites.append(j)
        nearest = np.minimum(nearest, by_site[j])
    return np.array(sites, dtype=np.int64)


def fill_up(cost: Floats, weights: Floats, sites: Sequence[int], size: int) -> tuple[int, ...]:
    """`sites` in ascending order and, up to `size`, those that then save the most travel."""
    if len(sites) < size:
        sites = open_greedily(capped(weigh(cost, weights)), sites, size).tolist()
    return tuple(sorted(sites))
