"""Another rule set: everybody who gains or loses is listed; the switch is whole, audited, and done once."""

import openpyxl
import pytest
from sqlalchemy import select

from planner.jobs.ledgers import import_ledger
from planner.model.layers import DEMAND
from planner.store.audit import Action
from planner.store.audit_log import verify
from planner.store.children import read_files, save_versions
from planner.store.reads import import_log, read_layer
from planner.store.rule_sets import rule_set_on
from planner.store.scope import EVERYTHING
from planner.store.tables import imports
from planner.store.workspace import open_workspace
from tests.cli.county import DAY, NAME, NUMBER, database, record, server, staffed, version, words_of
from tests.cli.test_children import told
from tests.store.conftest import OTHER, VILLAGE, id_number

__all__ = ["database", "server", "staffed"]


@pytest.fixture
def switch(planner, staffed):
    def run(*arguments, to="mca2019"):
        return planner("policy", "switch", "--to", to, *arguments, "--workspace", staffed.folder)

    return run


@pytest.fixture
def opened(staffed):
    workspace = open_workspace(staffed.folder)
    yield workspace
    workspace.engine.dispose()


def test_everybody_who_would_gain_or_lose_is_listed_and_nothing_is_written(switch, staffed, opened):
    found = switch("--json").json
    assert (found["from"], found["to"], found["files"], found["written"]) == ("doc2017", "mca2019", 2, False)
    drops, stays = found["affected"]
    assert (drops["name"], drops["place"], drops["before"], drops["after"]) == (
        NAME,
        "近村",
        ["监护困境"],
        [],
    )
    assert (drops["clauses_before"], drops["clauses_after"]) == ("二(三)a", "—")
    assert any("改嫁" in reason for reason in drops["reasons"])
    assert (stays["file"], stays["after"]) == (staffed.other, ["自身困境"])
    shown = switch()
    assert "监护困境→无" in shown.out
    assert "2份档案中2份会变;没有写入" in shown.err
    assert rule_set_on(opened, DAY) == "doc2017"
    assert [file.version for file in read_files(opened, as_of=DAY)] == [1, 1]


def test_the_list_is_cut_to_who_asks(switch):
    assert [item["name"] for item in switch("--json", "--as", "xiangzhen").json["affected"]] == [NAME]
    for login in ("lingdao", "guihua", "shenji", "guanli"):
        refused = switch("--json", "--as", login)
        assert (refused.code, refused.out) == (2, "")


def test_the_list_as_a_workbook_is_marked_and_audited(switch, staffed, tmp_path):
    assert switch("--out", tmp_path / "list.xlsx", "--as", "minzheng").code == 0
    [line] = told(staffed.folder, Action.EXPORT)
    sheet = openpyxl.load_workbook(tmp_path / "list.xlsx")["规则集更换影响名单"]
    assert line.object in sheet["A1"].value
    assert [cell.value for cell in sheet[3]][:5] == [staffed.file, NAME, "近村", "监护困境", "无"]
    assert NUMBER not in words_of(tmp_path / "list.xlsx")
    refused = switch("--out", tmp_path / "other.xlsx", "--as", "xieliyuan")
    assert (refused.code, (tmp_path / "other.xlsx").exists()) == (2, False)


def test_the_switch_saves_versions_counts_and_is_done_once(switch, staffed, opened):
    done = switch("--confirm", "--json").json
    assert (done["written"], len(done["affected"])) == (True, 2)
    assert rule_set_on(opened, DAY) == "mca2019"
    assert [(file.version, file.categories, file.grade) for file in read_files(opened, as_of=DAY)] == [
        (2, (), "高"),  # a protection event is open
        (2, ("自身困境",), "低"),
    ]
    demand = read_layer(opened, DEMAND, EVERYTHING, as_of=DAY)
    counts = {(row.village, row.category): row.children for row in demand.itertuples()}
    assert counts == {(VILLAGE, "家庭困境"): 0, (OTHER, "自身困境"): 1}
    assert import_log(opened)["内容"].iloc[0] == "更换规则集"
    [line] = told(staffed.folder, Action.RULES_SWITCH)
    assert (line.object, line.result, '"changed": 2' in line.detail) == ("mca2019", "成功", True)
    again = switch("--confirm", "--json").json
    assert (again["from"], again["affected"], again["written"]) == ("mca2019", [], False)
    assert [file.version for file in read_files(opened, as_of=DAY)] == [2, 2]
    assert len(told(staffed.folder, Action.RULES_SWITCH)) == 1
    assert verify(opened).whole


