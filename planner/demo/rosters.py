"""Who answers for the villages of a county: 民政协理员, cadres of three levels, and their 包联 duties.

Some villages have no 协理员 and some areas no cadre, so that the demo has gaps and vacancies to find.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import cycle
from math import ceil

import geopandas as gpd
import numpy as np
import shapely

from planner.demo.ground import Ground, Village
from planner.demo.lots import Lot, day_between, happens, one_of
from planner.demo.names import HAN, HUI, new_name
from planner.demo.people import OFFICER_ORDERS, OFFICER_PHONES, new_id_number, phone_numbers, sex_of_chance
from planner.demo.rng import Theme, stream
from planner.model.cadres import Cadre
from planner.model.layers import METRIC_CRS, STORE_CRS
from planner.model.rosters import Assistant, CadreLevel, Duty
from planner.model.words import Sex

_ASSISTED_SHARE = 0.93
_SHARED_SHARE = 0.05
_WOMEN_ASSISTANTS, _WOMEN_CADRES = 0.58, 0.3
_HUI_SHARE = 0.35
_SINCE = (date(2017, 11, 9), date(2020, 5, 31))
_MONTH_ONLY_SHARE = 0.06
_EDUCATION = Lot.of({"初中": 22.0, "高中": 34.0, "中专": 14.0, "大专": 24.0, "本科": 6.0})
_POLITICS = Lot.of({"中共党员": 48.0, "群众": 44.0, "共青团员": 8.0})
_DEPARTMENTS = (
    "民政局 教育局 公安局 司法局 财政局 人社局 自然资源局 住建局 交通局 水务局 农业农村局 文旅局 卫健局 审计局 统计局 "
    "扶贫办 医保局 残联 团委 妇联 总工会 工商联 法院 检察院 气象局 融媒体中心 档案馆 供销社"
)
_COUNTY_TITLES = (
    "县委副书记 副县长 人大常委会副主任 政协副主席 县委常委 宣传部部长 统战部部长 组织部部长 政法委书记"
)
_DEPARTMENT_TITLES = Lot.of({"局长": 8.0, "副局长": 22.0, "股长": 25.0, "科员": 45.0})
_TOWNSHIP_TITLES = Lot.of({"班子成员": 12.0, "武装部部长": 6.0, "民政干事": 12.0, "干事": 70.0})
_TOWNSHIPS_A_LEADER, _VILLAGES_A_CADRE, _GROUPS_A_CADRE = 1.15, 1.6, 6.0
_IDLE_SHARE = 0.06
_RING_M = 800.0
_VACANT_SHARES = {CadreLevel.COUNTY: 0.03, CadreLevel.DEPARTMENT: 0.02, CadreLevel.TOWNSHIP: 0.01}
_LOCAL_SHARES = {CadreLevel.COUNTY: 0.4, CadreLevel.DEPARTMENT: 0.6, CadreLevel.TOWNSHIP: 0.8}
_OWN_TOWNSHIP_SHARE = 0.45


@dataclass(frozen=True)
class Rostered:
    """The rosters of a county; a duty names its cadre by a name that no other of the county has."""

    assistants: tuple[Assistant, ...]
    cadres: tuple[Cadre, ...]
    duties: tuple[Duty, ...]

    @property
    def assistant_of(self) -> Mapping[str, str]:
        """The name of the 协理员 by village."""
        return {item.village: item.name for item in self.assistants}

    def cadre_of(self, level: CadreLevel) -> Mapping[str, str]:
        """The name of the cadre of a level by area."""
        return {duty.area: duty.cadre for duty in self.duties if duty.level is level}


@dataclass(frozen=True)
class _Register:
    """What has been given to somebody already, in one county."""

    ground: Ground
    names: set[str]
    numbers: set[str]
    phones: Iterator[str]
    chance: np.random.Generator


def make_rosters(ground: Ground, *, seed: int) -> Rostered:
    """The rosters of a county: 协理员 by village; cadres and duties by level, then by area.

    Departments work in the county town, 乡镇干部 in the middle of their township.
    """
    chance = stream(seed, Theme.ROSTERS, ground.code)
    register = _Register(ground, set(), set(), phone_numbers(OFFICER_PHONES, chance), chance)
    assistants = _assistants(register)
    leaders = _county_cadres(register)
    officials = _department_cadres(register)
    duties = [
        *_assign(leaders, [(code, None) for code in ground.townships], _TOWNSHIPS_A_LEADER, register),
        *_assign(officials, [(item.code, None) for item in ground.villages], _VILLAGES_A_CADRE, register),
    ]
    cadres = [*leaders, *officials]
    for township in ground.townships:
        groups = [area for item in ground.villages if item.township == township for area in _groups(item)]
        own = _township_cadres(township, len(groups), register)
        cadres += own
        duties += _assign(own, groups, _GROUPS_A_CADRE, register)
    return Rostered(tuple(assistants), _at_work(cadres, ground), tuple(duties))


def _at_work(cadres: Sequence[Cadre], ground: Ground) -> tuple[Cadre, ...]:
    """The cadres with the place where they work; a department lies on a ring round the middle of the first township."""
    if not ground.villages or not cadres:
        return tuple(cadres)
    of = np.array([item.township for item in ground.villages])
    middles = {code: ground.points_m[of == code].mean(axis=0) for code in sorted(set(of))}
    town = middles[of[0]]
    turns = {unit: 2 * np.pi * at / 28 for at, unit in enumerate(_DEPARTMENTS.split())}
    points = [
        town + _RING_M * np.array([np.cos(turns[unit]), np.sin(turns[unit])])
        if (unit := cadre.department) is not None
        else middles.get(cadre.township or of[0], town)
        for cadre in cadres
    ]
    places = gpd.GeoSeries(shapely.points(np.array(points)), crs=METRIC_CRS).to_crs(STORE_CRS)
    return tuple(
        replace(cadre, lon=round(lon, 6), lat=round(lat, 6))
        for cadre, lon, lat in zip(cadres, places.x, places.y, strict=True)
    )


def _assistants(register: _Register) -> list[Assistant]:
    chance = register.chance
    found: list[Assistant] = []
    for village in register.ground.villages:
        if not happens(_ASSISTED_SHARE, chance):
            continue
        before = found[-1] if found else None
        if before and before.township == village.township and happens(_SHARED_SHARE, chance):
            found.append(replace(before, village=village.code))
        else:
            found.append(_assistant(village, register))
    return found


def _assistant(village: Village, register: _Register) -> Assistant:
    chance = register.chance
    sex = sex_of_chance(chance, men=1 - _WOMEN_ASSISTANTS)
    born = day_between(date(1958, 1, 1), date(1995, 12, 31), chance)
    number = new_id_number(
        register.ground.code, born, sex, chance, orders=OFFICER_ORDERS, taken=register.numbers
    )
    since = day_between(*_SINCE, chance)
    month_only = happens(_MONTH_ONLY_SHARE, chance)
    return Assistant(
        name=_name(sex, born, register),
        village=village.code,
        sex=sex,
        id_number=number,
        education=_EDUCATION.draw(chance),
        politics=_POLITICS.draw(chance),
        phones=(next(register.phones),),
        since=None if month_only else since,
        since_month=f"{since:%Y-%m}" if month_only else None,
        part_time=happens(0.7, chance),
    )


def _county_cadres(register: _Register) -> list[Cadre]:
    count = ceil(len(register.ground.townships) / _TOWNSHIPS_A_LEADER)
    seat = register.ground.name[-1]
    titles = cycle(_COUNTY_TITLES.replace("县", seat).split())
    return [_cadre(CadreLevel.COUNTY, register, title=next(titles)) for _ in range(count)]


def _department_cadres(register: _Register) -> list[Cadre]:
    count = _with_idle(len(register.ground.villages) / _VILLAGES_A_CADRE)
    departments = cycle(register.chance.permutation(_DEPARTMENTS.split()).tolist())
    return [
        _cadre(
            CadreLevel.DEPARTMENT,
            register,
            title=_DEPARTMENT_TITLES.draw(register.chance),
            department=next(departments),
        )
        for _ in range(count)
    ]


def _township_cadres(township: str, groups: int, register: _Register) -> list[Cadre]:
    return [
        _cadre(
            CadreLevel.TOWNSHIP,
            register,
            title=_TOWNSHIP_TITLES.draw(register.chance),
            township=township,
        )
        for _ in range(_with_idle(groups / _GROUPS_A_CADRE))
    ]


def _with_idle(needed: float) -> int:
    """So many cadres, and a few more without a duty."""
    return ceil(needed) + round(needed * _IDLE_SHARE)


def _cadre(
    level: CadreLevel,
    register: _Register,
    *,
    title: str,
    department: str | None = None,
    township: str | None = None,
) -> Cadre:
    chance = register.chance
    sex = sex_of_chance(chance, men=1 - _WOMEN_CADRES)
    born = day_between(date(1963, 1, 1), date(1994, 12, 31), chance)
    return Cadre(
        name=_name(sex, born, register),
        level=level,
        county=register.ground.code,
        sex=sex,
        department=department,
        township=township,
        title=title,
        phones=(next(register.phones),),
        home_village=_home_village(level, township, register),
    )


def _home_village(level: CadreLevel, township: str | None, register: _Register) -> str | None:
    chance, villages = register.chance, register.ground.villages
    if not villages or not happens(_LOCAL_SHARES[level], chance):
        return None
    own = [item for item in villages if item.township == township]
    return one_of(own if own and happens(_OWN_TOWNSHIP_SHARE, chance) else villages, chance).code


def _groups(village: Village) -> list[tuple[str, str | None]]:
    """(code, words) of every 组 of a village."""
    return [(f"{village.code}-{number}", f"{number}组") for number in range(1, village.groups + 1)]


def _assign(
    cadres: Sequence[Cadre],
    areas: Sequence[tuple[str, str | None]],
    areas_a_cadre: float,
    register: _Register,
) -> Iterable[Duty]:
    """A duty for each (area, words of the 组) but the vacant ones; neighbours in the list share a cadre."""
    chance = register.chance
    for position, (area, group) in enumerate(areas):
        cadre = cadres[int(position / areas_a_cadre)]
        if happens(_VACANT_SHARES[cadre.level], chance):
            continue
        yield Duty(
            cadre=cadre.name,
            level=cadre.level,
            area=area,
            group=group,
            department=cadre.department,
            title=cadre.title,
            phones=cadre.phones,
            since=day_between(*_SINCE, chance),
        )


def _name(sex: Sex, born: date, register: _Register) -> str:
    ethnicity = HUI if happens(_HUI_SHARE, register.chance) else HAN
    name = new_name(sex, ethnicity, born, register.chance, taken=register.names)
    register.names.add(name)
    return name
