"""What is of PostgreSQL alone: addresses, passwords, whose tables, several workspaces side by side."""

import threading

import pytest
from sqlalchemy import create_engine, text

from planner.errors import WorkspaceError
from planner.store.settings import read_settings
from planner.store.workspace import create_workspace, open_workspace


@pytest.fixture
def schema(server):
    with server.schema() as address:
        yield address


@pytest.fixture
def new_database(server):
    server.execute("CREATE DATABASE second")
    yield server.address("second")
    server.execute("DROP DATABASE second WITH (FORCE)")


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("postgresql://planner:geheim@/postgres", "不能写口令"),
        ("postgresql://planner@/postgres?password=geheim", "不能写口令"),
        ("mysql://planner@host/name", "看不懂数据库地址"),
        ("postgresql://planner@host:port/name", "看不懂数据库地址"),
        ("postgresql://planner@host", "看不懂数据库地址"),
        ("planner.sqlite", "看不懂数据库地址"),
    ],
)
def test_an_address_that_cannot_be_kept_is_refused(tmp_path, address, told):
    with pytest.raises(WorkspaceError, match=told) as refused:
        create_workspace(tmp_path / "workspace", address)
    assert "geheim" not in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_a_password_written_into_the_settings_later_is_refused(tmp_path, schema):
    workspace = create_workspace(tmp_path / "workspace", schema)
    workspace.engine.dispose()
    settings = workspace.folder / "workspace.toml"
    settings.write_text(settings.read_text().replace("planner@", "planner:geheim@"))
    with pytest.raises(WorkspaceError, match="不能写口令"):
        open_workspace(workspace.folder)


def test_a_server_that_does_not_answer_is_told_and_nothing_is_left(tmp_path, server):
    with pytest.raises(WorkspaceError, match="连不上") as refused:
        create_workspace(tmp_path / "workspace", f"postgresql://planner@/postgres?host={tmp_path}")
    assert "PGPASSWORD" in str(refused.value)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(WorkspaceError, match="“nothing”"):
        create_workspace(tmp_path / "workspace", server.address("nothing"))


def test_a_database_with_tables_of_another_workspace_is_refused(tmp_path, schema):
    first = create_workspace(tmp_path / "first", schema)
    with pytest.raises(WorkspaceError, match="已有别的工作区的表"):
        create_workspace(tmp_path / "second", schema)
    assert not (tmp_path / "second").exists()
    with first.writing() as connection:
        assert connection.execute(text("SELECT count(*) FROM imports")).scalar() == 0
    first.engine.dispose()


def test_other_tables_do_not_hinder(tmp_path, schema):
    engine = create_engine(schema.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE of_somebody_else (id integer)"))
    engine.dispose()
    create_workspace(tmp_path / "workspace", schema).engine.dispose()


def test_a_schema_that_is_not_there_is_refused(tmp_path, server):
    with pytest.raises(WorkspaceError, match="CREATE SCHEMA"):
        create_workspace(tmp_path / "workspace", server.address(schema="nowhere"))


def test_another_encoding_is_refused(tmp_path, server):
    server.execute("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    with pytest.raises(WorkspaceError, match="LATIN1"):
        create_workspace(tmp_path / "workspace", server.address("latin"))
    server.execute("DROP DATABASE latin")


def test_a_database_of_its_own_serves_as_well(tmp_path, new_database):
    workspace = create_workspace(tmp_path / "workspace", new_database)
    assert read_settings(workspace.folder)["database"] == new_database
    assert sorted(path.name for path in workspace.folder.iterdir()) == ["workspace.toml"]
    workspace.engine.dispose()


def test_workspaces_side_by_side_do_not_wait_for_each_other(tmp_path, server, schema):
    with server.schema() as other:
        first, second = create_workspace(tmp_path / "a", schema), create_workspace(tmp_path / "b", other)
        done = threading.Event()

        def write():
            with second.writing():
                done.set()

        with first.writing():
            thread = threading.Thread(target=write)
            thread.start()
            assert done.wait(timeout=20)
        thread.join()
        first.engine.dispose()
        second.engine.dispose()


def test_a_database_that_has_lost_its_tables_is_told(tmp_path, server, schema):
    workspace = create_workspace(tmp_path / "workspace", schema)
    workspace.engine.dispose()
    name = schema.rsplit("%3D", 1)[1]
    server.execute(f"DROP SCHEMA {name} CASCADE")
    server.execute(f"CREATE SCHEMA {name}")
    with pytest.raises(WorkspaceError, match="没有这个工作区的表"):
        open_workspace(workspace.folder)
