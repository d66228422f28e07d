"""What a reader does with the app, in a real Chromium with the network cut."""

from __future__ import annotations

import io
import json
from pathlib import Path

import openpyxl
import psutil
import pytest
from axe_core_python.base import AXE_FILE_PATH
from playwright.sync_api import Frame, Page, expect

from planner.store.runs import list_runs
from planner.store.workspace import open_workspace
from tests.browser.conftest import COUNTIES, NASTY_VILLAGE, PAYLOAD, Visit
from tests.browser.offline import reaches_outside

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
HOME = "/"
PAGES = ["/", "/visits", "/data", "/roads", "/runs", "/plugins", "/about"]


def compute(visit: Visit) -> Frame:
    """Open the coverage page with a result, computing one when there is none; the map's frame."""
    visit.open(HOME)
    start, drawn = visit.page.get_by_role("button", name="开始计算"), visit.page.locator("iframe")
    start.or_(drawn).first.wait_for()
    if start.is_visible():
        start.click()
    return visit.map()


def place_of(visit: Visit, frame: Frame, layer: str, code: str) -> tuple[float, float]:
    """Where a point lies on the page, in pixels, once the map is in sight and near enough to tell it apart."""
    script = """([layer, code]) => {
        const shape = plannerMap.find(layer, code);
        const place = shape.getLatLng();
        plannerMap.map().setView(place, 13, {animate: false});
        const point = plannerMap.map().latLngToContainerPoint(place);
        return [point.x, point.y];
    }"""
    x, y = frame.evaluate(script, [layer, code])
    visit.page.locator("iframe").scroll_into_view_if_needed()
    box = visit.page.locator("iframe").bounding_box()
    assert box is not None
    return box["x"] + x, box["y"] + y


def test_network_is_cut(network_is_cut: bool) -> None:
    assert not (network_is_cut and reaches_outside())


def test_map_paints_in_chinese(visit: Visit) -> None:
    frame = compute(visit)
    assert visit.page.evaluate("document.documentElement.lang") == "zh-CN"
    assert frame.evaluate("document.documentElement.lang") == "zh-CN"
    drawn = frame.evaluate("(code) => !!plannerMap.find('coverage-counties', code)", COUNTIES[0])
    assert drawn
    ink = frame.evaluate(
        """() => {
            const canvas = document.querySelector('canvas');
            const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
            let painted = 0;
            for (let i = 3; i < data.length; i += 4) if (data[i]) painted += 1;
            return painted / (canvas.width * canvas.height);
        }"""
    )
    assert ink > 0.05
    expect(visit.page.get_by_text("示例数据:").first).to_be_visible()
    legend = frame.locator(".planner-legend").inner_text()
    assert "时限" in legend


def test_choosing_a_row_moves_the_map(visit: Visit) -> None:
    frame = compute(visit)
    before = frame.evaluate("() => plannerMap.map().getCenter()")
    table = visit.page.get_by_test_id("stDataFrame").last
    box = table.bounding_box()
    assert box is not None
    visit.page.mouse.click(box["x"] + 20, box["y"] + 35 + 17)  # the check box of the first row
    frame.wait_for_selector(".leaflet-container:not([data-focus=''])", state="attached")
    code = frame.locator(".leaflet-container").get_attribute("data-focus")
    assert code == min(COUNTIES)
    after = frame.evaluate("() => plannerMap.map().getCenter()")
    assert after != before
    inside = frame.evaluate(
        "(code) => plannerMap.map().getBounds().contains(plannerMap.find('coverage-counties', code).getBounds())",
        code,
    )
    assert inside


def test_clicking_the_map_chooses_the_row(visit: Visit) -> None:
    frame = compute(visit)
    visit.page.mouse.click(*place_of(visit, frame, "coverage-villages", NASTY_VILLAGE))
    frame.wait_for_selector(f".leaflet-container[data-focus='{NASTY_VILLAGE}']", state="attached")
    expect(visit.page.get_by_role("radio", name="各村可达情况")).to_be_checked()
    selected = visit.page.locator("[role=grid] tr[aria-selected=true]").last
    expect(selected).to_contain_text(NASTY_VILLAGE)


