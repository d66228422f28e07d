"""A small demo workspace with one finished run and a hostile name, and visits to its pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

import planner.ui.entry
from planner.demo import make_demo
from planner.jobs.imports import import_file
from planner.jobs.runs import start_run, wait
from planner.registry import find_plugin
from planner.store.workspace import Workspace, open_workspace
from planner.ui.session import WORKSPACE_VARIABLE
from tests.jobs.conftest import copied

PAYLOAD = "`${document.title='x'}</script><img src=x onerror=document.title='x'>"
COUNTY, VILLAGE = "640323", "640323100200"
DAY = date(2020, 12, 31)
SCRIPT = Path(planner.ui.entry.__file__).with_name("main.py")

Visit = Callable[..., AppTest]


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """The demo of one county, in which a village bears a hostile name; one run is done."""
    folder = tmp_path_factory.mktemp("ui") / "demo"
    made = make_demo(folder, counties=[COUNTY], children=60)
    csv = folder.parent / "village.csv"
    csv.write_text(f'区划代码,名称,上级代码\n{VILLAGE},"{PAYLOAD}",{VILLAGE[:9]}\n', encoding="utf-8")
    import_file(made, "divisions", csv)
    run = wait(made, start_run(made, find_plugin("coverage-gaps"), {}, as_of=DAY, who="本机"))
    assert run.state == "done", run.message
    yield made
    made.engine.dispose()


@pytest.fixture
def untouched(workspace: Workspace, tmp_path: Path) -> Iterator[Workspace]:
    """A copy of the workspace that a test may change."""
    copy = open_workspace(copied(workspace.folder, tmp_path))
    yield copy
    copy.engine.dispose()


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Workspace]:
    """The demo of one county in which nothing has been run yet."""
    made = make_demo(tmp_path / "fresh", counties=[COUNTY], children=60)
    yield made
    made.engine.dispose()


@pytest.fixture
def visit(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Visit:
    """Opens a page by its address, in Chinese or English, of the workspace or of another one, and all that opens on it."""

    def open_page(
        path: str = "", *, language: str = "zh", of: Workspace = workspace, **query: str
    ) -> AppTest:
        monkeypatch.setenv(WORKSPACE_VARIABLE, str(of.folder))
        app = AppTest.from_file(SCRIPT, default_timeout=60)
        app.session_state["language"] = language
        app.query_params.update(query)
        # AppTest itself can only go to pages that are files; ours are functions.
        app._page_hash = calc_hash(path) if path else ""
        app.run()
        state = app.session_state.to_dict()
        closed = [key for key in state if key.startswith(("basis-", "ask-")) and not state[key]]
        for key in closed:
            app.session_state[key] = True
        return app.run() if closed else app

    return open_page
