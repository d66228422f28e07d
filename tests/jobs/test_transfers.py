"""跨乡镇转接: two sides, one move; nobody learns what is not theirs, and nobody is counted twice."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from planner.errors import AccessError, ConflictError, InputError
from planner.jobs.closings import close_file
from planner.jobs.rosters import visits_by
from planner.jobs.transfers import accept, decline, hand_over, withdraw
from planner.model.children import Closing
from planner.store.audit import Action
from planner.store.audit_log import verify
from planner.store.children import count_files, find_by_index, read_file, read_files, reveal_file
from planner.store.person_rows import read_rows
from planner.store.protected import child_versions
from planner.store.roles import Role
from planner.store.rotation import rotate_key
from planner.store.tasks import add_tasks, read_tasks
from planner.store.transfers import Side, read_transfers
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
    heads,
    keep,
    keep_visits,
    record_in,
    server,
    the_file,
)
from tests.store.conftest import acting, audit_lines, id_number, workspace

__all__ = ["county", "database", "server", "workspace"]
NOT_THERE = "没有这项待办理的转接"


def handed(county, file, to=FAR, day=DAY):
    return hand_over(clerk(county, TOWN), file, to_village=to, day=day, reason="随父母迁居")


def test_a_file_moves_only_when_the_other_township_accepts(county):
    [file] = keep(county, a_record(1, residence_group="3组", lon=106.2, lat=38.4, assistant="马建国"))
    with county.writing() as connection:
        add_tasks(connection, [(file, "复核", LATER)])
    giver, receiver = clerk(county, TOWN), clerk(county, SECOND)
    transfer = handed(county, file)
    assert read_file(giver, file).village == NEAR
    assert read_files(receiver, as_of=LATER) == []
    assert accept(receiver, transfer) == file
    [moved] = read_files(receiver, as_of=LATER)
    assert (moved.township, moved.village, moved.hukou_village, moved.version) == (SECOND, FAR, NEAR, 2)
    record = record_in(county, file)
    assert (record.residence, record.residence_text, record.hukou) == (FAR, "甲二乡远山村", NEAR)
    assert (record.residence_group, record.lon, record.assistant) == (None, None, None)
    assert the_file(county, file, date(2020, 5, 31)).village == NEAR
    assert [task.kind for task in read_tasks(receiver)] == ["复核"]
    assert verify(county).whole


def test_the_giver_has_nothing_left_on_the_next_request(county):
    [file] = keep(county, a_record(1))
    keep_visits(county, file, date(2020, 3, 1))
    giver, receiver = clerk(county, TOWN), clerk(county, SECOND)
    with giver.writing() as connection:
        add_tasks(connection, [(file, "复核", LATER)])
    accept(receiver, handed(county, file))
    for attempt in (lambda: read_file(giver, file), lambda: handed(county, file)):
        with pytest.raises(InputError, match="没有这份档案"):
            attempt()
    for day in (FIRST, DAY, LATER):
        assert read_files(giver, as_of=day) == []
        assert visits_by(giver, as_of=day) == []
        assert read_rows(giver, "visit", as_of=day, known_at=the_file(county, file, FIRST).recorded_at) == []
    assert count_files(giver, as_of=LATER) == 0
    assert find_by_index(giver, id_number(1)) == []
    assert read_tasks(giver) == []
    assert read_transfers(giver) == []
    [visit] = visits_by(receiver, as_of=LATER)
    assert (visit.by, visit.day) == (("马建国",), date(2020, 3, 1))  # the old names stay in history


def test_until_then_the_receiver_sees_that_there_is_somebody(county):
    [file] = keep(county, a_record(1))
    transfer = hand_over(
        clerk(county, TOWN), file, to_village=FAR, day=DAY, reason=f"迁居,号码{id_number(1)}"
    )
    [seen] = read_transfers(clerk(county, SECOND))
    assert (seen.transfer.id, seen.sides, seen.transfer.to_village) == (transfer, (Side.RECEIVER,), FAR)
    assert seen.child == {"name": "马**", "id_number": "6401****" + id_number(1)[-4:]}
    assert id_number(1) not in str(seen)
    [own] = read_transfers(clerk(county, TOWN))
    assert (own.sides, own.child["name"]) == ((Side.GIVER,), "马二明")
    [village] = read_transfers(acting(county, Role.VILLAGE, FAR, login="assistant"))
    assert village.child["name"] == "马**"
    assert read_transfers(clerk(county, ABROAD)) == []
    assert read_transfers(acting(county, Role.VILLAGE, MID, login="mid")) == []
    with pytest.raises(AccessError):
        read_transfers(acting(county, Role.LEADER, COUNTY))


def test_who_has_no_part_gets_the_answer_of_an_unknown_transfer(county):
    first, second = keep(county, a_record(1), a_record(2))
    pending, done = handed(county, first), handed(county, second)
    receiver, giver, third = clerk(county, SECOND), clerk(county, TOWN), clerk(county, ABROAD)
    withdraw(giver, done)
    for person, name in (
        (third, pending),
        (giver, pending),  # the giver cannot accept
        (receiver, done),
        (receiver, "00000000-0000-0000-0000-000000000000"),
        (receiver, "' OR 1=1 --"),
    ):
        with pytest.raises(InputError) as told:
            accept(person, name)
        assert (type(told.value), told.value.message) == (InputError, NOT_THERE)
        with pytest.raises(InputError, match=NOT_THERE):
            decline(person, name, "不是本乡的")
    for person in (receiver, third):
        with pytest.raises(InputError, match=NOT_THERE):
            withdraw(person, pending)
    assert the_file(county, first).village == NEAR
    accept(receiver, pending)
    with pytest.raises(InputError, match=NOT_THERE):
        accept(receiver, pending)
    missed = [line for line in audit_lines(county, Action.TRANSFER) if line.result == "没有找到"]
    assert len(missed) == 13
    assert all(id_number(1) not in line.detail for line in missed)


def test_one_that_is_declined_or_withdrawn_leaves_the_file_where_it_is(county):
    [file] = keep(county, a_record(1))
    transfer = handed(county, file)
    with pytest.raises(ConflictError, match="已有一项转接"):
        handed(county, file)
    decline(clerk(county, SECOND), transfer, "孩子没有住在本乡")
    withdraw(clerk(county, TOWN), handed(county, file))
    assert (the_file(county, file).version, heads(county)) == (1, {NEAR: 1})
    steps = [json.loads(line.detail)["step"] for line in audit_lines(county, Action.TRANSFER)]
    assert steps == ["offer", "declined", "offer", "withdrawn"]
    assert "孩子没有住在本乡" in [line.reason for line in audit_lines(county, Action.TRANSFER)]


@pytest.mark.parametrize(
    ("to", "day", "reason", "told"),
    [
        (MID, DAY, "迁居", "不用转接"),
        ("640101002009", DAY, "迁居", "没有村"),
        (SECOND, DAY, "迁居", "没有村"),
        ("x" * 99, DAY, "迁居", "没有村"),
        (FAR, date(2019, 12, 31), "迁居", "不能更早"),
        (FAR, date(2100, 1, 1), "迁居", "还没有到"),
        (FAR, DAY, " ", "理由"),
    ],
)
def test_what_cannot_be_handed_over(county, to, day, reason, told):
    [file] = keep(county, a_record(1))
    with pytest.raises(InputError, match=told):
        hand_over(clerk(county, TOWN), file, to_village=to, day=day, reason=reason)


def test_only_who_holds_a_file_hands_it_over(county):
    [file] = keep(county, a_record(1))
    for person in (clerk(county, SECOND), acting(county, Role.CIVIL, "640102")):
        with pytest.raises(InputError, match="没有这份档案"):
            hand_over(person, file, to_village=BEYOND, day=DAY, reason="迁居")
    with pytest.raises(AccessError):
        hand_over(acting(county, Role.VILLAGE, NEAR), file, to_village=FAR, day=DAY, reason="迁居")
    civil = acting(county, Role.CIVIL, COUNTY)
    transfer = hand_over(civil, file, to_village=BEYOND, day=DAY, reason="迁居")
    with pytest.raises(InputError, match=NOT_THERE):
        accept(civil, transfer)  # it goes to another county
    accept(acting(county, Role.CIVIL, "640102", login="next"), transfer)
    assert the_file(county, file).township == ABROAD
    with pytest.raises(InputError, match="没有这份档案"):
        reveal_file(civil, file, "核对")


def test_two_who_accept_at_once(county):
    [file] = keep(county, a_record(1))
    transfer = handed(county, file)

    def take(number):
        try:
            return accept(clerk(county, SECOND, login=f"clerk-{number}"), transfer)
        except InputError as error:
            return error.message

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(take, range(2)))
    assert answers == sorted([file, NOT_THERE])
    with county.reading() as connection:
        assert connection.execute(select(func.count()).select_from(child_versions)).scalar() == 2
    assert heads(county) == {FAR: 1}


def test_a_child_without_number_keeps_its_visits(county):
    [file] = keep(county, a_record(1, id_number=None))
    keep_visits(county, file, date(2020, 3, 1))
    accept(clerk(county, SECOND), handed(county, file))
    [visit] = visits_by(clerk(county, SECOND), as_of=LATER)
    assert visit.child == record_in(county, file).key  # which names the village


def test_a_closed_file_is_not_handed_over_and_a_pending_transfer_ends(county):
    [file] = keep(county, a_record(1))
    transfer = handed(county, file)
    close_file(clerk(county, TOWN), file, on=DAY, closing=Closing.MOVED_OUT, reason="迁往外省")
    with pytest.raises(InputError, match=NOT_THERE):
        accept(clerk(county, SECOND), transfer)
    with pytest.raises(ConflictError, match="关闭"):
        handed(county, file)


def test_reasons_are_sealed_anew_with_a_new_key(county):
    [file] = keep(county, a_record(1))
    handed(county, file)
    rotate_key(county)
    [seen] = read_transfers(clerk(county, SECOND))
    assert seen.transfer.reason == "随父母迁居"


MOVES = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from([NEAR, MID, FAR, BEYOND]), st.booleans()), max_size=5
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=MOVES, serial=st.integers(0, 10**6))
def test_heads_are_the_same_before_and_after(county, moves, serial):
    people = [
        a_record(n, village, name=f"马{n}") for n, village in enumerate((NEAR, NEAR, MID, FAR), start=1)
    ]
    before = sum(heads(county, FIRST).values()), sum(heads(county).values())
    born = date.fromordinal(date(2010, 1, 1).toordinal() + serial % 2000)
    fresh = [
        a_record(n, person.residence, born=f"{born:%Y%m%d}", guardian=f"第{serial}家")
        for n, person in enumerate(people, start=100 + (serial % 800))
    ]
    held = [item for item in fresh if not find_by_index(county, item.key)]
    files = keep(county, *held)
    for which, to, accepts in moves:
        if which >= len(files):
            continue
        file = the_file(county, files[which])
        if to.startswith(file.township):
            continue
        transfer = hand_over(county, file.file, to_village=to, day=DAY, reason="迁居")
        accept(county, transfer) if accepts else withdraw(county, transfer)
    after = sum(heads(county, FIRST).values()), sum(heads(county).values())
    assert after == (before[0] + len(files), before[1] + len(files))
    assert count_files(county, as_of=LATER) == after[1]
