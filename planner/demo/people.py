"""What every generated person has: a birthday, an ID number with a sound check digit, a telephone number.

No number is taken from anybody: telephones begin with 154, a range that no operator is known to hand out.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np

from planner.demo.days import DATA_DAY
from planner.demo.lots import between, day_between, happens
from planner.ledger.id_numbers import check_digit
from planner.model.demand import AgeBand
from planner.model.words import Sex
from planner.policy.ages import years_later

# The first and last completed year of age.
_AGES = {AgeBand.EARLY: (0, 6), AgeBand.SCHOOL: (7, 14), AgeBand.YOUTH: (15, 17)}
# A child comes on the ledger some weeks after its birth at the earliest.
_YOUNGEST_DAYS = 30
# 固原地区 before it became a city: whoever was registered then keeps a number that begins so.
_OLD_PREFIXES = {
    "640402": "642221",
    "640422": "642223",
    "640423": "642224",
    "640424": "642225",
    "640425": "642226",
    "640522": "642222",
}
_OLD_CODES_UNTIL = date(2002, 1, 1)
_OLD_CODES_LINGER_UNTIL = date(2006, 1, 1)
_OLD_CODE_SHARE, _LINGERING_SHARE = 0.9, 0.4
# The three digits after the birthday: officers and families each have their own, so that no two numbers meet.
FAMILY_ORDERS, OFFICER_ORDERS = range(800), range(800, 1000)
FAMILY_PHONES, OFFICER_PHONES = "1541", "1540"


def birthday(band: AgeBand, chance: np.random.Generator) -> date:
    """A birthday of somebody in the age band on DATA_DAY."""
    youngest, oldest = _AGES[band]
    first = years_later(DATA_DAY, -(oldest + 1)) + timedelta(days=1)
    last = years_later(DATA_DAY, -youngest)
    return day_between(first, min(last, DATA_DAY - timedelta(days=_YOUNGEST_DAYS)), chance)


def sex_of_chance(chance: np.random.Generator, *, men: float = 0.5) -> Sex:
    """男 in the share `men` of cases, else 女."""
    return Sex.MALE if happens(men, chance) else Sex.FEMALE


def id_prefix(county: str, born: date, chance: np.random.Generator) -> str:
    """The first six digits of a number given in a county: its code, or what that was before 2002 (6422xx)."""
    old = _OLD_PREFIXES.get(county)
    if old is None or born >= _OLD_CODES_LINGER_UNTIL:
        return county
    share = _OLD_CODE_SHARE if born < _OLD_CODES_UNTIL else _LINGERING_SHARE
    return old if happens(share, chance) else county


def new_id_number(
    county: str, born: date, sex: Sex, chance: np.random.Generator, *, orders: range, taken: set[str]
) -> str:
    """An ID number of 18 digits that is not `taken`, to which it is added.

    `orders` are the numbers of people born on one day that may be used; odd ones are men's.
    """
    start = f"{id_prefix(county, born, chance)}{born:%Y%m%d}"
    first = between(0, len(orders) // 2 - 1, chance)
    for step in range(len(orders) // 2):
        order = orders.start + 2 * ((first + step) % (len(orders) // 2)) + (sex is Sex.MALE)
        digits = f"{start}{order:03}"
        number = digits + check_digit(digits)
        if number not in taken:
            taken.add(number)
            return number
    raise ValueError(f"every number of {start} is taken")


def phone_numbers(prefix: str, chance: np.random.Generator) -> Iterator[str]:
    """Telephone numbers of 11 digits that begin with `prefix`, without end, no two alike."""
    digits = 11 - len(prefix)
    step = 2 * between(10 ** (digits - 2), 4 * 10 ** (digits - 2), chance) + 1
    step += 2 * (step % 5 == 0)  # prime to 10: every number comes once before one comes again
    number = between(0, 10**digits - 1, chance)
    while True:
        yield f"{prefix}{number:0{digits}}"
        number = (number + step) % 10**digits
