"""The process of one run: `python -m planner.jobs.child [PLUGIN]`, kept alive by its standard input.

Its standard input tells, once it is to start, the folder of the workspace, the id of the run and the key file: a
line, with a zero byte between them.
"""

from __future__ import annotations

import gc
import logging
import os
import sys
import threading
from contextlib import suppress
from pathlib import Path

import psutil

from planner.errors import PlannerError
from planner.jobs.work import carry_out, log_path
from planner.model.layers import DIVISIONS
from planner.registry import find_plugin, find_plugins
from planner.store.people import find_person, is_user
from planner.store.runs import read_run, start_run
from planner.store.workspace import open_workspace


def main(plugin: str | None = None) -> None:
    """Load what a run of `plugin` needs (None: of any), wait to be told of one, carry it out; unless whoever
    started it goes away first."""
    with suppress(PlannerError):  # a plugin that does not load is told when it is to run
        find_plugins() if plugin is None else find_plugin(plugin)
    DIVISIONS.check(DIVISIONS.empty())  # pandera loads half of itself at its first look
    gc.freeze()  # the program stays as it is: no collection looks through it again
    told = sys.stdin.buffer.readline().rstrip(b"\n").split(b"\0")
    if len(told) < len(("folder", "run", "key file")):
        return  # nobody needed it
    folder, run_id, key_file = map(os.fsdecode, told)
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    _complain_to(log_path(Path(folder), run_id))
    logging.basicConfig(
        stream=sys.stderr, level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s"
    )
    workspace = open_workspace(Path(folder), Path(key_file))
    start_run(workspace, run_id, os.getpid(), psutil.Process().create_time())
    who = read_run(workspace, run_id).who
    if is_user(workspace, who):  # the run sees what who asked for it may see, and no more
        workspace = workspace.acting_as(find_person(workspace, who))
    carry_out(workspace, run_id)


def _complain_to(log: Path) -> None:
    """What the process writes goes to the log of its run."""
    log.parent.mkdir(mode=0o700, exist_ok=True)
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for stream in (1, 2):
        os.dup2(output, stream)
    os.close(output)


def _leave_with_parent() -> None:
    """End at once when standard input closes: the parent has ended, and nobody waits for the run."""
    os.read(0, 1)
    os._exit(1)


if __name__ == "__main__":
    main(*sys.argv[1:])
