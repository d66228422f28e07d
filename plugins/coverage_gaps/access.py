"""The access measure, a planning aid: minutes from each village to its nearest operating site.

Villages and sites are arrays of metres (EPSG:4544). A village that cannot be reached keeps its own reason
and enters neither a mean nor a share as zero.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.model.coverage import COVERAGE_SITES, Reach
from planner.plugin import REASONS
from planner.policy.places import coordinates
from planner.roads import Travel

from .legal import Legal

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]


def reach_nearest(
    villages: gpd.GeoDataFrame,
    sites: gpd.GeoDataFrame,
    travel: Travel,
    *,
    limit_min: float,
    track: Callable[[Sequence[Rows]], Iterable[Rows]] = iter,
) -> gpd.GeoDataFrame:
    """`villages` with reach, within (minutes ≤ limit), reachable, minutes (NaN: unreachable), nearest site.

    Of equally near sites the one with the lowest id is taken. The work goes county by county through `track`.
    """
    counted = sites[sites["counted"]].sort_values("id", ignore_index=True)
    origins_m, targets_m = coordinates(villages), coordinates(counted)
    nearest = np.full(len(villages), -1, dtype=np.int64)
    minutes = np.full(len(villages), np.inf)
    by_county = list(villages.groupby("county", sort=True).indices.values())
    for rows in track(by_county):
        nearest[rows], minutes[rows] = travel.nearest(origins_m[rows], targets_m)

    reachable = np.isfinite(minutes) & (nearest >= 0)
    within = reachable & (minutes <= limit_min)
    no_site = not sites["operating"].any()
    reach = np.select(
        [within, reachable, np.isnan(origins_m).any(axis=1), np.full(len(villages), no_site)],
        [str(Reach.WITHIN), str(Reach.BEYOND), str(Reach.UNLOCATED), str(Reach.NO_SITE)],
        default=str(Reach.NO_WAY),
    )
    found = counted[["id", "name"]].reindex(np.where(reachable, nearest, -1))
    return villages.assign(
        reach=pd.Series(reach, index=villages.index, dtype="str"),
        within=within,
        reachable=reachable,
        minutes=np.where(reachable, minutes, np.nan),
        nearest=found["id"].to_numpy(),
        nearest_name=found["name"].to_numpy(),
    )


def county_sums(reached: pd.DataFrame, sites: pd.DataFrame, counties: list[str]) -> pd.DataFrame:
    """The access columns of COVERAGE_COUNTIES, one row per county in the order given."""
    codes = pd.Index(counties, dtype="str")
    sums = sum_children(reached, by=reached["county"]).reindex(codes, fill_value=0)
    running = sites[sites["operating"]].groupby("county")["beds"]
    sums["beds"] = running.sum(min_count=1).reindex(codes)
    has_site = running.size().reindex(codes, fill_value=0) > 0
    any_site = bool(sites["operating"].any())
    table = rates(sums, has_site=has_site, any_site=any_site)
    return _in_words(table).rename_axis("code").reset_index()


def sum_children(reached: pd.DataFrame, *, by: Any) -> pd.DataFrame:
    """Children by group: in all, within, beyond, unreachable, unlocated, and child-minutes of the reachable."""
    children = reached["children"]
    split = pd.DataFrame(
        {
            "children": children,
            "children_within": children.where(reached["within"], 0),
            "children_beyond": children.where(reached["reachable"] & ~reached["within"], 0),
            "children_unreachable": children.where(~reached["reachable"], 0),
            "children_unlocated": children.where(reached["reach"] == Reach.UNLOCATED, 0),
            "child_minutes": (children * reached["minutes"]).where(reached["reachable"], 0.0),
        }
    )
    return split.groupby(by).sum()


def rates(sums: pd.DataFrame, *, has_site: Any, any_site: bool) -> pd.DataFrame:
    """Share within, mean minutes and children per bed for rows of `sum_children` plus beds.

    A rate that cannot be given is NaN, and its `…_reason` is the key in REASONS that says why. `has_site`: whether the row has an
    operating site of its own (for beds); `any_site`: whether there is one anywhere (for minutes).
    """
    table = sums.copy()
    none = table["children"] == 0
    located = table["children"] - table["children_unlocated"]
    reached = table["children_within"] + table["children_beyond"]
    beds = table["beds"]
    table["share_within"] = (table["children_within"] / located.where(located > 0) * 100).round(4)
    table["share_within_reason"] = _reason(
        table["share_within"], [(none, "no_children")], otherwise="unlocated"
    )
    table["mean_minutes"] = (table["child_minutes"] / reached.where(reached > 0)).round(4)
    table["mean_minutes_reason"] = _reason(
        table["mean_minutes"],
        [(none, "no_children"), (located == 0, "unlocated"), (none | (not any_site), "no_site")],
        otherwise="unreachable",
    )
    table["children_per_bed"] = (table["children"].where(~none) / beds.where(beds > 0)).round(4)
    table["children_per_bed_reason"] = _reason(
        table["children_per_bed"], [(none, "no_children"), (~has_site, "no_site")], otherwise="no_capacity"
    )
    return table.drop(columns="child_minutes")


def site_loads(sites: gpd.GeoDataFrame, reached: pd.DataFrame, legal: Legal) -> pd.DataFrame:
    """COVERAGE_SITES: the sites that lie in, cover, or are nearest for the area, with the children they get."""
    loads = reached[reached["within"]].groupby("nearest")["children"].sum()
    serves = legal.pairs["county"].map(legal.names).groupby(legal.pairs["institution"]).agg("、".join)
    table = pd.DataFrame(sites.drop(columns="geometry"))
    table["county_name"] = table["county"].map(legal.names).astype("str")
    table["serves"] = serves.reindex(table["id"]).to_numpy()
    table["children_nearest"] = loads.reindex(table["id"], fill_value=0).to_numpy(dtype=np.int64)
    beds = table["beds"]
    got = table["children_nearest"]
    table["children_per_bed"] = (got.where(got > 0) / beds.where(beds > 0)).where(table["operating"]).round(4)
    table["children_per_bed_reason"] = _reason(
        table["children_per_bed"],
        [(~table["operating"], "no_site"), (got == 0, "no_children")],
        otherwise="no_capacity",
    )
    concerned = (
        table["county"].isin(legal.counties)
        | table["serves"].notna()
        | table["id"].isin(reached["nearest"].dropna())
    )
    return COVERAGE_SITES.cast(_in_words(table[concerned])).reset_index(drop=True)


def _reason(values: pd.Series, cases: Sequence[tuple[Any, str]], *, otherwise: str) -> pd.Series:
    """Why each null of `values` is null: the key of the first case that holds; null where there is a value."""
    conditions = [np.broadcast_to(np.asarray(condition, dtype=bool), len(values)) for condition, _ in cases]
    keys = np.select(conditions, [key for _, key in cases], default=otherwise)
    return pd.Series(keys, index=values.index, dtype="str").where(values.isna())


def _in_words(table: pd.DataFrame) -> pd.DataFrame:
    """`table` with the keys of its `…_reason` columns put in words, as people read them."""
    reasons = [name for name in table.columns if name.endswith("_reason")]
    return table.assign(**{name: table[name].map(REASONS).astype("str") for name in reasons})
