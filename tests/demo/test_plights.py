"""The pairs of parents' states that families are given, as the rules of 2017 read them."""

import numpy as np
import pytest

from planner.demo import plights
from planner.demo.plights import Pair, Plight, plight_of
from planner.model.demand import Category
from planner.model.words import ParentState
from planner.policy.classification import Classification, classify
from planner.policy.facts import Facts
from planner.policy.from_record import parent
from planner.policy.rules import load_rules


def _by_parents(plight: Plight) -> Classification:
    return classify(Facts(father=parent(plight.father), mother=parent(plight.mother)), load_rules("doc2017"))


def _many(*categories: Category) -> list[Plight]:
    chance = np.random.default_rng(0)
    return [plight_of({str(item) for item in categories}, chance) for _ in range(3_000)]


def test_every_pair_without_guardian_is_one_of_the_document() -> None:
    found = _many(Category.GUARDIANSHIP)
    assert {_by_parents(plight).categories for plight in found} == {(Category.GUARDIANSHIP,)}
    clauses = {clause for plight in found for clause in _by_parents(plight).clauses}
    assert clauses == {"二(三)a", "二(三)b", "二(三)c", "二(三)d"}
    orphans = [plight for plight in found if plight.is_orphaned]
    assert 0.1 < len(orphans) / len(found) < 0.2
    assert all(_by_parents(plight).orphan for plight in orphans)


@pytest.mark.parametrize("categories", [(Category.FAMILY,), (Category.FAMILY, Category.SELF)])
def test_a_family_in_difficulty_is_so_by_its_parents_or_poor(categories: tuple[Category, ...]) -> None:
    found = _many(*categories)
    by_parents = [plight for plight in found if plight.is_family_pair]
    others = [plight for plight in found if not plight.is_family_pair]
    assert {_by_parents(plight).categories for plight in by_parents} == {(Category.FAMILY,)}
    assert {_by_parents(plight).categories for plight in others} == {()}
    assert all(plight.poor for plight in others)
    assert {clause for plight in by_parents for clause in _by_parents(plight).clauses} == {
        "二(一)a",
        "二(一)b",
    }


@pytest.mark.parametrize("category", [Category.SELF, Category.TEMPORARY])
def test_other_parents_are_in_no_list(category: Category) -> None:
    assert {_by_parents(plight).categories for plight in _many(category)} == {()}


def test_temporary_trouble_comes_to_families_that_are_not_poor() -> None:
    assert not any(plight.poor for plight in _many(Category.TEMPORARY))


def test_poverty_shows_as_benefit_flag_or_word_alone() -> None:
    poor = [plight for plight in _many(Category.FAMILY) if plight.poor]
    assert not any(plight.dibao and plight.tekun for plight in poor)
    assert 0.7 < sum(plight.dibao for plight in poor) / len(poor) < 0.82
    unprotected = [plight for plight in poor if not (plight.dibao or plight.tekun)]
    assert any(plight.low_income or plight.registered_poor for plight in unprotected)
    assert any(not (plight.low_income or plight.registered_poor) for plight in unprotected)
    rich = [plight for plight in _many(Category.SELF) if not plight.poor]
    assert not any(item.dibao or item.tekun or item.low_income or item.registered_poor for item in rich)


def test_terms_and_papers_stand_where_they_belong() -> None:
    for plight in _many(Category.GUARDIANSHIP):
        for status in (plight.father, plight.mother):
            if status.term_months is not None:
                assert set(status.states) & {ParentState.PRISON, ParentState.LOST_CONTACT}
                assert status.term_months == int(status.term_months) > 0
            if status.basis is not None:
                assert status.states == (ParentState.MISSING,)
            assert list(status.states) == [state for state in ParentState if state in status.states]


def test_only_mothers_are_remarried() -> None:
    pairs: list[Pair] = [
        pair
        for lot in vars(plights).values()
        if isinstance(lot, plights.Lot)
        for pair in lot.items
        if isinstance(pair, tuple)
    ]
    assert len(pairs) > 25
    assert not any(ParentState.REMARRIED in father for father, _ in pairs)
