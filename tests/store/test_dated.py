"""Which row holds on which day, as known on which day."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Column, Date, Integer, MetaData, String, Table, insert

from planner.store.database import begun
from planner.store.dated import holding, newest
from planner.store.tables import Utc

table = Table(
    "things",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("code", String),
    Column("word", String),
    Column("valid_from", Date),
    Column("valid_to", Date),
    Column("recorded_at", Utc),
    Column("import_id", Integer),
)
JAN, FEB, MAR, APR = (datetime(2021, month, 1, tzinfo=UTC) for month in (1, 2, 3, 4))


@pytest.fixture
def ask(engine):
    """Puts rows of (code, word, from, to, recorded, import) in; answers with the words that hold."""
    with begun(engine, writes=True) as connection:
        table.metadata.create_all(connection)

    def ask(rows, as_of=None, known_at=None):
        names = ["code", "word", "valid_from", "valid_to", "recorded_at", "import_id"]
        with begun(engine, writes=True) as connection:
            connection.execute(table.delete())
            connection.execute(insert(table), [dict(zip(names, row, strict=True)) for row in rows])
            statement = (
                holding(table, "code", as_of=as_of, known_at=known_at)
                if as_of
                else newest(table, "code", known_at=known_at)
            )
            return [row.word for row in connection.execute(statement)]

    return ask


def day(year):
    return date(year, 1, 1)


def test_the_last_begun_holds(ask):
    rows = [("1", "old", day(2015), None, JAN, 1), ("1", "new", day(2019), None, FEB, 2)]
    assert ask(rows, day(2018)) == ["old"]
    assert ask(rows, day(2019)) == ["new"]


def test_the_first_stands_in_for_days_before_it(ask):
    rows = [("1", "later", day(2019), None, JAN, 1), ("1", "first", day(2017), None, FEB, 2)]
    assert ask(rows, day(2010)) == ["first"]


def test_a_correction_of_the_same_day_replaces(ask):
    rows = [("1", "wrong", day(2015), None, JAN, 1), ("1", "right", day(2015), None, FEB, 2)]
    assert ask(rows, day(2020)) == ["right"]
    assert ask(rows, day(2020), known_at=JAN) == ["wrong"]


def test_older_data_recorded_later_do_not_hide_newer(ask):
    rows = [("1", "2020", day(2020), None, JAN, 1), ("1", "2018", day(2018), None, FEB, 2)]
    assert ask(rows, day(2020)) == ["2020"]
    assert ask(rows, day(2019)) == ["2018"]
    assert ask(rows, day(2019), known_at=JAN) == ["2020"]


def test_what_has_ended_is_gone_and_nothing_older_returns(ask):
    rows = [("1", "old", day(2015), None, JAN, 1), ("1", "ended", day(2018), day(2020), FEB, 2)]
    assert ask(rows, date(2019, 12, 31)) == ["ended"]
    assert ask(rows, day(2020)) == []


def test_all_rows_of_the_same_import_hold_together(ask):
    rows = [
        ("1", "a", day(2015), None, JAN, 1),
        ("1", "b", day(2015), None, JAN, 1),
        ("1", "c", day(2016), None, FEB, 2),
        ("2", "d", day(2015), None, JAN, 1),
    ]
    assert ask(rows, day(2015)) == ["a", "b", "d"]
    assert ask(rows, day(2016)) == ["c", "d"]


def test_nothing_is_known_before_the_first_record(ask):
    assert ask([("1", "a", day(2015), None, FEB, 1)], day(2020), known_at=JAN) == []


def test_newest_is_by_import(ask):
    rows = [("1", "later day", day(2020), None, JAN, 1), ("1", "later import", day(2015), None, FEB, 2)]
    assert ask(rows) == ["later import"]
    assert ask(rows, known_at=JAN) == ["later day"]
