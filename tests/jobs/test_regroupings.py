"""撤并和拆分: everything goes along, nobody is lost or counted twice, history keeps the old codes."""

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.errors import AccessError, ConflictError, InputError
from planner.jobs.changes import begin_change
from planner.jobs.closings import close_file
from planner.jobs.regroupings import regroup
from planner.jobs.rosters import read_rosters, visits_by
from planner.jobs.transfers import hand_over
from planner.ledger import read_regrouping
from planner.model.children import Closing
from planner.model.layers import DEMO_ORIGIN
from planner.model.regrouping import Recode, Regrouping
from planner.model.rosters import Assistant, CadreLevel, Duty
from planner.store.audit import Action
from planner.store.audit_log import verify
from planner.store.child_records import assistant_row, duty_row
from planner.store.children import count_files, read_files
from planner.store.events import NewEvent, read_events, save_event
from planner.store.people import add_user
from planner.store.person_rows import save_rows
from planner.store.reads import has_demo_rows, read_all_divisions
from planner.store.roles import Role
from planner.store.workspace import create_workspace
from planner.store.writes import save_demand
from tests.jobs.county import (
    ABROAD,
    BEYOND,
    COUNTY,
    DAY,
    FAR,
    FIRST,
    LATER,
    MID,
    NEAR,
    SECOND,
    TOWN,
    a_record,
    clerk,
    county,
    database,
    fill,
    heads,
    keep,
    keep_visits,
    record_in,
    server,
    the_file,
)
from tests.store.conftest import acting, audit_lines, demand_rows, source, workspace

__all__ = ["county", "database", "server", "workspace"]
NEW, NEW_TOWN = "640101001100", "640101009"
EVE = DAY - timedelta(days=1)
AFTER = date(2020, 9, 1)


def plan(*rows, day=DAY):
    """Rows of (old, new, and what else)."""
    return Regrouping.of(
        Recode(old, new, day, **dict(more)) for old, new, *rest in rows for more in (rest or [{}])
    )


def keep_rosters(workspace, assistants=(), duties=()):
    with workspace.writing() as connection:
        stamp = begin_change(connection, "correction", 1, FIRST)
        save_rows(
            connection, "assistant", [assistant_row(one) for one in assistants], valid_from=FIRST, stamp=stamp
        )
        save_rows(connection, "duty", [duty_row(one) for one in duties], valid_from=FIRST, stamp=stamp)


MERGE = plan((NEAR, NEW, {"name": "新水村"}), (MID, NEW, {"name": "新水村"}))


def test_two_villages_become_one_with_all_they_hold(county):
    near, mid, elsewhere = keep(
        county,
        a_record(1, residence_group="3组"),
        a_record(2, MID, residence_group="3组"),
        a_record(3, FAR, hukou=NEAR),
    )
    keep_visits(county, near, date(2020, 3, 1))
    keep_rosters(
        county,
        [Assistant("马建国", NEAR), Assistant("李同名", MID), Assistant("王远", FAR)],
        [
            Duty("县长", CadreLevel.COUNTY, TOWN),
            Duty("局长", CadreLevel.DEPARTMENT, NEAR),
            Duty("局长", CadreLevel.DEPARTMENT, MID),
            Duty("组员", CadreLevel.TOWNSHIP, f"{NEAR}-3", "3组"),
        ],
    )
    report = regroup(county, MERGE)
    assert (report.files, report.retired, report.added) == (3, (NEAR, MID), (NEW,))
    assert (heads(county, EVE), heads(county, DAY)) == ({NEAR: 1, MID: 1, FAR: 1}, {NEW: 2, FAR: 1})
    assert (heads(county, LATER), heads(county, FIRST)) == (heads(county, DAY), heads(county, EVE))
    record = record_in(county, near)
    assert (record.residence, record.residence_text) == (NEW, "甲一镇新水村近水3组")
    assert (record.residence_group, record.residence_group_code) == ("近水3组", None)
    assert the_file(county, near, EVE).village == NEAR
    assert record_in(county, elsewhere).hukou == NEW
    assert the_file(county, elsewhere).township == SECOND
    assert len(visits_by(acting(county, Role.VILLAGE, NEW), as_of=LATER)) == 1
    rosters = read_rosters(county, as_of=DAY)
    assert {(one.name, one.village) for one in rosters.assistants[TOWN]} == {("马建国", NEW), ("李同名", NEW)}
    assert [one.name for one in rosters.assistants[SECOND]] == ["王远"]
    assert {(one.cadre, one.area, one.group) for one in rosters.duties[TOWN]} == {
        ("县长", TOWN, None),
        ("局长", NEW, None),
        ("组员", NEW, "近水3组"),
    }
    assert {one.village for one in read_rosters(county, as_of=EVE).assistants[TOWN]} == {NEAR, MID}
    before, after = read_all_divisions(county, as_of=EVE), read_all_divisions(county, as_of=DAY)
    assert (NEAR in before, NEW in before, NEAR in after, NEW in after) == (True, False, False, True)
    assert after.nodes[NEW]["name"] == "新水村"
    assert len(audit_lines(county, Action.REGROUP)) == 1
    assert mid
    assert verify(county).whole


