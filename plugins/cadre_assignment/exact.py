"""Small tiers solved exactly, by CP-SAT on one thread within a fixed amount of work: the same answer every time."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
from ortools.sat.python import cp_model
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from .problem import Ints, Problem, value_of
from .tiers import Spread

_WORK = 3.0  # deterministic seconds of one solve
_CUTS_AT_MOST = 15
_COST_UNIT, _LOAD_UNIT = 1000, 100  # costs have three decimals, targets two


@dataclass(frozen=True, eq=False)
class Exact:
    """An answer (places,) with a bound on every answer's value; `proved` where none is better."""

    holder: Ints
    bound: float
    proved: bool


def solve_exactly(
    problem: Problem, start: Ints, *, at_least: Ints | None = None, spread: Spread | None = None
) -> Exact | None:
    """The best answer, or the best found within the work allowed; None where none is found.

    With `adjacent`, pieces are forbidden by cuts as they show (Oehrlein, Haunert 2017); where they cannot be avoided, None.
    """
    model, hold = _model(problem, start, at_least, spread)
    bound = -np.inf
    for _ in range(_CUTS_AT_MOST):
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 0
        solver.parameters.max_deterministic_time = _WORK
        status = solver.solve(model)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None
        bound = max(bound, solver.best_objective_bound / (_COST_UNIT * _LOAD_UNIT))
        holder = np.full(problem.places, -1, dtype=np.int64)
        for (place, by), var in hold.items():
            if solver.value(var):
                holder[place] = by
        if problem.adjacent is None or not _cut(model, hold, problem, holder):
            return Exact(holder, bound, status == cp_model.OPTIMAL)
    return None


def _model(
    problem: Problem, start: Ints, at_least: Ints | None, spread: Spread | None
) -> tuple[cp_model.CpModel, dict[tuple[int, int], cp_model.IntVar]]:
    model = cp_model.CpModel()
    hold = {
        (int(place), int(by)): model.new_bool_var(f"{place}-{by}")
        for place, by in np.argwhere(problem.allowed)
    }
    for place in range(problem.places):
        model.add_exactly_one(var for (at, _), var in hold.items() if at == place)
    terms: list[cp_model.LinearExprT] = []
    for by in range(problem.holders):
        own = [(place, var) for (place, at), var in hold.items() if at == by]
        model.add(sum(var for _, var in own) <= int(problem.capacity[by]))
        if at_least is not None and at_least[by]:
            model.add(sum(var for _, var in own) >= int(at_least[by]))
        load = _LOAD_UNIT * sum(int(problem.load[place]) * var for place, var in own)
        target = round(_LOAD_UNIT * float(problem.target[by]))
        most = _LOAD_UNIT * int(problem.load.sum()) + abs(target)
        off = model.new_int_var(0, most, f"off-{by}")
        model.add(off >= load - target)
        model.add(off >= target - load)
        terms.append(round(_COST_UNIT * problem.balance) * off)
    terms += [_LOAD_UNIT * round(_COST_UNIT * float(problem.cost[pair])) * var for pair, var in hold.items()]
    if spread is not None and spread.weight:
        terms += _spread_terms(model, hold, spread)
    model.minimize(sum(terms))
    for (place, by), var in hold.items():
        model.add_hint(var, bool(start[place] == by))
    return model, hold


def _spread_terms(
    model: cp_model.CpModel, hold: dict[tuple[int, int], cp_model.IntVar], spread: Spread
) -> list[cp_model.LinearExprT]:
    here: dict[tuple[int, int], cp_model.IntVar] = {}
    for (place, by), var in hold.items():
        pair = (int(spread.township[place]), by)
        if spread.department[by] >= 0:
            if pair not in here:
                here[pair] = model.new_bool_var(f"in-{pair}")
            model.add(here[pair] >= var)
    of_unit: dict[tuple[int, int], list[cp_model.IntVar]] = {}
    for (township, by), var in here.items():
        of_unit.setdefault((township, int(spread.department[by])), []).append(var)
    terms: list[cp_model.LinearExprT] = []
    for pair, several in of_unit.items():
        if len(several) > 1:
            more = model.new_int_var(0, len(several) - 1, f"more-{pair}")
            model.add(more >= sum(several) - 1)
            terms.append(_LOAD_UNIT * round(_COST_UNIT * spread.weight) * more)
    return terms


def _cut(
    model: cp_model.CpModel, hold: dict[tuple[int, int], cp_model.IntVar], problem: Problem, holder: Ints
) -> bool:
    """Forbid the pieces of an answer; whether there were any.

    Nobody may hold a place of one piece and one of another without a place on the rim of the first.
    """
    adjacent = problem.adjacent
    if adjacent is None:
        return False
    _, piece = connected_components(
        csr_array(adjacent & (holder[:, None] == holder[None, :])), directed=False
    )
    cut = False
    for by in np.unique(holder):
        pieces = [np.flatnonzero(piece == number) for number in np.unique(piece[holder == by])]
        for one, other in combinations(pieces, 2):
            cut = True
            rim = np.flatnonzero(adjacent[one].any(axis=0) & ~np.isin(np.arange(problem.places), one))
            for near, far, same in product(one, other, range(problem.holders)):
                first, second = hold.get((int(near), same)), hold.get((int(far), same))
                if first is not None and second is not None:
                    between = sum(hold[int(place), same] for place in rim if (int(place), same) in hold)
                    model.add(first + second - between <= 1)
    return cut


def worth(problem: Problem, holder: Ints, spread: Spread | None) -> float:
    """The value of an answer with the spread of departments."""
    return value_of(problem, holder) + (0.0 if spread is None else spread.cost(holder))
