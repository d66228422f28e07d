"""A process that stands ready for the next run: it has loaded the program, which takes most of a second or two.

Only who asks for one (`keep`, as the server of the app does) has one; it is taken by the next run of its
workspace and replaced when that run has ended. It leaves when whoever started it does.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

_ready: dict[Path, subprocess.Popen[bytes]] = {}
_lock = threading.Lock()


def spawn(folder: Path, log: Path) -> subprocess.Popen[bytes]:
    """A process for one run of the workspace `folder`, which waits to be told of which; it complains to `log`."""
    log.parent.mkdir(mode=0o700, exist_ok=True)
    with open(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as output:
        return subprocess.Popen(  # noqa: S603 - our own program; the values are single arguments
            # -P: nothing of the folder one happens to stand in is imported.
            [sys.executable, "-P", "-m", "planner.jobs.child", str(folder)],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            # Sets come in the same order in every process, so that a replay gives the same result.
            env={**os.environ, "PYTHONHASHSEED": "0"},
            start_new_session=True,  # Ctrl-C asks the run to stop; the terminal must not end it outright
        )


def tell(process: subprocess.Popen[bytes], run_id: str, key_file: Path) -> bool:
    """Tell a waiting process which run is its own; False where it is gone."""
    if process.stdin is None or process.poll() is not None:
        return False
    try:
        process.stdin.write(f"{run_id}\n{key_file}\n".encode())
        process.stdin.flush()
    except BrokenPipeError:
        return False
    return True


def keep(folder: Path) -> None:
    """From now on one process stands ready for the workspace `folder`."""
    with _lock:
        held = _ready.get(folder)
        if held is None or held.poll() is not None:
            _ready[folder] = spawn(folder, folder / "logs" / "spare.log")


def take(folder: Path) -> subprocess.Popen[bytes] | None:
    """The process that stands ready for the workspace, None where none does. Whoever takes it calls `keep` later."""
    with _lock:
        return _ready.pop(folder, None)
