"""The same measures by the package `access` of pysal, from its own frames: what ours must equal."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
from access import fca, weights
from scipy.sparse import csr_array

from planner.model.coverage import CatchmentMethod


def dai(catchment_min: float) -> Any:
    """Dai's Gauss curve for one number of minutes, 0 beyond the catchment."""
    edge = np.exp(-0.5)

    def weight(minutes: float) -> float:
        if minutes > catchment_min:
            return 0.0
        return float((np.exp(-0.5 * (minutes / catchment_min) ** 2) - edge) / (1 - edge))

    return weight


def frames(minutes: csr_array, capacity: Any, population: Any) -> tuple[pd.DataFrame, ...]:
    """Demand, supply and cost as `access` wants them."""
    ways = minutes.tocoo()
    cost = pd.DataFrame({"origin": ways.coords[0], "dest": ways.coords[1], "cost": ways.data})
    demand = pd.DataFrame({"demand": population}, index=pd.RangeIndex(len(population), name="geoid"))
    supply = pd.DataFrame({"supply": capacity}, index=pd.RangeIndex(len(capacity), name="geoid"))
    return demand, supply, cost


def by_access(
    demand: pd.DataFrame,
    supply: pd.DataFrame,
    cost: pd.DataFrame,
    *,
    method: CatchmentMethod,
    catchment_min: float,
) -> np.ndarray:
    """Accessibility of each row of `demand`; 0 where `access` has no row. BFCA in two of its catchment sums."""
    gauss = dai(catchment_min)
    if method is CatchmentMethod.BALANCED:
        found = _balanced(demand, supply, cost[cost["cost"] <= catchment_min], gauss)
    elif method is CatchmentMethod.THREE_STEP:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # access drops columns in place
            found = fca.three_stage_fca(demand, supply, cost, catchment_min, weight_fn=gauss)
    else:
        step = weights.step_fn({catchment_min / 3: 1, catchment_min * 2 / 3: 0.68, catchment_min: 0.22})
        weight = {CatchmentMethod.STEPS: step, CatchmentMethod.GAUSS: gauss}.get(method)
        found = fca.two_stage_fca(demand, supply, cost, catchment_min, weight_fn=weight)
    return found.reindex(demand.index).fillna(0).to_numpy()


def _balanced(demand: pd.DataFrame, supply: pd.DataFrame, cost: pd.DataFrame, weight: Any) -> pd.Series:
    given = cost.assign(cost=cost["cost"].apply(weight))
    by_village = given.assign(cost=given["cost"] / given.groupby("origin")["cost"].transform("sum"))
    by_site = given.assign(cost=given["cost"] / given.groupby("dest")["cost"].transform("sum"))

    def sums(frame: pd.DataFrame, column: str, parts: pd.DataFrame, source: str, to: str) -> pd.Series:
        return fca.weighted_catchment(
            frame,
            parts,
            cost_source=source,
            cost_dest=to,
            loc_index="geoid",
            loc_value=column,
            weight_fn=lambda part: part,
        )

    counted = sums(demand, "demand", by_village, "origin", "dest")
    ratio = (supply["supply"].reindex(counted.index) / counted).rename("ratio").to_frame()
    ratio.index.name = "geoid"
    return sums(ratio, "ratio", by_site, "dest", "origin")
