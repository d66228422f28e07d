"""From open sites to an answer: who goes where, what it is worth, what stays uncovered and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from .formulation import Built
from .options import Answer, Bools, Floats, Ints, Model, Task, Why

Routes = tuple[Ints, Ints, Floats]
_NOTHING = 1e-9
_LEAST_SHARE = 1e-7
_WHOLE = 0.5


def nearest_routes(task: Task, sites: Iterable[int]) -> Routes:
    """Each demand to its `times` nearest open sites that may serve it (the lowest number on a tie).

    For tasks without capacity. A demand that need not be served goes nowhere unless all its sites are near.
    """
    open_ = np.array(sorted({int(site) for site in sites}), dtype=np.int64)
    if len(open_) < task.times:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), np.empty(0)
    minutes = task.travel[:, open_]
    if not task.serves_all or task.model is Model.SET_COVER:
        minutes = np.where(task.near[:, open_], minutes, np.inf)
    nearest = np.argsort(minutes, axis=1, kind="stable")[:, : task.times]
    served = np.flatnonzero(np.isfinite(np.take_along_axis(minutes, nearest, axis=1)).all(axis=1))
    rows = np.repeat(served, task.times)
    return rows, open_[nearest[served]].ravel(), np.ones(len(rows))


def read_columns(task: Task, built: Built, values: Floats) -> tuple[Ints, Routes]:
    """Open sites and routes from the columns. Where nothing is full, the nearest serve."""
    sites = np.flatnonzero(values[built.open] > _WHOLE)
    if not task.has_capacity:
        return sites, nearest_routes(task, sites)
    shares = values[built.share]
    if not task.split:
        shares = np.round(shares)
    used = shares > _LEAST_SHARE
    return sites, (built.rows[used], built.sites[used], shares[used])


def make_answer(
    task: Task, sites: Iterable[int], routes: Routes, *, bound: float, proved: bool, before: Floats
) -> Answer:
    """The answer of open sites and routes. `before`: see `covered_before`."""
    open_ = sorted({int(site) for site in sites})
    existing = {*map(int, task.kept), *map(int, task.closable)}
    covered = covered_shares(task, routes)
    value = objective(task, open_, routes, covered)
    uncovered = np.flatnonzero(covered < 1 - _NOTHING)
    return Answer(
        sites=tuple(open_),
        opened=tuple(site for site in open_ if site not in existing),
        closed=tuple(sorted(set(map(int, task.closable)) - set(open_))),
        routes=routes,
        covered=covered,
        before=before,
        objective=value,
        bound=value if proved else bound,
        proved=proved,
        uncovered=tuple(uncovered.tolist()),
        why=tuple(_why(task, open_, row) for row in uncovered.tolist()),
    )


def covered_before(task: Task) -> Floats:
    """The share of each demand within the limit of the existing sites alone, whatever they hold; (demand,)."""
    alone = replace(task, model=Model.MAX_COVER, county_share=None)
    routes = nearest_routes(alone, np.flatnonzero(existing_sites(task)))
    return covered_shares(alone, routes)


def covered_shares(task: Task, routes: Routes) -> Floats:
    """The share of each demand with all its sites within the limit, (demand,)."""
    rows, sites, shares = routes
    near = task.near[rows, sites]
    total = np.bincount(rows[near], weights=shares[near], minlength=task.demand) / task.times
    if task.times > 1:
        total = np.where(total < 1 - _NOTHING, 0.0, total)
    return np.minimum(np.round(total, 9), 1.0)


def objective(task: Task, sites: Iterable[int], routes: Routes, covered: Floats) -> float:
    """What the model makes best, in its unit: cost of the sites, children, child-minutes, minutes."""
    rows, places, shares = routes
    if task.model is Model.SET_COVER:
        return task.spent(list(sites))
    if task.model is Model.MAX_COVER:
        return float(covered @ task.weights)
    minutes = task.travel[rows, places]
    if task.model is Model.P_MEDIAN:
        return float((task.weights[rows] * minutes) @ shares)
    return float(minutes[shares > _NOTHING].max(initial=0.0))


def is_complete(task: Task, routes: Routes, covered: Floats) -> bool:
    """Whether all that must be served is, and every county has its share."""
    if task.serves_all:
        served = np.bincount(routes[0], weights=routes[2], minlength=task.demand)
        if (served[~task.set_aside] < task.times - 1e-6).any():
            return False
    return len(short_counties(task, covered)) == 0


def short_counties(task: Task, covered: Floats) -> Ints:
    """The counties with less than their least share covered."""
    if task.county_share is None or task.county is None:
        return np.empty(0, dtype=np.int64)
    counties, member = np.unique(task.county, return_inverse=True)
    children = np.bincount(member, weights=task.weights, minlength=len(counties))
    reached = np.bincount(member, weights=task.weights * covered, minlength=len(counties))
    return counties[reached < task.county_share * children - 1e-6]


def existing_sites(task: Task) -> Bools:
    """Which candidates exist already."""
    existing = np.zeros(task.candidates, dtype=bool)
    existing[[*map(int, task.kept), *map(int, task.closable)]] = True
    return existing


def _why(task: Task, sites: list[int], row: int) -> Why:
    if task.set_aside[row]:
        return Why.UNREACHABLE
    if np.count_nonzero(task.near[row]) < task.times:
        return Why.TOO_FAR
    full = np.count_nonzero(task.near[row, sites]) >= task.times
    return Why.FULL if full else Why.NOT_CHOSEN
