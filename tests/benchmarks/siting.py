"""The siting models on files of the OR-Library, on villages beside spopt, and at the size of Ningxia.

`python -m tests.benchmarks.siting pmed|pcenter FILE… --seconds 60` prints a JSON line for each file;
`… cover` and `… villages` print the figures that `make bench` prints, too.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from plugins.siting.checker import find_faults
from plugins.siting.models import Siting, max_cover, p_center, p_median
from tests.benchmarks.figures import Figure


def read_pmed(path: Path) -> tuple[np.ndarray, int]:
    """The distances between all vertices of an OR-Library file, and its p. Of a repeated edge the last counts."""
    numbers = np.array(path.read_text().split(), dtype=np.float64)
    vertices, edges, sites = (int(number) for number in numbers[:3])
    lines = numbers[3 : 3 + 3 * edges].reshape(edges, 3)
    length = {(min(u, v) - 1, max(u, v) - 1): cost for u, v, cost in lines}
    ends = np.array(list(length), dtype=np.int64).reshape(-1, 2)
    graph = coo_array((list(length.values()), (ends[:, 0], ends[:, 1])), shape=(vertices, vertices))
    return dijkstra(graph.tocsr(), directed=False), sites


def strew_villages(villages: int, seats: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Minutes (village × seat) and children of villages that lie about the seats of a region like Ningxia."""
    random = np.random.default_rng(seed)
    seat_m = random.random((seats, 2)) * (200_000, 400_000)
    village_m = seat_m[random.integers(0, seats, villages)] + random.normal(0, 6_000, (villages, 2))
    road_km = np.hypot(*(village_m[:, None] - seat_m[None]).transpose(2, 0, 1)) * 1.35 / 1_000
    return road_km / 40 * 60, random.poisson(random.gamma(1.2, 8, villages))


def compile_models() -> float:
    """Seconds until the compiled loops stand: minutes at the first run on a machine, then read from the cache."""
    began = time.perf_counter()
    cost = np.random.default_rng(0).integers(1, 50, (30, 16))  # has a gap, so that every loop is run
    p_median(cost, np.ones(30), 4)
    return time.perf_counter() - began


def measure_siting() -> Iterator[Figure]:
    """Beside spopt, and at the size of Ningxia."""
    compile_models()
    yield from measure_cover()
    yield from measure_villages()


def measure_cover() -> Iterator[Figure]:
    """5,000 villages × 500 seats, 20 sites within 30 minutes, in one run with spopt on the same solver."""
    from pulp import HiGHS  # type: ignore[import-untyped]
    from spopt.locate import MCLP  # type: ignore[import-untyped]

    minutes, children = strew_villages(5_000, 500, 1)
    began = time.perf_counter()
    ours = max_cover(minutes, children, 20, limit=30)
    taken_s = time.perf_counter() - began
    _must_be_sound(ours, minutes, model="max_cover", weights=children, count=20, limit=30.0)
    began = time.perf_counter()
    theirs = MCLP.from_cost_matrix(minutes, children, service_radius=30, p_facilities=20)
    theirs = theirs.solve(HiGHS(msg=False))
    peer_s = time.perf_counter() - began
    if not ours.proved or round(theirs.problem.objective.value()) != ours.objective:
        raise AssertionError(f"max_cover: {ours.objective}, proved {ours.proved}")
    yield Figure("max_cover 5,000 × 500 proved", [taken_s], "s", 2)
    yield Figure(f"the same, of the {peer_s:.1f} s that spopt takes", [100 * taken_s / peer_s], "%", 5)


def measure_villages() -> Iterator[Figure]:
    """2,900 villages × 259 township seats, p = 10: time to the first answer, to the proof, and the gap."""
    firsts, taken, gaps = [], [], []
    for seed in range(3):
        minutes, children = strew_villages(2_900, 259, seed)
        seen: list[float] = []
        began = time.perf_counter()
        answer = p_median(minutes, children, 10, time_limit_s=30, offer=partial(_note_time, seen))
        taken.append(time.perf_counter() - began)
        firsts.append(seen[0] - began)
        gaps.append(100 * answer.gap)
        _must_be_sound(answer, minutes, model="p_median", weights=children, count=10)
    yield Figure("p_median 2,900 × 259, p = 10: first answer", firsts, "s", 2)
    yield Figure("p_median 2,900 × 259, p = 10: done", taken, "s", 30)
    yield Figure("p_median 2,900 × 259, p = 10: gap", gaps, "%", 0.1)


def solve_file(model: str, path: Path, seconds: float) -> dict[str, object]:
    """What is printed of one file; every vertex is demand of weight 1 and a candidate."""
    distance, sites = read_pmed(path)
    ones = np.ones(len(distance))
    began = time.perf_counter()
    if model == "pmed":
        answer = p_median(distance, ones, sites, time_limit_s=seconds)
    else:
        answer = p_center(distance, sites, time_limit_s=seconds)
    taken_s = time.perf_counter() - began
    _must_be_sound(
        answer, distance, model="p_median" if model == "pmed" else "p_center", weights=ones, count=sites
    )
    return {
        "instance": path.stem,
        "objective": answer.objective,
        "bound": answer.bound,
        "proved": answer.proved,
        "seconds": round(taken_s, 3),
        "sites": [site + 1 for site in answer.sites],
    }


def _note_time(seen: list[float], _: Siting) -> None:
    seen.append(time.perf_counter())


def _must_be_sound(answer: Siting, cost: np.ndarray, **asked) -> None:
    if faults := find_faults(answer, cost, **asked):
        raise AssertionError("; ".join(faults))


def main(arguments: list[str]) -> None:
    """Run one of the benchmarks."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.siting", description=__doc__)
    parser.add_argument("model", choices=("pmed", "pcenter", "cover", "villages"))
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    parser.add_argument("--seconds", type=float, default=60, help="time limit for each file")
    options = parser.parse_args(arguments)
    if options.model in ("pmed", "pcenter") and not options.files:
        parser.error(f"{options.model} needs at least one FILE")
    print(f"compiled in {compile_models():.1f} s, not counted below", file=sys.stderr)
    if options.model in ("pmed", "pcenter"):
        for path in options.files:
            print(json.dumps(solve_file(options.model, path, options.seconds)), flush=True)
    else:
        for figure in {"cover": measure_cover, "villages": measure_villages}[options.model]():
            print(figure, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
