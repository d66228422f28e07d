"""The two databases a workspace may lie in, SQLite (WAL) and PostgreSQL, made to behave alike.

One writer at a time: a writer takes its lock first and waits for the one before. A reader sees one state from
its first read to its last, never waits for a writer, and cannot write.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError, OperationalError, TimeoutError

from planner.errors import BusyError, WorkspaceError

_WAIT_S = 30
_CONNECT_WITHIN_S = 10
# A page that is open for every cadre of a county, and room below the 100 that PostgreSQL allows by default.
_POOL = {"pool_size": 10, "max_overflow": 40, "hide_parameters": True}
_WRITES = "planner_writes"
_TURN = "planner_turn"
_PASSWORD_FIX = "地址里只写用户名,口令放在环境变量 PGPASSWORD 或 ~/.pgpass(权限0600)"  # noqa: S105 - no password


def sqlite_engine(path: Path) -> Engine:
    """The engine of an SQLite file."""
    engine = create_engine(
        f"sqlite:///{path.resolve()}",
        connect_args={"timeout": _WAIT_S},
        # SQLite lets writers who wait ask again and again; those of one process queue up instead.
        execution_options={_TURN: threading.Lock()},
        **_POOL,
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves: see below
        for setting in (
            "journal_mode=WAL",
            "secure_delete=ON",  # what is erased is overwritten, not only left unlisted
            "synchronous=FULL",  # what was told to be saved outlives a power cut, as on PostgreSQL
            "foreign_keys=ON",
            f"busy_timeout={_WAIT_S * 1000}",
        ):
            connection.execute(f"PRAGMA {setting}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A writer takes its lock first: one that began as a reader could not wait for another writer.
        writes = _writes(connection)
        connection.exec_driver_sql(f"PRAGMA query_only={'OFF' if writes else 'ON'}")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def postgresql_engine(address: str) -> Engine:
    """The engine of a PostgreSQL database; libpq finds the password ($PGPASSWORD, .pgpass)."""
    engine = create_engine(
        _url(address),
        connect_args={"connect_timeout": _CONNECT_WITHIN_S, "application_name": "planner"},
        pool_pre_ping=True,
        **_POOL,
    )

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if not _writes(connection):
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            return
        # The lock is of the schema: workspaces that share a database do not wait for each other. What follows
        # it sees all that writers before have committed, as the level is READ COMMITTED.
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_WAIT_S}s'")
        connection.exec_driver_sql(
            "SELECT pg_advisory_xact_lock(hashtext('planner'), hashtext(current_schema()::text))"
        )

    return engine


def check_address(address: str) -> str:
    """The address of a PostgreSQL database as it may be kept. Raises WorkspaceError for any other, or a password."""
    url = _url(address)
    if url.password is not None or "password" in url.query:
        raise WorkspaceError("数据库地址里不能写口令,它会留在工作区和命令历史里", _PASSWORD_FIX)
    return address


def upgrade_database(engine: Engine, *, new: bool = False) -> None:
    """Run the migrations up to the newest, all or none.

    For a `new` workspace the database must be empty: raises WorkspaceError where it is not.
    """
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "planner.store:migrations")
    with begun(engine, writes=True) as connection:
        if new:
            _check_free(connection)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _check_free(connection: Connection) -> None:
    """Raises WorkspaceError unless the database can take a new workspace: UTF-8, and nobody's tables in it."""
    from planner.store.protected import metadata

    if connection.dialect.name == "postgresql":
        encoding = connection.execute(text("SHOW server_encoding")).scalar()
        if encoding != "UTF8":
            raise WorkspaceError(f"数据库的编码是 {encoding}", "新建一个 UTF8 编码的数据库")
        if connection.execute(text("SELECT current_schema()")).scalar() is None:
            raise WorkspaceError(
                "数据库里没有地址所写的模式(search_path)", "先用 CREATE SCHEMA 建立,或去掉这一项"
            )
    if {*inspect(connection).get_table_names()} & {*metadata.tables, "alembic_version"}:
        raise WorkspaceError(
            "这个数据库已有别的工作区的表,没有新建工作区",
            "另建一个数据库,或在地址中用 ?options=-csearch_path%3D模式名 指定另一个模式",
        )


def _is_shut(error: DatabaseError) -> bool:
    """Whether SQLite could not open or write a file that is sound for all one knows."""
    return any(word in str(error.orig) for word in ("readonly", "unable to open", "locked", "full", "I/O"))


