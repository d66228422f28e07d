"""One county of the demo with its places: true codes, names and border, generated points."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry.base import BaseGeometry

from planner.demo.places import (
    ESTATE_WEIGHT,
    STREET_WEIGHT,
    TOWN_WEIGHT,
    Floats,
    place_seats,
    place_villages,
)
from planner.demo.rng import Theme, stream
from planner.model.layers import METRIC_CRS, STORE_CRS

_COMMUNITY_WORDS = ("居委会", "居民委员会", "社区")


@dataclass(frozen=True, eq=False)
class County:
    """A county; `townships` and `villages` are rows code, name (villages: township, the row of theirs).

    `border` is in EPSG:4490; `area_m`, `seats_m` (one a township) and `villages_m` are in EPSG:4544. The first
    township by code counts as the county town.
    """

    code: str
    name: str
    border: BaseGeometry
    area_m: BaseGeometry
    townships: pd.DataFrame
    villages: pd.DataFrame
    seats_m: Floats
    villages_m: Floats


def lay_out(
    code: str, name: str, border: BaseGeometry, below: pd.DataFrame, known: gpd.GeoSeries, *, seed: int
) -> County:
    """A county with a point for every township seat and village.

    `below` are its townships and villages (code, name, parent), `known` the true points (EPSG:4490) of seats
    by township code.
    """
    townships, villages = (
        below[below["code"].str.len() == level].sort_values("code", ignore_index=True) for level in (9, 12)
    )
    area_m = gpd.GeoSeries([border], crs=STORE_CRS).to_crs(METRIC_CRS).iloc[0]
    points = known.to_crs(METRIC_CRS).reindex(townships["code"])
    weights = np.array([_weight(text) for text in townships["name"]])
    chance = stream(seed, Theme.PLACES, code)
    seats_m = place_seats(area_m, np.column_stack([points.x, points.y]), weights, chance)
    township = pd.Index(townships["code"]).get_indexer(villages["parent"])
    community = villages["name"].str.endswith(_COMMUNITY_WORDS).to_numpy(dtype=bool)
    villages_m = place_villages(area_m, seats_m, weights, township, community, chance)
    return County(
        code,
        name,
        border,
        area_m,
        townships[["code", "name"]],
        villages[["code", "name"]].assign(township=township),
        seats_m,
        villages_m,
    )


def _weight(name: str) -> float:
    """How far a township reaches: a 街道 little, a town far, a farm or a park (农场, 园区) in between."""
    if "街道" in name:
        return STREET_WEIGHT
    return TOWN_WEIGHT if name.endswith(("镇", "乡")) else ESTATE_WEIGHT
