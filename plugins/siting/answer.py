"""What a siting model answers, and what it says when no answer exists."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from planner.errors import InputError

_NAMED_AT_MOST = 10
_PRECISION = 1e-6


def meets(objective: float, bound: float) -> bool:
    """Whether the bound proves the objective: equal to a millionth, the precision of the solvers' arithmetic."""
    return abs(objective - bound) <= _PRECISION * abs(objective)


@dataclass(frozen=True)
class Siting:
    """Open sites, and who goes where.

    `sites`: candidate indices of all open sites, ascending, the fixed ones among them.
    `assigned`: for each demand the candidate it goes to (the nearest open one, the lowest index on a tie),
    −1 where it goes nowhere; shape (demand,). `uncovered`: the demand indices with −1, ascending.
    `objective`: in the unit of the model. `bound`: no answer can be better than this (a lower bound where
    the model minimises, an upper one where it maximises). `proved`: the bound meets the objective.
    """

    sites: tuple[int, ...]
    assigned: npt.NDArray[np.int64] = field(compare=False)
    objective: float
    bound: float
    proved: bool
    uncovered: tuple[int, ...]

    def with_bound(self, bound: float) -> Siting:
        """The same answer with what is known of the best one; a bound that meets the objective proves it."""
        proved = meets(self.objective, bound)
        return replace(self, bound=self.objective if proved else float(bound), proved=proved)

    @property
    def gap(self) -> float:
        """How far the objective may be from the best one, as a share of the objective; 0 when proved."""
        if self.proved:
            return 0.0
        return abs(self.objective - self.bound) / abs(self.objective) if self.objective else float("inf")


class Infeasible(InputError):  # noqa: N818 (the name of the public interface)
    """No choice of sites serves all demand that some candidate reaches.

    `demand`: indices of the demand that stays unmet. `smallest_limit`: the least limit with which all could
    be met, None where another limit would not help. `smallest_count`: likewise the number of new sites.
    `decided`: False where the time ran out before it was known; then `smallest_count` works, but a smaller one may.
    """

    def __init__(
        self,
        demand: Sequence[int],
        *,
        smallest_limit: float | None = None,
        smallest_count: int | None = None,
        decided: bool = True,
    ) -> None:
        self.demand = tuple(int(place) for place in demand)
        self.smallest_limit = smallest_limit
        self.smallest_count = smallest_count
        self.decided = decided
        named = "、".join(f"第{place + 1}个" for place in self.demand[:_NAMED_AT_MOST])
        more = f"等{len(self.demand)}个" if len(self.demand) > _NAMED_AT_MOST else ""
        fixes = []
        if smallest_limit is not None:
            # Rounded up, so that the figure as read works.
            fixes.append(f"把限值放宽到至少{math.ceil(smallest_limit * 100) / 100:g}")
        if smallest_count is not None:
            fixes.append(f"把新增点数增加到至少{smallest_count}个")
        found = "没有可行的选址" if decided else "到时限还没有找到可行的选址,也没有证明没有"
        super().__init__(
            f"{found}:{named}{more}需求点无法满足",
            "请" + ",或".join(fixes) if fixes else "请增加候选点",
        )
