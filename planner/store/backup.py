"""Backups: everything of a workspace but its keys, in one sealed file, and the way back into a new folder.

A backup holds one state of the data as an SQLite file, whichever database the workspace lies in, so it can be
restored into either. The key file is not in it: who has a backup alone has nothing.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, func, insert, select, text

from planner.errors import WorkspaceError
from planner.store.audit import Action, record, tip
from planner.store.audit_log import verify
from planner.store.backup_files import SUFFIX, read_backup_file, read_head, write_backup_file
from planner.store.database import (
    begun,
    check_address,
    postgresql_engine,
    revision_of,
    sqlite_engine,
    upgrade_database,
)
from planner.store.head import HeadFile, Link, head_path
from planner.store.keys import KeyFile, KeyRing, default_path
from planner.store.private_files import create_private
from planner.store.protected import metadata
from planner.store.roles import Act
from planner.store.rotation import SEALED
from planner.store.sealing import Place, open_sealed
from planner.store.settings import ERASE_AFTER_YEARS, read_settings, write_settings
from planner.store.workspace import DATABASE, Workspace, named_keys, remove_made

KEPT_FOR = timedelta(days=35)  # R-KEEP: what was erased in the workspace must not live on in old backups
_AT_ONCE = 1000
_PIECE_BYTES = 1 << 20


@dataclass(frozen=True)
class Manifest:
    """What a backup must bring back: rows by table, the end of the audit chain, the revision, the settings."""

    revision: str
    tip: Link
    rows: Mapping[str, int]
    created: str
    erase_after_years: int | None = None

    @classmethod
    def from_json(cls, content: bytes) -> Manifest:
        """The manifest that `to_json` wrote."""
        told = json.loads(content)
        return cls(**{**told, "tip": Link(**told["tip"])})

    def to_json(self) -> bytes:
        """As the first piece of a backup."""
        return json.dumps(asdict(self)).encode()


def create_backup(
    workspace: Workspace, folder: Path, *, kept_for: timedelta = KEPT_FOR
) -> tuple[Path, list[Path]]:
    """Write a backup into `folder`, and delete this workspace's older than `kept_for`; the new one, and those.

    Readers and writers go on meanwhile; the backup holds one state. Raises AccessError for who may not,
    WorkspaceError where the folder cannot be written.
    """
    workspace.person.check(Act.MAINTAIN)
    now = datetime.now(UTC)
    path = folder / f"{_stem(workspace)}-{now:%Y%m%dT%H%M%S%f}{SUFFIX}"
    if folder.resolve().is_relative_to(workspace.folder.resolve()):
        raise WorkspaceError("备份不能放在工作区里面:工作区丢了备份也丢了", "换一个目录,最好在另一块磁盘上")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        old = [item for item in _backups(workspace, folder) if read_head(item).made < now - kept_for]
        with workspace.writing() as connection:
            record(connection, Action.BACKUP, path.name, detail={"removes": len(old)})
        with tempfile.TemporaryDirectory(dir=folder, prefix=".") as place:
            write_backup_file(path, workspace.ring, _pieces(workspace, Path(place) / DATABASE))
        for item in old:
            item.unlink()
    except OSError as error:
        raise WorkspaceError(
            f"不能在“{folder}”写备份:{error.strerror}", "核对路径、权限和磁盘空间"
        ) from error
    return path, old


def check_backup(path: Path, key_file: Path) -> Manifest:
    """Open a backup and check all that is in it, as a restoration would. Raises WorkspaceError for any fault."""
    keys = KeyFile(key_file)
    with tempfile.TemporaryDirectory() as place:
        manifest, engine = _unpack(path, keys.ring, Path(place))
        try:
            with begun(engine, writes=False) as connection:
                _check_rows(connection, manifest, keys.ring)
        finally:
            engine.dispose()
    return manifest


def restore_backup(path: Path, folder: Path, key_file: Path, *, database: str | None = None) -> Manifest:
    """Make a workspace in `folder`, which must be new or empty, of a backup and the key file it was made with.

    The workspace gets a copy of the key file beside it. `database` is the address of an empty PostgreSQL database;
    None keeps the data in the folder. Nothing else is touched. Raises WorkspaceError for a backup that is not
    whole, and for places in use; then nothing is left behind.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WorkspaceError(f"“{folder}”已有内容,没有恢复", "恢复到一个新文件夹")
    source, own = KeyFile(key_file), default_path(folder)
    taken = [item for item in (own, head_path(own)) if item.exists()]
    if taken:
        raise WorkspaceError(f"{taken[0]} 已经存在,没有恢复", "恢复到另一个名字的文件夹")
    ring, found = source.ring, folder.exists()
    engine: Engine | None = None
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        manifest, engine = _unpack(path, ring, folder)
        if database is not None:
            engine = _moved(engine, folder / DATABASE, database)
        create_private(own, source.path.read_bytes())
        HeadFile(head_path(own), folder).create(manifest.tip)
        workspace = Workspace(folder, engine, KeyFile(own))
        with workspace.reading() as connection:
            _check_rows(connection, manifest, ring)
        verdict = verify(workspace)
        if not verdict.whole:
            raise WorkspaceError(f"备份 {path.name} 里的审计链不完整:{verdict.problem}", "换一份备份")
        with workspace.writing() as connection:
            record(connection, Action.RESTORE, path.name)
        settings: dict[str, Any] = {"created": manifest.created, "database": database or DATABASE}
        if manifest.erase_after_years is not None:
            settings[ERASE_AFTER_YEARS] = manifest.erase_after_years
        write_settings(folder, settings | named_keys(folder, workspace.key_file))
    except BaseException as error:
        if engine is not None:
            engine.dispose()
        remove_made(folder, keep=found)
        own.unlink(missing_ok=True)
        head_path(own).unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise WorkspaceError(f"不能恢复到“{folder}”:{error.strerror}", "核对路径和权限") from error
        raise
    engine.dispose()
    return manifest


