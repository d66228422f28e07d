"""全区农村居民人均可支配收入 by year, on which the yearly change of the allowance rests (三(一))."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class IncomeFigure:
    """The income of a year in yuan per head, and the paper that states it."""

    year: int
    yuan: Decimal
    source: str
