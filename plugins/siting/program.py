"""A sparse mixed-integer program as arrays, and its solution by HiGHS with bound, progress and stop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import highspy
import numpy as np
import numpy.typing as npt
from scipy import sparse

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_INFINITE = highspy.kHighsInf


@dataclass(frozen=True, eq=False)
class Outcome:
    """How a solution ended: `values` (None: none found), the proven `bound`, and what is certain.

    `optimal`: the solver proved `values`; `infeasible`: it proved that there are none. With a time limit or
    a stop both are False.
    """

    values: Floats | None
    bound: float
    optimal: bool
    infeasible: bool


@dataclass(eq=False)
class Program:
    """Columns and rows gathered as arrays (COO), minimised or maximised.

    A builder: `columns` and `rows` add blocks and `solve` hands all of them to HiGHS in one piece.
    """

    maximise: bool = False
    _cost: list[Floats] = field(default_factory=list)
    _lower: list[Floats] = field(default_factory=list)
    _upper: list[Floats] = field(default_factory=list)
    _whole: list[npt.NDArray[np.int32]] = field(default_factory=list)
    _size: int = 0
    _row: list[Ints] = field(default_factory=list)
    _column: list[Ints] = field(default_factory=list)
    _value: list[Floats] = field(default_factory=list)
    _row_lower: list[Floats] = field(default_factory=list)
    _row_upper: list[Floats] = field(default_factory=list)
    _rows: int = 0

    def columns(
        self, count: int, *, cost: Any = 0.0, lower: Any = 0.0, upper: Any = 1.0, whole: bool = False
    ) -> Ints:
        """Add `count` columns; their numbers. `cost`, `lower`, `upper`: a number or an array of `count`."""
        for kept, given in ((self._cost, cost), (self._lower, lower), (self._upper, upper)):
            kept.append(np.broadcast_to(np.asarray(given, dtype=np.float64), count))
        self._whole.append(np.full(count, int(whole), dtype=np.int32))
        numbers = np.arange(self._size, self._size + count, dtype=np.int64)
        self._size += count
        return numbers

    def rows(self, count: int, *, lower: Any = -_INFINITE, upper: Any = _INFINITE) -> Ints:
        """Add `count` rows lower ≤ row ≤ upper, empty as yet; their numbers."""
        for kept, given in ((self._row_lower, lower), (self._row_upper, upper)):
            kept.append(np.broadcast_to(np.asarray(given, dtype=np.float64), count))
        numbers = np.arange(self._rows, self._rows + count, dtype=np.int64)
        self._rows += count
        return numbers

    def entries(self, row: Ints, column: Ints, value: Any = 1.0) -> None:
        """Add coefficients; equal places are summed."""
        row, column, value = np.broadcast_arrays(row, column, np.asarray(value, dtype=np.float64))
        self._row.append(row)
        self._column.append(column)
        self._value.append(value)

    def solve(
        self,
        *,
        time_limit_s: float = _INFINITE,
        seed: int = 0,
        start: tuple[Ints, Floats] | None = None,
        on_solution: Callable[[Floats, float], None] = lambda values, bound: None,
        stop_wished: Callable[[], bool] = lambda: False,
    ) -> Outcome:
        """Solve to proof, or until the clock or a stop. One thread: the same input gives the same answer.

        `start` gives columns with values to begin from (HiGHS completes the others); `on_solution` is told
        every better solution with the bound of that moment. Both callables run in the calling thread.
        """
        whole = _joined(self._whole, np.int32)
        matrix = self._matrix()
        solver = highspy.Highs()
        for name, value in (
            ("output_flag", False),
            ("threads", 1),
            ("random_seed", seed),
            ("mip_rel_gap", 0.0),
            ("time_limit", max(float(time_limit_s), 0.0)),
        ):
            solver.setOptionValue(name, value)
        sense = highspy.ObjSense.kMaximize if self.maximise else highspy.ObjSense.kMinimize
        solver.passModel(
            self._size,
            self._rows,
            matrix.nnz,
            int(highspy.MatrixFormat.kRowwise),
            int(sense),
            0.0,
            _joined(self._cost, np.float64),
            _joined(self._lower, np.float64),
            _joined(self._upper, np.float64),
            _joined(self._row_lower, np.float64),
            _joined(self._row_upper, np.float64),
            matrix.indptr.astype(np.int32),
            matrix.indices.astype(np.int32),
            matrix.data,
            whole,
        )
        if start is not None:
            solver.setSolution(len(start[0]), start[0].astype(np.int32), start[1])
        if whole.any():
            _listen(solver, on_solution, stop_wished)
        solver.run()
        return _outcome(solver, is_mip=bool(whole.any()), maximise=self.maximise)

    def _matrix(self) -> sparse.csr_matrix:
        places = (_joined(self._row, np.int64), _joined(self._column, np.int64))
        return sparse.coo_matrix(
            (_joined(self._value, np.float64), places), shape=(self._rows, self._size)
        ).tocsr()


def _joined(parts: list[Any], dtype: Any) -> Any:
    return np.concatenate([np.empty(0, dtype=dtype), *parts]).astype(dtype, copy=False)


def _listen(
    solver: highspy.Highs,
    on_solution: Callable[[Floats, float], None],
    stop_wished: Callable[[], bool],
) -> None:
    def found(event: Any) -> None:
        out = event.data_out
        on_solution(np.array(out.mip_solution, dtype=np.float64), float(out.mip_dual_bound))

    def interrupt(event: Any) -> None:
        if stop_wished():
            event.interrupt()

    solver.cbMipImprovingSolution += found
    solver.cbMipInterrupt += interrupt


def _outcome(solver: highspy.Highs, *, is_mip: bool, maximise: bool) -> Outcome:
    status = solver.getModelStatus()
    info = solver.getInfo()
    optimal = status == highspy.HighsModelStatus.kOptimal
    # Every objective here is bounded: "unbounded or infeasible" is infeasible.
    infeasible = status in (
        highspy.HighsModelStatus.kInfeasible,
        highspy.HighsModelStatus.kUnboundedOrInfeasible,
    )
    empty = status == highspy.HighsModelStatus.kModelEmpty
    found = (
        optimal or empty or info.primal_solution_status == int(highspy.SolutionStatus.kSolutionStatusFeasible)
    )
    worst = _INFINITE if maximise else -_INFINITE
    if is_mip:
        bound = float(info.mip_dual_bound)
    else:
        bound = float(info.objective_function_value) if optimal else worst
    values = np.array(solver.getSolution().col_value, dtype=np.float64) if found else None
    return Outcome(values, 0.0 if empty else bound, optimal or empty, infeasible)
