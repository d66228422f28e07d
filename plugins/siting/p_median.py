"""Least travel: the weighted way of all demand to the nearest of a given number of sites, proved least."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from .answer import Siting
from .greedy import open_greedily
from .kernels import FREE, OPEN
from .problem import (
    Clock,
    Floats,
    Offer,
    Rows,
    StopWished,
    assign,
    check_cost,
    check_count,
    check_fixed,
    check_time,
    check_weights,
    keep_quiet,
    never,
    travelled,
    weigh,
)
from .proof import Best, capped, prove
from .set_cover import cover_with_count


def p_median(
    cost: npt.ArrayLike,
    weights: npt.ArrayLike,
    count: int,
    *,
    fixed: Sequence[int] = (),
    time_limit_s: float = 60,
    seed: int = 0,
    offer: Offer = keep_quiet,
    stop_wished: StopWished = never,
) -> Siting:
    """The `count` new sites that, beside the `fixed` ones, make weight × cost to the nearest site least in sum.

    `cost` (demand × candidate), inf = unreachable; `weights` (demand,). Demand that no candidate reaches is set
    aside in `uncovered`; all other demand, of weight zero too, must be reached. Greedy and interchange give the
    first answers, a Lagrangian bound with branch and bound the proof (Beasley 1993). `seed` feeds the random
    restarts. `offer` hears of each better answer or bound, `stop_wished` is asked once per unit of work: the same
    number of units gives the same answer. Raises Infeasible where so few sites cannot reach all demand, and
    tells the number that can (or none was found in time: `decided`); ValueError for malformed arguments.
    """
    cost = check_cost(cost)
    weights = check_weights(weights, len(cost))
    fixed = check_fixed(fixed, cost.shape[1])
    count = check_count(count, fixed, cost.shape[1])
    clock = Clock(check_time(time_limit_s), stop_wished)

    def answer(sites: Rows, bound: float) -> Siting:
        ascending = tuple(sorted(sites.tolist()))
        assigned = assign(cost, ascending)
        objective = float(weights @ travelled(cost, assigned))
        uncovered = tuple(np.flatnonzero(assigned < 0).tolist())
        return Siting(ascending, assigned, objective, 0.0, False, uncovered).with_bound(bound)

    reached = np.isfinite(cost)
    # Whom any site serves for nothing asks for no more than that there is one.
    served_anyhow = (weights == 0) & reached.all(axis=1) & (len(fixed) + count > 0)
    asking = reached.any(axis=1) & ~served_anyhow
    paid = weigh(cost[asking], weights[asking])
    by_site = capped(paid)
    sites = _first_sites(paid, by_site, fixed, count, np.flatnonzero(asking), clock)
    bound = float(paid.min(axis=1, initial=np.inf).sum())
    first = answer(sites, bound)
    offer(first)
    if first.proved or clock.is_over():
        return first
    state = np.full(cost.shape[1], FREE, dtype=np.int8)
    state[list(fixed)] = OPEN
    best = Best(paid, by_site, sites, bound, state, tell=lambda sites, bound: offer(answer(sites, bound)))
    prove(paid, best, clock, np.random.default_rng(seed))
    return answer(best.sites, best.bound)


def _first_sites(
    paid: Floats, by_site: Floats, fixed: Sequence[int], count: int, demand: Rows, clock: Clock
) -> Rows:
    """Sites that reach all of `demand` (the rows of `paid`), picked greedily. Raises Infeasible."""
    size = len(fixed) + count
    sites = open_greedily(by_site, fixed, size)
    reached = np.isfinite(paid)
    if reached[:, sites].any(axis=1).all():
        return sites
    left = ~reached[:, fixed].any(axis=1)
    free = np.setdiff1d(np.arange(paid.shape[1]), fixed)
    picks = free[list(cover_with_count(reached[np.ix_(left, free)], count, demand[left], clock))]
    return open_greedily(by_site, [*fixed, *picks.tolist()], size)
