"""Every page on a small demo, in Chinese and English: drawn without a fault, and names stay text."""

from __future__ import annotations

import html
import json
import re
from datetime import UTC, date, datetime
from itertools import chain
from typing import Any

import pytest
from sqlalchemy import delete, update
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button

import geodata
from planner.jobs.imports import import_file
from planner.jobs.rosters import read_rosters
from planner.jobs.runs import start_run, wait
from planner.model.layers import INSTITUTIONS
from planner.plugin import Cause
from planner.registry import find_plugin
from planner.store.reads import read_layer, read_tree
from planner.store.roads import read_network, read_speeds
from planner.store.runs import RunRecord, RunRequest, create_run, fail_run, finish_run, list_runs
from planner.store.scope import EVERYTHING
from planner.store.tables import run_frames, runs
from planner.store.workspace import Workspace
from planner.ui import i18n, shapes
from planner.ui.pages.plugin_page import address_of
from planner.ui.session import WORKSPACE_VARIABLE
from tests.ui import shown
from tests.ui.conftest import COUNTY, DAY, PAYLOAD, SCRIPT, VILLAGE, Visit
from tests.ui.shown import unescaped
from tests.ui.texts import chinese_left

PAGES = {
    "": ("机构覆盖缺口", "Institution coverage gaps"),
    "visits": ("走访", "Visits"),
    "duties": ("包联", "Duties"),
    "data": ("数据", "Data"),
    "roads": ("道路", "Roads"),
    "runs": ("运行记录", "Runs"),
    "reachable-areas": ("可达范围", "Reachable areas"),
    "siting": ("机构选址", "Siting of institutions"),
    "siting-stability": ("选址稳定性", "Steadiness of siting"),
    "compare": ("方案对照", "Compare scenarios"),
    "plugins": ("插件", "Plugins"),
    "about": ("说明与来源", "About and sources"),
}
NOW = datetime(2021, 1, 1, tzinfo=UTC)
BOTH = pytest.mark.parametrize("language", ["zh", "en"])
EACH = pytest.mark.parametrize("path", PAGES)


def caption(app: AppTest, start: str) -> str:
    (found,) = [item.value for item in app.caption if item.value.startswith(start)]
    return found


def metrics(app: AppTest) -> dict[str, str]:
    return {item.label: item.value for item in app.metric}


# Every page


@BOTH
@EACH
def test_a_page_is_drawn_under_its_heading(visit: Visit, path: str, language: str) -> None:
    app = visit(path, language=language)
    assert not app.exception
    assert not app.error
    title = PAGES[path][language == "en"]
    (heading,) = shown.headings(app)
    assert f"<h1>{title}</h1>" in heading
    assert "planner-demo" in heading
    lang = {"zh": "zh-CN", "en": "en"}[language]
    assert f"<script>document.documentElement.lang = '{lang}'</script>" in shown.html(app)


@BOTH
@EACH
def test_a_hostile_name_is_text_on_every_page(visit: Visit, path: str, language: str) -> None:
    app = visit(path, language=language)
    for body in shown.html(app):
        assert "<img" not in body
        assert PAYLOAD not in body
    assert not any(item.allow_html for item in app.markdown)
    assert not any(re.search(r"<img|\$\{|`", arguments) for arguments in shown.map_arguments(app))


def test_the_hostile_name_is_where_a_reader_looks_for_it(visit: Visit) -> None:
    app = visit()
    (search,) = [item for item in app.selectbox if item.label == "查找"]
    assert f"盐池县花马池镇{PAYLOAD}" in search.options
    cells = {str(cell) for table in shown.tables(app) for cell in table.to_numpy().ravel()}
    assert PAYLOAD in cells


@EACH
def test_english_pages_hold_no_chinese_but_names_of_the_data(
    visit: Visit, workspace: Workspace, path: str
) -> None:
    tree = read_tree(workspace, EVERYTHING, as_of=DAY)
    sites = read_layer(workspace, INSTITUTIONS, EVERYTHING, as_of=DAY)["name"]
    names = {tree.nodes[code]["name"] for code in tree} | set(sites)
    names |= {speed.source for speed in read_speeds(workspace).rows.values()}
    stored = read_network(workspace)
    names |= set() if stored is None else set(stored.network.names.tolist())
    rosters = read_rosters(workspace, as_of=DAY)
    duties = list(chain(*rosters.duties.values()))
    names |= {duty.cadre for duty in duties} | {duty.group for duty in duties if duty.group}
    names |= {item.name for item in chain(*rosters.assistants.values())}
    names |= {*geodata.credits(), "语言 / Language", *i18n.LANGUAGES.values()}
    names |= {str(item[name]) for item in sources() for name in ("title", "date", "source", "licence")}
    app = visit(path, language="en")
    texts = [
        *shown.texts(app),
        *shown.html(app),
        *(str(title) for table in shown.tables(app) for title in table),
    ]
    texts += [json.loads(arguments)["feature_group"] for arguments in shown.map_arguments(app)]
    assert len(texts) > 5
    assert [text for text in texts if chinese_left(without(unescaped(html.unescape(text)), names))] == []


