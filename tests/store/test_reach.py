"""R-SCOPE, R-SCOPE2: whatever is asked as one area, nothing of another is answered, nor whether it exists."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from planner.errors import AccessError, ConflictError, InputError
from planner.model.layers import DEMAND, DIVISIONS
from planner.plugin import Progress
from planner.store.children import (
    ChildFile,
    count_files,
    find_by_index,
    read_file,
    read_files,
    reveal_file,
    whole_files,
)
from planner.store.events import NewEvent, read_events, save_event
from planner.store.protected import child_events, child_versions, tasks
from planner.store.reads import counts, first_data_day, import_log, read_layer, read_tree
from planner.store.roles import Role
from planner.store.runs import (
    RunRequest,
    create_run,
    finish_run,
    latest_run,
    list_runs,
    read_run,
    read_run_frame,
    report_progress,
    wish_stop,
)
from planner.store.scope import EVERYTHING, scope_of
from planner.store.tasks import add_tasks, close_task, read_tasks
from planner.store.writes import save_demand, save_divisions, save_institutions
from tests.store.conftest import (
    COUNTY,
    DAY_2018,
    DAY_2020,
    NEXT_TOWN,
    OTHER,
    TOWN,
    VILLAGE,
    a_child,
    acting,
    demand_rows,
    id_number,
    institution_rows,
    save,
    source,
    state_rows,
)
from tests.store.test_children import changed
from tests.store.test_runs import RECORD, REQUEST, TABLE

VILLAGES = [VILLAGE, "640101001002", "640101002001", OTHER]
PEOPLE = [
    (Role.CIVIL, "64"),
    (Role.CIVIL, COUNTY),
    (Role.CIVIL, "640102"),
    (Role.TOWNSHIP, TOWN),
    (Role.TOWNSHIP, "640101002"),
    (Role.VILLAGE, VILLAGE),
    (Role.VILLAGE, OTHER),
]
FIRST = date(2018, 1, 1)


def answer(attempt, *given):
    """What is told to who asks: the error without what was asked for."""
    with pytest.raises(InputError) as told:
        attempt(*given)
    return type(told.value), str(told.value)


@pytest.fixture
def county(workspace):
    return acting(workspace, Role.CIVIL, "64", login="county")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    homes=st.lists(st.lists(st.sampled_from(VILLAGES), min_size=1, max_size=3), min_size=1, max_size=4),
    whose=st.sampled_from(PEOPLE),
    day=st.integers(-1, 4),
)
def test_no_query_answers_with_another_areas_rows(county, workspace, homes, whose, day):
    """Children who moved from village to village, one a day: asked as anybody, of any day."""
    with workspace.writing() as connection:
        for table in (child_versions, child_events, tasks):
            connection.execute(delete(table))
    files = []
    for serial, villages in enumerate(homes):
        [file] = save(county, a_child(serial, village=villages[0], valid_from=FIRST))
        files.append(file)
        for turn, village in enumerate(villages[1:], 1):
            moved = {"village": village, "township": village[:9], "valid_from": FIRST + timedelta(turn)}
            save(county, changed(read_file(county, file), **moved))
        with county.writing() as connection:
            add_tasks(connection, [(file, "复查", DAY_2020)])
    role, area = whose
    here, as_of = acting(workspace, role, area), FIRST + timedelta(day)
    own = {file for file, villages in zip(files, homes, strict=True) if villages[-1].startswith(area)}
    then = {
        file: villages[min(day, len(villages) - 1)]
        for file, villages in zip(files, homes, strict=True)
        if day >= 0
    }
    listed = read_files(here, as_of=as_of)
    assert {item.file for item in listed} == {file for file in own if then.get(file, "").startswith(area)}
    assert all((item.village or "").startswith(area) for item in listed)
    assert count_files(here, as_of=as_of) == len(listed)
    assert {item.file for item in whole_files(here, EVERYTHING, as_of=as_of)} == {
        item.file for item in listed
    }
    assert {item.file for item in read_tasks(here)} == own
    for serial, file in enumerate(files):
        assert [item.file for item in find_by_index(here, id_number(serial))] == [file] * (file in own)
        if file in own:
            assert read_file(here, file).file == file
        else:
            assert answer(read_file, here, file) == answer(read_file, here, str(uuid4()))


def test_what_is_hidden_gets_the_answer_of_what_is_not_there(county, workspace):
    [hidden] = save(county, a_child(5, village=OTHER))
    with county.writing() as connection:
        add_tasks(connection, [(hidden, "落户", DAY_2020)])
        event = save_event(connection, NewEvent(NEXT_TOWN, "reported", {}, file=hidden))
    [task] = read_tasks(county)
    town, civil = acting(workspace, Role.TOWNSHIP, TOWN), acting(workspace, Role.CIVIL, COUNTY)
    nothing = str(uuid4())

    def within(place, act):
        with place.writing() as connection:
            act(connection)

    pairs = [
        (lambda file: read_file(town, file), hidden, nothing),
        (lambda file: reveal_file(civil, file, "办理津贴"), hidden, nothing),
        (lambda file: save(town, a_child(6, file=file, expected=1)), hidden, nothing),
        (lambda file: save(town, a_child(6, file=file, expected=0)), hidden, nothing),
        (lambda file: within(town, lambda c: add_tasks(c, [(file, "落户", DAY_2020)])), hidden, nothing),
        (lambda number: within(town, lambda c: close_task(c, number)), task.id, 99),
        (
            lambda name: within(
                town, lambda c: save_event(c, NewEvent(TOWN, "x", {}, event=name, expected=1))
            ),
            event,
            nothing,
        ),
    ]
    for attempt, there, not_there in pairs:
        kind, text = answer(attempt, there)
        other_kind, other_text = answer(attempt, not_there)
        assert (kind, text.replace(str(there), "?")) == (other_kind, other_text.replace(str(not_there), "?"))
        assert kind is InputError
    assert find_by_index(town, id_number(5)) == find_by_index(town, id_number(6)) == []
    assert read_events(town, file=hidden) == read_events(town, file=nothing) == []


def test_after_a_transfer_the_former_holder_sees_nothing_any_more(county, workspace):
    [file] = save(county, a_child(5, valid_from=DAY_2018))
    before, after = acting(workspace, Role.TOWNSHIP, TOWN), acting(workspace, Role.TOWNSHIP, NEXT_TOWN)
    seen = read_file(before, file)
    assert [item.file for item in read_files(before, as_of=DAY_2018)] == [file]
    moved = {"village": OTHER, "township": NEXT_TOWN, "valid_from": DAY_2020}
    with pytest.raises(AccessError, match="跨乡镇转接"):
        save(before, changed(seen, **moved))
    save(county, changed(read_file(county, file), **moved))
    with pytest.raises(InputError, match="没有这份档案"):
        read_file(before, file)
    with pytest.raises(InputError, match="没有这份档案"):
        save(before, changed(seen, grade="高"))
    assert read_files(before, as_of=DAY_2018) == read_files(before, as_of=DAY_2020) == []
    assert find_by_index(before, id_number(5)) == []
    assert read_file(after, file).township == NEXT_TOWN
    assert [item.file for item in read_files(after, as_of=DAY_2020)] == [file]
    assert read_files(after, as_of=DAY_2018) == []
    assert [item.township for item in read_files(county, as_of=DAY_2018)] == [TOWN]


def test_a_village_sees_its_own_village_alone(county, workspace):
    save(county, a_child(1), a_child(2, village="640101001002"), a_child(3, township=TOWN, village=None))
    village = acting(workspace, Role.VILLAGE, VILLAGE)
    assert [item.village for item in read_files(village, as_of=DAY_2020)] == [VILLAGE]
    assert count_files(acting(workspace, Role.TOWNSHIP, TOWN), as_of=DAY_2020) == 3
    assert read_files(acting(workspace, Role.VILLAGE), as_of=DAY_2020) == []


def test_layers_figures_and_the_journal_stay_within_ones_area(workspace, tree_rows):
    save_divisions(workspace, tree_rows, source(DAY_2018))
    rows = ((VILLAGE, "0-6", "家庭困境", None, 2), (OTHER, "0-6", "家庭困境", None, 3))
    save_demand(workspace, demand_rows(rows[0]), source(DAY_2020))
    save_demand(workspace, demand_rows(rows[1]), source(DAY_2018))
    here = acting(workspace, Role.TOWNSHIP, TOWN)
    assert read_layer(here, DEMAND, EVERYTHING, as_of=DAY_2020)["village"].tolist() == [VILLAGE]
    assert len(read_layer(here, DEMAND, scope_of([OTHER]), as_of=DAY_2020)) == 0
    codes = read_layer(here, DIVISIONS, EVERYTHING, as_of=DAY_2020)["code"].tolist()
    assert (
        codes == ["64", "6401", COUNTY, TOWN, VILLAGE] == sorted(read_tree(here, EVERYTHING, as_of=DAY_2020))
    )
    assert counts(here)["困境儿童"] == 2
    assert first_data_day(here, DEMAND) == DAY_2020
    assert first_data_day(workspace, DEMAND) == DAY_2018
    assert len(import_log(here)) == 0
    assert len(import_log(workspace)) == 3


@pytest.mark.parametrize("role", [Role.LEADER, Role.PLANNER, Role.AUDITOR, Role.ADMIN])
def test_figures_that_are_only_published_are_not_read(workspace, tree_rows, role):
    save_divisions(workspace, tree_rows, source())
    here = acting(workspace, role, COUNTY)
    with pytest.raises(AccessError, match="未发布"):
        read_layer(here, DEMAND, EVERYTHING, as_of=DAY_2020)
    assert "困境儿童" not in counts(here)
    with pytest.raises(AccessError, match="不能运行插件"):
        create_run(here, REQUEST)


def request(**changes):
    return RunRequest(**{**vars(REQUEST), **changes})


def test_runs_are_seen_by_whose_area_they_are_of(workspace):
    region, county, town, other = (
        create_run(workspace, request(area=area)) for area in (None, COUNTY, TOWN, "640102")
    )
    for run in (region, county, town, other):
        report_progress(workspace, run, Progress("计算"))
        finish_run(workspace, run, RECORD, {"table": TABLE})
    here = acting(workspace, Role.TOWNSHIP, TOWN)
    assert [run.id for run in list_runs(here, 9)] == [town]
    latest = latest_run(here, REQUEST.plugin)
    assert latest
    assert latest.id == town
    assert len(read_run_frame(here, town, "table")) == len(TABLE)
    for hidden in (region, county, other):
        for attempt in (read_run, wish_stop, lambda place, run: read_run_frame(place, run, "table")):
            kind, text = answer(attempt, here, hidden)
            assert (kind, text.replace(hidden, "?")) == (
                InputError,
                answer(attempt, here, "20200101-0")[1].replace("20200101-0", "?"),
            )
    assert len(list_runs(acting(workspace, Role.CIVIL, COUNTY), 9)) == 2
    assert list_runs(acting(workspace, Role.AUDITOR, "64"), 9) == []
    for area in (None, COUNTY, "640102"):
        with pytest.raises(AccessError, match="管辖区域"):
            create_run(here, request(area=area))
    assert read_run(here, create_run(here, request(area=VILLAGE))).area == VILLAGE


def test_imports_stay_within_ones_area(workspace, tree_rows):
    save_divisions(workspace, tree_rows, source())
    town, county = acting(workspace, Role.TOWNSHIP, TOWN), acting(workspace, Role.CIVIL, COUNTY)
    save_demand(town, demand_rows((VILLAGE, "0-6", "家庭困境", None, 2)), source())
    assert len(import_log(town)) == 1
    refused = [
        lambda: save_demand(town, demand_rows((OTHER, "0-6", "家庭困境", None, 2)), source()),
        lambda: save_divisions(town, tree_rows, source()),
        lambda: save_divisions(county, tree_rows, source()),
        lambda: save_institutions(
            county,
            institution_rows(("jg-1", "甲中心", "640102", 20, None)),
            state_rows(("jg-1", None, "运营", None)),
            source(),
        ),
        lambda: save_demand(acting(workspace, Role.VILLAGE, VILLAGE), demand_rows(), source()),
    ]
    for attempt in refused:
        with pytest.raises(AccessError):
            attempt()
    assert len(import_log(workspace)) == 2


def test_a_conflict_tells_of_ones_own_files_alone(county, workspace):
    [file] = save(county, a_child(5))
    town = acting(workspace, Role.TOWNSHIP, TOWN)
    seen = read_file(town, file)
    assert isinstance(seen, ChildFile)
    save(county, changed(read_file(county, file), grade="高"))
    with pytest.raises(ConflictError):
        save(town, changed(seen, grade="低"))
