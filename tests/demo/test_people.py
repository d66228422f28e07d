from datetime import date, timedelta
from itertools import islice

import numpy as np
import pytest

from planner.demo.days import DATA_DAY
from planner.demo.people import (
    FAMILY_ORDERS,
    FAMILY_PHONES,
    OFFICER_ORDERS,
    OFFICER_PHONES,
    birthday,
    id_prefix,
    new_id_number,
    phone_numbers,
    sex_of_chance,
)
from planner.ledger.id_numbers import Holder, birth_of, id_number, sex_of
from planner.ledger.phones import phones
from planner.model.demand import AgeBand
from planner.model.words import Sex
from planner.policy.needs import age_band

BORN = date(2012, 3, 5)


@pytest.mark.parametrize(
    ("band", "first", "last"),
    [
        (AgeBand.EARLY, date(2014, 1, 1), date(2020, 12, 1)),
        (AgeBand.SCHOOL, date(2006, 1, 1), date(2013, 12, 31)),
        (AgeBand.YOUTH, date(2003, 1, 1), date(2005, 12, 31)),
    ],
)
def test_birthdays_fill_their_age_band_and_no_more(band: AgeBand, first: date, last: date) -> None:
    chance = np.random.default_rng(0)
    days = [birthday(band, chance) for _ in range(20_000)]
    assert (min(days), max(days)) == (first, last)
    assert {age_band(day, DATA_DAY) for day in days} == {band}
    assert age_band(first - timedelta(days=1), DATA_DAY) != band


@pytest.mark.parametrize("sex", Sex)
def test_a_number_says_sex_and_birthday_and_is_sound(sex: Sex) -> None:
    chance = np.random.default_rng(0)
    taken: set[str] = set()
    for _ in range(50):
        number = new_id_number("640324", BORN, sex, chance, orders=FAMILY_ORDERS, taken=taken)
        assert id_number(number, Holder.CHILD).value == number
        assert (number[:6], birth_of(number), sex_of(number)) == ("640324", BORN, sex)
        assert int(number[14:17]) in FAMILY_ORDERS
    assert len(taken) == 50


def test_a_day_has_so_many_numbers_and_no_more() -> None:
    chance = np.random.default_rng(0)
    taken: set[str] = set()
    orders = range(800, 806)
    for _ in range(3):
        new_id_number("640324", BORN, Sex.MALE, chance, orders=orders, taken=taken)
    assert {int(number[14:17]) for number in taken} == {801, 803, 805}
    with pytest.raises(ValueError, match="taken"):
        new_id_number("640324", BORN, Sex.MALE, chance, orders=orders, taken=taken)
    new_id_number("640324", BORN, Sex.FEMALE, chance, orders=orders, taken=taken)


def test_families_and_officers_never_share_a_number() -> None:
    assert set(FAMILY_ORDERS).isdisjoint(OFFICER_ORDERS)
    assert FAMILY_PHONES != OFFICER_PHONES


def test_the_old_codes_of_guyuan_are_left_to_those_born_before() -> None:
    chance = np.random.default_rng(0)
    elders = {id_prefix("640522", date(1960, 1, 1), chance) for _ in range(200)}
    assert elders == {"642222", "640522"}
    assert {id_prefix("640522", date(2004, 5, 1), chance) for _ in range(200)} == {"642222", "640522"}
    assert {id_prefix("640522", date(2006, 1, 1), chance) for _ in range(200)} == {"640522"}
    assert {id_prefix("640324", date(1960, 1, 1), chance) for _ in range(200)} == {"640324"}


@pytest.mark.parametrize("seed", range(20))
def test_telephone_numbers_are_well_formed_belong_to_nobody_and_never_repeat(seed: int) -> None:
    numbers = list(islice(phone_numbers(FAMILY_PHONES, np.random.default_rng(seed)), 5_000))
    assert len(set(numbers)) == 5_000
    assert all(number.startswith("154") and len(number) == 11 for number in numbers)
    reading = phones("、".join(numbers[:3]))
    assert (reading.value, reading.remarks) == (tuple(numbers[:3]), ())


def test_every_telephone_number_comes_before_one_comes_again() -> None:
    numbers = list(islice(phone_numbers("15400000", np.random.default_rng(3)), 1_000))
    assert len(set(numbers)) == 1_000


def test_sex_by_its_share() -> None:
    chance = np.random.default_rng(0)
    assert {sex_of_chance(chance, men=1.0) for _ in range(20)} == {Sex.MALE}
    assert {sex_of_chance(chance, men=0.0) for _ in range(20)} == {Sex.FEMALE}