def sources() -> list[dict[str, Any]]:
    """The entries of the catalogue of the geography, which is written in Chinese."""
    return [item for item in geodata.catalog().values() if isinstance(item, dict)]


def without(text: str, names: set[str]) -> str:
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "")
    return text


@EACH
def test_chinese_pages_are_chinese(visit: Visit, path: str) -> None:
    english = set(i18n.translations("en").values())
    texts = set(shown.texts(visit(path)))
    assert texts & {text for text in english if re.search("[A-Za-z]{4}", text)} == set()


def test_the_switch_changes_the_language_of_the_page(visit: Visit) -> None:
    app = visit("about")
    (switch,) = app.sidebar.button_group
    switch.set_value("en").run()
    assert "<h1>About and sources</h1>" in shown.headings(app)[0]
    assert app.sidebar.caption[0].value == "Internal working map, not for publication"
    switch.set_value("zh").run()
    assert "<h1>说明与来源</h1>" in shown.headings(app)[0]


def test_without_a_workspace_the_way_to_one_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(WORKSPACE_VARIABLE, raising=False)
    app = AppTest.from_file(SCRIPT, default_timeout=60).run()
    assert not app.exception
    assert "没有指定工作区" in app.error[0].value
    assert "planner serve" in app.error[0].value.replace("\\", "")


def test_a_folder_that_is_no_workspace_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.setenv(WORKSPACE_VARIABLE, str(tmp_path))
    app = AppTest.from_file(SCRIPT, default_timeout=60).run()
    assert not app.exception
    assert "没有 workspace.toml" in app.error[0].value.replace("\\", "")


# The page of a plugin


def test_the_cards_show_the_figures_of_the_run(visit: Visit, workspace: Workspace) -> None:
    app = visit()
    shown_metrics = metrics(app)
    (run,) = list_runs(workspace, 5)
    assert run.metrics is not None
    assert len(shown_metrics) == len(run.metrics) == 18
    assert shown_metrics["县级单位"] == "1 个"
    assert shown_metrics["儿童"] == "60 人"
    within, beyond = (run.metrics[f"children_{name}_limit"]["value"] for name in ("within", "beyond"))
    assert within + beyond == 60
    assert shown_metrics["60分钟内儿童"] == f"{within} 人"
    english = metrics(visit(language="en"))
    assert english["Children within 60 min"] == str(within)
    assert english["Mean drive time"].endswith(" min")


def test_behind_a_figure_stand_its_formula_its_clause_and_its_rows(visit: Visit) -> None:
    app = visit()
    texts = [item.value for item in app.text]
    assert "已覆盖的县 ÷ 县级单位" in texts
    assert "四(二)" in texts
    assert "规划参考" in texts
    rows = [item.value for item in app.caption if item.value.startswith("所依据的行:")]
    assert "所依据的行:1" in rows
    assert "所依据的行:120" in rows  # the villages of the county


def test_the_head_says_of_which_day_area_and_run(visit: Visit, workspace: Workspace) -> None:
    (run,) = list_runs(workspace, 5)
    head = caption(visit(), "截至")
    assert head.startswith(f"截至 2020年12月31日 · 区域 全部 · 运行 {run.id} · 用时 ")
    assert caption(visit(language="en"), "As of").startswith(
        f"As of 2020-12-31 · Area All · Run {run.id} · took"
    )


def test_a_chosen_area_narrows_the_table_and_moves_the_map(visit: Visit) -> None:
    app = visit()
    (tabs,) = [item for item in app.button_group if item.key and item.key.endswith("-table")]
    tabs.set_value("coverage-villages").run()
    assert "120 行,共 120 行" in [item.value for item in app.caption]
    (search,) = [item for item in app.selectbox if item.label == "查找"]
    search.select("盐池县大水坑镇").run()
    assert not app.exception
    (township,) = [item for item in app.selectbox if item.label == "乡镇(街道)"]
    assert township.value == "640323101"
    (counted,) = [item.value for item in app.caption if "行,共 120 行" in item.value]
    inside = int(counted.split(" ")[0])
    assert 0 < inside < 120
    state = shown.drawn(app)
    villages = state["layers"][-1]
    assert len(villages["class_of"]) == 120
    assert sum(item >= 0 for item in villages["class_of"]) == inside
    assert state["turn"] == 2
    assert state["fit"] is not None


