"""Protection events: seen by those on duty and by who reported them, by nobody else."""

import json

import pytest
from sqlalchemy import func, select, update

from planner.errors import AccessError, ConflictError, InputError
from planner.store.audit import Action
from planner.store.children import find_by_index, read_file, read_files
from planner.store.events import NewEvent, files_at_risk, read_events, save_event
from planner.store.protected import child_events
from planner.store.roles import Role
from planner.store.sealing import SealError
from tests.store.conftest import (
    COUNTY,
    DAY_2020,
    NEXT_TOWN,
    OTHER,
    TOWN,
    VILLAGE,
    a_child,
    acting,
    audit_lines,
    id_number,
    save,
)

HARM = {"harm": "遗弃", "story": "邻居发现", "child_name": "马秘密"}


def report(workspace, township=TOWN, content=HARM, **changes):
    with workspace.writing() as connection:
        return save_event(
            connection, NewEvent(township, changes.pop("stage", "reported"), content, **changes)
        )


@pytest.fixture
def cadre(workspace):
    return acting(workspace, Role.VILLAGE, VILLAGE, login="cadre")


@pytest.fixture
def duty(workspace):
    return acting(workspace, Role.CIVIL, COUNTY, login="duty", duty_officer=True)


def test_the_duty_officer_and_the_reporter_see_an_event(workspace, cadre, duty):
    event = report(cadre, file="the-file")
    [seen] = read_events(duty)
    assert (seen.event, seen.version, seen.township, seen.stage) == (event, 1, TOWN, "reported")
    assert (seen.reporter, seen.file, seen.content) == ("cadre", "the-file", HARM)
    [own] = read_events(cadre)
    assert own == seen
    assert [item.event for item in read_events(duty, file="the-file")] == [event]
    assert read_events(duty, file="another") == []


@pytest.mark.parametrize(
    ("role", "area", "on_duty"),
    [
        (Role.CIVIL, COUNTY, False),
        (Role.CIVIL, "640102", True),
        (Role.TOWNSHIP, TOWN, False),
        (Role.VILLAGE, VILLAGE, False),
        (Role.LEADER, COUNTY, False),
        (Role.LEADER, COUNTY, True),
        (Role.PLANNER, COUNTY, False),
        (Role.AUDITOR, COUNTY, False),
        (Role.ADMIN, COUNTY, True),
    ],
)
def test_nobody_else_sees_it(workspace, cadre, role, area, on_duty):
    event = report(cadre)
    here = acting(workspace, role, area, login="other", duty_officer=on_duty)
    assert read_events(here) == []
    with pytest.raises(InputError) as told:
        report(here, event=event, expected=1)
    assert isinstance(told.value, AccessError) or "没有这个事件" in str(told.value)


def test_the_operator_is_not_on_duty(workspace, cadre):
    report(cadre)
    assert read_events(workspace) == []


def test_an_event_is_in_no_other_list(workspace, cadre, duty):
    county = acting(workspace, Role.CIVIL, COUNTY, login="county")
    [file] = save(county, a_child(5))
    report(cadre, file=file)
    for told in (
        read_files(county, as_of=DAY_2020),
        [read_file(county, file)],
        find_by_index(county, id_number(5)),
    ):
        assert "遗弃" not in str(told)
    assert len(read_events(duty)) == 1


def test_an_event_is_carried_on_by_versions(workspace, cadre, duty):
    event = report(cadre, file="the-file")
    report(duty, event=event, expected=1, stage="assessed", content={"harm": "遗弃", "plan": "安置"})
    [seen] = read_events(cadre)
    assert (seen.version, seen.stage, seen.file, seen.reporter) == (2, "assessed", "the-file", "cadre")
    with pytest.raises(ConflictError, match="第2版"):
        report(cadre, event=event, expected=1)
    with workspace.reading() as connection:
        assert connection.execute(select(func.count()).select_from(child_events)).scalar() == 2


