"""A workspace: a folder with `workspace.toml`, its database (in the folder or on a server), and its key file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from planner.errors import WorkspaceError, last_part
from planner.store.audit import TRAIL, Action, Trail, record
from planner.store.database import (
    begun,
    check_address,
    postgresql_engine,
    revision_of,
    sqlite_engine,
    upgrade_database,
)
from planner.store.head import HeadFile, head_path
from planner.store.keys import KeyFile, KeyRing, create_key_file, default_path, key_path
from planner.store.roles import Person, operator
from planner.store.run_frames import seal_plain
from planner.store.settings import read_settings, write_settings
from planner.store.tables import REVISION

DATABASE = "planner.sqlite"


@dataclass(frozen=True, eq=False)
class Workspace:
    """An open workspace; whatever is read or written goes through `reading` and `writing`.

    It is open for one person, at an address (`ip`): what is read is theirs to see, what is written is audited
    on their account. As opened it is the operator's; `acting_as` hands it to somebody else.
    """

    folder: Path
    engine: Engine
    key_file: KeyFile
    person: Person = field(default_factory=operator)
    ip: str = "本机"

    @property
    def ring(self) -> KeyRing:
        """The keys, as new as anything read before."""
        return self.key_file.ring

    @property
    def head(self) -> HeadFile:
        """The outside end of the audit chain."""
        return HeadFile(head_path(self.key_file.path), self.folder)

    def acting_as(self, person: Person, ip: str = "本机") -> Workspace:
        """The same workspace for another person."""
        return replace(self, person=person, ip=ip)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the data from its first read to its last, and cannot write."""
        with begun(self.engine, writes=False) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection that alone may write; all it wrote is kept when it ends well, else none of it.

        `audit.record` adds lines on the person's account to it.
        """
        trail = Trail(self.person, self.ip, self.key_file, self.head)
        with begun(self.engine, writes=True, committing=trail.kept) as connection:
            yield connection.execution_options(**{TRAIL: trail})


def create_workspace(folder: Path, database: str | None = None, *, key_file: Path | None = None) -> Workspace:
    """Make an empty workspace in `folder`, which must be new or empty, with a key file, and open it.

    `database` is the address of an empty PostgreSQL database or schema; None keeps the data in the folder.
    `key_file` lies outside the folder and is not there yet; None is beside it. Raises WorkspaceError where
    one of them is in use, cannot be written or reached; then nothing is left behind.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WorkspaceError(f"“{last_part(folder)}”已有内容,没有新建工作区", "换一个新文件夹,或先把它移走")
    found = folder.exists()
    path = key_path(folder, key_file)
    if head_path(path).exists():
        raise WorkspaceError(
            f"审计链头文件 {last_part(head_path(path))} 已经存在,没有新建工作区",
            "它可能是另一个工作区的;用 --key-file 换一个文件名",
        )
    engine = postgresql_engine(check_address(database)) if database else sqlite_engine(folder / DATABASE)
    keys = None
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        keys = create_key_file(path)
        if database is None:
            os.close(os.open(folder / DATABASE, os.O_CREAT | os.O_WRONLY, 0o600))
        upgrade_database(engine, new=True)
        created = datetime.now(UTC).replace(microsecond=0)
        settings = {"created": created, "database": database or DATABASE, **named_keys(folder, keys)}
        workspace = Workspace(folder, engine, keys)
        workspace.head.create()
        with workspace.writing() as connection:
            record(connection, Action.CREATE, detail={"revision": REVISION, "key": keys.ring.newest.id})
        write_settings(folder, settings)  # last: a folder without settings is no workspace
    except BaseException as error:
        engine.dispose()
        remove_made(folder, keep=found)
        if keys is not None:
            path.unlink()
            head_path(path).unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise WorkspaceError(
                f"不能在“{last_part(folder)}”新建工作区:{error.strerror}", "请核对路径和权限"
            ) from error
        raise
    return workspace


