from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import InputError
from planner.policy.allowance import PAID_TIERS, allowance, standard_of, standards
from planner.policy.rules import load_rules
from planner.policy.words import Tier

RULES = load_rules()
MONEY = st.decimals(0, 50_000, places=2)


def test_the_figures_of_2018():
    amounts = [standard_of(2018, tier, RULES) for tier in PAID_TIERS]
    assert amounts == [Decimal("1048.87"), Decimal("736.65"), Decimal("530.54")]


def test_each_year_builds_on_the_one_before():
    table = {(row.year, row.tier): row for row in standards(2019, RULES)}
    assert len(table) == 9
    second = table[2019, Tier.INSTITUTION]
    assert (second.income_ref, second.income_prev) == (10738, 9852)
    assert second.previous == Decimal("1048.87")
    assert second.amount == Decimal("1107.94")


def test_a_missing_income_is_named_and_not_guessed():
    rows = [row for row in standards(2021, RULES) if row.tier == Tier.ORPHAN]
    assert [row.amount is None for row in rows] == [False, False, False, True, True]
    assert rows[3].note == "缺少2018年农村居民人均可支配收入"
    assert rows[4].note == "缺少上年标准"
    assert standard_of(2021, Tier.ORPHAN, RULES) is None
    assert standard_of(2018, Tier.NONE, RULES) is None


def test_falling_income_keeps_the_standard():
    rows = standards(2018, RULES, {2015: Decimal(9119), 2016: Decimal(9000)})
    assert [row.amount for row in rows if row.year == 2018] == [1000, 700, 500]
    assert all("不降" in row.note for row in rows if row.year == 2018)


def test_base_offset_share_and_rounding_are_editable():
    edited = RULES.with_values(
        allowance_base={"INST80": 1200, "ORPH60": 700, "FWR50": 500},
        allowance_share={"INST80": 100, "ORPH60": 60, "FWR50": 50},
        income_offset_years=1,
        rounding={"places": 0, "mode": "ROUND_DOWN"},
    )
    assert standard_of(2018, Tier.INSTITUTION, edited) == 1273


def test_no_standard_for_a_tier_that_is_not_paid():
    with pytest.raises(InputError, match="INST80"):
        allowance(Decimal(1), Tier.REVIEW, Decimal(2), Decimal(1), RULES)


@given(MONEY, st.sampled_from(PAID_TIERS), MONEY, MONEY, MONEY)
def test_never_below_the_base_and_monotone_in_income(base, tier, ref, more, prev):
    amount = allowance(base, tier, ref, prev, RULES)
    assert amount >= base
    assert allowance(base, tier, ref + more, prev, RULES) >= amount
    assert allowance(base, Tier.INSTITUTION, ref, prev, RULES) >= amount