def revision_of(engine: Engine) -> str:
    """The revision that the database stands at, 0000 for none. Raises WorkspaceError where it cannot be read."""
    try:
        with engine.connect() as connection:
            found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
            return str(found or "0000")
    except DatabaseError as error:
        if engine.dialect.name == "sqlite" and _is_shut(error):
            raise WorkspaceError(
                "数据库打不开或不能写", "核对工作区目录的权限、磁盘空间,以及有没有别的程序占用"
            ) from error
        if engine.dialect.name == "sqlite":
            raise WorkspaceError("数据库不能读", "从备份恢复数据库文件") from error
        raise (
            _unreachable(engine)
            if isinstance(error, OperationalError)
            else WorkspaceError(
                "数据库里没有这个工作区的表", "核对 workspace.toml 中的数据库地址,或从备份恢复"
            )
        ) from error


@contextmanager
def begun(
    engine: Engine,
    *,
    writes: bool,
    committing: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> Iterator[Connection]:
    """A connection in a transaction that ends with the block: kept where it ends well, else undone.

    The commit stands in the context `committing()`, whose exit can tell whether it was done.
    Raises WorkspaceError where the database cannot be reached or fails midway, BusyError where another writer
    keeps it.
    """
    with _turn(engine) if writes else nullcontext():
        try:
            connection = engine.connect()
        except OperationalError as error:
            raise _unreachable(engine) from error
        except TimeoutError as error:
            raise WorkspaceError("同时使用的人太多,数据库连接已用完", "稍后再试") from error
        with connection:
            try:
                transaction = connection.execution_options(**{_WRITES: writes}).begin()
            except OperationalError as error:
                raise _busy() from error
            try:
                with transaction:
                    yield connection
                    with committing():
                        transaction.commit()
            except DBAPIError as error:
                if not isinstance(error, OperationalError) and not error.connection_invalidated:
                    raise
                raise _unfinished() from error


def compact(engine: Engine, tables: Iterable[str]) -> None:
    """Leave nothing of what `tables` no longer hold in the database's files.

    SQLite: the write-ahead log is emptied and the file written anew; PostgreSQL: the tables are. Raises BusyError
    where somebody reads or writes meanwhile and does not end, WorkspaceError where it fails otherwise.
    """
    with _turn(engine):
        connection = engine.raw_connection()
        try:
            cursor = connection.cursor()
            if engine.dialect.name == "sqlite":
                _compact_sqlite(cursor)
            else:
                connection.driver_connection.autocommit = True  # type: ignore[union-attr]
                cursor.execute(f"SET lock_timeout = '{_WAIT_S}s'")
                for table in sorted(tables):
                    cursor.execute(f'VACUUM FULL "{table}"')
        except engine.dialect.loaded_dbapi.OperationalError as error:
            raise (_busy() if _is_kept(error) else _unfinished()) from error
        finally:
            connection.invalidate()  # with settings of its own it does not go back to the others
            connection.close()


def _compact_sqlite(cursor: Any) -> None:
    cursor.execute("PRAGMA query_only=OFF")
    for statement in ("PRAGMA wal_checkpoint(TRUNCATE)", "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
        cursor.execute(statement)
        if statement.startswith("PRAGMA") and (cursor.fetchone() or (0,))[0]:
            raise _busy()


@contextmanager
def _turn(engine: Engine) -> Iterator[None]:
    """Wait for the other writers of this process."""
    turn: threading.Lock | None = engine.get_execution_options().get(_TURN)
    if turn is not None and not turn.acquire(timeout=_WAIT_S):
        raise _busy()
    try:
        yield
    finally:
        if turn is not None:
            turn.release()


def _is_kept(error: Any) -> bool:
    """Whether an error of a driver says that another one keeps what is wanted."""
    told = getattr(error, "sqlite_errorname", None) or getattr(error, "sqlstate", None)
    return str(told).startswith(("SQLITE_BUSY", "SQLITE_LOCKED", "55P03"))


def _unfinished() -> WorkspaceError:
    return WorkspaceError("数据库没有完成操作", "检查磁盘空间和数据库服务,核对数据后再试")


def _busy() -> BusyError:
    return BusyError(f"别的程序正在写这个工作区,等了{_WAIT_S}秒还没有写完", "稍后再试")


def _writes(connection: Connection) -> bool:
    return bool(connection.get_execution_options().get(_WRITES, False))


def _url(address: str) -> URL:
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        url = None
    if url is None or url.drivername not in ("postgresql", "postgres") or not url.database:
        raise WorkspaceError(
            "看不懂数据库地址", "写成 postgresql://用户@主机:端口/数据库;不写时用工作区文件夹里的 SQLite"
        )
    return url.set(drivername="postgresql+psycopg")


def _unreachable(engine: Engine) -> WorkspaceError:
    if engine.dialect.name == "sqlite":
        return WorkspaceError("数据库文件打不开", "请核对路径和权限")
    url = engine.url
    where = f"{url.host or url.query.get('host') or '本机'}{f':{url.port}' if url.port else ''}"
    return WorkspaceError(
        f"连不上 {where} 上的数据库“{url.database}”", f"检查数据库服务、网络和用户名;{_PASSWORD_FIX}"
    )