def test_who_has_moved_on_loses_even_what_they_reported(workspace, cadre):
    report(cadre)
    assert len(read_events(cadre)) == 1
    assert read_events(acting(workspace, Role.VILLAGE, OTHER, login="cadre")) == []


def test_only_for_ones_own_area_and_only_townships(workspace, cadre, duty):
    with pytest.raises(AccessError, match="不归您管辖"):
        report(cadre, NEXT_TOWN)
    with pytest.raises(AccessError, match="报告保护事件"):
        report(acting(workspace, Role.LEADER, COUNTY))
    with pytest.raises(ValueError, match="township"):
        report(duty, COUNTY)


def test_who_reported_and_about_whom_is_not_in_the_clear(workspace, cadre):
    report(cadre, file="the-file")
    with workspace.reading() as connection:
        row = connection.execute(select(child_events)).one()
    for clear in ("cadre", "the-file", "遗弃"):
        assert clear not in str({name: value for name, value in row._mapping.items() if name != "content"})
        assert clear.encode() not in row.content


def test_an_event_moved_to_another_township_does_not_open(workspace, cadre):
    report(cadre)
    with workspace.writing() as connection:
        connection.execute(update(child_events).values(township=NEXT_TOWN))
    with pytest.raises(SealError):
        read_events(acting(workspace, Role.CIVIL, "640102", duty_officer=True))


def test_events_are_audited_without_what_they_tell(workspace, cadre, duty):
    event = report(cadre)
    read_events(duty)
    saved, read = audit_lines(workspace, Action.EVENT_SAVE, Action.EVENT_READ)
    assert (saved.who, saved.object, json.loads(saved.detail)) == (
        "cadre",
        event,
        {"version": 1, "stage": "reported"},
    )
    assert (read.who, read.object, json.loads(read.detail)) == ("duty", event, {"count": 1})


def steps(*stages):
    return [
        {"stage": stage, "at": f"2020-06-0{day}T12:00:00+08:00"} for day, stage in enumerate(stages, start=1)
    ]


@pytest.mark.parametrize(
    ("stage", "told"),
    [("closed", "还没有评估"), ("found", "不是同一类"), ("discovered", "不能退回"), ("x", "没有“x”")],
)
def test_a_stage_out_of_order_is_not_saved(workspace, duty, stage, told):
    event = report(duty)
    with pytest.raises(InputError, match=told):
        report(duty, event=event, expected=1, stage=stage)
    assert [item.version for item in read_events(duty)] == [1]


def test_an_event_begins_with_its_report(workspace, duty):
    with pytest.raises(InputError, match="还没有强制报告"):
        report(duty, stage="assessed")
    event = report(duty, stage="discovered")
    report(duty, event=event, expected=1)


def test_stages_that_were_told_stay_told(workspace, duty):
    event = report(duty, content={"steps": steps("reported")})
    more = {"steps": steps("reported", "assessed")}
    report(duty, event=event, expected=1, stage="assessed", content=more)
    for changed in ({}, {"steps": steps("reported", "emergency", "assessed")}):
        with pytest.raises(InputError, match="改动或删去"):
            report(duty, event=event, expected=2, stage="assessed", content=changed)
    for broken in ("x", [{"stage": "reported"}], [{"stage": "reported", "at": "昨天"}], [1]):
        with pytest.raises(InputError, match="读不懂"):
            report(duty, content={"steps": broken})


def test_only_that_a_file_is_at_risk_is_told(workspace, cadre, duty):
    event = report(cadre, file="the-file")
    report(cadre, file="another")
    with workspace.reading() as connection:
        assert files_at_risk(connection, workspace.ring, ["the-file", "third"]) == {"the-file"}
        assert files_at_risk(connection, workspace.ring, []) == set()
    report(duty, event=event, expected=1, stage="assessed")
    report(duty, event=event, expected=2, stage="closed")
    with workspace.reading() as connection:
        assert files_at_risk(connection, workspace.ring, ["the-file", "another"]) == {"another"}
