"""The right way to an answer: the bare models where no option is in force, else the program with options."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from . import models
from .answer import Infeasible, Siting
from .explain import explain
from .options import Answer, Model, Task, check_task, without_options
from .problem import StopWished, never
from .routes import covered_before, make_answer, nearest_routes
from .solve import solve
from .swaps import with_swaps


def answer_task(
    task: Task,
    *,
    seed: int = 0,
    time_limit_s: float = np.inf,
    on_answer: Callable[[Answer], None] = lambda answer: None,
    stop_wished: StopWished = never,
    hurried: StopWished = never,
) -> Answer:
    """The best answer to a task, told on the way as it improves. Raises as `solve` does."""
    check_task(task)
    if not without_options(task) or not task.demand or not task.candidates:
        return solve(
            task,
            time_limit_s=time_limit_s,
            on_answer=on_answer,
            stop_wished=stop_wished,
            hurried=hurried,
        )
    before = covered_before(task)

    def told(siting: Siting) -> Answer:
        # The bare cover counts the sites that stay, too.
        bound = siting.bound - len(task.kept) if task.model is Model.SET_COVER else siting.bound
        return make_answer(
            task,
            siting.sites,
            nearest_routes(task, siting.sites),
            bound=bound,
            proved=siting.proved,
            before=before,
        )

    try:
        siting = _bare(
            task,
            seed=seed,
            time_limit_s=time_limit_s,
            offer=lambda siting: on_answer(told(siting)),
            stop_wished=stop_wished,
        )
    except Infeasible as error:
        raise explain(task, stop_wished=stop_wished) from error
    return with_swaps(task, told(siting), stop_wished=stop_wished)


def _bare(
    task: Task,
    *,
    seed: int,
    time_limit_s: float,
    offer: Callable[[Siting], None],
    stop_wished: StopWished,
) -> Siting:
    shared: Any = {
        "fixed": tuple(sorted(map(int, task.kept))),
        "time_limit_s": time_limit_s,
        "offer": offer,
        "stop_wished": stop_wished,
    }
    cost, limit = task.travel, float(np.asarray(np.inf if task.limit_min is None else task.limit_min))
    count = min(task.count or 0, task.candidates - len(task.kept))
    if task.model is Model.SET_COVER:
        return models.set_cover(cost, limit=limit, **shared)
    if task.model is Model.MAX_COVER:
        return models.max_cover(cost, task.weights, count, limit=limit, **shared)
    if task.model is Model.P_MEDIAN:
        return models.p_median(cost, task.weights, count, seed=seed, **shared)
    return models.p_center(cost, count, **shared)
