"""Why no choice of sites does what is asked, and the least change of one number that would."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .formulation import Goal, build, closed_cost
from .mip import Outcome, solve
from .options import Ints, Model, NoAnswer, Task
from .problem import Clock, StopWished, never

_EACH_S = 10.0
_NOTHING = 1e-6


def explain(task: Task, *, stop_wished: StopWished = never) -> NoAnswer:
    """The reasons as an error to be raised: who blocks, and the least limit, count and budget that work.

    Each least number is with all else as it is; None where another one would not help, or was not found in
    time.
    """
    demand, counties = _blocking(task, stop_wished)
    fewest = None if task.count is None else _least(task, Goal.FEWEST, stop_wished)
    cheapest = None if task.budget is None else _least(task, Goal.CHEAPEST, stop_wished)
    return NoAnswer(
        demand.tolist(),
        counties=counties.tolist(),
        smallest_limit=_smallest_limit(task, stop_wished),
        smallest_count=None if fewest is None else round(fewest) - len(task.closable),
        smallest_budget=None if cheapest is None else round(cheapest + closed_cost(task), 6),
    )


def _solved(task: Task, goal: Goal, stop_wished: StopWished) -> Outcome:
    return solve(build(task, goal=goal).program, Clock(_EACH_S, stop_wished))


def _blocking(task: Task, stop_wished: StopWished) -> tuple[Ints, Ints]:
    """The demand unserved in the nearest miss, and the counties short; else the uncovered of those counties."""
    built = build(task, goal=Goal.NEAREST_MISS)
    values = solve(built.program, Clock(_EACH_S, stop_wished)).values
    if values is None:
        return np.flatnonzero(task.near.sum(axis=1) < task.times), np.empty(0, dtype=np.int64)
    unserved = np.zeros(task.demand, dtype=bool)
    if len(built.unserved):
        asked = built.unserved >= 0
        unserved[asked] = values[built.unserved[asked]] > _NOTHING
    if not len(built.short) or task.county is None:
        return np.flatnonzero(unserved), np.empty(0, dtype=np.int64)
    short = np.unique(task.county)[values[built.short] > _NOTHING]
    if not unserved.any():
        missed = values[built.covered] < 1 - _NOTHING
        unserved = missed & np.isin(task.county, short) & (task.weights > 0)
    return np.flatnonzero(unserved), short


def _least(task: Task, goal: Goal, stop_wished: StopWished) -> float | None:
    outcome = _solved(task, goal, stop_wished)
    return outcome.bound if outcome.finished and outcome.values is not None else None


def _smallest_limit(task: Task, stop_wished: StopWished) -> float | None:
    """The least limit for all demand with which the task has an answer."""
    if task.limit_min is None or np.ndim(task.limit_min):
        return None
    if task.model is not Model.SET_COVER and task.county_share is None:
        return None
    limits = np.unique(task.travel[np.isfinite(task.travel) & (task.travel > task.limit_min)])
    if task.model is Model.SET_COVER and task.county_share is None:
        nearest = np.sort(task.travel[~task.set_aside], axis=1)[:, : task.times]
        limits = limits[limits >= nearest.max(initial=0.0)]
    too_little, enough = -1, len(limits)
    while enough - too_little > 1:
        middle = (too_little + enough) // 2 if enough < len(limits) else enough - 1
        outcome = _solved(replace(task, limit_min=float(limits[middle])), Goal.ANY, stop_wished)
        if outcome.values is not None:
            enough = middle
        elif outcome.finished and enough < len(limits):
            too_little = middle
        else:
            return None
    return float(limits[enough]) if enough < len(limits) else None
