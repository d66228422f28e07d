"""机构覆盖缺口: which counties have no operating institution, and which children are beyond its reach."""

from __future__ import annotations

from dataclasses import replace

from planner.model.coverage import (
    COVERAGE_COUNTIES,
    COVERAGE_CURVE,
    COVERAGE_GAPS,
    COVERAGE_SITES,
    COVERAGE_VILLAGES,
    COVERAGE_WORST,
    COVERAGE_YEARS,
)
from planner.model.divisions import Level
from planner.model.layers import DEMAND, DIVISIONS, INSTITUTION_STATES, INSTITUTIONS
from planner.plugin import Context, Result, plugin
from planner.policy.indicators import covered_on, line_days
from planner.policy.places import find_villages, select_sites
from planner.roads import with_factors

from .access import county_sums, reach_sites, site_loads
from .capacity import share_beds, worst_rows
from .curve import curve_rows
from .legal import assess_counties, gap_rows, year_rows
from .metrics import compute_metrics
from .notes import write_notes
from .params import Params, horizon_min


@plugin(
    "机构覆盖缺口",
    params=Params,
    reads=(DIVISIONS, DEMAND, INSTITUTIONS, INSTITUTION_STATES),
    makes=(
        COVERAGE_COUNTIES,
        COVERAGE_VILLAGES,
        COVERAGE_GAPS,
        COVERAGE_YEARS,
        COVERAGE_CURVE,
        COVERAGE_WORST,
        COVERAGE_SITES,
    ),
    version="2",
    order=10,
)
def coverage_gaps(context: Context, params: Params) -> Result:
    """哪些县没有运营中的机构(法定口径),哪些儿童在车程时限之外(规划参考);两个口径分开给出。"""
    divisions = context.layer(DIVISIONS)
    institutions = context.layer(INSTITUTIONS).sort_values("id", ignore_index=True)
    states = context.layer(INSTITUTION_STATES)
    demand = context.layer(DEMAND)
    if params.need is not None:
        demand = demand[demand["need"] == params.need]

    counties = divisions[divisions["level"] == Level.COUNTY].sort_values("code", ignore_index=True)
    legal = assess_counties(
        counties, institutions, states, kind=params.kind, as_of=context.as_of, target_day=params.target_day
    )
    line = [
        (day, *covered_on(day, legal.counties, legal.pairs, states, as_of=context.as_of))
        for day in context.track(line_days(context.as_of, params.target_day), "逐年法定覆盖")
    ]

    travel = with_factors(context.travel, detour=params.detour, speed_kmh=params.speed_kmh)
    villages = find_villages(divisions, demand)
    sites = select_sites(institutions, states, kind=params.kind, service=params.service, as_of=context.as_of)
    reached, ways = reach_sites(
        villages,
        sites,
        travel,
        limit_min=params.limit_min,
        horizon_min=horizon_min(params),
        track=lambda groups: context.track(groups, "各县到最近机构"),
    )
    reached, counted = share_beds(
        reached, sites, ways, method=params.method, catchment_min=params.catchment_min
    )
    county_layer = legal.layer.merge(county_sums(reached, sites, legal.counties), on="code", validate="1:1")
    result = Result(
        layers={
            COVERAGE_COUNTIES.name: COVERAGE_COUNTIES.cast(county_layer),
            COVERAGE_VILLAGES.name: COVERAGE_VILLAGES.cast(reached),
        },
        tables={
            COVERAGE_GAPS.name: gap_rows(county_layer),
            COVERAGE_YEARS.name: year_rows(line, legal.names),
            COVERAGE_CURVE.name: curve_rows(demand, reached),
            COVERAGE_WORST.name: worst_rows(reached, count=params.worst_count),
            COVERAGE_SITES.name: site_loads(sites, reached, legal, counted),
        },
    )
    return replace(
        result,
        metrics=compute_metrics(result, sites, params, context.as_of, estimated=travel.estimated),
        notes=write_notes(result, reached, sites, params, context.as_of, travel),
    )
