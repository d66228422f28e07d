"""A good first answer in a moment: greedy adding, then exchanges. Capacity is not looked at here.

Choices are compared by one number, smaller is better: what must be served or covered and is not weighs more
than any objective.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import ceil

import numpy as np
from scipy import sparse

from .options import Bools, Floats, Ints, Model, Task
from .routes import existing_sites

# Pairs of demand and candidate that are looked at, about a second's work: counted, so that it is always the same.
_WORK = 80_000_000
_SLACK = 1e-9
_TIE = 1e-6


def choose_sites(task: Task, *, begun: Iterable[int] = ()) -> list[int]:
    """Open sites of a good choice that keeps to count and budget, ascending; not always a feasible one.

    It goes on from those that are `begun`.
    """
    looks = iter(range(ceil(_WORK / max(1, task.travel.size))))
    sites = {int(site) for site in (*task.kept, *begun)}
    if task.spent([*sites, *task.closable]) <= _budget(task):
        sites |= {int(site) for site in task.closable}
    sites = _add(task, sites, looks)
    return sorted(_exchange(task, sites, looks))


@dataclass(frozen=True, eq=False)
class Scores:
    """What choices are worth, one for each: `unmet` (0: all that must be is) before `objective` (smaller is better).

    `begun` is what decides between equals: children with one of several sites they need.
    """

    unmet: Floats
    objective: Floats
    begun: Floats

    def values(self, penalty: float) -> Floats:
        """All as one number."""
        missed = np.where(self.unmet > 0, self.unmet * penalty + penalty, 0.0)
        return self.objective + missed - _TIE * self.begun


def score(task: Task, sites: Iterable[int]) -> Scores:
    """What the open sites are worth, one value."""
    open_ = sorted(sites)
    nearest = _nearest(task, open_)
    spent = np.array([task.spent(open_)])
    served = _serving(task)[:, open_].sum(axis=1, keepdims=True)
    return _score(task, nearest[:, -1:], _finite(nearest).sum(axis=1, keepdims=True), served, spent)


def scores_adding(task: Task, sites: Iterable[int]) -> Scores:
    """What the open sites are worth with each candidate added, (candidate,); one already open adds nothing."""
    open_ = sorted(sites)
    nearest = _nearest(task, open_)
    last = nearest[:, -1:]
    before_last = nearest[:, -2:-1] if task.times > 1 else np.full_like(last, -np.inf)
    farthest = np.minimum(np.maximum(task.travel, before_last), last)
    farthest[:, open_] = last
    travelled = farthest
    if task.model is Model.P_MEDIAN:
        replaced = np.where(task.travel < last, task.travel - _finite(last), 0.0)
        replaced[:, open_] = 0.0
        travelled = _finite(nearest).sum(axis=1, keepdims=True) + replaced
    serving = _serving(task)
    served = serving[:, open_].sum(axis=1, keepdims=True) + serving
    served[:, open_] -= serving[:, open_]
    extra = _extra_cost(task)
    extra[open_] = 0.0
    return _score(task, farthest, travelled, served, task.spent(open_) + extra)


def _serving(task: Task) -> Bools:
    """Which candidate may serve which demand as the task asks for it."""
    return np.isfinite(task.travel) if task.model in (Model.P_MEDIAN, Model.P_CENTER) else task.near


def _score(task: Task, farthest: Floats, travelled: Floats, served: Ints, spent: Floats) -> Scores:
    """From minutes to the farthest of the `times` nearest sites, their sum, and how many sites serve a demand.

    Each (demand, choice); `spent` (choice,).
    """
    covered = np.isfinite(farthest) & (farthest <= task.limits[:, None])
    served = np.minimum(served, task.times)
    if task.model is Model.SET_COVER:
        objective = spent
    elif task.model is Model.MAX_COVER:
        objective = -(task.weights @ covered)
    elif task.model is Model.P_MEDIAN:
        objective = task.weights @ travelled
    else:
        objective = _finite(farthest).max(axis=0, initial=0.0)
    begun = task.weights @ served if task.times > 1 else np.zeros(1)
    return Scores(_unmet(task, served, covered), objective, begun)


def affordable(task: Task, sites: Iterable[int]) -> Bools:
    """Which candidates may be added to the open sites within count and budget, (candidate,)."""
    open_ = set(sites)
    allowed = np.ones(task.candidates, dtype=bool)
    allowed[list(open_)] = False
    if task.count is not None:
        room = task.count - task.added(open_)
        new = ~existing_sites(task)
        closed = sorted(set(map(int, task.closable)) - open_)
        allowed[new] &= room >= 1
        allowed[closed] &= room >= 1
    if task.budget is not None:
        allowed &= task.spent(open_) + _extra_cost(task) <= _budget(task)
    return allowed


def _add(task: Task, sites: set[int], looks: Iterator[int]) -> set[int]:
    now = score(task, sites)
    while next(looks, None) is not None:
        allowed = affordable(task, sites)
        if not allowed.any() or (task.model is Model.SET_COVER and now.unmet[0] == 0):
            break
        penalty = _penalty(task)
        gain = now.values(penalty)[0] - scores_adding(task, sites).values(penalty)
        by_cost = task.budget is not None or task.model is Model.SET_COVER
        per_cost = gain / np.maximum(task.costs, _SLACK) if by_cost else gain
        best = int(np.argmax(np.where(allowed, per_cost, -np.inf)))
        if gain[best] <= _SLACK:
            break
        sites = sites | {best}
        now = score(task, sites)
    return sites


def _exchange(task: Task, sites: set[int], looks: Iterator[int]) -> set[int]:
    """Close an open site, or put another candidate in its place, while that is better."""
    penalty = _penalty(task)
    value = float(score(task, sites).values(penalty)[0])
    improved = True
    while improved:
        improved = False
        for out in sorted(sites - set(map(int, task.kept))):
            if next(looks, None) is None:
                return sites
            rest = sites - {out}
            values = scores_adding(task, rest).values(penalty)
            values = np.where(affordable(task, rest), values, np.inf)
            best = int(np.argmin(values))
            choices = [
                (float(score(task, rest).values(penalty)[0]), rest),
                (float(values[best]), rest | {best}),
            ]
            better, taken = min(choices, key=lambda choice: choice[0])
            allowed = task.spent(taken) <= _budget(task)
            if allowed and better < value - max(_SLACK, abs(value) * _SLACK):
                sites, value, improved = taken, better, True
    return sites


def _nearest(task: Task, open_: list[int]) -> Floats:
    """Minutes to the `times` nearest open sites, ascending, inf where there are fewer; (demand, times)."""
    padded = np.concatenate([task.travel[:, open_], np.full((task.demand, task.times), np.inf)], axis=1)
    return np.sort(padded, axis=1)[:, : task.times]


def _unmet(task: Task, served: Ints, covered: Bools) -> Floats:
    """How much of what must be is not: services missing, and children that counties are short of; (choice,)."""
    unmet = np.zeros(covered.shape[1])
    if task.serves_all:
        unmet += (task.times - served[~task.set_aside]).sum(axis=0)
    if task.county_share is not None and task.county is not None:
        counties, member = np.unique(task.county, return_inverse=True)
        children = np.bincount(member, weights=task.weights, minlength=len(counties))
        inside = sparse.csr_matrix((task.weights, (member, np.arange(task.demand))))
        short = task.county_share * children[:, None] - inside @ covered.astype(np.float64)
        unmet += np.where(short > 1e-6, short, 0.0).sum(axis=0)
    return unmet


def _extra_cost(task: Task) -> Floats:
    """What opening each candidate adds to the cost: a closable one kept is not closed."""
    extra = task.costs.copy()
    closable = list(task.closable)
    extra[closable] -= task.closing_costs[closable]
    extra[list(task.kept)] = 0.0
    return extra


def _finite(minutes: Floats) -> Floats:
    return np.where(np.isfinite(minutes), minutes, 0.0)


def _penalty(task: Task) -> float:
    """More than any objective: all demand at its farthest, all children, all costs."""
    farthest = _finite(task.travel).max(axis=1, initial=0.0)
    travelled = task.times * float(task.weights @ farthest) + float(farthest.max(initial=0.0))
    costs = float(task.costs.sum() + task.closing_costs.sum())
    return 1.0 + 2 * (travelled + float(task.weights.sum()) + costs)


def _budget(task: Task) -> float:
    return np.inf if task.budget is None else task.budget + _SLACK
