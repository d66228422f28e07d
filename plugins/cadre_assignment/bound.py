"""A proved bound on the value of any answer, by Lagrangian relaxation.

That every place has one holder is priced out (multipliers `price` by place); what is left falls apart into one
problem for each holder: the best set of places of its own, a knapsack over number and load which is solved
exactly. Whatever the prices, Σ price + Σ least value of the holders is no more than the value of any answer
(Geoffrion 1974); subgradient steps raise it. Pieces are not looked at, so the bound holds with and without.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np

from .problem import Floats, Problem

_SHRINK_AFTER = 15  # steps without a better bound before the step is halved


def prove_bound(
    problem: Problem, value: Callable[[], float], *, steps: int, goes_on: Callable[[], bool] = lambda: True
) -> float:
    """A number that no answer's value is below, after `steps` of the subgradient, or until `goes_on` says no.

    `value` tells the value of the best answer so far, towards which the steps reach.
    """
    cost = np.where(problem.allowed, problem.cost, np.inf)
    price = cost.min(axis=1)
    best, reach, stale = -np.inf, 1.0, 0
    most = _most_load(problem)
    direction = np.zeros(problem.places)
    for _ in range(steps):
        values, taken = _holders_best(
            cost, problem.load, problem.capacity, problem.target, problem.balance, price, most
        )
        bound = float(price.sum() + values.sum())
        stale += 1
        if bound > best:
            best, stale = bound, 0
        elif stale >= _SHRINK_AFTER:
            reach, stale = reach / 2, 0
        goal = max(value(), best + 1e-9)
        direction = 0.7 * direction + (1.0 - taken)  # the part kept damps the zigzag (Camerini et al. 1975)
        length = float(direction @ direction)
        if not goes_on() or length == 0 or goal - best < 1e-6:
            break
        price = price + reach * (goal - bound) / length * direction
    return best


def _most_load(problem: Problem) -> int:
    """The largest load that a holder can carry."""
    heaviest = np.sort(problem.load)[::-1]
    return int(heaviest[: int(problem.capacity.max(initial=0))].sum())


@numba.njit(cache=True, nogil=True)
def _holders_best(cost, load, capacity, target, balance, price, most) -> Any:  # type: ignore[no-untyped-def]
    """The least value of each holder (holders,), and how often each place was taken (places,)."""
    places, holders = cost.shape
    values = np.zeros(holders)
    taken = np.zeros(places)
    items = np.zeros(places, np.int64)
    for c in range(holders):
        size = 0
        for v in range(places):
            # A place that costs more than it can bring in balance is in no best set.
            if cost[v, c] - price[v] < balance * load[v]:
                items[size] = v
                size += 1
        room = min(capacity[c], size)
        least = np.full((room + 1, most + 1), np.inf)
        least[0, 0] = 0.0
        chosen = np.zeros((size, room + 1, most + 1), np.bool_)
        reached = 0
        for i in range(size):
            v = items[i]
            worth, weight = cost[v, c] - price[v], load[v]
            reached = min(reached + weight, most)
            for k in range(min(i + 1, room), 0, -1):
                for s in range(reached, weight - 1, -1):
                    with_it = least[k - 1, s - weight] + worth
                    if with_it < least[k, s]:
                        least[k, s] = with_it
                        chosen[i, k, s] = True
        best, at_k, at_s = np.inf, 0, 0
        for k in range(room + 1):
            for s in range(reached + 1):
                total = least[k, s] + balance * abs(s - target[c])
                if total < best:
                    best, at_k, at_s = total, k, s
        values[c] = best
        for i in range(size - 1, -1, -1):
            if chosen[i, at_k, at_s]:
                taken[items[i]] += 1
                at_k -= 1
                at_s -= load[items[i]]
    return values, taken


def gap_of(value: float, bound: float) -> float:
    """By how much of the value the answer may yet be bettered; 0 where it is proved best."""
    return max(0.0, (value - bound) / abs(value)) if value else float(bound < 0)


__all__ = ["Floats", "gap_of", "prove_bound"]
