"""走访记录 against the files that are held, and 收入数据."""

from datetime import date
from decimal import Decimal

import pytest

from planner.ledger.incomes import read_incomes
from planner.ledger.outcomes import Outcome
from planner.ledger.visits import read_visits
from planner.model.children import Held
from planner.model.incomes import IncomeFigure
from planner.model.rosters import Assistant, Rosters
from planner.model.visits import Concern, Measure, Visit, VisitFinding, VisitWay
from tests.ledger.papers import AS_OF, BIRTH, child, county_tree, id_of

ACCEPT, WARN, REJECT, SKIP = Outcome
HEAD = ["儿童姓名", "身份证号", "乡镇", "村", "走访时间", "走访人", "方式", "是否见到儿童"]
DAY = "2017-11-01"


def fates(checked):
    return [(row.row, row.outcome, row.codes) for row in checked.rows]


@pytest.fixture
def holders(read_rows):
    home = {"h_village": "新庄村", "r_village": "新庄村"}
    checked = read_rows(
        child(21), child(23, id="无", name="马大花"), child(25, id="无", name="马大花", **home)
    )
    assert checked.accepted == 3
    return {record.key: Held("640324101", AS_OF, record) for record in checked.records}


@pytest.fixture
def read(write_xlsx, holders):
    def read_file(*rows, head=HEAD, **options):
        path = write_xlsx([head, *rows])
        return read_visits(
            path, **{"tree": county_tree(), "holders": holders, "as_of": AS_OF, "county": "640324", **options}
        )

    return read_file


def test_a_visit_with_everything(read):
    head = [*HEAD, "生活", "监护", "就学", "身心健康", "安全", "存在问题", "处理意见", "下次走访日期", "备注"]
    row = ["马小雨", id_of(), None, None, DAY, "王协理、李某", "入户", "✓", "正常", "☐正常 ☑异常 奶奶病重", "良好", "异常:发烧", None,
           "奶奶病重,\n孩子发烧", "☐无 ☑帮扶 ☐强制报告", "2017-11-08", "=1"]  # fmt: skip
    checked = read(row, head=head)
    assert fates(checked) == [(2, ACCEPT, ())]
    assert checked.records[0] == Visit(
        child=id_of(),
        day=date(2017, 11, 1),
        by=("王协理", "李某"),
        way=VisitWay.HOME,
        seen=True,
        findings=(
            VisitFinding(Concern.LIVING, True),
            VisitFinding(Concern.GUARDIANSHIP, False, "奶奶病重"),
            VisitFinding(Concern.SCHOOLING, True),
            VisitFinding(Concern.HEALTH, False, "发烧"),
        ),
        problems="奶奶病重,\n孩子发烧",
        measure=Measure.HELP,
        next_day=date(2017, 11, 8),
        remark="=1",
    )
    assert Visit.from_json(checked.records[0].to_json()) == checked.records[0]


def test_the_child_is_found_by_number_or_by_name_and_village(read, holders):
    checked = read(
        ["马小雨", None, None, None, DAY, "王某", "电话", "是"],
        ["马大花", None, "河西镇", "新庄村", DAY, "王某", "入户", "是"],
        ["马大花", None, None, None, DAY, "王某", "入户", "是"],
        ["马大花", None, "河西镇", None, DAY, "王某", "入户", "是"],
        ["马小雨", None, "丁塘镇", None, DAY, "王某", "入户", "是"],
        ["马大山", id_of(), None, None, DAY, "王某", "入户", "是"],
        ["马小雨", id_of(BIRTH, 77), None, None, DAY, "王某", "入户", "是"],
        ["马小雨", None, "河西镇", "马加湾村", DAY, "王某", "入户", "是"],
    )
    assert fates(checked) == [
        (2, ACCEPT, ()),
        (3, ACCEPT, ()),
        (4, REJECT, ("E-CHILD-SEVERAL",)),
        (5, REJECT, ("E-CHILD-SEVERAL",)),
        (6, REJECT, ("E-CHILD-UNKNOWN",)),
        (7, REJECT, ("E-CHILD-NAME",)),
        (8, REJECT, ("E-CHILD-UNKNOWN",)),
        (9, REJECT, ("E-VILLAGE-UNKNOWN",)),
    ]
    assert holders[checked.records[1].child].record.residence == "640324101202"
    assert "马小雨" not in checked.rows[5].messages[0]  # the name of the file is not told


