"""干部名册: level, unit, home village, days in office and workplace of every cadre, row by row."""

from datetime import date

import pytest

from planner.errors import InputError
from planner.ledger.officials import read_officials
from planner.ledger.outcomes import Outcome
from planner.model.cadres import Cadre
from planner.model.rosters import CadreLevel
from planner.model.words import Sex
from tests.ledger.papers import county_tree

ACCEPT, WARN, REJECT, SKIP = Outcome
COUNTY, HEXI, MA = "640324", "640324101", "640324101201"
HEAD = ["姓名", "级别", "部门", "乡镇", "性别", "职务", "电话", "老家乡镇", "老家村", "任职起", "任职止"]
PLACED = [*HEAD, "经度", "纬度"]


def fates(checked):
    return [(row.row, row.outcome, row.codes) for row in checked.rows]


@pytest.fixture
def officials(write_xlsx):
    def read(*rows, head=HEAD, county=COUNTY, edit=None):
        return read_officials(write_xlsx([head, *rows], edit=edit), tree=county_tree(), county=county)

    return read


def test_a_cadre_of_each_level(officials):
    checked = officials(
        ["马县长", "县级领导", None, None, "男", "副县长", "13800000001"],
        [
            "张局长",
            "部门干部",
            "民政局",
            None,
            "女",
            "局长",
            None,
            "河西镇",
            "马家湾村",
            "2018-03-01",
            "2021/6/30",
        ],
        ["吴干事", "乡镇", None, "河西镇"],
    )
    assert fates(checked) == [(2, ACCEPT, ()), (3, ACCEPT, ()), (4, ACCEPT, ())]
    assert checked.records == (
        Cadre("马县长", CadreLevel.COUNTY, COUNTY, sex=Sex.MALE, title="副县长", phones=("13800000001",)),
        Cadre(
            "张局长",
            CadreLevel.DEPARTMENT,
            COUNTY,
            sex=Sex.FEMALE,
            department="民政局",
            title="局长",
            home_village=MA,
            since=date(2018, 3, 1),
            until=date(2021, 6, 30),
        ),
        Cadre("吴干事", CadreLevel.TOWNSHIP, COUNTY, township=HEXI),
    )


def test_a_unit_is_kept_for_the_level_alone_that_has_it(officials):
    checked = officials(["马县长", "县级", "政府办", "河西镇"], ["吴干事", "乡镇", "民政办", "河西镇"])
    assert [(item.department, item.township) for item in checked.records] == [(None, None), (None, HEXI)]


def test_a_merged_township_holds_for_the_rows_below(officials):
    checked = officials(
        ["吴干事", "乡镇", None, "河西镇"],
        ["赵干事", "乡镇", None, None],
        edit=lambda book: book.active.merge_cells("D2:D3"),
    )
    assert [item.township for item in checked.records] == [HEXI, HEXI]


def test_rows_that_cannot_be_used(officials):
    checked = officials(
        [None, "部门", "民政局"],
        ["张局长", None, "民政局"],
        ["张局长", "科级", "民政局"],
        ["吴干事", "乡镇", None, None],
        ["吴干事", "乡镇", None, "河东镇"],
        ["李股长", "部门", "教育局", None, None, None, None, "河西镇", "李家湾村"],
        ["李股长", "部门", "教育局", None, None, None, None, None, None, "2020-02-30"],
        ["钱股长", "部门", "教育局", None, "男男"],
        ["孙股长", "部门", "教育局", None, None, None, "1380000"],
    )
    assert fates(checked) == [
        (2, REJECT, ("E-BLANK",)),
        (3, REJECT, ("E-BLANK",)),
        (4, REJECT, ("E-TEXT",)),
        (5, REJECT, ("E-BLANK",)),
        (6, REJECT, ("E-TOWNSHIP-UNKNOWN",)),
        (7, REJECT, ("E-VILLAGE-UNKNOWN",)),
        (8, REJECT, ("E-DATE-INVALID",)),
        (9, REJECT, ("E-SEX",)),
        (10, WARN, ("W-PHONE",)),
    ]
    (lacking,) = checked.rows[3].findings
    assert "乡镇干部只能包本乡镇的组" in str(lacking)


def test_the_same_cadre_twice(officials):
    checked = officials(
        ["张局长", "部门", "民政局"],
        ["张局长", "部门", "民政局"],
        ["张局长", "部门", "民政局", None, None, "副局长"],
        ["张局长", "部门", "教育局"],
    )
    assert fates(checked) == [
        (2, ACCEPT, ()),
        (3, SKIP, ("S-SAME-ROW",)),
        (4, REJECT, ("E-TWICE",)),
        (5, ACCEPT, ()),
    ]
    assert [item.department for item in checked.records] == ["民政局", "教育局"]


def test_a_workplace_needs_both_degrees_and_lies_in_china(officials):
    empty = [None] * 9
    checked = officials(
        ["张局长", "部门", *empty, 105.91, 36.98],
        ["李股长", "部门", *empty, "105°54′36″", None],
        ["王股长", "部门", *empty, 36.98, 105.91],
        head=PLACED,
    )
    assert [row.outcome for row in checked.rows] == [ACCEPT, ACCEPT, REJECT]
    assert [(item.lon, item.lat) for item in checked.records] == [(105.91, 36.98), (None, None)]
    assert {str(item.column) for item in checked.rows[2].findings} == {
        "办公地点经度(L列)",
        "办公地点纬度(M列)",
    }


def test_a_county_must_be_named_where_there_are_several(officials):
    with pytest.raises(InputError, match="不知道名册属于哪个县"):
        officials(["张局长", "部门", "民政局"], county=None)


def test_a_roster_without_rows(officials):
    with pytest.raises(InputError, match="只有表头,没有数据"):
        officials()
