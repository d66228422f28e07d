from datetime import date

import numpy as np
import pytest

from planner.demo.names import HAN, HUI, given_name, new_name, surname
from planner.ledger.person_names import person_name
from planner.model.words import Sex

BORN = [date(1950, 1, 1), date(1985, 1, 1), date(2015, 1, 1)]


@pytest.mark.parametrize("sex", Sex)
@pytest.mark.parametrize("ethnicity", [HAN, HUI, "满族"])
@pytest.mark.parametrize("born", BORN)
def test_every_name_is_one_that_a_ledger_takes(sex: Sex, ethnicity: str, born: date) -> None:
    chance = np.random.default_rng(0)
    for _ in range(300):
        name = new_name(sex, ethnicity, born, chance)
        assert 2 <= len(name) <= 4
        reading = person_name(name)
        assert (reading.value, reading.remarks) == (name, ())


def test_a_name_keeps_the_surname_of_the_family_and_is_not_taken() -> None:
    chance = np.random.default_rng(0)
    taken: set[str] = set()
    for _ in range(60):
        name = new_name(Sex.MALE, HAN, BORN[2], chance, family="海", taken=taken)
        assert name.startswith("海")
        assert name not in taken
        taken.add(name)


def test_where_every_name_is_taken_it_grows_longer() -> None:
    class Everything(set[str]):
        def __contains__(self, name: object) -> bool:
            return len(str(name)) < 5

    name = new_name(Sex.FEMALE, HAN, BORN[2], np.random.default_rng(0), family="王", taken=Everything())
    assert name.startswith("王")
    assert len(name) == 5


def test_the_hui_are_often_called_ma_and_sometimes_after_the_faith() -> None:
    chance = np.random.default_rng(0)
    hui = [surname(HUI, chance) for _ in range(2_000)]
    han = [surname(HAN, chance) for _ in range(2_000)]
    assert 0.25 < hui.count("马") / 2_000 < 0.4
    assert han.count("马") / 2_000 < 0.08
    elder = [given_name(Sex.MALE, HUI, BORN[0], chance) for _ in range(500)]
    assert "尔撒" in elder
    assert "尔撒" not in [given_name(Sex.MALE, HAN, BORN[0], chance) for _ in range(500)]


def test_each_generation_has_its_fashion() -> None:
    chance = np.random.default_rng(0)
    old = {given_name(Sex.FEMALE, HAN, BORN[0], chance) for _ in range(500)}
    young = {given_name(Sex.FEMALE, HAN, BORN[2], chance) for _ in range(500)}
    assert "秀英" in old
    assert "秀英" not in young
    assert len(old & young) < 10
