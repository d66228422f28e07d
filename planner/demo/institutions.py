"""The other five kinds of institution of the demo, county by county; numbers and states are invented."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import numpy as np

from planner.demo.county import County
from planner.demo.places import scatter
from planner.demo.rng import Theme, stream
from planner.demo.sites import MARK, Site, built, day_in, in_town
from planner.model.divisions import Level, ancestor_code
from planner.model.institutions import DatedState, InstitutionKind, InstitutionState

_SERVICES = {
    InstitutionKind.WELFARE: ("长期养育", "临时监护", "康复训练", "家庭寄养"),
    InstitutionKind.SOCIAL_WELFARE: ("临时监护", "临时安置", "集中供养"),
    InstitutionKind.REHABILITATION: ("康复训练", "辅具适配", "家长培训"),
    InstitutionKind.SPECIAL_SCHOOL: ("特殊教育", "送教上门", "随班就读指导"),
    InstitutionKind.CHILDREN_HOME: ("日间活动", "课后托管", "家庭走访"),
}
_COUNTY_WELFARE_CHANCE = 0.35
_SOCIAL_WELFARE_CHANCE = 0.7
_SECOND_REHABILITATION_CHANCE = 0.4
_SCHOOL_CHANCE = 0.55
_HOME_CHANCE = 0.08
_HOME_REACH_M = 150.0


def ordinary_sites(
    county: County, prefectures: Mapping[str, str], *, hosts_prefecture: bool, seed: int
) -> list[Site]:
    """The institutions of a county of every kind but 未成年人保护机构.

    The county that hosts its prefecture has the prefecture's 儿童福利机构, which serves all its counties;
    `prefectures` maps codes to names.
    """
    chance = stream(seed, Theme.INSTITUTIONS, county.code)
    prefecture = ancestor_code(county.code, Level.PREFECTURE)
    sites = []
    if hosts_prefecture:
        sites.append(
            _in_town(
                county,
                InstitutionKind.WELFARE,
                f"{prefectures[prefecture]}儿童福利院",
                chance,
                beds=(120, 261),
                tier="市",
                jurisdiction=(prefecture,),
                states=_since(2015, chance),
            )
        )
    elif chance.random() < _COUNTY_WELFARE_CHANCE:
        sites.append(
            _in_town(county, InstitutionKind.WELFARE, f"{county.name}儿童福利院", chance, beds=(20, 61))
        )
    if chance.random() < _SOCIAL_WELFARE_CHANCE:
        name = f"{county.name}社会福利院"
        sites.append(_in_town(county, InstitutionKind.SOCIAL_WELFARE, name, chance, beds=(60, 201)))
    sites.append(_rehabilitation(county, "", chance))
    if chance.random() < _SECOND_REHABILITATION_CHANCE:
        sites.append(_rehabilitation(county, "第二", chance))
    if hosts_prefecture or chance.random() < _SCHOOL_CHANCE:
        name = f"{county.name}特殊教育学校"
        sites.append(_in_town(county, InstitutionKind.SPECIAL_SCHOOL, name, chance, beds=(40, 121)))
    return sites + _children_homes(county, chance)


def _in_town(
    county: County,
    kind: InstitutionKind,
    name: str,
    chance: np.random.Generator,
    *,
    beds: tuple[int, int],
    tier: str = "县",
    jurisdiction: tuple[str, ...] = (),
    states: tuple[DatedState, ...] | None = None,
) -> Site:
    """An institution in the county town, with `beds` between the first number and below the second."""
    point, address = in_town(county, chance)
    size = int(chance.integers(*beds))
    return Site(
        name=f"{name}{MARK}",
        kind=kind,
        tier=tier,
        county=county.code,
        address=address,
        point_m=point,
        states=states or _history(chance),
        services=_SERVICES[kind],
        jurisdiction=jurisdiction,
        beds=size,
        staff=5 + size // 4,
    )


def _rehabilitation(county: County, ordinal: str, chance: np.random.Generator) -> Site:
    name = f"{county.name}{ordinal}残疾儿童康复中心"
    return _in_town(county, InstitutionKind.REHABILITATION, name, chance, beds=(15, 51))


def _children_homes(county: County, chance: np.random.Generator) -> list[Site]:
    """儿童之家 beside the village offices of some villages."""
    chosen = np.flatnonzero(chance.random(len(county.villages)) < _HOME_CHANCE)
    homes = []
    for row in chosen:
        village = county.villages.iloc[row]
        township = county.townships["name"].iloc[village["township"]]
        x, y = scatter(county.area_m, county.villages_m[row], _HOME_REACH_M, chance)
        homes.append(
            Site(
                name=f"{township}{village['name']}儿童之家{MARK}",
                kind=InstitutionKind.CHILDREN_HOME,
                tier="村",
                county=county.code,
                address=f"{county.name}{township}{village['name']}示例路{chance.integers(1, 200)}号",
                point_m=(float(x), float(y)),
                states=_history(chance),
                services=_SERVICES[InstitutionKind.CHILDREN_HOME],
                staff=int(chance.integers(1, 4)),
            )
        )
    return homes


def _since(year: int, chance: np.random.Generator) -> tuple[DatedState, ...]:
    return (DatedState(InstitutionState.OPERATING, day_in(year, chance)),)


def _history(chance: np.random.Generator) -> tuple[DatedState, ...]:
    """Opened between 2015 and 2021 after some months of building; a few closed since, or never worked."""
    year = int(chance.choice(np.arange(2015, 2022), p=[0.3, 0.15, 0.15, 0.15, 0.1, 0.1, 0.05]))
    opening = day_in(year, chance)
    planned = opening - timedelta(days=int(chance.integers(0, 60)))
    begun = opening - timedelta(days=int(chance.integers(180, 500)))
    fate = chance.random()
    if fate < 0.05:
        return (DatedState(InstitutionState.NOMINAL, opening),)
    states = built(opening, begun=begun, planned=planned)
    if fate < 0.12 and year < 2020:
        return (*states, DatedState(InstitutionState.CLOSED, opening + timedelta(days=450)))
    return states
