"""A measured figure, and how a time is taken."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """The values of several runs, their unit, and the most (or, with `least`, the least) that was asked for."""

    title: str
    values: Sequence[float]
    unit: str
    target: float
    least: bool = False

    @property
    def median(self) -> float:
        """The middle value."""
        return statistics.median(self.values)

    def __str__(self) -> str:
        spread = f"{min(self.values):.2f}–{max(self.values):.2f}"
        met = self.median >= self.target if self.least else self.median <= self.target
        sign = "≥" if self.least else "≤"
        return (
            f"{self.title:<58} {self.median:8.2f} {self.unit:<2} (of {len(self.values)}: {spread})"
            f"  target {sign} {self.target:g}  {'met' if met else 'MISSED'}"
        )


def seconds(task: Callable[[], object], runs: int) -> list[float]:
    """How long each of several runs of `task` took."""
    taken = []
    for _ in range(runs):
        began = time.perf_counter()
        task()
        taken.append(time.perf_counter() - began)
    return taken
