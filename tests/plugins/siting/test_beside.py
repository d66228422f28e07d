"""A solution in a thread beside: the same answer, and back at once when hurried."""

from __future__ import annotations

import numpy as np

from plugins.siting.beside import solve_beside
from plugins.siting.formulation import build
from plugins.siting.mip import solve
from plugins.siting.options import Model, Task
from plugins.siting.problem import Clock

LINE = np.abs(np.subtract.outer(np.arange(30), np.arange(30))) * 1.0


def program():
    return build(Task(Model.P_MEDIAN, LINE, np.ones(30), count=4, times=2)).program


def test_the_same_answer():
    alone = solve(program(), Clock(60))
    beside = solve_beside(program(), Clock(60), hurried=lambda: False)
    assert beside.finished
    assert beside.bound == alone.bound


def test_hurried_it_comes_back_with_what_it_has():
    heard: list[float] = []
    outcome = solve_beside(
        program(), Clock(60), hurried=lambda: True, improved=lambda values, bound: heard.append(bound)
    )
    assert outcome.finished or outcome.bound <= solve(program(), Clock(60)).bound
