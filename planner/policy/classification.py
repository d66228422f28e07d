"""The four classes of section 二 with the clause as reason, and what a person must look at before they count."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from planner.model.demand import Category
from planner.policy.facts import Facts, Parent
from planner.policy.rules import TERM_STATES, Condition, RuleSet
from planner.policy.words import Basis, Difficulty, Harm, ParentState, Placement, labels

_POVERTY_DIFFICULTIES = frozenset({Difficulty.LIVING, Difficulty.MEDICAL, Difficulty.SCHOOL})

_CONDITIONS: Mapping[Condition, Callable[[Facts], bool]] = {
    "poor_with_difficulty": lambda facts: facts.poor and bool(facts.difficulty & _POVERTY_DIFFICULTIES),
    "certified_disability": lambda facts: facts.child_disabled and facts.disability_cert,
    "serious_illness": lambda facts: facts.child_ill,
    # 虐待、遗弃… on a file counts as improper guardianship unless the file says that the guardian is proper
    "harm_under_guardian": lambda facts: bool(facts.harm) and facts.guardian_proper is not True,
    "temporary_event": lambda facts: facts.temporary_event,
}


@dataclass(frozen=True)
class Reason:
    """Why a class holds: its clause (empty under 「等情况」), the words of it, and what they rest on."""

    category: Category
    clause: str
    text: str
    source: str


@dataclass(frozen=True)
class Classification:
    """The classes of a child. `clauses` are in the order of the document, `categories` 监护 > 自身 > 家庭 > 临时.

    All classes are kept; totals by head count the `primary` one alone. `orphan` is the 孤儿 column beside
    the four classes; `opens_event` asks for a protection event (强制报告).
    """

    reasons: tuple[Reason, ...]
    categories: tuple[Category, ...]
    orphan: bool
    opens_event: bool

    @property
    def clauses(self) -> tuple[str, ...]:
        """The clauses that hold, such as 二(一)a."""
        return tuple(reason.clause for reason in self.reasons if reason.clause)

    @property
    def primary(self) -> Category | None:
        """The one class that counts in totals by head; None where none holds."""
        return self.categories[0] if self.categories else None


def classify(facts: Facts, rules: RuleSet) -> Classification:
    """Every class that holds for a child, each with its clause (section 二)."""
    reasons = [
        *_clause_reasons(facts, rules),
        *_situation_reasons(facts, rules),
        *_confirmed_reasons(facts),
    ]
    held = {reason.category for reason in reasons}
    return Classification(
        reasons=tuple(reasons),
        categories=tuple(category for category in rules.primary_order.value if category in held),
        orphan=is_orphan(facts),
        opens_event=_CONDITIONS["harm_under_guardian"](facts),
    )


def is_orphan(facts: Facts) -> bool:
    """双亡, or 查找不到生父母 and not adopted since (三(四))."""
    both_dead = all(ParentState.DECEASED in parent.states for parent in (facts.father, facts.mother))
    return both_dead or (facts.parents_unfound and facts.placement != Placement.ADOPTION)


def certificate_due(facts: Facts) -> str | None:
    """待办证: why a disabled child does not count under 二(二)a yet; None for any other child."""
    if facts.child_disabled and not facts.disability_cert:
        return "自身残疾但没有二代残疾人证,办证后计入二(二)a"
    return None


def review_reasons(facts: Facts, rules: RuleSet) -> tuple[str, ...]:
    """复核: what a person must check before the file can be relied on; none of it classifies the child."""
    return (
        *_parent_reviews("父亲", facts.father, facts, rules),
        *_parent_reviews("母亲", facts.mother, facts, rules),
        *_pair_reviews(facts, rules),
        *_harm_reviews(facts),
        *(
            f"{item.category}(“等情况”:{item.reason.strip() or '未写理由'})须写明理由并由第二人批准"
            for item in facts.confirmed
            if not item.counts
        ),
    )


def _clause_reasons(facts: Facts, rules: RuleSet) -> list[Reason]:
    return [
        Reason(clause.category, name, clause.text, rules.title)
        for name, clause in rules.clauses.items()
        if (clause.condition and _CONDITIONS[clause.condition](facts))
        or (clause.pair and clause.pair.holds(facts.father, facts.mother))
    ]


def _situation_reasons(facts: Facts, rules: RuleSet) -> list[Reason]:
    """「等情况」 of 二(三): only for parents whom no clause of section 二 has placed already."""
    reasons = []
    if facts.parents_unfound and is_orphan(facts):
        reasons.append(Reason(Category.GUARDIANSHIP, "", "查找不到生父母,按“等情况”计入", "二(三);三(四)"))
    if not _pair_named(facts, rules):
        reasons += [
            Reason(item.category, "", item.text, item.source)
            for item in rules.situations.values()
            if item.holds(facts.father, facts.mother)
        ]
    return reasons


def _confirmed_reasons(facts: Facts) -> list[Reason]:
    return [
        Reason(item.category, "", item.reason, f"“等情况”:{item.by}提出,{item.approved_by}批准")
        for item in facts.confirmed
        if item.counts
    ]


def _pair_named(facts: Facts, rules: RuleSet) -> bool:
    return any(
        clause.pair.holds(facts.father, facts.mother) for clause in rules.clauses.values() if clause.pair
    )


def _parent_reviews(who: str, parent: Parent, facts: Facts, rules: RuleSet) -> Iterator[str]:
    if unchecked := parent.states & rules.unchecked_states.value:
        yield f"{who}状况“{labels(unchecked)}”,核实前不据此归类"
    if (
        rules.missing_needs_court.value
        and ParentState.MISSING in parent.states
        and parent.basis != Basis.COURT
    ):
        yield f"{who}失踪须有法院宣告失踪的判决书,现{f'为“{parent.basis}”' if parent.basis else '未登记依据'}"
    months = max(
        (pair.minimum_term_months for pair in rules.unraised if pair.holds(facts.father, facts.mother)),
        default=0,
    )
    if months and parent.term_months is None and parent.states <= TERM_STATES:
        yield f"{who}{labels(parent.states)}未登记期限,须满{months:g}个月"


def _pair_reviews(facts: Facts, rules: RuleSet) -> Iterator[str]:
    parents = (facts.father, facts.mother)
    if any(parent.is_ok or parent.states & rules.unchecked_states.value for parent in parents):
        return
    described = f"父亲{labels(facts.father.states)}、母亲{labels(facts.mother.states)}"
    if not (_pair_named(facts, rules) or _situation_reasons(facts, rules)):
        yield f"{described}:规则未列举这一组合,是否属“等情况”请人工认定"
    gone = {ParentState.DECEASED, ParentState.MISSING}
    if (
        rules.missing_needs_court.value
        and all(parent.states & gone for parent in parents)
        and not is_orphan(facts)
    ):
        yield f"{described}:不在事实无人抚养之列,法院已宣告失踪的请按孤儿政策核对"


def _harm_reviews(facts: Facts) -> Iterator[str]:
    if facts.harm and facts.guardian_proper is True:
        also = ",意外伤害可按二(四)登记" if Harm.ACCIDENT in facts.harm else ""
        yield f"有{'、'.join(sorted(facts.harm))}记录但监护得当,不计二(三)e,请核对{also}"
