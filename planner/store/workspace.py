"""A workspace: a folder with `workspace.toml`, and its database, in the folder (SQLite) or on a server."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine

from planner.errors import WorkspaceError
from planner.store.database import (
    begun,
    check_address,
    postgresql_engine,
    revision_of,
    sqlite_engine,
    upgrade_database,
)
from planner.store.settings import read_settings, write_settings
from planner.store.tables import REVISION

DATABASE = "planner.sqlite"


@dataclass(frozen=True, eq=False)
class Workspace:
    """An open workspace; whatever is read or written goes through `reading` and `writing`."""

    folder: Path
    engine: Engine

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the data from its first read to its last, and cannot write."""
        with begun(self.engine, writes=False) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection that alone may write; all it wrote is kept when it ends well, else none of it."""
        with begun(self.engine, writes=True) as connection:
            yield connection


def create_workspace(folder: Path, database: str | None = None) -> Workspace:
    """Make an empty workspace in `folder`, which must be new or empty, and open it.

    `database` is the address of an empty PostgreSQL database or schema; None keeps the data in the folder.
    Raises WorkspaceError where the folder is in use or cannot be written, or the database is not empty or
    cannot be reached; then nothing is left behind.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WorkspaceError(f"“{folder}”已有内容,没有新建工作区", "换一个新文件夹,或先把它移走")
    found = folder.exists()
    engine = postgresql_engine(check_address(database)) if database else sqlite_engine(folder / DATABASE)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if database is None:
            os.close(os.open(folder / DATABASE, os.O_CREAT | os.O_WRONLY, 0o600))
        upgrade_database(engine, new=True)
        # Written last: a folder without settings is no workspace.
        created = datetime.now(UTC).replace(microsecond=0)
        write_settings(folder, {"created": created, "database": database or DATABASE})
    except BaseException as error:
        engine.dispose()
        _remove(folder, keep=found)
        if isinstance(error, OSError):
            raise WorkspaceError(
                f"不能在“{folder}”新建工作区:{error.strerror}", "请核对路径和权限"
            ) from error
        raise
    return Workspace(folder, engine)


def open_workspace(folder: Path) -> Workspace:
    """Open the workspace in `folder`. Raises WorkspaceError where there is none, or of another version."""
    engine = _engine(folder)
    try:
        revision = revision_of(engine)
        if revision != REVISION:
            raise WorkspaceError(
                f"工作区“{folder}”的数据库是第{revision}版,本程序用第{REVISION}版",
                f"旧的用 planner upgrade --workspace {folder} 升级;新的请安装较新的程序",
            )
    except WorkspaceError:
        engine.dispose()
        raise
    return Workspace(folder, engine)


def upgrade_workspace(folder: Path) -> tuple[str, str]:
    """Bring the database of an older workspace up to date; the revision before and after."""
    engine = _engine(folder)
    try:
        before = revision_of(engine)
        if before > REVISION:
            raise WorkspaceError(
                f"工作区“{folder}”的数据库是第{before}版,比本程序的第{REVISION}版新", "请安装较新的程序"
            )
        upgrade_database(engine)
    finally:
        engine.dispose()
    return before, REVISION


def _engine(folder: Path) -> Engine:
    """The engine of the database that the settings name."""
    database = str(read_settings(folder).get("database", DATABASE))
    if "://" in database:
        return postgresql_engine(check_address(database))
    path = folder / database
    if not path.is_file():
        raise WorkspaceError(f"工作区“{folder}”缺少数据库文件 {path.name}", "从备份恢复这个文件")
    return sqlite_engine(path)


def _remove(folder: Path, *, keep: bool) -> None:
    """Take away what was made in a folder that was empty, and the folder itself unless it is to be kept."""
    if folder.is_dir():
        for path in folder.iterdir():
            path.unlink()
        if not keep:
            folder.rmdir()
