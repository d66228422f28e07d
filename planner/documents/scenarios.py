"""Results of the siting plugin side by side: the figures, the sites in common, the villages left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.documents.stamp import Stamp
from planner.model.layers import METRIC_CRS
from planner.model.siting import (
    SITING_COUNTIES,
    SITING_SCENARIO_COUNTIES,
    SITING_SCENARIO_GAPS,
    SITING_SCENARIO_SITES,
    SITING_SCENARIOS,
    SITING_SITES,
    SITING_UNCOVERED,
    Role,
)
from planner.plugin import Result

MADE = (SITING_SCENARIOS, SITING_SCENARIO_COUNTIES, SITING_SCENARIO_SITES, SITING_SCENARIO_GAPS)


@dataclass(frozen=True, eq=False)
class Scenario:
    """A run of the siting plugin under the name people call it by; `stamp` tells its parameters."""

    name: str
    result: Result
    stamp: Stamp


def compare(scenarios: Sequence[Scenario]) -> Result:
    """The scenarios side by side, as the layers SITING_SCENARIOS, …_COUNTIES, …_SITES and …_GAPS."""
    return Result(
        layers={
            SITING_SCENARIO_COUNTIES.name: _counties(scenarios),
            SITING_SCENARIO_SITES.name: _sites(scenarios),
        },
        tables={SITING_SCENARIOS.name: _figures(scenarios), SITING_SCENARIO_GAPS.name: _gaps(scenarios)},
    )


def common_sites(scenarios: Sequence[Scenario]) -> set[str]:
    """The ids of the new sites that every scenario has."""
    chosen = [set(_new(scenario)["id"]) for scenario in scenarios]
    return set.intersection(*chosen) if chosen else set()


def _new(scenario: Scenario) -> pd.DataFrame:
    sites = pd.DataFrame(scenario.result.layers[SITING_SITES.name])
    return sites[sites["role"] == Role.NEW]


def _figures(scenarios: Sequence[Scenario]) -> pd.DataFrame:
    common = len(common_sites(scenarios))
    rows = []
    for scenario in scenarios:
        metrics = scenario.result.metrics
        row = {name: metric.value for name, metric in metrics.items() if name in SITING_SCENARIOS.columns}
        rows.append(
            row
            | {
                "scenario": scenario.name,
                "run": scenario.stamp.run,
                "aim": str(scenario.stamp.params["model"]),
                "limit_min": scenario.stamp.params["limit_min"],
                "objective_unit": metrics["objective"].unit,
                "common_sites": common,
            }
        )
    return SITING_SCENARIOS.cast(pd.DataFrame(rows, columns=list(SITING_SCENARIOS.columns)))


def _counties(scenarios: Sequence[Scenario]) -> gpd.GeoDataFrame:
    """The counties of the first scenario with what each scenario does in them, in the order of the scenarios."""
    frames = [scenario.result.layers[SITING_COUNTIES.name].set_index("code") for scenario in scenarios]
    if not frames:
        return gpd.GeoDataFrame(SITING_SCENARIO_COUNTIES.empty(), crs=METRIC_CRS)
    new = pd.concat([frame["new_sites"].astype(str) for frame in frames], axis=1)
    share = pd.concat([frame["share_after"] for frame in frames], axis=1)
    told = share.map(lambda value: "—" if pd.isna(value) else f"{value:.1f}")
    some = sum(frame["new_sites"] for frame in frames) > 0
    layer = frames[0].assign(
        new_sites=new.agg(" / ".join, axis=1),
        covered=told.agg(" / ".join, axis=1),
        shown=np.where(some, "有新增", "没有新增"),
    )
    return gpd.GeoDataFrame(SITING_SCENARIO_COUNTIES.cast(layer.reset_index()), crs=METRIC_CRS)


def _sites(scenarios: Sequence[Scenario]) -> gpd.GeoDataFrame:
    """Each place once for what it is: with the scenarios in which it is that."""
    frames = [
        scenario.result.layers[SITING_SITES.name].assign(scenario=scenario.name) for scenario in scenarios
    ]
    if not frames:
        return gpd.GeoDataFrame(SITING_SCENARIO_SITES.empty(), crs=METRIC_CRS)
    every = gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), crs=METRIC_CRS)
    grouped = every.groupby(["id", "role"], sort=True)["scenario"]
    sites = every.drop_duplicates(["id", "role"]).set_index(["id", "role"]).sort_index()
    sites["scenarios"] = grouped.agg("、".join)
    sites["chosen"] = grouped.size()
    sites = sites.reset_index()
    everywhere = sites["chosen"] == len(scenarios)
    new = sites["role"] == Role.NEW
    sites["shown"] = sites["role"].where(~new, "部分方案").mask(new & everywhere, "各方案共有")
    return gpd.GeoDataFrame(SITING_SCENARIO_SITES.cast(sites), crs=METRIC_CRS)


def _gaps(scenarios: Sequence[Scenario]) -> pd.DataFrame:
    frames = [
        scenario.result.tables[SITING_UNCOVERED.name].assign(scenario=scenario.name) for scenario in scenarios
    ]
    if not frames:
        return SITING_SCENARIO_GAPS.empty()
    return SITING_SCENARIO_GAPS.cast(pd.concat(frames, ignore_index=True))
