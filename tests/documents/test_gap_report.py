"""The report on gaps: what stands in it, that text stays text, and that scenarios compare as they should."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import openpyxl
import pytest

from planner.documents import (
    Coverage,
    Scenario,
    Stamp,
    compare,
    gap_report_pdf,
    gap_report_xlsx,
    param_titles,
)
from planner.documents import pdf as pdf_module
from planner.documents.drawing import Marks, map_svg
from planner.documents.gap_report import report_data
from planner.documents.scenarios import common_sites
from planner.errors import InputError
from planner.model.coverage import COVERAGE_COUNTIES
from planner.model.siting import SITING_SCENARIO_GAPS, SITING_SCENARIO_SITES, SITING_SCENARIOS
from planner.testing import AS_OF, make_context, tiny_world
from plugins.coverage_gaps import coverage_gaps
from plugins.siting import siting

MARKUP = "*粗* #strong[x] $1$ <b>&amp;</b>"


def made(plugin, run="20201231-00000001", **values):
    params = plugin.params(**values)
    result = plugin(make_context(plugin, tiny_world()), params)
    stamp = Stamp(
        title=plugin.title,
        plugin=plugin.name,
        run=run,
        serial=run,
        as_of=AS_OF,
        params=params.model_dump(mode="json"),
        param_titles=param_titles(plugin.params),
        demo=True,
    )
    return result, stamp


@pytest.fixture(scope="module")
def coverage():
    result, stamp = made(coverage_gaps)
    return Coverage(result, stamp, coverage_gaps.makes)


@pytest.fixture(scope="module")
def scenarios():
    return [
        Scenario("方案一", *made(siting, "20201231-00000002", count=1, limit_min=15)),
        Scenario(MARKUP, *made(siting, "20201231-00000003", count=2, limit_min=15)),
    ]


def test_the_legal_table_and_the_plan_stand_apart_from_the_planning_aid(coverage, scenarios):
    data = report_data(coverage, scenarios)
    assert [row[:3] for row in data["legal"]["table"]["rows"]] == [
        ["1", "甲县", "已覆盖"],
        ["2", "乙县", "在建"],
        ["3", "丙县", "无机构"],
    ]
    assert data["building"]["rows"] == [["乙县未成年人保护中心", "乙县", "2021-06-01", "否", "-152"]]
    assert "法定口径" in data["legal"]["text"][0]
    assert (data["title"], data["as_of"], data["demo"]) == (
        "2020年机构覆盖差距报告",
        "截至2020年12月31日",
        True,
    )
    assert data["notice"] == "示例数据 · 内部工作用图 不得公开"


def test_scenarios_stand_in_columns_with_their_uncovered_villages_named(coverage, scenarios):
    data = report_data(coverage, scenarios)
    rows = {row[0]: row[1:] for row in data["figures"]["rows"]}
    assert rows["目标值"] == ["6 人", "7 人"]
    assert rows["新覆盖儿童(人)"] == ["2", "3"]
    assert rows["费用(万元)"] == ["100", "200"]
    assert data["common"] == ["各方案共有的新增点1个:甲县甲二乡。"]
    assert data["scenarios"][0]["gaps"] == [
        "乙县(无定位,1村,儿童5人) 乙一镇:无点村。",
        "乙县(时限内有候选点,未选中,1村,儿童1人) 乙一镇:乙村。",
        "甲县(时限内的候选点不够,1村,儿童3人) 甲一镇:中村。",
    ]


def test_a_scenario_names_what_closes(coverage):
    moved = made(siting, count=0, limit_min=15, existing="可关闭迁建", model="最远车程最短")
    assert report_data(coverage, [Scenario("迁建", *moved)])["scenarios"][0]["text"][1:] == [
        "拟关闭1个:甲县未成年人保护中心。"
    ]


def test_the_pdf_is_made_and_names_that_look_like_markup_are_text(coverage, scenarios):
    pages = pdf_module.page_images("gap_report", report_data(coverage, scenarios), dots_per_inch=40)
    assert len(pages) >= 2
    assert all(page.startswith(b"\x89PNG") for page in pages)
    assert gap_report_pdf(coverage, scenarios).startswith(b"%PDF")


def test_without_scenarios_and_without_counties(coverage):
    bare = replace(
        coverage.result,
        layers={
            name: frame.iloc[:0] if name == COVERAGE_COUNTIES.name else frame
            for name, frame in coverage.result.layers.items()
        },
    )
    assert gap_report_pdf(replace(coverage, result=bare), []).startswith(b"%PDF")


def test_the_workbook_has_the_coverage_and_the_scenarios(coverage, scenarios):
    book = openpyxl.load_workbook(io.BytesIO(gap_report_xlsx(coverage, scenarios)))
    assert {"各县覆盖情况", "未覆盖的县", "选址方案对照", "各方案的机构点", "各方案仍未覆盖的村"} <= set(
        book.sheetnames
    )
    sheet = book["选址方案对照"]
    assert [cell.value for cell in sheet["A"]] == ["方案", "方案一", MARKUP]


def test_without_a_chinese_font_it_says_what_to_install(monkeypatch):
    class NoFonts:
        def families(self):
            return ["DejaVu Sans"]

    monkeypatch.setattr(pdf_module, "_fonts", NoFonts)
    with pytest.raises(InputError, match="fonts-noto-cjk"):
        pdf_module.chinese_font()


def test_sites_in_common(scenarios):
    together = compare(scenarios)
    sites = together.layers[SITING_SCENARIO_SITES.name].set_index("name")
    assert dict(sites["shown"]) == {
        "甲二乡": "各方案共有",
        "乙一镇": "部分方案",
        "甲县未成年人保护中心": "现有",
    }
    assert sites.loc["乙一镇", "scenarios"] == MARKUP
    assert common_sites(scenarios) == {"640101002001"}
    assert common_sites([]) == set()
    table = together.tables[SITING_SCENARIOS.name].set_index("scenario")
    assert table["common_sites"].tolist() == [1, 1]
    assert len(together.tables[SITING_SCENARIO_GAPS.name]) == 3 + 2
    for layer in (SITING_SCENARIO_SITES, SITING_SCENARIOS, SITING_SCENARIO_GAPS):
        frames = {**together.layers, **together.tables}
        layer.check(frames[layer.name])


def test_nothing_to_compare():
    together = compare([])
    assert all(len(frame) == 0 for frame in {**together.layers, **together.tables}.values())


def test_a_map_shows_areas_by_hatching_and_number():
    areas = tiny_world()["divisions"].geometry.iloc[2:5]
    marks = [Marks(np.array([[482_000.0, 4_202_000.0], [np.nan, np.nan]]), "square", 5.0)]
    svg = map_svg(areas, ["plain", "dense", "light"], ["1", "2", "3"], marks, font="x")
    assert svg.count("<text") == 3
    assert 'fill="url(#dense)"' in svg
    assert "nan" not in svg
    with pytest.raises(ValueError, match="numbers"):
        map_svg(areas, ["plain"] * 3, ["1", "2", "<b>"], marks, font="x")


def test_an_empty_map():
    svg = map_svg(tiny_world()["divisions"].geometry.iloc[:0], [], [], [], font="x")
    assert svg.startswith("<svg")
