"""A PostgreSQL server of one's own: Debian's programs, a socket in a folder of its own, nothing kept."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from urllib.parse import quote

import psycopg

_SETTINGS = {
    "listen_addresses": "''",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "16MB",
    "max_connections": "80",
    "log_min_messages": "warning",
}


@dataclass
class Server:
    """A running server: `folder` holds its data, its log and its socket."""

    folder: Path
    _numbers: Iterator[int] = field(default_factory=count)

    def address(self, database: str = "postgres", schema: str | None = None) -> str:
        """The address of a database, and of a schema in it."""
        options = f"&options={quote(f'-csearch_path={schema}')}" if schema else ""
        return f"postgresql://planner@/{database}?host={quote(str(self.folder), safe='')}{options}"

    def execute(self, statement: str) -> list[tuple]:
        """The rows that a statement gives, outside any transaction."""
        with psycopg.connect(self.address(), autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    @contextmanager
    def schema(self) -> Iterator[str]:
        """The address of an empty schema, which is dropped afterwards."""
        name = f"trial_{next(self._numbers)}"
        self.execute(f"CREATE SCHEMA {name}")
        try:
            yield self.address(schema=name)
        finally:
            self.execute(f"DROP SCHEMA {name} CASCADE")


@contextmanager
def running_server() -> Iterator[Server]:
    """Start a server and stop it afterwards. It refuses to run as root, who lends it to the user postgres."""
    binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    assert binaries, "no PostgreSQL server: .ci/system-packages postgresql"
    # Not in pytest's folders: the server's user may not enter them, and a socket's path must be short.
    folder = Path(tempfile.mkdtemp(prefix="planner-pg-"))
    as_user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    if as_user:
        shutil.chown(folder, "postgres", "postgres")

    def run(program: str, *arguments: str) -> None:
        done = subprocess.run(
            [*as_user, str(binaries[-1] / program), "-D", str(folder / "data"), *arguments],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # a pipe would stay open as long as the server runs
            stderr=subprocess.DEVNULL,
            check=False,
            timeout=120,
        )
        log = folder / "log"
        assert done.returncode == 0, f"{program} failed: {log.read_text() if log.exists() else ''}"

    settings = " ".join(f"-c {name}={value}" for name, value in _SETTINGS.items())
    try:
        run("initdb", "-U", "planner", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", f"-k {folder} {settings}", "start")
        try:
            yield Server(folder)
        finally:
            run("pg_ctl", "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)
