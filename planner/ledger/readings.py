"""What a normaliser answers: the value, and what must be said about it. A cell that has none is a Fault.

Codes begin with E (reject), W (accept with a warning), N (accept, told) or S (skip); docs/ledger_codes.md
lists them all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

Value = TypeVar("Value", covariant=True)


@dataclass(frozen=True)
class Remark:
    """Something to tell the person who wrote the cell: a stable code, what was found, what to do."""

    code: str
    message: str
    fix: str = ""

    @property
    def is_warning(self) -> bool:
        """Whether a person should look at it."""
        return self.code.startswith("W-")


@dataclass(frozen=True)
class Reading(Generic[Value]):
    """The meaning of a cell, with remarks."""

    value: Value
    remarks: tuple[Remark, ...] = ()
