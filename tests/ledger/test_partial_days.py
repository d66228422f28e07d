"""Days and months: every usual writing, no day invented."""

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.ledger.cells import Fault
from planner.ledger.partial_days import PartialDay, birthday, partial_day
from tests.ledger.papers import answer

DAY = PartialDay(date(2012, 3, 5))
MARCH = PartialDay(month="2012-03")


def code_of(cell):
    with pytest.raises(Fault) as caught:
        birthday(cell)
    return caught.value.code


@pytest.mark.parametrize(
    "cell",
    [
        "2012.3.5", "2012-03-05", "2012/3/5", "2012年3月5日", "20120305", 20120305, "２０１２－０３－０５", "2012 . 3 . 5",
        "二〇一二年三月五日", "二○一二年三月五", 40973, 40973.0, "40973", date(2012, 3, 5), datetime(2012, 3, 5, 8),
    ],
)  # fmt: skip
def test_days(cell):
    assert birthday(cell).value == DAY
    assert birthday(cell).remarks == ()


def test_serials_of_the_1904_system():
    assert birthday(39511, date1904=True).value == DAY


@pytest.mark.parametrize(
    "cell",
    ["2012年3月", "2012-03", "2012.3", "2012/3", "201203", 201203, 2012.3, "2012年03月份", "二〇一二年三月"],
)
def test_a_month_stays_a_month(cell):
    reading = birthday(cell)
    assert reading.value == MARCH
    assert [remark.code for remark in reading.remarks] == ["W-DOB-MONTH"]


def test_the_tens_of_chinese_numerals():
    assert birthday("二〇一二年十二月三十一日").value == PartialDay(date(2012, 12, 31))
    assert birthday("二〇一二年十月二十日").value == PartialDay(date(2012, 10, 20))


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("12/3/5", "E-DOB-AMBIGUOUS"),
        ("3/5/2012", "E-DOB-AMBIGUOUS"),
        ("12年3月5日", "E-DOB-AMBIGUOUS"),
        (2012.1, "E-DOB-AMBIGUOUS"),  # 2012.1 or 2012.10, which Excel shows alike
        ("2012-13-05", "E-DOB-INVALID"),
        ("2012-02-30", "E-DOB-INVALID"),
        ("2012年13月", "E-DOB-INVALID"),
        (2012.13, "E-DOB-INVALID"),
        ("2012", "E-DOB-INVALID"),
        (2012, "E-DOB-INVALID"),
        ("1850-01-01", "E-DOB-INVALID"),
        ("三岁", "E-DOB-INVALID"),
        (True, "E-DOB-INVALID"),
        (time(8), "E-DOB-INVALID"),
        (float("nan"), "E-DOB-INVALID"),
    ],
)  # fmt: skip
def test_what_is_no_day(cell, code):
    assert code_of(cell) == code


def test_other_dates_have_codes_of_their_own():
    assert [remark.code for remark in partial_day("2012年3月").remarks] == ["W-DATE-MONTH"]
    with pytest.raises(Fault) as caught:
        partial_day("12/3/5")
    assert caught.value.code == "E-DATE-AMBIGUOUS"


def test_blank_is_nothing():
    assert birthday(None).value is birthday(" ").value is None


cell = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.datetimes(), st.dates(), st.times(),
    st.text("0123456789.-/年月日 〇一二三十", max_size=12),
)  # fmt: skip


@given(cell=cell, date1904=st.booleans())
def test_any_cell_is_a_day_a_month_or_a_fault_and_twice_is_once(cell, date1904):
    value, code = answer(birthday, cell, date1904=date1904)
    assert code is None or code in ("E-DOB-INVALID", "E-DOB-AMBIGUOUS")
    if value is not None:
        assert (value.day is None) != (value.month is None)
        assert birthday(value.text).value == value


@given(born=st.dates(date(1949, 10, 1), date(2099, 12, 31)))
def test_the_same_day_in_every_writing(born):
    plain = f"{born.year}.{born.month}.{born.day}"
    for cell in (
        plain,
        born.isoformat(),
        f"{born:%Y%m%d}",
        f"{born.year}年{born.month}月{born.day}日",
        datetime.combine(born, time()),
    ):
        assert birthday(cell).value == PartialDay(born)
    assert birthday(f"{born.year}年{born.month}月").value == PartialDay(month=f"{born:%Y-%m}")
