"""A new key: everything is sealed anew, old backups stay readable, a crash on the way does no harm."""

import shutil
import sqlite3
from dataclasses import replace

import pandas as pd
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import LargeBinary, insert, select, update

from planner.errors import AccessError, WorkspaceError
from planner.store.audit import Action
from planner.store.audit_log import verify
from planner.store.children import find_by_index, read_file, read_files, reveal_file
from planner.store.database import begun, postgresql_engine, sqlite_engine
from planner.store.events import NewEvent, read_events, save_event
from planner.store.keys import KeyFile, KeyRing
from planner.store.person_rows import read_rows
from planner.store.protected import child_events, child_versions, metadata
from planner.store.roles import Role
from planner.store.rotation import SEALED, rotate_key
from planner.store.run_frames import pack
from planner.store.runs import create_run, finish_run, read_run_frame
from planner.store.sealing import SealError, index_of
from planner.store.settings import read_settings, write_settings
from planner.store.tables import REVISION, run_frames, runs
from planner.store.visit_moves import read_moves, save_move
from planner.store.workspace import create_workspace, open_workspace, upgrade_workspace
from tests.store.conftest import (
    COUNTY,
    DAY_2020,
    TOWN,
    a_child,
    acting,
    audit_lines,
    id_number,
    save,
    save_visit,
)
from tests.store.test_children import changed
from tests.store.test_runs import RECORD, REQUEST, TABLE
from tests.store.test_visit_moves import MOVE


@pytest.fixture
def full(workspace):
    """One of everything that is sealed, two versions of a file."""
    county = acting(workspace, Role.CIVIL, "64", login="county", duty_officer=True)
    [file] = save(county, a_child(5))
    save(county, changed(read_file(county, file), grade="高"), a_child(6))
    with county.writing() as connection:
        save_event(connection, NewEvent(TOWN, "reported", {"harm": "遗弃"}, file=file))
        save_event(connection, NewEvent(TOWN, "reported", {"harm": "走失"}))
    save_visit(county, "走访一次")
    run = create_run(workspace, replace(REQUEST, area=COUNTY))
    finish_run(workspace, run, RECORD, {"table": TABLE})
    save_move(workspace, run, MOVE, planned=1, reason="家长当天不在家")
    return county, file, run


def check_all(county, file, run):
    assert len(read_files(county, as_of=DAY_2020)) == 2
    assert reveal_file(county, file, "核对").content["id_number"] == id_number(5)
    assert [item.file for item in find_by_index(county, id_number(5))] == [file]
    assert [event.content["harm"] for event in read_events(county, file=file)] == ["遗弃"]
    assert read_rows(county, "visit", as_of=DAY_2020) == ["走访一次"]
    assert {event.reporter for event in read_events(county)} == {"county"}
    pd.testing.assert_frame_equal(read_run_frame(county, run, "table"), TABLE)
    assert [move.reason for move in read_moves(county, run)] == ["家长当天不在家"]


def keys_in_use(workspace):
    """The fingerprints at the head of everything sealed."""
    with workspace.reading() as connection:
        columns = [(item.table, item.name) for item in SEALED]
        values = [
            value for table, name in columns for value in connection.execute(select(table.c[name])).scalars()
        ]
    assert len([value for value in values if value is not None]) == 9
    return {value[1:9].hex() for value in values}


def test_everything_is_sealed_anew_with_the_new_key(workspace, full):
    old = workspace.ring.newest.id
    assert keys_in_use(workspace) == {old}
    new, count = rotate_key(workspace)
    assert count == 9
    assert new != old
    assert keys_in_use(workspace) == {new}
    assert read_settings(workspace.folder)["key"] == new
    check_all(*full)
    [line] = audit_lines(workspace, Action.ROTATE)
    assert (line.object, line.key) == (new, new)
    assert verify(workspace).whole
    again = open_workspace(workspace.folder)
    assert again.ring.newest.id == new
    again.engine.dispose()


def test_without_the_new_key_nothing_opens(workspace, full):
    first = workspace.key_file.path.read_bytes()
    rotate_key(workspace)
    workspace.key_file.path.write_bytes(first)
    with pytest.raises(WorkspaceError, match="不是工作区"):
        open_workspace(workspace.folder)
    with pytest.raises(SealError, match="没有它"):
        read_files(full[0], as_of=DAY_2020)


def test_the_old_key_alone_no_longer_finds_or_opens(workspace, full):
    rotate_key(workspace)
    with workspace.reading() as connection:
        indexes = set(connection.execute(select(child_versions.c.person_index)).scalars())
    old = KeyRing(workspace.ring.keys[:1])
    assert index_of(workspace.ring, id_number(5)) in indexes
    assert index_of(old, id_number(5)) not in indexes