def test_days_and_what_was_seen(read):
    checked = read(
        ["马小雨", id_of(), None, None, "2017-11-10", "王某", "入户", "是"],
        ["马小雨", id_of(), None, None, "2017-11-09", "王某", "委托", "否"],
        ["马小雨", id_of(), None, None, "11月", "王某", "步行", "也许"],
        ["马小雨", id_of(), None, None, None, None, None, None],
    )
    assert fates(checked) == [
        (2, REJECT, ("E-VISIT-FUTURE",)),
        (3, ACCEPT, ("N-VISIT-UNSEEN",)),
        (4, REJECT, ("E-DATE-INVALID", "E-VISIT-WAY", "E-YES-NO")),
        (5, REJECT, ("E-BLANK",)),
    ]
    assert checked.records[0].seen is False
    assert "走访时间、走访人、方式、是否见到儿童没有填写" in checked.rows[3].messages[0]


def test_visits_that_come_again(read):
    row = ["马小雨", id_of(), None, None, DAY, "王某", "入户", "是"]
    checked = read(row, row, [*row[:6], "电话", "是"], [*row[:4], "2017-11-02", *row[5:]])
    assert [codes for *_, codes in fates(checked)] == [(), ("S-SAME-ROW",), ("E-TWICE",), ()]


def test_findings_must_say_which(read):
    head = [*HEAD, "安全", "下次走访日期", "处理意见"]
    row = ["马小雨", id_of(), None, None, DAY, "王某", "入户", "是"]
    checked = read(
        [*row, "还行", None, "没意见"],
        [*row, "正常异常", None],
        [*row, "异常", "2017-11-01"],
        [*row, "异常", None, "强制报告"],
        head=head,
    )
    assert [codes for *_, codes in fates(checked)] == [
        ("E-VISIT-FINDING", "E-VISIT-MEASURE"),
        ("E-VISIT-FINDING",),
        ("E-VISIT-NEXT", "W-VISIT-PROBLEM"),
        ("W-VISIT-PROBLEM",),
    ]


def test_a_visitor_of_no_roster_is_a_notice(read):
    rosters = Rosters.of([Assistant("王协理", "640324101201")])
    row = ["马小雨", id_of(), None, None, DAY, "王协理、路人", "入户", "是"]
    checked = read(row, rosters=rosters)
    assert fates(checked) == [(2, ACCEPT, ())]
    assert [str(notice) for notice in checked.notices] == [
        "走访人“路人”不在该乡镇的名册和包联台账中(第2行)。已导入,请核对"
    ]


def test_incomes(write_csv):
    rows = [
        ["年份", "全区农村居民人均可支配收入(元)", "来源"],
        ["2015", "9,119", "统计公报"],
        ["2016年", "9852.00元", "统计公报"],
        ["2016年", "9852", "统计公报"],
        ["2016", "9853", "统计公报"],
        ["2017", "一万", "统计公报"],
        ["2018", "", ""],
        ["18", "11708", "统计公报"],
        ["2019", "12.9", "统计公报"],
        ["注:单位为元", "", ""],
    ]
    checked = read_incomes(write_csv(rows))
    assert fates(checked) == [
        (2, ACCEPT, ()),
        (3, ACCEPT, ()),
        (4, SKIP, ("S-SAME-ROW",)),
        (5, REJECT, ("E-TWICE",)),
        (6, REJECT, ("E-AMOUNT",)),
        (7, REJECT, ("E-BLANK",)),
        (8, REJECT, ("E-YEAR",)),
        (9, REJECT, ("E-AMOUNT",)),
        (10, SKIP, ("S-FOOTER",)),
    ]
    assert checked.records == (
        IncomeFigure(2015, Decimal("9119.00"), "统计公报"),
        IncomeFigure(2016, Decimal("9852.00"), "统计公报"),
    )
