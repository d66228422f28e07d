"""Tiers where a cadre has one or two places (县级包乡镇), solved exactly by choosing a whole set for each cadre.

A set's value counts its balance in, so the linear relaxation is nearly whole already: 21 townships and 19 leaders
take less than a tenth of a second, where a model of single pairs is not proved in minutes.
"""

from __future__ import annotations

from itertools import combinations
from math import comb

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from .exact import Exact
from .problem import Ints, Problem

_COLUMNS_AT_MOST = 60_000
_NODES_AT_MOST = 20_000


def solve_by_sets(problem: Problem, at_least: Ints) -> Exact | None:
    """The best answer in which every holder has from `at_least` to `capacity` places; pieces are not looked at.

    None where there is none, or where there are too many sets to choose from.
    """
    sizes = [range(int(low), int(most) + 1) for low, most in zip(at_least, problem.capacity, strict=True)]
    if sum(comb(problem.places, size) for own in sizes for size in own) > _COLUMNS_AT_MOST:
        return None
    rows: list[int] = []
    columns: list[int] = []
    costs: list[float] = []
    chosen: list[tuple[int, tuple[int, ...]]] = []
    for by, own in enumerate(sizes):
        open_ = np.flatnonzero(problem.allowed[:, by]).tolist()
        for places in (some for size in own for some in combinations(open_, size)):
            off = abs(float(problem.load[list(places)].sum()) - float(problem.target[by]))
            costs.append(float(problem.cost[list(places), by].sum()) + problem.balance * off)
            rows += [by, *(problem.holders + place for place in places)]
            columns += [len(chosen)] * (1 + len(places))
            chosen.append((by, places))
    if not chosen:
        return None
    shape = (problem.holders + problem.places, len(chosen))
    matrix = csr_array((np.ones(len(rows)), (rows, columns)), shape=shape)
    found = milp(
        np.array(costs),
        constraints=LinearConstraint(matrix, 1, 1),
        integrality=np.ones(len(chosen), dtype=np.int64),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 0.0, "node_limit": _NODES_AT_MOST},
    )
    if found.x is None:
        return None
    holder = np.full(problem.places, -1, dtype=np.int64)
    for number in np.flatnonzero(found.x > 0.5):
        by, places = chosen[number]
        holder[list(places)] = by
    return Exact(holder, float(found.mip_dual_bound), found.status == 0)
