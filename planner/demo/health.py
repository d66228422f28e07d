"""Disability, illness and what is needed for them, so that a child's category and need come out as counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from planner.demo.days import DATA_DAY
from planner.demo.families import Head
from planner.demo.lots import Lot, day_between, happens, one_of
from planner.model.demand import Category, Need
from planner.model.words import DisabilityKind
from planner.policy.ages import years_later

_KINDS = Lot.of(
    {
        DisabilityKind.INTELLECT: 31.0,
        DisabilityKind.LIMBS: 30.0,
        DisabilityKind.MULTIPLE: 11.0,
        DisabilityKind.HEARING: 10.0,
        DisabilityKind.SIGHT: 7.0,
        DisabilityKind.MIND: 6.0,
        DisabilityKind.SPEECH: 5.0,
    }
)
_GRADES = Lot.of({1: 24.0, 2: 31.0, 3: 25.0, 4: 20.0})
_HOME_TAUGHT_KINDS = (DisabilityKind.INTELLECT, DisabilityKind.LIMBS, DisabilityKind.MULTIPLE)
_HOME_TAUGHT_GRADES = Lot.of({1: 70.0, 2: 30.0})
_ILLNESSES = (
    "先天性心脏病",
    "急性白血病",
    "再生障碍性贫血",
    "慢性肾病",
    "癫痫",
    "血友病",
    "脑肿瘤术后",
    "地中海贫血",
)
_SOUND = Lot.of({"健康": 55.0, "良好": 25.0, "一般": 10.0, None: 10.0})
# Of children without a need of their own for it: who has a certificate, who is ill, who still waits for one.
_SELF_CERTIFIED_SHARE = 0.68
_SELF_BOTH_SHARE = 0.05
_GUARDIANSHIP_CERTIFIED_SHARE, _WAITING_SHARE = 0.03, 0.012
_GUARDIANSHIP_REHABILITATED_CERTIFIED_SHARE = 0.7
_REISSUED_SHARE = 0.04
_GIVEN_SHARE = 0.55


@dataclass(frozen=True)
class Health:
    """What a file says of a child's body and mind.

    Without `certified` a child with `kind` and `grade` waits for its 残疾证. `ill` is 重大疾病.
    """

    kind: DisabilityKind | None = None
    grade: int | None = None
    certified: bool = False
    reissued: int | None = None
    ill: bool = False
    rehab_need: bool | None = None
    device_need: bool | None = None
    device_given: bool | None = None
    device_given_on: date | None = None
    words: str | None = None


def health_of(head: Head, chance: np.random.Generator) -> Health:
    """A state of health under which the head has its category and its need, and no other of either."""
    disabled, certified, ill = _what_ails(head, chance)
    words = one_of(_ILLNESSES, chance) if ill else _SOUND.draw(chance)
    if not disabled:
        return Health(ill=ill, words=words)
    if head.need is Need.HOME_TEACHING:
        kind, grade = one_of(_HOME_TAUGHT_KINDS, chance), _HOME_TAUGHT_GRADES.draw(chance)
    else:
        kind, grade = _KINDS.draw(chance), _GRADES.draw(chance)
    told = f"{kind}残疾" + (f",{words}" if ill else "")
    reissued = 1 if certified and happens(_REISSUED_SHARE, chance) else None
    rehab, device, given, given_on = _aids(head, chance)
    return Health(kind, grade, certified, reissued, ill, rehab, device, given, given_on, told)


def _what_ails(head: Head, chance: np.random.Generator) -> tuple[bool, bool, bool]:
    """(disabled, with certificate, ill)."""
    in_need = head.need in (Need.REHABILITATION, Need.HOME_TEACHING)
    match head.category:
        case Category.SELF:
            certified = in_need or happens(_SELF_CERTIFIED_SHARE, chance)
            ill = not certified or happens(_SELF_BOTH_SHARE, chance)
            return certified or happens(_WAITING_SHARE, chance), certified, ill
        case Category.GUARDIANSHIP:
            if in_need:
                share = _GUARDIANSHIP_REHABILITATED_CERTIFIED_SHARE
                certified = head.need is Need.HOME_TEACHING or happens(share, chance)
                return True, certified, False
            certified = happens(_GUARDIANSHIP_CERTIFIED_SHARE, chance)
            return certified or happens(_WAITING_SHARE, chance), certified, False
        case Category.FAMILY:  # a certificate would make it 自身困境
            return in_need or happens(_WAITING_SHARE, chance), False, False
    return False, False, False


def _aids(head: Head, chance: np.random.Generator) -> tuple[bool | None, bool | None, bool, date | None]:
    """(康复 needed, 辅具 needed, given, since when) of a disabled child."""
    if head.need is not Need.REHABILITATION:
        return False, False if happens(0.7, chance) else None, False, None
    rehab = happens(0.8, chance)
    device = not rehab or happens(0.35, chance)
    if not happens(_GIVEN_SHARE, chance):
        return rehab, device, False, None
    earliest = max(head.birth, years_later(DATA_DAY, -2))
    return rehab, device, True, day_between(earliest, DATA_DAY, chance) if happens(0.8, chance) else None
