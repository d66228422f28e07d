"""Simulated annealing over moves, swaps and turns of three, compiled.

The number of steps and the seed rule the answer, never the clock. With `adjacent` places, a penalty on pieces
beyond a holder's first grows while it cools, so the answer hangs together wherever it can.
(Kirkpatrick, Gelatt, Vecchi 1983.)
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from .problem import Ints, Problem

_HOT, _COLD = 1.05, 0.017  # in units of the spread of a place's costs over its holders
_LOOSE = 0.35  # likewise: what a stray piece costs at the beginning
_TIGHT_AT = 0.5  # when the price is at its end, of the steps: while there is heat to mend pieces
_NEAR = 0.9  # how often a place is offered to a neighbour's holder, when pieces count
_MOVES, _SWAPS = 0.4, 0.85  # cumulative shares; the rest are turns of three


def anneal(problem: Problem, start: Ints, *, steps: int, seed: int) -> Ints:
    """A better answer than `start`, shape (places,), after `steps` trials; the same for the same seed and steps.

    What is `allowed` and the capacities are kept as `start` keeps them. With `adjacent`, fewer stray pieces come
    before a lower value.
    """
    if problem.holders < 2 or steps < 1:
        return start.copy()
    spread = _spread(problem)
    cost = np.ascontiguousarray(problem.cost, dtype=np.float64)
    data = (cost, problem.load.astype(np.float64), problem.allowed, problem.capacity, problem.target)
    if problem.adjacent is None:
        best = _anneal(*data, problem.balance, start, steps, _HOT * spread, _COLD * spread, seed)
    else:
        degree = problem.adjacent.sum(axis=1)
        near = np.argsort(~problem.adjacent, axis=1, kind="stable")[:, : max(1, degree.max())]
        pieces = (problem.adjacent, np.ascontiguousarray(near), degree)
        heat = (_HOT * spread, _COLD * spread, _LOOSE * spread, 2 * _dearest_change(problem) + spread)
        best = _anneal_pieces(*data, problem.balance, *pieces, start, steps, *heat, seed)
    return np.asarray(best)


def _spread(problem: Problem) -> float:
    """How far the costs of a place lie apart, on average over the places; at least a hair."""
    costs = np.where(problem.allowed, problem.cost, np.nan)
    several = problem.allowed.sum(axis=1) > 1
    return float(max(np.nanstd(costs[several], axis=1).mean() if several.any() else 0.0, 1e-3))


def _dearest_change(problem: Problem) -> float:
    """The most that another holder of one place can cost: what a stray piece costs at the end."""
    costs = np.where(problem.allowed, problem.cost, np.nan)
    chosen = costs[problem.allowed.sum(axis=1) > 1]
    dearest = float((np.nanmax(chosen, axis=1) - np.nanmin(chosen, axis=1)).max()) if len(chosen) else 0.0
    return dearest + 2 * problem.balance * float(problem.load.max(initial=0))


@numba.njit(cache=True, nogil=True)
def _off(load: float, target: float) -> float:
    return abs(load - target)


@numba.njit(cache=True, nogil=True)
def _accepts(change: float, heat: float) -> bool:
    return change <= 0 or np.random.random() < np.exp(-change / heat)


@numba.njit(cache=True, nogil=True)
def _anneal(  # type: ignore[no-untyped-def] # compiled: numba knows the types
    cost, load, allowed, capacity, target, balance, start, steps, hot, cold, seed
) -> Any:
    np.random.seed(seed)
    places, holders = cost.shape
    holder = start.copy()
    held = np.zeros(holders)
    count = np.zeros(holders, np.int64)
    for v in range(places):
        held[holder[v]] += load[v]
        count[holder[v]] += 1
    now, least = 0.0, 0.0
    best = holder.copy()
    heat = hot
    for step in range(steps):
        if step & 1023 == 0:
            heat = hot * (cold / hot) ** (step / steps)
        kind = np.random.random()
        v = np.random.randint(places)
        a = holder[v]
        if kind < _MOVES:
            b = np.random.randint(holders)
            if b == a or not allowed[v, b] or count[b] >= capacity[b]:
                continue
            more_a, more_b = -load[v], load[v]
            change = cost[v, b] - cost[v, a]
            change += balance * (_off(held[a] + more_a, target[a]) - _off(held[a], target[a]))
            change += balance * (_off(held[b] + more_b, target[b]) - _off(held[b], target[b]))
            if _accepts(change, heat):
                holder[v] = b
                held[a] += more_a
                held[b] += more_b
                count[a] -= 1
                count[b] += 1
                now += change
        elif kind < _SWAPS:
            w = np.random.randint(places)
            b = holder[w]
            if a == b or not allowed[v, b] or not allowed[w, a]:
                continue
            more = load[w] - load[v]
            change = cost[v, b] - cost[v, a] + cost[w, a] - cost[w, b]
            change += balance * (_off(held[a] + more, target[a]) - _off(held[a], target[a]))
            change += balance * (_off(held[b] - more, target[b]) - _off(held[b], target[b]))
            if _accepts(change, heat):
                holder[v], holder[w] = b, a
                held[a] += more
                held[b] -= more
                now += change
        else:
            w, u = np.random.randint(places), np.random.randint(places)
            b, c = holder[w], holder[u]
            if b in (a, c) or a == c:
                continue
            if not allowed[v, b] or not allowed[w, c] or not allowed[u, a]:
                continue
            more_a, more_b, more_c = load[u] - load[v], load[v] - load[w], load[w] - load[u]
            change = cost[v, b] - cost[v, a] + cost[w, c] - cost[w, b] + cost[u, a] - cost[u, c]
            change += balance * (_off(held[a] + more_a, target[a]) - _off(held[a], target[a]))
            change += balance * (_off(held[b] + more_b, target[b]) - _off(held[b], target[b]))
            change += balance * (_off(held[c] + more_c, target[c]) - _off(held[c], target[c]))
            if _accepts(change, heat):
                holder[v], holder[w], holder[u] = b, c, a
                held[a] += more_a
                held[b] += more_b
                held[c] += more_c
                now += change
        if now < least - 1e-9:
            least = now
            best[:] = holder
    return best


@numba.njit(cache=True, nogil=True)
def _pieces(members, number, without, with_, adjacent, queue) -> int:  # type: ignore[no-untyped-def]
    """In how many pieces the first `number` members fall, `without` one and `with_` another (−1: none)."""
    size = 0
    for i in range(number):
        if members[i] != without:
            queue[size] = members[i]
            size += 1
    if with_ >= 0:
        queue[size] = with_
        size += 1
    pieces, done = 0, 0
    while done < size:  # what hangs together moves to the front of the queue, piece by piece
        pieces += 1
        head, tail = done, done + 1
        while head < tail:
            at = queue[head]
            head += 1
            for i in range(tail, size):
                if adjacent[at, queue[i]]:
                    queue[i], queue[tail] = queue[tail], queue[i]
                    tail += 1
        done = tail
    return pieces


@numba.njit(cache=True, nogil=True)
def _anneal_pieces(  # type: ignore[no-untyped-def]
    cost,
    load,
    allowed,
    capacity,
    target,
    balance,
    adjacent,
    near,
    degree,
    start,
    steps,
    hot,
    cold,
    loose,
    tight,
    seed,
) -> Any:
    np.random.seed(seed)
    places, holders = cost.shape
    holder = start.copy()
    held = np.zeros(holders)
    count = np.zeros(holders, np.int64)
    members = np.zeros((holders, places), np.int64)
    place = np.zeros(places, np.int64)  # where a village stands among the members of its holder
    pieces = np.zeros(holders, np.int64)
    queue = np.zeros(places + 1, np.int64)
    for v in range(places):
        a = holder[v]
        held[a] += load[v]
        members[a, count[a]] = v
        place[v] = count[a]
        count[a] += 1
    stray = 0
    for a in range(holders):
        pieces[a] = _pieces(members[a], count[a], -1, -1, adjacent, queue)
        stray += max(pieces[a] - 1, 0)
    now, least, fewest = 0.0, 0.0, stray
    best = holder.copy()
    heat, price = hot, loose
    for step in range(steps):
        if step & 1023 == 0:
            share = step / steps
            heat = hot * (cold / hot) ** share
            price = loose * (tight / loose) ** min(1.0, share / _TIGHT_AT)
        v = np.random.randint(places)
        a = holder[v]
        if degree[v] > 0 and np.random.random() < _NEAR:
            b = holder[near[v, np.random.randint(degree[v])]]
        else:
            b = np.random.randint(holders)
        if b == a or not allowed[v, b]:
            continue
        w = -1
        if np.random.random() < 0.5:
            if count[b] >= capacity[b]:
                continue
            more = -load[v]
            change = cost[v, b] - cost[v, a]
        else:
            if count[b] == 0:
                continue
            w = members[b, np.random.randint(count[b])]
            if not allowed[w, a]:
                continue
            more = load[w] - load[v]
            change = cost[v, b] - cost[v, a] + cost[w, a] - cost[w, b]
        change += balance * (_off(held[a] + more, target[a]) - _off(held[a], target[a]))
        change += balance * (_off(held[b] - more, target[b]) - _off(held[b], target[b]))
        if change > 10 * heat + 2 * price:  # not worth looking at the pieces
            continue
        of_a = _pieces(members[a], count[a], v, w, adjacent, queue)
        of_b = _pieces(members[b], count[b], w, v, adjacent, queue)
        strays = max(of_a - 1, 0) - max(pieces[a] - 1, 0) + max(of_b - 1, 0) - max(pieces[b] - 1, 0)
        if not _accepts(change + price * strays, heat):
            continue
        holder[v] = b
        if w < 0:
            last = members[a, count[a] - 1]
            members[a, place[v]] = last
            place[last] = place[v]
            count[a] -= 1
            members[b, count[b]] = v
            place[v] = count[b]
            count[b] += 1
        else:
            holder[w] = a
            members[a, place[v]], members[b, place[w]] = w, v
            place[v], place[w] = place[w], place[v]
        held[a] += more
        held[b] -= more
        pieces[a], pieces[b] = of_a, of_b
        now += change
        stray += strays
        if stray < fewest or (stray == fewest and now < least - 1e-9):
            fewest, least = stray, now
            best[:] = holder
    return best
