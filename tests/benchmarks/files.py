"""Child files of the whole region: one opened, a township's listed, all 25,000 listed."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from planner.demo import DATA_DAY, make_demo
from planner.store.children import read_file, read_files
from planner.store.people import add_user, find_person
from planner.store.roles import Role
from tests.benchmarks.figures import Figure, seconds


def measure_files() -> Iterator[Figure]:
    """On the demo of the region, through scope, masking and audit as everybody reads."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = make_demo(Path(folder) / "demo")
        files = read_files(workspace, as_of=DATA_DAY)
        (largest, count), *_ = Counter(file.township for file in files).most_common(1)
        add_user(workspace, "clerk", name="经办", role=Role.TOWNSHIP, areas=[largest])
        clerk = workspace.acting_as(find_person(workspace, "clerk"))
        one = next(file.file for file in files if file.township == largest)
        opened = seconds(lambda: read_file(clerk, one), 20)
        yield Figure("one child file opened", [1000 * item for item in opened], "ms", 50)
        listed = seconds(lambda: read_files(clerk, as_of=DATA_DAY), 5)
        yield Figure(f"a township's {count} files listed of {len(files):,}", listed, "s", 0.5)
        every = seconds(lambda: read_files(workspace, as_of=DATA_DAY), 5)
        yield Figure(f"all {len(files):,} files listed", every, "s", 0.5)
        workspace.engine.dispose()
