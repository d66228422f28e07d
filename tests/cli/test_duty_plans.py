"""干部包联 on the command line: run, accepted, gaps, chain, papers; and a county without department cadres."""

from datetime import date

import pytest

from planner.demo.workspace import make_demo
from planner.jobs.rosters import import_rows
from planner.model.cadres import Cadre
from planner.model.rosters import CadreLevel
from planner.store.child_records import cadre_row
from planner.store.journal import Source, enter_journal
from planner.store.person_rows import save_rows
from planner.store.runs import list_runs
from planner.store.workspace import open_workspace
from tests.jobs.conftest import copied

COUNTY = "640202"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The folder of a demo of one county; copy it, do not write to it."""
    folder = tmp_path_factory.mktemp("demo") / "workspace"
    make_demo(folder, counties=[COUNTY], children=60).engine.dispose()
    return folder


@pytest.fixture
def demo(made, tmp_path):
    return copied(made, tmp_path)


def test_the_three_aims_are_computed_and_told_side_by_side(planner, demo):
    told = planner("duties", "alternatives", "--workspace", demo, "--county", COUNTY, "--json").json
    assert [row["scenario"] for row in told["scenarios"]] == ["少变动", "更均衡", "更近"]
    assert [row["change_weight"] for row in told["scenarios"]] == [60, 10, 10]
    assert {row["differing"] for row in told["scenarios"]} == {len(told["differing"])}
    fewest, *others = (row["replaced"] for row in told["scenarios"])
    assert fewest <= min(others)


def test_a_plan_is_made_accepted_and_printed(planner, demo, tmp_path):
    ran = planner(
        "run",
        "cadre-assignment",
        "--workspace",
        demo,
        "--county",
        COUNTY,
        "--steps",
        20000,
        "--json",
    )
    assert ran.code == 0, ran.err
    told = ran.json
    villages = [row for row in told["tables"]["duty-plan"] if row["tier"] == "部门"]
    assert villages
    assert all(row["new_name"] for row in villages)
    assert told["tables"]["duty-loads"]
    assert "duty-vacancies" in told["tables"]
    assert told["metrics"]["gap"]["value"] >= 0
    done = planner(
        "duties", "accept", told["run"], "--from", "2021-01-01", "--workspace", demo, "--json"
    ).json
    changed = [row for row in told["tables"]["duty-plan"] if row["change"] in ("补缺", "更换")]
    assert done["changed"] == len(changed)
    again = planner("duties", "accept", told["run"], "--from", "2021-01-01", "--workspace", demo)
    assert "没有变化" in again.out
    gaps = planner("duties", "gaps", "--workspace", demo, "--as-of", "2021-01-01", "--json").json
    assert {gap["kind"] for gap in gaps["gaps"]} <= {"没有民政协理员"}
    assert gaps["villages"] == len(villages)
    chain = planner("duties", "chain", villages[0]["area"], "--workspace", demo, "--as-of", "2021-01-01").out
    assert villages[0]["new_name"] in chain
    printed = planner(
        *("duties", "papers", "--workspace", demo, "--county", COUNTY),
        *("--as-of", "2021-01-01", "--since", "2020-12-31", "--out", tmp_path),
    )
    assert printed.code == 0, printed.err
    assert len(list(tmp_path.glob("*.xlsx"))) == len(list(tmp_path.glob("*.pdf"))) == 4
    (table,) = tmp_path.glob("包联责任表*.xlsx")
    workspace = open_workspace(demo)
    report = import_rows(workspace, "cadres", table, as_of=date(2021, 1, 1), county=COUNTY)
    assert (report.checked.rejected, report.added, report.changed, report.removed) == (0, 0, 0, 0)
    workspace.engine.dispose()


def test_without_department_cadres_nothing_is_written(planner, tmp_path):
    folder = tmp_path / "workspace"
    workspace = make_demo(folder, counties=[COUNTY], children=10, people=False)
    leader = Cadre("马县长", CadreLevel.COUNTY, COUNTY)
    with workspace.writing() as connection:
        stamp = enter_journal(connection, "cadres", Source("干部", "0" * 64, date(2020, 12, 31), 1, 1, 0))
        save_rows(connection, "cadre", [cadre_row(leader)], valid_from=date(2020, 12, 31), stamp=stamp)
    ran = planner("run", "cadre-assignment", "--workspace", folder, "--county", COUNTY, "--json")
    assert (ran.code, ran.out) == (2, "")
    assert "无部门干部" in ran.err
    (run,) = list_runs(workspace, 5)
    assert (run.state, run.tables, run.metrics) == ("failed", [], None)
    refused = planner("duties", "accept", run.id, "--from", "2021-01-01", "--workspace", folder)
    assert refused.code == 2
    assert "没有包联方案" in refused.err
    workspace.engine.dispose()
