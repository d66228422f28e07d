"""Where the people of a county live: its villages with their points, and how many 组 each has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from planner.demo.lots import between
from planner.demo.rng import Theme, stream
from planner.model.divisions import Level, ancestor_code
from planner.model.layers import METRIC_CRS, STORE_CRS

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]

_TOWN_WORDS = ("居委会", "居民委员会", "社区", "生活区")
_FEWEST_GROUPS, _MOST_GROUPS = 3, 8
# How far a 组 lies from the point of its village, a home from the middle of its 组, any home from the village.
_VILLAGE_REACH_M, _TOWN_REACH_M = 1_200.0, 400.0
_GROUP_REACH_M = 250.0
_FARTHEST_M = 1_500.0
_STEPS_INWARD = 6
_DECIMALS = 6


@dataclass(frozen=True)
class Village:
    """A village; `groups` is the number of its 组, 0 for a 居委会."""

    code: str
    name: str
    groups: int

    @property
    def township(self) -> str:
        """The code of its township."""
        return ancestor_code(self.code, Level.TOWNSHIP)


@dataclass(frozen=True, eq=False)
class Ground:
    """A county: `townships` maps codes to names, `villages` are by code, `points_m` (EPSG:4544) theirs.

    `area_m` is the county in EPSG:4544.
    """

    code: str
    name: str
    area_m: BaseGeometry
    townships: Mapping[str, str]
    villages: tuple[Village, ...]
    points_m: Floats


def ground_of(divisions: gpd.GeoDataFrame, county: str, *, seed: int) -> Ground:
    """The ground of a county out of the divisions of the demo (code, name, geometry in EPSG:4490)."""
    own = divisions[divisions["code"].str.startswith(county)].sort_values("code")
    digits = own["code"].str.len()
    villages = own[digits == Level.VILLAGE]
    metric = villages.geometry.to_crs(METRIC_CRS)
    border = own[digits == Level.COUNTY].geometry.to_crs(METRIC_CRS)
    chance = stream(seed, Theme.GROUND, county)
    groups = [between(_FEWEST_GROUPS, _MOST_GROUPS, chance) for _ in range(len(villages))]
    townships = own[digits == Level.TOWNSHIP]
    return Ground(
        county,
        own["name"].iloc[0],
        border.iloc[0],
        dict(zip(townships["code"], townships["name"], strict=True)),
        tuple(
            Village(code, name, 0 if name.endswith(_TOWN_WORDS) else count)
            for code, name, count in zip(villages["code"], villages["name"], groups, strict=True)
        ),
        np.column_stack([metric.x, metric.y]),
    )


def place_homes(
    ground: Ground, village: Rows, group: Rows, chance: np.random.Generator
) -> list[tuple[float, float]]:
    """A home for each (row of the village, number of the 组 or 0), as lon/lat (EPSG:4490).

    The homes of a 组 lie together, all within 1.5 km of the village's point and inside the county.
    """
    centres = _around(_group_centres(ground, chance)[village, group], _GROUP_REACH_M, chance)
    points = ground.points_m[village]
    away = centres - points
    distance_m = np.hypot(*away.T)
    away *= np.minimum(1, _FARTHEST_M / np.maximum(distance_m, 1))[:, None]
    shapely.prepare(ground.area_m)
    for _ in range(_STEPS_INWARD):
        outside = ~shapely.contains_xy(ground.area_m, points + away)
        away[outside] /= 2
    away[~shapely.contains_xy(ground.area_m, points + away)] = 0
    degrees = gpd.GeoSeries.from_xy(*(points + away).T, crs=METRIC_CRS).to_crs(STORE_CRS)
    return list(zip(degrees.x.round(_DECIMALS).tolist(), degrees.y.round(_DECIMALS).tolist(), strict=True))


def _group_centres(ground: Ground, chance: np.random.Generator) -> Floats:
    """The middle of every 组, shape (villages, most groups + 1, 2); number 0 is a village without any."""
    town = np.array([not village.groups for village in ground.villages], dtype=bool)
    reach_m = np.where(town, _TOWN_REACH_M, _VILLAGE_REACH_M)
    points = np.repeat(ground.points_m[:, None, :], _MOST_GROUPS + 1, axis=1)
    return _around(points, reach_m[:, None], chance)


def _around(points: Floats, reach_m: float | Floats, chance: np.random.Generator) -> Floats:
    """A point evenly spread over the disk of `reach_m` round each point."""
    angle = chance.uniform(0, 2 * np.pi, points.shape[:-1])
    distance_m = reach_m * np.sqrt(chance.random(points.shape[:-1]))
    return points + distance_m[..., None] * np.stack([np.cos(angle), np.sin(angle)], axis=-1)