def test_a_backup_of_before_is_readable_with_the_ring(tmp_path):
    workspace = create_workspace(tmp_path / "workspace")
    county = acting(workspace, Role.CIVIL, "64")
    [file] = save(county, a_child(5))
    with sqlite3.connect(workspace.folder / "planner.sqlite") as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    shutil.copy(workspace.folder / "planner.sqlite", tmp_path / "backup")
    rotate_key(workspace)
    workspace.engine.dispose()
    shutil.copy(tmp_path / "backup", workspace.folder / "planner.sqlite")
    again = open_workspace(workspace.folder)
    county = acting(again, Role.CIVIL, "64")
    assert reveal_file(county, file, "核对").content["id_number"] == id_number(5)
    assert [item.file for item in find_by_index(county, id_number(5))] == [file]
    again.engine.dispose()


def test_who_holds_the_workspace_open_goes_on(workspace, full):
    other = open_workspace(workspace.folder)
    county = acting(other, Role.CIVIL, "64", login="county", duty_officer=True)
    check_all(county, *full[1:])
    new, _ = rotate_key(workspace)
    check_all(county, *full[1:])
    [file] = save(county, a_child(7))
    with other.reading() as connection:
        sealed = connection.execute(
            select(child_versions.c.content).where(child_versions.c.file == file)
        ).scalar_one()
    assert sealed[1:9].hex() == new
    other.engine.dispose()


def test_a_rotation_broken_off_leaves_everything_readable(workspace, full):
    with workspace.writing() as connection:
        connection.execute(
            update(child_events)
            .where(child_events.c.version == 1)
            .values(stage="closed", township="640102001")
        )
    old = workspace.ring.newest.id
    with pytest.raises(SealError):
        rotate_key(workspace)
    assert keys_in_use(workspace) == {old}
    with workspace.writing() as connection:
        connection.execute(update(child_events).values(stage="reported", township=TOWN))
    check_all(*full)
    again = open_workspace(workspace.folder)
    assert len(again.ring.keys) == 2
    again.engine.dispose()
    rotate_key(workspace)
    check_all(*full)
    assert keys_in_use(workspace) == {workspace.ring.newest.id}


def test_many_rows_are_sealed_page_by_page(workspace, monkeypatch):
    monkeypatch.setattr("planner.store.rotation._AT_ONCE", 3)
    county = acting(workspace, Role.CIVIL, "64")
    save(county, *(a_child(serial) for serial in range(10)))
    assert rotate_key(workspace)[1] == 10
    assert len(read_files(county, as_of=DAY_2020)) == 10
    assert rotate_key(workspace)[1] == 10
    for serial in range(10):
        assert len(find_by_index(county, id_number(serial))) == 1


def test_an_empty_workspace_gets_a_new_key_too(workspace):
    assert rotate_key(workspace)[1] == 0
    assert len(KeyFile(workspace.key_file.path).ring.keys) == 2


def test_only_the_administrator_and_the_operator_may(workspace):
    with pytest.raises(AccessError, match="维护工作区"):
        rotate_key(acting(workspace, Role.CIVIL, COUNTY))
    assert len(workspace.ring.keys) == 1
    rotate_key(acting(workspace, Role.ADMIN, COUNTY))


def test_every_sealed_column_is_registered():
    """Bytes are sealed, except for what is no person's: geometry and roads."""
    binary = {
        (table.name, column.name)
        for table in metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }
    assert binary == {(item.table.name, item.name) for item in SEALED} | {
        ("divisions", "geometry"),
        ("institutions", "geometry"),
        ("road_networks", "content"),
    }


def test_a_workspace_from_before_keys_gets_one_and_is_sealed(tmp_path, database):
    folder = tmp_path / "workspace"
    folder.mkdir()
    if database is None:
        sqlite3.connect(folder / "planner.sqlite").close()
    engine = sqlite_engine(folder / "planner.sqlite") if database is None else postgresql_engine(database)
    config = Config()
    config.set_main_option("script_location", "planner.store:migrations")
    with begun(engine, writes=True) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        values = {**vars(REQUEST), "id": "old", "state": "done", "created": REQUEST.known_at}
        connection.execute(insert(runs).values(values))
        connection.execute(insert(run_frames).values(run="old", name="table", content=pack(TABLE)))
    engine.dispose()
    write_settings(folder, {"database": database or "planner.sqlite"})
    with pytest.raises(WorkspaceError, match="planner upgrade"):
        open_workspace(folder)
    assert upgrade_workspace(folder) == ("0001", REVISION)
    workspace = open_workspace(folder)
    pd.testing.assert_frame_equal(read_run_frame(workspace, "old", "table"), TABLE)
    assert workspace.key_file.path == tmp_path / "workspace.key"
    assert [line.action for line in audit_lines(workspace)] == ["升级工作区"]
    assert verify(workspace).whole
    workspace.engine.dispose()
