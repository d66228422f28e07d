"""The page of the duties: the network in force, its gaps and chains, plans with their loads, accepting, papers."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from sqlalchemy import update
from streamlit.testing.v1 import AppTest

from planner.jobs.networks import read_network
from planner.jobs.runs import start_run, wait
from planner.model.divisions import Level, at_level
from planner.model.network import GapKind
from planner.model.rosters import CadreLevel
from planner.registry import find_plugin
from planner.store.audit_log import read_lines
from planner.store.children import read_files
from planner.store.roles import Person, Role
from planner.store.runs import list_runs, read_run_frame
from planner.store.scope import EVERYTHING
from planner.store.tables import runs
from planner.store.workspace import Workspace
from planner.ui import session
from tests.ui import shown
from tests.ui.conftest import COUNTY, DAY, Visit
from tests.ui.shown import unescaped

VILLAGE = "640323101201"


def planned(workspace: Workspace, **params: object) -> str:
    plugin = find_plugin("cadre-assignment")
    run = wait(workspace, start_run(workspace, plugin, {"steps": 1000, **params}, as_of=DAY, area=COUNTY))
    assert run.state == "done", run.message
    return run.id


def tree_of(app: AppTest) -> str:
    (tree,) = [body for body in shown.html(app) if "planner-tree" in body]
    return tree


def button(app: AppTest, label: str):
    (found,) = [item for item in app.button if item.label == label]
    return found


# The network


def test_the_figures_are_those_of_the_network(visit: Visit, workspace: Workspace) -> None:
    network = read_network(workspace, as_of=DAY, area=COUNTY)
    vacant = [gap.area for gap in network.gaps if gap.kind is GapKind.VACANT]
    villages = at_level(network.graph, Level.VILLAGE)
    told = {item.label: item.value for item in visit("duties").metric}
    held = len(villages) - sum(len(area) == Level.VILLAGE for area in vacant)
    assert told["村有部门干部"] == f"{held} / {len(villages)}"
    assert told["缺口"] == str(len(network.gaps))


def test_every_area_is_in_the_tree_and_every_gap_in_words(visit: Visit, workspace: Workspace) -> None:
    network = read_network(workspace, as_of=DAY, area=COUNTY)
    tree = tree_of(visit("duties"))
    below = [code for code, node in network.graph.nodes.items() if node["level"] in (9, 12, 13)]
    assert sorted(map(unquote, re.findall(r"place=([^\"&]+)", tree))) == sorted(below)
    assert len(re.findall("<strong>", tree)) == len(network.gaps)
    assert f"以下{len(network.gaps)}处缺口" in tree


def test_a_place_in_the_address_is_unfolded_and_has_its_chain(visit: Visit, workspace: Workspace) -> None:
    app = visit("duties", place=VILLAGE)
    assert not app.error
    (current,) = re.findall(r'<b aria-current="true">([^<]+)<', tree_of(app))
    opened = re.findall(r"<details open><summary><b[^>]*>([^<]+)<", tree_of(app))
    (chain,) = [table for table in shown.prose(app) if table[0][0] == "区域"]
    graph = read_network(workspace, as_of=DAY, area=COUNTY).graph
    assert current == graph.nodes[VILLAGE]["name"]
    assert opened == [graph.nodes[VILLAGE[:9]]["name"], current]
    leader, chief = (
        [duty.cadre for duty in graph.nodes[place]["duties"]] for place in (VILLAGE[:9], VILLAGE)
    )
    assert [row[1] for row in chain[1:]] == [
        "<br>".join(f"部门干部 {name}" for name in chief) or "空缺",
        "<br>".join(f"县级干部 {name}" for name in leader) or "空缺",
    ]


@pytest.mark.parametrize("what", ["640323999", "64", "没有的档案"])
def test_what_nobody_knows_is_told(visit: Visit, what: str) -> None:
    app = visit("duties", place=what)
    assert len(app.error) == 1
    assert not app.exception


def test_the_chain_above_a_child_is_read_by_the_number_of_the_file_and_audited(
    visit: Visit, untouched: Workspace
) -> None:
    file = read_files(untouched, as_of=DAY)[0]
    app = visit("duties", of=untouched)
    (asked,) = [item for item in app.text_input if item.label == "区划代码或档案编号"]
    asked.set_value(file.file).run()
    assert not app.error
    (chain,) = [table for table in shown.prose(app) if table[0][0] == "区域"]
    assert len(chain) in (
        3,
        4,
    )  # the township, the village and, where it is known, the 组, below the headings
    app.run()  # drawn anew it is no second look
    auditor = untouched.acting_as(Person("sj", "审计员", Role.AUDITOR, EVERYTHING))
    assert [line.object for line in read_lines(auditor, newest=10)].count(file.file) == 1


def test_who_reads_no_files_sees_no_network(
    visit: Visit, untouched: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    leader = Person("ld", "领导", Role.LEADER, EVERYTHING)
    monkeypatch.setattr(session, "workspace", lambda: untouched.acting_as(leader))
    app = visit("duties", of=untouched)
    assert "县领导不能查看儿童档案" in unescaped(app.error[0].value)
    assert not app.text_input
    assert not app.metric


def test_who_takes_nothing_out_and_changes_nothing_is_offered_neither(
    visit: Visit, untouched: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned(untouched)
    helper = Person("xl", "协理员", Role.VILLAGE, EVERYTHING)
    monkeypatch.setattr(session, "workspace", lambda: untouched.acting_as(helper))
    app = visit("duties", of=untouched)
    assert not app.exception
    captions = [item.value for item in app.caption]
    assert "材料请由县民政或乡镇经办导出" in captions
    assert "接受方案请由县民政或乡镇经办办理" in captions
    assert not app.get("download_button")
    assert "核对变动" not in {item.label for item in app.button}


def test_the_villages_are_on_the_map_by_holder_and_the_gaps_in_the_table(visit: Visit) -> None:
    app = visit("duties")
    layers = {layer["name"]: layer for layer in shown.drawn(app)["layers"]}
    villages = layers["network-villages"]
    assert "相邻的不同色" in villages["note"]
    assert len({item["colour"] for item in villages["classes"]}) <= 13
    gaps = shown.tables(app)[0]
    assert "缺什么" in gaps.columns


# Plans


def test_without_a_plan_it_says_how_to_make_one(visit: Visit) -> None:
    assert "三种侧重一起算" in {item.label for item in visit("duties").button}
    assert "还没有这个县的包联方案" in visit("duties").info[0].value


def test_one_button_computes_the_three_aims(visit: Visit, untouched: Workspace) -> None:
    app = visit("duties", of=untouched)
    button(app, "三种侧重一起算").click().run()
    assert not app.exception
    started = [run for run in list_runs(untouched, 10) if run.plugin == "cadre-assignment"]
    assert {run.params["aim"] for run in started} == {"少变动", "更均衡", "更近"}
    assert {(run.area, run.as_of) for run in started} == {(COUNTY, DAY)}
    ended = [wait(untouched, run.id) for run in started]
    assert {run.state for run in ended} == {"done"}
    app = visit("duties", of=untouched)
    (link,) = [item.proto.url for item in app.get("link_button") if item.proto.label == "并列对照"]
    compared = visit("compare", of=untouched, runs=link.partition("runs=")[2])
    assert not compared.exception
    figures, differing = shown.tables(compared)
    assert set(figures.columns[1:]) == {"少变动", "更均衡", "更近"}
    rows = {row[0]: row[1:] for row in figures.astype(str).to_numpy().tolist()}
    assert sorted(map(float, rows["换一名干部(分)"])) == [10, 10, 60]
    assert rows["各方案不同(处)"] == [str(len(differing))] * 3
    assert {"少变动", "更均衡", "更近"} <= set(differing.columns)


def test_an_aim_that_was_not_computed_is_told(visit: Visit, untouched: Workspace) -> None:
    app = visit("duties", of=untouched)
    button(app, "三种侧重一起算").click().run()
    started = [run for run in list_runs(untouched, 10) if run.plugin == "cadre-assignment"]
    assert button(app, "三种侧重一起算").disabled
    for run in started:
        wait(untouched, run.id)
    with untouched.writing() as connection:
        failed = update(runs).where(runs.c.id == started[0].id).values(state="failed", message="内存不足")
        connection.execute(failed)
    app.run()
    (told,) = [unescaped(item.value) for item in app.error]
    assert told == f"“{started[0].params['aim']}”没有算成:内存不足"
    assert not button(app, "三种侧重一起算").disabled


def test_the_totals_of_the_loads_are_those_of_the_rows(visit: Visit, untouched: Workspace) -> None:
    run = planned(untouched)
    plan = read_run_frame(untouched, run, "duty-plan")
    of_leaders = plan[(plan["tier"] == str(CadreLevel.COUNTY)) & plan["new"].notna()]
    app = visit("duties", of=untouched)
    (total,) = [item.value for item in app.caption if item.value.startswith("合计")]
    assert f"→ {of_leaders['load'].sum():,},包联数" in total
    assert f"→ {len(of_leaders)}。" in total
    (tier,) = [item for item in app.button_group if item.key == "duties-tier"]
    tier.set_value("部门").run()
    of_departments = plan[(plan["tier"] == str(CadreLevel.DEPARTMENT)) & plan["new"].notna()]
    (total,) = [item.value for item in app.caption if item.value.startswith("合计")]
    assert f"→ {of_departments['load'].sum():,},包联数" in total


def test_a_plan_is_accepted_in_two_steps(visit: Visit, untouched: Workspace) -> None:
    run = planned(untouched)
    before = read_network(untouched, as_of=DAY, area=COUNTY).gaps
    app = visit("duties", of=untouched)
    assert "确认接受" not in {item.label for item in app.button}
    button(app, "核对变动").click().run()
    assert read_network(untouched, as_of=DAY, area=COUNTY).gaps == before
    (told,) = app.warning
    changed = int(re.findall(r"换人(\d+)处", told.value)[0])
    assert changed > 0
    button(app, "确认接受").click().run()
    assert not app.exception
    assert [item.value for item in app.success] == [f"已接受:{changed}处"]
    after = read_network(untouched, as_of=DAY, area=COUNTY).gaps
    assert GapKind.VACANT not in {gap.kind for gap in after}
    again = visit("duties", of=untouched)
    button(again, "核对变动").click().run()
    assert [item.value for item in again.success] == ["没有变化:包联已经是这个方案"]
    assert list_runs(untouched, 1)[0].id == run


# Papers


def test_the_papers_may_be_taken_one_by_one(visit: Visit) -> None:
    app = visit("duties")
    (papers,) = [item for item in app.button_group if item.key == "duties-paper"]
    assert papers.options == ["包联责任表", "干部包联明细", "空缺清单", "包联交接单"]
    papers.set_value("包联交接单").run()
    assert "与哪一天比较" in {item.label for item in app.date_input}
    assert [item.proto.label for item in app.get("download_button")] == ["下载"]
