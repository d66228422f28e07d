"""走访 up to the day of the demo: mostly by the day they were due, some late, some without meeting the child.

A village without 协理员 has none, and some children are forgotten for a while: both show as overdue.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta

import numpy as np

from planner.demo.days import DATA_DAY
from planner.demo.lots import Lot, between, day_between, happens, one_of
from planner.demo.rng import Theme, stream
from planner.model.children import ChildRecord
from planner.model.visits import Concern, Measure, Visit, VisitFinding, VisitWay
from planner.model.words import Grade
from planner.policy.grades import grade_of
from planner.policy.rules import RuleSet
from planner.policy.visits import retry_by, visit_due

# Records of visits begin here; most children came on the ledger before.
FIRST_DAY = date(2020, 7, 1)
_NEW_SHARE = 0.04
_NEWBORN_DAYS = 20
_ON_TIME_SHARE = 0.87
_UNSEEN_SHARE = 0.06
_FORGOTTEN_SHARE = 0.02
_ODD_SHARE = 0.04
# How many days a visit comes early at most, and how late it mostly is, by grade.
_EARLY_DAYS = {Grade.HIGH: 2, Grade.MIDDLE: 5, Grade.LOW: 10}
_LATE_DAYS = {Grade.HIGH: 3, Grade.MIDDLE: 8, Grade.LOW: 20}
_AWAY_WAYS = Lot.of({VisitWay.ENTRUSTED: 80.0, VisitWay.PHONE: 20.0})
_ALL_WELL = tuple(VisitFinding(concern, normal=True) for concern in Concern)
_NOTES = {
    Concern.LIVING: ("冬季取暖用煤不足", "家中衣被单薄", "近期收入减少"),
    Concern.GUARDIANSHIP: ("监护人年迈,照料吃力", "监护人外出务工,临时托付邻居"),
    Concern.SCHOOLING: ("作业无人辅导", "近期缺课较多"),
    Concern.HEALTH: ("近期感冒未愈", "情绪低落,不愿说话", "需复查"),
    Concern.SAFETY: ("院内水窖没有加盖", "用电线路老化"),
}
_HELPED_SHARE = 0.7
_ABSENT = ("家中无人", "随亲属外出", "在校未归")


def make_visits(
    county: str,
    children: Sequence[ChildRecord],
    assistant_of: Mapping[str, str],
    *,
    at_risk: Collection[str],
    rules: RuleSet,
    seed: int,
) -> list[Visit]:
    """The visits to the children of a county, child by child and in order of time, by the 协理员 of the village.

    `assistant_of` is by village; `at_risk` are the keys of children with an open event.
    """
    chance = stream(seed, Theme.VISITS, county)
    visits: list[Visit] = []
    for record in children:
        name = assistant_of.get(record.village or "")
        if name is None:
            continue
        grade = grade_of(record, DATA_DAY, open_event=record.key in at_risk, rules=rules)
        visits += _visits_to(record, (name,), grade, rules, chance)
    return visits


def _visits_to(
    record: ChildRecord, by: tuple[str, ...], grade: Grade, rules: RuleSet, chance: np.random.Generator
) -> Iterator[Visit]:
    key = record.key
    is_away = record.residence is None
    due = _first_due(record, grade, rules, chance)
    forgotten = day_between(FIRST_DAY, DATA_DAY, chance) if happens(_FORGOTTEN_SHARE, chance) else None
    seen_on: date | None = None
    day = _day_for(due, grade, chance)
    while day <= DATA_DAY and not (forgotten and day > forgotten):
        way = _AWAY_WAYS.draw(chance) if is_away else VisitWay.HOME
        if happens(_UNSEEN_SHARE, chance):
            yield Visit(
                key, day, by, way, seen=False, problems=one_of(_ABSENT, chance), next_day=retry_by(day, rules)
            )
            day += timedelta(days=between(1, (retry_by(day, rules) - day).days, chance))
            continue
        seen_on = day
        due = visit_due(grade, seen_on, seen_on, rules)
        yield _meeting(key, day, by, way, due, chance)
        day = max(_day_for(due, grade, chance), seen_on + timedelta(days=1))


def _first_due(record: ChildRecord, grade: Grade, rules: RuleSet, chance: np.random.Generator) -> date:
    """The day by which the first recorded visit was due: by chance, or some days after the child's coming."""
    born_late = record.birth is not None and record.birth > FIRST_DAY - timedelta(days=_NEWBORN_DAYS)
    began = record.temporary_from
    if record.birth is not None and born_late:
        entered = record.birth + timedelta(days=_NEWBORN_DAYS)
    elif began is not None and began > FIRST_DAY:
        entered = began
    elif happens(_NEW_SHARE, chance):
        entered = day_between(FIRST_DAY, DATA_DAY, chance)
    else:
        seen_before = FIRST_DAY - timedelta(days=between(1, rules.visits.value.every[grade], chance))
        return visit_due(grade, seen_before, seen_before, rules)
    return visit_due(grade, entered, None, rules)


def _day_for(due: date, grade: Grade, chance: np.random.Generator) -> date:
    """When somebody goes who ought to by `due`; never before the records begin."""
    if happens(_ON_TIME_SHARE, chance):
        day = due - timedelta(days=between(0, _EARLY_DAYS[grade], chance))
    else:
        day = due + timedelta(days=1 + int(chance.exponential(_LATE_DAYS[grade])))
    return max(day, FIRST_DAY)


def _meeting(
    key: str, day: date, by: tuple[str, ...], way: VisitWay, due: date, chance: np.random.Generator
) -> Visit:
    """A visit at which the child was met; mostly all is well."""
    if not happens(_ODD_SHARE, chance):
        return Visit(key, day, by, way, seen=True, findings=_ALL_WELL, measure=Measure.NONE, next_day=due)
    odd = one_of(tuple(Concern), chance)
    note = one_of(_NOTES[odd], chance)
    findings = tuple(
        VisitFinding(concern, normal=False, note=note)
        if concern is odd
        else VisitFinding(concern, normal=True)
        for concern in Concern
    )
    measure = Measure.HELP if happens(_HELPED_SHARE, chance) else Measure.NONE
    return Visit(
        key, day, by, way, seen=True, findings=findings, problems=note, measure=measure, next_day=due
    )
