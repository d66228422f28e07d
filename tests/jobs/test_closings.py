"""期满 and other closings: out of every list from the day on, as it was before it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from planner.errors import AccessError, ConflictError, InputError
from planner.jobs.closings import ClosedFile, close_file, close_of_age
from planner.jobs.corrections import correct
from planner.model.children import Closing
from planner.policy.ages import age_on
from planner.policy.from_record import is_past_ledger, ledger_end
from planner.store.audit import Action
from planner.store.audit_log import verify
from planner.store.children import archive_of, count_files, find_by_index, read_file, read_files
from planner.store.protected import child_versions
from planner.store.roles import Role
from planner.store.tasks import add_tasks, read_tasks
from tests.jobs.county import (
    COUNTY,
    DAY,
    FAR,
    FIRST,
    LATER,
    MID,
    NEAR,
    RULES,
    SECOND,
    TOWN,
    a_record,
    clerk,
    county,
    database,
    heads,
    keep,
    server,
    the_file,
)
from tests.store.conftest import acting, audit_lines, id_number, workspace

__all__ = ["county", "database", "server", "workspace"]
ADULT = "20020315"
BIRTHDAY = date(2020, 3, 15)


def test_a_file_closes_on_the_birthday(county):
    grown, young = keep(county, a_record(1, born=ADULT), a_record(2))
    with county.writing() as connection:
        add_tasks(connection, [(grown, "复核", LATER)])
    assert close_of_age(county, BIRTHDAY - timedelta(days=1)) == []
    assert close_of_age(county, LATER) == [ClosedFile(grown, TOWN, NEAR, "中", BIRTHDAY)]
    before, after = BIRTHDAY - timedelta(days=1), BIRTHDAY
    assert {file.file for file in read_files(county, as_of=before)} == {grown, young}
    assert [file.file for file in read_files(county, as_of=after)] == [young]
    assert (count_files(county, as_of=before), count_files(county, as_of=after)) == (2, 1)
    assert (heads(county, before), heads(county, after)) == ({NEAR: 2}, {NEAR: 1})
    assert find_by_index(county, id_number(1, born=ADULT)) == []
    assert read_tasks(county) == []
    [archived] = archive_of(county)
    assert (archived.file, archived.valid_to, archived.closing) == (grown, BIRTHDAY, Closing.OF_AGE)
    assert read_file(county, grown).content["name"] == "马二明"
    assert verify(county).whole


def test_a_second_time_closes_nothing(county):
    keep(county, a_record(1, born=ADULT))
    assert len(close_of_age(county, LATER)) == 1
    lines = len(audit_lines(county))
    assert close_of_age(county, LATER) == []
    assert len(audit_lines(county)) == lines
    assert len(archive_of(county)) == 1


def test_several_birthdays_in_one_village_are_each_counted_on_their_day(county):
    keep(
        county, a_record(1, born="20020315"), a_record(3, born="20020420"), a_record(5, MID, born="20020501")
    )
    assert sorted(item.day.month for item in close_of_age(county, LATER)) == [3, 4, 5]
    days = [date(2020, 3, 14), date(2020, 3, 15), date(2020, 4, 20), date(2020, 5, 1)]
    assert [sum(heads(county, day).values()) for day in days] == [3, 2, 1, 0]


def test_a_month_is_over_when_it_is_over(county):
    month = a_record(1, id_number=None, birth=None, birth_month="2002-03")
    keep(county, month)
    assert close_of_age(county, date(2020, 3, 31)) == []
    [closed] = close_of_age(county, date(2020, 4, 1))
    assert closed.day == date(2020, 4, 1)


@pytest.mark.parametrize(
    ("born", "month", "end"),
    [
        (date(1999, 11, 9), None, date(2017, 11, 9)),
        (date(2000, 2, 29), None, date(2018, 3, 1)),
        (date(2002, 2, 28), None, date(2020, 2, 28)),
        (None, "2002-03", date(2020, 4, 1)),
        (None, "2002-12", date(2021, 1, 1)),
        (None, None, None),
    ],
)
def test_the_day_on_which_a_child_leaves(born, month, end):
    assert ledger_end(born, month, RULES) == end


@given(st.dates(date(1990, 1, 1), date(2020, 1, 1)), st.dates(date(2000, 1, 1), date(2040, 1, 1)))
def test_who_has_left_is_18(born, day):
    assert is_past_ledger(born, None, day, RULES) == (age_on(born, day) >= 18)


def test_a_later_version_closes_on_its_own_day(county):
    [file] = keep(county, a_record(1, born="20030315"), day=DAY)
    correct(
        county,
        file,
        id_number=id_number(1, born=ADULT),
        birth=date(2002, 3, 15),
        reason="按户口簿更正",
    )
    [closed] = close_of_age(county, LATER)
    assert closed.day == DAY
    assert read_files(county, as_of=DAY) == []


def test_each_closes_and_sees_its_own(county):
    keep(county, a_record(1, born=ADULT), a_record(3, FAR, born=ADULT))
    town, second = clerk(county, TOWN), clerk(county, SECOND)
    assert [item.village for item in close_of_age(town, LATER)] == [NEAR]
    assert [item.village for item in archive_of(town)] == [NEAR]
    assert archive_of(second) == []
    assert [item.village for item in close_of_age(second, LATER)] == [FAR]
    [own] = archive_of(town)
    assert own.content["id_number"].endswith(id_number(1, born=ADULT)[-4:])
    assert "****" in own.content["id_number"]
    for role in (Role.LEADER, Role.AUDITOR):
        with pytest.raises(AccessError):
            archive_of(acting(county, role, COUNTY))
        with pytest.raises(AccessError):
            close_of_age(acting(county, role, COUNTY), LATER)
    with pytest.raises(InputError, match="还没有到"):
        close_of_age(county, date(2100, 1, 1))


@pytest.mark.parametrize("closing", [Closing.MOVED_OUT, Closing.DECEASED, Closing.NO_LONGER])
def test_a_file_is_closed_for_a_reason(county, closing):
    [file] = keep(county, a_record(1))
    town = clerk(county, TOWN)
    with pytest.raises(InputError, match="没有这份档案"):
        close_file(clerk(county, SECOND), file, on=DAY, closing=closing, reason="不在了")
    close_file(town, file, on=DAY, closing=closing, reason="村里报告")
    assert (heads(county, date(2020, 5, 31)), heads(county, DAY)) == ({NEAR: 1}, {})
    assert read_file(town, file).closing == closing
    assert archive_of(town) == []  # which has the 期满 alone
    [line] = audit_lines(county, Action.CLOSE)
    assert (line.object, line.reason, str(closing) in line.detail) == (file, "村里报告", False)
    for again in (
        lambda: close_file(town, file, on=DAY, closing=closing, reason="村里报告"),
        lambda: correct(town, file, name="马小明", reason="村里报告"),
    ):
        with pytest.raises(ConflictError, match="关闭"):
            again()
    [new] = keep(county, a_record(1), day=LATER)  # who comes back gets a new file
    assert new != file


@pytest.mark.parametrize(
    ("on", "closing", "reason", "told"),
    [
        (date(2019, 12, 31), Closing.MOVED_OUT, "迁出", "不能更早"),
        (date(2100, 1, 1), Closing.MOVED_OUT, "迁出", "还没有到"),
        (DAY, Closing.MOVED_OUT, "", "理由"),
        (DAY, Closing.OF_AGE, "期满", "期满"),
    ],
)
def test_what_is_no_closing(county, on, closing: Closing, reason, told):
    [file] = keep(county, a_record(1))
    with pytest.raises(InputError, match=told):
        close_file(county, file, on=on, closing=closing, reason=reason)
    assert the_file(county, file, FIRST).version == 1


def test_what_is_closed_is_sealed(county):
    [file] = keep(county, a_record(1))
    close_file(county, file, on=DAY, closing=Closing.DECEASED, reason="村里报告")
    with county.reading() as connection:
        rows = connection.execute(select(child_versions)).all()
    assert not any("死亡" in str(row) or "死亡".encode() in row.content for row in rows)
