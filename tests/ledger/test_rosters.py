"""民政协理员名册 and 干部包联台账: every row's fate, merged leader cells over many villages."""

from datetime import date

import pytest

from planner.errors import InputError
from planner.ledger.assistants import read_assistants
from planner.ledger.cadres import duties_of, read_cadres
from planner.ledger.outcomes import Outcome
from planner.model.rosters import Assistant, CadreLevel, Duty
from planner.model.words import Sex
from tests.ledger.papers import county_tree, id_of, new_book

ACCEPT, WARN, REJECT, SKIP = Outcome
HEXI, MA, XIN, SHEQU = "640324101", "640324101201", "640324101202", "640324101203"
BORN = date(1980, 5, 6)


def fates(checked):
    return [(row.row, row.outcome, row.codes) for row in checked.rows]


def notices(checked):
    return [str(notice) for notice in checked.notices]


@pytest.fixture
def assistants(write_xlsx):
    head = [
        "序号",
        "乡镇",
        "村(居)",
        "姓名",
        "性别",
        "身份证号",
        "学历",
        "政治面貌",
        "联系电话",
        "任职时间",
        "是否兼职",
        "备注",
    ]

    def read(*rows, edit=None):
        path = write_xlsx([["同心县民政协理员名册"], head, *rows], edit=edit)
        return read_assistants(path, tree=county_tree(), county="640324")

    return read


def test_assistants(assistants):
    checked = assistants(
        [
            1,
            "河西镇",
            "马家湾村",
            "王协理",
            "男",
            id_of(BORN, 21),
            "大专",
            "党员",
            "13800000001",
            "2016年3月",
            "兼职",
            "=1+1",
        ],
        [
            2,
            None,
            "新庄",
            "王协理",
            "男",
            id_of(BORN, 21),
            None,
            None,
            13800000001.0,
            "2016-03-05",
            "否",
            None,
        ],
        [3, "河西镇", "马家湾村", "李同", "女", id_of(BORN, 21)],
        [4, "河西镇", "马加湾村", "赵某"],
        [5, "河西镇", "马家湾村", None],
        [6, "河西镇", "马家湾村", "钱某", None, "640324800506021", None, None, "1380000"],
        ["合计", "6人"],
        edit=lambda book: book.active.merge_cells("B3:B4"),
    )
    assert fates(checked) == [
        (3, WARN, ("W-DATE-MONTH",)),
        (4, ACCEPT, ()),
        (5, REJECT, ("E-SEX-ID",)),
        (6, REJECT, ("E-VILLAGE-UNKNOWN",)),
        (7, REJECT, ("E-BLANK",)),
        (8, WARN, ("W-ID-15-UPGRADED", "W-PHONE")),
        (9, SKIP, ("S-TOTAL",)),
    ]
    assert checked.records[0] == Assistant(
        "王协理",
        MA,
        Sex.MALE,
        id_of(BORN, 21),
        "大专",
        "党员",
        ("13800000001",),
        None,
        "2016-03",
        True,
        "=1+1",
    )
    assert (checked.records[1].village, checked.records[1].since, checked.records[1].part_time) == (
        XIN,
        date(2016, 3, 5),
        False,
    )
    assert checked.records[2].sex == "男"  # by the number
    assert notices(checked) == [
        "1个单元格是公式,取文件中保存的结果,没有保存的按文字读",
        "“王协理”一人兼2个村:马家湾村村民委员会、新庄村委会",
        "马家湾村村民委员会有2名协理员:王协理、钱某",
    ]


def test_an_assistant_twice(assistants):
    row = ["", "河西镇", "马家湾村", "王协理"]
    checked = assistants(row, row, [*row, "女"])
    assert [codes for *_, codes in fates(checked)] == [(), ("S-SAME-ROW",), ("E-TWICE",)]
    assert checked.rows[2].messages == ("第5行:与第3行是同一村的同一协理员,内容不同。请只留一行",)


def test_a_village_without_its_township_is_found_where_only_one_has_it(assistants):
    checked = assistants(
        ["", None, "马家湾村", "王协理"], ["", None, "新庄村", "李某"], ["", None, None, "赵某"]
    )
    assert [codes for *_, codes in fates(checked)] == [(), ("E-VILLAGE-AMBIGUOUS",), ("E-VILLAGE-BLANK",)]


UPPER = [
    "序号",
    "县级领导",
    None,
    None,
    "部门干部",
    None,
    None,
    None,
    "乡镇干部",
    None,
    None,
    "电话",
    "起始日期",
]
LOWER = [None, "姓名", "职务", "包抓乡镇", "部门", "姓名", "职务", "包村", "姓名", "职务", "包组", None, None]


def cadre_file(tmp_path, rows, merges):
    book, sheet = new_book()
    sheet.append(["同心县干部包联台账"])
    sheet.append(UPPER)
    sheet.append(LOWER)
    for row in rows:
        sheet.append(row)
    sheet.merge_cells("B2:D2")
    sheet.merge_cells("E2:H2")
    sheet.merge_cells("I2:K2")
    for merge in merges:
        sheet.merge_cells(merge)
    path = tmp_path / "包联.xlsx"
    book.save(path)
    return read_cadres(path, tree=county_tree(), county="640324")


