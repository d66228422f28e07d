"""走访: risk grade and due days. The document gives no number; the table is dated configuration (四(一))."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from planner.errors import InputError
from planner.model.demand import Category
from planner.model.visits import Visit, VisitKind
from planner.policy.classification import Classification
from planner.policy.rules import RuleSet
from planner.policy.words import Grade

VISIT_CLAUSE = "四(一)"


def risk_grade(classification: Classification, *, open_event: bool) -> Grade:
    """The default grade: 二(三)e or an open protection event 高, other 监护困境 中, else 低."""
    if classification.opens_event or open_event:
        return Grade.HIGH
    return Grade.MIDDLE if Category.GUARDIANSHIP in classification.categories else Grade.LOW


def visit_due(grade: Grade, entered: date, last_seen: date | None, rules: RuleSet) -> date:
    """应访日: so many days after the child was last seen, or after entering the ledger when never seen.

    A visit at which the child was absent does not count; pass the last visit at which it was seen.
    """
    visits = rules.visits.value
    if last_seen is None:
        return entered + timedelta(days=visits.first)
    return last_seen + timedelta(days=visits.every[grade])


def retry_by(absent_on: date, rules: RuleSet) -> date:
    """The day by which a child found absent is to be visited again."""
    return absent_on + timedelta(days=rules.visits.value.retry)


@dataclass(frozen=True)
class Due:
    """When a child is to be visited next.

    `attempts` are the visits since the child was last seen at which it was not met; after one the visit is to be
    tried again by `retry_by`, while `day` stays. `overdue_days` counts from the day after `day`.
    """

    kind: VisitKind
    day: date
    every_days: int
    overdue_days: int = 0
    attempts: int = 0
    retry_by: date | None = None
    last_seen: date | None = None


def due_visits(
    steps: Sequence[tuple[date, Grade]],
    visits: Iterable[Visit],
    rules: RuleSet,
    *,
    as_of: date,
    away: bool = False,
    further: Iterable[VisitKind] = (),
) -> list[Due]:
    """What is due for one child as of a day: 定期走访 (委托走访 for one `away` from the county), then `further` kinds.

    `steps` tell since when the child has had which grade, oldest first; the first is its coming on the ledger.
    A raised grade shortens the time since the last visit, but asks for nothing before the day it was raised.
    Raises InputError for a visit after `as_of`, ValueError without a grade.
    """
    if not steps:
        raise ValueError("a child has a grade from its first day on")
    days = rules.visits.value
    entered, (since, grade) = steps[0][0], steps[-1]
    made = sorted(visits, key=lambda visit: visit.day)
    if made and made[-1].day > as_of:
        raise InputError(
            f"走访日期{made[-1].day.isoformat()}晚于{as_of.isoformat()}", "走访后再登记,或核对日期"
        )
    last_seen = max((visit.day for visit in made if visit.seen), default=None)
    missed = [visit.day for visit in made if not visit.seen and (last_seen is None or visit.day > last_seen)]
    day = visit_due(grade, entered, last_seen, rules)
    if last_seen is not None and len(steps) > 1 and day < since:
        day = max(day, min(since, visit_due(steps[-2][1], entered, last_seen, rules)))
    regular = Due(
        kind=VisitKind.ENTRUSTED if away else VisitKind.REGULAR,
        day=day,
        every_days=days.every[grade],
        overdue_days=max(0, (as_of - day).days),
        attempts=len(missed),
        retry_by=retry_by(missed[-1], rules) if missed else None,
        last_seen=last_seen,
    )
    if away:
        return [regular]
    return [
        regular,
        *(_further(kind, entered, days.kinds[kind], as_of) for kind in further if kind in days.kinds),
    ]


def due_days(first: date, every_days: int, *, begin: date, end: date) -> list[date]:
    """The due days of a child from `begin` to `end`: what is overdue is due at once, and the next counts from there."""
    days = []
    day = max(first, begin)
    while day <= end:
        days.append(day)
        day += timedelta(days=every_days)
    return days


def _further(kind: VisitKind, entered: date, every_days: int, as_of: date) -> Due:
    """The next of a steady row of days since the child came: no record tells which of them were kept."""
    passed = max(0, (as_of - entered).days) // every_days
    return Due(kind=kind, day=entered + timedelta(days=(passed + 1) * every_days), every_days=every_days)
