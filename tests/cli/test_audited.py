"""Every command in the audit, failed ones too; and what --as narrows a run and an import to."""

import json

import pytest

from planner.store.audit import lines
from planner.store.roles import system_user
from planner.store.workspace import open_workspace
from tests.cli.test_data import DEMAND, files

__all__ = ["files"]

PEOPLE = {
    "minzheng": ("县民政", "640101"),
    "xiangzhen": ("乡镇经办", "640101001"),
    "lingdao": ("县领导", "640101"),
    "guihua": ("规划", "640101"),
    "shenji": ("审计", "640101"),
    "guanli": ("系统管理员", "640101"),
}
OPERATOR = f"系统:{system_user()}"


def add_people(planner, folder):
    for login, (role, area) in PEOPLE.items():
        options = ("--name", "某人", "--role", role, "--area", area, "--workspace", folder)
        added = planner("users", "add", login, *options)
        assert added.code == 0, added.err


@pytest.fixture
def staffed(planner, folder):
    """The small workspace with a person of each of these roles."""
    add_people(planner, folder)
    return folder


def told(folder):
    """The lines of the audit, oldest first."""
    workspace = open_workspace(folder)
    with workspace.reading() as connection:
        found = list(reversed(lines(connection, newest=10_000)))
    workspace.engine.dispose()
    return found


def ends(folder, number):
    """Who did what, and how it ended, of the last lines."""
    return [(line.who, line.action, line.result) for line in told(folder)[-number:]]


def test_a_failed_import_is_told_without_its_words(planner, files):
    folder = files / "workspace"
    planner("init", folder)
    planner("import", "divisions", files / "divisions.csv", "--workspace", folder)
    (files / "demand.csv").write_text(DEMAND.replace(",4", ",马秘密"), encoding="utf-8")
    refused = planner("import", "demand", files / "demand.csv", "--workspace", folder)
    assert refused.code == 2
    assert "马秘密" in refused.err
    last = told(folder)[-1]
    assert (last.who, last.action, last.result) == (OPERATOR, "执行命令", "失败")
    assert json.loads(last.detail) == {"error": "LedgerError"}
    assert last.object.endswith("import demand")
    assert "秘密" not in str(told(folder))


def test_a_failed_run_and_a_failed_replay_are_told(planner, folder, trials):
    assert planner("run", "trial-crash", "--workspace", folder).code == 1
    assert ends(folder, 2) == [(OPERATOR, "运行插件", "成功"), (OPERATOR, "执行命令", "失败")]
    assert planner("replay", "no-such-run", "--workspace", folder).code == 2
    assert ends(folder, 1) == [(OPERATOR, "执行命令", "失败")]


def test_what_ends_well_or_with_a_code_of_its_own_leaves_no_failure(planner, folder, trials):
    drift = planner("run", "trial-drift", "--workspace", folder, "--json").json
    assert planner("replay", drift["run"], "--workspace", folder).code == 1
    assert {result for _, _, result in ends(folder, 99)} == {"成功"}


def test_refusals_and_unknown_users_are_told(planner, staffed):
    for login in ("minzheng", "xiangzhen", "lingdao", "shenji"):
        refused = planner("users", "list", "--workspace", staffed, "--as", login)
        assert (refused.code, refused.out) == (2, "")
    assert planner("users", "list", "--workspace", staffed, "--as", "guanli").code == 0
    assert planner("users", "list", "--workspace", staffed, "--as", "nobody").code == 2
    assert ends(staffed, 6) == [
        ("minzheng", "执行命令", "拒绝"),
        ("xiangzhen", "执行命令", "拒绝"),
        ("lingdao", "执行命令", "拒绝"),
        ("shenji", "执行命令", "拒绝"),
        ("guanli", "查看用户", "成功"),
        (OPERATOR, "执行命令", "拒绝"),
    ]
    assert told(staffed)[-2].ip == f"本机:{system_user()}"


