"""One file for each child that the demand of a county counts: what the rules make of it is what was counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import numpy as np
import pandas as pd

from planner.demo.aid import aid_of, newest_standards
from planner.demo.days import DATA_DAY
from planner.demo.families import Head, families_of, heads_of
from planner.demo.ground import Ground
from planner.demo.health import Health, health_of
from planner.demo.households import Household, households_of
from planner.demo.lots import happens
from planner.demo.names import new_name
from planner.demo.people import FAMILY_ORDERS, new_id_number
from planner.demo.rng import Theme, stream
from planner.demo.rosters import Rostered
from planner.demo.schooling import schooling_of
from planner.demo.told import (
    category_words,
    difficulties_of,
    housing_words,
    placement_of,
    remark_of,
    temporary_days,
)
from planner.model.children import ChildRecord
from planner.model.divisions import Level, short_name
from planner.model.rosters import CadreLevel
from planner.model.words import DisabilityKind, Grade
from planner.policy.ages import age_on
from planner.policy.grades import grade_of
from planner.policy.rules import RuleSet
from planner.policy.words import Tier

# Of children without 残疾证, whose number holds that of the ID: the youngest most often have none yet.
_UNREGISTERED_SHARE, _UNREGISTERED_INFANT_SHARE = 0.045, 0.12
_INFANT_AGE = 3
_GRADED_SHARE, _RAISED_SHARE = 0.6, 0.03


@dataclass(frozen=True)
class _Setting:
    """What the files of a county are made with."""

    ground: Ground
    assistants: Mapping[str, str]
    officials: Mapping[str, str]
    leaders: Mapping[str, str]
    rules: RuleSet
    standard: Mapping[Tier, Decimal]
    numbers: set[str]
    namesakes: dict[tuple[int, date], set[str]]
    chance: np.random.Generator


def make_children(
    ground: Ground, demand: pd.DataFrame, rostered: Rostered, *, rules: RuleSet, seed: int
) -> list[ChildRecord]:
    """The files of a county by village, as many as `demand` (village, age_band, category, need, children) counts."""
    chance = stream(seed, Theme.CHILDREN, ground.code)
    heads = heads_of(demand, [village.code for village in ground.villages], chance)
    families = families_of(heads, chance)
    numbers: set[str] = set()
    households = households_of(ground, families, numbers=numbers, chance=chance)
    setting = _Setting(
        ground,
        rostered.assistant_of,
        rostered.cadre_of(CadreLevel.DEPARTMENT),
        rostered.cadre_of(CadreLevel.COUNTY),
        rules,
        newest_standards(rules),
        numbers,
        defaultdict(set),
        chance,
    )
    return [record for household in households for record in _records(household, setting)]


def _records(household: Household, setting: _Setting) -> list[ChildRecord]:
    names: set[str] = set()
    records = []
    for head in household.children:
        namesakes = setting.namesakes[head.village, head.birth]
        name = new_name(
            head.sex,
            household.ethnicity,
            head.birth,
            setting.chance,
            family=household.surname,
            taken=names | namesakes,
        )
        names.add(name)
        namesakes.add(name)
        records.append(_graded(_record(name, head, household, setting), setting))
    return records


def _record(name: str, head: Head, household: Household, setting: _Setting) -> ChildRecord:
    chance, ground = setting.chance, setting.ground
    plight, abode, guardian = household.plight, household.abode, household.guardian
    health = health_of(head, chance)
    number = _id_number(head, health, setting)
    placement = placement_of(head, plight, chance)
    words = category_words(head, plight, health, chance)
    aid = aid_of(
        head, plight, health, placement, rules=setting.rules, standard=setting.standard, chance=chance
    )
    village = ground.villages[head.village]
    school = schooling_of(
        head,
        health,
        town=short_name(ground.townships[village.township], Level.TOWNSHIP),
        county=short_name(ground.name, Level.COUNTY),
        chance=chance,
    )
    begun, review = temporary_days(head, chance)
    point = household.point or (None, None)
    remark = remark_of(
        head, health, placement, is_away=abode.is_away, has_number=number is not None, chance=chance
    )
    return ChildRecord(
        name=name,
        sex=head.sex,
        father=plight.father,
        mother=plight.mother,
        categories=words,
        hukou_text=abode.hukou.text,
        residence_text=abode.home.text,
        id_number=number,
        birth=head.birth,
        ethnicity=household.ethnicity,
        hukou=abode.hukou.village,
        hukou_group=abode.hukou.group,
        residence=abode.home.village,
        residence_group=abode.home.group,
        difficulties=difficulties_of(head, words, chance),
        temporary_from=begun,
        temporary_review=review,
        guardian=guardian.name,
        guardian_relation=guardian.relation,
        guardian_id=guardian.id_number,
        phones=guardian.phones,
        placement=placement,
        disability_cert=_certificate(number, health),
        cert_reissued=health.reissued,
        disability_kind=health.kind,
        disability_grade=health.grade,
        school=None if abode.is_away else school.school,
        school_year=school.year,
        stage=school.stage,
        school_status=school.status,
        device_need=health.device_need,
        rehab_need=health.rehab_need,
        device_given=health.device_given,
        device_given_on=health.device_given_on,
        benefits=aid.benefits,
        amount_month=aid.amount,
        low_income=plight.low_income,
        registered_poor=plight.registered_poor,
        health=health.words,
        housing=housing_words(chance),
        remark=remark,
        lon=point[0],
        lat=point[1],
        assistant=setting.assistants.get(village.code),
        village_cadre=setting.officials.get(village.code),
        leader=setting.leaders.get(village.township),
    )


def _graded(record: ChildRecord, setting: _Setting) -> ChildRecord:
    """The record with 风险等级 where the ledger of its township has one: by the rules, sometimes raised a step."""
    if not happens(_GRADED_SHARE, setting.chance):
        return record
    grade = grade_of(record, DATA_DAY, open_event=False, rules=setting.rules)
    if happens(_RAISED_SHARE, setting.chance):
        grade = Grade.MIDDLE if grade is Grade.LOW else Grade.HIGH
    return replace(record, grade=grade)


def _id_number(head: Head, health: Health, setting: _Setting) -> str | None:
    infant = age_on(head.birth, DATA_DAY) < _INFANT_AGE
    share = _UNREGISTERED_INFANT_SHARE if infant else _UNREGISTERED_SHARE
    if not health.certified and happens(share, setting.chance):
        return None
    return new_id_number(
        setting.ground.code,
        head.birth,
        head.sex,
        setting.chance,
        orders=FAMILY_ORDERS,
        taken=setting.numbers,
    )


def _certificate(number: str | None, health: Health) -> str | None:
    """The 20 digits of a 残疾证: the ID number, the kind from 1, the grade."""
    if number is None or not health.certified or health.kind is None:
        return None
    return f"{number}{list(DisabilityKind).index(health.kind) + 1}{health.grade}"
