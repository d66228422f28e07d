"""Ledgers of persons into a workspace: whole or not at all, twice the same, within one's scope."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select

from planner.demo.content import make_content
from planner.demo.ledger_file import ledger_workbook
from planner.demo.people_content import make_people
from planner.demo.region import read_region
from planner.errors import AccessError
from planner.jobs.closings import close_file
from planner.jobs.ledgers import import_ledger
from planner.jobs.regroupings import regroup
from planner.jobs.rosters import import_rows, read_rosters
from planner.ledger import Outcome, Upload
from planner.model.children import Closing
from planner.model.divisions import Level, build_tree, full_name
from planner.model.layers import DEMAND
from planner.model.regrouping import Recode, Regrouping
from planner.store.audit_log import verify
from planner.store.children import count_files, read_files
from planner.store.events import NewEvent, save_event
from planner.store.journal import Source
from planner.store.people import add_user, find_person
from planner.store.protected import child_versions
from planner.store.reads import import_log, read_all_divisions, read_layer
from planner.store.roles import Role
from planner.store.scope import EVERYTHING
from planner.store.tables import demand, imports
from planner.store.tasks import read_tasks
from planner.store.workspace import create_workspace, open_workspace
from planner.store.writes import save_divisions

COUNTY, TOWN, OTHER_TOWN = "640323", "640323100", "640323101"
DAY = date(2020, 12, 31)


@pytest.fixture(scope="module")
def content():
    return make_content(read_region(), [COUNTY], children=500, seed=5)


@pytest.fixture(scope="module")
def people(content):
    return make_people(content, read_region(), seed=5)


@pytest.fixture(scope="module")
def ledger(content, people, tmp_path_factory):
    """The ledger that the county hands in: 500 children."""
    divisions = content.divisions
    known = divisions["parent"].where(divisions["parent"].isin(divisions["code"]))
    path = tmp_path_factory.mktemp("ledger") / "台账.xlsx"
    tree = build_tree(divisions.assign(parent=known))
    path.write_bytes(ledger_workbook(people.children, tree=tree, area=COUNTY))
    return path


@pytest.fixture
def workspace(content, tmp_path):
    made = create_workspace(tmp_path / "workspace")
    rows = len(content.divisions)
    save_divisions(made, content.divisions, Source("区划.csv", "0" * 64, None, rows, rows, 0))
    yield made
    made.engine.dispose()


def versions(workspace):
    with workspace.reading() as connection:
        return connection.execute(select(func.count()).select_from(child_versions)).scalar_one()


def test_every_row_is_accounted_for_and_kept(workspace, ledger, people):
    report = import_ledger(workspace, ledger)
    checked = report.checked
    assert checked.read == checked.accepted + checked.rejected + checked.skipped == 502
    assert (checked.accepted, checked.rejected, report.added, report.changed) == (500, 0, 500, 0)
    assert count_files(workspace, as_of=DAY) == versions(workspace) == 500
    assert import_log(workspace)[["内容", "读取", "接受", "拒绝", "跳过"]].iloc[0].tolist() == [
        "困境儿童台账", 502, 500, 0, 2,
    ]  # fmt: skip
    unregistered = sum(child.id_number is None for child in people.children)
    kinds = [task.kind for task in read_tasks(workspace)]
    assert kinds.count("落户") == unregistered > 0
    assert verify(workspace).whole


def test_the_map_weighs_what_the_ledger_says(workspace, ledger, content):
    import_ledger(workspace, ledger)
    counted = read_layer(workspace, DEMAND, EVERYTHING, as_of=DAY)
    keys = ["village", "age_band", "category", "need"]
    expected = content.demand.sort_values(keys, ignore_index=True)
    found = counted.sort_values(keys, ignore_index=True)
    assert found["children"].tolist() == expected["children"].tolist()
    assert found["village"].tolist() == expected["village"].tolist()


def test_the_same_file_twice_changes_nothing(workspace, ledger):
    import_ledger(workspace, ledger)
    again = import_ledger(workspace, ledger)
    assert (again.checked.accepted, again.checked.skipped, again.added, again.changed) == (0, 502, 0, 0)
    assert versions(workspace) == 500


def test_a_ledger_that_still_names_a_merged_village_is_taken_over(workspace, ledger, people):
    """撤并: the rows of the old village are told what became of it, and change nothing."""
    import_ledger(workspace, ledger)
    homes = Counter(str(child.residence) for child in people.children if child.residence)
    ((old, moved),) = homes.most_common(1)
    new = next(code for code in sorted(homes) if code[:9] == old[:9] and code != old)
    regroup(workspace, Regrouping.of([Recode(old, new, date(2021, 1, 15))]))
    before = versions(workspace)
    again = import_ledger(workspace, ledger, as_of=date(2021, 2, 1))
    told = [row for row in again.checked.rows if "W-VILLAGE-GONE" in row.codes]
    assert len(told) >= moved
    name = read_all_divisions(workspace, as_of=DAY).nodes[old]["name"]
    assert all(f"“{name}”自2021-01-15起并入" in " ".join(row.messages) for row in told)
    assert (again.added, again.changed, versions(workspace)) == (0, 0, before)


def test_a_trial_writes_nothing(workspace, ledger):
    report = import_ledger(workspace, ledger, dry_run=True)
    assert (report.checked.accepted, report.written) == (500, False)
    assert versions(workspace) == 0
    assert len(import_log(workspace)) == 1


def test_a_township_takes_its_own_and_learns_no_more_than_who_holds_the_rest(workspace, ledger):
    add_user(workspace, "clerk", name="经办", role=Role.TOWNSHIP, areas=[TOWN])
    add_user(workspace, "other", name="经办", role=Role.TOWNSHIP, areas=[OTHER_TOWN])
    import_ledger(workspace, ledger)
    clerk = workspace.acting_as(find_person(workspace, "clerk"))
    other = workspace.acting_as(find_person(workspace, "other"))
    own = read_files(clerk, as_of=DAY)
    assert own
    assert {file.township for file in own} == {TOWN}
    report = import_ledger(other, ledger, dry_run=True)
    refused = [row for row in report.checked.rows if row.outcome is Outcome.REJECT]
    assert {code for row in refused for code in row.codes if code.startswith("E-")} == {"E-HELD-ELSEWHERE"}
    mine = len(read_files(other, as_of=DAY))
    assert len(refused) == 500 - mine
    for role, areas in ((Role.LEADER, [COUNTY]), (Role.AUDITOR, [COUNTY]), (Role.VILLAGE, ["640323100200"])):
        add_user(workspace, f"user-{areas[0]}-{len(role)}", name="某", role=role, areas=areas)
        person = find_person(workspace, f"user-{areas[0]}-{len(role)}")
        with pytest.raises(AccessError):
            import_ledger(workspace.acting_as(person), ledger)


def test_an_open_event_keeps_the_grade_high(workspace, ledger, people, content, tmp_path):
    import_ledger(workspace, ledger)
    files = read_files(workspace, as_of=DAY)
    before = {item.file: item.grade for item in files}
    file = next(item for item in files if item.grade == "低")
    event = NewEvent(file.township, "reported", {"harm": "遗弃"}, file=file.file)
    with workspace.writing() as connection:
        save_event(connection, event)
    later = tmp_path / "台账2.xlsx"
    known = content.divisions["parent"].where(content.divisions["parent"].isin(content.divisions["code"]))
    changed = [replace(child, remark="本月核对") for child in people.children]
    tree = build_tree(content.divisions.assign(parent=known))
    later.write_bytes(ledger_workbook(changed, tree=tree, area=COUNTY))
    assert import_ledger(workspace, later).changed == 500
    after = {item.file: item.grade for item in read_files(workspace, as_of=DAY)}
    assert {name: after[name] for name in after if after[name] != before[name]} == {file.file: "高"}


def test_an_older_ledger_does_not_open_a_closed_file_again(workspace, ledger):
    import_ledger(workspace, ledger)
    files = read_files(workspace, as_of=DAY)
    close_file(workspace, files[0].file, on=date(2021, 6, 1), closing=Closing.MOVED_OUT, reason="迁往外省")
    again = import_ledger(workspace, ledger)
    codes = [code for row in again.checked.rows if row.outcome is Outcome.REJECT for code in row.codes]
    assert (again.checked.accepted, codes.count("E-AS-OF-OLD")) == (0, 1)
    assert versions(workspace) == 501
    back = import_ledger(workspace, ledger, as_of=date(2021, 6, 1))
    assert back.added == 1


KILLS = {
    "after reading": "planner.jobs.plans.enter_journal",
    "before the files": "planner.jobs.ledgers.save_versions",
    "amid the files": "planner.store.child_saving.record",
    "before the tasks": "planner.jobs.ledgers.add_tasks",
    "before the counts": "planner.jobs.ledgers.save_demand_rows",
    "while committing": "planner.store.head.HeadFile.moved",
}
SCRIPT = """
import os, signal, sys
from pathlib import Path
from unittest import mock
from planner.jobs.closings import close_file
from planner.jobs.ledgers import import_ledger
from planner.store.workspace import open_workspace
def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)
with mock.patch(sys.argv[3], die):
    import_ledger(open_workspace(Path(sys.argv[1])), Path(sys.argv[2]))
