"""The families of a county with all that their children share: name, people, trouble, guardian, home."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from planner.demo.abodes import Abode, abode_of
from planner.demo.families import Family
from planner.demo.ground import Ground, place_homes
from planner.demo.guardians import Guardian, guardian_of
from planner.demo.lots import Lot, happens
from planner.demo.names import HAN, HUI, surname
from planner.demo.people import FAMILY_PHONES, phone_numbers
from planner.demo.plights import Plight, plight_of
from planner.model.demand import Need

# The share of 回族 families by county, in round numbers; villages lie on both sides of it.
_HUI_SHARES = {
    "640104": 0.25,
    "640105": 0.2,
    "640106": 0.3,
    "640121": 0.2,
    "640122": 0.22,
    "640181": 0.5,
    "640221": 0.35,
    "640302": 0.55,
    "640303": 0.6,
    "640324": 0.85,
    "640381": 0.2,
    "640402": 0.47,
    "640422": 0.58,
    "640424": 0.8,
    "640425": 0.3,
    "640522": 0.7,
}
_ELSEWHERE_SHARE = 0.08
_ALIKE = 1.6  # the smaller, the more a village is of one people
_OTHERS = Lot.of({"满族": 5.0, "蒙古族": 3.0, "东乡族": 3.0, "藏族": 1.0, "土族": 1.0})
_OTHERS_SHARE = 0.008
_LOCATED_SHARE = 0.98


@dataclass(frozen=True)
class Household:
    """A family of children at one address. `point` is its lon/lat, None where it is not known."""

    children: Family
    surname: str
    ethnicity: str
    plight: Plight
    abode: Abode
    guardian: Guardian
    point: tuple[float, float] | None


def households_of(
    ground: Ground, families: Sequence[Family], *, numbers: set[str], chance: np.random.Generator
) -> list[Household]:
    """A household for each family; `numbers` gets the ID numbers of the guardians."""
    hui = _hui_shares(ground, chance)
    phones = phone_numbers(FAMILY_PHONES, chance)
    abodes = [abode_of(ground, family[0].village, chance, stays=_stays(family)) for family in families]
    rows = np.array([family[0].village for family in families], dtype=np.int64)
    groups = np.array([abode.group for abode in abodes], dtype=np.int64)
    points = place_homes(ground, rows, groups, chance)
    households = []
    for family, abode, point in zip(families, abodes, points, strict=True):
        ethnicity = _ethnicity(hui[family[0].village], chance)
        plight = plight_of({head.category for head in family}, chance)
        name = surname(ethnicity, chance)
        guardian = guardian_of(
            plight,
            family=name,
            ethnicity=ethnicity,
            eldest=family[0].birth,
            county=ground.code,
            phones=phones,
            taken=numbers,
            chance=chance,
        )
        known = happens(_LOCATED_SHARE, chance) and not abode.is_away
        households.append(
            Household(family, name, ethnicity, plight, abode, guardian, point if known else None)
        )
    return households


def _stays(family: Family) -> bool:
    """Whether somebody of the county sees a child of the family at home or in an institution for its need."""
    return any(head.need in (Need.PLACEMENT, Need.HOME_TEACHING) for head in family)


def _hui_shares(ground: Ground, chance: np.random.Generator) -> list[float]:
    """The share of 回族 families in each village."""
    share = _HUI_SHARES.get(ground.code, _ELSEWHERE_SHARE)
    drawn: list[float] = chance.beta(_ALIKE * share, _ALIKE * (1 - share), len(ground.villages)).tolist()
    return drawn


def _ethnicity(hui: float, chance: np.random.Generator) -> str:
    if happens(_OTHERS_SHARE, chance):
        return _OTHERS.draw(chance)
    return HUI if happens(hui, chance) else HAN
