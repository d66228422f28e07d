"""Duty assignment on a given instance: `python -m tests.benchmarks.duties FILE.json --seconds 20 [--contiguous]`.

Prints one JSON line. The value, the pieces and the breaches are counted here anew, from the file alone; the bound
is proved within the same run, without contiguity, so it holds for both.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
import time
from pathlib import Path

import networkx as nx
import numpy as np

from plugins.cadre_assignment.annealing import anneal
from plugins.cadre_assignment.bound import gap_of, prove_bound
from plugins.cadre_assignment.problem import Ints, Problem, stray_pieces, value_of
from plugins.cadre_assignment.start import cheapest_start

_TRIAL_STEPS = 1 << 21
_ROUNDS = 4
_SPENT = 0.9  # of the time, so that the answer is there when it is up


def read_problem(told: dict, *, contiguous: bool) -> Problem:
    """The instance as arrays: a place that had a holder costs more with any other."""
    weights = told["weights"]
    cost = np.array(told["travel_min"], dtype=float) * weights["travel"]
    places, holders = cost.shape
    held = np.flatnonzero(np.array(told["prev"]) >= 0)
    cost[held] += weights["discontinuity"]
    cost[held, np.array(told["prev"])[held]] -= weights["discontinuity"]
    allowed = np.ones((places, holders), dtype=bool)
    if told["avoid"]:
        allowed[tuple(np.array(told["avoid"]).T)] = False
    adjacent = None
    if contiguous:
        adjacent = np.zeros((places, places), dtype=bool)
        for place, near in enumerate(told["adj"]):
            adjacent[place, near] = adjacent[near, place] = True
    return Problem(
        cost=cost,
        load=np.array(told["load"], dtype=np.int64),
        allowed=allowed,
        capacity=np.full(holders, told["cap"], dtype=np.int64),
        target=np.full(holders, float(told["target"])),
        balance=weights["dev"],
        adjacent=adjacent,
    )


def solve(problem: Problem, *, seconds: float, seed: int = 0) -> tuple[Ints, float]:
    """The best answer within `seconds` of the clock, and a bound proved beside it in a thread of its own."""
    ends = time.monotonic() + seconds * _SPENT
    best = cheapest_start(problem)
    value, bounds = value_of(problem, best), [-np.inf]

    def prove() -> None:
        bounds[0] = prove_bound(problem, lambda: value, steps=10**9, goes_on=lambda: time.monotonic() < ends)

    proving = threading.Thread(target=prove)
    proving.start()
    began = time.monotonic()
    answers = [anneal(problem, best, steps=_TRIAL_STEPS, seed=seed)]
    took = time.monotonic() - began
    # Pieces are found early and then fixed, so several colds are worth more than one long one.
    rounds = 1 if problem.adjacent is None else _ROUNDS
    steps = int(_TRIAL_STEPS * max(0.0, ends - time.monotonic()) / took * _SPENT / rounds)
    for number in range(rounds):
        answers.append(anneal(problem, best, steps=steps, seed=seed + 1 + number))
    best = min(answers, key=lambda answer: _rank(problem, answer))
    value = value_of(problem, best)
    proving.join()
    return best, bounds[0]


def _rank(problem: Problem, answer: Ints) -> tuple[int, float]:
    stray = 0 if problem.adjacent is None else stray_pieces(problem.adjacent, answer)
    return stray, value_of(problem, answer)


def counted(told: dict, assigned: list[int]) -> dict:
    """What an answer is worth by the words of the instance, with nothing of the solver's."""
    weights, loads = told["weights"], [0] * len(told["travel_min"][0])
    worth = 0.0
    for place, holder in enumerate(assigned):
        before = told["prev"][place]
        worth += weights["travel"] * told["travel_min"][place][holder]
        worth += weights["discontinuity"] * (before >= 0 and before != holder)
        loads[holder] += told["load"][place]
    worth += weights["dev"] * sum(abs(load - told["target"]) for load in loads)
    graph = nx.Graph((a, b) for a, near in enumerate(told["adj"]) for b in near if assigned[a] == assigned[b])
    graph.add_nodes_from(range(len(assigned)))
    avoided = {tuple(pair) for pair in told["avoid"]}
    if max(np.bincount(assigned)) > told["cap"]:
        raise AssertionError("a holder has more places than allowed")
    return {
        "objective": worth,
        "stray_pieces": nx.number_connected_components(graph) - len(set(assigned)),
        "load_min": min(loads),
        "load_max": max(loads),
        "avoidance_breaches": sum((place, holder) in avoided for place, holder in enumerate(assigned)),
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.duties")
    parser.add_argument("file", type=Path)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--contiguous", action="store_true")
    options = parser.parse_args()
    told = json.loads(options.file.read_text(encoding="utf-8"))
    problem = read_problem(told, contiguous=options.contiguous)
    compile_first(problem)
    began = time.monotonic()
    holder, bound = solve(problem, seconds=options.seconds)
    seconds = time.monotonic() - began
    found = counted(told, holder.tolist())
    line = {
        **found,
        "bound": round(bound, 3),
        "gap": round(gap_of(found["objective"], bound), 5),
        "seconds": round(seconds, 2),
        "assigned": holder.tolist(),
    }
    print(json.dumps(line))


def compile_first(problem: Problem) -> None:
    """Have numba compile, which is no part of the time."""
    began = time.monotonic()
    start = cheapest_start(problem)
    anneal(problem, start, steps=1, seed=0)
    prove_bound(problem, lambda: value_of(problem, start), steps=1)
    print(f"compiled in {time.monotonic() - began:.1f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
