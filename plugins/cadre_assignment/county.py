"""A county as the plugin sees it: its places with their loads, its cadres in office, who holds what today."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from planner.errors import InputError, Problem
from planner.model.divisions import Level
from planner.model.rosters import CadreLevel

from .params import Params

_PARTS = re.compile(r"[;;\n]+")
_PAIR = re.compile(r"\s*([^::]+?)\s*[::]\s*(\d{12})\s*")
_CODES = re.compile(r"[、,,;;\s]+")


@dataclass(frozen=True)
class Official:
    """A cadre; `point_m` (EPSG:4544) is where they work, None where that is not known."""

    id: str
    name: str
    level: CadreLevel
    department: str | None
    township: str | None
    home_village: str | None
    until: date | None
    in_office: bool
    point_m: tuple[float, float] | None


@dataclass(frozen=True, eq=False)
class County:
    """Places by code: `names`, `children` (heads), `load`, `points_m`. `held` has the present primary duty of a place
    by level and place, as the id of its cadre; `avoided` the pairs (id of the cadre, village) with the reason."""

    code: str
    name: str
    townships: tuple[str, ...]
    villages: tuple[str, ...]
    groups: tuple[str, ...]
    names: Mapping[str, str]
    group_words: Mapping[str, str]
    children: Mapping[str, int]
    load: Mapping[str, int]
    points_m: Mapping[str, tuple[float, float]]
    officials: Mapping[str, Official]
    held: Mapping[tuple[CadreLevel, str], str]
    assistants: Mapping[str, str]
    avoided: Mapping[tuple[str, str], str]

    def places(self, level: CadreLevel) -> tuple[str, ...]:
        """The places that cadres of a level answer for."""
        return {
            CadreLevel.COUNTY: self.townships,
            CadreLevel.DEPARTMENT: self.villages,
            CadreLevel.TOWNSHIP: self.groups,
        }[level]

    def in_office(self, level: CadreLevel, township: str | None = None) -> list[Official]:
        """The cadres of a level (and township) in office on the day, by id."""
        found = [item for item in self.officials.values() if item.in_office and item.level is level]
        return sorted((item for item in found if township in (None, item.township)), key=lambda item: item.id)

    def full_name(self, place: str) -> str:
        """The names from the township down."""
        steps = dict.fromkeys((place[: Level.TOWNSHIP], place[: Level.VILLAGE], place))
        return "".join(self.names.get(step, "") for step in steps)


def read_counties(
    divisions: pd.DataFrame,
    cadres: pd.DataFrame,
    duties: pd.DataFrame,
    assistants: pd.DataFrame,
    graded: pd.DataFrame,
    params: Params,
    as_of: date,
) -> list[County]:
    """The counties of the divisions, by code. Raises InputError for a list of avoidances that cannot be read."""
    found = divisions[divisions["level"] == Level.COUNTY].sort_values("code")
    avoided = _avoidances(params.avoid)
    counties = [
        _county(
            code,
            name,
            divisions[divisions["code"].str.startswith(code)].sort_values("code"),
            cadres[cadres["county"] == code],
            duties[duties["area"].str.startswith(code)],
            assistants[assistants["village"].str.startswith(code)],
            graded[graded["village"].str.startswith(code)],
            (params, avoided, as_of),
        )
        for code, name in zip(found["code"], found["name"], strict=True)
    ]
    named = {item.name for county in counties for item in county.officials.values()}
    villages = {village for county in counties for village in county.villages}
    problems = [Problem(f"没有干部“{name}”") for name, _ in avoided if name not in named]
    problems += [Problem(f"没有村“{village}”") for _, village in avoided if village not in villages]
    if problems and counties:
        raise InputError("回避名单中有不认识的名字", "核对姓名和12位村代码", problems)
    return counties


def locked_places(params: Params) -> frozenset[str]:
    """The places whose holder must not be changed."""
    return frozenset(filter(None, _CODES.split(params.locked or "")))


def _avoidances(told: str | None) -> list[tuple[str, str]]:
    parts = [part for part in _PARTS.split(told or "") if part.strip()]
    pairs = [_PAIR.fullmatch(part) for part in parts]
    if bad := [part.strip() for part, pair in zip(parts, pairs, strict=True) if pair is None]:
        raise InputError(
            "回避名单看不懂", "每行写“姓名:村代码”,村代码为12位", [Problem(part[:40]) for part in bad[:20]]
        )
    return [(pair[1], pair[2]) for pair in pairs if pair is not None]


def _county(
    code: str,
    name: str,
    divisions: pd.DataFrame,
    cadres: pd.DataFrame,
    duties: pd.DataFrame,
    assistants: pd.DataFrame,
    graded: pd.DataFrame,
    given: tuple[Params, Sequence[tuple[str, str]], date],
) -> County:
    params, avoided, as_of = given
    at = {level: tuple(divisions.loc[divisions["level"] == level, "code"]) for level in Level}
    grouped = duties[duties["group"].notna()]
    words: dict[str, str] = dict(zip(grouped["area"], grouped["group"], strict=True))
    of_groups = {area for area in graded["area"] if len(area) > Level.VILLAGE}
    known = set(at[Level.VILLAGE])
    groups = sorted(
        place for place in {*at[Level.GROUP], *words, *of_groups} if place[: Level.VILLAGE] in known
    )
    for place in groups:
        words.setdefault(place, place.partition(":")[2] or f"{place.partition('-')[2]}组")
    names = {**words, **dict(zip(divisions["code"], divisions["name"], strict=True))}
    heads = graded["children"].to_numpy()
    weights = graded["grade"].map(params.grade_weights).to_numpy()
    children: dict[str, int] = {}
    load = dict.fromkeys((*at[Level.VILLAGE], *groups), params.base_load)
    for area, village, count, weight in zip(graded["area"], graded["village"], heads, weights, strict=True):
        for place in {area, village} & set(load):
            children[place] = children.get(place, 0) + int(count)
            load[place] += int(count * weight)
    for township in at[Level.TOWNSHIP]:
        own = [village for village in at[Level.VILLAGE] if village.startswith(township)]
        children[township] = sum(children.get(village, 0) for village in own)
        load[township] = sum(load[village] for village in own)
    officials = {item.id: item for item in _officials(cadres, as_of)}
    homes = {
        (item.id, item.home_village): "老家在本村"
        for item in officials.values()
        if params.avoid_home and item.home_village is not None
    }
    kin = {
        (item.id, village): "在回避名单上"
        for who, village in avoided
        for item in officials.values()
        if item.name == who
    }
    located = divisions[divisions["level"] == Level.VILLAGE]
    points = {
        place: (point.x, point.y)
        for place, point in zip(located["code"], located.geometry, strict=True)
        if point is not None and not point.is_empty
    }
    return County(
        code=code,
        name=name,
        townships=at[Level.TOWNSHIP],
        villages=at[Level.VILLAGE],
        groups=tuple(groups),
        names=names,
        group_words=words,
        children=children,
        load=load,
        points_m={**points, **{place: points[place[:12]] for place in groups if place[:12] in points}},
        officials=officials,
        held=_held(duties),
        assistants={str(code): "、".join(own["name"]) for code, own in assistants.groupby("village")},
        avoided={**homes, **kin},
    )


def _held(duties: pd.DataFrame) -> dict[tuple[CadreLevel, str], str]:
    held: dict[tuple[CadreLevel, str], str] = {}
    ordered = duties.sort_values(["area", "cadre"], kind="stable")
    for level, area, cadre in ordered.loc[ordered["primary"], ["level", "area", "cadre"]].itertuples(
        index=False
    ):
        held.setdefault((CadreLevel(level), area), cadre)
    return held


def _officials(cadres: pd.DataFrame, as_of: date) -> Iterator[Official]:
    def text(value: Any) -> str | None:
        return None if pd.isna(value) else str(value)

    row: Any  # pandas knows no types of its rows
    for row, point in zip(cadres.itertuples(), cadres.geometry, strict=True):
        since = None if pd.isna(row.since) else row.since.date()
        until = None if pd.isna(row.until) else row.until.date()
        yield Official(
            id=row.id,
            name=row.name,
            level=CadreLevel(row.level),
            department=text(row.department),
            township=text(row.township),
            home_village=text(row.home_village),
            until=until,
            in_office=(since is None or since <= as_of) and (until is None or as_of <= until),
            point_m=None if point is None or point.is_empty else (point.x, point.y),
        )