def test_a_switch_that_changes_no_file_is_a_decision_all_the_same(planner, tmp_path):
    folder = tmp_path / "empty"
    assert planner("init", folder).code == 0
    options = ("--to", "mca2019", "--as-of", DAY.isoformat(), "--confirm", "--json", "--workspace", folder)
    assert planner("policy", "switch", *options).json["written"]
    here = open_workspace(folder)
    log = import_log(here)
    assert log[["内容", "文件", "数据截至日", "读取", "接受"]].to_numpy().tolist() == [
        ["更换规则集", "mca2019", DAY.isoformat(), 0, 0]
    ]
    with here.reading() as connection:
        assert connection.execute(select(imports.c.who)).scalars().all() == [here.person.login]
    assert not planner("policy", "switch", *options).json["written"]
    assert len(import_log(here)) == 1
    here.engine.dispose()


def test_a_switch_back_brings_everybody_back(switch, opened):
    switch("--confirm")
    assert switch("--confirm", "--as-of", "2021-01-01", to="doc2017").code == 0
    assert (rule_set_on(opened, DAY), rule_set_on(opened, DAY.replace(year=2021))) == ("mca2019", "doc2017")
    back = read_files(opened, as_of=DAY.replace(year=2021))
    assert [file.categories for file in back] == [("监护困境",), ("监护困境", "自身困境")]
    assert [file.categories for file in read_files(opened, as_of=DAY)] == [(), ("自身困境",)]


def test_a_file_with_an_open_event_keeps_its_grade(switch, opened, staffed):
    risky = version(record(id_number=id_number(9), name="马在险"))
    with opened.writing() as connection:
        from planner.store.events import NewEvent, save_event

        [file] = save_versions(connection, [risky])
        save_event(connection, NewEvent("640101001", "reported", {}, file=file))
    switch("--confirm")
    grades = {item.file: item.grade for item in read_files(opened, as_of=DAY)}
    assert (grades[file], grades[staffed.other]) == ("高", "低")


def test_who_has_not_the_whole_workspace_does_not_switch_it(switch, opened):
    for login in ("minzheng", "xiangzhen", "xieliyuan", "lingdao"):
        refused = switch("--confirm", "--as", login)
        assert (refused.code, refused.out) == (2, "")
    assert rule_set_on(opened, DAY) == "doc2017"
    assert [file.version for file in read_files(opened, as_of=DAY)] == [1, 1]


def test_a_switch_that_fails_leaves_everything_as_it_was(switch, opened, monkeypatch):
    def fail(*arguments, **settings):
        raise OSError("disk")

    monkeypatch.setattr("planner.jobs.rule_switch.save_demand_rows", fail)
    assert switch("--confirm").code == 1
    assert rule_set_on(opened, DAY) == "doc2017"
    assert [file.version for file in read_files(opened, as_of=DAY)] == [1, 1]


def test_an_unknown_rule_set_and_a_day_before_the_files(switch):
    unknown = switch(to="doc2016")
    assert (unknown.code, "没有规则集“doc2016”" in unknown.err) == (2, True)
    early = switch("--as-of", "2020-12-30", "--confirm")
    assert early.code == 2
    assert "--as-of 2020-12-31" in early.err


def test_an_import_goes_by_the_rule_set_of_its_day(planner, switch, staffed, opened, tmp_path):
    from planner.demo.ledger_file import ledger_workbook
    from planner.store.reads import read_all_divisions

    switch("--confirm")
    child = record(
        id_number=id_number(55), name="马新来", residence_group="3组", guardian_id=None, remark=None
    )
    tree = read_all_divisions(opened, as_of=DAY)
    (tmp_path / "台账.xlsx").write_bytes(ledger_workbook([child], tree=tree, area="640101"))
    report = import_ledger(opened, tmp_path / "台账.xlsx")
    assert report.checked.accepted == 1, report.checked.rows
    [new] = [file for file in read_files(opened, as_of=DAY) if file.content["name"] == "马新来"]
    assert new.categories == ()
