"""Solve a siting task with its options: a first answer in a moment, then the program until it is proved."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np

from .bounds import simple_bound
from .choices import choose_sites
from .explain import explain
from .formulation import Goal, build
from .mip import solve as run
from .options import Answer, Floats, Model, Task, check_task
from .problem import Clock, StopWished, never
from .routes import (
    covered_before,
    covered_shares,
    existing_sites,
    is_complete,
    make_answer,
    nearest_routes,
    read_columns,
)
from .search import search
from .swaps import with_swaps

_NOTHING = 1e-7
_FIRST_S = 1.0
_BEFORE_S = 10.0
_ANY_S = 20.0


def solve(
    task: Task,
    *,
    time_limit_s: float = 60.0,
    on_answer: Callable[[Answer], None] = lambda answer: None,
    stop_wished: StopWished = never,
    hurried: StopWished = never,
) -> Answer:
    """The best answer found to a task, with its bound; `proved` never where clock or stop ended the search.

    `on_answer` is told each better answer on the way, without swaps. Raises InputError for options that have
    no meaning together, NoAnswer where no choice of sites does what is asked or none was found in the time.
    """
    check_task(task)
    clock = Clock(time_limit_s, stop_wished)
    if not task.demand or not task.candidates:
        return _of_nothing(task)
    before = (
        _capacity_before(task, Clock(_BEFORE_S, stop_wished)) if task.has_capacity else covered_before(task)
    )
    first = first_answer(task, before)
    if first is None:
        first = _any_answer(task, before, clock)
    if first is not None:
        on_answer(first)
    found = search(task, clock, first=first, before=before, on_answer=on_answer, hurried=hurried)
    if found is None:
        raise explain(task, stop_wished=stop_wished)
    return with_swaps(task, found, stop_wished=stop_wished)


def _any_answer(task: Task, before: Floats, clock: Clock) -> Answer | None:
    """An answer that does what is asked, however good: quicker than the best one. None where none was found in time.

    Raises NoAnswer where there is none.
    """
    built = build(task, goal=Goal.ANY)
    outcome = run(built.program, Clock(min(_ANY_S, clock.left_s), clock.stop_wished))
    if outcome.values is None and outcome.finished:
        raise explain(task, stop_wished=clock.stop_wished)
    if outcome.values is None:
        return None
    sites, routes = read_columns(task, built, outcome.values)
    found = make_answer(task, sites, routes, bound=simple_bound(task), proved=False, before=before)
    further = first_answer(task, before, begun=found.sites)
    answers = [answer for answer in (found, further) if answer is not None]
    return (max if task.maximises else min)(answers, key=lambda answer: answer.objective)


def _capacity_before(task: Task, clock: Clock) -> Floats:
    """The share of each demand that the existing sites alone cover as far as they have room, (demand,)."""
    existing = existing_sites(task)
    alone = replace(task, model=Model.MAX_COVER, county_share=None, count=None, budget=None)
    built = build(alone, forced=existing, barred=~existing)
    outcome = run(built.program, clock)
    if outcome.values is None:
        return np.zeros(task.demand)
    _, routes = read_columns(alone, built, outcome.values)
    return covered_shares(alone, routes)


def _of_nothing(task: Task) -> Answer:
    sites = np.flatnonzero(existing_sites(task))
    routes = nearest_routes(task, sites)
    if not is_complete(task, routes, covered_shares(task, routes)):
        raise explain(task)
    return make_answer(task, sites, routes, bound=0.0, proved=True, before=np.zeros(task.demand))


def first_answer(task: Task, before: Floats, *, begun: Iterable[int] = ()) -> Answer | None:
    """A good answer in a moment, gone on to from the sites `begun`; None where none that does all was found so."""
    sites = choose_sites(task, begun=begun)
    if task.has_capacity:
        open_ = np.zeros(task.candidates, dtype=bool)
        open_[sites] = True
        built = build(task, forced=open_, barred=~open_)
        outcome = run(built.program, Clock(_FIRST_S))
        routes = None if outcome.values is None else read_columns(task, built, outcome.values)[1]
    else:
        routes = nearest_routes(task, sites)
    if routes is None or not is_complete(task, routes, covered_shares(task, routes)):
        return None
    if (task.count is not None and task.added(sites) > task.count) or (
        task.budget is not None and task.spent(sites) > task.budget + _NOTHING
    ):
        return None
    return make_answer(task, sites, routes, bound=simple_bound(task), proved=False, before=before)
