"""A sparse program gathered block by block, as arrays of places and values, then handed over in one piece."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import scipy.sparse as sp

from .mip import Program
from .problem import Floats, Mask, Rows


@dataclass(eq=False)
class Blocks:
    """Columns (0 to 1) and rows, added in blocks; `program` makes one of them. A builder, used once."""

    _cost: list[Floats] = field(default_factory=list)
    _whole: list[Mask] = field(default_factory=list)
    _lower: list[Floats] = field(default_factory=list)
    _upper: list[Floats] = field(default_factory=list)
    _entries: list[tuple[Rows, Rows, Floats]] = field(default_factory=list)
    _columns: int = 0
    _rows: int = 0

    def columns(self, count: int, *, cost: Any = 0.0, whole: bool = False) -> Rows:
        """Add `count` columns from 0 to 1; their numbers. `cost`: a number or an array of `count`."""
        self._cost.append(_spread(cost, count))
        self._whole.append(np.full(count, whole))
        self._columns += count
        return np.arange(self._columns - count, self._columns, dtype=np.int64)

    def rows(self, count: int, *, lower: Any = -np.inf, upper: Any = np.inf) -> Rows:
        """Add `count` rows lower ≤ row ≤ upper, empty as yet; their numbers."""
        self._lower.append(_spread(lower, count))
        self._upper.append(_spread(upper, count))
        self._rows += count
        return np.arange(self._rows - count, self._rows, dtype=np.int64)

    def entries(self, row: Rows, column: Rows, value: Any = 1.0) -> None:
        """Add coefficients; equal places are summed. The three are spread to one length."""
        row, column, value = np.broadcast_arrays(row, column, np.asarray(value, dtype=np.float64))
        self._entries.append((row, column, value))

    def program(self) -> Program:
        """All blocks as one program, minimised."""
        row, column, value = (
            np.concatenate([np.empty(0, dtype=dtype), *(entry[part] for entry in self._entries)])
            for part, dtype in enumerate((np.int64, np.int64, np.float64))
        )
        return Program(
            objective=np.concatenate([np.empty(0), *self._cost]),
            rows=sp.csr_array(sp.coo_array((value, (row, column)), shape=(self._rows, self._columns))),
            row_lower=np.concatenate([np.empty(0), *self._lower]),
            row_upper=np.concatenate([np.empty(0), *self._upper]),
            whole=np.concatenate([np.empty(0, dtype=bool), *self._whole]),
        )


def _spread(value: Any, count: int) -> Floats:
    return np.broadcast_to(np.asarray(value, dtype=np.float64), count)
