"""控辍保学, 随班就读 and 送教上门, the funding floor, and kindergarten (三(三))."""

from __future__ import annotations

from decimal import Decimal

from planner.policy.facts import Facts
from planner.policy.rules import RuleSet
from planner.policy.words import SchoolStatus, Support


def dropout_alert(age: int, school: SchoolStatus | None, rules: RuleSet) -> bool:
    """Whether a child of compulsory school age has dropped out or was never enrolled: told the same day."""
    youngest, oldest = rules.school_ages.value
    out_of_school = school in (SchoolStatus.DROPPED_OUT, SchoolStatus.NOT_ENROLLED)
    return youngest <= age <= oldest and out_of_school


def kindergarten_due(age: int, school: SchoolStatus | None, rules: RuleSet) -> bool:
    """Whether a child of kindergarten age is recorded as having no place."""
    youngest, oldest = rules.preschool_ages.value
    without_place = school in (SchoolStatus.NO_KINDERGARTEN, SchoolStatus.NOT_ENROLLED)
    return youngest <= age <= oldest and without_place


def teaching_due(facts: Facts) -> Support | None:
    """随班就读, or 送教上门 when severely disabled, for a disabled child who cannot attend a special school.

    None for a child who can, of whom it is not recorded, or who is taught that way already.
    """
    if not facts.child_disabled or facts.can_attend_special is not False:
        return None
    if facts.severe_disabled:
        return None if facts.school == SchoolStatus.HOME_TEACHING else Support.HOME_TEACHING
    return None if facts.school == SchoolStatus.INCLUSIVE else Support.INCLUSIVE_CLASS


def teaching_budget(children: int, rules: RuleSet) -> Decimal:
    """The least 公用经费 of a year, in yuan, for so many children taught in 随班就读 or 送教上门."""
    return children * rules.pupil_funding_floor.value


def funding_short(yuan_per_pupil: Decimal, rules: RuleSet) -> bool:
    """Whether the 生均公用经费 of a year is below the floor."""
    return yuan_per_pupil < rules.pupil_funding_floor.value
