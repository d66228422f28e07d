"""A real Chromium on a real server over a demo of three counties, with the network cut."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    FilePayload,
    Frame,
    Locator,
    Page,
    Request,
    expect,
    sync_playwright,
)

from planner.demo import make_demo
from planner.jobs.imports import import_file
from tests.browser.offline import cut_network
from tests.browser.serving import CHROMIUM, FLAGS, served

expect.set_options(timeout=30_000)
PAYLOAD = "`${document.title='x'}</script><img src=x onerror=document.title='x'>"
COUNTIES = ("640323", "640324", "640522")
NASTY_VILLAGE = "640323100200"


@pytest.fixture(scope="session")
def network_is_cut() -> bool:
    """The network of this process, its server and its browser is cut where the system allows it."""
    return cut_network()


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo workspace in which one village bears a hostile name."""
    folder = tmp_path_factory.mktemp("browser") / "demo"
    workspace = make_demo(folder, counties=COUNTIES, children=900, seed=3)
    csv = folder.parent / "village.csv"
    csv.write_text(
        f'区划代码,名称,上级代码\n{NASTY_VILLAGE},"{PAYLOAD}",{NASTY_VILLAGE[:9]}\n', encoding="utf-8"
    )
    import_file(workspace, "divisions", csv)
    return folder


@pytest.fixture(scope="session")
def plugin_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder on which a separately installed package offers the slow plugin."""
    site = tmp_path_factory.mktemp("site")
    shutil.copy(Path(__file__).with_name("slow_plugin.py"), site / "slow_plugin.py")
    info = site / "slow_plugin-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: slow-plugin\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[planner.plugins]\nslow-steps = slow_plugin:slow_steps\n")
    return site


@pytest.fixture(scope="session")
def address(folder: Path, plugin_path: Path, network_is_cut: bool) -> Iterator[str]:
    """The address of a running `planner serve`, which finds the slow plugin beside what these tests find."""
    path = os.pathsep.join(filter(None, [str(plugin_path), os.environ.get("PYTHONPATH")]))
    with served(folder, {"PYTHONPATH": path}) as server:
        yield server.address


@pytest.fixture(scope="session")
def chromium(network_is_cut: bool) -> Iterator[Browser]:
    """One browser for all tests."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Visit:
    """A page and all it asked for and complained of."""

    page: Page
    address: str
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def open(self, path: str = "/") -> None:
        """Go to a page of the app and wait until Streamlit has drawn it."""
        self.page.goto(self.address + path)
        self.page.locator(".planner-head h1").wait_for()
        self.settle()

    def settle(self) -> None:
        """Wait until the script of the page has run."""
        self.page.wait_for_function(
            "document.querySelector('[data-test-script-state=\"notRunning\"]') !== null"
        )

    def hand_in(self, place: Locator, file: FilePayload | Path) -> None:
        """Give a file to an upload field and wait until the server has it: meanwhile no button takes a click."""
        with self.page.expect_response(lambda response: "/_stcore/upload_file/" in response.url):
            place.set_input_files(file)

    def map(self) -> Frame:
        """The frame of the map, once it has painted."""
        element = self.page.locator("iframe").element_handle()
        frame = element.content_frame() if element else None
        assert frame is not None
        frame.wait_for_selector(".leaflet-container[data-painted]", state="attached")
        return frame

    def outside(self) -> list[str]:
        """Every request that was not for this server."""
        own = (self.address, self.address.replace("http", "ws"), "data:", "blob:")
        return [url for url in self.requests if not url.startswith(own)]


@pytest.fixture
def visit(chromium: Browser, address: str) -> Iterator[Visit]:
    """A fresh visit, 1440 wide; afterwards no request may have gone outside and no script have failed."""
    page = chromium.new_page(viewport={"width": 1440, "height": 1000}, locale="zh-CN")
    page.set_default_timeout(30_000)
    made = Visit(page, address)

    def asked(request: Request) -> None:
        made.requests.append(request.url)

    def said(message: ConsoleMessage) -> None:
        # On a page below the root Streamlit looks for its server there first, then at the root.
        probe = message.location["url"].endswith(("/_stcore/health", "/_stcore/host-config"))
        if message.type == "error" and not probe:
            made.errors.append(message.text)

    page.on("request", asked)
    page.on("console", said)
    page.on("pageerror", lambda error: made.errors.append(str(error)))
    yield made
    page.close()
    assert made.outside() == []
    assert made.errors == []
