"""享受待遇 and 月标准 of a child: mostly what is due, sometimes less than that, sometimes what excludes itself.

So the demo has 应享未享 and 不重复享受 to find. Amounts of 低保, 特困 and 两项补贴 are invented; the allowance is
the newest standard that the rules can reckon.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from planner.demo.families import Head
from planner.demo.health import Health
from planner.demo.lots import happens
from planner.demo.plights import Plight
from planner.model.demand import Category
from planner.model.words import Benefit, Placement
from planner.policy.allowance import PAID_TIERS, standards
from planner.policy.facts import Facts, severe_disability
from planner.policy.from_record import parent
from planner.policy.rules import RuleSet
from planner.policy.tier import allowance_tier
from planner.policy.words import Tier

_DUE_SHARE = 0.9
# Of families on 低保 or 特困 whose children also get the allowance.
_CONFLICT_SHARE = 0.3
_SUBSIDY_SHARE = 0.85
_RELIEF_SHARE = 0.7
_UNTOLD_SHARE = 0.05
_DIBAO_YUAN, _TEKUN_YUAN = Decimal(380), Decimal(680)
_LIVING_SUBSIDY_YUAN, _NURSING_SUBSIDY_YUAN = Decimal(110), Decimal(110)
_CENT = Decimal("0.01")


@dataclass(frozen=True)
class Aid:
    """What is in payment; `benefits` are in the order of the words, `amount` is yuan a month."""

    benefits: tuple[Benefit, ...]
    amount: Decimal | None


def newest_standards(rules: RuleSet) -> Mapping[Tier, Decimal]:
    """The allowance of each tier in the last year for which the rules know the incomes, yuan a month."""
    last = max(rules.rural_income.value) + rules.income_offset_years.value
    known = (item for item in standards(last, rules) if item.amount is not None)
    newest = {item.tier: item.amount for item in known if item.amount is not None}
    return {tier: newest[tier] for tier in PAID_TIERS}


def aid_of(
    head: Head,
    plight: Plight,
    health: Health,
    placement: Placement | None,
    *,
    rules: RuleSet,
    standard: Mapping[Tier, Decimal],
    chance: np.random.Generator,
) -> Aid:
    """What a child of a family gets; brothers and sisters share 低保 and 特困."""
    parents = Facts(father=parent(plight.father), mother=parent(plight.mother), placement=placement)
    tier = allowance_tier(parents, rules).tier
    severe = health.grade is not None and severe_disability(str(health.kind or ""), health.grade)
    held: dict[Benefit, Decimal] = {}
    if tier in standard and happens(_DUE_SHARE, chance):
        held[Benefit.ORPHAN_ALLOWANCE] = standard[tier]
    if Benefit.ORPHAN_ALLOWANCE not in held or happens(_CONFLICT_SHARE, chance):
        if plight.dibao:
            held[Benefit.DIBAO] = _DIBAO_YUAN
        if plight.tekun:
            held[Benefit.TEKUN] = _TEKUN_YUAN
    if health.certified and (severe or plight.dibao) and happens(_SUBSIDY_SHARE, chance):
        living = _LIVING_SUBSIDY_YUAN if plight.dibao else Decimal(0)
        held[Benefit.TWO_SUBSIDIES] = living + (_NURSING_SUBSIDY_YUAN if severe else Decimal(0))
    if head.category is Category.TEMPORARY and happens(_RELIEF_SHARE, chance):
        held[Benefit.TEMP_RELIEF] = Decimal(0)
    total = sum(held.values(), Decimal(0))
    amount = None if not total or happens(_UNTOLD_SHARE, chance) else total.quantize(_CENT)
    return Aid(tuple(item for item in Benefit if item in held), amount)
