"""Single cells: what each way of writing means, and what a faulty one is told."""

from contextlib import suppress
from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.ledger.cells import (
    Fault,
    choice,
    day,
    division_code,
    is_blank,
    show,
    text,
    unpadded,
    whole_number,
)

CANARY = "`${document.title='x'}</script><img src=x onerror=document.title='x'>"


def fault(parse, cell, **options):
    with pytest.raises(Fault) as caught:
        parse(cell, **options)
    return caught.value


@pytest.mark.parametrize("cell", [None, "", "  ", "\u3000", "\u200b\ufeff", "\n\t"])
def test_blank_cells_mean_nothing(cell):
    assert is_blank(cell)
    assert text(cell) is whole_number(cell) is day(cell) is division_code(cell) is None


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        (CANARY, CANARY),
        (" 马家湾\u200b村 ", "马家湾村"),
        ("=1+1", "=1+1"),
        ("（盐池）", "（盐池）"),
        (12.0, "12"),
        (datetime(2020, 1, 2), "2020-01-02"),
    ],
)
def test_text_stays_as_written(cell, words):
    assert text(cell) == words


def test_error_values_and_lone_surrogates_are_not_text():
    assert fault(text, "#N/A").message == "单元格是错误值“#N/A”"
    assert fault(text, "a\ud800").message == "含有无效字符"


@pytest.mark.parametrize(
    ("cell", "number"), [(0, 0), (12, 12), (12.0, 12), ("12", 12), ("１２", 12), ("1,234", 1234), ("3.0", 3)]
)
def test_whole_numbers(cell, number):
    assert whole_number(cell) == number


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("n/a", "“n/a”不是整数"),
        (3.5, "“3.5”不是整数"),
        ("3.5", "“3.5”不是整数"),
        (-1, "“-1”是负数"),
        ("-1", "“-1”是负数"),
        ("1e3", "“1e3”不是整数"),
        ("三", "“三”不是整数"),
        (True, "“True”不是整数"),
        (float("inf"), "“inf”不是整数"),
        (2_000_000, "“2000000”过大"),
        (datetime(2020, 1, 1), "“2020-01-01”不是整数"),
    ],
)
def test_what_is_not_a_count_is_said(cell, message):
    assert fault(whole_number, cell).message == message


@pytest.mark.parametrize(
    "cell",
    [
        "2012-03-05",
        "2012.3.5",
        "2012/3/5",
        "2012年3月5日",
        "２０１２．３．５",
        "2012-03-05 00:00:00",
        "20120305",
        20120305,
        40973,
        40973.0,
        "40973",
        datetime(2012, 3, 5),
        date(2012, 3, 5),
    ],
)
def test_every_way_to_write_a_day(cell):
    assert day(cell) == date(2012, 3, 5)


def test_serial_days_of_the_1904_system():
    assert day(39511, date1904=True) == date(2012, 3, 5)


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("2012年3月", "“2012年3月”没有写到日"),
        ("2012-03", "“2012-03”没有写到日"),
        ("2012", "“2012”没有写到日"),
        ("12/3/5", "“12/3/5”有歧义"),
        ("3/5/2012", "“3/5/2012”有歧义"),
        ("2012-13-05", "“2012-13-05”不是有效日期:月份13无效"),
        ("2012-02-30", "“2012-02-30”不是有效日期:2月没有30日"),
        ("9999-01-01", "“9999-01-01”的年份不合理"),
        ("去年", "“去年”不是日期"),
        (2019, "“2019”不是日期"),
        (True, "“True”不是日期"),
        (time(8), "“08:00:00”不是日期"),
    ],
)
def test_what_is_not_a_day_is_said(cell, message):
    assert fault(day, cell).message == message


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("640522101001", "640522101001"),
        (640522101001, "640522101001"),
        (640522101001.0, "640522101001"),
        ("640522101001.0", "640522101001"),
        (" 6405 2210 1001 ", "640522101001"),
        ("'640522", "640522"),
        ("６４０５２２", "640522"),
        ("640522101001-1", "640522101001-1"),
        ("640522101001—1", "640522101001-1"),
    ],
)
def test_codes_in_every_form(cell, code):
    assert division_code(cell) == code


def test_codes_that_lost_digits_or_are_none():
    assert "科学计数法" in fault(division_code, "6.40522E+11").message
    for cell in ("六四", 64.5, "123", True, 10**15):
        assert "不是区划代码" in fault(division_code, cell).message


@pytest.mark.parametrize(
    ("padded", "code"),
    [
        ("640000000000", "64"),
        ("640500000000", "6405"),
        ("640522000000", "640522"),
        ("640522101000", "640522101"),
        ("640522101001", "640522101001"),
        ("640500", "6405"),
        ("640110", "640110"),
        ("640522100", "640522100"),
        ("64", "64"),
    ],
)
def test_padding_zeros_are_dropped_where_nothing_else_can_be_meant(padded, code):
    assert unpadded(padded) == code


def test_choice_names_the_nearest_word():
    words = {"运营": 1, "停用": 2}
    assert choice(" 运 营", words, "运营、停用") == 1
    found = fault(choice, "停用了", words=words, offered="运营、停用")
    assert found.message == "“停用了”不在可选范围内"
    assert found.fix == "是否为“停用”?可填:运营、停用"


def test_long_and_invisible_content_is_shown_short():
    assert show("很" * 99) == "很" * 29 + "…"
    assert show("a\u202eb\nc") == "abc"


@given(st.one_of(st.text(), st.floats(), st.integers(), st.booleans(), st.none(), st.datetimes(), st.times()))
def test_any_cell_has_a_meaning_or_a_fault(cell):
    for parse in (text, whole_number, day, division_code):
        with suppress(Fault):
            parse(cell)
