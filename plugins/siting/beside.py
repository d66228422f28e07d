"""A program solved in a thread beside: a person's stop need not wait until HiGHS listens.

Inside a long linear program HiGHS asks nobody whether to go on; it can only be left behind. Its thread ends
with the process.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np

from .mip import Outcome, Program, solve
from .problem import Clock, Floats, StopWished, never

_LOOK_EVERY_S = 0.1
_PATIENCE_S = 1.0


def solve_beside(
    program: Program,
    clock: Clock,
    *,
    hurried: StopWished = never,
    start: Floats | None = None,
    improved: Callable[[Floats, float], None] = lambda values, bound: None,
) -> Outcome:
    """As `mip.solve`; once `hurried` says so it comes back within about a second with the best found by then.

    `improved` is called in the other thread, and no more after this has come back.
    """
    if hurried is never:
        return solve(program, clock, start=start, improved=improved)
    lock = threading.Lock()
    left = False
    best = Outcome(None, -np.inf, False)
    ended: list[Outcome] = []

    def heard(values: Floats, bound: float) -> None:
        nonlocal best
        with lock:
            if not left:
                best = Outcome(values, bound, False)
                improved(values, bound)

    def work() -> None:
        ended.append(solve(program, inner, start=start, improved=heard))

    # Once left behind it hears a stop whenever it asks, and asks nobody else.
    inner = Clock(clock.left_s, lambda: left or clock.is_over())
    thread = threading.Thread(target=work, name="HiGHS", daemon=True)
    thread.start()
    while thread.is_alive() and not hurried():
        thread.join(_LOOK_EVERY_S)
    thread.join(_PATIENCE_S if thread.is_alive() else None)
    with lock:
        left = True
    return ended[0] if ended else best
