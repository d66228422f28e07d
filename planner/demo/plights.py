"""What befell the families of children in difficulty: the states of the parents and their poverty.

Every pair of states stands in section 二 of the policy, or deliberately does not. The shares are invented.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.demo.lots import Lot, between, happens
from planner.model.children import ParentStatus
from planner.model.demand import Category
from planner.model.words import Basis, ParentState

States = tuple[ParentState, ...]
Pair = tuple[States, States]

OK, DECEASED, MISSING, DISABLED, ILL, PRISON, REMARRIED, LOST = (
    (state,)
    for state in (
        ParentState.OK,
        ParentState.DECEASED,
        ParentState.MISSING,
        ParentState.DISABLED,
        ParentState.ILL,
        ParentState.PRISON,
        ParentState.REMARRIED,
        ParentState.LOST_CONTACT,
    )
)
_REMARRIED_AND_LOST: States = (*REMARRIED, *LOST)
_UNKNOWN: States = (ParentState.UNKNOWN,)

# (father, mother). 双亡 counts by 「等情况」, the others are those of 二(三)a–d.
_GUARDIANSHIP: Lot[Pair] = Lot.of(
    {
        (DECEASED, DECEASED): 15.0,
        (DECEASED, REMARRIED): 32.0,
        (DECEASED, _REMARRIED_AND_LOST): 6.0,
        (DECEASED, MISSING): 8.0,
        (MISSING, DECEASED): 2.0,
        (DECEASED, PRISON): 3.0,
        (PRISON, DECEASED): 4.0,
        (DISABLED, MISSING): 9.0,
        (PRISON, MISSING): 8.0,
        (DISABLED, PRISON): 2.0,
        (PRISON, DISABLED): 4.0,
        (PRISON, PRISON): 3.0,
        (MISSING, MISSING): 4.0,
    }
)
# 二(一)a and b.
_FAMILY: Lot[Pair] = Lot.of(
    {
        (DECEASED, DISABLED): 10.0,
        (DISABLED, DECEASED): 7.0,
        (DECEASED, ILL): 12.0,
        (ILL, DECEASED): 6.0,
        (DISABLED, DISABLED): 25.0,
        (DISABLED, ILL): 20.0,
        (ILL, DISABLED): 10.0,
        (ILL, ILL): 10.0,
    }
)
# In no list: such a family is in difficulty through poverty (二(一)c), or through the child.
_POOR: Lot[Pair] = Lot.of(
    {
        (OK, OK): 46.0,
        (ILL, OK): 16.0,
        (DISABLED, OK): 14.0,
        (OK, DISABLED): 8.0,
        (DECEASED, OK): 6.0,
        (PRISON, OK): 3.0,
        (OK, LOST): 4.0,
        (OK, _UNKNOWN): 1.0,
        (DISABLED, LOST): 2.0,
    }
)
_SOUND: Lot[Pair] = Lot.of({(OK, OK): 80.0, (ILL, OK): 8.0, (OK, ILL): 5.0, (DISABLED, OK): 7.0})
_BASES: Lot[Basis | None] = Lot.of({Basis.VILLAGE: 45.0, Basis.POLICE: 35.0, Basis.COURT: 12.0, None: 8.0})

_FAMILY_BY_PARENTS_SHARE = 0.32
_TERM_UNTOLD_SHARE = 0.1
_POOR_SELF_SHARE = 0.45
_DIBAO_SHARE, _TEKUN_SHARE = 0.78, 0.03


@dataclass(frozen=True)
class Plight:
    """A family's lot: its parents, and what its household gets or is.

    `poor` holds for 低保, 特困, 低收入 and 建档立卡 households and those whose ledger only says 家庭贫困.
    """

    father: ParentStatus
    mother: ParentStatus
    poor: bool = False
    dibao: bool = False
    tekun: bool = False
    low_income: bool | None = None
    registered_poor: bool | None = None

    @property
    def pair(self) -> Pair:
        """The states of father and mother."""
        return self.father.states, self.mother.states

    @property
    def is_family_pair(self) -> bool:
        """Whether the parents alone make 家庭困境 (二(一)a, b)."""
        return self.pair in _FAMILY.items

    @property
    def is_orphaned(self) -> bool:
        """双亡."""
        return self.pair == (DECEASED, DECEASED)


def plight_of(categories: set[str], chance: np.random.Generator) -> Plight:
    """The lot of a family with children of these categories: 监护困境 alone, 临时困境 alone, or the other two."""
    if Category.GUARDIANSHIP in categories:
        return _plight(_GUARDIANSHIP.draw(chance), chance, poor=happens(0.25, chance), dibao_share=0.3)
    if Category.TEMPORARY in categories:
        return _plight(_SOUND.draw(chance), chance, poor=False)
    if Category.FAMILY in categories:
        if happens(_FAMILY_BY_PARENTS_SHARE, chance):
            return _plight(_FAMILY.draw(chance), chance, poor=happens(0.7, chance))
        return _plight(_POOR.draw(chance), chance, poor=True)
    pairs = _POOR if happens(_POOR_SELF_SHARE, chance) else _SOUND
    return _plight(pairs.draw(chance), chance, poor=pairs is _POOR)


def _plight(
    pair: Pair, chance: np.random.Generator, *, poor: bool, dibao_share: float = _DIBAO_SHARE
) -> Plight:
    father, mother = (_status(states, chance) for states in pair)
    if not poor:
        return Plight(father, mother, low_income=False if happens(0.5, chance) else None)
    if happens(_TEKUN_SHARE, chance):
        return Plight(father, mother, poor=True, tekun=True)
    if happens(dibao_share, chance):
        registered = happens(0.45, chance)
        return Plight(father, mother, poor=True, dibao=True, registered_poor=registered)
    flags = happens(0.5, chance), happens(0.5, chance)
    return Plight(father, mother, poor=True, low_income=flags[0] or None, registered_poor=flags[1] or None)


def _status(states: States, chance: np.random.Generator) -> ParentStatus:
    """The status with the length of a sentence or of lost contact, and the paper on which 失踪 rests."""
    term: float | None = None
    if states == PRISON and not happens(_TERM_UNTOLD_SHARE, chance):
        term = float(between(4, 150, chance))
    elif ParentState.LOST_CONTACT in states and not happens(_TERM_UNTOLD_SHARE, chance):
        term = float(between(3, 60, chance))
    basis = _BASES.draw(chance) if states == MISSING else None
    return ParentStatus(states, term, basis)
