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
    villages = reached.set_index("code").reindex(demand["village"])
    minutes = villages["minutes"].fillna(np.inf).to_numpy(dtype=float)
    located = (villages["reach"] != Reach.UNLOCATED).to_numpy()
    children = demand["children"].to_numpy(dtype=np.int64)
    return COVERAGE_CURVE.cast(
        pd.concat(
            [
                _line(group, minutes[rows], children[rows], located[rows])
                for group in Group
                for rows in [_rows_of(group, demand)]
            ],
            ignore_index=True,
        )
    )


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


def _line(group: Group, minutes: np.ndarray, children: np.ndarray, located: np.ndarray) -> pd.DataFrame:
    within = children_within(minutes, children, AT_MIN)
    base = int(children[located].sum())
    share = pd.Series((within / base * 100).round(4) if base else np.nan, index=range(len(AT_MIN)))
    none = np.full(len(AT_MIN), not children.sum())
    line = {
        "group": str(group),
        "minutes": AT_MIN,
        "children": within,
        "share": share,
        "share_reason": explain(share, [(none, "no_children")], otherwise="unlocated"),
    }
    return in_words(pd.DataFrame(line))
