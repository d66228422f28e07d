"""Every choice of sites and every way to serve, tried one by one: what the program must not be better or worse than."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import chain, combinations, product

import numpy as np
from scipy.optimize import linprog

from plugins.siting.options import Model, Task


def best_value(task: Task) -> float | None:
    """The objective of the best answer; None where there is none."""
    values = [value for sites in _choices(task) if (value := _best_service(task, sites)) is not None]
    if not values:
        return None
    return max(values) if task.model is Model.MAX_COVER else min(values)


def _choices(task: Task) -> Iterator[tuple[int, ...]]:
    free = [site for site in range(task.candidates) if site not in task.kept]
    for chosen in chain.from_iterable(combinations(free, size) for size in range(len(free) + 1)):
        sites = tuple(sorted([*task.kept, *chosen]))
        closed = [site for site in task.closable if site not in sites]
        new = [site for site in chosen if site not in task.closable]
        if task.count is not None and len(new) - len(closed) > task.count:
            continue
        if task.budget is not None and _spent(task, chosen, closed) > task.budget + 1e-9:
            continue
        yield sites


def _spent(task: Task, chosen: tuple[int, ...], closed: list[int]) -> float:
    cost = sum(1.0 if task.cost is None else task.cost[site] for site in chosen)
    return cost + sum(0.0 if task.closing_cost is None else task.closing_cost[site] for site in closed)


def _minutes(task: Task, row: int, site: int) -> float:
    if task.offers is not None and task.service is not None and not task.offers[site, task.service[row]]:
        return math.inf
    return float(task.minutes[row, site])


def _near(task: Task, row: int, site: int) -> bool:
    minutes = _minutes(task, row, site)
    limit = np.inf if task.limit_min is None else np.broadcast_to(task.limit_min, task.demand)[row]
    return math.isfinite(minutes) and minutes <= limit


def _best_service(task: Task, sites: tuple[int, ...]) -> float | None:
    if task.capacity is not None and task.split:
        return _best_split(task, sites)
    ways = []
    for row in range(task.demand):
        reach = [site for site in sites if math.isfinite(_minutes(task, row, site))]
        served = list(combinations(reach, task.times))
        must = _must(task, row)
        if must and task.model is Model.SET_COVER:
            served = [way for way in served if all(_near(task, row, site) for site in way)]
        ways.append(_telling(task, row, served if must else [(), *served]))
    found = [value for way in product(*ways) if (value := _value(task, sites, way)) is not None]
    if not found:
        return None
    return max(found) if task.model is Model.MAX_COVER else min(found)


def _telling(task: Task, row: int, ways: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """The ways of a row that can matter: where nothing is full rows meet in the counts of the covered alone, so of
    those that cover and of those that do not the shortest is enough, and to go nowhere."""
    if task.capacity is not None:
        return ways
    best: dict[tuple[bool, bool], tuple[int, ...]] = {}
    for way in sorted(ways, key=lambda way: _length(task, row, way)):
        best.setdefault((len(way) > 0, all(_near(task, row, site) for site in way)), way)
    return list(best.values())


def _length(task: Task, row: int, way: tuple[int, ...]) -> float:
    minutes = [_minutes(task, row, site) for site in way]
    return max(minutes, default=0.0) if task.model is Model.P_CENTER else sum(minutes)


def _must(task: Task, row: int) -> bool:
    if all(math.isinf(_minutes(task, row, site)) for site in range(task.candidates)):
        return False
    return task.model in (Model.P_MEDIAN, Model.P_CENTER) or (
        task.model is Model.SET_COVER and task.county_share is None
    )


def _value(task: Task, sites: tuple[int, ...], way: tuple[tuple[int, ...], ...]) -> float | None:
    covered = [len(legs) > 0 and all(_near(task, row, site) for site in legs) for row, legs in enumerate(way)]
    if task.capacity is not None:
        for site in sites:
            load = sum(task.weights[row] for row, legs in enumerate(way) if site in legs)
            if load > task.capacity[site] + 1e-9:
                return None
    if not _counties_met(task, np.array(covered, dtype=float)):
        return None
    legs = [(row, site) for row, taken in enumerate(way) for site in taken]
    if task.model is Model.SET_COVER:
        chosen = tuple(site for site in sites if site not in task.kept)
        return _spent(task, chosen, [site for site in task.closable if site not in sites])
    if task.model is Model.MAX_COVER:
        return float(task.weights @ np.array(covered, dtype=float))
    if task.model is Model.P_MEDIAN:
        return sum(task.weights[row] * _minutes(task, row, site) for row, site in legs)
    return max((_minutes(task, row, site) for row, site in legs), default=0.0)


def _counties_met(task: Task, covered: np.ndarray) -> bool:
    if task.county_share is None or task.county is None:
        return True
    return all(
        (task.weights * covered)[task.county == county].sum()
        >= task.county_share * task.weights[task.county == county].sum() - 1e-9
        for county in np.unique(task.county)
    )


def _best_split(task: Task, sites: tuple[int, ...]) -> float | None:
    """One service each: a transport problem by scipy, with the covered shares as further columns."""
    assert task.times == 1
    pairs = [
        (row, site)
        for row in range(task.demand)
        for site in sites
        if math.isfinite(_minutes(task, row, site))
    ]
    radii = [np.inf]
    if task.model is Model.P_CENTER:
        radii = sorted({0.0, *(_minutes(task, row, site) for row, site in pairs)})
    for radius in radii:
        value = _transport(task, sites, [pair for pair in pairs if _minutes(task, *pair) <= radius])
        if value is not None:
            return float(radius) if task.model is Model.P_CENTER else value
    return None


def _transport(task: Task, sites: tuple[int, ...], pairs: list[tuple[int, int]]) -> float | None:
    if task.model is Model.SET_COVER and _must_any(task):
        pairs = [pair for pair in pairs if _near(task, *pair)]
    near = np.array([_near(task, *pair) for pair in pairs], dtype=float)
    children = np.array([task.weights[row] for row, _ in pairs])
    minutes = np.array([_minutes(task, *pair) for pair in pairs])
    cost = np.zeros(len(pairs))
    if task.model is Model.MAX_COVER:
        cost = -children * near
    elif task.model is Model.P_MEDIAN:
        cost = children * minutes
    at_most, most = [], []
    assert task.capacity is not None
    for site in sites:
        if np.isfinite(task.capacity[site]):
            at_most.append([task.weights[row] if other == site else 0.0 for row, other in pairs])
            most.append(task.capacity[site])
    if task.county_share is not None and task.county is not None:
        for county in np.unique(task.county):
            inside = [
                -(task.weights[row] * near[k]) if task.county[row] == county else 0.0
                for k, (row, _) in enumerate(pairs)
            ]
            at_most.append(inside)
            most.append(-(task.county_share * task.weights[task.county == county].sum()) + 1e-9)
    exact, sums = [], []
    for row in range(task.demand):
        here = [1.0 if other == row else 0.0 for other, _ in pairs]
        if _must(task, row):
            exact.append(here)
            sums.append(1.0)
        else:
            at_most.append(here)
            most.append(1.0)
    if not pairs:
        met = not exact and _counties_met(task, np.zeros(task.demand))
        return _constant(task, sites) if met else None
    found = linprog(
        cost,
        A_ub=np.array(at_most) if at_most else None,
        b_ub=np.array(most) if at_most else None,
        A_eq=np.array(exact) if exact else None,
        b_eq=np.array(sums) if exact else None,
        bounds=(0, 1),
    )
    if found.status != 0:
        return None
    return _constant(task, sites) if task.model is Model.SET_COVER else abs(float(found.fun or 0.0))


def _must_any(task: Task) -> bool:
    return task.county_share is None


def _constant(task: Task, sites: tuple[int, ...]) -> float:
    if task.model is not Model.SET_COVER:
        return 0.0
    chosen = tuple(site for site in sites if site not in task.kept)
    return _spent(task, chosen, [site for site in task.closable if site not in sites])
