"""The commands as a user types them: the demo of the region, coverage gaps on it."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.figures import Figure, seconds


def planner(*arguments: object) -> bytes:
    """Run the command and wait for it; what it printed."""
    command = [sys.executable, "-m", "planner", *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True).stdout


def measure_commands() -> Iterator[Figure]:
    """Whole processes, three demos and five runs."""
    with tempfile.TemporaryDirectory() as folder:
        names = iter(range(100))
        made = seconds(lambda: planner("demo", Path(folder) / f"demo{next(names)}"), 3)
        yield Figure("demo of the region", made, "s", 60)
        region = ("--workspace", Path(folder) / "demo0", "--as-of", "2020-12-31", "--json")
        run = ("run", "coverage-gaps", *region)
        yield Figure(
            "coverage-gaps on the region, from the command line", seconds(lambda: planner(*run), 5), "s", 5
        )
        # Every village of the region to one of 10 new sites among its 259 township seats, by road.
        siting = ("run", "siting", *region, "--model", "总车程最短", "--count", 10, "--time-limit", 30)
        began = time.perf_counter()
        told = json.loads(planner(*siting))
        yield Figure("siting, p-median on the region: done", [time.perf_counter() - began], "s", 30)
        yield Figure("siting, p-median on the region: gap", [told["metrics"]["gap"]["value"]], "%", 0.1)
