import math

import pytest

from planner.errors import InputError
from planner.model.institutions import InstitutionKind as Kind
from planner.policy.rules import load_rules
from planner.policy.services import Site, check_orphan_way, eligible_kinds, nearest_site, needed_paper
from planner.policy.words import Placement, Service

RULES = load_rules()


@pytest.mark.parametrize(
    ("service", "kinds"),
    [
        (Service.LONG_TERM, {Kind.WELFARE}),
        (Service.TEMPORARY_GUARDIANSHIP, {Kind.WELFARE, Kind.PROTECTION}),
        (Service.CHILD_OF_DETAINED, {Kind.WELFARE, Kind.PROTECTION}),
        (Service.RESCUED, {Kind.WELFARE, Kind.PROTECTION, Kind.SOCIAL_WELFARE}),
        (Service.STREET, {Kind.PROTECTION}),
        (Service.REHABILITATION, {Kind.WELFARE, Kind.REHABILITATION}),
        (Service.DAY_ACTIVITY, {Kind.CHILDREN_HOME}),
    ],
)
def test_matrix(service, kinds):
    assert set(eligible_kinds(service, RULES, paper="〔2017〕1号")) == kinds


def test_street_child_after_two_years():
    assert set(eligible_kinds(Service.STREET, RULES, after_two_years=True)) == {Kind.PROTECTION, Kind.WELFARE}


def test_readings_are_marked():
    assert eligible_kinds(Service.RESCUED, RULES)[Kind.WELFARE] == "reading"
    assert eligible_kinds(Service.RESCUED, RULES)[Kind.PROTECTION] == "S"


def test_the_far_site_that_may_beats_the_near_one_that_may_not():
    sites = [Site("home", Kind.CHILDREN_HOME, 5), Site("far", Kind.PROTECTION, 60)]
    found = nearest_site(sites, Service.TEMPORARY_GUARDIANSHIP, RULES, paper="〔2017〕1号")
    assert found == sites[1]


def test_not_offered_without_the_police_paper():
    sites = [Site("far", Kind.PROTECTION, 60)]
    assert nearest_site(sites, Service.TEMPORARY_GUARDIANSHIP, RULES) is None
    assert nearest_site(sites, Service.TEMPORARY_GUARDIANSHIP, RULES, paper=" ") is None
    assert "公安" in needed_paper(Service.TEMPORARY_GUARDIANSHIP, RULES)
    assert needed_paper(Service.RESCUED, RULES) == ""


def test_ties_by_id_unreachable_and_none():
    sites = [Site("b", Kind.WELFARE, 5), Site("a", Kind.WELFARE, 5), Site("c", Kind.WELFARE, math.inf)]
    assert nearest_site(sites, Service.LONG_TERM, RULES) == sites[1]
    assert nearest_site(sites[2:], Service.LONG_TERM, RULES) is None
    assert nearest_site([Site("d", Kind.WELFARE, math.nan)], Service.LONG_TERM, RULES) is None
    assert nearest_site([], Service.LONG_TERM, RULES) is None


def test_four_ways_and_no_fifth():
    assert check_orphan_way("亲属抚养", RULES) == Placement.KINSHIP
    assert check_orphan_way("foster", RULES) == Placement.FOSTER
    with pytest.raises(InputError, match="亲属抚养、机构养育、家庭寄养、依法收养"):
        check_orphan_way("委托照料", RULES)
    with pytest.raises(InputError):
        check_orphan_way("institution_temporary", RULES)
