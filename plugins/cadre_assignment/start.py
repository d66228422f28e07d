"""A first answer that keeps every hard rule, or the places for which there is none."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from .problem import Ints, Problem


class NoHolderError(Exception):
    """Places for which the allowed holders have no room; `places` are their numbers."""

    def __init__(self, places: Ints) -> None:
        super().__init__(f"no holder for {len(places)} places")
        self.places = places


def cheapest_start(problem: Problem) -> Ints:
    """The answer of least cost without regard to balance, shape (places,). Raises NoHolderError where there is none.

    An assignment problem (Kuhn 1955): each holder stands there once for every place that it has room for.
    """
    room = np.minimum(problem.capacity, problem.places)
    holders = np.repeat(np.arange(problem.holders), room)
    if len(holders) >= problem.places:
        cost = np.where(problem.allowed, problem.cost, np.inf)[:, holders]
        try:
            _, column = linear_sum_assignment(cost)
            return holders[column].astype(np.int64)
        except ValueError:
            pass  # infeasible: the flow below tells where
    raise NoHolderError(_left_over(problem))


def _left_over(problem: Problem) -> Ints:
    """The places that no assignment of the most places reaches."""
    places, holders = problem.places, problem.holders
    source, sink = places + holders, places + holders + 1
    at, by = np.nonzero(problem.allowed)
    tail = np.concatenate([np.full(places, source), at, places + np.arange(holders)])
    head = np.concatenate([np.arange(places), places + by, np.full(holders, sink)])
    room = np.concatenate([np.ones(places + len(at)), np.minimum(problem.capacity, places)]).astype(np.int32)
    flow = maximum_flow(csr_array((room, (tail, head)), shape=(sink + 1, sink + 1)), source, sink).flow
    sent = np.asarray(flow[[source], :places].todense()).ravel()
    return np.flatnonzero(sent == 0).astype(np.int64)