def _stem(workspace: Workspace) -> str:
    return workspace.folder.resolve().name


def _backups(workspace: Workspace, folder: Path) -> Iterator[Path]:
    """The backups of this workspace in a folder: those with its name, made with its keys."""
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        if path.name.startswith(f"{_stem(workspace)}-") and path.is_file():
            try:
                head = read_head(path)
            except WorkspaceError:
                continue
            if workspace.ring.find(head.key) is not None:
                yield path


def _pieces(workspace: Workspace, path: Path) -> Iterator[bytes]:
    """The manifest, then the data as an SQLite file, which is made at `path`."""
    engine = sqlite_engine(path)
    try:
        upgrade_database(engine, new=True)
        with workspace.reading() as source, begun(engine, writes=True) as target:
            rows = _copy_rows(source, target)
            last = tip(source)
    finally:
        engine.dispose()  # the last connection brings the write-ahead log into the file
    settings = read_settings(workspace.folder)
    kept = str(settings["created"]), settings.get(ERASE_AFTER_YEARS)
    yield Manifest(revision_of(workspace.engine), last, rows, *kept).to_json()
    with path.open("rb") as file:
        while piece := file.read(_PIECE_BYTES):
            yield piece


def _copy_rows(source: Connection, target: Connection) -> dict[str, int]:
    """Every row of every table, referred-to tables first; how many by table."""
    counts = {}
    for table in metadata.sorted_tables:
        counts[table.name] = 0
        found = source.execute(select(table), execution_options={"yield_per": _AT_ONCE})
        for rows in found.mappings().partitions():
            target.execute(insert(table), [dict(row) for row in rows])
            counts[table.name] += len(rows)
    return counts


def _unpack(path: Path, ring: KeyRing, folder: Path) -> tuple[Manifest, Engine]:
    """The manifest of a backup, and its data as an SQLite database in `folder`, at this program's revision."""
    pieces = read_backup_file(path, ring)
    try:
        manifest = Manifest.from_json(next(pieces))
    except (ValueError, TypeError, KeyError) as error:
        raise WorkspaceError(f"备份 {path.name} 的内容看不懂", "用做备份时的程序版本恢复") from error
    place = folder / DATABASE
    with open(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        for piece in pieces:
            file.write(piece)
    engine = sqlite_engine(place)
    try:
        upgrade_database(engine)
    except BaseException:
        engine.dispose()
        raise
    return manifest, engine


def _moved(engine: Engine, path: Path, database: str) -> Engine:
    """The engine of the PostgreSQL database into which the data of an SQLite file went; the file is gone."""
    target = postgresql_engine(check_address(database))
    try:
        upgrade_database(target, new=True)
        with begun(engine, writes=False) as source, begun(target, writes=True) as connection:
            _copy_rows(source, connection)
            for table in metadata.sorted_tables:
                _go_on_counting(connection, table)
    except BaseException:
        target.dispose()
        raise
    finally:
        engine.dispose()
    path.unlink()
    return target


def _go_on_counting(connection: Connection, table: Any) -> None:
    """Let PostgreSQL number new rows after those that are there."""
    column = table.autoincrement_column
    if column is None or column.autoincrement is False:
        return
    last = connection.execute(select(func.max(column))).scalar()
    if last is not None:
        connection.execute(
            text("SELECT setval(pg_get_serial_sequence(:table, :column), :last)"),
            {"table": table.name, "column": column.name, "last": last},
        )


def _check_rows(connection: Connection, manifest: Manifest, ring: KeyRing) -> None:
    """Raises WorkspaceError where rows are missing, the chain ends elsewhere, or sealed content does not open."""
    for table in metadata.sorted_tables:
        found = connection.execute(select(func.count()).select_from(table)).scalar_one()
        if found != manifest.rows.get(table.name, 0):
            raise WorkspaceError(
                f"恢复出来的表 {table.name} 有{found}行,备份时是{manifest.rows.get(table.name, 0)}行",
                "换一份备份",
            )
    if tip(connection) != manifest.tip:
        raise WorkspaceError("恢复出来的审计链末尾与备份时不同", "换一份备份")
    for column in SEALED:
        wanted = [*(column.table.c[name] for name in column.bound), column.table.c[column.name]]
        statement = select(*dict.fromkeys(wanted)).where(column.table.c[column.name].isnot(None))
        rows = connection.execute(statement, execution_options={"yield_per": _AT_ONCE})
        for row in rows.mappings():
            place = Place(column.table.name, column.name, tuple(row[name] for name in column.bound))
            open_sealed(ring, place, row[column.name])