def open_workspace(folder: Path, key_file: Path | None = None) -> Workspace:
    """Open the workspace in `folder` with its key file (None: where $PLANNER_KEY_FILE or its settings say).

    Raises WorkspaceError where there is none, or of another version, or the key file is not its own.
    """
    settings = read_settings(folder)
    engine = _engine(folder, settings)
    try:
        revision = revision_of(engine)
        if revision != REVISION:
            raise WorkspaceError(
                f"工作区“{last_part(folder)}”的数据库是第{revision}版,本程序用第{REVISION}版",
                "旧的用 planner upgrade --workspace 目录 升级;新的请安装较新的程序",
            )
        keys = _own_keys(folder, settings, key_file)
    except WorkspaceError:
        engine.dispose()
        raise
    return Workspace(folder, engine, keys)


def upgrade_workspace(folder: Path, key_file: Path | None = None) -> tuple[str, str]:
    """Bring the database of an older workspace up to date; the revision before and after.

    A workspace from before there were key files gets one, and its results are sealed.
    """
    settings = read_settings(folder)
    engine = _engine(folder, settings)
    try:
        before = revision_of(engine)
        if before > REVISION:
            raise WorkspaceError(
                f"工作区“{last_part(folder)}”的数据库是第{before}版,比本程序的第{REVISION}版新",
                "请安装较新的程序",
            )
        if "key" in settings:
            keys = _own_keys(folder, settings, key_file)
        else:
            keys = create_key_file(key_path(folder, key_file))
            HeadFile(head_path(keys.path), folder).create()
            write_settings(folder, settings | named_keys(folder, keys))
        upgrade_database(engine)
        with Workspace(folder, engine, keys).writing() as connection:
            if "key" not in settings:
                seal_plain(connection, keys.ring)
            record(connection, Action.UPGRADE, detail={"from": before, "to": REVISION})
    finally:
        engine.dispose()
    return before, REVISION


def name_key(folder: Path, keys: KeyFile) -> None:
    """Write into the settings that the newest key of the file is in use."""
    write_settings(folder, read_settings(folder) | named_keys(folder, keys))


def named_keys(folder: Path, keys: KeyFile) -> dict[str, str]:
    """What the settings say of the key file: its newest key's fingerprint, and where it lies if not beside."""
    named = {"key": keys.ring.newest.id}
    return named if keys.path == default_path(folder) else {**named, "key_file": str(keys.path)}


def _own_keys(folder: Path, settings: dict[str, Any], given: Path | None) -> KeyFile:
    """The workspace's key file. Raises WorkspaceError where it is missing or another's.

    Beside the key file lies the end of the audit chain. Of a living workspace and its restored backup either key
    file opens both, so while its own is in its place no other is taken: each would break the other's chain.
    """
    keys = KeyFile(key_path(folder, given, settings.get("key_file")))
    if keys.ring.find(str(settings.get("key"))) is None:
        raise WorkspaceError(
            f"密钥文件 {last_part(keys.path)} 不是工作区“{last_part(folder)}”的,没有打开",
            f"用 --key-file 指明建工作区时生成的密钥文件(指纹 {settings.get('key')})",
        )
    own = Path(settings["key_file"]) if "key_file" in settings else default_path(folder)
    if own.exists() and not own.samefile(keys.path):
        raise WorkspaceError(
            f"工作区“{last_part(folder)}”用的是密钥文件 {last_part(own)},不是 {last_part(keys.path)},没有打开",
            "去掉 --key-file 和环境变量 PLANNER_KEY_FILE 再试;密钥文件搬了家的,先把原处的移走",
        )
    return keys


def _engine(folder: Path, settings: dict[str, Any]) -> Engine:
    """The engine of the database that the settings name."""
    database = str(settings.get("database", DATABASE))
    if "://" in database:
        return postgresql_engine(check_address(database))
    path = folder / database
    if not path.is_file():
        raise WorkspaceError(
            f"工作区“{last_part(folder)}”缺少数据库文件 {last_part(path)}", "从备份恢复这个文件"
        )
    return sqlite_engine(path)


def remove_made(folder: Path, *, keep: bool) -> None:
    """Take away what was made in a folder that was empty, and the folder itself unless it is to be kept."""
    if folder.is_dir():
        for path in folder.iterdir():
            path.unlink()
        if not keep:
            folder.rmdir()
