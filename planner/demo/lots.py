"""Drawing lots: one of several things, evenly or by weight, and whether something happens."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from typing import Generic, Self, TypeVar

import numpy as np

Item = TypeVar("Item")


@dataclass(frozen=True)
class Lot(Generic[Item]):
    """Things with weights; `bounds` are the running shares of all, the last one 1."""

    items: tuple[Item, ...]
    bounds: tuple[float, ...]

    @classmethod
    def of(cls, weights: Mapping[Item, float]) -> Self:
        """The lot of the keys by their weights, of which at least one is above 0."""
        total = sum(weights.values())
        running = list(accumulate(weight / total for weight in weights.values()))
        return cls(tuple(weights), (*running[:-1], 1.0))

    def draw(self, chance: np.random.Generator) -> Item:
        """One of the things."""
        return self.items[bisect_right(self.bounds, chance.random())]


def one_of(items: Sequence[Item], chance: np.random.Generator) -> Item:
    """One of the items, each as likely as the next."""
    return items[int(chance.random() * len(items))]


def happens(share: float, chance: np.random.Generator) -> bool:
    """Whether something comes true that does so in this share of cases."""
    return chance.random() < share


def between(first: int, last: int, chance: np.random.Generator) -> int:
    """A whole number from `first` to `last`, both included."""
    return first + int(chance.random() * (last - first + 1))


def day_between(first: date, last: date, chance: np.random.Generator) -> date:
    """A day from `first` to `last`, both included."""
    return first + timedelta(days=between(0, (last - first).days, chance))
