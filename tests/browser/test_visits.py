"""A month's visits in a real browser: a day on the map, a visit moved after its conflict is known, on a phone too."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from planner.demo import make_demo
from planner.jobs.runs import start_run, wait
from planner.jobs.visit_plans import run_plan
from planner.registry import find_plugin
from planner.store.visit_moves import read_moves
from planner.store.workspace import Workspace, open_workspace
from tests.browser.conftest import Visit
from tests.browser.serving import served
from tests.browser.test_app import serious_faults

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
COUNTY = "640323"
SECTIONS = ("应访清单", "日历", "一天的路线", "完成与逾期", "改动")


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Workspace, str]]:
    """A workspace of this module alone with a plan of visits; its run."""
    folder = tmp_path_factory.mktemp("visits") / "demo"
    workspace = make_demo(folder, counties=[COUNTY], children=90)
    params = {"iterations": 100}
    run = start_run(workspace, find_plugin("visit-routes"), params, as_of=date(2020, 12, 31), area=COUNTY)
    assert wait(workspace, run).state == "done"
    yield workspace, run
    workspace.engine.dispose()
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def own_address(planned: tuple[Workspace, str]) -> Iterator[str]:
    with served(planned[0].folder) as server:
        yield server.address


@pytest.fixture
def own(visit: Visit, own_address: str) -> Visit:
    visit.address = own_address
    visit.open("/visits")
    return visit


def choose(visit: Visit, section: str) -> None:
    visit.page.get_by_role("radio", name=section, exact=True).click()
    expect(visit.page.get_by_role("radio", name=section, exact=True)).to_be_checked()
    visit.settle()


def test_the_legend_is_in_sight_where_all_that_is_drawn_came_with_the_page(own: Visit) -> None:
    own.open("/visit-routes")
    legend = own.map().locator(".planner-legend")
    expect(legend).to_contain_text("走访停靠点")
    own.map().wait_for_function(
        "document.querySelector('.planner-legend').getBoundingClientRect().bottom <= window.innerHeight"
    )


def test_a_day_is_drawn_and_a_visit_moved_once_the_conflict_is_known(
    own: Visit, planned: tuple[Workspace, str]
) -> None:
    workspace, run = planned
    choose(own, "一天的路线")
    frame = own.map()
    expect(frame.locator(".planner-mark").first).to_have_text("1")
    # What leads to homes came with the page: no file of it was fetched.
    assert not [url for url in own.requests if "/geometry/day-" in url and "day-base" not in url]
    wanted = own.page.get_by_role("spinbutton", name="year, 改到")
    day = min(run_plan(workspace, run).days["day"]).date()
    saturday = day + timedelta(days=(5 - day.weekday()) % 7)
    wanted.scroll_into_view_if_needed()
    assert serious_faults(own.page) == {}
    wanted.click()
    own.page.keyboard.type(saturday.strftime("%Y%m%d"))
    own.page.keyboard.press("Escape")
    expect(own.page.get_by_text("是休息日")).to_be_visible()
    save = own.page.get_by_role("button", name="保存", exact=False).last
    expect(save).to_be_disabled()
    own.page.get_by_text("知道有冲突,仍然保存").click()
    own.page.get_by_label("理由").fill("家长当天不在家")
    own.page.keyboard.press("Tab")
    expect(save).to_be_enabled()
    save.click()
    expect(own.page.get_by_text("改动 1 次")).to_be_visible()
    again = open_workspace(workspace.folder)
    (move,) = read_moves(again, run)
    again.engine.dispose()
    assert (move.to_day, move.reason) == (saturday, "家长当天不在家")


@pytest.mark.parametrize("section", SECTIONS)
def test_no_section_has_a_serious_accessibility_fault_or_is_wider_than_a_phone(
    own: Visit, section: str
) -> None:
    choose(own, section)
    if section == "一天的路线":
        own.map()
    assert serious_faults(own.page) == {}
    own.page.set_viewport_size({"width": 390, "height": 844})
    own.settle()
    assert own.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert serious_faults(own.page) == {}
