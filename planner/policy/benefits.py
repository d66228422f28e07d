"""Benefits: what must not be taken together, the 大病保险 line, and what a child is owed but does not get."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from planner.policy.ages import age_on, rehab_band
from planner.policy.classification import classify, is_orphan
from planner.policy.education import kindergarten_due, teaching_due
from planner.policy.facts import Facts
from planner.policy.rules import RuleSet
from planner.policy.tier import allowance_tier
from planner.policy.words import Benefit, Support, Tier


@dataclass(frozen=True)
class Entitlement:
    """One entry of an 应享未享 list: what is owed, by which clause, and why."""

    support: Support
    clause: str
    reason: str


def benefit_conflicts(benefits: Iterable[Benefit], rules: RuleSet) -> tuple[Benefit, ...]:
    """The benefits that may not be taken together, empty where at most one of the three is held (三(一)).

    The record stays as found: which one is kept is the family's and the officer's to decide.
    """
    held = set(benefits)
    exclusive = tuple(item for item in rules.exclusive_benefits.value if item in held)
    return exclusive if len(exclusive) > 1 else ()


def benefit_notices(benefits: Iterable[Benefit]) -> tuple[str, ...]:
    """What is allowed by the document but worth a look: 孤儿养育津贴 beside 两项补贴."""
    if {Benefit.ORPHAN_ALLOWANCE, Benefit.TWO_SUBSIDIES} <= set(benefits):
        return (
            "同时享受孤儿养育津贴与残疾人两项补贴:文件未禁止;按国发〔2015〕52号孤儿不享受困难残疾人生活补贴,请核对",
        )
    return ()


def lowered_deductible(facts: Facts) -> bool:
    """Whether the lowered 起付线 applies: rural, 建档立卡, and 因病致贫返贫 or 重病重残 (三(二))."""
    hardship = facts.illness_poverty or facts.child_ill or facts.severe_disabled
    return facts.rural and facts.registered_poor and hardship


def deductible(facts: Facts, local_line: Decimal, rules: RuleSet) -> Decimal:
    """起付线 of 大病保险 in yuan: the lowered line where it applies, never above the local one."""
    return min(rules.deductible_line.value, local_line) if lowered_deductible(facts) else local_line


def entitlements(facts: Facts, day: date, rules: RuleSet) -> tuple[Entitlement, ...]:
    """应享未享: all that a child is owed on `day` by the facts of the file and is not recorded as getting."""
    return tuple(
        item
        for list_of in _LISTS
        for item in list_of(facts, day, rules)
        if item.support not in facts.received
    )


def _allowance(facts: Facts, day: date, rules: RuleSet) -> Iterator[Entitlement]:
    decision = allowance_tier(facts, rules)
    if decision.tier in (Tier.NONE, Tier.REVIEW) or Benefit.ORPHAN_ALLOWANCE in facts.benefits:
        return
    reason = f"{decision.text},按{decision.tier.label}标准,未享受养育津贴"
    yield Entitlement(Support.ALLOWANCE, "三(一)", reason + _beside_held(facts, rules))


def _dibao(facts: Facts, day: date, rules: RuleSet) -> Iterator[Entitlement]:
    if facts.poor and Benefit.DIBAO not in facts.benefits:
        yield Entitlement(Support.DIBAO, "三(一)", "家庭贫困,未享受低保" + _beside_held(facts, rules))


def _beside_held(facts: Facts, rules: RuleSet) -> str:
    """A warning where a benefit is in payment that may not be taken beside the one owed."""
    held = [item.label for item in rules.exclusive_benefits.value if item in facts.benefits]
    return f";已享受{'、'.join(held)},不得重复享受,请核对" if held else ""


def _temp_relief(facts: Facts, day: date, rules: RuleSet) -> Iterator[Entitlement]:
    days = rules.temp_relief_days.value
    if facts.temp_relief_on is None:
        relieved = Benefit.TEMP_RELIEF in facts.benefits
    else:
        relieved = timedelta(0) <= day - facts.temp_relief_on <= timedelta(days=days)
    if facts.temporary_event and not relieved:
        yield Entitlement(Support.TEMP_RELIEF, "三(一)", f"临时困境,{days}天内没有临时救助")


def _two_subsidies(facts: Facts, day: date, rules: RuleSet) -> Iterator[Entitlement]:
    if not (facts.child_disabled and facts.disability_cert) or Benefit.TWO_SUBSIDIES in facts.benefits:
        return
    grounds = [
        *(["低保家庭(困难残疾人生活补贴)"] if Benefit.DIBAO in facts.benefits else []),
        *(["重度残疾(重度残疾人护理补贴)"] if facts.severe_disabled else []),
    ]
    if grounds:
        yield Entitlement(Support.TWO_SUBSIDIES, "三(一)", f"{'、'.join(grounds)},未发放两项补贴")


def _premium(facts: Facts, day: date, rules: RuleSet) -> Iterator[Entitlement]:
    if Benefit.TEKUN in facts.benefits:
        yield Entitlement(Support.PREMIUM_FULL, "三(二)", "特困供养,参保个人缴费全额资助")
    elif facts.severe_disabled and (Benefit.DIBAO in facts.benefits or facts.low_income):
        ground = "低保" if Benefit.DIBAO in facts.benefits else "低收入家庭"
        yield Entitlement(Support.PREMIUM_PART, "三(二)", f"{ground}重度残疾,参保个人缴费给予补贴")


def _free_education(facts: Facts, day: date, rules: RuleSet) -> Iterator[Entitlement]:
    if facts.poor and facts.child_disabled and facts.stage in rules.free_education_stages.value:
        yield Entitlement(Support.FREE_EDUCATION, "三(三)", f"家庭经济困难的残疾儿童,{facts.stage}阶段")


def _education(facts: Facts, day: date, rules: RuleSet) -> Iterator[Entitlement]:
    if (teaching := teaching_due(facts)) is not None:
        reason = "重度残疾,不能到特殊教育学校就读" if facts.severe_disabled else "不能到特殊教育学校就读"
        yield Entitlement(teaching, "三(三)", reason)
    in_difficulty = bool(classify(facts, rules).categories)
    if in_difficulty and facts.birth and kindergarten_due(age_on(facts.birth, day), facts.school, rules):
        yield Entitlement(Support.KINDERGARTEN, "三(三)", f"{age_on(facts.birth, day)}周岁,未入园")


def _rehabilitation(facts: Facts, day: date, rules: RuleSet) -> Iterator[Entitlement]:
    if facts.birth is None or not facts.child_disabled:
        return
    band = rehab_band(facts.birth, day, rules)
    if band == "0-6" and facts.rehab_need and not facts.device_given:
        yield Entitlement(Support.DEVICE, "三(五)", "0-6岁残疾儿童有需求,未适配辅具或未康复训练")
    if band == "7-14":
        yield Entitlement(Support.REHAB_PROJECT, "三(五)", "7-14岁残疾儿童")


def _tomorrow_plan(facts: Facts, day: date, rules: RuleSet) -> Iterator[Entitlement]:
    if facts.child_disabled and is_orphan(facts):
        yield Entitlement(Support.TOMORROW_PLAN, "三(五)", "残疾孤儿手术康复")


_LISTS: tuple[Callable[[Facts, date, RuleSet], Iterator[Entitlement]], ...] = (
    _allowance,
    _dibao,
    _temp_relief,
    _two_subsidies,
    _premium,
    _free_education,
    _education,
    _rehabilitation,
    _tomorrow_plan,
)
