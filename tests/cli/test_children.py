"""Child files on the command line: what is listed, shown, found, revealed; tasks and events."""

import json

import pytest

from planner.store.audit import Action, lines
from planner.store.workspace import open_workspace
from tests.cli.county import DAY, GUARDIAN_NUMBER, HOME, NAME, NUMBER, PHONE, database, server, staffed
from tests.store.conftest import OTHER, VILLAGE

__all__ = ["database", "server", "staffed"]


def told(folder, *actions):
    """The lines of the audit of some actions, oldest first."""
    workspace = open_workspace(folder)
    with workspace.reading() as connection:
        found = [line for line in reversed(lines(connection, newest=10_000)) if line.action in actions]
    workspace.engine.dispose()
    return found


@pytest.fixture
def child(planner, staffed):
    """Runs `planner child …` in the staffed workspace."""

    def run(*arguments, **settings):
        return planner("child", *arguments, "--workspace", staffed.folder, **settings)

    return run


def names(outcome):
    return [file["name"] for file in outcome.json["files"]]


def test_everybody_sees_the_files_of_their_area(child):
    assert names(child("list", "--json")) == [NAME, "李邻县"]
    assert names(child("list", "--as", "xiangzhen", "--json")) == [NAME]
    assert names(child("list", "--as", "linxiang", "--json")) == ["李邻县"]
    [row] = child("list", "--as", "xieliyuan", "--json").json["files"]
    assert (row["id_number"], row["place"], row["categories"]) == (
        f"6401****{NUMBER[-4:]}",
        "近村",
        ["监护困境"],
    )
    shown = child("list", "--as", "xieliyuan")
    assert "共1份" in shown.err
    assert f"6401****{NUMBER[-4:]}" in shown.out


@pytest.mark.parametrize(
    ("options", "found"),
    [
        (("--village", VILLAGE), [NAME]),
        (("--township", "640102001"), ["李邻县"]),
        (("--township", "6401"), [NAME, "李邻县"]),
        (("--village", "640101001009"), []),
        (("--category", "自身困境"), ["李邻县"]),
        (("--category", "监护困境"), [NAME, "李邻县"]),
        (("--category", "临时困境"), []),
        (("--grade", "中", "--village", OTHER), ["李邻县"]),
        (("--grade", "高"), []),
        (("--as-of", "2020-12-30"), []),
        (("--as-of", "2020-12-31"), [NAME, "李邻县"]),
    ],
)
def test_lists_are_narrowed(child, options, found):
    assert names(child("list", "--json", *options)) == found


def test_an_area_beyond_ones_own_is_empty(child):
    assert names(child("list", "--as", "xiangzhen", "--township", "640102001", "--json")) == []


@pytest.mark.parametrize(
    "options", [("--grade", "很高"), ("--category", "贫困"), ("--village", "近村"), ("--as-of", "昨天")]
)
def test_words_that_are_no_choice_are_refused(child, options):
    refused = child("list", *options)
    assert (refused.code, refused.out) == (2, "")
    assert f"{'--village' if options[0] == '--village' else options[0]} 的值" in refused.err


def test_a_file_is_shown_under_the_headings_of_the_ledger(child, staffed):
    shown = child("show", staffed.file)
    assert shown.code == 0, shown.err
    for line in (
        f"姓名:{NAME}",
        "户籍地村:近村",
        f"监护人电话:{PHONE}",
        f"现居住地组:{HOME}",
        "享受待遇:低保",
    ):
        assert line in shown.out.splitlines()
    assert NUMBER not in shown.out
    assert GUARDIAN_NUMBER not in shown.out
    [version] = child("show", staffed.file, "--json").json["versions"]
    assert (version["版本"], version["核定类型"], version["父亲状况"]) == (1, "监护困境", "死亡")
    absent = child("show", "no-such-file", "--as", "xiangzhen")
    beyond = child("show", staffed.other, "--as", "xiangzhen")
    assert (absent.code, absent.err) == (2, beyond.err)


def test_the_history_has_every_version(child, planner, staffed):
    planner("policy", "switch", "--to", "mca2019", "--confirm", "--workspace", staffed.folder)
    versions = child("show", staffed.file, "--history", "--json").json["versions"]
    assert [(item["版本"], item["核定类型"], item["姓名"]) for item in versions] == [
        (1, "监护困境", NAME),
        (2, "", NAME),
    ]
    refused = child("show", staffed.other, "--history", "--as", "xiangzhen")
    assert (refused.code, refused.out) == (2, "")
    assert child("show", "nothing", "--history", "--as", "xiangzhen").err == refused.err


