"""From layers to a siting task: villages with children, the places that may be sites, minutes between them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.model.demand import Need
from planner.model.divisions import Level
from planner.model.institutions import split_list
from planner.model.layers import METRIC_CRS
from planner.policy.places import coordinates, find_villages, select_sites
from planner.roads import Travel

from .options import Bools, Floats, Ints, Model, Task
from .params import Candidates, Existing, Params

_NEEDS = tuple(str(need) for need in Need)
_BLOCK = 1_000  # rows: a moment's work, after which progress is told


@dataclass(frozen=True, eq=False)
class Question:
    """A task and what its rows and columns are.

    `villages`: all villages, with `located`; `places`: the columns of the task (id, name, village, county,
    county_name, township_name, existing, own, beds, point), the new ones first; `own`: exists and works for no
    county but those of the villages. `asking`: the village of each row of the task. `lost`: operating
    institutions without a point; `outlines`: of the counties, by code.
    """

    task: Task
    villages: gpd.GeoDataFrame
    places: gpd.GeoDataFrame
    asking: Ints
    lost: tuple[str, ...]
    outlines: gpd.GeoSeries

    @property
    def existing(self) -> Ints:
        """The columns that exist already."""
        return np.flatnonzero(self.places["existing"])


def ask(
    divisions: gpd.GeoDataFrame,
    demand: gpd.GeoDataFrame,
    institutions: gpd.GeoDataFrame,
    states: pd.DataFrame,
    params: Params,
    *,
    as_of: date,
    travel: Travel,
    track: Callable[[Sequence[Ints]], Iterable[Ints]] = iter,
) -> Question:
    """The question that the parameters put to the layers (EPSG:4544); minutes go block by block through `track`."""
    if params.need is not None:
        demand = demand[demand["need"] == params.need]
    if params.by_service:
        demand = demand[demand["need"].isin(_NEEDS)]
    villages = find_villages(divisions, demand)
    villages["located"] = ~shapely.is_missing(villages.geometry.to_numpy())
    sites = select_sites(institutions, states, kind=params.kind, service=None, as_of=as_of)
    places = gpd.GeoDataFrame(
        pd.concat([_candidates(villages, params.candidates), _standing(sites, villages)], ignore_index=True),
        crs=METRIC_CRS,
    )
    asking, service, weights = _rows(villages, demand, by_service=params.by_service)
    minutes = _minutes(villages, asking, places, travel, track)
    task = _task(params, places, minutes, weights, villages["county"].to_numpy()[asking])
    if params.by_service:
        task = replace(task, service=service, offers=_offers(places, sites))
    lost = sites.loc[sites["operating"] & ~sites["counted"], "name"]
    return Question(task, villages, places, asking, tuple(lost), _outlines(divisions))


def _outlines(divisions: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """The outlines of the counties by code; a county without one is missing."""
    counties = divisions[divisions["level"] == Level.COUNTY].set_index("code").geometry
    return counties[counties.geom_type.isin(["Polygon", "MultiPolygon"])]


def _candidates(villages: gpd.GeoDataFrame, candidates: Candidates) -> gpd.GeoDataFrame:
    """New places: every located village, or of each township the village nearest to all its children."""
    at = villages[villages["located"]]
    if candidates is Candidates.SEATS:
        points, children = coordinates(at), at["children"].to_numpy(dtype=np.float64)
        townships = at.groupby("township", sort=True).indices.values()
        at = at.iloc[[rows[_middle(points[rows], children[rows])] for rows in townships]]
    name = at["name"]
    if candidates is Candidates.SEATS:
        name = at["township_name"].fillna(at["name"])
    return gpd.GeoDataFrame(
        {
            "id": at["code"].astype(str),
            "name": name.astype(str),
            "county": at["county"].astype(str),
            "county_name": at["county_name"],
            "township_name": at["township_name"],
            "existing": False,
            "own": False,
            "beds": np.nan,
        },
        geometry=at.geometry,
        crs=METRIC_CRS,
    )


def _middle(points: Floats, children: Floats) -> int:
    """Which point, of shape (n, 2), has the least straight way from all children; the first of equals."""
    weights = children if children.any() else np.ones(len(points))
    away_m = np.linalg.norm(points[:, None, :] - points[None, :, :], axis=2)
    return int(np.argmin(np.round(weights @ away_m, 3)))


def _standing(sites: gpd.GeoDataFrame, villages: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    counted = sites[sites["counted"]]
    names = villages.drop_duplicates("county").set_index("county")["county_name"]
    areas = zip(counted["county"], counted["jurisdiction"], strict=True)
    own = [set(names.index) >= {county, *_listed(text)} for county, text in areas]
    return gpd.GeoDataFrame(
        {
            "id": counted["id"].astype(str),
            "name": counted["name"].astype(str),
            "county": counted["county"].astype(str),
            "county_name": names.reindex(counted["county"]).to_numpy(),
            "township_name": None,
            "existing": True,
            "own": own,
            "beds": counted["beds"],
        },
        geometry=counted.geometry,
        crs=METRIC_CRS,
    )


def _rows(
    villages: gpd.GeoDataFrame, demand: gpd.GeoDataFrame, *, by_service: bool
) -> tuple[Ints, Ints, Floats]:
    """The rows of the task, those with children at a place: the village, the service and the children of each."""
    position = pd.Series(np.arange(len(villages)), index=villages["code"])
    if by_service:
        grouped = demand.groupby(["village", "need"])["children"].sum()
        village = position.reindex(grouped.index.get_level_values("village")).to_numpy(dtype=np.int64)
        service = np.array(
            [_NEEDS.index(need) for need in grouped.index.get_level_values("need")], dtype=np.int64
        )
        children = grouped.to_numpy(dtype=np.float64)
    else:
        village = np.arange(len(villages))
        service = np.zeros(len(villages), dtype=np.int64)
        children = villages["children"].to_numpy(dtype=np.float64)
    asking = (children > 0) & villages["located"].to_numpy()[village]
    return village[asking], service[asking], children[asking]


def _minutes(
    villages: gpd.GeoDataFrame,
    asking: Ints,
    places: gpd.GeoDataFrame,
    travel: Travel,
    track: Callable[[Sequence[Ints]], Iterable[Ints]],
) -> Floats:
    """Minutes (row × place), inf where no way leads."""
    targets_m, origins_m = coordinates(places), coordinates(villages)[asking]
    minutes = np.full((len(asking), len(places)), np.inf)
    starts = range(0, len(asking), _BLOCK)
    for rows in track([np.arange(first, min(first + _BLOCK, len(asking))) for first in starts]):
        minutes[rows] = travel.minutes(origins_m[rows], targets_m)
    return minutes


def _task(
    params: Params, places: gpd.GeoDataFrame, minutes: Floats, weights: Floats, county: Sequence[str]
) -> Task:
    existing = places["existing"].to_numpy(dtype=bool)
    # What others need, too, is not for this area to close.
    movable = places["own"].to_numpy(dtype=bool) & (params.existing is Existing.CLOSABLE)
    capacity = None
    if params.new_capacity is not None or params.bed_capacity:
        new = np.inf if params.new_capacity is None else float(params.new_capacity)
        beds = (
            places["beds"].fillna(np.inf).to_numpy() if params.bed_capacity else np.full(len(places), np.inf)
        )
        capacity = np.where(existing, beds, new)
    new_cost = params.seat_cost if params.candidates is Candidates.SEATS else params.village_cost
    covers = params.model is Model.SET_COVER
    return Task(
        params.model,
        minutes,
        weights,
        count=None if covers else params.count,
        budget=params.budget,
        cost=None if params.budget is None else np.where(existing, 0.0, new_cost),
        limit_min=params.limit_min,
        kept=tuple(np.flatnonzero(existing & ~movable).tolist()),
        closable=tuple(np.flatnonzero(movable).tolist()),
        closing_cost=None if params.budget is None else np.full(len(places), params.closing_cost),
        capacity=capacity,
        split=params.split and capacity is not None,
        times=params.times,
        county=pd.factorize(np.asarray(county, dtype=object), sort=True)[0].astype(np.int64),
        county_share=None if params.county_share is None else params.county_share / 100,
    )


def _offers(places: gpd.GeoDataFrame, sites: gpd.GeoDataFrame) -> Bools:
    """Which place offers which need, (place, need): new ones all, existing ones what their records name.

    A service names a need by its word: 康复训练 is 康复, 送教上门 is 送教.
    """
    services = sites.set_index("id")["services"]
    return np.array(
        [
            [not old or any(need in service for service in _listed(text)) for need in _NEEDS]
            for old, text in zip(places["existing"], services.reindex(places["id"]), strict=True)
        ],
        dtype=bool,
    ).reshape(len(places), len(_NEEDS))


def _listed(text: object) -> tuple[str, ...]:
    return split_list(text if isinstance(text, str) else None)
