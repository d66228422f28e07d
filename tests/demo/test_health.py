from datetime import date

import numpy as np
import pytest

from planner.demo.days import DATA_DAY
from planner.demo.families import Head
from planner.demo.health import Health, health_of
from planner.model.demand import Category, Need
from planner.model.words import DisabilityKind, Sex
from planner.policy.facts import severe_disability

BORN = date(2011, 5, 1)


def _many(category: Category, need: Need | None = None, born: date = BORN) -> list[Health]:
    chance = np.random.default_rng(0)
    head = Head(0, category, need, born, Sex.MALE)
    return [health_of(head, chance) for _ in range(2_000)]


def test_self_is_certified_or_ill() -> None:
    found = _many(Category.SELF)
    assert all(item.certified or item.ill for item in found)
    assert 0.6 < sum(item.certified for item in found) / len(found) < 0.75
    assert any(item.certified and item.ill for item in found)
    assert any(item.kind and not item.certified for item in found)


def test_a_family_child_is_never_certified_nor_ill() -> None:
    for need in (None, Need.REHABILITATION):
        found = _many(Category.FAMILY, need)
        assert not any(item.certified or item.ill for item in found)
        assert any(item.kind for item in found)


@pytest.mark.parametrize("category", [Category.SELF, Category.FAMILY, Category.GUARDIANSHIP])
def test_the_need_for_rehabilitation_shows(category: Category) -> None:
    found = _many(category, Need.REHABILITATION)
    assert all((item.rehab_need or item.device_need) and item.kind for item in found)
    given = [item for item in found if item.device_given]
    assert 0.45 < len(given) / len(found) < 0.65
    assert all(BORN <= item.device_given_on <= DATA_DAY for item in given if item.device_given_on)
    assert any(item.device_given_on is None for item in given)
    assert all(item.device_given_on is None for item in found if not item.device_given)


@pytest.mark.parametrize("need", [None, Need.HOME_TEACHING, Need.PLACEMENT])
@pytest.mark.parametrize("category", Category)
def test_nobody_else_needs_it(category: Category, need: Need | None) -> None:
    assert not any(item.rehab_need or item.device_need for item in _many(category, need))


def test_who_is_taught_at_home_is_severely_disabled_and_certified() -> None:
    for category in (Category.SELF, Category.GUARDIANSHIP):
        for item in _many(category, Need.HOME_TEACHING):
            assert item.certified
            assert severe_disability(str(item.kind), item.grade or 0)


def test_kinds_and_grades_are_all_there_and_only_of_the_disabled() -> None:
    found = _many(Category.SELF)
    assert {item.kind for item in found if item.kind} == set(DisabilityKind)
    assert {item.grade for item in found if item.kind} == {1, 2, 3, 4}
    sound = [item for item in found if item.kind is None]
    assert all(item.grade is None and not item.certified and item.device_given is None for item in sound)


def test_a_device_is_never_given_before_birth() -> None:
    born = date(2020, 11, 30)
    given = [item.device_given_on for item in _many(Category.SELF, Need.REHABILITATION, born)]
    assert min(day for day in given if day) >= born
