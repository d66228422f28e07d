"""The best worst case: the longest way to the nearest of a given number of sites is as short as can be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from .answer import Siting
from .greedy import cover_greedily, fill_up
from .problem import (
    Clock,
    Floats,
    Mask,
    Offer,
    StopWished,
    assign,
    check_cost,
    check_count,
    check_fixed,
    check_time,
    keep_quiet,
    never,
    travelled,
    within,
)
from .set_cover import cover_with_count, cover_with_fewest


def p_center(
    cost: npt.ArrayLike,
    count: int,
    *,
    fixed: Sequence[int] = (),
    time_limit_s: float = 60,
    offer: Offer = keep_quiet,
    stop_wished: StopWished = never,
) -> Siting:
    """The `count` new sites that, beside the `fixed` ones, make the longest way to the nearest site shortest.

    `cost` (demand × candidate), inf = unreachable; the objective is the largest cost of any demand to its site,
    0 without demand. Demand that no candidate reaches is set aside in `uncovered`. Searches the costs by
    halving, with a covering question at each (Minieka 1970). `offer` hears of each better answer,
    `stop_wished` is asked once per unit of work. Raises Infeasible where so few sites cannot reach all demand,
    and tells the number that can; ValueError for malformed arguments.
    """
    cost = check_cost(cost)
    fixed = check_fixed(fixed, cost.shape[1])
    count = check_count(count, fixed, cost.shape[1])
    clock = Clock(check_time(time_limit_s), stop_wished)

    reachable = np.isfinite(cost).any(axis=1)
    free = np.setdiff1d(np.arange(cost.shape[1]), fixed)
    asked = cost[reachable]
    by_fixed = asked[:, fixed].min(axis=1, initial=np.inf)
    by_free = asked[:, free]
    radii = np.unique(asked[np.isfinite(asked)])
    if not radii.size:
        sites = fill_up(cost, np.ones(len(cost)), fixed, len(fixed) + count)
        nowhere = np.full(len(cost), -1, dtype=np.int64)
        return Siting(sites, nowhere, 0.0, 0.0, True, tuple(range(len(cost))))

    def answer(picks: Sequence[int]) -> Siting:
        sites = fill_up(
            cost, np.ones(len(cost)), [*fixed, *(int(free[p]) for p in picks)], len(fixed) + count
        )
        assigned = assign(cost, sites)
        objective = float(travelled(cost, assigned).max())
        return Siting(sites, assigned, objective, 0.0, False, tuple(np.flatnonzero(assigned < 0).tolist()))

    def question(radius: float) -> Mask:
        return within(by_free, radius)[by_fixed > radius]

    # No radius below radii[low] works; radii[high] does.
    low = int(np.searchsorted(radii, np.minimum(by_fixed, by_free.min(axis=1, initial=np.inf)).max()))
    best = None
    for picks in _greedy_covers(question, radii, low, count):
        # The fill-up of an earlier choice may have come to less than the radius of a later one.
        best = min((best or answer(picks), answer(picks)), key=lambda siting: siting.objective)
        offer(best.with_bound(float(radii[low])))
    if best is None:
        far = by_fixed > radii[-1]
        best = answer(
            cover_with_count(question(float(radii[-1])), count, np.flatnonzero(reachable)[far], clock)
        )
        offer(best.with_bound(float(radii[low])))
    high = int(np.searchsorted(radii, best.objective))

    while low < high and not clock.is_over():
        middle = (low + high) // 2
        cover = cover_with_fewest(question(float(radii[middle])), clock, enough=count)
        if len(cover.picks) <= count:
            best = answer(cover.picks)
            high = int(np.searchsorted(radii, best.objective))
        elif cover.bound > count:
            low = middle + 1
        else:
            break
        offer(best.with_bound(float(radii[low])))
    return best.with_bound(float(radii[low]))


def _greedy_covers(
    question: Callable[[float], Mask], radii: Floats, low: int, count: int
) -> Iterator[Sequence[int]]:
    """Greedy covers of at most `count` sites, of ever smaller radius, found by halving."""
    high = len(radii)
    while low < high:
        middle = (low + high) // 2
        picks = cover_greedily(question(float(radii[middle])))
        if len(picks) <= count:
            yield picks
            high = middle
        else:
            low = middle + 1
