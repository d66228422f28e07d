"""Backups on the command line, on a workspace with a map in it."""

import shutil


def made(planner, folder, into):
    done = planner("backup", "create", "--workspace", folder, "--into", into)
    assert done.code == 0, done.err
    (path,) = into.iterdir()
    assert str(path) in done.out
    return path, folder.with_name(f"{folder.name}.key")


def test_a_lost_workspace_comes_back(planner, folder, tmp_path):
    path, keys = made(planner, folder, tmp_path / "backups")
    before = planner("run", "coverage-gaps", "--workspace", folder, "--json").json["metrics"]
    shutil.rmtree(folder)
    checked = planner("backup", "check", path, "--key-file", keys)
    assert checked.out.startswith("备份完整:")
    again = tmp_path / "again"
    done = planner("backup", "restore", path, again, "--key-file", keys)
    assert (done.code, done.out[:4]) == (0, "已恢复到")
    assert planner("audit", "verify", "--workspace", again).code == 0
    assert planner("run", "coverage-gaps", "--workspace", again, "--json").json["metrics"] == before
    refused = planner("backup", "restore", path, again, "--key-file", keys)
    assert refused.code == 2
    assert "已有内容,没有恢复" in refused.err


def test_no_backup_is_kept_for_longer_than_what_was_erased_may_live_on(planner, folder, tmp_path):
    longer = planner("backup", "create", "--workspace", folder, "--into", tmp_path, "--keep-days", 36)
    assert (longer.code, "请填0到35的整数" in longer.err) == (2, True)


def test_a_damaged_backup_and_a_missing_key_are_told(planner, folder, tmp_path):
    path, keys = made(planner, folder, tmp_path / "backups")
    assert planner("backup", "check", path, env={"PLANNER_KEY_FILE": None}).code == 2
    path.write_bytes(path.read_bytes()[:-9])
    told = planner("backup", "check", path, "--key-file", keys)
    assert told.code == 2
    assert "已损坏或被改动过" in told.err
    inside = planner("backup", "create", "--workspace", folder, "--into", folder / "backups")
    assert "备份不能放在工作区里面" in inside.err
