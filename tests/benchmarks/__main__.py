"""Runs the benchmarks and prints each figure's median beside its target."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable, Iterator

from tests.benchmarks.accessibility import measure_accessibility
from tests.benchmarks.commands import measure_commands
from tests.benchmarks.figures import Figure
from tests.benchmarks.files import measure_files
from tests.benchmarks.ledgers import measure_kills, measure_ledgers
from tests.benchmarks.pages import measure_pages
from tests.benchmarks.people import measure_people
from tests.benchmarks.siting import measure_siting
from tests.benchmarks.travel_times import measure_travel_times
from tests.benchmarks.visits import measure_visits

BENCHMARKS: dict[str, Callable[[], Iterator[Figure]]] = {
    "commands": measure_commands,
    "pages": measure_pages,
    "people": measure_people,
    "accessibility": measure_accessibility,
    "siting": measure_siting,
    "visits": measure_visits,
    "travel": measure_travel_times,
    "files": measure_files,
    "ledgers": measure_ledgers,
    "kills": measure_kills,
}


def main(names: list[str]) -> None:
    """Run the named benchmarks, all of them where none is named."""
    if unknown := set(names) - set(BENCHMARKS):
        sys.exit(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}")
    for name in names or BENCHMARKS:
        for figure in BENCHMARKS[name]():
            print(figure, flush=True)


main(sys.argv[1:])
