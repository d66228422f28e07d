"""Backups: what comes back is what was there, and what is not whole does not come back at all."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from planner.errors import AccessError, WorkspaceError
from planner.store.audit import Action, tip
from planner.store.audit_log import verify
from planner.store.backup import check_backup, create_backup, restore_backup
from planner.store.backup_files import read_backup_file, read_head, write_backup_file
from planner.store.children import read_file, read_files
from planner.store.events import NewEvent, save_event
from planner.store.keys import create_key_file
from planner.store.protected import child_versions, metadata
from planner.store.reads import import_log
from planner.store.roles import Role
from planner.store.rotation import rotate_key
from planner.store.runs import create_run, finish_run, read_run_frame
from planner.store.workspace import open_workspace
from tests.store.conftest import COUNTY, DAY_2020, TOWN, a_child, acting, audit_lines, save, save_visit
from tests.store.test_children import changed
from tests.store.test_runs import RECORD, REQUEST, TABLE

CANARY = "马小燕窝"


@pytest.fixture
def full(workspace):
    """One of everything that is kept, two versions of a file."""
    county = acting(workspace, Role.CIVIL, "64", login="county", duty_officer=True)
    [file] = save(county, a_child(5))
    before = read_file(county, file)
    save(county, changed(before, content={**before.content, "name": CANARY}))
    with county.writing() as connection:
        save_event(connection, NewEvent(TOWN, "reported", {"harm": "遗弃"}, file=file))
    save_visit(county, "走访一次")
    run = create_run(workspace, replace(REQUEST, area=COUNTY))
    finish_run(workspace, run, RECORD, {"table": TABLE})
    return workspace, file, run


def test_the_living_workspace_keeps_its_chain_from_what_is_restored_beside_it(workspace, tmp_path):
    """Either key file opens both; written to with the other's, the end of that chain would be overwritten."""
    path, _ = create_backup(workspace, tmp_path / "backups", kept_for=timedelta(days=35))
    restore_backup(path, tmp_path / "again", workspace.key_file.path)
    with pytest.raises(WorkspaceError, match=r"用的是密钥文件 again\.key"):
        open_workspace(tmp_path / "again", workspace.key_file.path)
    moved = tmp_path / "moved.key"
    (tmp_path / "again.key").rename(moved)
    (tmp_path / "again.key.head").rename(tmp_path / "moved.key.head")
    again = open_workspace(tmp_path / "again", moved)
    assert verify(again).whole
    assert verify(workspace).whole
    again.engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def elsewhere(request):
    """Where a backup is restored to: None for SQLite, the address of an empty schema on PostgreSQL."""
    if request.param == "sqlite":
        yield None
    else:
        with request.getfixturevalue("server").schema() as address:
            yield address


def rows_of(workspace, *, but=()):
    with workspace.reading() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
            if table.name not in but
        }


def contents(workspace):
    with workspace.reading() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(select(table))))
            for table in metadata.sorted_tables
            if table.name != "audit"
        }


def test_everything_comes_back_into_either_database(full, elsewhere, tmp_path):
    workspace, file, run = full
    path, removed = create_backup(workspace, tmp_path / "backups")
    manifest = restore_backup(path, tmp_path / "again", workspace.key_file.path, database=elsewhere)
    again = open_workspace(tmp_path / "again")
    assert removed == []
    assert contents(again) == contents(workspace)
    assert rows_of(again, but=["audit"]) == {k: v for k, v in manifest.rows.items() if k != "audit"}
    assert [line.action for line in audit_lines(again)][-2:] == [Action.BACKUP, Action.RESTORE]
    with workspace.reading() as connection:
        assert manifest.tip == tip(connection)
    assert verify(again).whole
    county = acting(again, Role.CIVIL, "64", duty_officer=True)
    assert read_file(county, file).content["name"] == CANARY
    assert read_run_frame(again, run, "table").equals(read_run_frame(workspace, run, "table"))
    save(county, a_child(6))
    run_again = create_run(again, replace(REQUEST, area=COUNTY))  # numbers go on after those that are there
    assert run_again != run
    assert len(read_files(county, as_of=DAY_2020)) == 2
    assert len(import_log(again)) == len(import_log(workspace))
    again.engine.dispose()


