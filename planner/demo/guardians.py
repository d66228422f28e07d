"""Who looks after the children of a family: a parent who can, else grandparents, uncles and aunts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from planner.demo.lots import Lot, between, happens
from planner.demo.names import new_name
from planner.demo.people import FAMILY_ORDERS, new_id_number
from planner.demo.plights import Plight
from planner.model.children import ParentStatus
from planner.model.words import ParentState, Sex

_AT_HOME = frozenset({ParentState.OK, ParentState.ILL, ParentState.DISABLED, ParentState.UNKNOWN})


@dataclass(frozen=True)
class _Relation:
    """A relation to the child: sex, whether of the father's surname, years older than the eldest child."""

    sex: Sex
    own_surname: bool
    youngest: int
    oldest: int


_RELATIONS = {
    "父亲": _Relation(Sex.MALE, True, 21, 42),
    "母亲": _Relation(Sex.FEMALE, False, 20, 40),
    "爷爷": _Relation(Sex.MALE, True, 44, 66),
    "奶奶": _Relation(Sex.FEMALE, False, 42, 64),
    "伯父": _Relation(Sex.MALE, True, 24, 46),
    "叔叔": _Relation(Sex.MALE, True, 18, 38),
    "姑姑": _Relation(Sex.FEMALE, True, 18, 42),
    "外公": _Relation(Sex.MALE, False, 43, 66),
    "外婆": _Relation(Sex.FEMALE, False, 42, 64),
    "舅舅": _Relation(Sex.MALE, False, 18, 42),
}
_KIN = Lot.of(
    {"爷爷": 34.0, "奶奶": 27.0, "伯父": 8.0, "叔叔": 8.0, "姑姑": 6.0, "外公": 6.0, "外婆": 7.0, "舅舅": 4.0}
)
_PARENT_SHARE = 0.85
_ID_TOLD_SHARE = 0.62
_NO_PHONE_SHARE, _TWO_PHONES_SHARE = 0.02, 0.05


@dataclass(frozen=True)
class Guardian:
    """监护人 as the ledger names one."""

    name: str
    relation: str
    id_number: str | None
    phones: tuple[str, ...]

    @property
    def is_parent(self) -> bool:
        """Whether it is the father or the mother."""
        return self.relation in ("父亲", "母亲")


def guardian_of(
    plight: Plight,
    *,
    family: str,
    ethnicity: str,
    eldest: date,
    county: str,
    phones: Iterator[str],
    taken: set[str],
    chance: np.random.Generator,
) -> Guardian:
    """The guardian of a family of that surname; `taken` are the ID numbers given in the county so far."""
    relation = _relation(plight, chance)
    kind = _RELATIONS[relation]
    years = between(kind.youngest, kind.oldest, chance)
    born = eldest - timedelta(days=round(365.25 * years) + between(0, 364, chance))
    name = new_name(kind.sex, ethnicity, born, chance, family=family if kind.own_surname else None)
    number = None
    if happens(_ID_TOLD_SHARE, chance):
        number = new_id_number(county, born, kind.sex, chance, orders=FAMILY_ORDERS, taken=taken)
    count = Lot.of({0: _NO_PHONE_SHARE, 2: _TWO_PHONES_SHARE, 1: 1 - _NO_PHONE_SHARE - _TWO_PHONES_SHARE})
    told = tuple(next(phones) for _ in range(count.draw(chance)))
    return Guardian(name, relation, number, told)


def _relation(plight: Plight, chance: np.random.Generator) -> str:
    parents = [
        word for word, status in (("父亲", plight.father), ("母亲", plight.mother)) if _can_care(status)
    ]
    if parents and happens(_PARENT_SHARE, chance):
        return parents[0] if len(parents) == 1 or happens(0.7, chance) else parents[1]
    return _KIN.draw(chance)


def _can_care(status: ParentStatus) -> bool:
    return _AT_HOME.issuperset(status.states)
