"""Beds in reach set against the children who share them: village by village, site by site, the worst served."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from planner.model.coverage import COVERAGE_WORST, CatchmentMethod, Reach

from .accessibility import METHODS, shortfall
from .reasons import explain, in_words

PER_CHILDREN = 1_000


def share_beds(
    reached: pd.DataFrame,
    sites: pd.DataFrame,
    ways: csr_array,
    *,
    method: CatchmentMethod,
    catchment_min: float,
) -> tuple[pd.DataFrame, pd.Series]:
    """`reached` with accessibility (beds for 1,000 children) and lacking (as children); the children that each
    site counts, by its id.

    `ways` are minutes, shape (villages, counted sites). A site whose beds are not known is left out, and a
    village that has no other in its catchment gets no value; nor does one without a point, nor any where no
    site can be reached or has beds.
    """
    counted = sites[sites["counted"]]
    known = counted["beds"].notna().to_numpy()
    beds = counted["beds"].to_numpy(dtype=float)[known]
    children = reached["children"].to_numpy(dtype=float)
    catchment = METHODS[method](ways[:, np.flatnonzero(known)], catchment_min)
    for_each = catchment.accessibility(beds, children)

    only_unknown = _has_way(ways[:, np.flatnonzero(~known)], catchment_min) & ~_has_way(
        ways[:, np.flatnonzero(known)], catchment_min
    )
    cases = [
        (reached["reach"] == Reach.UNLOCATED, "unlocated"),
        (not sites["operating"].any(), "no_site"),
        (counted.empty, "unreachable"),
        (not known.any(), "no_capacity"),
        (only_unknown, "no_capacity"),
    ]
    for case, _ in cases:
        for_each = np.where(case, np.nan, for_each)
    lacking, _ = shortfall(for_each, children)
    per_thousand = pd.Series(for_each * PER_CHILDREN, index=reached.index).round(6)
    table = reached.assign(
        accessibility=per_thousand,
        accessibility_reason=explain(per_thousand, cases, otherwise="no_children"),
        lacking=lacking.round(4),
    )
    return in_words(table), pd.Series(catchment.demand(children), index=counted["id"].to_numpy()[known])


def worst_rows(villages: pd.DataFrame, *, count: int) -> pd.DataFrame:
    """COVERAGE_WORST: the `count` villages that lack most, of equals the one with the lower code first."""
    lacking = pd.DataFrame(villages[villages["lacking"] > 0])
    worst = lacking.sort_values(["lacking", "code"], ascending=[False, True]).head(count)
    return COVERAGE_WORST.cast(worst.assign(rank=np.arange(1, len(worst) + 1))).reset_index(drop=True)


def _has_way(ways: csr_array, catchment_min: float) -> np.ndarray:
    """Which villages have a way of at most `catchment_min`."""
    near = csr_array((ways.data <= catchment_min, ways.indices, ways.indptr), shape=ways.shape)
    return np.asarray(near.sum(axis=1) > 0)
