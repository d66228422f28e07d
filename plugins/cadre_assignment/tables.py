"""The tables and the map of a plan: places, loads before and after, tiers, vacancies, ways out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.model.divisions import Level
from planner.model.duty_plan import (
    DUTY_LOADS,
    DUTY_PLAN,
    DUTY_TIERS,
    DUTY_VACANCIES,
    DUTY_VILLAGES,
    DUTY_WAYS_OUT,
    Change,
)
from planner.model.layers import Layer
from planner.model.rosters import CadreLevel

from .county import County
from .reasons import reason
from .solving import Answer
from .tiers import Tier
from .ways_out import WayOut

Row = dict[str, Any]
_POSTS = {level: f"{level}干部" for level in CadreLevel}


@dataclass(frozen=True, eq=False)
class Solved:
    """A tier of a county, its answer, and the ways out where places are left over."""

    county: County
    tier: Tier
    answer: Answer
    ways: Sequence[WayOut] = ()

    @property
    def plan(self) -> dict[str, str | None]:
        """The id of the new holder by place."""
        ids = [None if by < 0 else self.tier.holders[by] for by in self.answer.holder]
        return dict(zip(self.tier.places, ids, strict=True))

    @cached_property
    def plan_rows(self) -> list[Row]:
        """The rows of DUTY_PLAN."""
        return list(_plan_rows(self))


def frames_of(
    counties: Sequence[County], solved: Sequence[Solved], divisions: pd.DataFrame
) -> Mapping[str, Any]:
    """All frames of a result by layer name; `divisions` has the points of the villages."""
    plan = _framed(DUTY_PLAN, (row for item in solved for row in item.plan_rows), ["area"])
    return {
        DUTY_PLAN.name: plan,
        DUTY_LOADS.name: _framed(
            DUTY_LOADS, (row for county in counties for row in _load_rows(county, solved)), []
        ),
        DUTY_TIERS.name: _framed(DUTY_TIERS, map(_tier_row, solved), []),
        DUTY_VACANCIES.name: _framed(
            DUTY_VACANCIES, (row for county in counties for row in _vacancies(county, solved)), []
        ),
        DUTY_WAYS_OUT.name: _framed(DUTY_WAYS_OUT, (row for item in solved for row in _way_rows(item)), []),
        DUTY_VILLAGES.name: _villages(counties, plan, divisions),
    }


def _framed(layer: Layer, rows: Iterator[Row] | map[Row], order: list[str]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=list(layer.columns))
    return layer.cast(frame.sort_values(order, ignore_index=True) if order else frame)


def _unit(county: County, who: str | None) -> str | None:
    if who is None:
        return None
    official = county.officials[who]
    return county.names.get(official.township) if official.township else official.department


def _plan_rows(item: Solved) -> Iterator[Row]:
    county, tier, answer = item.county, item.tier, item.answer
    for at, (place, new) in enumerate(item.plan.items()):
        old = county.held.get((tier.level, place))
        former = county.officials.get(old) if old else None
        by = int(answer.holder[at])
        yield {
            "area": place,
            "name": county.full_name(place),
            "tier": str(tier.level),
            "township_name": county.names.get(place[: Level.TOWNSHIP], ""),
            "group": county.group_words.get(place),
            "change": str(_change(old, new)),
            "old": old,
            "old_name": former.name if former else None,
            "new": new,
            "new_name": county.officials[new].name if new else None,
            "unit": _unit(county, new),
            "why": reason(tier, answer, county, at),
            "children": county.children.get(place, 0),
            "load": county.load[place],
            "minutes": round(float(tier.minutes[at, by]), 1) if by >= 0 else np.nan,
        }


def _change(old: str | None, new: str | None) -> Change:
    if new is None:
        return Change.VACANT
    if old is None:
        return Change.FILLED
    return Change.KEPT if old == new else Change.REPLACED


def _load_rows(county: County, solved: Sequence[Solved]) -> Iterator[Row]:
    own = [item for item in solved if item.county is county]
    for level in CadreLevel:
        tiers = [item for item in own if item.tier.level is level]
        places = [place for item in tiers for place in item.tier.places]
        before: dict[str, list[str]] = defaultdict(list)
        after: dict[str, list[str]] = defaultdict(list)
        minutes: dict[str, list[float]] = defaultdict(list)
        minutes_before: dict[str, list[float]] = defaultdict(list)
        for place in places:
            if old := county.held.get((level, place)):
                before[old].append(place)
        for item in tiers:
            position = {who: by for by, who in enumerate(item.tier.holders)}
            for at, (place, new) in enumerate(item.plan.items()):
                old = county.held.get((level, place))
                if old in position:
                    minutes_before[old].append(float(item.tier.minutes[at, position[old]]))
                if new:
                    after[new].append(place)
                    minutes[new].append(float(item.tier.minutes[at, position[new]]))
        known = {who for item in tiers for who in item.tier.holders} | set(before)
        for who in sorted(known & set(county.officials)):
            official = county.officials[who]
            left = None if official.in_office else "不在任"
            yield {
                "cadre": who,
                "name": official.name,
                "tier": str(level),
                "unit": _unit(county, who),
                "places_before": len(before[who]),
                "places": len(after[who]),
                "load_before": sum(county.load[place] for place in before[who]),
                "load": sum(county.load[place] for place in after[who]),
                "minutes_before": _mean(minutes_before[who]),
                "minutes": _mean(minutes[who]),
                "at_home": sum(_is_home(place, official.home_village) for place in after[who]),
                "remark": left or (None if after[who] else "没有安排"),
            }


def _mean(minutes: Sequence[float]) -> float:
    """The mean of the known ways, NaN where there is none."""
    known = [way for way in minutes if not np.isnan(way)]
    return round(sum(known) / len(known), 1) if known else np.nan


def _is_home(place: str, village: str | None) -> bool:
    """Whether a place is the village somebody comes from, or a 组 of it."""
    return village is not None and place[: Level.VILLAGE] == village


def _tier_row(item: Solved) -> Row:
    tier, answer = item.tier, item.answer
    held = np.flatnonzero(answer.holder >= 0)
    carried = np.zeros(len(tier.holders), dtype=np.int64)
    np.add.at(carried, answer.holder[held], tier.problem.load[held])
    olds = [item.county.held.get((tier.level, place)) for place in tier.places]
    changes = [_change(old, new) for old, new in zip(olds, item.plan.values(), strict=True)]
    return {
        "area": tier.area,
        "name": item.county.names[tier.area],
        "tier": str(tier.level),
        "places": len(tier.places),
        "cadres": len(tier.holders),
        "changed": changes.count(Change.REPLACED),
        "vacant": changes.count(Change.VACANT),
        "load_min": int(carried.min(initial=carried.max(initial=0))),
        "load_max": int(carried.max(initial=0)),
        "stray": answer.stray,
        "value": round(answer.value, 3),
        "bound": np.nan if answer.bound is None else round(answer.bound, 3),
        "gap": np.nan if answer.gap is None else round(100 * answer.gap, 2),
        "proved": answer.proved,
    }


def _vacancies(county: County, solved: Sequence[Solved]) -> Iterator[Row]:
    for item in (item for item in solved if item.county is county):
        for at, (place, new) in enumerate(item.plan.items()):
            old = county.held.get((item.tier.level, place))
            former = county.officials.get(old) if old else None
            if new is not None and former is not None and item.tier.present[at] >= 0:
                continue
            yield {
                "area": place,
                "name": county.full_name(place),
                "post": _POSTS[item.tier.level],
                "former": former.name if former else None,
                "why": reason(item.tier, item.answer, county, at)
                if former or new is None
                else "没有登记包联干部",
                "proposed": county.officials[new].name if new else None,
            }
    for village in county.villages:
        if village not in county.assistants:
            yield {
                "area": village,
                "name": county.full_name(village),
                "post": "民政协理员",
                "former": None,
                "why": "没有在任的民政协理员",
                "proposed": None,
            }


def _way_rows(item: Solved) -> Iterator[Row]:
    for way in item.ways:
        yield {
            "area": item.tier.area,
            "name": item.county.names[item.tier.area],
            "tier": str(item.tier.level),
            "vacant": int((item.answer.holder < 0).sum()),
            "way": way.way,
            "left": way.left,
        }


def _villages(counties: Sequence[County], plan: pd.DataFrame, divisions: pd.DataFrame) -> gpd.GeoDataFrame:
    by_area = plan.set_index("area")
    holder, unit, change = (by_area[name].to_dict() for name in ("new_name", "unit", "change"))
    rows = [
        {
            "code": village,
            "name": county.names[village],
            "township_name": county.names.get(village[: Level.TOWNSHIP], ""),
            "holder": holder.get(village),
            "department": unit.get(village),
            "leader": holder.get(village[: Level.TOWNSHIP]),
            "assistant": county.assistants.get(village),
            "change": change.get(village),
            "children": county.children.get(village, 0),
        }
        for county in counties
        for village in county.villages
    ]
    frame = pd.DataFrame(rows, columns=list(DUTY_VILLAGES.columns))
    points = divisions.set_index("code").geometry.reindex(frame["code"]).to_numpy()
    return DUTY_VILLAGES.cast(gpd.GeoDataFrame(frame, geometry=points, crs=divisions.crs))