def test_reading_and_checking_the_audit_is_told(planner, staffed):
    for who in ((), ("--as", "minzheng"), ("--as", "guanli")):
        assert planner("audit", "list", "--workspace", staffed, *who).code == 2
    listed = planner("audit", "list", "--workspace", staffed, "--as", "shenji", "--newest", "2", "--json")
    assert [line["who"] for line in listed.json["lines"]] == ["guanli", "minzheng"]
    assert planner("audit", "verify", "--workspace", staffed).code == 0
    assert ends(staffed, 2) == [("shenji", "查看审计", "成功"), (OPERATOR, "核对审计链", "成功")]
    none = planner(
        "audit", "list", "--workspace", staffed, "--as", "shenji", "--who", "' OR 1=1 --", "--json"
    )
    assert none.json["lines"] == []


def test_serving_is_told(planner, folder, monkeypatch):
    monkeypatch.setattr("planner.ui.server.serve", lambda *arguments, **settings: None)
    assert planner("serve", "--workspace", folder).code == 0
    assert ends(folder, 1) == [(OPERATOR, "打开网页服务", "成功")]


def test_a_run_is_cut_to_the_area_of_whom_it_is_for(planner, staffed, trials):
    def run(*options):
        return planner("run", "trial-steps", "--workspace", staffed, "--json", *options)

    everything, own = run().json, run("--as", "minzheng").json
    assert everything["notes"] == ["县:丙县、乙县、甲县"]
    assert own["notes"] == ["县:甲县"]
    assert 0 < own["metrics"]["children"]["value"] < everything["metrics"]["children"]["value"]
    assert run("--as", "minzheng", "--county", "甲县").json["metrics"] == own["metrics"]
    beyond = run("--as", "minzheng", "--county", "640102")
    assert (beyond.code, beyond.out) == (2, "")
    for login in ("lingdao", "guihua", "shenji", "guanli"):
        refused = run("--as", login)
        assert (refused.code, refused.out) == (2, "")
        assert "不能运行插件" in refused.err
    assert planner("replay", everything["run"], "--workspace", staffed, "--as", "minzheng").code == 2
    assert planner("replay", own["run"], "--workspace", staffed, "--as", "minzheng").code == 0


def test_an_import_is_cut_to_the_area_of_whom_it_is_for(planner, files):
    folder = files / "workspace"
    planner("init", folder)
    planner("import", "divisions", files / "divisions.csv", "--workspace", folder)
    add_people(planner, folder)

    def importing(kind, login):
        return planner("import", kind, files / f"{kind}.csv", "--workspace", folder, "--as", login)

    assert importing("demand", "xiangzhen").code == 0
    for kind, login in (("divisions", "xiangzhen"), ("demand", "lingdao"), ("institutions", "xiangzhen")):
        refused = importing(kind, login)
        assert refused.code == 2
        assert "不能导入" in refused.err
    (files / "demand.csv").write_text(DEMAND.replace("640101001002", "640102001001"), encoding="utf-8")
    assert importing("demand", "xiangzhen").code == 2


def test_init_says_where_the_key_is(planner, tmp_path):
    made = planner("init", tmp_path / "a", "--key-file", tmp_path / "elsewhere.key")
    assert made.code == 0
    assert str(tmp_path / "elsewhere.key") in made.err
    assert not (tmp_path / "a.key").exists()
    inside = planner("init", tmp_path / "b", "--key-file", tmp_path / "b" / "own.key")
    assert (inside.code, (tmp_path / "b").exists()) == (2, False)
    taken = planner("init", tmp_path / "c", "--key-file", tmp_path / "elsewhere.key")
    assert (taken.code, "已经存在" in taken.err) == (2, True)


def test_a_password_in_the_address_is_refused_and_not_repeated(planner, tmp_path):
    refused = planner("init", tmp_path / "a", "--database", "postgresql://planner:geheim@localhost/db")
    assert (refused.code, refused.out) == (2, "")
    assert "PGPASSWORD" in refused.err
    assert "geheim" not in refused.err
    assert list(tmp_path.iterdir()) == []
