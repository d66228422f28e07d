"""Everything the rules say of one child, and what changes for whom when the rule set is switched."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from planner.model.demand import Category
from planner.policy.classification import Classification, certificate_due, classify, review_reasons
from planner.policy.facts import Facts
from planner.policy.rules import RuleSet
from planner.policy.tier import TierDecision, allowance_tier
from planner.policy.visits import risk_grade
from planner.policy.words import Grade, Tier


@dataclass(frozen=True)
class Assessment:
    """The classes, tier and grade of a child; `review` and `certificate` are the 复核 and 待办证 lists."""

    rule_set: str
    classification: Classification
    tier: TierDecision
    grade: Grade
    review: tuple[str, ...]
    certificate: str | None


@dataclass(frozen=True)
class Change:
    """What a switch of rule sets does to one child. `key` is the caller's name for the child."""

    key: str
    gained: tuple[Category, ...]
    lost: tuple[Category, ...]
    primary_before: Category | None
    primary_after: Category | None
    tier_before: Tier
    tier_after: Tier
    clauses_before: tuple[str, ...]
    clauses_after: tuple[str, ...]
    reasons: tuple[str, ...]

    @property
    def leaves(self) -> bool:
        """Whether the child would hold no class any more."""
        return self.primary_before is not None and self.primary_after is None


def assess(facts: Facts, rules: RuleSet) -> Assessment:
    """Classify, decide the tier and grade, and list what needs a person."""
    classification = classify(facts, rules)
    tier = allowance_tier(facts, rules)
    undecided = (f"养育津贴:{tier.text}",) if tier.tier == Tier.REVIEW else ()
    return Assessment(
        rule_set=rules.id,
        classification=classification,
        tier=tier,
        grade=risk_grade(classification, open_event=facts.open_event),
        review=review_reasons(facts, rules) + undecided,
        certificate=certificate_due(facts),
    )


def switch_rule_set(
    children: Iterable[tuple[str, Facts]], before: RuleSet, after: RuleSet
) -> tuple[Change, ...]:
    """Every child who gains or loses a class or changes tier under `after`, in the order given."""
    changes = []
    for key, facts in children:
        old, new = assess(facts, before), assess(facts, after)
        held, holds = old.classification.categories, new.classification.categories
        if set(held) != set(holds) or old.tier.tier != new.tier.tier:
            changes.append(
                Change(
                    key=key,
                    gained=tuple(item for item in holds if item not in held),
                    lost=tuple(item for item in held if item not in holds),
                    primary_before=old.classification.primary,
                    primary_after=new.classification.primary,
                    tier_before=old.tier.tier,
                    tier_after=new.tier.tier,
                    clauses_before=old.classification.clauses,
                    clauses_after=new.classification.clauses,
                    reasons=_reasons(old, new),
                )
            )
    return tuple(changes)


def temporary_tasks(facts: Facts, day: date) -> tuple[str, ...]:
    """The tasks of a 二(四) child: a missing start or review date, a review date that has come.

    The class stays until a person has reviewed it.
    """
    if not facts.temporary_event:
        return ()
    tasks = []
    if facts.temporary_from is None:
        tasks.append("补登临时困境起始日期")
    if facts.temporary_review is None:
        tasks.append("补登临时困境复核日期")
    elif facts.temporary_review <= day:
        tasks.append(f"临时困境已于{facts.temporary_review.isoformat()}到复核日期,请复核")
    return tuple(tasks)


def _reasons(old: Assessment, new: Assessment) -> tuple[str, ...]:
    """Why the two differ: the class reasons that fall away and those that come, and the tiers."""
    was = {(item.category, item.text) for item in old.classification.reasons}
    now = {(item.category, item.text) for item in new.classification.reasons}
    reasons = [
        *(f"不再适用:{category},{text}" for category, text in sorted(was - now)),
        *(f"新适用:{category},{text}" for category, text in sorted(now - was)),
    ]
    if old.tier.tier != new.tier.tier:
        reasons.append(f"养育津贴:{old.tier.tier.label}→{new.tier.tier.label}({new.tier.text})")
    return tuple(reasons)
