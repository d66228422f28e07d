"""A planned visit moved to another day or visitor, and the moves that hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Move:
    """A household's visit of a kind, planned on a day with a visitor, and where it is to be instead."""

    household: str
    kind: str
    from_day: date
    from_visitor: str
    to_day: date
    to_visitor: str

    @property
    def start(self) -> tuple[date, str]:
        """The day and the visitor it is taken from."""
        return self.from_day, self.from_visitor

    @property
    def goal(self) -> tuple[date, str]:
        """The day and the visitor it is given to."""
        return self.to_day, self.to_visitor

    @property
    def visit(self) -> tuple[str, str]:
        """Whose visit: the household and the kind."""
        return self.household, self.kind


def times_there(moves: Iterable[Move], visit: tuple[str, str], place: tuple[date, str]) -> int:
    """How many visits more (or fewer) of a household and kind are on a day with a visitor, by these moves."""
    own = [move for move in moves if move.visit == visit]
    return sum(move.goal == place for move in own) - sum(move.start == place for move in own)