def test_hostile_name_stays_text(visit: Visit) -> None:
    frame = compute(visit)
    place = place_of(visit, frame, "coverage-villages", NASTY_VILLAGE)
    visit.page.mouse.move(*place)
    expect(frame.locator(".leaflet-tooltip")).to_contain_text(PAYLOAD)
    visit.page.mouse.click(*place)
    expect(visit.page.get_by_text(PAYLOAD).filter(visible=True).first).to_be_visible()
    search = visit.page.get_by_role("combobox", name="查找")
    search.fill("document.title")
    search.press("Enter")
    visit.settle()
    frame.wait_for_selector(".leaflet-container[data-painted]", state="attached")
    for path in PAGES:
        visit.open(path)
        assert_harmless(visit.page)
    compute(visit)
    assert_harmless(visit.page)


def assert_harmless(page: Page) -> None:
    """No script of a name has run and no element of it stands in any frame."""
    for frame in page.frames:
        assert frame.title() != "x"
        assert frame.locator("img[src='x']").count() == 0


def test_drill_down_and_search(visit: Visit) -> None:
    frame = compute(visit)
    painted = frame.locator(".leaflet-container").get_attribute("data-painted")
    visit.page.get_by_role("combobox", name="查找").fill("盐池县大水坑镇")
    visit.page.keyboard.press("Enter")
    frame.wait_for_selector(
        f".leaflet-container[data-painted]:not([data-painted='{painted}'])", state="attached"
    )
    inside = frame.evaluate(
        "() => { const c = plannerMap.map().getCenter(); return c.lat > 36.9 && c.lat < 38.2 && c.lng > 106.4; }"
    )
    assert inside
    expect(visit.page.get_by_role("combobox", name="乡镇(街道)")).to_have_value("大水坑镇")


def test_layer_switch(visit: Visit) -> None:
    frame = compute(visit)
    assert frame.evaluate("(code) => !!plannerMap.find('coverage-villages', code)", NASTY_VILLAGE)
    visit.page.get_by_role("button", name="各村可达情况", exact=True).click()
    frame.wait_for_function("(code) => !plannerMap.find('coverage-villages', code)", arg=NASTY_VILLAGE)


def test_without_areas_the_counties_are_the_ground(visit: Visit) -> None:
    frame = compute(visit)
    visit.page.get_by_role("button", name="各县覆盖情况", exact=True).click()
    frame.wait_for_function("(code) => !plannerMap.find('coverage-counties', code)", arg=COUNTIES[0])
    expect(frame.get_by_text("盐池县", exact=True)).to_be_visible()
    assert frame.evaluate("(code) => !!plannerMap.find('coverage-villages', code)", NASTY_VILLAGE)


def test_the_curve_is_a_chart_that_is_told_in_words_too(visit: Visit) -> None:
    compute(visit)
    visit.page.get_by_role("radio", name="车程与儿童占比").click()
    chart = visit.page.get_by_test_id("stVegaLiteChart")
    chart.locator("svg").wait_for()
    assert "全部儿童 0:" in (chart.get_attribute("aria-label") or "")
    assert serious_faults(visit.page) == {}


def test_the_villages_coloured_by_minutes(visit: Visit) -> None:
    frame = compute(visit)
    visit.page.get_by_role("radio", name="到最近机构车程").click()
    expect(frame.locator(".planner-legend")).to_contain_text("分钟")


def test_stop_really_stops(visit: Visit, folder: Path) -> None:
    visit.open("/slow-steps")
    if visit.page.get_by_role("button", name="开始计算").count() == 0:
        visit.page.get_by_text("参数与重新计算").click()
    visit.page.get_by_role("button", name="开始计算").click()
    expect(visit.page.get_by_text("数数 …")).to_be_visible()
    workspace = open_workspace(folder)
    run = list_runs(workspace, 1)[0]
    assert run.state == "running"
    assert run.pid is not None
    process = psutil.Process(run.pid)
    visit.page.get_by_role("button", name="停止").click()
    expect(visit.page.get_by_text("按要求提前停止")).to_be_visible()
    run = list_runs(workspace, 1)[0]
    assert (run.state, run.cause) == ("stopped", "person")
    assert run.metrics is not None
    assert 0 < run.metrics["counted"]["value"] < 600
    _, alive = psutil.wait_procs([process], timeout=10)
    assert alive == []


