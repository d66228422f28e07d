"""The assignment of places to holders as arrays: what it costs, what is allowed, and the value of an answer.

Places are villages or groups, holders cadres. The value of an answer is

    Σ cost[place, holder of place] + balance · Σ over holders |load held − target|

where `cost` weighs travel and the change of a present holder, and `load` is children × grade weight
(policy reading of 五(三): one primary holder for each place).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Problem:
    """`cost` (places, holders); whole `load` (places); `allowed` (places, holders); `capacity` and `target` (holders).

    `adjacent` (places, places), symmetric, says which places touch: with it every holder's places are to hang
    together, as far as possible. Raises ValueError for arrays that do not fit each other.
    """

    cost: Floats
    load: Ints
    allowed: Bools
    capacity: Ints
    target: Floats
    balance: float = 2.0
    adjacent: Bools | None = None

    def __post_init__(self) -> None:
        places, holders = self.cost.shape
        shapes = {
            "load": (self.load.shape, (places,)),
            "allowed": (self.allowed.shape, (places, holders)),
            "capacity": (self.capacity.shape, (holders,)),
            "target": (self.target.shape, (holders,)),
        }
        if self.adjacent is not None:
            shapes["adjacent"] = (self.adjacent.shape, (places, places))
        if wrong := [name for name, (found, expected) in shapes.items() if found != expected]:
            raise ValueError(f"shapes do not fit cost {self.cost.shape}: {', '.join(wrong)}")
        if not np.isfinite(self.cost[self.allowed]).all() or (self.load < 0).any() or self.balance < 0:
            raise ValueError("costs must be finite, loads and the weight of balance not negative")
        if self.adjacent is not None and (self.adjacent != self.adjacent.T).any():
            raise ValueError("adjacent must be symmetric")

    @cached_property
    def places(self) -> int:
        """How many places there are."""
        return self.cost.shape[0]

    @cached_property
    def holders(self) -> int:
        """How many holders there are."""
        return self.cost.shape[1]


def loads(problem: Problem, holder: Ints) -> Ints:
    """The load that each holder carries, shape (holders,)."""
    held = np.zeros(problem.holders, dtype=np.int64)
    np.add.at(held, holder, problem.load)
    return held


def value_of(problem: Problem, holder: Ints) -> float:
    """The value of an answer, the smaller the better; `holder` (places,) names a holder for every place."""
    costs = problem.cost[np.arange(problem.places), holder].sum()
    return float(costs + problem.balance * np.abs(loads(problem, holder) - problem.target).sum())


def stray_pieces(adjacent: Bools, holder: Ints) -> int:
    """How many connected pieces there are beyond the first of each holder."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    together = adjacent & (holder[:, None] == holder[None, :])
    pieces, _ = connected_components(csr_array(together), directed=False)
    return int(pieces - len(np.unique(holder)))
