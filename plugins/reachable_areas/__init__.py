"""可达范围: how far one gets from the operating institutions in 10, 20, 30 and 60 minutes, as areas."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
from pydantic import BaseModel, Field

from planner.model.institutions import InstitutionKind
from planner.model.layers import DEMAND, DIVISIONS, INSTITUTION_STATES, INSTITUTIONS, METRIC_CRS
from planner.model.roads import REACHABLE_AREAS, REACHABLE_FROM, WithinMinutes
from planner.plugin import Context, Result, plugin
from planner.policy.places import coordinates, find_villages, select_sites

from .metrics import compute_metrics
from .notes import write_notes

# The widest first, so that the narrower lie above it on the map.
LIMITS_MIN = {
    str(WithinMinutes.SIXTY): 60,
    str(WithinMinutes.THIRTY): 30,
    str(WithinMinutes.TWENTY): 20,
    str(WithinMinutes.TEN): 10,
}


class Params(BaseModel):
    """What may be chosen: whose institutions, with which service."""

    kind: InstitutionKind = Field(InstitutionKind.PROTECTION, title="机构类型")
    service: str | None = Field(None, title="服务内容", description="只计提供这项服务的机构。空为不限")


@plugin(
    "可达范围",
    params=Params,
    reads=(DIVISIONS, DEMAND, INSTITUTIONS, INSTITUTION_STATES),
    makes=(REACHABLE_AREAS, REACHABLE_FROM),
    order=20,
)
def reachable_areas(context: Context, params: Params) -> Result:
    """从运营机构出发,10、20、30、60分钟沿路到得了哪里,范围内有多少村和儿童;要有道路数据。"""
    institutions = context.layer(INSTITUTIONS)
    states = context.layer(INSTITUTION_STATES)
    sites = select_sites(institutions, states, kind=params.kind, service=params.service, as_of=context.as_of)
    counted = sites[sites["counted"]].reset_index(drop=True)
    villages = find_villages(context.layer(DIVISIONS), context.layer(DEMAND))
    snapped = context.travel.places(coordinates(counted))
    access_m = np.full(len(counted), np.nan) if snapped is None else snapped.access_m
    for _ in context.track(["areas"], "画可达范围"):
        areas = _areas(context, counted, villages)
    return Result(
        layers={
            REACHABLE_AREAS.name: areas,
            REACHABLE_FROM.name: REACHABLE_FROM.cast(counted.assign(access_m=access_m)),
        },
        metrics=compute_metrics(areas, villages, counted, by_road=snapped is not None),
        notes=write_notes(areas, sites, snapped),
    )


def _areas(context: Context, sites: gpd.GeoDataFrame, villages: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The rows of REACHABLE_AREAS; none without roads, or where no site gets onto one."""
    limits = list(LIMITS_MIN.values())
    shapes = context.travel.areas(coordinates(sites), limits_min=limits)
    if shapes is None or all(shape.is_empty for shape in shapes):
        return gpd.GeoDataFrame(REACHABLE_AREAS.empty())
    _, minutes = context.travel.nearest(coordinates(villages), coordinates(sites))
    located = ~np.isnan(coordinates(villages)).any(axis=1)
    children = villages["children"].to_numpy()
    total = children[located].sum()
    within = [minutes <= limit for limit in limits]
    inside = [int(children[near].sum()) for near in within]
    table = pd.DataFrame(
        {
            "name": list(LIMITS_MIN),
            "minutes": limits,
            "area_km2": [shape.area / 1e6 for shape in shapes],
            "villages": [int(near.sum()) for near in within],
            "children": inside,
            "share": [round(100 * count / total, 4) if total else np.nan for count in inside],
        }
    )
    frame = gpd.GeoDataFrame(table, geometry=shapes, crs=METRIC_CRS)
    return gpd.GeoDataFrame(REACHABLE_AREAS.cast(frame[~frame.is_empty].reset_index(drop=True)))
