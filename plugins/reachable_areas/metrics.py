"""The figures above the map, of 30 and 60 minutes: children, their share, how large the area is."""

from __future__ import annotations

import pandas as pd

from planner.model.roads import REACHABLE_AREAS
from planner.plugin import Metric

_PLANNING = "规划参考"


def compute_metrics(
    areas: pd.DataFrame, villages: pd.DataFrame, sites: pd.DataFrame, *, by_road: bool
) -> dict[str, Metric]:
    """The metrics of REACHABLE_AREAS; what cannot be given says why."""
    row_of = areas.set_index("minutes")
    reason = _missing(villages, sites, by_road=by_road)

    def metric(minutes: int, column: str, title: str, unit: str, formula: str) -> Metric:
        value = row_of[column].get(minutes)
        known = value is not None and not pd.isna(value)
        number = None if value is None or not known else int(value) if column == "children" else float(value)
        return Metric(
            title,
            number,
            unit,
            reason=None if known else reason,
            formula=formula,
            clause=_PLANNING,
            table=REACHABLE_AREAS.name,
            where={"minutes": minutes},
        )

    counted = "村到最近运营机构的车程不超过时限的儿童;按村计,不按面积"
    share = "时限内儿童 ÷ 有定位的儿童"
    area = "到得了的路两侧各500米,小的并入大的"
    made = {}
    for minutes in (30, 60):
        made[f"children_{minutes}"] = metric(minutes, "children", f"{minutes}分钟内儿童", "人", counted)
        made[f"share_{minutes}"] = metric(minutes, "share", f"{minutes}分钟内占比", "%", share)
        made[f"area_{minutes}"] = metric(minutes, "area_km2", f"{minutes}分钟可达面积", "平方公里", area)
    return made


def _missing(villages: pd.DataFrame, sites: pd.DataFrame, *, by_road: bool) -> str:
    if not by_road:
        return "no_roads"
    if sites.empty:
        return "no_site"
    return "unreachable" if villages["children"].sum() else "no_children"
