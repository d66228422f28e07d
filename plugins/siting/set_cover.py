"""Fewest sites that reach all demand (location set covering problem)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from .answer import Infeasible, Siting
from .dominance import count_disjoint, reduce_cover
from .greedy import cover_greedily, pick_greedily
from .max_cover import miss_least
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

_PARTS = 20


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

    def answer(cover: Cover) -> Siting:
        sites = tuple(sorted([*fixed, *(int(free[pick]) for pick in cover.picks)]))
        assigned = assign(cost, sites, limit)
        uncovered = tuple(np.flatnonzero(assigned < 0).tolist())
        return Siting(sites, assigned, float(len(sites)), 0.0, False, uncovered).with_bound(
            len(fixed) + cover.bound
        )

    question = reach[np.ix_(asking, free)]
    first = Cover(tuple(cover_greedily(question)), 0)
    offer(answer(first))

    def tell(cover: Cover) -> None:
        if len(cover.picks) <= len(first.picks):
            offer(answer(cover))

    cover = cover_with_fewest(question, clock, improved=tell)
    # Cut short, the search may not have come to what was offered first.
    return answer(cover if len(cover.picks) <= len(first.picks) else replace(first, bound=cover.bound))


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
    wanted = -1 if enough is None else enough - forced.size

    def whole(cover: Cover) -> Cover:
        return Cover((*forced.tolist(), *columns[list(cover.picks)].tolist()), forced.size + cover.bound)

    def is_settled(cover: Cover) -> bool:
        return cover.proved or len(cover.picks) <= wanted or (enough is not None and cover.bound > wanted)

    best = Cover(tuple(cover_greedily(core)), count_disjoint(core))
    improved(whole(best))
    while not is_settled(best) and not clock.is_over():
        count = len(best.picks) - 1 if enough is None else wanted
        picks = _try_count(core, count, clock)
        if picks is None:
            best = _raise_bound(core, best, count, clock) if enough is None else best
            break
        best = replace(best, picks=picks) if picks else replace(best, bound=count + 1)
        improved(whole(best))
    if not is_settled(best):
        best = _finish_with_highs(core, best, clock, wanted, lambda cover: improved(whole(cover)))
    return whole(best)


def _try_count(core: Mask, count: int, clock: Clock, *, most_parts: int = _PARTS) -> tuple[int, ...] | None:
    """At most `count` columns that reach every row, () where there are none, None where that stays open.

    Decided by what so many columns miss at least, with the fast bound of the p-median.
    """
    rows, columns = core.shape
    least = miss_least(core, np.ones(rows), count, clock, goal=0.0, most_parts=most_parts)
    if least.cost == 0:
        picks = least.sites[least.sites != columns]
        return tuple(picks[cover_greedily(core[:, picks])].tolist())
    return () if least.is_proved() else None


def _raise_bound(core: Mask, best: Cover, high: int, clock: Clock) -> Cover:
    """The largest number below `high` that is quickly seen not to do, found by halving."""
    low = best.bound
    while low < high and not clock.is_over():
        middle = (low + high) // 2
        if _try_count(core, middle, clock, most_parts=0) == ():
            low = middle + 1
        else:
            high = middle
    return replace(best, bound=low)


def _finish_with_highs(
    core: Mask, best: Cover, clock: Clock, wanted: int, improved: Callable[[Cover], None]
) -> Cover:
    """Prove `best` by the sparse model, or find a cover of at most `wanted` or that there is none (−1: no end)."""

    def tell(values: Floats, bound: float) -> None:
        nonlocal best
        picks = np.flatnonzero(values > 0.5)
        if picks.size < len(best.picks) and core[:, picks].any(axis=1).all():
            best = Cover(tuple(picks.tolist()), max(best.bound, _rounded_up(bound)))
            improved(best)

    start = np.zeros(core.shape[1])
    start[list(best.picks)] = 1.0
    enough = None if wanted < 0 else float(wanted)
    outcome = solve(_program(core), clock, start=start, enough=enough, improved=tell)
    if outcome.values is not None:
        tell(outcome.values, outcome.bound)
    return replace(best, bound=min(max(best.bound, _rounded_up(outcome.bound)), len(best.picks)))


def _rounded_up(bound: float) -> int:
    """A lower bound on a number of sites as a whole number; 0 where nothing is known."""
    return int(np.ceil(bound - 1e-6)) if np.isfinite(bound) else 0


def cover_with_count(reach: Mask, count: int, demand: Rows, clock: Clock) -> tuple[int, ...]:
    """At most `count` columns that reach every row. Raises Infeasible naming the rows (`demand`) left over.

    When the clock is over before it is decided, the error says so, and its number need not be the smallest.
    """
    blocked = demand[~reach.any(axis=1)]
    if blocked.size:
        raise Infeasible(blocked.tolist())
    cover = cover_with_fewest(reach, clock)
    if len(cover.picks) > count:
        most = pick_greedily(reach, np.ones(len(reach)), count)
        left = demand[~reach[:, most].any(axis=1)]
        raise Infeasible(left.tolist(), smallest_count=len(cover.picks), decided=cover.bound > count)
    return cover.picks


def _program(reach: Mask) -> Program:
    rows, columns = reach.shape
    return Program(
        objective=np.ones(columns),
        rows=sp.csr_array(1.0 * reach),
        row_lower=np.ones(rows),
        row_upper=np.full(rows, np.inf),
        whole=np.ones(columns, dtype=bool),
    )
