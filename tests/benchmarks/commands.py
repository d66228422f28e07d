"""The commands as a user types them: the demo of the region, coverage gaps on it."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.figures import Figure, seconds


def planner(*arguments: object) -> None:
    """Run the command and wait for it."""
    subprocess.run([sys.executable, "-m", "planner", *map(str, arguments)], check=True, capture_output=True)


def measure_commands() -> Iterator[Figure]:
    """Whole processes, three demos and five runs."""
    with tempfile.TemporaryDirectory() as folder:
        names = iter(range(100))
        made = seconds(lambda: planner("demo", Path(folder) / f"demo{next(names)}"), 3)
        yield Figure("demo of the region", made, "s", 60)
        run = (
            "run",
            "coverage-gaps",
            "--workspace",
            Path(folder) / "demo0",
            "--as-of",
            "2020-12-31",
            "--json",
        )
        yield Figure(
            "coverage-gaps on the region, from the command line", seconds(lambda: planner(*run), 5), "s", 5
        )
