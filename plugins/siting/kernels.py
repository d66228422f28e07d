"""Compiled inner loops of the p-median: the interchange of sites and the ascent of the Lagrangian bound.

All costs are weighted ones. A sparse row lists, for one demand, the candidates worth considering by ascending
cost: `start` (demand + 1), and side by side `site` and `paid`. A candidate is OPEN, FREE or CLOSED. Everything
compiled is in this one file: numba's cache does not see a change in another.
"""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
Sites = npt.NDArray[np.int32]
State = npt.NDArray[np.int8]

OPEN, FREE, CLOSED = 1, 0, -1


@numba.njit(cache=True)
def interchange(by_site: Floats, state: State, sites: Rows) -> None:
    """Swap sites for better ones until no swap helps; `sites` is changed in place.

    `by_site` (candidate × demand) is finite. OPEN candidates never leave, CLOSED ones never enter. A look at one candidate finds the best
    site to leave for it in one pass over the demand (Whitaker 1983; Resende and Werneck 2007).
    """
    candidates, demand = by_site.shape
    size = sites.size
    is_open = np.zeros(candidates, np.bool_)
    for place in range(size):
        is_open[sites[place]] = True
    first = np.zeros(demand, np.int64)
    second = np.zeros(demand, np.int64)
    first_paid = np.empty(demand)
    second_paid = np.empty(demand)
    stale = np.ones(demand, np.bool_)
    loss = np.empty(size)
    unhelpful = 0
    enter = 0
    swaps = 0
    # The number of swaps is bounded lest rounding make a circle of them.
    while unhelpful < candidates and swaps < 100 * candidates:
        if not is_open[enter] and state[enter] != CLOSED:
            for i in range(demand):
                if stale[i]:
                    stale[i] = False
                    first_paid[i] = np.inf
                    second_paid[i] = np.inf
                    for place in range(size):
                        paid = by_site[sites[place], i]
                        if paid < first_paid[i]:
                            second[i], second_paid[i] = first[i], first_paid[i]
                            first[i], first_paid[i] = place, paid
                        elif paid < second_paid[i]:
                            second[i], second_paid[i] = place, paid
            row = by_site[enter]
            gain = 0.0
            for place in range(size):
                loss[place] = 0.0
            for i in range(demand):
                if row[i] < first_paid[i]:
                    gain += first_paid[i] - row[i]
                else:
                    loss[first[i]] += min(second_paid[i], row[i]) - first_paid[i]
            leave = -1
            for place in range(size):
                if state[sites[place]] != OPEN and (leave < 0 or loss[place] < loss[leave]):
                    leave = place
            if leave >= 0 and gain - loss[leave] > 1e-9 * gain:
                swaps += 1
                is_open[sites[leave]] = False
                is_open[enter] = True
                sites[leave] = enter
                for i in range(demand):
                    if first[i] == leave or second[i] == leave:
                        stale[i] = True
                    elif row[i] < first_paid[i]:
                        second[i], second_paid[i] = first[i], first_paid[i]
                        first[i], first_paid[i] = leave, row[i]
                    elif row[i] < second_paid[i]:
                        second[i], second_paid[i] = leave, row[i]
                unhelpful = 0
        enter = (enter + 1) % candidates
        unhelpful += 1


@numba.njit(cache=True)
def trim(
    start: Rows, site: Sites, paid: Floats, state: State, price: Floats, slack: float
) -> tuple[Rows, Sites, Floats]:
    """The rows without candidates that cannot serve in a better answer: closed ones, those beyond the nearest
    open one, and those that cost more than `slack` above the demand's price. Returns start, site, paid."""
    demand = start.size - 1
    new_start = np.zeros(demand + 1, np.int64)
    keep = np.zeros(site.size, np.bool_)
    for i in range(demand):
        kept = 0
        for k in range(start[i], start[i + 1]):
            if paid[k] - price[i] > slack:
                break
            if state[site[k]] == CLOSED:
                continue
            keep[k] = True
            kept += 1
            if state[site[k]] == OPEN:
                break
        new_start[i + 1] = new_start[i] + kept
    return new_start, site[keep], paid[keep]


