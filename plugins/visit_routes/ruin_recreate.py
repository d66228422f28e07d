"""Slack induction by string removals, carried over to visits on several days.

Each step takes strings of neighbouring stops out of some tours, and puts every stop back, on all the days of
the pattern and with the visitor where that costs least (Christiaens & Vanden Berghe 2020; patterns as in
Cordeau, Gendreau & Laporte 1997). A stop that fits nowhere stays out, at its price. The number of steps and the seed
rule the answer, never the clock. The steps themselves are compiled: see `compiled_steps`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .compiled_steps import improve
from .problem import Ints, Plan, Problem

_HOT, _COLD = 1.0, 0.01  # in units of the mean way between a stop and its ten nearest
_NEAREST = 10


class Search:
    """A plan that gets better step by step; `improve` may be called again and again.

    `total_steps` is what the cooling reckons with. Compiled state lives in arrays, so a step costs microseconds.
    """

    def __init__(self, problem: Problem, *, total_steps: int, seed: int) -> None:
        self.problem = problem
        self.total_steps = total_steps
        self.seed = seed
        self.steps = 0
        self._data = _prepared(problem)
        self._state = _empty_state(problem)
        self._unit = _scale(problem)

    def improve(self, steps: int) -> None:
        """Go on for so many steps, at most to the total."""
        steps = min(steps, self.total_steps - self.steps)
        if steps > 0 and self.problem.stops and self.problem.tours:
            heat = (_HOT * self._unit, _COLD * self._unit)
            improve(*self._data, *self._state, self.steps, steps, self.total_steps, *heat, self.seed)  # type: ignore[call-arg] # more than its stub counts
        self.steps += steps

    @property
    def plan(self) -> Plan:
        """The best plan so far."""
        best, length, chosen, cost = self._state[0], self._state[1], self._state[2], self._state[3]
        tours = tuple(
            tuple(int(stop) for stop in best[tour, : length[tour]]) for tour in range(self.problem.tours)
        )
        out = tuple(int(stop) for stop in np.flatnonzero(chosen == 0))
        patterns = {int(stop): int(chosen[stop]) for stop in np.flatnonzero(chosen)}
        first = float(cost[0]) if np.isfinite(cost[0]) else float(self.problem.left_out.sum())
        return Plan(tours, out, first, patterns)


def _scale(problem: Problem) -> float:
    """The mean way between a stop and its nearest, in minutes; at least a hair."""
    near = _ways(problem)
    np.fill_diagonal(near, np.inf)
    nearest = np.sort(near, axis=1)[:, :_NEAREST]
    known = nearest[np.isfinite(nearest)]
    return float(max(known.mean() if len(known) else 1.0, 1e-3))


def _ways(problem: Problem) -> Any:
    """The shortest way between stops by any mode, shape (stops, stops)."""
    least = problem.minutes.min(axis=0)
    return least[np.ix_(problem.place, problem.place)]


def _prepared(problem: Problem) -> tuple[Any, ...]:
    order = np.argsort(_ways(problem), axis=1, kind="stable")
    by_visitor = np.unique(problem.visitor, return_inverse=True)[1].astype(np.int64)
    number = int((problem.patterns != 0).sum(axis=1).max(initial=0))
    return (
        np.ascontiguousarray(problem.minutes, dtype=np.float64),
        problem.place.astype(np.int64),
        problem.service.astype(np.float64),
        problem.size.astype(np.float64),
        problem.opens.astype(np.float64),
        problem.closes.astype(np.float64),
        np.ascontiguousarray(problem.patterns[:, : max(number, 1)], dtype=np.int64),
        problem.left_out.astype(np.float64),
        problem.day.astype(np.int64),
        by_visitor,
        problem.mode.astype(np.int64),
        problem.start.astype(np.int64),
        problem.end.astype(np.int64),
        problem.begins.astype(np.float64),
        problem.ends.astype(np.float64),
        problem.limit.astype(np.float64),
        problem.room.astype(np.float64),
        problem.lunch_from.astype(np.float64),
        problem.lunch.astype(np.float64),
        np.ascontiguousarray(problem.allowed),
        np.ascontiguousarray(problem.extra, dtype=np.float64),
        order.astype(np.int64),
        _alike(problem),
        _timed(problem),
    )


def _alike(problem: Problem) -> Ints:
    """For each tour the first tour that is its equal in all but the number, shape (tours,): one empty one will do."""
    names = (
        "day",
        "visitor",
        "mode",
        "start",
        "end",
        "begins",
        "ends",
        "limit",
        "room",
        "lunch_from",
        "lunch",
    )
    seen: dict[tuple[Any, ...], int] = {}
    first = []
    for tour in range(problem.tours):
        key = (
            *(getattr(problem, name)[tour] for name in names),
            problem.allowed[:, tour].tobytes(),
            problem.extra[:, tour].tobytes(),
        )
        first.append(seen.setdefault(key, tour))
    return np.array(first, dtype=np.int64)


def _timed(problem: Problem) -> bool:
    """Whether the times of the day matter, or the limit alone."""
    return bool(
        np.isfinite(problem.ends).any() or np.isfinite(problem.closes).any() or (problem.opens > 0).any()
    )


def _empty_state(problem: Problem) -> tuple[Any, ...]:
    stops, tours = problem.stops, problem.tours
    days = int(problem.day.max(initial=0)) + 1
    plan = np.zeros((tours, stops), dtype=np.int64)
    length = np.zeros(tours, dtype=np.int64)
    chosen = np.zeros(stops, dtype=np.int64)
    cost = np.array([np.inf, np.inf])  # of the best plan, of the present one
    at = np.full((stops, days), -1, dtype=np.int64)
    return plan, length, chosen, cost, plan.copy(), length.copy(), chosen.copy(), at
