from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from planner.demo.aid import Aid, aid_of, newest_standards
from planner.demo.families import Head
from planner.demo.health import Health
from planner.demo.plights import Plight
from planner.model.children import ParentStatus
from planner.model.demand import Category
from planner.model.words import Benefit, DisabilityKind, ParentState, Placement, Sex
from planner.policy.benefits import benefit_conflicts
from planner.policy.rules import load_rules
from planner.policy.words import Tier

RULES = load_rules("doc2017")
OK, DEAD, DISABLED = (ParentStatus((ParentState(word),)) for word in ("ok", "deceased", "disabled"))
SOUND = Health()


def _many(
    category: Category, plight: Plight, health: Health = SOUND, placement: Placement | None = None
) -> list[Aid]:
    chance = np.random.default_rng(0)
    head = Head(0, category, None, date(2010, 1, 1), Sex.MALE)
    standard = newest_standards(RULES)
    return [
        aid_of(head, plight, health, placement, rules=RULES, standard=standard, chance=chance)
        for _ in range(1_000)
    ]


def test_the_standards_of_2019_by_hand() -> None:
    # base + (733 + 886) × share ÷ 12, each year rounded to the cent
    assert newest_standards(RULES) == {
        Tier.INSTITUTION: Decimal("1000") + Decimal("48.87") + Decimal("59.07"),
        Tier.ORPHAN: Decimal("700") + Decimal("36.65") + Decimal("44.30"),
        Tier.UNRAISED: Decimal("500") + Decimal("30.54") + Decimal("36.92"),
    }


@pytest.mark.parametrize(
    ("plight", "placement", "amount"),
    [
        (Plight(DEAD, DEAD), None, Decimal("780.95")),
        (Plight(DISABLED, DISABLED), None, Decimal("567.46")),
        (Plight(OK, OK), Placement.INSTITUTION_TEMPORARY, Decimal("1107.94")),
    ],
)
def test_most_get_the_allowance_of_their_tier(
    plight: Plight, placement: Placement | None, amount: Decimal
) -> None:
    found = _many(Category.GUARDIANSHIP, plight, placement=placement)
    paid = [item for item in found if item.benefits == (Benefit.ORPHAN_ALLOWANCE,)]
    assert 0.85 < len(paid) / len(found) < 0.95
    assert {item.amount for item in paid} == {amount, None}
    assert {item.benefits for item in found} == {(Benefit.ORPHAN_ALLOWANCE,), ()}


def test_what_excludes_itself_is_sometimes_taken_together() -> None:
    found = _many(Category.GUARDIANSHIP, Plight(DEAD, DEAD, poor=True, dibao=True))
    conflicts = [item for item in found if benefit_conflicts(item.benefits, RULES)]
    assert 0.2 < len(conflicts) / len(found) < 0.35
    assert all(item.benefits == (Benefit.DIBAO, Benefit.ORPHAN_ALLOWANCE) for item in conflicts)


def test_a_family_without_tier_keeps_its_dibao() -> None:
    found = _many(Category.FAMILY, Plight(OK, OK, poor=True, dibao=True))
    assert {item.benefits for item in found} == {(Benefit.DIBAO,)}
    tekun = _many(Category.FAMILY, Plight(OK, OK, poor=True, tekun=True))
    assert {item.benefits for item in tekun} == {(Benefit.TEKUN,)}
    assert {item.benefits for item in _many(Category.FAMILY, Plight(OK, OK, poor=True))} == {()}


def test_the_subsidies_are_for_the_certified_who_are_severely_disabled_or_on_dibao() -> None:
    severe = Health(kind=DisabilityKind.SIGHT, grade=1, certified=True)
    slight = Health(kind=DisabilityKind.SIGHT, grade=4, certified=True)
    waiting = Health(kind=DisabilityKind.SIGHT, grade=1)

    def share(health: Health, *, dibao: bool = False) -> float:
        found = _many(Category.SELF, Plight(OK, OK, poor=dibao, dibao=dibao), health)
        return sum(Benefit.TWO_SUBSIDIES in item.benefits for item in found) / len(found)

    assert 0.8 < share(severe) < 0.9
    assert share(slight) == 0
    assert 0.8 < share(slight, dibao=True) < 0.9
    assert share(waiting, dibao=True) == 0


def test_relief_is_for_temporary_trouble_and_no_monthly_amount() -> None:
    found = _many(Category.TEMPORARY, Plight(OK, OK))
    assert {item.benefits for item in found} == {(Benefit.TEMP_RELIEF,), ()}
    assert {item.amount for item in found} == {None}
