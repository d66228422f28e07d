"""Which divisions a reader may see; every read of the store takes one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, false, or_, true

from planner.model.divisions import is_code


@dataclass(frozen=True)
class Scope:
    """The divisions `areas` with all they hold; None is everything, an empty set nothing at all."""

    areas: frozenset[str] | None

    def narrowed(self, area: str) -> Scope:
        """What of this scope lies in the division `area`."""
        if self.areas is None or any(area.startswith(own) for own in self.areas):
            return Scope(frozenset({area}))
        return Scope(frozenset(own for own in self.areas if own.startswith(area)))

    def within(self, other: Scope) -> Scope:
        """What both scopes hold."""
        if other.areas is None:
            return self
        return Scope(frozenset(area for own in other.areas for area in self.narrowed(own).areas or ()))

    def holds(self, code: str) -> bool:
        """Whether the division `code` may be seen."""
        return self.areas is None or code.startswith(tuple(self.areas))

    def condition(self, code: ColumnElement[str]) -> ColumnElement[bool]:
        """The same as a condition on a column of division codes."""
        if self.areas is None:
            return true()
        return or_(false(), *(code.startswith(area) for area in sorted(self.areas)))

    def above(self) -> frozenset[str]:
        """The codes of the divisions that hold the areas: their names are needed to name the areas."""
        lengths = (2, 4, 6, 9, 12)
        return frozenset(area[:n] for area in self.areas or () for n in lengths if n < len(area))


EVERYTHING = Scope(None)


def scope_of(areas: Iterable[str]) -> Scope:
    """The scope of the given division codes. Raises ValueError for what is no code."""
    codes = frozenset(areas)
    if wrong := sorted(code for code in codes if not is_code(code)):
        raise ValueError(f"no division codes: {', '.join(wrong)}")
    return Scope(codes)
