"""Periodic routing on given instances: `python -m tests.benchmarks.pvrp FILE… --seconds 60 [--best VALUE]`.

Prints one JSON line per instance: cost, whether the plan is feasible, the gap to the best known value where one is
given, and the routes by day. Cost and feasibility are counted here anew, from the file alone.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from plugins.visit_routes.problem import Plan, Problem
from plugins.visit_routes.ruin_recreate import Search

_TRIAL_STEPS = 2_000
_SPENT = 0.95  # of the time, so that the answer is there when it is up


@dataclass(frozen=True)
class Instance:
    """A file of Cordeau, Gendreau and Laporte (1997): the depot is node 0; a pattern is a set of days, bit 0 the first."""

    vehicles: int
    days: int
    longest: float
    capacity: float
    points: list[tuple[float, float]]
    service: list[float]
    demand: list[float]
    patterns: list[list[int]]


def read_instance(path: Path) -> Instance:
    """The instance of a file; its codes have the first day as the most significant bit."""
    rows = [[float(word) for word in line.split()] for line in path.read_text().splitlines() if line.strip()]
    _, vehicles, _, days = map(int, rows[0])
    longest, capacity = rows[1][:2]
    nodes = rows[1 + days :]

    def pattern(code: float) -> int:
        return sum(1 << day for day in range(days) if int(code) >> (days - 1 - day) & 1)

    return Instance(
        vehicles=vehicles,
        days=days,
        longest=longest or math.inf,
        capacity=capacity or math.inf,
        points=[(node[1], node[2]) for node in nodes],
        service=[node[3] for node in nodes],
        demand=[node[4] for node in nodes],
        patterns=[[pattern(code) for code in node[7 : 7 + int(node[6])]] for node in nodes],
    )


def problem_of(instance: Instance) -> Problem:
    """The instance as arrays; whoever drives is all the same, and nobody may be left out."""
    points = np.array(instance.points)
    ways = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    stops, tours = len(points) - 1, instance.vehicles * instance.days
    most = max(map(len, instance.patterns))
    patterns = np.array([row + [0] * (most - len(row)) for row in instance.patterns[1:]], dtype=np.int64)
    nothing, whole = np.zeros(tours), np.full(tours, np.inf)
    return Problem(
        minutes=ways[None],
        place=np.arange(1, stops + 1),
        service=np.array(instance.service[1:]),
        size=np.array(instance.demand[1:]),
        opens=np.zeros(stops),
        closes=np.full(stops, np.inf),
        patterns=patterns,
        left_out=np.full(stops, 10 * ways.max()),
        day=np.repeat(np.arange(instance.days), instance.vehicles),
        visitor=np.zeros(tours, dtype=np.int64),
        mode=np.zeros(tours, dtype=np.int64),
        start=np.zeros(tours, dtype=np.int64),
        end=np.zeros(tours, dtype=np.int64),
        begins=nothing,
        ends=whole,
        limit=np.full(tours, instance.longest),
        room=np.full(tours, instance.capacity),
        lunch_from=whole,
        lunch=nothing,
        allowed=np.ones((stops, tours), dtype=bool),
        extra=np.zeros((stops, tours)),
    )


def solve(problem: Problem, *, seconds: float, seed: int = 0) -> Plan:
    """The best plan within `seconds`: as many steps as fit, measured on a short trial."""
    began = time.monotonic()
    Search(problem, total_steps=_TRIAL_STEPS, seed=seed).improve(_TRIAL_STEPS)
    took = time.monotonic() - began
    steps = int(_TRIAL_STEPS * (seconds * _SPENT - took) / took)
    search = Search(problem, total_steps=max(steps, _TRIAL_STEPS), seed=seed)
    ends = began + seconds * _SPENT
    while search.steps < search.total_steps and time.monotonic() < ends:
        search.improve(max(1, search.total_steps // 100))
    return search.plan


def counted(instance: Instance, routes: list[list[list[int]]]) -> tuple[float, bool]:
    """The length of all routes (nodes by day, the depot not named), and whether they keep every rule."""
    cost, feasible = 0.0, True
    visited: dict[int, int] = dict.fromkeys(range(1, len(instance.points)), 0)
    for day, of_day in enumerate(routes):
        feasible &= len(of_day) <= instance.vehicles
        for route in of_day:
            way = [0, *route, 0]
            length = sum(
                math.dist(instance.points[a], instance.points[b]) for a, b in itertools.pairwise(way)
            )
            cost += length
            feasible &= sum(instance.demand[node] for node in route) <= instance.capacity + 1e-6
            feasible &= length + sum(instance.service[node] for node in route) <= instance.longest + 1e-6
            for node in route:
                feasible &= not visited[node] >> day & 1
                visited[node] |= 1 << day
    feasible &= all(days in instance.patterns[node] for node, days in visited.items())
    return cost, feasible


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.pvrp")
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--best", type=float)
    options = parser.parse_args()
    compiled = False
    for path in options.files:
        instance = read_instance(path)
        problem = problem_of(instance)
        if not compiled:
            began = time.monotonic()
            Search(problem, total_steps=1, seed=0).improve(1)
            print(f"compiled in {time.monotonic() - began:.1f} s", file=sys.stderr)
            compiled = True
        plan = solve(problem, seconds=options.seconds)
        routes: list[list[list[int]]] = [[] for _ in range(instance.days)]
        for tour, stops in enumerate(plan.tours):
            if stops:
                routes[int(problem.day[tour])].append([int(problem.place[stop]) for stop in stops])
        cost, feasible = counted(instance, routes)
        gap = None if options.best is None else round(cost / options.best - 1, 5)
        line = {
            "instance": path.name,
            "cost": round(cost, 3),
            "feasible": feasible,
            "gap": gap,
            "routes": routes,
        }
        print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
