"""The process of one run: `python -m planner.jobs.child FOLDER RUN_ID`, kept alive by its standard input."""

from __future__ import annotations

import logging
import os
import sys
import threading
from pathlib import Path

import psutil

from planner.jobs.work import carry_out
from planner.store.people import find_person, is_user
from planner.store.runs import read_run, start_run
from planner.store.workspace import open_workspace


def main(folder: str, run_id: str) -> None:
    """Carry out the run, unless whoever started it goes away first."""
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    logging.basicConfig(
        stream=sys.stderr, level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s"
    )
    workspace = open_workspace(Path(folder))
    start_run(workspace, run_id, os.getpid(), psutil.Process().create_time())
    who = read_run(workspace, run_id).who
    if is_user(workspace, who):  # the run sees what who asked for it may see, and no more
        workspace = workspace.acting_as(find_person(workspace, who))
    carry_out(workspace, run_id)


def _leave_with_parent() -> None:
    """End at once when standard input closes: the parent has ended, and nobody waits for the run."""
    os.read(0, 1)
    os._exit(1)


if __name__ == "__main__":
    main(*sys.argv[1:])
