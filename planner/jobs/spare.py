"""A process that stands ready for the next run: it loads the program, which takes seconds, before it is needed.

Only who asks for one has one: a command while it reads its own options (`prepare`), and the server of the app all
the time (`keep`). It is taken by the next run, and leaves when whoever started it does.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

_ready: list[subprocess.Popen[bytes]] = []
_lock = threading.Lock()
_lasting = threading.Event()


def spawn(plugin: str | None = None, log: Path | None = None) -> subprocess.Popen[bytes]:
    """A process for one run, of `plugin` (None: of any), which waits to be told of which.

    Until then it complains to `log`, to nobody without one.
    """
    output = os.open(os.devnull, os.O_WRONLY)
    if log is not None:
        log.parent.mkdir(mode=0o700, exist_ok=True)
        output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with open(output, "ab") as stream:
        return subprocess.Popen(  # noqa: S603 - our own program; the values are single arguments
            # -P: nothing of the folder one happens to stand in is imported.
            [sys.executable, "-P", "-m", "planner.jobs.child", *([] if plugin is None else [plugin])],
            stdin=subprocess.PIPE,
            stdout=stream,
            stderr=stream,
            # Sets come in the same order in every process, so that a replay gives the same result.
            env={**os.environ, "PYTHONHASHSEED": "0"},
            start_new_session=True,  # Ctrl-C asks the run to stop; the terminal must not end it outright
        )


def tell(process: subprocess.Popen[bytes], folder: Path, run_id: str, key_file: Path) -> bool:
    """Tell a waiting process which run of which workspace is its own; False where it is gone."""
    if process.stdin is None or process.poll() is not None:
        return False
    try:
        process.stdin.write(b"\0".join(os.fsencode(item) for item in (folder, run_id, key_file)) + b"\n")
        process.stdin.flush()
    except BrokenPipeError:
        return False
    return True


def prepare(plugin: str | None = None) -> None:
    """Have a process stand ready for a run of `plugin` (None: of any), unless one does."""
    with _lock:
        _ready[:] = [held for held in _ready if held.poll() is None]
        if not _ready:
            _ready.append(spawn(plugin))


def keep() -> None:
    """From now on have one stand ready all the time."""
    _lasting.set()
    prepare()


def take() -> subprocess.Popen[bytes] | None:
    """The process that stands ready, None where none does."""
    with _lock:
        return _ready.pop() if _ready else None


def replace() -> None:
    """Another one for the one that was taken, where one is to stand ready all the time."""
    if _lasting.is_set():
        prepare()