def test_the_villages_may_be_coloured_by_a_figure_instead(visit: Visit) -> None:
    app = visit()
    (colours,) = [item for item in app.button_group if item.key and "-colour-" in item.key]
    colours.set_value("minutes").run()
    assert not app.exception
    villages = shown.drawn(app)["layers"][-1]
    assert villages["classes"][0]["label"].endswith(" 分钟")
    assert all(label.endswith("分钟") or label == "—" for label in villages["label_of"])


def test_the_map_says_what_it_is_and_whose_the_geography_is(visit: Visit) -> None:
    state = shown.drawn(visit())
    assert state["credits"] == ["内部工作用图 不得公开", "示例数据", *geodata.credits()]
    assert [layer["name"] for layer in state["layers"]] == ["coverage-counties", "coverage-villages"]
    assert all(layer["address"].startswith("/geometry/") and not layer["inline"] for layer in state["layers"])


def test_where_no_areas_are_drawn_the_counties_are_the_ground(visit: Visit) -> None:
    app = visit()
    assert shown.drawn(app)["ground"] is None
    (key,) = [name for name in app.session_state.to_dict() if name.endswith("-layers")]
    app.session_state[key] = ["coverage-villages"]
    state = shown.drawn(app.run())
    assert [layer["name"] for layer in state["layers"]] == ["coverage-villages"]
    name = state["ground"].removeprefix("/geometry/")
    found = json.loads(shapes.content(name) or b"")["features"]
    assert [item["properties"] for item in found] == [{"code": COUNTY, "name": "盐池县"}]


def test_a_run_is_started_from_the_form_and_shown(visit: Visit, fresh: Workspace) -> None:
    app = visit(of=fresh)
    assert [item.value for item in app.info] == ["还没有计算过。核对参数后按“开始计算”。"]
    assert not shown.map_arguments(app)
    (kind,) = [item for item in app.selectbox if item.label == "机构类型"]
    kind.select("儿童之家")
    (limit,) = [item for item in app.number_input if item.label == "车程时限(min)"]
    limit.set_value(30)
    (area,) = [item for item in app.selectbox if item.label == "区域"]
    area.select("盐池县")
    app.button[0].click().run()
    assert not app.exception
    assert not app.error
    (run,) = list_runs(fresh, 5)
    assert (run.params["kind"], run.params["limit_min"], run.area, run.who) == (
        "儿童之家",
        30,
        COUNTY,
        "本机",
    )
    assert app.query_params["run"] == run.id
    assert wait(fresh, run.id).state == "done"
    app.run()
    assert "区域 盐池县" in caption(app, "截至")
    assert "30分钟内儿童" in metrics(app)
    english = visit(language="en", of=fresh)
    assert "Counties covered: Child-friendly space" in metrics(english)


def request(**changes: object) -> RunRequest:
    values = {
        "plugin": "coverage-gaps", "plugin_version": "1", "params": {}, "as_of": DAY, "known_at": NOW,
        "area": None, "seed": 0, "time_limit_s": None, "work_limit": None, "who": "本机", "replay_of": None,
    }  # fmt: skip
    return RunRequest(**{**values, **changes})  # type: ignore[arg-type]


@BOTH
def test_a_run_that_goes_on_shows_what_it_does_and_can_be_stopped(
    visit: Visit, untouched: Workspace, language: str
) -> None:
    create_run(untouched, request())
    app = visit(of=untouched, language=language)
    assert not app.exception
    words = {"zh": ("停止", "准备中 …"), "en": ("Stop", "Preparing …")}[language]
    assert words[0] in [item.label for item in app.button]
    assert words[1] in set(shown.texts(app))


def test_what_was_erased_of_a_run_is_shown_no_more(visit: Visit, untouched: Workspace) -> None:
    assert shown.map_arguments(visit(of=untouched))
    with untouched.writing() as connection:
        connection.execute(delete(run_frames))
        connection.execute(update(runs).values(tables=[]))
    app = visit(of=untouched)
    assert not app.exception
    assert not shown.map_arguments(app)
    assert [item.value for item in app.info] == ["这次计算的明细已随过期档案清除,只留下指标"]
    assert metrics(app)


