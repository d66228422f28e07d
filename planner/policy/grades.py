"""风险等级 of a file: the one that a person set, else the default of the rules."""

from __future__ import annotations

from datetime import date

from planner.model.children import ChildRecord
from planner.model.words import Grade
from planner.policy.classification import Classification, classify
from planner.policy.from_record import facts
from planner.policy.rules import RuleSet
from planner.policy.visits import risk_grade


def grade_of(record: ChildRecord, day: date, *, open_event: bool, rules: RuleSet) -> Grade:
    """The grade on `day`. An open protection event makes it 高 whatever was set before."""
    return grade_in(record, classify(facts(record, day, rules=rules), rules), open_event=open_event)


def grade_in(record: ChildRecord, classification: Classification, *, open_event: bool) -> Grade:
    """As `grade_of` for a record that is classified already."""
    if record.grade is not None and not open_event:
        return record.grade
    return risk_grade(classification, open_event=open_event)
