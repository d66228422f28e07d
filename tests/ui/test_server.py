"""The web server: its pages are Chinese, its answers are guarded, it stays on this machine."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from planner.errors import InputError
from planner.maps import GeometryFile
from planner.ui import shapes
from planner.ui.server import app, check_host, serve
from planner.ui.session import WORKSPACE_VARIABLE
from tests.ui.texts import ROOT


@pytest.fixture(scope="session")
def client() -> Iterator[TestClient]:
    """The app, started; Streamlit can be started once in a process."""
    with TestClient(app, base_url="http://127.0.0.1") as started:
        yield started


@pytest.mark.parametrize("path", ["/", "/data", "/about", "/coverage-gaps"])
@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_a_page_says_that_it_is_chinese(client: TestClient, path: str, encoding: str) -> None:
    answer = client.get(path, headers={"accept-encoding": encoding})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert '<html lang="zh-CN">' in answer.text
    assert "<title>困境儿童保障一张图</title>" in answer.text
    assert 'lang="en"' not in answer.text
    assert int(answer.headers["content-length"]) == len(answer.content)


ANSWERS = [
    ("/", 200),
    ("/data", 200),
    ("/assets/leaflet/leaflet.js", 200),
    ("/assets/map/planner-map.css", 200),
    ("/assets/map/none.js", 404),
    ("/geometry/unknown", 404),
    ("/_stcore/health", 200),
    ("/_stcore/host-config", 200),
    ("/media/none", 404),
    ("/component/none/index.html", 404),
]


@pytest.mark.parametrize(("path", "status"), ANSWERS)
def test_every_answer_is_guarded(client: TestClient, path: str, status: int) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    (policy,) = answer.headers.get_list("content-security-policy")
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert set(rules) == {"default-src", "connect-src", "frame-ancestors", "form-action"}
    assert all("'self'" in rule and "*" not in rule and "http" not in rule for rule in rules.values())
    assert answer.headers.get_list("x-content-type-options") == ["nosniff"]
    assert answer.headers.get_list("referrer-policy") == ["no-referrer"]


def test_refusals_are_guarded_as_well(client: TestClient) -> None:
    for answer in (client.post("/geometry/unknown"), client.put("/_stcore/upload_file/a/b", content=b"x")):
        assert answer.status_code >= 400
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_an_unknown_shape_is_told_in_chinese(client: TestClient) -> None:
    answer = client.get("/geometry/unknown")
    assert (answer.status_code, answer.text) == (404, "没有这个图层文件,请刷新页面")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"


def test_a_published_shape_is_served_and_may_be_kept_for_ever(client: TestClient) -> None:
    content = b'{"type":"FeatureCollection","features":[]}'
    answer = client.get(shapes.publish(GeometryFile("places-0.geojson", content, inline=False)))
    assert (answer.status_code, answer.content) == (200, content)
    assert answer.headers["content-type"] == "application/geo+json"
    assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize(
    ("path", "kind", "holds"),
    [
        ("/assets/leaflet/leaflet.js", "javascript", "window.L="),
        ("/assets/leaflet/leaflet.css", "text/css", ".leaflet-container"),
        ("/assets/leaflet/images/layers.png", "image/png", None),
        ("/assets/map/planner-map.js", "javascript", "window.plannerMap"),
        ("/assets/map/planner-map.css", "text/css", ".planner-legend"),
    ],
)
def test_assets_are_served(client: TestClient, path: str, kind: str, holds: str | None) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert kind in answer.headers["content-type"]
    assert holds is None or holds in answer.text


@pytest.mark.parametrize(
    "path",
    ["/assets/map/%2e%2e/style.py", "/assets/map/..%2fstyle.py", "/assets/leaflet/%2e%2e/%2e%2e/__init__.py"],
)
def test_nothing_beside_the_assets_is_served(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert "def " not in answer.text
    assert answer.status_code >= 400 or "<html" in answer.text


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_this_machine_may_be_listened_on(host: str) -> None:
    check_host(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example", "", "127.0.0.1.nip", "0"])
def test_an_address_that_others_reach_is_refused_with_the_way_out(
    host: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(WORKSPACE_VARIABLE, raising=False)
    with pytest.raises(InputError, match="证书") as refused:
        check_host(host)
    assert "--host 127.0.0.1" in refused.value.fix
    with pytest.raises(InputError, match="证书"):
        serve(tmp_path, host=host)
    assert WORKSPACE_VARIABLE not in os.environ


def test_the_settings_hold_wherever_the_server_is_started(tmp_path: Path) -> None:
    """Streamlit looks for them beside the script; elsewhere it would ask the vendor's server for numbers."""
    program = (
        "from planner.ui.server import app\n"
        "from streamlit import config\n"
        "names = ('browser.gatherUsageStats', 'client.showErrorDetails', 'client.showErrorLinks',"
        " 'server.enableStaticServing')\n"
        "print([config.get_option(name) for name in names])\n"
        "print(app.script_path.is_file(), (app.script_path.parent / 'pages').exists())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    # A folder named pages beside the script would be a second set of pages.
    assert done.stdout.splitlines() == ["[False, 'none', False, False]", "True False"]
