"""Everything that goes into the demo, as checked frames; pure, for any part of the region."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.demo.county import lay_out
from planner.demo.demand import spread_children
from planner.demo.divisions import division_frame
from planner.demo.institutions import ordinary_sites
from planner.demo.protection import protection_sites
from planner.demo.region import Region
from planner.demo.roads import make_roads
from planner.demo.shares import apportion
from planner.demo.sites import institution_frame, state_frame
from planner.model.divisions import Level, ancestor_code
from planner.plugin import Progress
from planner.roads import RoadNetwork

REGION_CHILDREN = 25_000


@dataclass(frozen=True, eq=False)
class Content:
    """The frames that the store takes (EPSG:4490): divisions, institutions with their states, demand; the roads."""

    divisions: gpd.GeoDataFrame
    institutions: gpd.GeoDataFrame
    states: pd.DataFrame
    demand: pd.DataFrame
    roads: RoadNetwork


def make_content(
    region: Region,
    chosen: Sequence[str],
    *,
    children: int | None,
    seed: int,
    report: Callable[[Progress], None] = lambda progress: None,
) -> Content:
    """The demo of the `chosen` counties (codes, at least one).

    Places, children and ordinary institutions of a county are the same whichever others are chosen; its
    未成年人保护机构 is not, since the counties together tell one story (see `protection`), nor are the classes of
    its roads. `children`: see `county_children`.
    """
    counties = []
    for position, code in enumerate(chosen):
        report(Progress(f"生成{region.names[code]}", position / len(chosen)))
        county = lay_out(
            code,
            region.names[code],
            region.borders[code],
            region.below(code),
            region.seats,
            seed=seed,
        )
        counties.append(county)

    hosts = {ancestor_code(code, Level.PREFECTURE): code for code in sorted(region.counties, reverse=True)}
    sites = protection_sites(counties, region.names, seed=seed)
    for county in counties:
        hosts_prefecture = county.code in hosts.values()
        sites += ordinary_sites(county, region.names, hosts_prefecture=hosts_prefecture, seed=seed)
    demand = [
        spread_children(county.villages["code"].tolist(), int(count), county=county.code, seed=seed)
        for county, count in zip(counties, county_children(region, chosen, children), strict=True)
    ]
    return Content(
        division_frame(region.down_to(chosen), counties),
        institution_frame(sites),
        state_frame(sites),
        pd.concat(demand, ignore_index=True),
        make_roads(counties, seed=seed),
    )


def county_children(region: Region, chosen: Sequence[str], children: int | None) -> npt.NDArray[np.int64]:
    """The children in difficulty of each chosen county, in proportion to its children in the census.

    `children` is their sum; None: what is theirs of 25,000 in the whole region.
    """
    if children is not None:
        return apportion(children, [region.census[code] for code in chosen])
    everywhere = apportion(REGION_CHILDREN, [region.census[code] for code in region.counties])
    return everywhere[[region.counties.index(code) for code in chosen]]
