"""走访: risk grade and due days. The document gives no number; the table is dated configuration (四(一))."""

from __future__ import annotations

from datetime import date, timedelta

from planner.model.demand import Category
from planner.policy.classification import Classification
from planner.policy.rules import RuleSet
from planner.policy.words import Grade


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