@BOTH
def test_a_failed_run_says_why_and_its_message_is_text(
    visit: Visit, untouched: Workspace, language: str
) -> None:
    run_id = create_run(untouched, request())
    fail_run(untouched, run_id, f"没有 [x](/y) 和 {PAYLOAD}", 1)
    app = visit(of=untouched, language=language)
    assert not app.exception
    (told,) = [item.value for item in app.error]
    assert "\\[x\\]\\(\\/y\\)" in told
    assert "<img" not in told.replace("\\<", "")
    assert told.startswith({"zh": "这次计算没有完成:", "en": "This run did not finish: "}[language])


@pytest.mark.parametrize(
    ("cause", "told"),
    [("person", "按要求提前停止"), ("clock", "到达时限"), ("work", "重放到同样的工作量"), (None, "提前停止")],
)
def test_a_stopped_run_says_so_and_that_it_has_nothing_yet(
    visit: Visit, untouched: Workspace, cause: Cause | None, told: str
) -> None:
    run_id = create_run(untouched, request())
    record = RunRecord(
        state="stopped", cause=cause, work=0, metrics=None, notes=(), input_hashes={}, duration_s=None
    )
    finish_run(untouched, run_id, record, {})
    app = visit(of=untouched)
    assert not app.exception
    assert [item.value for item in app.warning] == [f"{told}:停止前还没有可用的结果"]
    assert not app.info
    (last,) = app.get("link_button")
    assert last.proto.label == "打开上一次的结果"
    assert last.proto.url == f"/?run={list_runs(untouched, 5)[-1].id}"


def test_an_older_run_is_shown_by_its_address(visit: Visit, untouched: Workspace) -> None:
    (first,) = list_runs(untouched, 5)
    create_run(untouched, request())
    app = visit(of=untouched, run=first.id)
    assert first.id in caption(app, "截至")


@pytest.mark.parametrize("named", ["nope", "' OR 1=1 --", "<img src=x>"])
def test_an_address_that_names_no_run_is_told_and_the_newest_is_shown(
    visit: Visit, workspace: Workspace, named: str
) -> None:
    app = visit(run=named)
    assert not app.exception
    assert "没有编号为" in app.error[0].value
    (run,) = list_runs(workspace, 5)
    assert run.id in caption(app, "截至")


def test_a_run_of_another_plugin_is_not_shown_on_this_page(visit: Visit, untouched: Workspace) -> None:
    (own,) = list_runs(untouched, 5)
    other = create_run(untouched, request(plugin="another-plugin"))
    app = visit(of=untouched, run=other)
    assert not app.exception
    assert own.id in caption(app, "截至")


def test_an_area_with_a_name_like_markup_is_text(visit: Visit, untouched: Workspace) -> None:
    csv = untouched.folder.parent / "county.csv"
    csv.write_text(f"区划代码,名称,上级代码\n{COUNTY},![x](/y.png),6403\n", encoding="utf-8")
    import_file(untouched, "divisions", csv)
    run = wait(
        untouched, start_run(untouched, find_plugin("coverage-gaps"), {}, as_of=date.today(), area=COUNTY)
    )
    assert run.state == "done", run.message
    app = visit(of=untouched)
    assert not app.exception
    assert "区域 \\!\\[x\\]\\(\\/y\\.png\\) ·" in caption(app, "截至")


# Data


def test_the_page_of_the_data_counts_what_there_is(visit: Visit) -> None:
    assert metrics(visit("data")) == {
        "县(市、区)": "1", "乡镇(街道)": "9", "村(居)": "120", "机构": "17", "困境儿童": "60",
    }  # fmt: skip
    assert metrics(visit("data", language="en")) == {
        "County (city, district)": "1", "Township (subdistrict)": "9", "Village (neighbourhood)": "120",
        "Institutions": "17", "Children in difficulty": "60",
    }  # fmt: skip


def test_the_journal_of_imports(visit: Visit) -> None:
    (log,) = shown.tables(visit("data", language="en"))
    assert list(log) == [
        "Imported",
        "Content",
        "File",
        "Data as of",
        "Read",
        "Accepted",
        "Rejected",
        "Skipped",
    ]
    assert log["Content"].tolist() == [
        "Administrative divisions", "Ledger of children in difficulty", "Roads",
        "Demand of children in difficulty", "Directory of institutions", "Administrative divisions",
    ]  # fmt: skip
    assert log["File"].tolist()[0] == "village.csv"


def labelled(app: AppTest, label: str) -> Button:
    """The one button of that label."""
    (button,) = [item for item in app.button if item.label == label]
    return button


