from collections import Counter
from datetime import date

import numpy as np

from planner.demo.guardians import Guardian, guardian_of
from planner.demo.people import phone_numbers
from planner.demo.plights import Plight
from planner.ledger.id_numbers import Holder, birth_of, id_number
from planner.model.children import ParentStatus
from planner.model.words import ParentState

OK, DEAD, REMARRIED, DISABLED = (
    ParentStatus((ParentState(word),)) for word in ("ok", "deceased", "remarried", "disabled")
)
ELDEST = date(2010, 6, 1)


def _many(plight: Plight, taken: set[str] | None = None) -> list[Guardian]:
    chance = np.random.default_rng(0)
    taken = set() if taken is None else taken
    phones = phone_numbers("1541", chance)
    return [
        guardian_of(
            plight,
            family="海",
            ethnicity="回族",
            eldest=ELDEST,
            county="640324",
            phones=phones,
            taken=taken,
            chance=chance,
        )
        for _ in range(1_000)
    ]


def test_nobody_dead_or_gone_is_a_guardian() -> None:
    assert not any(item.is_parent for item in _many(Plight(DEAD, DEAD)))
    assert not any(item.is_parent for item in _many(Plight(DEAD, REMARRIED)))
    half = Counter(item.relation for item in _many(Plight(DEAD, DISABLED)))
    assert half["母亲"] > 700
    assert half["父亲"] == 0


def test_parents_go_before_kin() -> None:
    relations = Counter(item.relation for item in _many(Plight(OK, OK)))
    assert relations["父亲"] > relations["母亲"] > relations["爷爷"] > 0


def test_the_fathers_side_has_the_surname_of_the_child() -> None:
    for item in _many(Plight(DEAD, DEAD)):
        if item.relation in ("爷爷", "伯父", "叔叔", "姑姑"):
            assert item.name.startswith("海")
    others = [item.name for item in _many(Plight(DEAD, DEAD)) if item.relation == "奶奶"]
    assert not all(name.startswith("海") for name in others)


def test_numbers_are_sound_and_of_the_right_age() -> None:
    taken: set[str] = set()
    found = _many(Plight(DEAD, DEAD), taken)
    told = [item for item in found if item.id_number]
    assert len(taken) == len(told) == len({item.id_number for item in told})
    assert 0.55 < len(told) / len(found) < 0.7
    for item in told:
        assert id_number(item.id_number, Holder.GUARDIAN).value == item.id_number
        born = birth_of(item.id_number or "")
        assert born is not None
        if item.relation in ("爷爷", "奶奶", "外公", "外婆"):
            assert 40 <= ELDEST.year - born.year <= 68
        else:
            assert 17 <= ELDEST.year - born.year <= 47


def test_telephones() -> None:
    counts = Counter(len(item.phones) for item in _many(Plight(OK, OK)))
    assert counts[1] > 900
    assert counts[0] > 0 < counts[2]
