"""`planner child …` and `planner divisions …`: each command once, and what they say to whoever may not."""

import json
from datetime import date

import pytest

from planner.store.roles import Role
from planner.store.settings import read_settings, write_settings
from planner.store.workspace import open_workspace
from tests.jobs.county import (
    FAR,
    LATER,
    MID,
    NEAR,
    SECOND,
    TOWN,
    a_record,
    fill,
    heads,
    keep,
    record_in,
    the_file,
)
from tests.store.conftest import id_number


@pytest.fixture
def folder(planner, tmp_path):
    folder = tmp_path / "workspace"
    assert planner("init", folder).code == 0
    for login, area in (("giver", TOWN), ("taker", SECOND)):
        options = ("--name", "经办", "--role", Role.TOWNSHIP, "--area", area, "--workspace", folder)
        assert planner("users", "add", login, *options).code == 0
    return folder


@pytest.fixture
def here(folder):
    workspace = fill(open_workspace(folder))
    yield workspace
    workspace.engine.dispose()


@pytest.fixture
def child(planner, folder):
    """Runs `planner child ARGUMENTS…`, as somebody where a login is named."""

    def run(*arguments, login=None, typed=None):
        narrowed = ("--as", login) if login else ()
        return planner("child", *arguments, "--workspace", folder, *narrowed, typed=typed)

    return run


def test_a_file_is_handed_over_and_accepted(here, child):
    [file] = keep(here, a_record(1))
    offer = ("hand-over", file, "--to", FAR, "--from", "2020-06-01", "--reason", "随父母迁居")
    refused = child(*offer, login="taker")
    assert (refused.code, "没有这份档案" in refused.err) == (2, True)
    assert child(*offer, login="giver").code == 0
    [mine] = child("transfers", "--json", login="giver").json["transfers"]
    [told] = child("transfers", "--json", login="taker").json["transfers"]
    assert (mine["file"], mine["name"], told["file"], told["name"]) == (file, "马二明", None, "马**")
    assert id_number(1) not in json.dumps(told)
    assert "待接收  马**" in child("transfers", login="taker").out
    missing = child("accept", "0", login="taker"), child("accept", told["id"], login="giver")
    assert {(item.code, item.err) for item in missing} == {
        (2, "没有这项待办理的转接。用 planner child transfers 查看待办理的转接\n")
    }
    assert child("accept", told["id"], login="taker").code == 0
    assert "没有待办理的转接" in child("transfers").out
    assert the_file(here, file).township == SECOND


def test_it_is_declined_and_withdrawn(here, child):
    [file] = keep(here, a_record(1))
    for end in (("decline", "--reason", "没有住在本乡"), ("withdraw",)):
        assert child("hand-over", file, "--to", FAR, "--from", "2020-06-01", "--reason", "迁居").code == 0
        [item] = child("transfers", "--json").json["transfers"]
        assert item["side"] == ["giver", "receiver"]
        assert child(end[0], item["id"], *end[1:]).code == 0
    assert the_file(here, file).version == 1


def test_a_file_is_corrected(here, child):
    [file] = keep(here, a_record(1))
    correct, why = ("correct", file), ("--reason", "按户口簿")
    done = child(*correct, "--name", "-", "--version", 1, *why, login="giver", typed="马小明\n")
    assert (done.code, done.out) == (0, "已更正,档案现为第2版\n")
    late = child(*correct, "--name", "-", "--version", 1, *why, typed="马大明\n")
    assert (late.code, "第2版" in late.err) == (2, True)
    sex = child(*correct, "--sex", "-", *why, typed="不明\n")
    assert (sex.code, "请填男或女" in sex.err, "不明" in sex.err) == (2, True, False)
    born = child(*correct, "--birth", "-", *why, typed="2015-01-01\n")
    assert (born.code, "不一致" in born.err) == (2, True)
    bare = child(*correct, "--name", "-", typed="马小明\n")
    assert (bare.code, "缺少 理由" in bare.err) == (2, True)


def test_several_values_come_a_line_each_in_one_order(here, child):
    [file] = keep(here, a_record(1))
    number = id_number(7, born="20130410")
    given = ("--birth", "-", "--id-number", "-", "--name", "-", "--reason", "按户口簿")
    typed = f"马小明\n{number}\n2013-04-10\n"
    assert child("correct", file, *given, typed=typed).code == 0
    record = record_in(here, file)
    assert (record.name, record.id_number, record.birth) == ("马小明", number, date(2013, 4, 10))
    short = child("correct", file, *given, typed="马大明\n")
    assert (short.code, "没有给出身份证号" in short.err) == (2, True)


