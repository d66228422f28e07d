"""The floating catchments beside the package `access`, in one run: the same numbers, and how much faster."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.sparse import csr_array

from planner.model.coverage import CatchmentMethod
from plugins.coverage_gaps.accessibility import accessibility
from tests.benchmarks.figures import Figure, seconds
from tests.plugins.coverage_gaps.access_oracle import by_access, frames

VILLAGES, SITES, CATCHMENT_MIN = 3_000, 50, 60.0


def measure_accessibility() -> Iterator[Figure]:
    """Each measure at 3,000 × 50: largest difference, and the seconds of `access` for each of ours."""
    chance = np.random.default_rng(0)
    minutes = csr_array(chance.uniform(0, 120, (VILLAGES, SITES)))
    capacity = chance.integers(0, 60, SITES).astype(float)
    population = chance.integers(1, 40, VILLAGES).astype(float)
    given = frames(minutes, capacity, population)
    for method in CatchmentMethod:
        settings = {"method": method, "catchment_min": CATCHMENT_MIN}
        ours = accessibility(minutes, capacity, population, **settings)
        theirs = by_access(*given, **settings)
        yield Figure(f"{method}: largest difference from access", [np.abs(ours - theirs).max()], "", 1e-9)
        ours_s = seconds(lambda: accessibility(minutes, capacity, population, **settings), 20)  # noqa: B023 - called at once
        theirs_s = seconds(lambda: by_access(*given, **settings), 3)  # noqa: B023 - called at once
        ratios = [their_s / float(np.median(ours_s)) for their_s in theirs_s]
        yield Figure(f"{method}: times as fast as access", ratios, "×", 30, least=True)
