from dataclasses import replace

from hypothesis import given

from planner.model.institutions import InstitutionKind
from planner.policy.facts import Facts, Parent
from planner.policy.rules import load_rules
from planner.policy.tier import allowance_tier
from planner.policy.words import ParentState, Placement, Tier
from tests.policy.conftest import FACTS, RULES, parents

DOC = load_rules("doc2017")
MCA = load_rules("mca2019")


def test_the_decision_says_why():
    decision = allowance_tier(parents("missing", "disabled"), DOC)
    assert decision.tier == Tier.UNRAISED
    assert decision.text == "父母一方失踪,另一方重残或服刑"
    assert "三(一)" in decision.source


def test_order_of_the_tiers():
    orphan = parents("deceased", "deceased")
    assert allowance_tier(orphan, DOC).tier == Tier.ORPHAN
    housed = replace(orphan, placement=Placement.INSTITUTION_ORPHAN)
    assert allowance_tier(housed, DOC).tier == Tier.INSTITUTION
    assert allowance_tier(replace(housed, aged_out=True), DOC).tier == Tier.NONE


def test_temporary_care_counts_only_in_a_welfare_institution():
    def placed(kind):
        return allowance_tier(Facts(placement=Placement.INSTITUTION_TEMPORARY, placed_in=kind), DOC).tier

    assert placed(InstitutionKind.WELFARE) == Tier.INSTITUTION
    assert placed(None) == Tier.INSTITUTION
    assert placed(InstitutionKind.PROTECTION) == Tier.NONE


def test_unknown_is_reviewed_only_while_it_can_matter():
    assert allowance_tier(parents("unknown", "deceased"), DOC).tier == Tier.REVIEW
    assert allowance_tier(parents("unknown", "ok"), DOC).tier == Tier.NONE
    assert allowance_tier(parents("unknown", "remarried"), DOC).tier == Tier.REVIEW
    assert allowance_tier(parents("unknown", "remarried"), MCA).tier == Tier.NONE
    both = Facts(
        father=Parent(frozenset({ParentState.UNKNOWN, ParentState.PRISON})), mother=Parent.of("prison")
    )
    assert allowance_tier(both, DOC).tier == Tier.REVIEW


def test_six_months_by_the_national_rules_any_length_by_the_document():
    facts = Facts(father=Parent.of("prison", term_months=5), mother=Parent.of("prison", term_months=60))
    assert allowance_tier(facts, DOC).tier == Tier.UNRAISED
    assert allowance_tier(facts, MCA).tier == Tier.NONE


@given(FACTS, RULES)
def test_symmetric_always_explained_and_none_after_leaving(facts, rules):
    decision = allowance_tier(facts, rules)
    mirrored = Facts(**{**vars(facts), "father": facts.mother, "mother": facts.father})
    assert allowance_tier(mirrored, rules) == decision
    assert decision.text
    assert decision.source
    assert not facts.aged_out or decision.tier == Tier.NONE
