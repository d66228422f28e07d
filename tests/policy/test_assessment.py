from datetime import date

from hypothesis import given

from planner.model.demand import Category
from planner.policy.assessment import assess, switch_rule_set, temporary_tasks
from planner.policy.facts import Facts, Parent
from planner.policy.rules import load_rules
from planner.policy.words import Grade, Tier
from tests.policy.conftest import FACTS, RULES, parents

DOC = load_rules("doc2017")
MCA = load_rules("mca2019")


def test_assessment_holds_everything_apart():
    found = assess(parents("deceased", "ill", child_disabled=True), DOC)
    assert found.rule_set == "doc2017"
    assert found.classification.clauses == ("二(一)a",)
    assert found.tier.tier == Tier.REVIEW
    assert found.grade == Grade.LOW
    assert any("养育津贴" in reason for reason in found.review)
    assert found.certificate is not None


def test_switching_names_who_loses_and_who_gains():
    children = [
        ("stays", parents("prison", "prison")),
        ("drops", parents("deceased", "remarried")),
        ("joins", parents("prison", "drug_rehab")),
        ("paid", parents("deceased", "ill")),
        ("ill", Facts(child_ill=True)),
    ]
    changes = {change.key: change for change in switch_rule_set(children, DOC, MCA)}
    assert list(changes) == ["drops", "joins", "paid"]
    drops = changes["drops"]
    assert (drops.gained, drops.lost, drops.leaves) == ((), (Category.GUARDIANSHIP,), True)
    assert (drops.tier_before, drops.tier_after) == (Tier.UNRAISED, Tier.NONE)
    assert any("改嫁" in reason for reason in drops.reasons)
    assert (drops.clauses_before, drops.clauses_after) == (("二(三)a",), ())
    joins = changes["joins"]
    assert (joins.gained, joins.lost, joins.tier_after) == ((Category.GUARDIANSHIP,), (), Tier.UNRAISED)
    assert not joins.leaves
    assert (changes["paid"].tier_before, changes["paid"].tier_after) == (Tier.REVIEW, Tier.UNRAISED)
    back = {change.key: change for change in switch_rule_set(children, MCA, DOC)}
    assert back["drops"].gained == (Category.GUARDIANSHIP,)


def test_switching_no_children_or_to_the_same_rules_changes_nothing():
    assert switch_rule_set([], DOC, MCA) == ()
    assert switch_rule_set([("a", parents("deceased", "remarried"))], DOC, DOC) == ()


@given(FACTS, RULES, RULES)
def test_a_change_is_reported_exactly_when_there_is_one(facts, before, after):
    old, new = assess(facts, before), assess(facts, after)
    same = set(old.classification.categories) == set(new.classification.categories)
    unchanged = same and old.tier.tier == new.tier.tier
    changes = switch_rule_set([("a", facts)], before, after)
    assert len(changes) == (0 if unchanged else 1)
    assert all(change.reasons for change in changes)


def test_temporary_difficulty_stays_open_and_makes_tasks():
    day = date(2017, 12, 1)
    assert temporary_tasks(Facts(), day) == ()
    assert len(temporary_tasks(Facts(temporary_event=True), day)) == 2
    running = Facts(
        temporary_event=True, temporary_from=date(2017, 11, 1), temporary_review=date(2017, 12, 2)
    )
    assert temporary_tasks(running, day) == ()
    (task,) = temporary_tasks(running, date(2017, 12, 2))
    assert "复核" in task
    assert assess(running, DOC).classification.primary == Category.TEMPORARY


def test_two_states_of_one_parent_are_both_read():
    mother = Parent.of("remarried", "lost_contact")
    facts = Facts(father=Parent.of("deceased"), mother=mother)
    assert assess(facts, DOC).classification.clauses == ("二(三)a",)
    assert assess(facts, MCA).tier.tier == Tier.UNRAISED