def test_one_leader_over_many_villages(tmp_path):
    rows = [
        [
            1,
            "马县长",
            "副县长",
            "河西镇",
            "民政局",
            "张部门",
            "科长",
            "马家湾村",
            "周乡镇",
            "干事",
            "1组",
            "13800000001",
            "2017-03-01",
        ],
        [None, None, None, None, None, None, None, None, "吴乡镇", "干事", "上庄组", None, None],
        [2, None, None, None, "教育局", "李部门", None, "新庄村", None, None, None, "13800000002", None],
        [3, None, None, None, "教育局", "李部门", None, "新庄村", None, None, None, "13800000002", None],
        [4, None, None, None, "司法局", "空缺", None, "河西社区", None, None, None, None, None],
        [5, None, None, "丁塘镇", "财政局", "钱部门", None, "杨家塘村", None, None, None, None, None],
        ["合计", None, None, None, "4人"],
    ]
    merges = ["B4:B8", "C4:C8", "D4:D8", "E4:E5", "F4:F5", "G4:G5", "H4:H5", "M4:M8"]
    checked = cadre_file(tmp_path, rows, merges)
    assert [(row, outcome, codes) for row, outcome, codes in fates(checked)] == [
        (4, ACCEPT, ()),
        (5, ACCEPT, ()),
        (6, ACCEPT, ()),
        (7, SKIP, ("S-SAME-ROW",)),
        (8, SKIP, ("S-SAME-ROW",)),
        (9, ACCEPT, ()),
        (10, SKIP, ("S-TOTAL",)),
    ]
    since = date(2017, 3, 1)
    leader = Duty("马县长", CadreLevel.COUNTY, HEXI, title="副县长", since=since)
    zhang = Duty("张部门", CadreLevel.DEPARTMENT, MA, department="民政局", title="科长", since=since)
    assert duties_of(checked) == (
        leader,
        zhang,
        Duty(
            "周乡镇",
            CadreLevel.TOWNSHIP,
            f"{MA}-1",
            "1组",
            title="干事",
            phones=("13800000001",),
            since=since,
        ),
        Duty("吴乡镇", CadreLevel.TOWNSHIP, MA, "上庄组", title="干事", since=since),
        Duty("李部门", CadreLevel.DEPARTMENT, XIN, department="教育局", phones=("13800000002",), since=since),
        Duty("钱部门", CadreLevel.DEPARTMENT, "640324106202", department="财政局"),
    )
    assert notices(checked) == ["丁塘镇没有县级领导包抓"]


def test_duties_that_name_no_area_or_a_wrong_one(tmp_path):
    rows = [
        [1, "马县长", "副县长", None, None, None, None, None],
        [2, "马县长", "副县长", "河东镇", None, None, None, None],
        [3, None, None, "丁塘镇", "民政局", "张部门", None, "马家湾村"],
        [4, None, None, "河西镇", None, None, None, "马家湾村", "周乡镇", None, None],
        [5, None, None, "河西镇", None, None, None, "马家湾村"],
        [6, "<b>", None, "河西镇", None, None, None, None],
        [7, "马县长", None, "河西镇", "民政局", "张部门", None, "马家湾村", None, None, None, None, "去年"],
    ]
    checked = cadre_file(tmp_path, rows, [])
    assert [codes for *_, codes in fates(checked)] == [
        ("E-DUTY-AREA",),
        ("E-TOWNSHIP-UNKNOWN",),
        ("E-VILLAGE-TOWNSHIP",),
        ("E-DUTY-AREA",),
        ("S-VACANT",),
        ("E-NAME-CHARS",),
        ("E-DATE-INVALID",),
    ]
    assert "写了乡镇干部“周乡镇”,没有写包组" in checked.rows[3].messages[0]
    assert (checked.read, checked.accepted, checked.rejected, checked.skipped) == (7, 0, 6, 1)


def test_several_department_cadres_of_a_village_are_told(tmp_path):
    rows = [
        [n, "马县长", "副县长", "河西镇", "民政局", name, None, "马家湾村"]
        for n, name in enumerate(("甲干部", "乙干部"), 1)
    ]
    checked = cadre_file(tmp_path, rows, [])
    assert checked.accepted == 2
    assert notices(checked) == ["马家湾村村民委员会有2名包村干部:甲干部、乙干部;按第一名为主"]


def test_a_roster_without_its_headings_is_refused(write_csv):
    path = write_csv([["乡镇", "姓名"], ["河西镇", "王某"]])
    with pytest.raises(InputError, match="缺少表头“村”"):
        read_assistants(path, tree=county_tree())
    with pytest.raises(InputError, match="缺少表头“县级领导姓名”"):
        read_cadres(path, tree=county_tree())