"""


@pytest.mark.parametrize("point", KILLS.values(), ids=KILLS)
def test_a_kill_leaves_all_or_nothing(workspace, ledger, point):
    command = [sys.executable, "-c", SCRIPT, str(workspace.folder), str(ledger), point]
    killed = subprocess.run(command, capture_output=True, check=False, env=os.environ.copy())
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    again = open_workspace(workspace.folder)
    assert versions(again) == 0
    assert len(import_log(again)) == 1
    assert import_ledger(again, ledger).checked.accepted == 500
    assert versions(again) == 500
    assert verify(again).whole
    again.engine.dispose()


def test_a_person_in_the_name_of_a_file_is_not_kept_in_the_clear(workspace, ledger):
    number, name = "640323201203050212", "张小三"
    upload = Upload(f"{name}_{number}_13895001234.xlsx", ledger.read_bytes())
    import_ledger(workspace, upload)
    assert import_log(workspace)["文件"][0] == f"{name}_****_****.xlsx"
    for part in workspace.folder.iterdir():
        assert not [word for word in (number, name) if word.encode() in part.read_bytes()]
    assert set(read_layer(workspace, DEMAND, EVERYTHING, as_of=DAY)["origin"]) == {"困境儿童台账"}


def test_of_two_imports_at_once_the_later_counts_the_children_of_the_earlier(
    workspace, people, content, tmp_path
):
    """The later one was planned before the earlier was written: it is planned anew."""
    village = next(record.village for record in people.children if record.residence)
    first, second = [record for record in people.children if record.residence][:2]
    papers = []
    tree = read_all_divisions(workspace, as_of=DAY)
    for number, record in enumerate((first, second)):
        moved = replace(
            record, residence=village, residence_text=full_name(tree, village, below=Level.COUNTY)
        )
        paper = tmp_path / f"{number}.xlsx"
        paper.write_bytes(ledger_workbook([moved], tree=tree, area=COUNTY))
        papers.append(paper)
    said = []

    def report(progress):
        said.append(progress.doing)
        if progress.doing == "写入1行" and said.count("写入1行") == 1:
            import_ledger(workspace, papers[0])

    import_ledger(workspace, papers[1], report=report)
    assert said.count("写入1行") == 2
    assert count_files(workspace, as_of=DAY) == 2
    counted = read_layer(workspace, DEMAND, EVERYTHING, as_of=DAY)
    assert counted["children"].sum() == 2


def test_readers_meanwhile_see_nothing_or_all(workspace, ledger):
    """Twenty readers look again and again at files, journal and counts while the import runs in a process."""
    seen, faults, done = set(), [], threading.Event()

    def look():
        try:
            while not done.is_set():
                with workspace.reading() as connection:
                    files = connection.execute(select(func.count()).select_from(child_versions)).scalar_one()
                    journal = select(func.count()).select_from(imports).where(imports.c.kind == "ledger")
                    entered = connection.execute(journal).scalar_one()
                    counted = connection.execute(select(func.sum(demand.c.children))).scalar() or 0
                seen.add((files, entered, counted))
        except Exception as error:
            faults.append(error)

    readers = [threading.Thread(target=look) for _ in range(20)]
    for reader in readers:
        reader.start()
    command = [
        sys.executable,
        "-m",
        "planner",
        "import",
        "ledger",
        str(ledger),
        "--workspace",
        str(workspace.folder),
    ]
    subprocess.run(command, capture_output=True, check=True)
    time.sleep(0.2)
    done.set()
    for reader in readers:
        reader.join()
    assert faults == []
    assert seen == {(0, 0, 0), (500, 1, 500)}


def test_rosters_visits_and_incomes(workspace, ledger, people, tmp_path):
    import_ledger(workspace, ledger)
    roster = tmp_path / "名册.csv"
    roster.write_text(
        "乡镇,村(居),姓名,性别,电话\n花马池镇,城西滩村,马建国,男,13900000001\n", encoding="utf-8"
    )
    report = import_rows(workspace, "assistants", roster, as_of=DAY)
    accepted = [row for row in report.checked.rows if row.is_accepted]
    named = read_rosters(workspace, as_of=DAY).assistants.get(TOWN, ())
    assert len(named) == len(accepted)
    incomes = tmp_path / "收入.csv"
    incomes.write_text(
        "年份,全区农村居民人均可支配收入,来源\n2015,9118.7,统计公报\n2016,9851.6,统计公报\n", encoding="utf-8"
    )
    assert import_rows(workspace, "incomes", incomes).checked.accepted == 2
    child = next(item for item in people.children if item.id_number and item.residence)
    visits = tmp_path / "走访.csv"
    visits.write_text(
        "姓名,身份证号,走访时间,走访人,方式,是否见到儿童\n"
        f"{child.name},{child.id_number},2020-12-01,马建国,入户,是\n",
        encoding="utf-8",
    )
    told = import_rows(workspace, "visits", visits, as_of=DAY).checked
    assert told.accepted == 1, [row.messages for row in told.rows]
