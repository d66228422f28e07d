"""What it would cost to put the best neighbour in the place of a new site."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from planner.errors import InputError

from .choices import affordable, scores_adding
from .options import Answer, Swap, Task
from .problem import Clock, StopWished, never
from .search import search

_EACH_S = 2.0


def with_swaps(task: Task, answer: Answer, *, stop_wished: StopWished = never) -> Answer:
    """The answer with a Swap for each new site; after a stop only those found by then."""
    swaps = []
    for site in answer.opened:
        if stop_wished():
            break
        if task.has_capacity:
            swaps.append(_by_program(task, answer, site, stop_wished))
        else:
            swaps.append(_by_scores(task, answer, site))
    return replace(answer, swaps=tuple(swaps))


def _by_scores(task: Task, answer: Answer, site: int) -> Swap:
    rest = [other for other in answer.sites if other != site]
    scores = scores_adding(task, rest)
    allowed = affordable(task, rest) & (scores.unmet == 0)
    allowed[site] = False
    if not allowed.any():
        return Swap(site, None, float("inf"))
    values = np.where(allowed, scores.objective, np.inf)
    neighbour = int(np.argmin(values))
    value = float(values[neighbour])
    return Swap(site, neighbour, _loss(task, answer, -value if task.maximises else value))


def _by_program(task: Task, answer: Answer, site: int, stop_wished: StopWished) -> Swap:
    """All other sites stand and one more may open: the task searched with its candidates bounded."""
    stay = np.zeros(task.candidates, dtype=bool)
    stay[[other for other in answer.sites if other != site]] = True
    barred = np.zeros(task.candidates, dtype=bool)
    barred[[site, *answer.closed]] = True
    one_more = replace(task, count=task.added(answer.sites))
    try:
        found = search(
            one_more, Clock(_EACH_S, stop_wished), before=answer.before, forced=stay, barred=barred
        )
    except InputError:  # not found out in the time
        found = None
    if found is None:
        return Swap(site, None, float("inf"))
    taken = next((other for other in found.sites if not stay[other]), None)
    return Swap(site, taken, _loss(task, answer, found.objective))


def _loss(task: Task, answer: Answer, value: float) -> float:
    """How much worse a value is than the answer's; a swap may be better where nothing is proved."""
    loss = answer.objective - value if task.maximises else value - answer.objective
    return round(loss, 9)
