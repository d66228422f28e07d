"""Where a family is registered and where it lives: mostly the same place, sometimes another village, or far away.

A family counts at the village where it lives, or of its 户籍 while it lives outside the county.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.demo.ground import Ground, Village
from planner.demo.lots import Lot, between, happens, one_of

_AWAY_SHARE, _MOVED_SHARE, _ARRIVED_SHARE = 0.03, 0.06, 0.01
# Where people of Ningxia go to work, and where people come from to marry.
_AWAY = Lot.of(
    {
        "内蒙古自治区乌海市": 14.0,
        "内蒙古自治区鄂尔多斯市": 14.0,
        "新疆维吾尔自治区": 12.0,
        "陕西省西安市": 10.0,
        "甘肃省兰州市": 8.0,
        "福建省福州市": 8.0,
        "浙江省": 8.0,
        "广东省": 8.0,
        "县外": 18.0,
    }
)
_ORIGINS = Lot.of(
    {"甘肃省环县": 4.0, "甘肃省平凉市": 3.0, "陕西省定边县": 3.0, "内蒙古自治区鄂托克前旗": 2.0}
)


@dataclass(frozen=True)
class Place:
    """户籍 or residence: the code of the village (None outside the county), the 组, the words of a ledger."""

    text: str
    village: str | None = None
    group: str | None = None


@dataclass(frozen=True)
class Abode:
    """`home` is where the family lives, `group` the number of its 组, 0 for none. `is_away`: 流出县外."""

    hukou: Place
    home: Place
    group: int
    is_away: bool


def abode_of(ground: Ground, row: int, chance: np.random.Generator, *, stays: bool) -> Abode:
    """The abode of a family that counts at the village of that row; one that `stays` lives there."""
    village = ground.villages[row]
    group = between(1, village.groups, chance) if village.groups else 0
    here = _place(ground, village, group)
    if not stays and happens(_AWAY_SHARE, chance):
        return Abode(here, Place(_AWAY.draw(chance)), group, is_away=True)
    if happens(_MOVED_SHARE, chance):
        other = one_of(ground.villages, chance)
        number = between(1, other.groups, chance) if other.groups else 0
        return Abode(_place(ground, other, number), here, group, is_away=False)
    if happens(_ARRIVED_SHARE, chance):
        return Abode(Place(_ORIGINS.draw(chance)), here, group, is_away=False)
    return Abode(here, here, group, is_away=False)


def _place(ground: Ground, village: Village, group: int) -> Place:
    words = f"{group}组" if group else None
    text = ground.townships[village.township] + village.name + (words or "")
    return Place(text, village.code, words)