def test_a_backup_holds_nothing_in_the_clear_and_no_key(full, tmp_path):
    workspace, file, _ = full
    path, _ = create_backup(workspace, tmp_path / "backups")
    raw = path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    for word in (CANARY, file, "SQLite format", "child_versions"):
        assert word.encode() not in raw
    for key in workspace.ring.keys:
        assert key.secret not in raw
    assert [item.name for item in (tmp_path / "backups").iterdir()] == [path.name]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda raw: raw[:-1],
        lambda raw: raw[:-40],
        lambda raw: raw[: len(raw) // 2],
        lambda raw: raw[:200] + bytes([raw[200] ^ 1]) + raw[201:],
        lambda raw: raw[:-5] + bytes([raw[-5] ^ 1]) + raw[-4:],
        lambda raw: raw + b"\0\0\0\x04more",
        lambda raw: raw.replace(b'"made"', b'"mode"', 1),
        lambda raw: raw.replace(b"planner backup 1", b"planner backup 9", 1),
        lambda raw: b"",
        lambda raw: b"PK\x03\x04" + raw,
    ],
)
def test_a_spoiled_backup_is_refused_and_leaves_nothing(full, tmp_path, spoil):
    workspace, _file, _ = full
    path, _ = create_backup(workspace, tmp_path / "backups")
    before = contents(workspace)
    path.write_bytes(spoil(path.read_bytes()))
    for attempt in (
        lambda: restore_backup(path, tmp_path / "again", workspace.key_file.path),
        lambda: check_backup(path, workspace.key_file.path),
    ):
        with pytest.raises(WorkspaceError):
            attempt()
    assert not (tmp_path / "again").exists()
    assert not list(tmp_path.glob("again*"))
    assert contents(workspace) == before


def test_pieces_cannot_be_exchanged(full, tmp_path):
    ring = full[0].ring
    path = tmp_path / "pieces.backup"
    write_backup_file(path, ring, [b"first", b"second", b"third."])
    assert list(read_backup_file(path, ring)) == [b"first", b"second", b"third."]
    raw = path.read_bytes()
    at = raw.index(b"\n", raw.index(b"\n") + 1) + 1
    first, second = raw[at : at + 4 + 5 + 16], raw[at + 25 : at + 25 + 4 + 6 + 16]
    path.write_bytes(raw.replace(first + second, second + first))
    with pytest.raises(WorkspaceError, match="已损坏"):
        list(read_backup_file(path, ring))


def test_another_key_does_not_open_it(full, tmp_path):
    path, _ = create_backup(full[0], tmp_path / "backups")
    other = create_key_file(tmp_path / "other.key")
    with pytest.raises(WorkspaceError, match="密钥文件里没有它"):
        restore_backup(path, tmp_path / "again", other.path)


def test_a_backup_from_before_a_new_key_still_opens(full, tmp_path):
    workspace, file, _ = full
    path, _ = create_backup(workspace, tmp_path / "backups")
    rotate_key(workspace)
    restore_backup(path, tmp_path / "again", workspace.key_file.path)
    again = open_workspace(tmp_path / "again")
    assert read_file(acting(again, Role.CIVIL, "64"), file).content["name"] == CANARY
    again.engine.dispose()


def test_rows_that_are_missing_in_it_are_told(full, tmp_path, monkeypatch):
    workspace, *_ = full
    counted = {table.name: 1 for table in metadata.sorted_tables}
    monkeypatch.setattr("planner.store.backup._copy_rows", lambda source, target: counted)
    path, _ = create_backup(workspace, tmp_path / "backups")
    with pytest.raises(WorkspaceError, match="备份时是1行"):
        check_backup(path, workspace.key_file.path)


def test_old_backups_go_and_nothing_else(full, tmp_path):
    workspace, *_ = full
    folder = tmp_path / "backups"
    first, _ = create_backup(workspace, folder)
    strange = folder / f"{workspace.folder.name}-2017.backup"
    strange.write_text("not ours")
    other = create_key_file(tmp_path / "other.key")
    foreign = folder / f"{workspace.folder.name}-other.backup"
    write_backup_file(foreign, other.ring, [b"of another workspace"])
    _, removed = create_backup(workspace, folder)
    assert removed == []
    assert read_head(first).key == workspace.ring.newest.id
    _, removed = create_backup(workspace, folder, kept_for=timedelta(seconds=-2))
    assert len(removed) == 2
    assert first in removed
    assert strange.exists()
    assert foreign.exists()


def test_who_and_where(full, tmp_path):
    workspace, *_ = full
    path, _ = create_backup(acting(workspace, Role.ADMIN), tmp_path / "backups")
    for role, areas in ((Role.CIVIL, ["64"]), (Role.TOWNSHIP, [TOWN]), (Role.AUDITOR, ["64"])):
        with pytest.raises(AccessError):
            create_backup(acting(workspace, role, *areas), tmp_path / "backups")
    with pytest.raises(WorkspaceError, match="不能放在工作区里面"):
        create_backup(workspace, workspace.folder / "backups")
    with pytest.raises(WorkspaceError, match="已有内容"):
        restore_backup(path, workspace.folder, workspace.key_file.path)
    (tmp_path / "again.key").touch()
    with pytest.raises(WorkspaceError, match="已经存在"):
        restore_backup(path, tmp_path / "again", workspace.key_file.path)
    assert not (tmp_path / "again").exists()


def test_check_tells_what_it_holds(full, tmp_path):
    workspace, *_ = full
    path, _ = create_backup(workspace, tmp_path / "backups")
    with workspace.reading() as connection:
        files = connection.execute(select(func.count()).select_from(child_versions)).scalar_one()
    assert check_backup(path, workspace.key_file.path).rows["child_versions"] == files == 2
