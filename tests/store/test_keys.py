"""The key file: where it may lie, who may read it, which workspace it opens."""

import base64
import os
import tomllib
from datetime import UTC, datetime

import pytest

from planner.errors import WorkspaceError
from planner.store.keys import Key, KeyFile, KeyRing, create_key_file
from planner.store.settings import read_settings
from planner.store.workspace import create_workspace, open_workspace, upgrade_workspace


def a_key(byte):
    return Key(bytes([byte]) * 32, datetime(2020, 1, 1, tzinfo=UTC))


def test_a_workspace_has_its_key_beside_it(workspace):
    path = workspace.key_file.path
    assert path == workspace.folder.with_name("workspace.key")
    assert path.stat().st_mode & 0o777 == 0o600
    settings = read_settings(workspace.folder)
    assert settings["key"] == workspace.ring.newest.id
    assert "key_file" not in settings
    secret = base64.b64encode(workspace.ring.newest.secret)
    assert secret in path.read_bytes()
    assert not any(secret in item.read_bytes() for item in workspace.folder.iterdir())


def test_a_key_file_elsewhere_is_found_again(tmp_path, database, monkeypatch):
    path = tmp_path / "safe" / "county.key"
    path.parent.mkdir()
    made = create_workspace(tmp_path / "workspace", database, key_file=path)
    made.engine.dispose()
    assert not (tmp_path / "workspace.key").exists()
    opened = open_workspace(made.folder)
    assert opened.ring == made.ring
    opened.engine.dispose()
    moved = path.rename(tmp_path / "moved.key")
    with pytest.raises(WorkspaceError, match="--key-file"):
        open_workspace(made.folder)
    open_workspace(made.folder, moved).engine.dispose()
    monkeypatch.setenv("PLANNER_KEY_FILE", str(moved))
    open_workspace(made.folder).engine.dispose()


def test_a_key_file_inside_the_workspace_is_refused(tmp_path, workspace):
    with pytest.raises(WorkspaceError, match="在工作区里面"):
        create_workspace(tmp_path / "new", key_file=tmp_path / "new" / "own.key")
    assert not (tmp_path / "new").exists()
    inside = workspace.folder / "own.key"
    inside.write_bytes(workspace.key_file.path.read_bytes())
    inside.chmod(0o600)
    with pytest.raises(WorkspaceError, match="在工作区里面"):
        open_workspace(workspace.folder, inside)
    (tmp_path / "link").symlink_to(inside)
    with pytest.raises(WorkspaceError, match="在工作区里面"):
        open_workspace(workspace.folder, tmp_path / "link")


def test_a_key_file_is_never_overwritten(tmp_path, database):
    (tmp_path / "workspace.key").write_text("the key of another")
    with pytest.raises(WorkspaceError, match="已经存在"):
        create_workspace(tmp_path / "workspace", database)
    assert (tmp_path / "workspace.key").read_text() == "the key of another"
    assert not (tmp_path / "workspace").exists()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666])
def test_a_key_file_that_others_may_read_is_refused(workspace, mode):
    workspace.key_file.path.chmod(mode)
    with pytest.raises(WorkspaceError, match=f"chmod 600 {workspace.key_file.path.name}"):
        open_workspace(workspace.folder)
    workspace.key_file.path.chmod(0o600)
    open_workspace(workspace.folder).engine.dispose()


def test_without_its_key_a_workspace_does_not_open(workspace, tmp_path):
    other = create_key_file(tmp_path / "other.key")
    with pytest.raises(WorkspaceError, match=f"不是工作区.*{workspace.ring.newest.id}"):
        open_workspace(workspace.folder, other.path)
    workspace.key_file.path.unlink()
    with pytest.raises(WorkspaceError, match=r"没有密钥文件.*workspace\.key"):
        open_workspace(workspace.folder)
    with pytest.raises(WorkspaceError, match="没有密钥文件"):
        upgrade_workspace(workspace.folder)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "keys = []",
        "keys = 3",
        "[[keys]]\nmade = 2020-01-01T00:00:00Z\nsecret = 'c2hvcnQ='",
        "[[keys]]\nmade = 2020-01-01T00:00:00Z\nsecret = 'not base64'",
        "[[keys]]\nmade = 2020-01-01T00:00:00Z",
        "\x00",
    ],
)
def test_a_malformed_key_file_is_told_without_what_it_holds(tmp_path, content):
    path = tmp_path / "spoiled.key"
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(WorkspaceError, match="不能用") as told:
        KeyFile(path).ring  # noqa: B018 - reading it is what is tried
    assert "base64" not in str(told.value)
    assert told.value.__cause__ is None


def test_keys_are_told_apart_by_a_fingerprint_that_tells_nothing():
    first, again, second = a_key(1), a_key(1), a_key(2)
    assert first.id == again.id != second.id
    assert len(first.id) == 16
    assert first.id not in first.secret.hex()
    uses = {first.secret, first.index, first.audit}
    assert len(uses) == 3
    assert "x01" not in repr(first)
    assert "secret" not in repr(KeyRing((first, second)))


def test_an_added_key_is_the_newest_and_seen_by_those_who_hold_the_file(tmp_path):
    file = create_key_file(tmp_path / "a.key")
    holder = KeyFile(file.path)
    before = holder.ring
    added = file.add_key()
    assert holder.ring.newest == added
    assert holder.ring.keys == (*before.keys, added)
    assert holder.ring.find(before.newest.id) == before.newest
    assert holder.ring.find("0" * 16) is None
    assert file.path.stat().st_mode & 0o777 == 0o600
    assert len(tomllib.loads(file.path.read_text())["keys"]) == 2


def test_a_file_that_cannot_be_written_is_told(tmp_path):
    with pytest.raises(WorkspaceError, match="不能写密钥文件"):
        create_workspace(tmp_path / "workspace", key_file=tmp_path / "absent" / "a.key")
    assert list(tmp_path.iterdir()) == []


def test_the_default_is_the_same_however_the_folder_is_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    os.mkdir("here")
    monkeypatch.chdir("here")
    from pathlib import Path

    made = create_workspace(Path("."))
    made.engine.dispose()
    assert (tmp_path / "here.key").is_file()
    open_workspace(tmp_path / "here").engine.dispose()
