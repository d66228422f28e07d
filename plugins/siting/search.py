"""Search the program for the best answer until it is proved, or clock or stop end it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from planner.errors import InputError

from .answer import meets
from .beside import solve_beside
from .bounds import bound_without_options, simple_bound
from .formulation import Built, build, closed_cost
from .options import Answer, Bools, Floats, Model, Task
from .problem import Clock, StopWished, never
from .routes import make_answer, read_columns

_NOTHING = 1e-7


def search(
    task: Task,
    clock: Clock,
    *,
    first: Answer | None = None,
    before: Floats,
    on_answer: Callable[[Answer], None] = lambda answer: None,
    forced: Bools | None = None,
    barred: Bools | None = None,
    hurried: StopWished = never,
) -> Answer | None:
    """The best answer to a task; None where it is proved that there is none.

    `first` is an answer to begin from, `forced` and `barred` candidates are open or closed in any case,
    `hurried` says when the answer is wanted at once (see `solve_beside`).
    Raises InputError where neither was found out in the time.
    """
    find = _by_radius if task.model is Model.P_CENTER else _by_objective
    return find(
        task,
        clock,
        first=first,
        before=before,
        on_answer=on_answer,
        forced=forced,
        barred=barred,
        hurried=hurried,
    )


def _by_objective(
    task: Task,
    clock: Clock,
    *,
    first: Answer | None,
    before: Floats,
    on_answer: Callable[[Answer], None],
    forced: Bools | None,
    barred: Bools | None,
    hurried: StopWished,
) -> Answer | None:
    known = simple_bound(task)
    if first is not None and not _proved(first, known).proved:
        bare = bound_without_options(task, clock)
        known = known if bare is None else min(known, bare) if task.maximises else max(known, bare)
    best = first
    if first is not None:
        best = _proved(first, known)
        if best.proved:
            return best
        on_answer(best)
    built = build(task, forced=forced, barred=barred)

    def found(values: Floats, bound: float) -> None:
        nonlocal best
        answer = _answer(task, built, values, _bound(task, bound, known), before)
        if best is None or _better(task, answer, best):
            best = answer
            on_answer(answer)

    outcome = solve_beside(
        built.program,
        clock,
        hurried=hurried,
        start=None if first is None else _start(built, task, first),
        improved=found,
    )
    bound = _bound(task, outcome.bound, known)
    if outcome.values is not None:
        last = _answer(task, built, outcome.values, bound, before)
        best = last if best is None or not _better(task, best, last) else best
    if best is None and not outcome.finished:
        raise _unfinished()
    if best is None:
        return None
    return _proved(best, bound)


def _proved(answer: Answer, bound: float) -> Answer:
    """The answer, proved where its own figure meets the bound."""
    proved = meets(answer.objective, bound) or abs(answer.objective - bound) <= _NOTHING
    return replace(answer, bound=answer.objective if proved else bound, proved=proved)


def _by_radius(
    task: Task,
    clock: Clock,
    *,
    first: Answer | None,
    before: Floats,
    on_answer: Callable[[Answer], None],
    forced: Bools | None,
    barred: Bools | None,
    hurried: StopWished,
) -> Answer | None:
    """Halve the worst travel between what is known to be too little and what is known to work."""
    best = first
    radii = np.unique(task.travel[np.isfinite(task.travel) & (task.travel >= simple_bound(task))])
    if not len(radii):
        radii = np.zeros(1)  # nothing must be served: one question tells whether the options can be kept
    too_little, enough = -1, len(radii) if best is None else int(np.searchsorted(radii, best.objective))
    while enough - too_little > 1:
        middle = (too_little + enough) // 2 if best is not None else enough - 1
        built = build(task, radius_min=float(radii[middle]), forced=forced, barred=barred)
        outcome = solve_beside(built.program, clock, hurried=hurried)
        if outcome.values is not None:
            best = _answer(task, built, outcome.values, float(radii[too_little + 1]), before)
            enough = min(middle, int(np.searchsorted(radii, best.objective)))
            on_answer(best)
        elif not outcome.finished:
            break
        elif best is None:
            return None
        else:
            too_little = middle
    if best is None:
        raise _unfinished()
    proved = enough - too_little == 1
    return replace(best, bound=best.objective if proved else float(radii[too_little + 1]), proved=proved)


def _bound(task: Task, solver: float, known: float) -> float:
    """The solver's bound in the unit of the objective, with the cost of closing all; `known` where it says more."""
    if task.maximises:
        return min(-solver, known)
    return max(solver + (closed_cost(task) if task.model is Model.SET_COVER else 0.0), known)


def _better(task: Task, answer: Answer, other: Answer) -> bool:
    ahead = answer.objective - other.objective
    return ahead > _NOTHING if task.maximises else ahead < -_NOTHING


def _answer(task: Task, built: Built, values: Floats, bound: float, before: Floats) -> Answer:
    sites, routes = read_columns(task, built, values)
    return make_answer(task, sites, routes, bound=bound, proved=False, before=before)


def _unfinished() -> InputError:
    return InputError("在给定时间内没有找到可行的选址,也没有证明它不存在", "请延长时限,或放宽条件后重新计算")


def _start(built: Built, task: Task, answer: Answer) -> Floats:
    """The columns of an answer, for the solver to begin from."""
    values = np.zeros(len(built.program.objective))
    values[built.open[list(answer.sites)]] = 1.0
    rows, sites, shares = answer.routes
    goes = np.zeros((task.demand, task.candidates))
    goes[rows, sites] = shares
    values[built.share] = goes[built.rows, built.sites[: len(built.rows)]]
    values[built.covered] = answer.covered if len(built.covered) else 0.0
    return values
