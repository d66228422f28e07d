import subprocess
import sys
from datetime import date
from decimal import Decimal

import pytest

from planner.errors import InputError
from planner.model.institutions import InstitutionKind
from planner.policy.facts import Parent
from planner.policy.rules import RULE_SETS, Pair, load_rules, stated_rows
from planner.policy.words import Grade, ParentState, Service, Tier


@pytest.mark.parametrize("rule_set", RULE_SETS)
def test_every_entry_says_where_it_comes_from(rule_set):
    rules = load_rules(rule_set)
    rows = stated_rows(rules)
    assert {"deductible_line", "visits", "services", "allowance_share"} <= {row.name for row in rows}
    for row in rows:
        assert row.clause, row.name
        assert row.source, row.name
        assert isinstance(row.valid_from, date), row.name


def test_the_numbers_of_the_document():
    rules = load_rules()
    assert rules.id == "doc2017"
    assert rules.valid_from == date(2017, 11, 9)
    assert rules.allowance_share.value == {Tier.INSTITUTION: 80, Tier.ORPHAN: 60, Tier.UNRAISED: 50}
    assert rules.deductible_line.value == 3000
    assert rules.pupil_funding_floor.value == 6000
    assert rules.visits.value.every == {Grade.HIGH: 7, Grade.MIDDLE: 30, Grade.LOW: 90}


def test_mca2019_keeps_what_it_does_not_change():
    before, after = load_rules("doc2017"), load_rules("mca2019")
    assert after.extends == "doc2017"
    assert list(after.clauses) == list(before.clauses)
    assert after.clauses["二(一)a"] == before.clauses["二(一)a"]
    assert ParentState.REMARRIED in (before.clauses["二(三)a"].other or ())
    assert after.clauses["二(三)a"].other == {ParentState.MISSING, ParentState.PRISON}
    assert after.tier_review == ()
    assert after.services == before.services


def test_rules_are_read_once_and_not_on_import():
    assert load_rules() is load_rules("doc2017")
    code = "import tomllib; tomllib.loads = None; import planner.policy.cases"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_unknown_rule_set_names_the_known_ones():
    with pytest.raises(InputError, match="doc2017、mca2019"):
        load_rules("doc2016")


def test_single_entries_can_be_edited():
    rules = load_rules()
    edited = rules.with_values(deductible_line=2500, allowance_base={"INST80": 1, "ORPH60": 2, "FWR50": 3})
    assert edited.deductible_line.value == Decimal(2500)
    assert edited.deductible_line.status == "editable"
    assert edited.deductible_line.clause == "三(二)"
    assert rules.deductible_line.value == 3000
    assert load_rules("mca2019").with_values(street_years=3).unraised == load_rules("mca2019").unraised


@pytest.mark.parametrize(
    "values",
    [
        {"nonsense": 1},
        {"deductible_line": "三千"},
        {"primary_order": ["监护困境"]},
        {"visits": {"first": 7, "retry": 3, "every": {"高": 7}}},
        {"rounding": {"places": 2, "mode": "ROUND_SOMEHOW"}},
        {"clauses": {}},
        {"services": {}},
    ],
)
def test_values_that_do_not_fit_are_refused(values):
    with pytest.raises(InputError, match="规则集“doc2017”"):
        load_rules().with_values(**values)


def test_pair_holds_in_either_order_and_not_within_one_parent():
    pair = Pair(one={"deceased"}, other={"ill"})
    dead, ill, fit = Parent.of("deceased"), Parent.of("ill"), Parent()
    assert pair.holds(dead, ill)
    assert pair.holds(ill, dead)
    assert not pair.holds(Parent.of("deceased", "ill"), fit)
    assert not pair.holds(dead, dead)


def test_a_known_short_term_does_not_count_but_another_ground_does():
    pair = Pair(one={"prison", "ill"}, other={"prison", "ill"}, minimum_term_months=6)
    ill = Parent.of("ill")
    assert not pair.holds(Parent.of("prison", term_months=5.9), ill)
    assert pair.holds(Parent.of("prison", term_months=6), ill)
    assert pair.holds(Parent.of("prison"), ill)
    assert pair.holds(Parent.of("prison", "ill", term_months=1), ill)


def test_every_service_has_a_rule_and_no_kind_is_offered_for_nothing():
    services = load_rules().services.value
    assert set(services) == set(Service)
    assert all(rule.kinds for rule in services.values())
    assert all(InstitutionKind.SPECIAL_SCHOOL not in rule.kinds for rule in services.values())
