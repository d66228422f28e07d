"""Who is due and who visits, as a run reads them out of the files, visits and rosters of an area."""

from datetime import UTC, date, datetime

import pytest

from planner.errors import AccessError
from planner.jobs.inputs import read_inputs
from planner.jobs.visiting import read_due_visits, read_visitors, visitor_id
from planner.model.rosters import Assistant
from planner.model.visiting import VISIT_STOPS
from planner.model.words import Grade, SchoolStatus
from planner.store.child_records import assistant_row
from planner.store.events import NewEvent, save_event
from planner.store.journal import enter_journal
from planner.store.person_rows import save_rows
from planner.store.roles import Role
from planner.store.runs import RunRecord, RunRequest, create_run, finish_run, read_run
from planner.store.scope import EVERYTHING
from plugins.visit_routes import visit_routes
from tests.jobs.county import (
    BEYOND,
    COUNTY,
    DAY,
    FAR,
    FIRST,
    MID,
    NEAR,
    SECOND,
    TOWN,
    a_record,
    acting,
    clerk,
    county,
    database,
    keep,
    keep_visits,
    server,
    workspace,
)
from tests.plugins.visit_routes.month import frame
from tests.store.conftest import source

__all__ = ["county", "database", "server", "workspace"]


def due_of(here, **given):
    return read_due_visits(here, EVERYTHING, **{"as_of": DAY, **given})


def keep_roster(workspace, *pairs):
    """Save 协理员 given as (name, village)."""
    items = [Assistant(name=name, village=village) for name, village in pairs]
    with workspace.writing() as connection:
        stamp = enter_journal(connection, "assistants", source(rows=len(items)))
        save_rows(
            connection, "assistant", [assistant_row(item) for item in items], valid_from=FIRST, stamp=stamp
        )


def test_a_child_is_told_by_its_file_alone(county):
    (file,) = keep(county, a_record())
    keep_visits(county, file, date(2020, 5, 2))
    (row,) = due_of(county).to_dict("records")
    assert (row["file"], row["household"], row["kind"], row["grade"]) == (file, file, "定期走访", "中")
    assert (row["due"].date(), row["every_days"], row["overdue_days"]) == (date(2020, 6, 1), 30, 0)
    assert (row["placed"], row["village"]) == ("按村驻地", NEAR)
    told = " ".join(map(str, row.values()))
    record = a_record()
    assert not [word for word in (record.name, record.id_number, record.guardian) if str(word) in told]


def test_nobody_has_a_file(county):
    assert due_of(county).empty


def test_overdue_as_of_the_day_and_first_visit_after_coming(county):
    seen, new = keep(county, a_record(1), a_record(2))
    keep_visits(county, seen, date(2020, 4, 1))
    rows = due_of(county).set_index("file")
    assert rows["overdue_days"].to_dict() == {seen: 31, new: (DAY - date(2020, 1, 8)).days}
    assert due_of(county, as_of=FIRST).set_index("file").loc[new, "due"].date() == date(2020, 1, 8)


def test_an_open_event_makes_it_high_and_discreet(county):
    harmed, other = keep(county, a_record(1), a_record(2))
    with county.writing() as connection:
        save_event(connection, NewEvent(TOWN, "reported", {"harm": "遗弃"}, file=harmed))
    rows = due_of(county).set_index("file")
    assert rows["grade"].to_dict() == {harmed: "高", other: "中"}
    assert rows["discreet"].to_dict() == {harmed: True, other: False}


def test_a_grade_raised_later_is_not_asked_for_before(county):
    """Seen on 1 March by 低 (due on 30 May); an event opens: by 高 it would be overdue since 8 March."""
    (file,) = keep(county, a_record(grade=Grade.LOW))
    keep_visits(county, file, date(2020, 3, 1))
    with county.writing() as connection:
        save_event(connection, NewEvent(TOWN, "reported", {"harm": "遗弃"}, file=file))
    (row,) = due_of(county, as_of=date(2020, 3, 20)).to_dict("records")
    assert (row["due"].date(), row["overdue_days"], row["every_days"]) == (date(2020, 3, 20), 0, 7)


