import pytest
from hypothesis import given

from planner.model.demand import Category
from planner.policy.classification import certificate_due, classify, review_reasons
from planner.policy.facts import Confirmed, Facts, Parent
from planner.policy.rules import load_rules
from planner.policy.words import Basis, Difficulty, Harm, Placement
from tests.policy.conftest import FACTS, RULES, parents

DOC = load_rules("doc2017")
MCA = load_rules("mca2019")


def test_a_reason_carries_clause_words_and_source():
    (reason,) = classify(parents("prison", "disabled"), DOC).reasons
    assert reason.clause == "二(三)c"
    assert reason.category == Category.GUARDIANSHIP
    assert reason.text == "父母一方重残,另一方服刑"
    assert "86号" in reason.source


def test_empty_file_has_no_class_and_nothing_to_review():
    found = classify(Facts(), DOC)
    assert (found.reasons, found.categories, found.primary, found.orphan) == ((), (), None, False)
    assert review_reasons(Facts(), DOC) == ()
    assert certificate_due(Facts()) is None


def test_disabled_without_certificate_is_listed_and_not_counted():
    facts = Facts(child_disabled=True)
    assert classify(facts, DOC).categories == ()
    assert certificate_due(facts) == "自身残疾但没有二代残疾人证,办证后计入二(二)a"
    assert certificate_due(Facts(child_disabled=True, disability_cert=True)) is None


def test_difficulties_of_illness_are_not_those_of_poverty():
    assert classify(Facts(poor=True, difficulty=frozenset({Difficulty.CARE})), DOC).clauses == ()


@pytest.mark.parametrize(
    ("facts", "orphan"),
    [
        (parents("deceased", "deceased"), True),
        (parents("deceased", "missing"), False),
        (Facts(parents_unfound=True), True),
        (Facts(parents_unfound=True, placement=Placement.ADOPTION), False),
    ],
)
def test_orphans_stand_in_their_own_column(facts, orphan):
    assert classify(facts, DOC).orphan is orphan


def test_orphans_count_under_guardianship_without_a_clause():
    found = classify(parents("deceased", "deceased"), DOC)
    assert found.categories == (Category.GUARDIANSHIP,)
    assert found.clauses == ()
    assert "等情况" in found.reasons[0].text


def test_harm_opens_an_event_unless_the_guardian_is_proper():
    harmed = Facts(harm=frozenset({Harm.ABUSE}))
    assert classify(harmed, DOC).opens_event
    proper = Facts(harm=frozenset({Harm.ACCIDENT}), guardian_proper=True)
    assert not classify(proper, DOC).opens_event
    assert "二(四)" in review_reasons(proper, DOC)[0]


@pytest.mark.parametrize(
    ("father", "mother", "said"),
    [
        ("unknown", "ok", "父亲状况“不详”"),
        ("ok", "lost_contact", "母亲状况“失联”"),
        ("ill", "prison", "父亲重病、母亲服刑:规则未列举"),
        ("remarried", "remarried", "规则未列举"),
        ("drug_rehab", "deported", "规则未列举"),
    ],
)
def test_what_the_document_does_not_settle_is_put_up_for_review(father, mother, said):
    facts = parents(father, mother)
    assert classify(facts, DOC).categories == ()
    assert any(said in reason for reason in review_reasons(facts, DOC))


@pytest.mark.parametrize(
    ("father", "mother"), [("ok", "prison"), ("deceased", "ill"), ("deceased", "deceased")]
)
def test_settled_pairs_need_no_review(father, mother):
    assert review_reasons(parents(father, mother), DOC) == ()


def test_national_rules_ask_for_the_court_and_the_term():
    facts = Facts(father=Parent.of("missing", basis=Basis.VILLAGE), mother=Parent.of("prison"))
    said = " ".join(review_reasons(facts, MCA))
    assert "村委证明" in said
    assert "须满6个月" in said
    checked = Facts(
        father=Parent.of("missing", basis=Basis.COURT), mother=Parent.of("prison", term_months=24)
    )
    assert review_reasons(checked, MCA) == ()
    assert review_reasons(facts, DOC) == ()


def test_both_gone_by_the_national_rules_is_never_dropped_silently():
    facts = Facts(father=Parent.of("deceased"), mother=Parent.of("missing", basis=Basis.COURT))
    assert any("孤儿政策" in reason for reason in review_reasons(facts, MCA))


def test_a_class_by_hand_needs_a_reason_and_a_second_person():
    alone = Confirmed(Category.TEMPORARY, "家中火灾", by="甲")
    for item in (
        alone,
        Confirmed(Category.TEMPORARY, "家中火灾", "甲", "甲"),
        Confirmed(Category.TEMPORARY, " ", "甲", "乙"),
    ):
        facts = Facts(confirmed=(item,))
        assert classify(facts, DOC).categories == ()
        assert "第二人批准" in review_reasons(facts, DOC)[0]
    approved = Facts(confirmed=(Confirmed(Category.TEMPORARY, "家中火灾", "甲", "乙"),))
    assert classify(approved, DOC).primary == Category.TEMPORARY
    assert classify(approved, DOC).clauses == ()
    assert review_reasons(approved, DOC) == ()


@given(FACTS, RULES)
def test_parents_are_symmetric(facts, rules):
    mirrored = Facts(**{**vars(facts), "father": facts.mother, "mother": facts.father})
    assert classify(mirrored, rules) == classify(facts, rules)


@given(FACTS, RULES)
def test_classes_are_of_the_four_once_each_with_a_reason_and_the_primary_first(facts, rules):
    found = classify(facts, rules)
    assert set(found.categories) == {reason.category for reason in found.reasons}
    assert len(found.categories) == len(set(found.categories))
    order = list(rules.primary_order.value)
    assert [order.index(item) for item in found.categories] == sorted(
        order.index(item) for item in found.categories
    )
    assert found.primary == (found.categories[0] if found.categories else None)
    assert list(found.clauses) == [clause for clause in rules.clauses if clause in found.clauses]


@given(FACTS, RULES)
def test_more_hardship_never_takes_a_class_away(facts, rules):
    worse = Facts(
        **{
            **vars(facts),
            "poor": True,
            "difficulty": facts.difficulty | {Difficulty.LIVING},
            "child_disabled": True,
            "disability_cert": True,
            "child_ill": True,
            "temporary_event": True,
        }
    )
    assert set(classify(facts, rules).categories) <= set(classify(worse, rules).categories)


@given(FACTS, RULES)
def test_without_a_fit_parent_there_is_a_class_or_a_review(facts, rules):
    if not facts.father.is_ok and not facts.mother.is_ok:
        assert classify(facts, rules).categories or review_reasons(facts, rules)
