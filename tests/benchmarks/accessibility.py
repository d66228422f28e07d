"""The floating catchments beside the package `access`, in one run: the same numbers, and how much faster."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

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
        measured = partial(
            accessibility, minutes, capacity, population, method=method, catchment_min=CATCHMENT_MIN
        )
        expected = partial(by_access, *given, method=method, catchment_min=CATCHMENT_MIN)
        difference = np.abs(measured() - expected()).max()
        yield Figure(f"{method}: largest difference from access", [difference], "", 1e-9)
        ours_s = float(np.median(seconds(measured, 20)))
        ratios = [theirs_s / ours_s for theirs_s in seconds(expected, 3)]
        yield Figure(f"{method}: times as fast as access", ratios, "×", 30, least=True)
