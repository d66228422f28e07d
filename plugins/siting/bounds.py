"""What no answer to a task can beat, found without its own program: by counting, and by leaving options out."""

from __future__ import annotations

import numpy as np

from .max_cover import max_cover
from .options import Model, Task
from .p_median import p_median
from .problem import Clock
from .routes import existing_sites

# Below so many ways the program itself is quick, above it the bare model tells more in a moment.
_MANY_WAYS = 20_000
_LONGEST_S = 10.0


def simple_bound(task: Task) -> float:
    """By counting alone: everybody in reach, the room there is, every demand at its nearest."""
    if task.model is Model.SET_COVER:
        return 0.0
    if task.model is Model.MAX_COVER:
        reachable = float(task.weights[task.near.sum(axis=1) >= task.times].sum())
        return min(reachable, _room(task))
    served = ~task.set_aside
    nearest = np.sort(task.travel[served], axis=1)[:, : task.times]
    if not np.isfinite(nearest).all():
        return -np.inf
    if task.model is Model.P_MEDIAN:
        return float(task.weights[served] @ nearest.sum(axis=1))
    return float(nearest[:, -1].max(initial=0.0)) if nearest.shape[1] else 0.0


def bound_without_options(task: Task, clock: Clock) -> float | None:
    """The bound of the bare model, which has every answer of the task and more; None where there is none.

    Only for many ways, one site a demand and a count of new sites; a closable site counts as one more of them.
    """
    counted = task.model in (Model.MAX_COVER, Model.P_MEDIAN) and task.count is not None and task.times == 1
    if not counted or np.count_nonzero(task.near) < _MANY_WAYS:
        return None
    fixed = sorted(map(int, task.kept))
    count = min((task.count or 0) + len(task.closable), task.candidates - len(fixed))
    limit_s = min(_LONGEST_S, clock.left_s / 4)
    if task.model is Model.MAX_COVER:
        away = np.where(task.near, 0.0, np.inf)
        return max_cover(
            away,
            task.weights,
            count,
            limit=0.0,
            fixed=fixed,
            time_limit_s=limit_s,
            stop_wished=clock.stop_wished,
        ).bound
    return p_median(
        task.travel, task.weights, count, fixed=fixed, time_limit_s=limit_s, stop_wished=clock.stop_wished
    ).bound


def _room(task: Task) -> float:
    """Children whom the existing sites and the largest new ones can take; inf where nothing is full."""
    if task.count is None or task.times != 1 or not task.has_capacity:
        return np.inf
    existing = existing_sites(task)
    holds = np.minimum(task.capacities, task.weights @ task.near)
    largest = np.sort(holds[~existing])[::-1][: task.count + len(task.closable)]
    by_existing = min(
        float(holds[existing].sum()), float(task.weights[task.near[:, existing].any(axis=1)].sum())
    )
    return by_existing + float(largest.sum())
