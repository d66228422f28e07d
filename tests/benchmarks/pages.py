"""The pages on the whole region, in a real browser: coverage (paint, filter, memory of the server), siting."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
from playwright.sync_api import Browser, Frame, Page, sync_playwright

from planner.demo import DATA_DAY, make_demo
from planner.jobs.runs import start_run, wait
from planner.registry import find_plugin
from tests.benchmarks.figures import Figure
from tests.browser.serving import CHROMIUM, FLAGS, served

_COUNTIES = ("盐池县", "海原县", "平罗县", "彭阳县", "中宁县")
_MIB = 1024 * 1024


def measure_pages() -> Iterator[Figure]:
    """One cold visit, then five warm ones, five filters on the last, and the most memory the server took."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "demo"
        workspace = make_demo(folder)
        wait(workspace, start_run(workspace, find_plugin("coverage-gaps"), {}, as_of=DATA_DAY))
        with served(folder) as server, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            process = psutil.Process(server.process.pid)
            peak = 0
            painted, filtered = [], []
            for visit in range(6):
                taken, page = _paint(browser, server.address)
                if visit:
                    painted.append(taken)
                if visit == 5:
                    filtered = [_filter(page, county) for county in _COUNTIES]
                peak = max(peak, process.memory_info().rss)
                page.close()
            answered = [_first_answer(browser, server.address) for _ in range(3)]
            browser.close()
        yield Figure("siting: from 开始计算 to the first answer on the page", answered, "s", 2)
        yield Figure("page to painted map, 22 + 2,912 features, warm", painted, "s", 3)
        yield Figure("rerun after a filter, to the painted map", filtered, "s", 0.5)
        yield Figure("peak memory of the server", [peak / _MIB], "MB", 600)


def _paint(browser: Browser, address: str) -> tuple[float, Page]:
    """Seconds from opening the page to the painted map, and the page."""
    page = browser.new_page(viewport={"width": 1440, "height": 1000}, locale="zh-CN")
    began = time.perf_counter()
    page.goto(address)
    _map(page).wait_for_selector(".leaflet-container[data-painted]", state="attached")
    return time.perf_counter() - began, page


def _filter(page: Page, county: str) -> float:
    """Seconds from choosing a county to the map painted anew."""
    frame = _map(page)
    turn = frame.locator(".leaflet-container").get_attribute("data-painted")
    box = page.get_by_role("combobox", name="查找")
    box.fill(county)
    page.get_by_role("option", name=county, exact=True).wait_for()
    began = time.perf_counter()
    box.press("Enter")
    changed = f".leaflet-container[data-painted]:not([data-painted='{turn}'])"
    frame.wait_for_selector(changed, state="attached")
    taken = time.perf_counter() - began
    page.wait_for_timeout(500)
    return taken


def _first_answer(browser: Browser, address: str) -> float:
    """Seconds from the click on 开始计算 to the first value of an answer that the page shows."""
    page = browser.new_page(viewport={"width": 1440, "height": 1000}, locale="zh-CN")
    page.goto(f"{address}/siting")
    start = page.get_by_role("button", name="开始计算")
    start.or_(page.locator("iframe")).first.wait_for()
    page.wait_for_timeout(3_000)  # the process for the next run gets ready
    if not start.is_visible():
        page.get_by_text("参数与重新计算").click()
    start.wait_for()
    before = page.url
    began = time.perf_counter()
    start.click()
    page.wait_for_function("before => location.href !== before", arg=before, polling=20)
    page.wait_for_function(
        """() => {
            const run = new URLSearchParams(location.search).get("run");
            const told = document.querySelector("[data-testid=stProgress]")?.innerText ?? "";
            return /目标值|已证明最优/.test(told) || document.body.innerText.includes(`运行 ${run}`);
        }""",
        polling=20,
    )
    taken = time.perf_counter() - began
    page.get_by_text("用时").wait_for(timeout=120_000)
    page.close()
    return taken


def _map(page: Page) -> Frame:
    page.locator("iframe").wait_for()
    element = page.locator("iframe").element_handle()
    frame = element.content_frame() if element else None
    if frame is None:
        raise RuntimeError("the page has no map")
    return frame
