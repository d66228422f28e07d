from datetime import date

import pytest

from planner.policy.classification import classify
from planner.policy.facts import Facts, Parent
from planner.policy.rules import load_rules
from planner.policy.visits import retry_by, risk_grade, visit_due
from planner.policy.words import Grade, Harm

RULES = load_rules()


@pytest.mark.parametrize(
    ("facts", "grade"),
    [
        (Facts(), Grade.LOW),
        (Facts(child_ill=True, temporary_event=True), Grade.LOW),
        (Facts(father=Parent.of("prison"), mother=Parent.of("prison")), Grade.MIDDLE),
        (Facts(father=Parent.of("deceased"), mother=Parent.of("deceased")), Grade.MIDDLE),
        (Facts(harm=frozenset({Harm.ABUSE})), Grade.HIGH),
    ],
)
def test_default_grade(facts, grade):
    assert risk_grade(classify(facts, RULES), open_event=False) == grade
    assert risk_grade(classify(facts, RULES), open_event=True) == Grade.HIGH


@pytest.mark.parametrize(
    ("grade", "entered", "last_seen", "due"),
    [
        (Grade.MIDDLE, date(2017, 1, 1), date(2017, 11, 1), date(2017, 12, 1)),
        (Grade.LOW, date(2017, 11, 1), None, date(2017, 11, 8)),
        (Grade.HIGH, date(2017, 1, 1), date(2017, 11, 18), date(2017, 11, 25)),
        (Grade.LOW, date(2017, 1, 1), date(2017, 11, 30), date(2018, 2, 28)),
    ],
)
def test_due_days(grade, entered, last_seen, due):
    assert visit_due(grade, entered, last_seen, RULES) == due


def test_retry_within_three_days():
    assert retry_by(date(2017, 12, 30), RULES) == date(2018, 1, 2)
