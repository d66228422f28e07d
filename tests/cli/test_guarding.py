"""Users, audit and keys on the command line; --as narrows what is seen."""

import sqlite3
from contextlib import closing

import pytest


@pytest.fixture
def folder(planner, tmp_path):
    assert planner("init", tmp_path / "workspace").code == 0
    return tmp_path / "workspace"


def add(planner, folder, login, role, *areas):
    options = [item for area in areas for item in ("--area", area)]
    return planner("users", "add", login, "--name", "某人", "--role", role, *options, "--workspace", folder)


def test_users_are_added_listed_and_disabled(planner, folder):
    assert add(planner, folder, "clerk", "乡镇经办", "640323100").code == 0
    (user,) = planner("users", "list", "--workspace", folder, "--json").json["users"]
    assert (user["login"], user["role"], user["areas"], user["state"]) == (
        "clerk",
        "乡镇经办",
        ["640323100"],
        "active",
    )
    wrong = add(planner, folder, "boss", "老板")
    assert wrong.code == 2
    assert "没有角色“老板”" in wrong.err
    assert planner("users", "disable", "clerk", "--workspace", folder).code == 0
    gone = planner("users", "list", "--workspace", folder, "--as", "clerk")
    assert gone.code == 2
    assert "没有可用的用户“clerk”" in gone.err


def test_only_the_auditor_reads_the_audit_and_nothing_else(planner, folder):
    add(planner, folder, "auditor", "审计", "640323")
    assert planner("audit", "list", "--workspace", folder).code == 2
    lines = planner("audit", "list", "--workspace", folder, "--as", "auditor", "--json").json["lines"]
    assert "新增用户" in {line["action"] for line in lines}
    refused = planner("users", "list", "--workspace", folder, "--as", "auditor")
    assert refused.code == 2
    assert "审计不能管理用户" in refused.err


def test_a_changed_line_is_named(planner, folder):
    add(planner, folder, "clerk", "乡镇经办", "640323100")
    whole = planner("audit", "verify", "--workspace", folder)
    assert (whole.code, "审计链完整" in whole.out) == (0, True)
    with closing(sqlite3.connect(folder / "planner.sqlite")) as database, database:
        database.execute("UPDATE audit SET who = 'nobody' WHERE number = 1")
    broken = planner("audit", "verify", "--workspace", folder)
    assert broken.code == 1
    assert "第1条" in broken.err


def test_keys_are_rotated_and_the_old_stay(planner, folder):
    key_file = folder.parent / "workspace.key"
    before = key_file.read_text()
    done = planner("keys", "rotate", "--workspace", folder)
    assert done.code == 0, done.err
    assert "已启用新密钥" in done.out
    assert key_file.read_text() != before
    assert key_file.stat().st_mode & 0o077 == 0
    assert planner("audit", "verify", "--workspace", folder).code == 0


def test_without_its_key_nothing_opens(planner, folder):
    key_file = folder.parent / "workspace.key"
    key_file.rename(folder.parent / "elsewhere.key")
    refused = planner("audit", "verify", "--workspace", folder)
    assert refused.code == 2
    assert "没有密钥文件" in refused.err