@pytest.mark.parametrize("option", ["--name", "--id-number", "--birth", "--sex", "--disability-cert"])
def test_what_tells_of_a_child_is_no_argument(here, child, option):
    [file] = keep(here, a_record(1))
    refused = child("correct", file, option, "马小明", "--reason", "按户口簿")
    assert (refused.code, "不写在命令行上" in refused.err) == (2, True)
    assert "马小明" not in refused.err
    assert the_file(here, file).version == 1


def test_a_number_that_another_township_holds_tells_its_name(here, child):
    [file, _] = keep(here, a_record(1), a_record(3, FAR))
    told = child(
        "correct", file, "--id-number", "-", "--reason", "按户口簿", login="giver", typed=id_number(3)
    )
    assert (told.code, "由甲二乡管理" in told.err, SECOND in told.err) == (2, True, False)


def test_files_are_closed_and_archived(here, child):
    grown, other = keep(here, a_record(1, born="20020315"), a_record(2))
    assert child("close-of-age", "--as-of", "2020-12-31", "--json").json == {
        "closed": [{"file": grown, "village": NEAR, "grade": "中", "closed": "2020-03-15"}]
    }
    assert child("close-of-age", "--as-of", "2020-12-31").out == "已关闭0份期满档案\n"
    assert "马二明" in child("archive", login="giver").out
    assert child("archive", "--json", login="taker").json == {"archive": []}
    wrong = child("close", other, "--on", "2020-06-01", "--reason", "期满")
    assert (wrong.code, "请填迁出、死亡、不再符合" in wrong.err) == (2, True)
    assert child("close", other, "--on", "2020-06-01", "--reason", "迁出", "--note", "随父母去外省").code == 0
    assert the_file(here, other) is None


def test_files_expire_when_the_workspace_says_so(here, child, folder):
    [file] = keep(here, a_record(1, born="19920315"), day=date(2008, 1, 1))
    assert child("close", file, "--on", "2009-06-01", "--reason", "迁出").code == 0
    unsaid = child("expire")
    assert (unsaid.code, "erase_after_years = 10" in unsaid.err) == (2, True)
    write_settings(folder, read_settings(folder) | {"erase_after_years": 10})
    early = child("expire", "--as-of", "2019-05-31", "--confirm")
    assert early.out == "关闭满10年的档案0份,已清除身份信息\n"
    listed = child("expire", "--as-of", "2019-06-01", "--json").json
    row = {"file": file, "village": NEAR, "closing": "迁出", "closed": "2009-06-01"}
    assert listed == {"years": 10, "expired": [row], "held_back": [], "erased": False}
    assert "马二明" in child("show", file).out
    done = child("expire", "--as-of", "2019-06-01", "--confirm")
    assert done.out == f"关闭满10年的档案1份,已清除身份信息\n{file}  {NEAR}  迁出  2009-06-01\n"
    shown = child("show", file, "--history").out
    assert ("姓名:已清除" in shown, "马二明" in shown, id_number(1, born="19920315")[-4:] in shown) == (
        True,
        False,
        False,
    )
    assert child("expire", login="giver").code == 2


def test_villages_are_merged_and_split(here, planner, folder, tmp_path):
    keep(here, a_record(1), a_record(2, MID))
    merge = ("divisions", "merge", NEAR, MID, "--from", "2020-06-01", "--workspace", folder)
    done = planner(*merge)
    assert (done.code, done.out) == (0, "已调整:转移档案1份,撤销1个,新设0个\n")
    assert planner(*merge).out == "没有变化\n"
    assert heads(here, LATER) == {MID: 2}
    alone = planner("divisions", "merge", NEAR, "--from", "2020-06-01", "--workspace", folder)
    assert (alone.code, "缺少" in alone.err) == (2, True)
    path = tmp_path / "拆分.csv"
    path.write_text(
        f"原代码,新代码,日期,新名称,组\n{MID},{MID},2020-07-01,,1组\n{MID},640101001009,2020-07-01,新村,2组\n"
    )
    refused = planner("divisions", "regroup", path, "--workspace", folder)
    assert (refused.code, "拆分没有写明2份档案的去向" in refused.err) == (2, True)
    narrow = planner("divisions", "regroup", path, "--workspace", folder, "--as", "giver")
    assert (narrow.code, "乡镇经办不能导入区划和机构" in narrow.err) == (2, True)
