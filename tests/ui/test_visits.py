"""The page of the month's visits: without a plan, with one, and a visit moved on it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from planner.jobs.moved_plans import moved_plan
from planner.jobs.runs import start_run, wait
from planner.jobs.visit_plans import VisitPlan, run_plan
from planner.model.visiting import NotPlanned
from planner.registry import find_plugin
from planner.store.child_records import record_of
from planner.store.children import whole_files
from planner.store.runs import fail_run, list_runs
from planner.store.scope import EVERYTHING
from planner.store.visit_moves import read_moves
from planner.store.workspace import Workspace, open_workspace
from tests.jobs.conftest import copied
from tests.jobs.test_visit_progress import request as a_request
from tests.ui import shown
from tests.ui.conftest import COUNTY, DAY, Visit
from tests.ui.texts import chinese_left

SECTIONS = ("应访清单", "日历", "一天的路线", "完成与逾期", "改动")
PARAMS = {"iterations": 100}


@pytest.fixture(scope="module")
def planned(
    workspace: Workspace, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Workspace, str]]:
    """A copy of the workspace with a finished plan of visits of its county; its id."""
    made = open_workspace(copied(workspace.folder, tmp_path_factory.mktemp("visits")))
    run = wait(made, start_run(made, find_plugin("visit-routes"), PARAMS, as_of=DAY, area=COUNTY))
    assert run.state == "done", run.message
    yield made, run.id
    made.engine.dispose()


@pytest.fixture
def own(planned: tuple[Workspace, str], tmp_path: Path) -> Iterator[tuple[Workspace, str]]:
    """A copy of it that a test may change."""
    made = open_workspace(copied(planned[0].folder, tmp_path))
    yield made, planned[1]
    made.engine.dispose()


def section(app: AppTest, name: str) -> AppTest:
    app.session_state["visits-section"] = name
    return app.run()


def box(app: AppTest, label: str) -> object:
    (found,) = [item for item in app.selectbox if item.label == label]
    return found


def words(app: AppTest) -> str:
    return "\n".join([*shown.texts(app), *shown.html(app)])


def test_without_a_plan_the_page_says_what_to_do(visit: Visit) -> None:
    app = visit("visits")
    assert not app.exception
    assert "还没有算好的走访路线" in words(app)
    assert not app.selectbox


def test_a_plan_in_progress_and_a_failed_one_are_no_plan(visit: Visit, untouched: Workspace) -> None:
    from planner.store.runs import create_run

    run = create_run(untouched, a_request(area=COUNTY))
    assert "正在计算" in words(visit("visits", of=untouched))
    fail_run(untouched, run, "没有数据", 1)
    assert "还没有算好的走访路线" in words(visit("visits", of=untouched))


def test_an_empty_plan_is_told_plainly(visit: Visit, untouched: Workspace) -> None:
    params = {"township": "没有的乡", **PARAMS}
    run = wait(untouched, start_run(untouched, find_plugin("visit-routes"), params, as_of=DAY, area=COUNTY))
    assert run.state == "done", run.message
    app = visit("visits", of=untouched)
    assert not app.exception
    assert "没有应访的儿童" in words(app)


@pytest.mark.parametrize("name", SECTIONS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_section_is_drawn(
    visit: Visit, planned: tuple[Workspace, str], name: str, language: str
) -> None:
    app = section(visit("visits", of=planned[0], language=language), name)
    assert not app.exception
    assert not app.error
    if language == "en":
        place_names = re.compile(r"[\u4e00-\u9fff]+(镇|乡|县|村|村委会|居委会|社区|办|街道)")
        texts = [text for text in shown.texts(app) if not place_names.search(text)]
        left = {text for text in texts if chinese_left(text)}
        people = set(moved_plan(*planned).days["name"])
        assert {text for text in left if not any(person in text for person in people)} <= {
            "语言 / Language",
            "中文",
        }


def test_the_list_has_every_due_visit_by_number_and_no_name(
    visit: Visit, planned: tuple[Workspace, str]
) -> None:
    workspace, run = planned
    plan = run_plan(workspace, run)
    app = visit("visits", of=workspace)
    (table,) = shown.tables(app)
    assert len(table) == len(plan.planned) + len(plan.unplanned)
    entrusted = (plan.unplanned["reason"] == NotPlanned.ENTRUSTED).sum()
    told = f"未排 {len(plan.unplanned)}(其中委托 {entrusted})"
    assert any(told in item.value for item in app.caption)
    cells = {str(cell) for cell in table.to_numpy().ravel()}
    records = [record_of(file) for file in whole_files(workspace, EVERYTHING, as_of=DAY)]
    assert not cells & {value for record in records for value in (record.name, record.id_number)}
    numbers = set(table["档案编号"])
    assert all(re.fullmatch(r"[0-9a-f]{8}|另行通知", number) for number in numbers)
    secret = plan.stops[plan.stops["discreet"]]["household"]
    assert not {number[:8] for number in secret} & numbers


def test_the_township_narrows_the_list(visit: Visit, planned: tuple[Workspace, str]) -> None:
    workspace, run = planned
    plan = run_plan(workspace, run)
    town = plan.planned["township"].iloc[0]
    app = visit("visits", of=workspace)
    box(app, "乡镇").select(town)  # type: ignore[attr-defined]
    app.run()
    (table,) = shown.tables(app)
    assert len(table) == sum((frame["township"] == town).sum() for frame in (plan.planned, plan.unplanned))
    assert table["乡镇"].nunique() == 1


def test_the_calendar_adds_up(visit: Visit, planned: tuple[Workspace, str]) -> None:
    plan = run_plan(*planned)
    app = section(visit("visits", of=planned[0]), "日历")
    (overview,) = [body for body in shown.html(app) if "planner-heat" in body]
    totals = [int(number) for number in re.findall(r"<td><b>(\d+)</b></td>", overview)]
    assert sum(totals) == plan.days["households"].sum()
    (month,) = [body for body in shown.html(app) if "planner-month" in body]
    who = box(app, "走访人").value  # type: ignore[attr-defined]
    homes = [int(number) for number in re.findall(r"(\d+) 户", month)]
    assert homes == plan.days[plan.days["visitor"] == who].sort_values("day")["households"].tolist()
    assert month.index("周一") < month.index("周日")


def test_a_day_is_drawn_with_its_stops_numbered(visit: Visit, planned: tuple[Workspace, str]) -> None:
    app = section(visit("visits", of=planned[0]), "一天的路线")
    state = shown.drawn(app)
    layers = {layer["name"]: layer for layer in state["layers"]}
    assert list(layers) == ["day-base", "day-legs", "day-stops"]
    marks = layers["day-stops"]["mark_of"]
    assert marks == [str(number) for number in range(1, len(marks) + 1)]
    # Whatever leads to a home is in the page alone, never a file that anybody may fetch.
    assert all(layers[name]["inline"] and not layers[name]["address"] for name in ("day-stops", "day-legs"))


def test_the_cards_are_the_sums_of_the_rows(visit: Visit, planned: tuple[Workspace, str]) -> None:
    app = section(visit("visits", of=planned[0]), "完成与逾期")
    (table,) = shown.tables(app)
    values = {item.label: item.value for item in app.metric}
    for title, column in (("应访", "应访(次)"), ("已排", "已排(次)"), ("已访", "已访(次)")):
        assert values[title] == f"{table[column].sum():,} 次"
    for title in ("现已逾期儿童", "首访超期儿童"):
        assert values[title] == f"{table[f'{title}(人)'].sum():,} 人"


def wish(app: AppTest, plan: VisitPlan, days: int) -> AppTest:
    """Wish the first visit of the chosen day so many days later."""
    (wanted,) = [item for item in app.date_input if item.label == "改到"]
    assert isinstance(wanted.value, date)
    wanted.set_value(wanted.value + timedelta(days=days))
    return app.run()


def test_a_visit_is_moved_after_the_conflict_is_known_and_taken_back(
    visit: Visit, own: tuple[Workspace, str]
) -> None:
    workspace, run = own
    before = list_runs(workspace, 1)[0]
    app = section(visit("visits", of=workspace), "一天的路线")
    plan = run_plan(workspace, run)
    chosen = box(app, "日期").value  # type: ignore[attr-defined]
    days = (5 - chosen.weekday()) % 7 or 7
    app = wish(app, plan, days)  # a Saturday
    assert any("是休息日" in item.value.replace("\\", "") for item in app.error)
    (save,) = [item for item in app.button if item.label == "保存"]
    assert save.disabled
    (known,) = [item for item in app.checkbox if item.label == "知道有冲突,仍然保存"]
    known.check()
    (reason,) = [item for item in app.text_input if item.label == "理由"]
    reason.input("家长当天不在家")
    app.run()
    (save,) = [item for item in app.button if item.label == "保存"]
    assert not save.disabled
    save.click()
    app.run()
    assert not app.exception
    (move,) = read_moves(workspace, run)
    assert (move.from_day, move.to_day, move.reason) == (
        chosen,
        chosen + timedelta(days=days),
        "家长当天不在家",
    )
    assert list_runs(workspace, 1)[0] == before
    app = section(app, "改动")
    (table,) = shown.tables(app)
    assert table["现日期"].tolist() == [move.to_day.isoformat()]
    (reason,) = [item for item in app.text_input if item.label == "撤回的理由"]
    reason.input("弄错了")
    app.run()
    (undo,) = [item for item in app.button if item.label == "撤回"]
    undo.click()
    app.run()
    assert read_moves(workspace, run) == []


def test_without_a_reason_nothing_is_saved(visit: Visit, own: tuple[Workspace, str]) -> None:
    workspace, run = own
    app = section(visit("visits", of=workspace), "一天的路线")
    chosen = box(app, "日期").value  # type: ignore[attr-defined]
    app = wish(app, run_plan(workspace, run), (5 - chosen.weekday()) % 7 or 7)
    (known,) = [item for item in app.checkbox if item.label == "知道有冲突,仍然保存"]
    known.check()
    app.run()
    (save,) = [item for item in app.button if item.label == "保存"]
    save.click()
    app.run()
    assert any("理由" in item.value for item in app.error)
    assert read_moves(workspace, run) == []


def test_papers_are_made_with_a_purpose_and_offered(visit: Visit, own: tuple[Workspace, str]) -> None:
    workspace, _ = own
    app = section(visit("visits", of=workspace), "一天的路线")
    (make,) = [item for item in app.button if item.label == "制作"]
    make.click()
    app.run()
    assert any("理由" in item.value for item in app.error)
    (purpose,) = [item for item in app.text_input if item.label == "用途"]
    purpose.input("1月定期走访")
    (make,) = [item for item in app.button if item.label == "制作"]
    make.click()
    app.run()
    assert not app.exception
    assert not app.error
    assert re.search(r"下载 DC\d{8}-[0-9a-f]{10}", words(app))
