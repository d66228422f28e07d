"""Most weight within reach of a given number of sites (maximal covering location problem)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from .answer import Siting
from .greedy import fill_up, open_greedily, pick_greedily
from .kernels import FREE, OPEN
from .mip import Program, solve
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
    check_limit,
    check_time,
    check_weights,
    keep_quiet,
    merge_alike,
    never,
    within,
)
from .proof import Best, Tell, capped, prove

_PARTS = 100
_ROUNDING = 1e-12  # of all weight


def max_cover(
    cost: npt.ArrayLike,
    weights: npt.ArrayLike,
    count: int,
    *,
    limit: float,
    fixed: Sequence[int] = (),
    time_limit_s: float = 60,
    offer: Offer = keep_quiet,
    stop_wished: StopWished = never,
) -> Siting:
    """The `count` new sites that, beside the `fixed` ones, bring the most weight within `limit` (MCLP).

    `cost` (demand × candidate) and `limit` in one unit, inf = unreachable; `weights` (demand,). The objective
    is the weight covered; demand beyond the limit of every open site is in `uncovered` and never makes the
    question infeasible. `offer` hears of each better answer, `stop_wished` is asked once per unit of work.
    Raises ValueError for malformed arguments. Church and ReVelle (1974).
    """
    cost = check_cost(cost)
    weights = check_weights(weights, len(cost))
    fixed = check_fixed(fixed, cost.shape[1])
    count = check_count(count, fixed, cost.shape[1])
    limit = check_limit(limit)
    clock = Clock(check_time(time_limit_s), stop_wished)

    reach = within(cost, limit)
    by_fixed = reach[:, fixed].any(axis=1)
    asking = ~by_fixed & reach.any(axis=1) & (weights > 0)
    useful = np.setdiff1d(np.flatnonzero(reach[asking].any(axis=0)), fixed)
    groups, worth = merge_alike(reach[np.ix_(asking, useful)], weights[asking])
    most = float(weights[by_fixed | asking].sum())

    def answer(picks: Iterable[int], missed: float) -> Siting:
        sites = fill_up(cost, weights, [*fixed, *(int(useful[pick]) for pick in picks)], len(fixed) + count)
        assigned = assign(cost, sites, limit)
        objective = float(weights[assigned >= 0].sum())
        uncovered = tuple(np.flatnonzero(assigned < 0).tolist())
        # A bound of nothing is nothing: what rounding leaves of it would be a gap without end.
        bound = most - missed if most - missed > _ROUNDING * most else 0.0
        return Siting(sites, assigned, objective, np.inf, False, uncovered).with_bound(bound)

    first = answer(pick_greedily(groups, worth, count), _least_missed(groups, worth, count))
    offer(first)
    if first.proved or clock.is_over():
        return first
    best = miss_least(
        groups,
        worth,
        count,
        clock,
        tell=lambda picks, missed: offer(answer(picks, missed)),
        most_parts=_PARTS,
    )
    if not best.is_proved() and not clock.is_over():
        _finish_with_highs(groups, worth, best, clock)
    return answer(best.sites[best.sites != useful.size], best.bound)


def _least_missed(groups: Mask, worth: Floats, count: int) -> float:
    """What any `count` columns miss at least: all but the largest columns, as if they did not overlap."""
    columns = np.sort(worth @ groups)[::-1]
    return max(0.0, float(worth.sum() - columns[:count].sum()))


def miss_least(
    groups: Mask,
    worth: Floats,
    count: int,
    clock: Clock,
    *,
    tell: Tell = lambda picks, missed: None,
    goal: float = np.inf,
    most_parts: float = np.inf,
) -> Best:
    """The `count` columns of `groups` (group × candidate) that miss the least worth; one more stands for nowhere.

    There are more than `count` columns. As a p-median: a group goes to an open site that reaches it for nothing,
    or nowhere, which is always open, for its worth. `goal` and `most_parts` as for Best and prove.
    """
    nowhere = groups.shape[1]
    paid = np.where(np.column_stack([groups, np.ones(len(groups), dtype=bool)]), 0.0, np.inf)
    paid[:, nowhere] = worth
    by_site = capped(paid)
    state = np.full(nowhere + 1, FREE, dtype=np.int8)
    state[nowhere] = OPEN
    sites = open_greedily(by_site, [nowhere], count + 1)
    least = _least_missed(groups, worth, count)
    best = Best(
        paid, by_site, sites, least, state, lambda sites, bound: tell(sites[sites != nowhere], bound), goal
    )
    prove(paid, best, clock, np.random.default_rng(0), most_parts=most_parts)
    return best


def _finish_with_highs(groups: Mask, worth: Floats, best: Best, clock: Clock) -> None:
    """Prove `best` by the sparse model, without what its bound has ruled out."""
    state = best.state[:-1]
    columns = np.flatnonzero(state == FREE)
    left = best.sites.size - int((best.state == OPEN).sum())
    rows = ~groups[:, state == OPEN].any(axis=1)
    open_groups, open_worth = groups[np.ix_(rows, columns)], worth[rows]
    unit = 1.0 if best.is_whole else float(open_worth.sum()) / 1e3

    def improved(values: Floats, bound: float) -> None:
        best.raise_bound(float(open_worth.sum()) + bound * unit)
        chosen = np.zeros(len(best.state), dtype=bool)
        chosen[columns[values[: columns.size] > 0.5]] = True
        spare = np.setdiff1d(columns, np.flatnonzero(chosen))[: left - int(chosen.sum())]
        best.try_sites(np.concatenate([np.flatnonzero(chosen | (best.state == OPEN)), spare]))

    opened = np.isin(columns, best.sites)
    start = np.r_[opened, open_groups[:, opened].any(axis=1)].astype(np.float64)
    program = _program(open_groups, open_worth / unit, left)
    outcome = solve(program, clock, start=start if opened.sum() <= left else None, improved=improved)
    if outcome.values is not None:
        improved(outcome.values, outcome.bound)
    best.raise_bound(float(open_worth.sum()) + outcome.bound * unit)


def _program(groups: Mask, worth: Floats, count: int) -> Program:
    """Columns: one binary per candidate, then the share of each group that is covered (whole by itself)."""
    rows, columns = groups.shape
    covered = sp.hstack([sp.csr_array(-1.0 * groups), sp.eye_array(rows)], format="csr")
    opened = sp.csr_array(np.r_[np.ones(columns), np.zeros(rows)][None, :])
    return Program(
        objective=np.r_[np.zeros(columns), -worth],
        rows=sp.vstack([covered, opened], format="csr"),
        row_lower=np.full(rows + 1, -np.inf),
        row_upper=np.r_[np.zeros(rows), float(count)],
        whole=np.r_[np.ones(columns, dtype=bool), np.zeros(rows, dtype=bool)],
    )
