"""What frames a page: a heading whose words stay text, and errors told with every problem."""

from __future__ import annotations

import html
import re

import pytest
from streamlit.testing.v1 import AppTest

from planner.errors import fault_code
from planner.store.workspace import Workspace
from planner.ui import frame
from planner.ui.session import WORKSPACE_VARIABLE
from tests.ui import shown
from tests.ui.conftest import PAYLOAD


def head() -> None:
    from planner.ui import frame
    from tests.ui.conftest import PAYLOAD

    frame.heading(PAYLOAD, f"说明 {PAYLOAD}")


def faults() -> None:
    from planner.errors import InputError, Problem
    from planner.ui import frame

    problems = [Problem("“n/a”不是整数", "请填数字", row=12, column="人数(D列)"), Problem("文件是空的")]
    frame.tell(InputError("不能导入 a_b_c.csv", "改好后再导入", problems=problems))
    frame.tell(InputError("没有这个区域"))


@pytest.fixture(autouse=True)
def _on_the_demo(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(WORKSPACE_VARIABLE, str(workspace.folder))


def test_a_heading_from_a_plugin_is_text() -> None:
    app = AppTest.from_function(head, default_timeout=60).run()
    (body,) = shown.headings(app)
    assert "<img" not in body
    assert "`" not in body
    found = re.search(r"<h1>(.*)</h1><p>(.*)</p>", body)
    assert found is not None
    assert [html.unescape(part) for part in found.groups()] == [PAYLOAD, f"说明 {PAYLOAD}"]


def test_an_error_is_told_with_every_problem_its_place_and_what_to_do() -> None:
    app = AppTest.from_function(faults, default_timeout=60).run()
    assert [item.value for item in app.error] == ["不能导入 a\\_b\\_c\\.csv。改好后再导入", "没有这个区域"]
    (table,) = shown.tables(app)
    assert table.to_numpy().tolist() == [
        ["第12行 人数(D列)", "“n/a”不是整数", "请填数字"],
        ["", "文件是空的", ""],
    ]
    assert list(table) == ["位置", "问题", "处理办法"]


def test_a_failure_of_ours_is_told_by_its_code_alone(monkeypatch, caplog):
    told: list[str] = []
    monkeypatch.setattr(frame.st, "error", lambda text, **_: told.append(text))
    error = RuntimeError("/home/secret SELECT 640324201003050212")
    code = fault_code(error)
    assert frame.script_failed(error)
    (text,) = told
    assert code in text
    assert "secret" not in text
    assert "640324201003050212" not in text
    assert code in caplog.text
