"""路线单 and 走访记录表 on paper: what stands in them, what never does, and that text stays text."""

import json

import pytest

from planner.documents.pdf import page_images
from planner.documents.route_map import route_svg
from planner.documents.route_sheet import HEADS, cells_of, head_of, papers_data, route_papers_pdf
from planner.model.route_sheets import LeftOut, day_in_words, number_ranges
from tests.documents.route_papers import DAY, LONG, MARKUP, STAMP, form, hidden, sheet, stop

SECRETS = ("马隐名", "隐村", "13895007777")


def pages_of(sheets, forms=()):
    return page_images("route_sheet", papers_data(sheets, forms, STAMP), dots_per_inch=30)


def test_the_head_and_a_row_as_people_know_them():
    assert head_of(sheet(stop(1))) == [
        ("走访人", "王协理"),
        ("日期", "2021年1月5日"),
        ("出发/返回点", "大水坑镇新建村"),
        ("出行方式", "摩托车"),
        ("出发–返回", "08:00–17:20"),
        ("户数/人数", "1户 1人"),
        ("总里程", "88.2公里"),
        ("预计用时", "380分钟(路程96分钟)"),
    ]
    cells = cells_of(stop(2))
    assert cells == [
        "2", "08:20", "马家湾村 3组", "1f0c9a3b", "马小雨", "中", "2021-01-08",
        "5.0公里\n7分钟", "10.0公里\n14分钟", "13895001234", "2人同去",
    ]  # fmt: skip
    assert len(cells) + len(("导航", "见到", "签字")) == len(HEADS)
    assert cells_of(stop(1, leg_km=None, way_km=None))[7:9] == ["7分钟", "7分钟"]
    assert dict(head_of(sheet(km=None)))["总里程"] == "—"
    assert dict(head_of(sheet(lunch="12:05")))["出发–返回"] == "08:00–17:20,12:05起午休"


def test_a_protection_case_tells_its_order_and_times_alone():
    left = LeftOut("隐村", "马隐名", DAY, "没有定位", "13895007777", discreet=True)
    data = papers_data([sheet(hidden(1), stop(2), left_out=(left,))], [], STAMP)
    told = json.dumps(data, ensure_ascii=False)
    assert not [word for word in SECRETS if word in told]
    first = data["sheets"][0]["rows"][0]
    assert first["code"] is None
    assert first["cells"] == [
        "1",
        "08:10",
        "另行通知",
        "",
        "",
        "",
        "",
        *cells_of(stop(1))[7:9],
        "",
        "另行通知",
    ]
    assert data["sheets"][0]["left"] == [["另行通知", "", "", "没有定位", ""]]


@pytest.mark.parametrize(("count", "pages"), [(0, 1), (1, 1), (8, 2), (40, 5)])
def test_sheets_of_any_length(count, pages):
    assert len(pages_of([sheet(*map(stop, range(1, count + 1)))])) == pages


def test_long_latin_rare_and_marked_up_texts_are_set_as_they_are():
    odd = stop(1, children=(LONG, "𠮷田𠀀", "Muhammad-Ali bin Abdul Rahman"), village=MARKUP, notes=(MARKUP,))
    papers = [sheet(odd, visitor=MARKUP, left_out=(LeftOut(MARKUP, "", None, MARKUP, MARKUP),))]
    assert len(pages_of(papers, [form(name="𠀀" * 40, guardian=MARKUP, categories=LONG * 3)])) >= 2
    assert route_papers_pdf(papers, [], STAMP).startswith(b"%PDF")


def test_a_bundle_has_sheets_and_then_forms():
    assert len(pages_of([sheet(stop(1)), sheet(stop(1))], [form(), form(name="")])) == 4
    data = papers_data([], [form()], STAMP)
    assert data["forms"][0]["rows"][1] == [
        ("儿童姓名", "马小雨"), ("性别", "女"), ("出生日期", "2010-03-05"), ("风险等级", "高")
    ]  # fmt: skip
    assert (data["mark"], data["notice"]) == (
        "编号 DC20210101-1f0c9a3b7e 王某(wang) 2021-01-04 16:00:00",
        "示例数据 · 含未成年人个人信息 不得外传",
    )


def test_a_form_stays_on_its_page_with_long_names():
    assert len(pages_of([], [form(name=LONG, guardian=LONG, village=LONG, categories=LONG * 2)])) == 1


def test_the_map_numbers_the_stops_and_joins_what_lies_together():
    same = stop(1).point
    svg = route_svg(sheet(stop(1), stop(2, point=same), stop(3, point=same), stop(4), hidden(5)), font="x")
    assert ">1–3<" in svg
    assert ">4<" in svg
    assert ">5<" not in svg
    assert "nan" not in svg
    assert ">500 米<" in svg


@pytest.mark.parametrize(
    "day", [sheet(), sheet(start_point=None), sheet(stop(1, point=None), start_point=None, ways=())]
)
def test_a_map_of_little_or_nothing(day):
    assert route_svg(day, font="x").endswith("</svg>")


def test_words():
    assert number_ranges([7, 1, 2, 3]) == "1–3、7"
    assert number_ranges([]) == ""
    assert day_in_words(DAY) == "2021年1月5日"
