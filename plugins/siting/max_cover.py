"""Most weight within reach of a given number of sites (maximal covering location problem)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from .answer import Siting
from .greedy import pick_greedily
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
    check_count,
    check_fixed,
    check_limit,
    check_time,
    check_weights,
    fill_up,
    keep_quiet,
    merge_alike,
    never,
    within,
)


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
    sure = float(weights[by_fixed].sum())
    asking = ~by_fixed & reach.any(axis=1) & (weights > 0)
    useful = np.setdiff1d(np.flatnonzero(reach[asking].any(axis=0)), fixed)
    groups, worth = merge_alike(reach[np.ix_(asking, useful)], weights[asking])

    def answer(picks: Iterable[int]) -> Siting:
        sites = fill_up(cost, weights, [*fixed, *(int(useful[pick]) for pick in picks)], len(fixed) + count)
        assigned = assign(cost, sites, limit)
        objective = float(weights[assigned >= 0].sum())
        return Siting(sites, assigned, objective, np.inf, False, tuple(np.flatnonzero(assigned < 0).tolist()))

    picks = pick_greedily(groups, worth, count)
    bound = sure + _most_imaginable(groups, worth, count)
    best = answer(picks).with_bound(bound)
    offer(best)
    if best.proved:
        return best

    def improved(values: Floats, bound: float) -> None:
        nonlocal best
        better = answer(np.flatnonzero(values[: useful.size] > 0.5))
        if better.objective > best.objective:
            best = better.with_bound(min(best.bound, sure - bound * unit))
            offer(best)

    # HiGHS knows objectives of whole numbers and rounds its bound; others are brought to a size it bears well.
    whole = bool((worth == np.round(worth)).all()) and worth.sum() < 1e7
    unit = 1.0 if whole else float(worth.sum()) / 1e3
    outcome = solve(
        _program(groups, worth / unit, count), clock, start=_start(groups, picks), improved=improved
    )
    if outcome.values is not None:
        improved(outcome.values, outcome.bound)
    bound = max(min(bound, sure - outcome.bound * unit), best.objective)
    if whole and (weights[by_fixed] == np.round(weights[by_fixed])).all():
        bound = max(float(np.floor(bound + 1e-3)), best.objective)
    return best.with_bound(bound)


def _most_imaginable(groups: Mask, worth: Floats, count: int) -> float:
    """What no `count` columns can exceed: all there is, or the largest columns as if they did not overlap."""
    columns = np.sort(worth @ groups)[::-1]
    return float(min(worth.sum(), columns[:count].sum()))


def _program(groups: Mask, worth: Floats, count: int) -> Program:
    """Columns: one binary per candidate, then the share of each group that is covered (whole by itself)."""
    rows, columns = groups.shape
    covered = sp.hstack([-sp.csr_array(groups, dtype=np.float64), sp.eye_array(rows)])
    opened = sp.csr_array(np.r_[np.ones(columns), np.zeros(rows)][None, :])
    return Program(
        objective=np.r_[np.zeros(columns), -worth],
        rows=sp.vstack([covered, opened], format="csr"),
        row_lower=np.full(rows + 1, -np.inf),
        row_upper=np.r_[np.zeros(rows), float(count)],
        whole=np.r_[np.ones(columns, dtype=bool), np.zeros(rows, dtype=bool)],
    )


def _start(groups: Mask, picks: Sequence[int] | Rows) -> Floats:
    opened = np.zeros(groups.shape[1])
    opened[picks] = 1.0
    return np.r_[opened, groups[:, picks].any(axis=1).astype(np.float64)]
