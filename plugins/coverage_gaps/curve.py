"""The share of children by minutes, for all and for each need and category."""

from __future__ import annotations

import numpy as np
import pandas as pd

from planner.model.coverage import COVERAGE_CURVE, Group, Reach
from planner.model.demand import AgeBand, Need

from .accessibility import children_within
from .reasons import explain, in_words

LAST_MIN = 120
AT_MIN = np.arange(0, LAST_MIN + 1, 5)
_NEEDS = {
    Group.REHABILITATION_EARLY: (Need.REHABILITATION, AgeBand.EARLY),
    Group.REHABILITATION_SCHOOL: (Need.REHABILITATION, AgeBand.SCHOOL),
    Group.HOME_TEACHING: (Need.HOME_TEACHING, None),
    Group.PLACEMENT: (Need.PLACEMENT, None),
}


def curve_rows(demand: pd.DataFrame, reached: pd.DataFrame) -> pd.DataFrame:
    """COVERAGE_CURVE: for each group the children within 0, 5, … 120 minutes of their nearest operating site.

    The share is of the children with a place: the unreachable count in it, the unlocated do not.
    """
    villages = reached.set_index("code")[["minutes", "reach"]].reindex(demand["village"])
    minutes = villages["minutes"].fillna(np.inf).to_numpy(dtype=float)
    located = (villages["reach"] != Reach.UNLOCATED).to_numpy()
    children = demand["children"].to_numpy(dtype=np.int64)
    members = [_rows_of(group, demand) for group in Group]
    within = [children_within(minutes[rows], children[rows], AT_MIN.astype(float)) for rows in members]
    base = np.repeat([children[rows & located].sum() for rows in members], len(AT_MIN))
    everyone = np.repeat([children[rows].sum() for rows in members], len(AT_MIN))
    table = pd.DataFrame(
        {
            "group": np.repeat([str(group) for group in Group], len(AT_MIN)),
            "minutes": np.tile(AT_MIN, len(Group)),
            "children": np.concatenate(within),
        }
    )
    table["share"] = (table["children"] / base.astype(float) * 100).where(base > 0).round(4)
    table["share_reason"] = explain(table["share"], [(everyone == 0, "no_children")], otherwise="unlocated")
    return COVERAGE_CURVE.cast(in_words(table))


def _rows_of(group: Group, demand: pd.DataFrame) -> np.ndarray:
    """Which rows of the demand are of the group."""
    if group is Group.ALL:
        rows = pd.Series(True, index=demand.index)
    elif group in _NEEDS:
        need, band = _NEEDS[group]
        rows = (demand["need"] == need) & (True if band is None else demand["age_band"] == band)
    else:
        rows = demand["category"] == str(group)
    return rows.to_numpy(dtype=bool)
