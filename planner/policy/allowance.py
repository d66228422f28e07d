"""养育津贴 standards: last year's standard plus a share of the growth of rural income (三(一))."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from planner.errors import InputError
from planner.policy.rules import RuleSet
from planner.policy.words import Tier

PAID_TIERS = (Tier.INSTITUTION, Tier.ORPHAN, Tier.UNRAISED)


@dataclass(frozen=True)
class Standard:
    """The standard of a tier in a year, yuan a month, and how it came about.

    `amount` is None where an income figure is missing; `note` then names it.
    """

    year: int
    tier: Tier
    amount: Decimal | None
    previous: Decimal | None = None
    income_ref: Decimal | None = None
    income_prev: Decimal | None = None
    note: str = ""


def allowance(
    base: Decimal, tier: Tier, income_ref: Decimal, income_prev: Decimal, rules: RuleSet
) -> Decimal:
    """Yuan a month: base + (income_ref − income_prev) × share ÷ 12; falling income cuts nothing.

    Incomes are yuan a year. Raises InputError for a tier that has no standard.
    """
    if tier not in rules.allowance_share.value:
        raise InputError(f"“{tier}”没有养育津贴标准", f"可用:{'、'.join(rules.allowance_share.value)}")
    growth = max(income_ref - income_prev, Decimal(0))
    rounding = rules.rounding.value
    amount = base + growth * rules.allowance_share.value[tier] / 100 / 12
    return amount.quantize(Decimal(1).scaleb(-rounding.places), rounding=rounding.mode)


def standards(
    last_year: int, rules: RuleSet, incomes: Mapping[int, Decimal] | None = None
) -> tuple[Standard, ...]:
    """The table of standards from the base year to `last_year`, each year built on the one before.

    `incomes` maps year to 全区农村居民人均可支配收入, yuan (None: the rule set's). The standard of year y rests
    on the incomes of y − offset and the year before that.
    """
    income_of = rules.rural_income.value if incomes is None else incomes
    first = rules.allowance_base_year.value
    offset = rules.income_offset_years.value
    table = []
    for tier in PAID_TIERS:
        amount: Decimal | None = rules.allowance_base.value[tier]
        table.append(Standard(first, tier, amount, note="基数"))
        for year in range(first + 1, last_year + 1):
            years = (year - offset, year - offset - 1)
            ref, prev = (income_of.get(item) for item in years)
            previous = amount
            if previous is None:
                note = "缺少上年标准"
            elif ref is None or prev is None:
                missing = "、".join(f"{item}年" for item in sorted(years) if item not in income_of)
                amount, note = None, f"缺少{missing}农村居民人均可支配收入"
            else:
                amount = allowance(previous, tier, ref, prev, rules)
                note = "收入未增长,标准不降" if ref <= prev else ""
            table.append(Standard(year, tier, amount, previous, ref, prev, note))
    return tuple(sorted(table, key=lambda item: (item.year, PAID_TIERS.index(item.tier))))


def standard_of(year: int, tier: Tier, rules: RuleSet) -> Decimal | None:
    """The standard of one tier in one year, yuan a month; None where it cannot be known."""
    found = (item.amount for item in standards(year, rules) if item.year == year and item.tier == tier)
    return next(found, None)
