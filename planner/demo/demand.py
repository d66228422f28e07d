"""Children in difficulty of the demo: how many at each village, of which age, category and need.

The county totals follow the real census (aged 0–14, 2020). Everything below the county is invented: the
shares here are plausible round numbers, no statistic.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from planner.demo.rng import Theme, stream
from planner.demo.shares import apportion
from planner.model.demand import AgeBand, Category, Need
from planner.model.layers import DEMO_ORIGIN

# Sigma of the lognormal spread of children over the villages of a county.
_SPREAD = 0.7
_AGE_SHARES = {AgeBand.EARLY: 0.30, AgeBand.SCHOOL: 0.47, AgeBand.YOUTH: 0.23}
_CATEGORY_SHARES = {
    Category.FAMILY: 0.34,
    Category.SELF: 0.36,
    Category.GUARDIANSHIP: 0.24,
    Category.TEMPORARY: 0.06,
}
# The share of children with a need, by category and age band; who is not named here has none.
# 康复 falls with age (三(五) puts 0–6 first), 送教 is for school age (三(三)), 安置 for lost guardians (三(四)).
_NEED_SHARES: dict[Category, dict[Need, dict[AgeBand, float]]] = {
    Category.FAMILY: {
        Need.REHABILITATION: {AgeBand.EARLY: 0.03, AgeBand.SCHOOL: 0.02, AgeBand.YOUTH: 0.01},
        Need.PLACEMENT: {AgeBand.EARLY: 0.02, AgeBand.SCHOOL: 0.02, AgeBand.YOUTH: 0.01},
    },
    Category.SELF: {
        Need.REHABILITATION: {AgeBand.EARLY: 0.65, AgeBand.SCHOOL: 0.40, AgeBand.YOUTH: 0.20},
        Need.HOME_TEACHING: {AgeBand.SCHOOL: 0.18, AgeBand.YOUTH: 0.10},
    },
    Category.GUARDIANSHIP: {
        Need.REHABILITATION: {AgeBand.EARLY: 0.02, AgeBand.SCHOOL: 0.02, AgeBand.YOUTH: 0.01},
        Need.HOME_TEACHING: {AgeBand.SCHOOL: 0.01, AgeBand.YOUTH: 0.01},
        Need.PLACEMENT: {AgeBand.EARLY: 0.22, AgeBand.SCHOOL: 0.18, AgeBand.YOUTH: 0.10},
    },
    Category.TEMPORARY: {
        Need.PLACEMENT: {AgeBand.EARLY: 0.10, AgeBand.SCHOOL: 0.08, AgeBand.YOUTH: 0.05},
    },
}
Profile = tuple[str, str, str | None]


def _profile_shares() -> dict[Profile, float]:
    """The share of all children of every (age band, category, need) that occurs."""
    shares: dict[Profile, float] = {}
    for band, of_band in _AGE_SHARES.items():
        for category, of_category in _CATEGORY_SHARES.items():
            needs = {
                need: by_band[band] for need, by_band in _NEED_SHARES[category].items() if band in by_band
            }
            shares[str(band), str(category), None] = of_band * of_category * (1 - sum(needs.values()))
            for need, of_need in needs.items():
                shares[str(band), str(category), str(need)] = of_band * of_category * of_need
    return shares


def spread_children(villages: Sequence[str], children: int, *, county: str, seed: int) -> pd.DataFrame:
    """The demand of a county: village, age_band, category, need (None: none), children (at least 1), origin.

    `children` are spread over `villages` (codes) by lognormal weights, then each over age, category and need;
    the rows are sorted and sum to `children` exactly.
    """
    chance = stream(seed, Theme.DEMAND, county)
    counts = apportion(children, chance.lognormal(sigma=_SPREAD, size=len(villages)))
    shares = _profile_shares()
    profiles = list(shares)
    profile = chance.choice(len(profiles), size=children, p=list(shares.values()))
    village = np.repeat(np.arange(len(villages)), counts)
    tally = np.zeros((len(villages), len(profiles)), dtype=np.int64)
    np.add.at(tally, (village, profile), 1)
    rows, columns = np.nonzero(tally)
    frame = pd.DataFrame([profiles[column] for column in columns], columns=["age_band", "category", "need"])
    frame.insert(0, "village", np.asarray(villages, dtype=object)[rows])
    return frame.assign(children=tally[rows, columns], origin=DEMO_ORIGIN)