def test_a_second_time_changes_nothing(county):
    keep(county, a_record(1), a_record(2, MID))
    regroup(county, MERGE)
    lines = len(audit_lines(county))
    report = regroup(county, MERGE)
    assert (report.files, report.retired, report.added) == (0, (), ())
    assert len(audit_lines(county)) == lines
    assert heads(county) == {NEW: 2}


def test_a_village_goes_into_its_neighbour_and_into_another_township(county):
    near, _ = keep(county, a_record(1, residence_group="3组"), a_record(3, FAR, residence_group="3组"))
    report = regroup(county, plan((NEAR, FAR)))
    assert (report.files, report.retired, report.added) == (1, (NEAR,), ())
    assert heads(county) == {FAR: 2}
    moved = the_file(county, near)
    assert (moved.township, moved.village, moved.content["residence_group"]) == (SECOND, FAR, "近水3组")
    assert read_files(clerk(county, TOWN), as_of=FIRST) == []  # who holds it now sees it, of whatever day
    assert len(read_files(clerk(county, SECOND), as_of=DAY)) == 2


def test_a_township_takes_another_with_its_villages_and_events(county):
    near, far = keep(county, a_record(1), a_record(3, FAR))
    keep_rosters(
        county,
        [Assistant("马建国", NEAR), Assistant("王远", FAR)],
        [Duty("县长", CadreLevel.COUNTY, TOWN), Duty("书记", CadreLevel.COUNTY, SECOND)],
    )
    add_user(county, "far", name="某", role=Role.TOWNSHIP, areas=[SECOND])
    with county.writing() as connection:
        save_event(connection, NewEvent(SECOND, "reported", {"harm": "遗弃"}, file=far))
    moved = "640101001009"
    report = regroup(county, plan((SECOND, TOWN), (FAR, moved)))
    assert (report.files, report.retired, report.added) == (1, (SECOND, FAR), (moved,))
    assert report.logins == ("far",)
    assert heads(county) == {NEAR: 1, moved: 1}
    assert (the_file(county, far).township, the_file(county, far).grade) == (TOWN, "高")
    rosters = read_rosters(county, as_of=DAY)
    assert {one.name for one in rosters.assistants[TOWN]} == {"马建国", "王远"}
    assert {(one.cadre, one.area) for one in rosters.duties[TOWN]} == {("县长", TOWN), ("书记", TOWN)}
    assert SECOND not in rosters.duties
    [event] = read_events(acting(county, Role.CIVIL, COUNTY, duty_officer=True))
    assert (event.township, event.version, event.stage, event.file) == (TOWN, 2, "reported", far)
    assert len(read_files(clerk(county, TOWN), as_of=DAY)) == 2
    assert near


def test_a_township_without_more_words_keeps_the_ends_of_its_codes(county):
    keep(county, a_record(1), a_record(2, MID))
    report = regroup(county, plan((TOWN, NEW_TOWN, {"name": "新一镇"})))
    assert report.added == (NEW_TOWN, f"{NEW_TOWN}001", f"{NEW_TOWN}002")
    assert heads(county) == {f"{NEW_TOWN}001": 1, f"{NEW_TOWN}002": 1}
    tree = read_all_divisions(county, as_of=DAY)
    assert tree.nodes[f"{NEW_TOWN}001"]["name"] == "近水村"
    assert list(tree.predecessors(f"{NEW_TOWN}001")) == [NEW_TOWN]
    with pytest.raises(InputError, match="不知道新代码"):
        regroup(county, plan((SECOND, NEW_TOWN)))  # both have a village 001


