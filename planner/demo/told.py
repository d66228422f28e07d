"""What a ledger writes of a child in words: 困境类型, 困难情形, 临时困境, 安置, 住房, 备注."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from planner.demo.days import DATA_DAY
from planner.demo.families import Head
from planner.demo.health import Health
from planner.demo.lots import Lot, between, day_between, happens, one_of
from planner.demo.plights import Plight
from planner.model.demand import Category, Need
from planner.model.words import CategoryWord, Difficulty, Placement

Words = tuple[CategoryWord, ...]
Difficulties = tuple[Difficulty, ...] | None

_POVERTY: Lot[Difficulties] = Lot.of(
    {
        None: 3.0,
        (Difficulty.LIVING,): 3.0,
        (Difficulty.LIVING, Difficulty.MEDICAL): 2.0,
        (Difficulty.LIVING, Difficulty.SCHOOL): 1.5,
        (Difficulty.SCHOOL,): 0.5,
    }
)
_OWN: Lot[Difficulties] = Lot.of(
    {
        None: 4.0,
        (Difficulty.REHABILITATION,): 2.0,
        (Difficulty.REHABILITATION, Difficulty.CARE): 1.5,
        (Difficulty.CARE, Difficulty.NURSING): 1.0,
        (Difficulty.INCLUSION,): 1.0,
        (): 0.5,
    }
)
_UNGUARDED: Lot[Difficulties] = Lot.of(
    {None: 5.0, (Difficulty.LIVING,): 2.0, (Difficulty.CARE,): 2.0, (Difficulty.SCHOOL,): 1.0}
)
_HOUSING = Lot.of({"自有砖房": 45.0, "自有平房": 20.0, "楼房": 10.0, "租住": 8.0, "危房": 2.0, None: 15.0})
_MISHAPS = (
    "暴雨致房屋受损",
    "火灾致房屋受损",
    "父亲遭遇交通事故",
    "家庭突发变故",
    "家中牲畜大量死亡,生活陷入困境",
)
_ORPHAN_PLACES = Lot.of({Placement.INSTITUTION_ORPHAN: 7.0, Placement.FOSTER: 3.0})
_OTHER_PLACES = Lot.of({Placement.INSTITUTION_TEMPORARY: 9.0, Placement.FOSTER: 1.0})
_KIN_SHARES = {True: 0.92, False: 0.35}  # orphaned, or not
_POOR_WORD_SHARE = 0.15
_FIRST_MISHAP = date(2020, 1, 10)
_REVIEWS_DAYS = (90, 180)
_FROM_UNTOLD_SHARE, _REVIEW_UNTOLD_SHARE = 0.05, 0.08


def category_words(head: Head, plight: Plight, health: Health, chance: np.random.Generator) -> Words:
    """困境类型 as written: a class, or a finer word of it, and what else holds."""
    disabled = (CategoryWord.DISABLED,) if health.certified else ()
    match head.category:
        case Category.GUARDIANSHIP if plight.is_orphaned:
            return (CategoryWord.ORPHAN, *disabled)
        case Category.GUARDIANSHIP:
            word = CategoryWord.UNRAISED if happens(0.5, chance) else CategoryWord.GUARDIANSHIP
            return (word, *disabled)
        case Category.SELF:
            own = disabled and (CategoryWord.SELF,) if happens(0.4, chance) else disabled
            ill = (CategoryWord.ILL,) if health.ill else ()
            poor = plight.poor and happens(_POOR_WORD_SHARE, chance)
            return (*own, *ill, CategoryWord.POOR) if poor else (*own, *ill)
        case Category.FAMILY if plight.poor and not plight.is_family_pair:
            return (CategoryWord.POOR if happens(0.6, chance) else CategoryWord.FAMILY,)
        case Category.FAMILY:
            return (CategoryWord.FAMILY,)
    return (CategoryWord.TEMPORARY,)


def difficulties_of(head: Head, words: Words, chance: np.random.Generator) -> Difficulties:
    """困难情形; None where the ledger says nothing, empty where it says 无."""
    match head.category:
        case Category.FAMILY:
            return _POVERTY.draw(chance)
        case Category.GUARDIANSHIP:
            return _UNGUARDED.draw(chance)
        case Category.SELF:
            own = _OWN.draw(chance)
            return (Difficulty.LIVING, *(own or ())) if CategoryWord.POOR in words else own
    return None


def placement_of(head: Head, plight: Plight, chance: np.random.Generator) -> Placement | None:
    """安置 in an institution or a foster family for the heads that need it, 亲属抚养 for other lone ones."""
    if head.need is Need.PLACEMENT:
        if head.category is not Category.GUARDIANSHIP:
            return Placement.INSTITUTION_TEMPORARY
        return (_ORPHAN_PLACES if plight.is_orphaned else _OTHER_PLACES).draw(chance)
    if head.category is Category.GUARDIANSHIP and happens(_KIN_SHARES[plight.is_orphaned], chance):
        return Placement.KINSHIP
    return None


def temporary_days(head: Head, chance: np.random.Generator) -> tuple[date | None, date | None]:
    """(起始, 复核) of 临时困境, either sometimes missing, the latter sometimes past; of others neither."""
    if head.category is not Category.TEMPORARY:
        return None, None
    latest = DATA_DAY - timedelta(days=10)
    begun = day_between(min(max(_FIRST_MISHAP, head.birth), latest), latest, chance)
    review = begun + timedelta(days=one_of(_REVIEWS_DAYS, chance) + between(-5, 5, chance))
    return (
        None if happens(_FROM_UNTOLD_SHARE, chance) else begun,
        None if happens(_REVIEW_UNTOLD_SHARE, chance) else review,
    )


def housing_words(chance: np.random.Generator) -> str | None:
    """住房."""
    return _HOUSING.draw(chance)


def remark_of(
    head: Head,
    health: Health,
    placement: Placement | None,
    *,
    is_away: bool,
    has_number: bool,
    chance: np.random.Generator,
) -> str | None:
    """备注: whatever an officer must not overlook."""
    said = [
        *(["流出县外,已委托走访"] if is_away else []),
        *(["未上户,落户手续办理中"] if not has_number else []),
        *(["残疾人证正在办理"] if health.kind and not health.certified else []),
        *(["现在儿童福利机构生活"] if placement in _IN_INSTITUTION else []),
        *([one_of(_MISHAPS, chance)] if head.category is Category.TEMPORARY else []),
    ]
    return ";".join(said) or None


_IN_INSTITUTION = (Placement.INSTITUTION_ORPHAN, Placement.INSTITUTION_TEMPORARY)
