"""The tier of 养育津贴 a child takes (三(一), 三(四)), with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

from planner.policy.classification import is_orphan
from planner.policy.facts import Facts, Parent
from planner.policy.rules import RuleSet
from planner.policy.words import ParentState, Placement, Tier

_INSTITUTION_PLACEMENTS = (Placement.INSTITUTION_ORPHAN, Placement.INSTITUTION_TEMPORARY)


@dataclass(frozen=True)
class TierDecision:
    """A tier, why, and what it rests on."""

    tier: Tier
    text: str
    source: str = ""


def allowance_tier(facts: Facts, rules: RuleSet) -> TierDecision:
    """The tier: aged out, then placement in a 儿童福利机构, then 双亡, then the pair of parents.

    Where a parent is 不详 the tier is REVIEW as long as some state of that parent could give an allowance.
    """
    if facts.aged_out:
        return TierDecision(Tier.NONE, f"已满{rules.child_until_age.value}周岁", "二")
    if facts.placement in _INSTITUTION_PLACEMENTS and _in_welfare_institution(facts, rules):
        return TierDecision(Tier.INSTITUTION, facts.placement.label, "三(一)")
    if is_orphan(facts):
        text = "查找不到生父母" if facts.parents_unfound else "父母双亡"
        return TierDecision(Tier.ORPHAN, text, "三(一);三(四)")
    if facts.father.is_unknown or facts.mother.is_unknown:
        return _tier_of_unknown(facts.father, facts.mother, rules)
    return _tier_of_pair(facts.father, facts.mother, rules)


def _in_welfare_institution(facts: Facts, rules: RuleSet) -> bool:
    """Whether the institution, where it is recorded at all, is of the kind that takes this standard."""
    return facts.placed_in is None or facts.placed_in in rules.welfare_placement_kinds.value


def _tier_of_pair(father: Parent, mother: Parent, rules: RuleSet) -> TierDecision:
    for tier, pairs in ((Tier.UNRAISED, rules.unraised), (Tier.REVIEW, rules.tier_review)):
        for pair in pairs:
            if pair.holds(father, mother):
                return TierDecision(tier, pair.text, pair.source)
    return TierDecision(Tier.NONE, "父母状况不在津贴规定之列", rules.title)


def _tier_of_unknown(father: Parent, mother: Parent, rules: RuleSet) -> TierDecision:
    for one, other in product(_possible(father), _possible(mother)):
        both_dead = ParentState.DECEASED in one.states and ParentState.DECEASED in other.states
        if both_dead or _tier_of_pair(one, other, rules).tier != Tier.NONE:
            return TierDecision(Tier.REVIEW, "父母状况不详,查明后再定", "二(三);三(一)")
    return TierDecision(Tier.NONE, "父母状况不详,但任一情形均不在津贴规定之列", rules.title)


def _possible(parent: Parent) -> list[Parent]:
    """The parent with every state that 不详 may stand for."""
    if not parent.is_unknown:
        return [parent]
    known = parent.states - {ParentState.UNKNOWN}
    return [
        Parent(known | {state}, parent.term_months, parent.basis)
        for state in ParentState
        if state != ParentState.UNKNOWN
    ]