@pytest.mark.parametrize(
    "typed",
    [NUMBER, f" {NUMBER[:6]} {NUMBER[6:]}\n", NUMBER.translate({48 + n: 0xFF10 + n for n in range(10)})],
)
def test_a_child_is_found_by_a_number_that_is_typed(child, typed):
    assert names(child("find", "--json", typed=typed)) == [NAME]
    assert names(child("find", "--json", "--as", "linxiang", typed=typed)) == []


def test_a_number_on_the_command_line_is_refused_and_not_repeated(child):
    refused = child("find", NUMBER)
    assert (refused.code, refused.out) == (2, "")
    assert NUMBER not in refused.err
    nothing = child("find", typed="\n")
    assert (nothing.code, "没有给出身份证号" in nothing.err) == (2, True)


def test_a_number_is_revealed_for_a_reason_to_who_may(child, staffed):
    whole = child("reveal", staffed.file, "--reason", "办理孤儿津贴", "--as", "minzheng")
    assert whole.out.splitlines() == [
        f"档案编号:{staffed.file}",
        f"姓名:{NAME}",
        f"身份证号:{NUMBER}",
        f"监护人身份证号:{GUARDIAN_NUMBER}",
        "残疾情况残疾证号:—",
    ]
    for login in ("xiangzhen", "xieliyuan", "lingdao", "shenji"):
        refused = child("reveal", staffed.file, "--reason", "办理孤儿津贴", "--as", login)
        assert (refused.code, refused.out) == (2, "")
    assert child("reveal", staffed.file, "--reason", " ").code == 2
    assert child("reveal", staffed.file).code == 2
    [done, *refusals] = told(staffed.folder, Action.REVEAL)
    assert (done.who, done.object, done.reason, done.result) == (
        "minzheng",
        staffed.file,
        "办理孤儿津贴",
        "成功",
    )
    assert {line.result for line in refusals} == {"拒绝"}


def test_every_reading_is_in_the_audit(child, staffed):
    for arguments in (("list",), ("show", staffed.file), ("show", staffed.file, "--history"), ("show", "x")):
        child(*arguments, "--as", "xiangzhen")
    child("find", "--as", "xiangzhen", typed=NUMBER)
    found = told(staffed.folder, Action.LIST, Action.READ, Action.FIND)
    assert [(line.action, line.object, line.result) for line in found] == [
        (Action.LIST, "640101001", "成功"),
        (Action.READ, staffed.file, "成功"),
        (Action.READ, staffed.file, "成功"),
        (Action.READ, "x", "没有找到"),
        (Action.FIND, staffed.file, "成功"),
    ]
    assert json.loads(found[0].detail) == {"as_of": DAY.isoformat(), "count": 1}


def test_tasks_are_listed_and_done_once(planner, staffed):
    def tasks(*arguments):
        return planner("tasks", *arguments, "--workspace", staffed.folder)

    [task] = tasks("list", "--json").json["tasks"]
    assert (task["file"], task["kind"], task["due"]) == (staffed.file, "复核", "2020-12-31")
    assert tasks("list", "--due-by", "2020-12-30", "--json").json["tasks"] == []
    assert tasks("list", "--as", "linxiang", "--json").json["tasks"] == []
    assert tasks("done", task["id"], "--as", "linxiang").code == 2
    assert tasks("done", task["id"], "--as", "xiangzhen").code == 0
    assert tasks("list", "--json").json["tasks"] == []
    again = tasks("done", task["id"])
    assert (again.code, "没有这项待办" in again.err) == (2, True)


def test_events_are_for_the_duty_officer_and_who_reported_them(planner, staffed):
    def events(login):
        return planner("events", "list", "--workspace", staffed.folder, "--as", login, "--json").json[
            "events"
        ]

    [seen] = events("zhiban")
    assert (seen["reporter"], seen["file"], seen["stage"]) == ("xieliyuan", staffed.file, "reported")
    assert seen["content"]["child"] == f"6401****{NUMBER[-4:]}"
    assert seen["content"]["reporter"] == "马隐告"
    [own] = events("xieliyuan")
    assert own["content"]["child_name"] == NAME
    assert "reporter" not in own["content"]
    for login in PEOPLE_WITHOUT_EVENTS:
        assert events(login) == []
    shown = planner("events", "list", "--workspace", staffed.folder, "--as", "zhiban")
    assert "强制报告" in shown.out
    assert NAME not in shown.out


PEOPLE_WITHOUT_EVENTS = ("minzheng", "xiangzhen", "linxiang", "lingdao", "guihua", "shenji", "guanli")
