"""A measured figure, and how a time is taken."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """The values of several runs, their unit, and the most that was asked for."""

    title: str
    values: Sequence[float]
    unit: str
    target: float

    @property
    def median(self) -> float:
        """The middle value."""
        return statistics.median(self.values)

    def __str__(self) -> str:
        spread = f"{min(self.values):.2f}–{max(self.values):.2f}"
        verdict = "met" if self.median <= self.target else "MISSED"
        return (
            f"{self.title:<58} {self.median:8.2f} {self.unit:<2} (of {len(self.values)}: {spread})"
            f"  target ≤ {self.target:g}  {verdict}"
        )


def seconds(task: Callable[[], object], runs: int) -> list[float]:
    """How long each of several runs of `task` took."""
    taken = []
    for _ in range(runs):
        began = time.perf_counter()
        task()
        taken.append(time.perf_counter() - began)
    return taken
