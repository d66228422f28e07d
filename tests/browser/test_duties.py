"""The page of the duties in a real browser: the tree folds, a name leads to its chain, it fits a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.test_app import serious_faults

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
TOWNSHIP = "640522100"


def test_the_tree_unfolds_and_a_name_leads_to_its_chain(visit: Visit) -> None:
    visit.open(f"/duties?place={TOWNSHIP[:6]}")
    expect(visit.map().locator(".planner-legend")).to_contain_text("相邻的不同色")
    visit.open(f"/duties?place={TOWNSHIP}")  # few enough to be named
    expect(visit.map().locator(".planner-legend")).not_to_contain_text("相邻的不同色")
    tree = visit.page.locator(".planner-tree")
    village = tree.locator("details details").first
    group = village.locator(".planner-leaf").first
    expect(group).to_be_hidden()
    village.locator("summary").click(position={"x": 4, "y": 12})
    expect(group).to_be_visible()
    told = str(village.locator("summary b").text_content())
    village.get_by_role("link", name="责任链").click()
    visit.page.locator(".planner-tree [aria-current]").wait_for()
    visit.settle()
    assert "place=" in visit.page.url
    assert visit.page.locator(".planner-tree [aria-current]").text_content() == told
    chain = visit.page.locator(".planner-table").first
    expect(chain).to_contain_text(told)
    expect(chain).to_contain_text("县级干部")
    assert serious_faults(visit.page) == {}


def test_a_village_on_the_map_links_to_its_chain(visit: Visit) -> None:
    visit.open(f"/duties?place={TOWNSHIP}")
    frame = visit.map()
    code = frame.evaluate(
        """() => {
          const found = [];
          plannerMap.map().eachLayer((shape) => {
            if (shape.plannerLayer === "network-villages") found.push(shape);
          });
          found[0].fire("click");
          return found[0].feature.properties.code;
        }"""
    )
    link = visit.page.get_by_role("link", name="谁负责")
    expect(link).to_have_attribute("href", f"/duties?place={code}&day=2020-12-31")


def test_the_page_fits_a_phone(visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 390, "height": 844})
    visit.open(f"/duties?place={TOWNSHIP}")
    visit.map()
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 390