def test_siblings_share_a_household_by_guardian_and_place(county):
    home = {"lon": 106.21, "lat": 38.41}
    first, second, apart, unknown = keep(
        county, a_record(1, **home), a_record(2, **home), a_record(3, guardian="别人", **home), a_record(4)
    )
    rows = due_of(county).set_index("file")
    assert rows.loc[first, "household"] == rows.loc[second, "household"] == min(first, second)
    assert rows.loc[apart, "household"] == apart
    assert rows.loc[unknown, "household"] == unknown
    assert rows.loc[first, "placed"] == "住址"
    assert rows.geometry.loc[first].equals(rows.geometry.loc[second])


def test_further_kinds_and_visits_on_request(county):
    taught, away = keep(
        county,
        a_record(1, school_status=SchoolStatus.HOME_TEACHING, rehab_need=True),
        a_record(2, hukou=FAR, residence=None),
    )
    rows = due_of(county)
    assert sorted(rows.loc[rows["file"] == taught, "kind"]) == ["定期走访", "康复", "送教上门"]
    assert rows.loc[rows["file"] == away, "kind"].tolist() == ["委托走访"]


def test_only_what_the_person_holds_in_the_area_asked_for(county):
    keep(county, a_record(1), a_record(2, FAR), a_record(3, BEYOND))
    assert due_of(county)["township"].nunique() == 3
    own = read_due_visits(county, EVERYTHING.narrowed(COUNTY), as_of=DAY)
    assert sorted(own["township"]) == [TOWN, SECOND]
    assert due_of(clerk(county, TOWN))["township"].tolist() == [TOWN]
    with pytest.raises(AccessError):
        due_of(acting(county, Role.AUDITOR, COUNTY))


def test_visitors_and_who_came_last(county):
    keep_roster(county, ("马建国", NEAR), ("马建国", MID), ("李芳", MID))
    (file,) = keep(county, a_record())
    keep_visits(county, file, date(2020, 5, 2))
    found = read_visitors(county, EVERYTHING.narrowed(COUNTY), as_of=DAY)
    assert found["township"].tolist() == sorted([TOWN, TOWN, SECOND])
    rows = found.set_index("id")
    known = visitor_id(TOWN, "马建国")
    assert rows.loc[known, "villages"] == f"{NEAR}、{MID}"
    assert due_of(county)["visitor"].tolist() == [known]
    (office,) = rows.index[rows["origin"] == "默认"]
    assert rows.loc[office, "name"] == "甲二乡民政办"
    assert rows.loc[office].geometry is not None
    mine = read_visitors(clerk(county, TOWN), EVERYTHING, as_of=DAY)
    assert set(mine["township"]) == {TOWN}


def test_a_run_reads_its_own_earlier_answer(county):
    (file,) = keep(county, a_record())

    def request():
        return RunRequest(
            plugin="visit-routes",
            plugin_version="1",
            params={},
            as_of=DAY,
            known_at=datetime.now(UTC),
            area=COUNTY,
            seed=0,
            time_limit_s=None,
            work_limit=None,
            who="system",
            replay_of=None,
        )

    first = read_run(county, create_run(county, request()))
    frames = read_inputs(county, visit_routes, first)
    assert frames["visit-stops"].empty
    assert frames["due-visits"]["file"].tolist() == [file]
    record = RunRecord(
        state="done", cause=None, work=0, metrics={}, notes=(), input_hashes={}, duration_s=0.0
    )
    values = [
        DAY, "a", 1, "甲", TOWN, NEAR, file, "定期走访", "中", file, 1, None, "08:40", "08:40", "09:10",
        10.0, 10.0, 10.0, 30.0, 1, False, "住址", "手工",
    ]  # fmt: skip
    told = {**dict(zip(VISIT_STOPS.columns, values, strict=True)), "geometry": None}
    finish_run(county, first.id, record, {"visit-stops": frame(VISIT_STOPS, [told])})
    again = read_run(county, create_run(county, request()))
    assert read_inputs(county, visit_routes, again)["visit-stops"]["household"].tolist() == [file]