SPLIT = [
    (NEAR, NEAR, {"group": "1组"}),
    (NEAR, NEW, {"group": "2组", "name": "新水村"}),
]


def test_a_split_says_of_every_file_where_it_goes(county):
    one, two, none = keep(
        county,
        a_record(1, residence_group="1组", hukou_group="1组"),
        a_record(2, residence_group="2组", hukou_group="2组"),
        a_record(3),
    )
    keep_rosters(
        county,
        [Assistant("马建国", NEAR)],
        [
            Duty("局长", CadreLevel.DEPARTMENT, NEAR),
            Duty("组员", CadreLevel.TOWNSHIP, f"{NEAR}-2", "2组"),
        ],
    )
    with pytest.raises(InputError, match="1份档案") as told:
        regroup(county, plan(*SPLIT))
    assert [problem.message for problem in told.value.problems] == [f"档案 {none}"]
    assert (heads(county), NEW in read_all_divisions(county, as_of=LATER)) == ({NEAR: 3}, False)
    whole = plan(*SPLIT, (NEAR, NEW, {"file": none}))
    report = regroup(county, whole)
    assert (report.files, report.retired, report.added) == (2, (), (NEW,))
    assert (heads(county, EVE), heads(county)) == ({NEAR: 3}, {NEAR: 1, NEW: 2})
    assert [the_file(county, file).village for file in (one, two, none)] == [NEAR, NEW, NEW]
    assert record_in(county, two).residence_group == "2组"
    rosters = read_rosters(county, as_of=DAY)
    assert {one.village for one in rosters.assistants[TOWN]} == {NEAR, NEW}
    assert {(one.cadre, one.area) for one in rosters.duties[TOWN]} == {
        ("局长", NEAR),
        ("局长", NEW),
        ("组员", f"{NEW}-2"),
    }
    assert regroup(county, whole).files == 0


def test_counts_without_files_are_added_up_and_not_split(county):
    rows = demand_rows(
        (NEAR, "0-6", "家庭困境", None, 4),
        (MID, "0-6", "家庭困境", None, 5),
        (MID, "7-14", "监护困境", "康复", 2),
    )
    save_demand(county, rows.assign(origin="generated"), source(as_of=FIRST))
    with pytest.raises(InputError, match="没有档案"):
        regroup(county, plan(*SPLIT))
    regroup(county, MERGE)
    assert (heads(county, EVE), heads(county, DAY)) == ({NEAR: 4, MID: 7}, {NEW: 11})


def test_later_counts_go_along(county):
    keep(county, a_record(1), a_record(2, MID), a_record(3, MID))
    keep(county, a_record(4, MID), day=date(2020, 7, 1))
    keep(county, a_record(6), day=date(2020, 8, 1))
    regroup(county, MERGE)
    days = [DAY, date(2020, 7, 1), date(2020, 7, 31), date(2020, 8, 1), LATER]
    assert [heads(county, day) for day in days] == [{NEW: 3}, {NEW: 4}, {NEW: 4}, {NEW: 5}, {NEW: 5}]
    assert heads(county, EVE) == {NEAR: 1, MID: 2}
    assert count_files(county, as_of=LATER) == 5


def test_generated_counts_stay_marked(county):
    rows = demand_rows((NEAR, "0-6", "家庭困境", None, 4)).assign(origin=DEMO_ORIGIN)
    save_demand(county, rows, source(as_of=FIRST))
    regroup(county, MERGE)
    assert has_demo_rows(county)


def test_what_hinders_a_regrouping(county):
    [file] = keep(county, a_record(1))
    later = plan((NEAR, MID), day=date(2100, 1, 1))
    for wrong, told in (
        (plan((NEAR, NEW), (MID, NEW)), "没有名称"),
        (plan(("640101001777", MID)), "不在区划表"),
        (plan((NEAR, "640101888001", {"name": "无镇村"})), "上级"),
        (later, "还没有到"),
    ):
        with pytest.raises(InputError) as error:
            regroup(county, wrong)
        assert told in str(error.value)
    with pytest.raises(AccessError):
        regroup(clerk(county, TOWN), MERGE)
    with pytest.raises(AccessError, match="管辖"):
        regroup(acting(county, Role.CIVIL, "640102"), MERGE)
    with pytest.raises(AccessError, match="管辖"):
        regroup(acting(county, Role.CIVIL, COUNTY), plan((NEAR, BEYOND)))
    hand_over(county, file, to_village=BEYOND, day=DAY, reason="迁居")
    with pytest.raises(ConflictError, match="转接"):
        regroup(county, MERGE)
    assert heads(county) == {NEAR: 1}
    assert NEAR in read_all_divisions(county, as_of=LATER)


