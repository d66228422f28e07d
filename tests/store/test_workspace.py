"""A workspace made, opened, refused, and two writers at once."""

import resource
import threading

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import InternalError

from planner.errors import WorkspaceError
from planner.store.database import compact
from planner.store.protected import metadata
from planner.store.tables import REVISION, imports
from planner.store.workspace import create_workspace, open_workspace, upgrade_workspace
from tests.store.conftest import source


def test_made_and_opened(workspace):
    again = open_workspace(workspace.folder)
    with again.reading() as connection:
        assert connection.execute(select(func.count()).select_from(imports)).scalar() == 0
    again.engine.dispose()
    assert workspace.folder.stat().st_mode & 0o077 == 0
    for path in workspace.folder.iterdir():
        assert path.stat().st_mode & 0o077 == 0, path.name


def test_sqlite_is_set_up(tmp_path):
    workspace = create_workspace(tmp_path / "workspace")
    with workspace.reading() as connection:
        settings = ("journal_mode", "foreign_keys", "synchronous")
        found = [connection.execute(text(f"PRAGMA {name}")).scalar() for name in settings]
    assert found == ["wal", 1, 2]
    workspace.engine.dispose()


def test_the_migrations_make_the_tables(workspace):
    with workspace.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        assert context.get_current_revision() == REVISION
    script = ScriptDirectory("planner/store/migrations")
    assert script.get_current_head() == REVISION


def test_a_folder_in_use_is_refused_and_left_alone(tmp_path, workspace):
    with pytest.raises(WorkspaceError, match="已有内容"):
        create_workspace(workspace.folder)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("dear")
    with pytest.raises(WorkspaceError, match="已有内容"):
        create_workspace(tmp_path / "full")
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["letter.txt"]
    (tmp_path / "file").write_text("")
    with pytest.raises(WorkspaceError, match="已有内容"):
        create_workspace(tmp_path / "file")
    with pytest.raises(WorkspaceError, match="核对路径"):
        create_workspace(tmp_path / "file" / "below")


def spoiled_file(name, content=None):
    def spoil(workspace):
        path = workspace.folder / name
        path.unlink() if content is None else path.write_bytes(content)

    return spoil


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (spoiled_file("workspace.toml"), "没有 workspace.toml"),
        (spoiled_file("workspace.toml", b"a ="), "不能读"),
        (spoiled_file("workspace.toml", b"format = 9"), "第9种格式"),
        (spoiled_file("planner.sqlite"), "缺少数据库文件"),
        (spoiled_file("planner.sqlite", b"not a database" * 100), "数据库不能读"),
    ],
)
def test_what_is_no_workspace_is_told(tmp_path, spoil, told):
    workspace = create_workspace(tmp_path / "workspace")
    workspace.engine.dispose()
    spoil(workspace)
    with pytest.raises(WorkspaceError, match=told):
        open_workspace(workspace.folder)


def set_revision(workspace, revision):
    with workspace.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :new"), {"new": revision})


def test_another_revision_is_refused(workspace):
    set_revision(workspace, "0000")
    with pytest.raises(WorkspaceError, match="planner upgrade"):
        open_workspace(workspace.folder)
    set_revision(workspace, "9999")
    with pytest.raises(WorkspaceError, match="较新的程序"):
        upgrade_workspace(workspace.folder)


def test_an_older_database_is_upgraded(workspace):
    with workspace.writing() as connection:
        connection.execute(text("DELETE FROM alembic_version"))
        for table in reversed(metadata.sorted_tables):
            table.drop(connection)
    with pytest.raises(WorkspaceError, match="升级"):
        open_workspace(workspace.folder)
    assert upgrade_workspace(workspace.folder) == ("0000", REVISION)
    assert upgrade_workspace(workspace.folder) == (REVISION, REVISION)
    open_workspace(workspace.folder).engine.dispose()


def add_import(connection, name):
    from datetime import UTC, datetime

    values = vars(source()) | {"name": name, "kind": "demand", "recorded_at": datetime.now(UTC)}
    connection.execute(insert(imports).values(values))


def test_what_fails_leaves_nothing(workspace):
    def write():
        with workspace.writing() as connection:
            add_import(connection, "lost")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write()
    with workspace.reading() as connection:
        assert connection.execute(select(func.count()).select_from(imports)).scalar() == 0


def test_writers_wait_for_each_other(workspace):
    def write(number):
        for turn in range(5):
            with workspace.writing() as connection:
                connection.execute(select(imports)).all()
                add_import(connection, f"{number}-{turn}")

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with workspace.reading() as connection:
        assert connection.execute(select(func.count()).select_from(imports)).scalar() == 40


def count_imports(connection):
    return connection.execute(select(func.count()).select_from(imports)).scalar()


def test_a_reader_sees_one_state(workspace):
    with workspace.reading() as reader:
        before = count_imports(reader)
        with workspace.writing() as writer:
            add_import(writer, "meanwhile")
        assert count_imports(reader) == before == 0
    with workspace.reading() as reader:
        assert count_imports(reader) == 1


def test_a_reader_cannot_write(workspace):
    def write():
        with workspace.reading() as connection:
            add_import(connection, "smuggled")

    with pytest.raises((WorkspaceError, InternalError)):
        write()
    with workspace.writing() as connection:
        assert count_imports(connection) == 0
        add_import(connection, "after it")


def test_readers_see_whole_imports_alone(workspace):
    """20 readers while imports of ten rows run: no error, and never a part of one."""
    started, seen, failures = threading.Barrier(21), set(), []

    def read():
        started.wait(timeout=60)
        try:
            for _ in range(20):
                with workspace.reading() as connection:
                    first, second = count_imports(connection), count_imports(connection)
                seen.add(first)
                assert first == second
        except BaseException as error:
            failures.append(error)

    readers = [threading.Thread(target=read) for _ in range(20)]
    for thread in readers:
        thread.start()
    started.wait(timeout=60)
    for turn in range(5):
        with workspace.writing() as connection:
            for row in range(10):
                add_import(connection, f"{turn}-{row}")
    for thread in readers:
        thread.join()
    assert failures == []
    assert {number % 10 for number in seen} == {0}


def test_a_writer_that_waits_in_vain_is_told(workspace, monkeypatch):
    monkeypatch.setattr("planner.store.database._WAIT_S", 1)
    impatient = open_workspace(workspace.folder)
    with workspace.writing(), pytest.raises(WorkspaceError, match="稍后再试"), impatient.writing():
        raise AssertionError("two writers at once")
    with impatient.writing() as connection:
        add_import(connection, "after it")
    impatient.engine.dispose()


def test_a_disk_without_room_is_no_other_writer(tmp_path):
    made = create_workspace(tmp_path / "w")
    most, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        with pytest.raises(WorkspaceError, match="检查磁盘空间"):
            compact(made.engine, metadata.tables)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
    compact(made.engine, metadata.tables)
    made.engine.dispose()
