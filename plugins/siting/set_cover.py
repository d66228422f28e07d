"""Fewest sites that reach all demand (location set covering problem)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from .answer import Infeasible, Siting
from .greedy import cover_greedily, pick_greedily
from .mip import Program, solve
from .problem import (
    Clock,
    Floats,
    Mask,
    Offer,
    Rows,
    StopWished,
    assign,
    check_cost,
    check_fixed,
    check_limit,
    check_time,
    keep_quiet,
    never,
    within,
)

# Comparing every pair of rows or columns is worth while up to about a second of arithmetic.
_PAIRS_AT_MOST = 2e10


@dataclass(frozen=True)
class Cover:
    """Columns that together reach every row, and a number below which no such choice exists."""

    picks: tuple[int, ...]
    bound: int

    @property
    def proved(self) -> bool:
        """Whether fewer columns are impossible."""
        return len(self.picks) <= self.bound


def set_cover(
    cost: npt.ArrayLike,
    *,
    limit: float,
    fixed: Sequence[int] = (),
    time_limit_s: float = 60,
    offer: Offer = keep_quiet,
    stop_wished: StopWished = never,
) -> Siting:
    """The fewest sites, the `fixed` ones among them, that bring all demand within `limit` (LSCP).

    `cost` (demand × candidate) and `limit` in one unit, inf = unreachable. The objective is the number of open
    sites, the fixed ones counted. Demand that no candidate reaches at any cost is set aside in `uncovered`.
    `offer` hears of each better answer, `stop_wished` is asked once per unit of work. Raises Infeasible where
    demand can be reached, but not within the limit, and tells the smallest limit that works; ValueError for
    malformed arguments. Toregas et al. (1971).
    """
    cost = check_cost(cost)
    fixed = check_fixed(fixed, cost.shape[1])
    limit = check_limit(limit)
    clock = Clock(check_time(time_limit_s), stop_wished)

    reach = within(cost, limit)
    reachable = np.isfinite(cost).any(axis=1)
    blocked = np.flatnonzero(reachable & ~reach.any(axis=1))
    if blocked.size:
        raise Infeasible(blocked.tolist(), smallest_limit=float(cost[blocked].min(axis=1).max()))
    asking = reachable & ~reach[:, fixed].any(axis=1)
    free = np.setdiff1d(np.arange(cost.shape[1]), fixed)

    def tell(cover: Cover) -> None:
        offer(answer(cover))

    def answer(cover: Cover) -> Siting:
        sites = tuple(sorted([*fixed, *(int(free[pick]) for pick in cover.picks)]))
        assigned = assign(cost, sites, limit)
        uncovered = tuple(np.flatnonzero(assigned < 0).tolist())
        return Siting(sites, assigned, float(len(sites)), 0.0, False, uncovered).with_bound(
            len(fixed) + cover.bound
        )

    return answer(cover_with_fewest(reach[np.ix_(asking, free)], clock, improved=tell))


def cover_with_fewest(
    reach: Mask,
    clock: Clock,
    *,
    enough: int | None = None,
    improved: Callable[[Cover], None] = lambda cover: None,
) -> Cover:
    """The fewest columns of `reach` (row × column) that reach every row; each row has a column that does.

    With `enough` any choice of at most that many will do, and so does the proof that there is none.
    """
    kept, columns, forced = reduce_cover(reach)
    core = reach[np.ix_(kept, columns)]
    sure = tuple(int(pick) for pick in forced)

    def complete(picks: Sequence[int] | Rows, bound: int) -> Cover:
        every = (*sure, *(int(columns[pick]) for pick in picks))
        return Cover(every, min(len(every), len(sure) + bound))

    picks = cover_greedily(core)
    best = complete(picks, _disjoint_rows(core))
    improved(best)
    if best.proved or (enough is not None and (len(best.picks) <= enough or best.bound > enough)):
        return best

    def tell(values: Floats, bound: float) -> None:
        nonlocal best
        better = complete(np.flatnonzero(values > 0.5), max(best.bound - len(sure), _whole(bound)))
        if len(better.picks) < len(best.picks) and core[:, values > 0.5].any(axis=1).all():
            best = better
            improved(best)

    start = np.zeros(columns.size)
    start[picks] = 1.0
    less = None if enough is None else float(enough - len(sure))
    outcome = solve(_program(core), clock, start=start, enough=less, improved=tell)
    if outcome.values is not None:
        tell(outcome.values, outcome.bound)
    bound = max(best.bound, len(sure) + _whole(outcome.bound))
    return Cover(best.picks, min(bound, len(best.picks)))


def cover_with_count(reach: Mask, count: int, demand: Rows, clock: Clock) -> tuple[int, ...]:
    """At most `count` columns that reach every row. Raises Infeasible naming the rows (`demand`) left over.

    When the clock is over before it is decided, the number it tells works but need not be the smallest.
    """
    blocked = demand[~reach.any(axis=1)]
    if blocked.size:
        raise Infeasible(blocked.tolist())
    cover = cover_with_fewest(reach, clock)
    if len(cover.picks) > count:
        most = pick_greedily(reach, np.ones(len(reach)), count)
        left = demand[~reach[:, most].any(axis=1)]
        raise Infeasible(left.tolist(), smallest_count=len(cover.picks))
    return cover.picks


def _whole(bound: float) -> int:
    """A lower bound on a number of sites, rounded up; 0 where nothing is known."""
    return int(np.ceil(bound - 1e-6)) if np.isfinite(bound) else 0


def reduce_cover(reach: Mask) -> tuple[Rows, Rows, Rows]:
    """Rows that still matter, columns that still may be chosen, and columns that must be.

    A row goes when it is reached wherever another one is; a column when another one reaches all it does; a
    column that alone reaches a row is chosen.
    """
    rows = _first_alike(reach)
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


def _first_alike(reach: Mask) -> Rows:
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


def _disjoint_rows(reach: Mask) -> int:
    """Rows of which no column reaches two: each asks for a column of its own."""
    taken = np.zeros(reach.shape[1], dtype=bool)
    found = 0
    for row in np.argsort(reach.sum(axis=1), kind="stable"):
        if not (reach[row] & taken).any():
            taken |= reach[row]
            found += 1
    return found


def _program(reach: Mask) -> Program:
    rows, columns = reach.shape
    return Program(
        objective=np.ones(columns),
        rows=sp.csr_array(1.0 * reach),
        row_lower=np.ones(rows),
        row_upper=np.full(rows, np.inf),
        whole=np.ones(columns, dtype=bool),
    )
