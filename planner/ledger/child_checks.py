"""What a record says against itself or the policy: told with a warning, never changed (section 二, 三(一))."""

from __future__ import annotations

from datetime import date

from planner.ledger.cells import comparable
from planner.ledger.outcomes import RowReader
from planner.model.children import ChildRecord, ParentStatus
from planner.model.demand import Category
from planner.model.words import CategoryWord, ParentState
from planner.policy.benefits import benefit_conflicts, benefit_notices
from planner.policy.classification import certificate_due, classify, is_orphan
from planner.policy.facts import Facts
from planner.policy.from_record import facts
from planner.policy.rules import RuleSet
from planner.policy.tier import allowance_tier
from planner.policy.words import Tier, labels

_FATHER = frozenset({"父", "父亲", "爸爸", "父子", "父女", "生父"})
_MOTHER = frozenset({"母", "母亲", "妈妈", "母子", "母女", "生母"})
# In these states nobody can be the one who looks after the child.
_AWAY = frozenset(
    {
        ParentState.DECEASED,
        ParentState.MISSING,
        ParentState.PRISON,
        ParentState.LOST_CONTACT,
        ParentState.DRUG_REHAB,
        ParentState.OTHER_RESTRAINT,
        ParentState.REVOKED,
        ParentState.DEPORTED,
    }
)


def check_record(reader: RowReader, record: ChildRecord, *, as_of: date, rules: RuleSet) -> None:
    """Tell what a person should look at."""
    told = facts(record, as_of, rules=rules)
    _check_parents(reader, told, rules)
    _check_categories(reader, record, told, rules)
    _check_guardian(reader, record)
    if due := certificate_due(told):
        reader.add("W-CERT-NONE", "残疾证号", f"待办证:{due}", "请协助办理残疾人证")
    if told.disability_cert and Category.SELF not in {word.category for word in record.categories}:
        reader.add("N-CATEGORY-SELF", "困境类型", "有残疾证,符合二(二)a,困境类型未写“自身困境”")
    if conflict := benefit_conflicts(record.benefits or (), rules):
        names = "、".join(item.label for item in conflict)
        reader.add("W-BENEFIT-CONFLICT", "享受待遇", f"{names}不得重复享受(三(一))", "按原样登记,请核对")
    for notice in benefit_notices(record.benefits or ()):
        reader.add("N-BENEFIT", "享受待遇", notice)


def _check_parents(reader: RowReader, told: Facts, rules: RuleSet) -> None:
    for column, parent in (("父亲状况", told.father), ("母亲状况", told.mother)):
        if unchecked := parent.states & rules.unchecked_states.value:
            message = f"“{labels(unchecked)}”,核实前不据此归类"
            reader.add("W-PARENT-UNCHECKED", column, message, "请核实后更新")


def _check_categories(reader: RowReader, record: ChildRecord, told: Facts, rules: RuleSet) -> None:
    """困境类型 as written against what the two parents' states say; both are kept."""
    words = set(record.categories)
    written = {word.category for word in words}
    parents = Facts(father=told.father, mother=told.mother)
    by_parents = classify(parents, rules)
    described = f"父亲{labels(told.father.states)}、母亲{labels(told.mother.states)}"
    conflicts = [
        f"{described}:{reason.text},应有“{reason.category}”"
        for reason in by_parents.reasons
        if reason.category not in written
    ]
    unchecked = (told.father.states | told.mother.states) & rules.unchecked_states.value
    if not unchecked:
        if CategoryWord.ORPHAN in words and not is_orphan(told):
            conflicts.append(f"{described},不是孤儿")
        elif CategoryWord.UNRAISED in words and allowance_tier(parents, rules).tier is Tier.NONE:
            conflicts.append(f"{described},不在事实无人抚养之列")
        elif Category.GUARDIANSHIP in written and Category.GUARDIANSHIP not in by_parents.categories:
            conflicts.append(f"{described},不在监护困境所列情形")
    for conflict in dict.fromkeys(conflicts):
        reader.add("W-CATEGORY-PARENTS", "困境类型", conflict, "两者都保留,请复核")


def _check_guardian(reader: RowReader, record: ChildRecord) -> None:
    relation = comparable(record.guardian_relation or "")
    for words, column, who, status in (
        (_FATHER, "父亲状况", "父亲", record.father),
        (_MOTHER, "母亲状况", "母亲", record.mother),
    ):
        if relation in words and (away := _away(status)):
            message = f"监护人是{who},{column}却是“{labels(away)}”"
            reader.add("W-GUARDIAN-PARENT", "监护人关系", message, "请核对实际监护人")


def _away(status: ParentStatus) -> set[ParentState]:
    return set(status.states) & _AWAY
