"""What the rules read out of a record, and what they do not."""

from dataclasses import replace
from datetime import date

import pytest

from planner.model.children import ChildRecord, ParentStatus
from planner.model.demand import Category
from planner.model.words import (
    Basis,
    Benefit,
    CategoryWord,
    Difficulty,
    DisabilityKind,
    ParentState,
    Placement,
    Sex,
    Stage,
)
from planner.policy.classification import certificate_due, classify
from planner.policy.facts import Facts, Parent
from planner.policy.from_record import facts, is_past_ledger, is_severe
from planner.policy.rules import load_rules

RULES = load_rules()
AS_OF = date(2017, 11, 9)
OK = ParentStatus((ParentState.OK,))
PLAIN = ChildRecord(
    name="马小花",
    sex=Sex.FEMALE,
    father=OK,
    mother=OK,
    categories=(CategoryWord.SELF,),
    hukou_text="",
    residence_text="",
    birth=date(2010, 3, 5),
)


def told(**changes):
    return facts(replace(PLAIN, **changes), AS_OF)


def clauses(**changes):
    return classify(told(**changes), RULES).clauses


def test_a_record_that_says_little_gives_facts_that_say_little():
    assert told() == Facts(birth=date(2010, 3, 5))


def test_parents_with_term_and_basis():
    father = ParentStatus((ParentState.PRISON,), 6.0)
    mother = ParentStatus((ParentState.MISSING,), None, Basis.COURT)
    made = told(father=father, mother=mother)
    assert made.father == Parent.of("prison", term_months=6.0)
    assert made.mother == Parent.of("missing", basis=Basis.COURT)
    assert clauses(father=father, mother=mother) == ("二(三)b", "二(三)d")


@pytest.mark.parametrize(
    "changes",
    [
        {"categories": (CategoryWord.POOR,)},
        {"benefits": (Benefit.DIBAO,)},
        {"benefits": (Benefit.TEKUN,)},
        {"low_income": True},
        {"registered_poor": True},
    ],
)
def test_what_says_that_a_family_is_poor(changes):
    assert told(**changes).poor
    assert clauses(difficulties=(Difficulty.MEDICAL,), **changes) == ("二(一)c",)


def test_a_family_class_that_no_parents_explain_is_two_one_c():
    """The paper itself says so; the difficulty that it does not name is taken for 生活."""
    assert told(categories=(CategoryWord.FAMILY,)).difficulty == {Difficulty.LIVING}
    assert clauses(categories=(CategoryWord.FAMILY,)) == ("二(一)c",)
    ill = ParentStatus((ParentState.ILL,))
    assert clauses(categories=(CategoryWord.FAMILY,), father=ill, mother=ill) == ("二(一)b",)
    named = told(categories=(CategoryWord.FAMILY,), difficulties=(Difficulty.SCHOOL,))
    assert named.difficulty == {Difficulty.SCHOOL}


def test_disability_counts_with_the_certificate():
    certified = {
        "disability_cert": "64032420100305021243",
        "disability_kind": DisabilityKind.LIMBS,
        "disability_grade": 3,
    }
    assert clauses(**certified) == ("二(二)a",)
    assert clauses(categories=(CategoryWord.DISABLED,)) == ()
    assert certificate_due(told(categories=(CategoryWord.DISABLED,))) is not None
    assert certificate_due(told(disability_grade=2)) is not None


@pytest.mark.parametrize(
    ("kind", "grade", "severe"),
    [(DisabilityKind.LIMBS, 2, True), (DisabilityKind.LIMBS, 3, False), (DisabilityKind.MIND, 4, True), (None, 1, True), (DisabilityKind.MIND, None, False)],
)  # fmt: skip
def test_severe(kind, grade, severe):
    assert is_severe(replace(PLAIN, disability_kind=kind, disability_grade=grade)) is severe


def test_illness_events_placement_and_needs():
    made = told(
        categories=(CategoryWord.ILL, CategoryWord.TEMPORARY),
        temporary_from=date(2017, 10, 1),
        placement=Placement.KINSHIP,
        stage=Stage.SENIOR,
        rehab_need=True,
        device_need=False,
        device_given=None,
        benefits=(Benefit.TEMP_RELIEF,),
    )
    assert classify(made, RULES).categories == (Category.SELF, Category.TEMPORARY)
    assert (made.temporary_from, made.placement, made.stage) == (
        date(2017, 10, 1),
        Placement.KINSHIP,
        Stage.SENIOR,
    )
    assert (made.rehab_need, made.device_given, made.benefits) == (True, False, {Benefit.TEMP_RELIEF})


@pytest.mark.parametrize(
    ("birth", "month", "past"),
    [
        (date(1999, 11, 9), None, True),
        (date(1999, 11, 10), None, False),
        (None, "1999-10", True),
        (None, "1999-11", False),  # may have been born on the 30th
        (None, None, False),
    ],
)
def test_past_the_ledger(birth, month, past):
    assert is_past_ledger(birth, month, AS_OF, RULES) is past
    assert told(birth=birth, birth_month=month).aged_out is past
