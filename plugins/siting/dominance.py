"""What of a covering question decides nothing: rows and columns that others stand for."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .problem import Mask, Rows

# Comparing every pair of rows or columns is worth while up to about a second of arithmetic.
_PAIRS_AT_MOST = 2e10


def reduce_cover(reach: Mask) -> tuple[Rows, Rows, Rows]:
    """Rows that still matter, columns that still may be chosen, and columns that must be.

    A row goes when it is reached wherever another one is; a column when another one reaches all it does; a
    column that alone reaches a row is chosen.
    """
    rows = first_alike(reach)
    columns = np.arange(reach.shape[1])
    forced: list[int] = []
    while rows.size:
        before = rows.size, columns.size
        core = reach[np.ix_(rows, columns)]
        if max(core.shape) ** 2 * min(core.shape) > _PAIRS_AT_MOST:
            break
        columns = columns[~_inside_another(core.T)]
        core = reach[np.ix_(rows, columns)]
        rows = rows[~_around_another(core)]
        core = reach[np.ix_(rows, columns)]
        alone = core[core.sum(axis=1) == 1].any(axis=0)
        forced += columns[alone].tolist()
        rows = rows[~core[:, alone].any(axis=1)]
        columns = columns[~alone & reach[np.ix_(rows, columns)].any(axis=0)]
        if (rows.size, columns.size) == before:
            break
    return rows, columns, np.array(sorted(forced), dtype=np.int64)


def first_alike(reach: Mask) -> Rows:
    """The first of each kind of row."""
    if not reach.size:
        return np.arange(len(reach))
    return np.sort(np.unique(np.packbits(reach, axis=1), axis=0, return_index=True)[1])


def _inside_another(sets: Mask) -> Mask:
    """Which rows of `sets` are a part of another row; of equal ones the first stays."""
    common = _intersections(sets)
    size = np.diag(common)
    inside = common == size[:, None]
    larger = (size[None, :] > size[:, None]) | np.tri(len(sets), k=-1, dtype=bool)
    return (inside & larger).any(axis=1)


def _around_another(sets: Mask) -> Mask:
    """Which rows of `sets` hold another row; of equal ones the first stays."""
    common = _intersections(sets)
    size = np.diag(common)
    around = common == size[None, :]
    smaller = (size[None, :] < size[:, None]) | np.tri(len(sets), k=-1, dtype=bool)
    return (around & smaller).any(axis=1)


def _intersections(sets: Mask) -> npt.NDArray[np.float32]:
    """How many members each two rows have in common."""
    counted = sets.astype(np.float32)
    return counted @ counted.T


def count_disjoint(reach: Mask) -> int:
    """Rows of which no column reaches two: each asks for a column of its own."""
    taken = np.zeros(reach.shape[1], dtype=bool)
    found = 0
    for row in np.argsort(reach.sum(axis=1), kind="stable"):
        if not (reach[row] & taken).any():
            taken |= reach[row]
            found += 1
    return found
