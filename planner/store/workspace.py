"""A workspace: a folder with `workspace.toml` and its database (SQLite in WAL mode)."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import tomli_w
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DatabaseError

from planner.errors import WorkspaceError
from planner.store.tables import REVISION

SETTINGS = "workspace.toml"
DATABASE = "planner.sqlite"
FORMAT = 1
_BUSY_MS = 30_000
_WRITES = "planner_writes"


@dataclass(frozen=True, eq=False)
class Workspace:
    """An open workspace; whatever is read or written goes through `reading` and `writing`."""

    folder: Path
    engine: Engine

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the data from its first read to its last."""
        with self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection that alone may write; all it wrote is kept when it ends well, else none of it."""
        with self.engine.connect().execution_options(**{_WRITES: True}) as connection, connection.begin():
            yield connection


def create_workspace(folder: Path) -> Workspace:
    """Make an empty workspace in `folder`, which must be new or empty, and open it.

    Raises WorkspaceError where the folder is in use or cannot be written; then nothing is left behind.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WorkspaceError(f"“{folder}”已有内容,没有新建工作区", "换一个新文件夹,或先把它移走")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(folder / DATABASE, os.O_CREAT | os.O_WRONLY, 0o600))
    except OSError as error:
        raise WorkspaceError(f"不能在“{folder}”新建工作区:{error.strerror}", "请核对路径和权限") from error
    engine = _engine(folder / DATABASE)
    upgrade_database(engine)
    settings = {"format": FORMAT, "created": datetime.now(UTC).replace(microsecond=0), "database": DATABASE}
    # Written last and at once: a folder without it is no workspace.
    draft = folder / f"{SETTINGS}.new"
    draft.write_text(tomli_w.dumps(settings), encoding="utf-8")
    draft.replace(folder / SETTINGS)
    return Workspace(folder, engine)


def open_workspace(folder: Path) -> Workspace:
    """Open the workspace in `folder`. Raises WorkspaceError where there is none, or of another version."""
    settings = _settings(folder)
    database = folder / str(settings.get("database", DATABASE))
    if not database.is_file():
        raise WorkspaceError(f"工作区“{folder}”缺少数据库文件 {database.name}", "从备份恢复这个文件")
    engine = _engine(database)
    revision = _revision(engine, folder)
    if revision != REVISION:
        engine.dispose()
        raise WorkspaceError(
            f"工作区“{folder}”的数据库是第{revision}版,本程序用第{REVISION}版",
            f"旧的用 planner upgrade --workspace {folder} 升级;新的请安装较新的程序",
        )
    return Workspace(folder, engine)


def upgrade_workspace(folder: Path) -> tuple[str, str]:
    """Bring the database of an older workspace up to date; the revision before and after."""
    settings = _settings(folder)
    engine = _engine(folder / str(settings.get("database", DATABASE)))
    before = _revision(engine, folder)
    if before > REVISION:
        raise WorkspaceError(
            f"工作区“{folder}”的数据库是第{before}版,比本程序的第{REVISION}版新", "请安装较新的程序"
        )
    upgrade_database(engine)
    engine.dispose()
    return before, REVISION


def upgrade_database(engine: Engine) -> None:
    """Run the migrations up to the newest."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "planner.store:migrations")
    with engine.connect().execution_options(**{_WRITES: True}) as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _settings(folder: Path) -> dict[str, Any]:
    path = folder / SETTINGS
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise WorkspaceError(
            f"“{folder}”不是工作区:没有 {SETTINGS}", f"核对目录,或用 planner init {folder} 新建"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WorkspaceError(f"“{path}”不能读:{error}", "从备份恢复这个文件") from error
    if settings.get("format") != FORMAT:
        raise WorkspaceError(
            f"工作区“{folder}”是第{settings.get('format')}种格式,本程序用第{FORMAT}种", "请安装较新的程序"
        )
    return settings


def _revision(engine: Engine, folder: Path) -> str:
    try:
        with engine.connect() as connection:
            found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
            return str(found or "0000")
    except DatabaseError as error:
        raise WorkspaceError(f"工作区“{folder}”的数据库不能读", "从备份恢复数据库文件") from error


def _engine(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path.resolve()}", connect_args={"timeout": _BUSY_MS / 1000})

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves: see below
        for setting in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            f"busy_timeout={_BUSY_MS}",
        ):
            connection.execute(f"PRAGMA {setting}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A writer takes its lock first: one that began as a reader could not wait for another writer.
        writes = connection.get_execution_options().get(_WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
