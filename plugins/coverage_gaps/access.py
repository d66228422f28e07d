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
from scipy.sparse import csr_array, vstack

from planner.model.coverage import COVERAGE_SITES, Reach
from planner.policy.places import coordinates
from planner.roads import Travel

from .accessibility import nearest as second_nearest
from .accessibility import per_place
from .legal import Legal
from .reasons import explain, in_words

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]


def reach_sites(
    villages: gpd.GeoDataFrame,
    sites: gpd.GeoDataFrame,
    travel: Travel,
    *,
    limit_min: float,
    horizon_min: float,
    track: Callable[[Sequence[Rows]], Iterable[Rows]] = iter,
) -> tuple[gpd.GeoDataFrame, csr_array]:
    """`villages` with reach, within (minutes ≤ limit), reachable, minutes (NaN: unreachable), nearest site,
    second nearest site with its minutes, single (within, but the second is not); and all ways of at most
    `horizon_min`, shape (villages, counted sites).

    Of equally near sites the one with the lowest id is taken. A second site is sought within the horizon,
    which is at least the limit. The work goes county by county through `track`.
    """
    counted = sites[sites["counted"]]
    origins_m, targets_m = coordinates(villages), coordinates(counted)
    nearest = np.full(len(villages), -1, dtype=np.int64)
    minutes = np.full(len(villages), np.inf)
    by_county = list(villages.groupby("county", sort=True).indices.values())
    ways = [csr_array((0, len(counted)))]
    for rows in track(by_county):
        nearest[rows], minutes[rows] = travel.nearest(origins_m[rows], targets_m)
        ways.append(travel.within(origins_m[rows], targets_m, limit_min=horizon_min))
    # Back from the order of the counties to that of the villages.
    order = np.argsort(np.concatenate([np.empty(0, dtype=np.int64), *by_county]))
    horizon = csr_array(vstack(ways, format="csr"))[order]
    second, second_min = second_nearest(horizon, besides=nearest)

    reachable = np.isfinite(minutes) & (nearest >= 0)
    within = reachable & (minutes <= limit_min)
    no_site = not sites["operating"].any()
    reach = np.select(
        [within, reachable, np.isnan(origins_m).any(axis=1), np.full(len(villages), no_site)],
        [str(Reach.WITHIN), str(Reach.BEYOND), str(Reach.UNLOCATED), str(Reach.NO_SITE)],
        default=str(Reach.NO_WAY),
    )
    named = counted[["id", "name"]].reset_index(drop=True)
    first = named.reindex(np.where(reachable, nearest, -1))
    other = named.reindex(second)
    reached = villages.assign(
        reach=pd.Series(reach, index=villages.index, dtype="str"),
        within=within,
        reachable=reachable,
        minutes=np.where(reachable, minutes, np.nan),
        nearest=first["id"].to_numpy(),
        nearest_name=first["name"].to_numpy(),
        second=other["id"].to_numpy(),
        second_name=other["name"].to_numpy(),
        second_minutes=np.where(second >= 0, second_min, np.nan),
        single=within & ~(second_min <= limit_min),
    )
    return reached, horizon


def county_sums(reached: pd.DataFrame, sites: pd.DataFrame, counties: list[str]) -> pd.DataFrame:
    """The access columns of COVERAGE_COUNTIES, one row per county in the order given."""
    codes = pd.Index(counties, dtype="str")
    sums = sum_children(reached, by=reached["county"]).reindex(codes, fill_value=0)
    running = sites[sites["operating"]].groupby("county")["beds"]
    sums["beds"] = running.sum(min_count=1).reindex(codes)
    has_site = running.size().reindex(codes, fill_value=0) > 0
    any_site = bool(sites["operating"].any())
    table = rates(sums, has_site=has_site, any_site=any_site)
    return in_words(table).rename_axis("code").reset_index()


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
    table["share_within_reason"] = explain(
        table["share_within"], [(none, "no_children")], otherwise="unlocated"
    )
    table["mean_minutes"] = (table["child_minutes"] / reached.where(reached > 0)).round(4)
    table["mean_minutes_reason"] = explain(
        table["mean_minutes"],
        [(none, "no_children"), (located == 0, "unlocated"), (none | (not any_site), "no_site")],
        otherwise="unreachable",
    )
    table["children_per_bed"] = per_place(table["children"], beds).round(4)
    table["children_per_bed_reason"] = explain(
        table["children_per_bed"], [(none, "no_children"), (~has_site, "no_site")], otherwise="no_capacity"
    )
    return table.drop(columns="child_minutes")


def site_loads(
    sites: gpd.GeoDataFrame, reached: pd.DataFrame, legal: Legal, catchment_children: pd.Series
) -> pd.DataFrame:
    """COVERAGE_SITES: the sites that lie in, cover, or are nearest for the area, with the children they get.

    `catchment_children` are the children that a site counts by the measure of accessibility, by its id.
    """
    loads = reached[reached["within"]].groupby("nearest")["children"].sum()
    serves = legal.pairs["county"].map(legal.names).groupby(legal.pairs["institution"]).agg("、".join)
    table = pd.DataFrame(sites.drop(columns="geometry"))
    table["county_name"] = table["county"].map(legal.names).astype("str")
    table["serves"] = serves.reindex(table["id"]).to_numpy()
    table["children_nearest"] = loads.reindex(table["id"], fill_value=0).to_numpy(dtype=np.int64)
    got, beds = table["children_nearest"], table["beds"]
    per_bed = pd.Series(per_place(got, beds), index=table.index)
    table["children_per_bed"] = per_bed.where(table["operating"]).round(4)
    table["children_per_bed_reason"] = explain(
        table["children_per_bed"],
        [(~table["operating"], "no_site"), (got == 0, "no_children")],
        otherwise="no_capacity",
    )
    table["children_catchment"] = catchment_children.reindex(table["id"]).round(4).to_numpy()
    concerned = (
        table["county"].isin(legal.counties)
        | table["serves"].notna()
        | table["id"].isin(reached["nearest"].dropna())
    )
    return COVERAGE_SITES.cast(in_words(table[concerned])).reset_index(drop=True)
