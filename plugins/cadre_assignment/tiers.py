"""One tier of a county (of a township, for 组) as arrays: who may hold what, at what cost, and who does today."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import ceil

import numpy as np
from scipy.spatial import KDTree

from planner.errors import InputError, Problem
from planner.model.divisions import Level
from planner.model.rosters import CadreLevel
from planner.roads import Travel

from .county import County, Official, locked_places
from .params import Mode, Params
from .problem import Bools, Floats, Ints
from .problem import Problem as Arrays

_NO_WAY_MIN = 600.0  # what a place weighs to which no road leads


@dataclass(frozen=True, eq=False)
class Spread:
    """Of a department no more than one cadre in a township: each more costs `weight`.

    `township` (places) and `department` (holders) are numbers, −1 for a cadre without department.
    """

    township: Ints
    department: Ints
    weight: float

    def cost(self, holder: Ints) -> float:
        """What an answer costs; −1 is a place without holder."""
        pairs = {(t, h) for t, h in zip(self.township.tolist(), holder.tolist(), strict=True) if h >= 0}
        named = [(t, int(self.department[h])) for t, h in pairs if self.department[h] >= 0]
        return self.weight * (len(named) - len(set(named)))

    def taken(self, places: Ints) -> Spread:
        """The same for some of the places."""
        return Spread(self.township[places], self.department, self.weight)


@dataclass(frozen=True, eq=False)
class Tier:
    """`places` and `holders` by code and id; `present` (places) is who holds them today and still may, else −1.

    `locked` (places) may not change. `at_least` (holders) is how many places each must have. `minutes` (places,
    holders) is NaN where the way is not known. `avoided` names the pairs kept apart, with the reason. `area` is the
    county, or the township of a tier of 组.
    """

    level: CadreLevel
    area: str
    places: tuple[str, ...]
    holders: tuple[str, ...]
    problem: Arrays
    present: Ints
    locked: Bools
    at_least: Ints
    minutes: Floats
    spread: Spread | None
    avoided: Mapping[tuple[int, int], str]


def tiers_of(county: County, params: Params, travel: Travel) -> Iterator[Tier]:
    """The tiers to be assigned, from above. Raises InputError where a tier has places and no cadre at all."""
    levels = list(CadreLevel) if params.tier is None else [params.tier]
    if lacking := [level for level in levels if county.places(level) and not county.in_office(level)]:
        problems = [
            Problem(f"{county.name}无{level}干部,{len(county.places(level))}个{level.area.title}没有人可包")
            for level in lacking
        ]
        told = "、".join(f"无{level}干部" for level in lacking)
        raise InputError(
            f"{county.name}{told},没有安排", "导入干部包联台账或干部名册,或只选别的级别", problems
        )
    for level in levels:
        if level is CadreLevel.TOWNSHIP:
            for township in county.townships:
                places = tuple(place for place in county.groups if place.startswith(township))
                if places:
                    yield _tier(county, params, travel, level, township, places)
        elif places := county.places(level):
            yield _tier(county, params, travel, level, county.code, places)


def _tier(
    county: County, params: Params, travel: Travel, level: CadreLevel, area: str, places: tuple[str, ...]
) -> Tier:
    officials = county.in_office(level, area if level is CadreLevel.TOWNSHIP else None)
    position = {item.id: at for at, item in enumerate(officials)}
    present = np.array(
        [position.get(county.held.get((level, place), ""), -1) for place in places], dtype=np.int64
    )
    avoided = {
        (at, position[who]): why
        for at, place in enumerate(places)
        for (who, village), why in county.avoided.items()
        if who in position and len(place) >= Level.VILLAGE and place.startswith(village)
    }
    allowed = np.ones((len(places), len(officials)), dtype=bool)
    for pair in avoided:
        allowed[pair] = False
    present[[at for at in range(len(places)) if present[at] >= 0 and not allowed[at, present[at]]]] = -1
    chosen = locked_places(params)
    locked = np.array([place in chosen for place in places]) & (present >= 0)
    kept = present >= 0 if params.mode is Mode.UPDATE else locked
    most = _most(params, level, len(places), len(officials))
    capacity = np.maximum(most, np.bincount(present[kept], minlength=len(officials)))
    at_least = np.zeros(len(officials), dtype=np.int64)
    if level is CadreLevel.COUNTY and not kept.any():
        at_least[:] = len(places) // len(officials) if officials else 0
    minutes = _minutes(county, travel, places, officials, level)
    load = np.array([county.load[place] for place in places], dtype=np.int64)
    return Tier(
        level=level,
        area=area,
        places=places,
        holders=tuple(item.id for item in officials),
        problem=Arrays(
            cost=_cost(minutes, present, params),
            load=load,
            allowed=allowed,
            capacity=capacity.astype(np.int64),
            target=np.full(len(officials), round(load.sum() / max(1, len(officials)), 2)),
            balance=params.weights.balance,
            adjacent=_adjacent(county, places)
            if params.contiguous and level is not CadreLevel.COUNTY
            else None,
        ),
        present=present,
        locked=locked,
        at_least=at_least,
        minutes=minutes,
        spread=_spread(officials, places, params) if level is CadreLevel.DEPARTMENT else None,
        avoided=avoided,
    )


def _most(params: Params, level: CadreLevel, places: int, holders: int) -> int:
    if level is CadreLevel.COUNTY:  # evenly: 5 townships for 3 leaders are 2, 2 and 1
        return ceil(places / holders) if holders else 0
    return params.most_villages if level is CadreLevel.DEPARTMENT else params.most_groups


def _minutes(
    county: County, travel: Travel, places: tuple[str, ...], officials: list[Official], level: CadreLevel
) -> Floats:
    """Minutes from work, shape (places, holders); NaN where either is not known."""
    if level is CadreLevel.COUNTY or not officials:
        return np.full((len(places), len(officials)), np.nan)
    nowhere = (np.nan, np.nan)
    work_m = np.array([item.point_m or nowhere for item in officials])
    places_m = np.array([county.points_m.get(place, nowhere) for place in places])
    minutes = np.minimum(travel.minutes(work_m, places_m).T, _NO_WAY_MIN)
    known = ~np.isnan(places_m[:, :1]) & ~np.isnan(work_m[:, 0])[None, :]
    return np.where(known, minutes, np.nan)


def _cost(minutes: Floats, present: Ints, params: Params) -> Floats:
    """What each pair costs, to a thousandth. A way that is not known is as long as the mean of those known."""
    known = ~np.isnan(minutes)
    mean = np.where(known, minutes, 0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    cost = params.weights.travel * np.where(known, minutes, mean[:, None])
    held = np.flatnonzero(present >= 0)
    cost[held] += params.weights.change
    cost[held, present[held]] -= params.weights.change
    rounded: Floats = np.round(cost, 3)
    return rounded


def _spread(officials: list[Official], places: tuple[str, ...], params: Params) -> Spread:
    townships = {code: at for at, code in enumerate(sorted({place[: Level.TOWNSHIP] for place in places}))}
    units = sorted({item.department for item in officials if item.department})
    return Spread(
        np.array([townships[place[: Level.TOWNSHIP]] for place in places], dtype=np.int64),
        np.array(
            [units.index(item.department) if item.department else -1 for item in officials], dtype=np.int64
        ),
        params.spread_weight,
    )


def _adjacent(county: County, places: tuple[str, ...]) -> Bools:
    """Which places touch: villages by a Gabriel graph, 组 as their villages do and within their own.

    A place without a point touches all of its township: nothing speaks against it.
    """
    villages = sorted({place[: Level.VILLAGE] for place in places})
    located = [code for code in villages if code in county.points_m]
    near = np.zeros((len(villages), len(villages)), dtype=bool)
    at = {code: number for number, code in enumerate(villages)}
    rows = [at[code] for code in located]
    near[np.ix_(rows, rows)] = gabriel(np.array([county.points_m[code] for code in located]).reshape(-1, 2))
    for code in set(villages) - set(located):
        own = [at[other] for other in villages if other.startswith(code[: Level.TOWNSHIP])]
        near[at[code], own] = near[own, at[code]] = True
    np.fill_diagonal(near, True)
    of = [at[place[: Level.VILLAGE]] for place in places]
    touching: Bools = near[np.ix_(of, of)]
    np.fill_diagonal(touching, False)
    return touching


def gabriel(points_m: Floats) -> Bools:
    """Which of n points, shape (n, 2), have no other one in the circle across them (Gabriel, Sokal 1969)."""
    number = len(points_m)
    near = np.zeros((number, number), dtype=bool)
    if number < 2:
        return near
    first, second = np.triu_indices(number, 1)
    middle = (points_m[first] + points_m[second]) / 2
    radius = np.linalg.norm(points_m[first] - points_m[second], axis=1) / 2
    distance, _ = KDTree(points_m).query(middle)
    free = distance >= radius * (1 - 1e-9)
    near[first[free], second[free]] = near[second[free], first[free]] = True
    return near
