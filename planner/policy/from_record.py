"""The facts that the rules read, out of the record that a ledger gave."""

from __future__ import annotations

from datetime import date

from planner.model.children import ChildRecord, ParentStatus
from planner.model.words import Benefit, CategoryWord, Difficulty
from planner.policy.ages import leaving_day
from planner.policy.classification import classify
from planner.policy.facts import Facts, Parent, severe_disability
from planner.policy.rules import DEFAULT_RULE_SET, RuleSet, load_rules

_POOR_BENEFITS = frozenset({Benefit.DIBAO, Benefit.TEKUN})


def facts(record: ChildRecord, as_of: date, *, rules: RuleSet | None = None) -> Facts:
    """What the record says, as the rules read it on the day `as_of`; what it does not say stays unsaid.

    家庭贫困 is the word itself, 低保, 特困, 低收入 or 建档立卡. Where a ledger writes 家庭困境 or 家庭贫困 and
    no pair of parents explains it (二(一)a, b), the paper itself says 二(一)c: poor, with a difficulty, taken
    for 生活 where it names none. Harm is never in a ledger: it belongs to protection events.
    """
    rules = rules or load_rules(DEFAULT_RULE_SET)
    father, mother = parent(record.father), parent(record.mother)
    words, benefits = set(record.categories), frozenset(record.benefits or ())
    difficulty = frozenset(record.difficulties or ())
    says_poor = CategoryWord.POOR in words
    poor = says_poor or bool(benefits & _POOR_BENEFITS or record.low_income or record.registered_poor)
    if words & {CategoryWord.FAMILY, CategoryWord.POOR} and not _family_by_parents(father, mother, rules):
        poor, difficulty = True, difficulty or frozenset({Difficulty.LIVING})
    return Facts(
        father=father,
        mother=mother,
        aged_out=is_past_ledger(record.birth, record.birth_month, as_of, rules),
        birth=record.birth,
        poor=poor,
        difficulty=difficulty,
        child_disabled=is_disabled(record),
        disability_cert=record.disability_cert is not None,
        severe_disabled=is_severe(record),
        child_ill=CategoryWord.ILL in words,
        temporary_event=CategoryWord.TEMPORARY in words,
        temporary_from=record.temporary_from,
        temporary_review=record.temporary_review,
        placement=record.placement,
        benefits=benefits,
        low_income=bool(record.low_income),
        registered_poor=bool(record.registered_poor),
        stage=record.stage,
        school=record.school_status,
        rehab_need=bool(record.device_need or record.rehab_need),
        device_given=bool(record.device_given),
    )


def parent(status: ParentStatus) -> Parent:
    """A father or mother of a record as the rules read them."""
    return Parent(frozenset(status.states), status.term_months, status.basis)


def is_disabled(record: ChildRecord) -> bool:
    """Whether the record says in any column that the child is disabled."""
    told = record.disability_cert, record.disability_kind, record.disability_grade
    return CategoryWord.DISABLED in record.categories or any(item is not None for item in told)


def is_severe(record: ChildRecord) -> bool:
    """重残 (A-05); false where kind or grade are not said."""
    if record.disability_grade is None:
        return False
    return severe_disability(record.disability_kind or "", record.disability_grade)


def is_past_ledger(birth: date | None, birth_month: str | None, as_of: date, rules: RuleSet) -> bool:
    """Whether a child has certainly left the age of the ledger by `as_of`.

    Of a birth of which only the month is known (2012-03) that is so once the month of the birthday is over.
    """
    end = ledger_end(birth, birth_month, rules)
    return end is not None and as_of >= end


def ledger_end(birth: date | None, birth_month: str | None, rules: RuleSet) -> date | None:
    """The first day on which a child is certainly off the ledger (A-13); None where no birth is known.

    The 18th birthday; of a birth of which only the month is known, the first day after that month.
    """
    if birth is not None:
        return leaving_day(birth, rules)
    if birth_month is None:
        return None
    year, month = (int(part) for part in birth_month.split("-"))
    months = (year + rules.child_until_age.value) * 12 + month
    return date(months // 12, months % 12 + 1, 1)


def _family_by_parents(father: Parent, mother: Parent, rules: RuleSet) -> bool:
    return any(
        reason.category == CategoryWord.FAMILY.category
        for reason in classify(Facts(father=father, mother=mother), rules).reasons
    )
