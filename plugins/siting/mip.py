"""One sparse mixed-integer program handed to HiGHS."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass

import highspy
import numpy as np
import scipy.sparse as sp
from highspy import HighsModelStatus

from .problem import Clock, Floats, Mask

BoundSeen = Callable[[Floats, float], None]


@dataclass(frozen=True)
class Program:
    """Minimise `objective` · x with `row_lower` ≤ `rows` · x ≤ `row_upper` and 0 ≤ x ≤ 1, whole where `whole`."""

    objective: Floats
    rows: sp.csr_array
    row_lower: Floats
    row_upper: Floats
    whole: Mask


@dataclass(frozen=True)
class Outcome:
    """The best x found, None where none was; no x has an objective below `bound` (inf: there is no x)."""

    values: Floats | None
    bound: float
    finished: bool


def solve(
    program: Program,
    clock: Clock,
    *,
    start: Floats | None = None,
    enough: float | None = None,
    improved: BoundSeen = lambda values, bound: None,
) -> Outcome:
    """Solve by branch and bound until done or `clock` is over. `start` is a first x; `improved` hears of better.

    With `enough` it ends as soon as an objective of at most that is found, or proved impossible.

    A bound is HiGHS's own, true to its tolerance of 1e-6 on objectives of about 1 to 1e6: scale before.
    """
    if not program.objective.size:
        fits = bool((program.row_lower <= 0).all() and (program.row_upper >= 0).all())
        return Outcome(np.zeros(0) if fits else None, 0.0 if fits else np.inf, True)
    if clock.is_over():
        return Outcome(None, -np.inf, False)
    solver = _load(program)
    solver.setOptionValue("time_limit", clock.left_s)
    if start is not None:
        solver.setSolution(start.size, np.arange(start.size, dtype=np.int32), start)

    def ask(event: highspy.highs.HighsCallbackEvent) -> None:
        seen = event.data_out
        settled = enough is not None and (
            seen.mip_primal_bound <= enough + 1e-6 or seen.mip_dual_bound > enough + 1e-6
        )
        if settled or clock.is_over():
            event.interrupt()

    def tell(event: highspy.highs.HighsCallbackEvent) -> None:
        improved(np.array(event.data_out.mip_solution), float(event.data_out.mip_dual_bound))

    solver.cbMipInterrupt.subscribe(ask)
    solver.cbMipImprovingSolution.subscribe(tell)
    solver.run()
    status, info = solver.getModelStatus(), solver.getInfo()
    if status == HighsModelStatus.kInfeasible:
        return Outcome(None, np.inf, True)
    finished = status == HighsModelStatus.kOptimal
    found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    values = np.array(solver.getSolution().col_value) if found else None
    if (
        start is not None
        and values is not None
        and not _agree(program, values, info.objective_function_value)
    ):
        # HiGHS 1.16 now and then hands a start back with another objective than it has; then without one.
        return solve(program, clock, enough=enough, improved=improved)
    return Outcome(values, float(info.mip_dual_bound), finished)


def _agree(program: Program, values: Floats, told: float) -> bool:
    """Whether an objective that was told is the one of the values."""
    own = float(program.objective @ values)
    return abs(own - told) <= 1e-6 * max(1.0, abs(own))


def _load(program: Program) -> highspy.Highs:
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = program.objective.size, program.row_lower.size
    lp.col_cost_ = program.objective
    lp.col_lower_, lp.col_upper_ = np.zeros(lp.num_col_), np.ones(lp.num_col_)
    lp.row_lower_, lp.row_upper_ = program.row_lower, program.row_upper
    rows = sp.csr_array(program.rows)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = rows.indptr, rows.indices, rows.data
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    lp.integrality_ = [kinds[int(whole)] for whole in program.whole]
    solver = _make_solver()
    solver.silent()
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.setOptionValue("mip_abs_gap", 1e-6)
    solver.passModel(lp)
    return solver


def _make_solver() -> highspy.Highs:
    """A solver. The first of a process greets on standard output, which belongs to whoever prints results."""
    sys.stdout.flush()
    standard = os.dup(1)
    try:
        os.dup2(2, 1)
        return highspy.Highs()
    finally:
        os.dup2(standard, 1)
        os.close(standard)
