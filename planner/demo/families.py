"""The heads that the demand counts, one child each, and the families that they make."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from planner.demo.lots import happens
from planner.demo.people import birthday, sex_of_chance
from planner.model.demand import AgeBand, Category, Need
from planner.model.words import Sex

_BOYS = 0.53
# How likely the next child of a village has the family of the one before it.
_SIBLING_SHARES = {Category.GUARDIANSHIP: 0.34, Category.FAMILY: 0.30, Category.SELF: 0.12}
_MOST_CHILDREN = 4
# No mother has two children nearer than this.
_APART_DAYS = 300


@dataclass(frozen=True)
class Head:
    """One child of the demand: `village` is the row of its village."""

    village: int
    category: Category
    need: Need | None
    birth: date
    sex: Sex


Family = tuple[Head, ...]


def heads_of(demand: pd.DataFrame, villages: Sequence[str], chance: np.random.Generator) -> list[Head]:
    """One head for each child that the rows (village, age_band, category, need, children) count, in order."""
    at = {code: row for row, code in enumerate(villages)}
    columns = (demand[name] for name in ("village", "age_band", "category", "need", "children"))
    return [
        Head(
            at[village],
            Category(category),
            Need(need) if isinstance(need, str) else None,
            birthday(AgeBand(band), chance),
            sex_of_chance(chance, men=_BOYS),
        )
        for village, band, category, need, children in zip(*columns, strict=True)
        for _ in range(children)
    ]


def families_of(heads: Sequence[Head], chance: np.random.Generator) -> list[Family]:
    """The heads in families, village by village; siblings live together and share one category of trouble.

    监护困境 goes with itself, 家庭困境 and 自身困境 with one another. Children in placement and in 临时困境 come
    alone. The eldest of a family is first.
    """
    families: list[Family] = []
    for pool in _pools(heads):
        order = chance.permutation(len(pool)).tolist()
        members: list[Head] = []
        for row in order:
            head = pool[row]
            if members and not _joins(head, members, chance):
                families.append(_by_age(members))
                members = []
            members.append(head)
        families.append(_by_age(members))
    return families


def _pools(heads: Sequence[Head]) -> Iterator[list[Head]]:
    """The heads among whom siblings may be found, by village; none is empty."""
    pools: dict[tuple[int, str], list[Head]] = {}
    for number, head in enumerate(heads):
        if head.need is Need.PLACEMENT or head.category is Category.TEMPORARY:
            key = f"alone {number}"
        else:
            key = "guardianship" if head.category is Category.GUARDIANSHIP else "household"
        pools.setdefault((head.village, key), []).append(head)
    yield from pools.values()


def _joins(head: Head, members: Sequence[Head], chance: np.random.Generator) -> bool:
    if len(members) == _MOST_CHILDREN or not happens(_SIBLING_SHARES[head.category], chance):
        return False
    return all(abs((head.birth - member.birth).days) >= _APART_DAYS for member in members)


def _by_age(members: Sequence[Head]) -> Family:
    return tuple(sorted(members, key=lambda head: head.birth))
