"""Lists of words: aliases, several in a cell, near misses."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.ledger import word_cells as read
from planner.ledger.cells import Fault
from planner.model.children import ParentStatus
from planner.model.words import (
    Basis,
    Benefit,
    CategoryWord,
    Difficulty,
    Grade,
    ParentState,
    Placement,
    SchoolStatus,
    Sex,
    Stage,
)


def refused(parser, cell):
    with pytest.raises(Fault) as caught:
        parser(cell)
    return caught.value.message + caught.value.fix


@pytest.mark.parametrize(
    ("cell", "sex"),
    [
        ("男", Sex.MALE),
        ("女性", Sex.FEMALE),
        (1, Sex.MALE),
        (2.0, Sex.FEMALE),
        ("１", Sex.MALE),
        (None, None),
    ],
)
def test_sex(cell, sex):
    assert read.sex(cell) is sex


@pytest.mark.parametrize("cell", ["✓", "√", "是", 1, "1", True, "需要", "☑"])
def test_yes(cell):
    assert read.yes_no(cell) is True


@pytest.mark.parametrize("cell", ["×", "否", 0, "无", False, "不需要", "—"])
def test_no(cell):
    assert read.yes_no(cell) is False


def test_given_on_a_day():
    assert read.yes_no_or_day("是") == (True, None)
    assert read.yes_no_or_day("无") == (False, None)
    assert (
        read.yes_no_or_day("2017.6.1") == read.yes_no_or_day(datetime(2017, 6, 1)) == (True, date(2017, 6, 1))
    )
    assert read.yes_no_or_day(None) is None
    assert "“是、否”或日期" in refused(read.yes_no_or_day, "也许")


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("家庭困境", [CategoryWord.FAMILY]),
        ("家庭贫困、残疾", [CategoryWord.POOR, CategoryWord.DISABLED]),
        ("监护困境,自身困境/家庭困境;临时困境", [CategoryWord.GUARDIANSHIP, CategoryWord.SELF, CategoryWord.FAMILY, CategoryWord.TEMPORARY]),
        ("孤儿", [CategoryWord.ORPHAN]),
        ("事实孤儿 事实孤儿", [CategoryWord.UNRAISED]),
        ("重病儿童", [CategoryWord.ILL]),
    ],
)  # fmt: skip
def test_categories(cell, words):
    assert list(read.categories(cell) or ()) == words


def test_unknown_words_are_answered_with_the_nearest():
    assert "是否为“监护困境”?" in refused(read.categories, "监护因境")
    assert "可填:高、中、低" in refused(read.grade, "极")
    assert "重残" in refused(read.parent_status, "残疾")


@pytest.mark.parametrize(
    ("cell", "status"),
    [
        ("死亡", ParentStatus((ParentState.DECEASED,))),
        ("已故", ParentStatus((ParentState.DECEASED,))),
        ("改嫁、失联", ParentStatus((ParentState.REMARRIED, ParentState.LOST_CONTACT))),
        ("失联/改嫁", ParentStatus((ParentState.REMARRIED, ParentState.LOST_CONTACT))),
        ("服刑(3年6个月)", ParentStatus((ParentState.PRISON,), 42.0)),
        ("服刑（6个月）", ParentStatus((ParentState.PRISON,), 6.0)),
        ("失踪(判决书)", ParentStatus((ParentState.MISSING,), None, Basis.COURT)),
        ("遣送(驱逐)出境", ParentStatus((ParentState.DEPORTED,))),
        ("戒毒", ParentStatus((ParentState.DRUG_REHAB,))),
        ("不详", ParentStatus((ParentState.UNKNOWN,))),
        ("健在", ParentStatus((ParentState.OK,))),
        (None, None),
    ],
)  # fmt: skip
def test_parents(cell, status):
    assert read.parent_status(cell) == status


def test_parents_that_say_two_things():
    assert "写在一起" in refused(read.parent_status, "正常、服刑")
    assert "看不懂括号里的" in refused(read.parent_status, "服刑(很久)")
    assert "没有状况" in refused(read.parent_status, "(3年)")


@pytest.mark.parametrize("cell", ["、", "/,", ";;"])
def test_separators_alone_say_nothing(cell):
    for parser in (read.categories, read.parent_status):
        assert "里没有" in refused(parser, cell)


def test_every_label_of_the_rules_is_read_back():
    for state in ParentState:
        assert read.parent_status(state.label) == ParentStatus((state,))
    for benefit in Benefit:
        assert read.benefits(benefit.label) == (benefit,)
    for place in Placement:
        assert read.placement(place.label) is place
    for status in SchoolStatus:
        assert read.school_status(status) is status
    for difficulty in Difficulty:
        assert read.difficulties(difficulty) == (difficulty,)
    for grade in Grade:
        assert read.grade(grade) is grade
    for category in CategoryWord:
        assert read.categories(category) == (category,)


def test_no_benefit_is_not_silence():
    assert read.benefits("无") == ()
    assert read.benefits(None) is None
    assert read.benefits("低保,两项补贴") == (Benefit.DIBAO, Benefit.TWO_SUBSIDIES)
    assert read.difficulties("无") == ()
    assert read.placement("无") is None


def test_ethnic_groups():
    assert read.ethnicity("回") == read.ethnicity("回族") == "回族"
    assert len(set(read._ETHNIC.values())) == 56
    assert "民族全称" in refused(read.ethnicity, "火星")


@pytest.mark.parametrize(
    ("school", "year", "stage"),
    [
        ("河西中心小学", "三年级", Stage.COMPULSORY), ("同心县第一中学", "初二", Stage.COMPULSORY), ("同心县第一中学", "高一", Stage.SENIOR),
        ("河西幼儿园", None, Stage.PRESCHOOL), (None, "大班", Stage.PRESCHOOL), ("职教中心", "中专一年级", Stage.SENIOR),
        ("宁夏某学院", "大专二年级", Stage.COLLEGE), ("某校", None, None), (None, None, None),
    ],
)  # fmt: skip
def test_stages(school, year, stage):
    assert read.stage_of(school, year) is stage


@given(
    cell=st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=12), st.datetimes())
)
def test_any_cell_is_a_word_or_a_fault(cell):
    for parser in (read.sex, read.yes_no, read.yes_no_or_day, read.categories, read.benefits, read.parent_status, read.ethnicity,
                   read.school_status, read.placement, read.difficulties, read.grade):  # fmt: skip
        try:
            parser(cell)
        except Fault as fault:
            told = fault.message, fault.fix
        else:
            told = "x", "x"
        assert all(told)