def upload(app: AppTest, kind: str, name: str, content: str) -> AppTest:
    (choice,) = [item for item in app.selectbox if item.label == "内容"]
    choice.select(kind)
    app.file_uploader(key="places-file").set_value((name, content.encode(), "text/csv"))
    labelled(app, "检查并导入").click().run()
    assert not app.exception
    return app


def test_a_file_is_imported_from_the_page(visit: Visit, untouched: Workspace) -> None:
    content = f"区划代码,年龄段,类别,需求,人数\n{VILLAGE},0-6,家庭困境,康复,7\n"
    app = upload(visit("data", of=untouched), "困境儿童需求", "需求.csv", content)
    assert [item.value for item in app.success] == ["已导入:读入 1 行,接受 1 行,跳过 0 行"]
    log = shown.tables(visit("data", of=untouched))[0]
    assert log["文件"].tolist()[0] == "需求.csv"


def test_a_file_with_faults_is_refused_row_by_row(visit: Visit, untouched: Workspace) -> None:
    content = f"区划代码,年龄段,类别,需求,人数\n{VILLAGE},0-6,家庭困境,,n/a\n999,0-6,家庭困境,,1\n"
    app = upload(visit("data", of=untouched), "困境儿童需求", "需求.csv", content)
    assert app.error
    assert [item.value for item in app.info] == ["没有写入任何内容。改好后再导入。"]
    problems = shown.tables(app)[-1]
    assert list(problems) == ["位置", "问题", "处理办法"]
    assert {place.split(" ")[0] for place in problems["位置"]} == {"第2行", "第3行"}
    assert len(shown.tables(visit("data", of=untouched))[0]) == 6  # the journal is as it was


def test_a_form_without_a_file_asks_for_one(visit: Visit) -> None:
    app = visit("data")
    labelled(app, "检查并导入").click().run()
    assert [item.value for item in app.warning] == ["请先选择文件。"]


# Runs, plugins, about


def test_the_runs_are_listed_with_their_state(visit: Visit, untouched: Workspace) -> None:
    create_run(untouched, request(plugin="gone-plugin", area=COUNTY, who="某人"))
    (table,) = shown.tables(visit("runs", of=untouched, language="en"))
    assert table["State"].tolist() == ["Queued", "Finished"]
    assert table["Plugins"].tolist() == ["gone-plugin", "Institution coverage gaps"]
    assert table["By"].tolist() == ["某人", "This computer"]
    assert table["Area"].tolist() == ["盐池县", "All"]


def test_without_runs_the_list_says_so(visit: Visit, fresh: Workspace) -> None:
    app = visit("runs", of=fresh)
    assert [item.value for item in app.info] == ["还没有运行过。"]
    assert shown.tables(app) == []


def test_the_result_of_the_first_plugin_is_on_the_start_page(visit: Visit, workspace: Workspace) -> None:
    """Streamlit gives the start page no other address: /coverage-gaps would say that there is no such page."""
    app = visit("runs")
    addresses = [info["url_pathname"] for info in app._registered_pages.values()]
    plugins = ["", "reachable-areas", "siting", "siting-stability", "visit-routes", "cadre-assignment"]
    assert addresses == [*plugins, "visits", "duties", "data", "roads", "runs", "compare", "plugins", "about"]
    assert not app.get("link_button")
    app.session_state["runs"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    app.run()
    (run,) = list_runs(workspace, 5)
    (link,) = app.get("link_button")
    assert (link.proto.label, link.proto.url) == ("打开结果", f"/?run={run.id}")
    assert address_of("siting") == "/siting"


def test_a_plugin_is_shown_with_its_command_and_its_options(visit: Visit) -> None:
    app = visit("plugins")
    assert app.code[0].value == "planner run coverage-gaps"
    assert "读取:行政区划、困境儿童需求、机构、机构状态沿革" in [item.value for item in app.caption]
    options = shown.tables(app)[0]
    assert options["选项"].tolist() == [
        "--kind", "--service", "--need", "--limit-min", "--method", "--catchment-min", "--worst-count",
        "--detour", "--speed-kmh", "--target-day"
    ]  # fmt: skip
    english = visit("plugins", language="en")
    reads = "Reads: Administrative divisions, Demand of children in difficulty, Institutions, "
    assert any(item.value.startswith(reads) for item in english.caption)


def test_the_sources_of_the_geography_are_named(visit: Visit) -> None:
    app = visit("about")
    texts = [unescaped(item.value) for item in app.caption]
    assert set(geodata.credits()) <= set(texts)
    assert len(sources()) == 4
    for item in sources():
        assert f"{item['title']}({item['date']})" in [text.value for text in app.text]
        assert f"来源:{item['source']}" in texts
        assert f"许可:{item['licence']}" in texts
