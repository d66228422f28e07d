from dataclasses import replace
from datetime import date

import pytest

from planner.model.children import ChildRecord, ParentStatus
from planner.model.words import CategoryWord, Grade, ParentState, Sex
from planner.policy.grades import grade_of
from planner.policy.rules import load_rules

DEAD, REMARRIED, OK = (ParentStatus((ParentState(word),)) for word in ("deceased", "remarried", "ok"))
UNGUARDED = ChildRecord(
    name="马小花",
    sex=Sex.FEMALE,
    father=DEAD,
    mother=REMARRIED,
    categories=(CategoryWord.GUARDIANSHIP,),
    hukou_text="甲村",
    residence_text="甲村",
)
POOR = replace(UNGUARDED, father=OK, mother=OK, categories=(CategoryWord.POOR,))


@pytest.mark.parametrize(
    ("record", "told", "open_event", "grade"),
    [
        (UNGUARDED, None, False, Grade.MIDDLE),
        (UNGUARDED, Grade.LOW, False, Grade.LOW),
        (UNGUARDED, Grade.HIGH, False, Grade.HIGH),
        (POOR, None, False, Grade.LOW),
        (POOR, Grade.MIDDLE, False, Grade.MIDDLE),
        (UNGUARDED, None, True, Grade.HIGH),
        (POOR, Grade.LOW, True, Grade.HIGH),
    ],
)
def test_a_person_goes_before_the_rules_and_an_open_event_before_both(
    record: ChildRecord, told: Grade | None, grade: Grade, *, open_event: bool
) -> None:
    record = replace(record, grade=told)
    assert grade_of(record, date(2020, 12, 31), open_event=open_event, rules=load_rules("doc2017")) is grade
