"""A workspace made, opened, refused, and two writers at once."""

import sqlite3
import threading

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, insert, select, text

from planner.errors import WorkspaceError
from planner.store.tables import REVISION, imports, metadata
from planner.store.workspace import create_workspace, open_workspace, upgrade_workspace
from tests.store.conftest import source


def test_made_and_opened(workspace):
    again = open_workspace(workspace.folder)
    with again.reading() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
    again.engine.dispose()
    assert workspace.folder.stat().st_mode & 0o077 == 0
    assert (workspace.folder / "planner.sqlite").stat().st_mode & 0o077 == 0


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


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda folder: (folder / "workspace.toml").unlink(), "没有 workspace.toml"),
        (lambda folder: (folder / "workspace.toml").write_text("a ="), "不能读"),
        (lambda folder: (folder / "workspace.toml").write_text("format = 9"), "第9种格式"),
        (lambda folder: (folder / "planner.sqlite").unlink(), "缺少数据库文件"),
        (lambda folder: (folder / "planner.sqlite").write_bytes(b"not a database" * 100), "数据库不能读"),
    ],
)
def test_what_is_no_workspace_is_told(workspace, spoil, told):
    workspace.engine.dispose()
    spoil(workspace.folder)
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


def test_a_reader_sees_one_state(workspace):
    with workspace.reading() as reader:
        before = reader.execute(select(func.count()).select_from(imports)).scalar()
        with workspace.writing() as writer:
            add_import(writer, "meanwhile")
        assert reader.execute(select(func.count()).select_from(imports)).scalar() == before
    with sqlite3.connect(workspace.folder / "planner.sqlite") as plain:
        assert plain.execute("SELECT count(*) FROM imports").fetchone() == (1,)
    plain.close()