@numba.njit(cache=True)
def _kth_worth(worth: Floats, free: Rows, frees: int, k: int) -> float:
    """The k-th smallest worth of the first `frees` candidates in `free`, k from 1 (Hoare's selection)."""
    kept = np.empty(frees)
    for f in range(frees):
        kept[f] = worth[free[f]]
    low, high = 0, frees - 1
    while low < high:
        pivot = kept[(low + high) // 2]
        i, j = low, high
        while i <= j:
            while kept[i] < pivot:
                i += 1
            while kept[j] > pivot:
                j -= 1
            if i <= j:
                kept[i], kept[j] = kept[j], kept[i]
                i += 1
                j -= 1
        if k - 1 <= j:
            high = j
        elif k - 1 >= i:
            low = i
        else:
            break
    return float(kept[k - 1])


@numba.njit(cache=True)
def ascend(
    start: Rows,
    site: Sites,
    paid: Floats,
    state: State,
    count: int,
    price: Floats,
    use: Floats,
    target: float,
    cutoff: float,
    step: float,
    most_rounds: int,
) -> tuple[float, int, float, float, npt.NDArray[np.bool_]]:
    """Raise the Lagrangian bound over the rows by changing the `price` of each demand (subgradient steps).

    The assignment of each demand to exactly one site is priced; then a site is worth the sum of what it saves,
    and the best `count` FREE ones beside the OPEN ones give the bound. A candidate that no answer below `cutoff`
    can open, or must, changes its `state` in place; `price` becomes the best one found, and `use` the share of
    rounds in which each candidate was chosen, of late. Returns the bound, the FREE sites still to open, the
    step reached, the least cost of a choice met on the way, and that choice.
    """
    demand = start.size - 1
    candidates = state.size
    worth = np.empty(candidates)
    chosen = np.zeros(candidates, np.bool_)
    best_chosen = np.zeros(candidates, np.bool_)
    best_paid = np.inf
    free = np.empty(candidates, np.int64)
    now = price.copy()
    move = np.zeros(demand)
    bound = -np.inf
    idle = 0
    rounds = 0
    while rounds < most_rounds:
        rounds += 1
        value = 0.0
        for j in range(candidates):
            worth[j] = 0.0
        for i in range(demand):
            value += now[i]
            for k in range(start[i], start[i + 1]):
                saved = paid[k] - now[i]
                if saved >= 0.0:
                    break
                worth[site[k]] += saved
        frees = 0
        for j in range(candidates):
            chosen[j] = state[j] == OPEN
            if state[j] == OPEN:
                value += worth[j]
            elif state[j] == FREE:
                free[frees] = j
                frees += 1
        if frees < count:
            return np.inf, count, step, best_paid, best_chosen
        last_in = -np.inf
        first_out = np.inf
        if count > 0:
            last_in = _kth_worth(worth, free, frees, count)
            picked = 0
            for f in range(frees):
                if worth[free[f]] < last_in:
                    chosen[free[f]] = True
                    value += worth[free[f]]
                    picked += 1
            for f in range(frees):
                if worth[free[f]] == last_in and picked < count:
                    chosen[free[f]] = True
                    value += worth[free[f]]
                    picked += 1
        for f in range(frees):
            if not chosen[free[f]]:
                first_out = min(first_out, worth[free[f]])
        if value > bound:
            if value > bound + 1e-4 * abs(target - bound):
                idle = 0
            bound = value
            for i in range(demand):
                price[i] = now[i]
        else:
            idle += 1
        if bound > cutoff:
            return bound, count, step, best_paid, best_chosen
        if idle > 20:
            idle = 0
            step *= 0.5
            for i in range(demand):
                now[i] = price[i]
                move[i] = 0.0
            if step < 0.002:
                return bound, count, step, best_paid, best_chosen
            continue
        for f in range(frees):
            j = free[f]
            use[j] *= 0.95
            if chosen[j]:
                use[j] += 0.05
                if value - worth[j] + first_out > cutoff:
                    state[j] = OPEN
                    count -= 1
            elif count == 0 or value - last_in + worth[j] > cutoff:
                state[j] = CLOSED
        total = 0.0
        length = 0.0
        solved = True
        for i in range(demand):
            slope = 1.0
            served = False
            for k in range(start[i], start[i + 1]):
                if chosen[site[k]]:
                    if not served:
                        total += paid[k]
                        served = True
                    if paid[k] < now[i]:
                        slope -= 1.0
                if served and paid[k] >= now[i]:
                    break
            if not served:
                total = np.inf
            solved = solved and slope == 0.0
            move[i] = slope + 0.5 * move[i]
            length += move[i] * move[i]
        if total < best_paid:
            best_paid = total
            for j in range(candidates):
                best_chosen[j] = chosen[j]
        if solved or length == 0.0:
            return bound, count, step, best_paid, best_chosen
        stride = step * (target - value) / length
        for i in range(demand):
            now[i] = max(now[i] + stride * move[i], paid[start[i]])
    return bound, count, step, best_paid, best_chosen