@pytest.mark.parametrize("step", ["carry_counts", "_carry_divisions", "carry_events", "logins_in"])
def test_what_breaks_off_leaves_everything_as_it_was(county, monkeypatch, step):
    [file] = keep(county, a_record(1))
    keep_rosters(county, [Assistant("马建国", NEAR)])

    def broken(*_):
        raise RuntimeError("no room left")

    monkeypatch.setattr(f"planner.jobs.regroupings.{step}", broken)
    with pytest.raises(RuntimeError):
        regroup(county, MERGE)
    assert (the_file(county, file).version, heads(county)) == (1, {NEAR: 1})
    assert [one.village for one in read_rosters(county, as_of=LATER).assistants[TOWN]] == [NEAR]
    assert NEW not in read_all_divisions(county, as_of=LATER)
    assert verify(county).whole
    monkeypatch.undo()
    assert regroup(county, MERGE).files == 1


def test_a_closed_file_keeps_its_old_code(county):
    [file] = keep(county, a_record(1))
    close_file(county, file, on=FIRST, closing=Closing.MOVED_OUT, reason="迁出")
    assert regroup(county, MERGE).files == 0
    assert heads(county) == {}


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([(NEAR, TOWN)], "9位乡镇代码或12位村代码"),
        ([(COUNTY, ABROAD)], "9位乡镇代码或12位村代码"),
        ([(NEAR, NEW, {"group": "1组"}), (NEAR, MID, {"group": "1组"})], "两个去向"),
        ([(NEAR, NEW, {"name": "甲"}), (MID, NEW, {"name": "乙"})], "两个名称"),
    ],
)
def test_rows_that_contradict_each_other(rows, told):
    with pytest.raises(InputError) as error:
        plan(*rows)
    assert told in str(error.value)


def test_a_file_of_regroupings(tmp_path):
    path = tmp_path / "调整.csv"
    path.write_text(
        "原代码,新代码,日期,新名称,组,档案\n"
        f"{NEAR},{NEAR},2020-06-01,,第一组,\n"
        f"{NEAR},{NEW},2020-06-01,新水村,2,\n"
        f"{NEAR},{NEW},2020-06-01,,,abc\n",
        encoding="utf-8",
    )
    read = read_regrouping(path)
    assert read == replace(plan(*SPLIT, (NEAR, NEW, {"file": "abc"})))
    path.write_text(f"原代码,新代码,日期\n{NEAR},{COUNTY},2020-06-01\n{MID},,昨天\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_regrouping(path)
    assert [problem.row for problem in error.value.problems] == [2, 3, 3]


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    merges=st.lists(st.permutations([NEAR, MID, FAR, BEYOND]).map(lambda codes: codes[:2]), max_size=3),
    counts=st.lists(st.integers(0, 9), min_size=4, max_size=4),
    again=st.sets(st.sampled_from([NEAR, MID, FAR, BEYOND])),
    later=st.integers(0, 9),
)
def test_heads_are_the_same_before_and_after(tmp_path_factory, merges, counts, again, later):
    here = fill(create_workspace(tmp_path_factory.mktemp("merge") / "workspace"))
    villages = [NEAR, MID, FAR, BEYOND]
    rows = pd.concat(
        [
            demand_rows((village, "0-6", "家庭困境", None, count))
            for village, count in zip(villages, counts, strict=True)
        ]
    )
    save_demand(here, rows, source(as_of=FIRST))
    save_demand(here, rows[rows["village"].isin(again)].assign(children=later), source(as_of=AFTER))
    grown = sum(later - n for village, n in zip(villages, counts, strict=True) if village in again)
    for old, new in merges:
        if old in read_all_divisions(here, as_of=DAY) and new in read_all_divisions(here, as_of=DAY):
            regroup(here, plan((old, new)))
    for day in (FIRST, EVE, DAY, AFTER - timedelta(days=1)):
        assert sum(heads(here, day).values()) == sum(counts)
    assert sum(heads(here, LATER).values()) == sum(counts) + grown
    here.engine.dispose()
