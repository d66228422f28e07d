"""Small problems of duties that can be checked by eye."""

import numpy as np

from plugins.cadre_assignment.problem import Problem


def problem(cost, *, load=None, allowed=None, capacity=None, target=None, balance=0.0, adjacent=None):
    """Costs by place and holder; everybody may hold everything and nothing is to be balanced unless said."""
    cost = np.array(cost, dtype=float)
    places, holders = cost.shape
    return Problem(
        cost=cost,
        load=np.array([1] * places if load is None else load, dtype=np.int64),
        allowed=np.ones((places, holders), dtype=bool) if allowed is None else np.array(allowed, dtype=bool),
        capacity=np.array([places] * holders if capacity is None else capacity, dtype=np.int64),
        target=np.array([places / holders] * holders if target is None else target, dtype=float),
        balance=balance,
        adjacent=None if adjacent is None else np.array(adjacent, dtype=bool),
    )


def chain(places):
    """Places in a row, each touching the next."""
    touching = np.zeros((places, places), dtype=bool)
    for place in range(places - 1):
        touching[place, place + 1] = touching[place + 1, place] = True
    return touching