@pytest.mark.parametrize("path", PAGES)
def test_no_serious_accessibility_fault(visit: Visit, path: str) -> None:
    if path == HOME:
        compute(visit)
    else:
        visit.open(path)
    assert serious_faults(visit.page) == {}


def serious_faults(page: Page) -> dict[str, list[str]]:
    """What axe finds serious or critical in any frame of a page: the elements by the fault."""
    faults: dict[str, list[str]] = {}
    for frame in page.frames:
        frame.evaluate(Path(AXE_FILE_PATH).read_text(encoding="utf-8"))
        found = frame.evaluate("async () => (await axe.run(document, {iframes: false})).violations")
        faults.update(
            {
                f"{fault['id']} in {frame.url[:60]}": [node["html"][:200] for node in fault["nodes"]]
                for fault in found
                if fault["impact"] in ("serious", "critical")
            }
        )
    return faults


def test_a_folded_form_keeps_what_was_typed(visit: Visit) -> None:
    compute(visit)
    fold = visit.page.get_by_text("参数与重新计算")
    limit = visit.page.get_by_role("spinbutton", name="车程时限(min)")
    fold.click()
    limit.fill("45")
    limit.press("Tab")
    fold.click()
    expect(limit).to_be_hidden()
    fold.click()
    expect(limit).to_have_value("45.00")


def test_english_by_a_switch(visit: Visit) -> None:
    visit.open("/about")
    visit.page.get_by_role("radio", name="English").click()
    expect(visit.page.get_by_role("heading", name="About and sources")).to_be_visible()
    visit.page.wait_for_function("document.documentElement.lang === 'en'")
    visit.open("/visits")  # a new session
    expect(visit.page.get_by_role("heading", name="Visits")).to_be_visible()


def test_a_list_to_choose_from_changes_its_language_too(visit: Visit) -> None:
    visit.open("/data")
    expect(visit.page.get_by_role("combobox", name="台账种类")).to_have_value("困境儿童台账")
    visit.page.get_by_role("radio", name="English").click()
    expect(visit.page.get_by_role("combobox", name="Kind of ledger")).to_have_value(
        "Ledger of children in difficulty"
    )


def test_downloads_hold_the_rows(visit: Visit) -> None:
    compute(visit)
    with visit.page.expect_download() as download:
        visit.page.get_by_role("button", name="Excel 表格").click()
    book = openpyxl.load_workbook(io.BytesIO(Path(download.value.path()).read_bytes()))
    texts = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
    assert PAYLOAD in texts
    with visit.page.expect_download() as download:
        visit.page.get_by_role("button", name="GeoJSON · 各县覆盖情况").click()
    counties = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    assert sorted(item["properties"]["code"] for item in counties["features"]) == sorted(COUNTIES)


def test_upload_names_every_bad_row(visit: Visit) -> None:
    visit.open("/data")
    visit.page.get_by_role("tab", name="区划、机构和需求").click()
    visit.page.get_by_role("combobox", name="内容").click()
    visit.page.get_by_role("option", name="困境儿童需求").click()
    content = "区划代码,年龄段,类别,需求,人数\n640323100200,0-6,家庭困境,,n/a\n999,0-6,家庭困境,,1\n"
    panel = visit.page.get_by_role("tabpanel", name="区划、机构和需求")
    visit.hand_in(
        panel.locator("input[type=file]"),
        {"name": "需求.csv", "mimeType": "text/csv", "buffer": content.encode()},
    )
    panel.get_by_role("button", name="检查并导入").click()
    expect(panel.get_by_text("没有写入任何内容")).to_be_visible()
    grid = panel.get_by_test_id("stDataFrame").last
    expect(grid.locator("[role=grid]")).to_contain_text("第2行")


def test_reload_keeps_the_run(visit: Visit) -> None:
    compute(visit)
    run = visit.page.get_by_text("截至 ").first.inner_text()
    visit.page.reload()
    visit.map()
    assert visit.page.get_by_text("截至 ").first.inner_text() == run


def test_phone_width_has_no_sideways_scroll(visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 390, "height": 844})
    for path in PAGES:
        visit.open(path)
        wide = visit.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 390, path
