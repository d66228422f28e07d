"""Papers as townships send them: every row's fate, in five layouts and more."""

import csv
import io
from datetime import date, datetime

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from planner.errors import InputError
from planner.ledger.children import read_children
from planner.ledger.outcomes import Outcome
from planner.policy.rules import load_rules
from tests.ledger.papers import (
    AS_OF,
    BIRTH,
    HEADINGS,
    child,
    county_tree,
    header,
    id_of,
    new_book,
    one_level,
    two_levels,
)

ACCEPT, WARN, REJECT, SKIP = (str(item) for item in Outcome)
KEYS = [key for key in HEADINGS if key != "blank"]
SHORT = [key for key in KEYS if HEADINGS[key][0] not in ("残疾证", "就学情况", "坐标")]


@pytest.fixture
def save(tmp_path):
    def save_book(book):
        path = tmp_path / "台账.xlsx"
        book.save(path)
        return path

    return save_book


def read(path, **options):
    return read_children(path, **{"tree": county_tree(), "rules": load_rules(), **options})


def fates(checked):
    return [
        (row.row, str(row.outcome), tuple(code for code in row.codes if code[0] != "N"))
        for row in checked.rows
    ]


def notices(checked):
    return [str(notice) for notice in checked.notices]


def check_account(checked):
    assert checked.read == checked.accepted + checked.rejected + checked.skipped == len(checked.rows)
    assert len(checked.records) == checked.accepted


def test_layout_1_a_merged_header_of_two_levels_with_title_day_total_and_footer(save):
    book, sheet = new_book()
    children = [
        child(
            21, cert=f"{id_of(BIRTH, 21)}42", kind="监护困境、残疾", benefits="低保", amount=600, grade="高"
        ),
        child(23, id=float(id_of(BIRTH, 23))),
        child(25, birth="2010年3月", status="在读", year="一年级", school="河西小学"),
        child(27, r_town="丁塘镇", r_village="杨家塘"),
        child(29, lon=105.91, lat=36.98, crs="GPS"),
        child(22, birth=datetime(2010, 3, 5), remark="协理员电话13800000001"),
    ]
    free = two_levels(sheet, children, keys=KEYS)
    sheet.cell(free, 1, "合计")
    sheet.cell(free, 2, "7人")
    sheet.cell(free + 1, 1, "审核人:某某")
    sheet.cell(free + 1, 5, "填表人:某某")
    sheet.cell(free + 1, 9, "电话:0953-8020000")
    sheet.row_dimensions[6].hidden = True
    checked = read(save(book))
    assert fates(checked) == [
        (5, ACCEPT, ()),
        (6, REJECT, ("E-ID-NUMERIC",)),
        (7, WARN, ("W-DOB-MONTH",)),
        (8, WARN, ("W-HUKOU-RESIDENCE",)),
        (9, ACCEPT, ()),
        (10, ACCEPT, ()),
        (11, SKIP, ("S-TOTAL",)),
        (12, SKIP, ("S-FOOTER",)),
    ]
    check_account(checked)
    assert (checked.read, checked.accepted, checked.rejected, checked.skipped) == (8, 5, 1, 2)
    assert (checked.as_of, checked.county) == (date(2017, 11, 9), "640324")
    assert notices(checked) == ["含隐藏行1行,已一并导入", "第11行:合计行写的是7人,读到6行。请核对是否有漏行"]
    first, third = checked.records[0], checked.records[1]
    assert (first.disability_kind, first.disability_grade, first.amount_month) == ("肢体", 2, 600)
    assert (third.school_status, third.stage, third.birth) == ("在读", "义务", BIRTH)
    assert checked.rows[1].messages[0].startswith("第6行 身份证号(D列):")
    assert (checked.sheets[0].header_rows, checked.sheets[0].width) == ((3, 4), len(KEYS))


def test_layout_2_one_sheet_for_each_township_with_filtered_rows_and_a_summary(save):
    book, first = new_book("河西镇")
    two_levels(first, [child(21), child(23, name="<b>")], keys=SHORT, title="河西镇困境儿童台账")
    first.auto_filter.ref = "A4:Z6"
    first.row_dimensions[5].hidden = True
    home = {"h_town": "丁塘镇", "h_village": "新庄村", "r_town": "丁塘镇", "r_village": "新庄村"}
    second = book.create_sheet("丁塘镇")
    two_levels(second, [child(25, **home), child(21, **home)], keys=SHORT, title="丁塘镇困境儿童台账")
    two_levels(book.create_sheet("汇总"), [child(27)], keys=SHORT)
    book.create_sheet("说明").append(["填表说明"])
    checked = read(save(book))
    assert [(row.sheet, row.row, str(row.outcome), row.codes) for row in checked.rows] == [
        ("河西镇", 5, ACCEPT, ()),
        ("河西镇", 6, REJECT, ("E-NAME-CHARS",)),
        ("丁塘镇", 5, ACCEPT, ()),
        ("丁塘镇", 6, REJECT, ("E-CHILD-TWICE",)),
    ]
    check_account(checked)
    assert checked.rows[1].messages[0].startswith("工作表“河西镇” 第6行 姓名(B列):")
    assert "与工作表“河西镇”第5行是同一儿童" in checked.rows[3].messages[0]
    assert [row.township for row in checked.rows if row.is_accepted] == ["640324101", "640324106"]
    assert notices(checked) == [
        "没有读取工作表“汇总”、“说明”;要读取其中一个,请用 --sheet 指定",
        "工作表“河西镇”:含隐藏行1行,已一并导入",
    ]
    only = read(save(book), sheet="汇总")
    assert [(row.sheet, row.row, str(row.outcome)) for row in only.rows] == [("汇总", 5, ACCEPT)]


def test_layout_3_a_repeated_header_merged_townships_and_a_blank_column(save):
    """Blank cells of a township count only inside its merged range."""
    keys = ["blank" if key == "ethnic" else key for key in SHORT]
    book, sheet = new_book()
    blank = {"h_town": None, "r_town": None}
    children = [child(21), child(23, **blank), child(25, **blank), child(27, **blank)]
    two_levels(sheet, children[:2], keys=keys)
    for column, key in enumerate(keys, start=1):
        for row, item in enumerate(children[2:], start=10):
            sheet.cell(row, column, item.get(key, 1 if key == "no" else None))
    sheet.cell(7, 1, "同心县困境儿童台账")
    header(sheet, 8, keys)
    for key in ("h_town", "r_town"):
        column = keys.index(key) + 1
        sheet.merge_cells(start_row=5, end_row=6, start_column=column, end_column=column)
        sheet.merge_cells(start_row=10, end_row=11, start_column=column, end_column=column)
        sheet.cell(10, column, "河西镇" if key == "r_town" else None)
    checked = read(save(book))
    assert fates(checked) == [
        (5, ACCEPT, ()),
        (6, ACCEPT, ()),
        (7, SKIP, ("S-HEADER",)),
        (8, SKIP, ("S-HEADER",)),
        (9, SKIP, ("S-HEADER",)),
        (10, REJECT, ("E-TOWNSHIP-BLANK",)),
        (11, REJECT, ("E-TOWNSHIP-BLANK",)),
    ]
    check_account(checked)
    assert "户籍乡镇" in checked.rows[5].messages[0]
    assert "合并单元格以外的空格不会自动补全" in checked.rows[5].messages[0]


def csv_of(rows, encoding):
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode(encoding)


def test_layout_4_a_csv_in_gb18030(tmp_path):
    path = tmp_path / "台账.csv"
    told = [
        child(21),
        child(23, id="6.40324E+17"),
        child(25, name="𠮷小花", remark="a,b\n=1+1"),
        child(27, r_town=""),
    ]
    rows = [["同心县困境儿童台账"], ["填报单位:同心县", "", "填报日期:", "2017/11/9"], *one_level(told)]
    path.write_bytes(csv_of([*rows, ["合计:4人"]], "gb18030"))
    checked = read(path)
    assert fates(checked) == [
        (4, ACCEPT, ()),
        (5, REJECT, ("E-ID-NUMERIC",)),
        (6, ACCEPT, ()),
        (7, REJECT, ("E-TOWNSHIP-BLANK",)),
        (8, SKIP, ("S-TOTAL",)),
    ]
    assert (checked.as_of, notices(checked)) == (AS_OF, ["按 GB18030 编码读取"])
    assert (checked.records[1].name, checked.records[1].remark) == ("𠮷小花", "a,b\n=1+1")
    assert {row.sheet for row in checked.rows} == {None}


def test_layout_5_a_csv_in_utf8_with_bom_and_other_headings(tmp_path):
    path = tmp_path / "台账.csv"
    heading = "儿童姓名,公民身份号码,出生年月,性别,户籍地乡镇,户籍地行政村,现住址乡镇,现住址行政村,类别,父亲情况,母亲情况,监护人,与儿童关系,联系电话"
    rows = [
        f"马小花,{id_of()},2010.3.5,1,河西,马家湾,河西,马家湾村委会,事实无人抚养,已故,再婚,马大山,爷爷,0953-8021234",
        f"马小川,{id_of(BIRTH, 23)},20100305,男,河西镇,马家湾村,河西镇,马家湾村,监护缺失/残疾,死亡,改嫁,,,无",
        f"马小石,{id_of(BIRTH, 25)},2010年3月5日,女,河西镇,马家湾村,河西镇,马家湾村,监护困境,死亡,改嫁,,,",
    ]
    path.write_bytes(("\ufeff" + "\r\n".join([heading, *rows, "填表人某某", ""])).encode("utf-8"))
    checked = read(path, as_of=AS_OF)
    assert fates(checked) == [
        (2, ACCEPT, ()),
        (3, WARN, ("W-CERT-NONE",)),
        (4, REJECT, ("E-SEX-ID",)),
        (5, SKIP, ("S-FOOTER",)),
    ]
    check_account(checked)
    assert checked.records[0].phones == ("09538021234",)


def test_layout_6_a_book_of_the_1904_system_with_serials(save):
    book, sheet = new_book()
    book.epoch = CALENDAR_MAC_1904
    serial = (BIRTH - date(1904, 1, 1)).days
    two_levels(
        sheet, [child(21, birth=serial), child(23, birth=BIRTH), child(25, birth=serial + 1462)], keys=SHORT
    )
    checked = read(save(book))
    assert fates(checked) == [(5, ACCEPT, ()), (6, ACCEPT, ()), (7, REJECT, ("E-DOB-ID",))]


def test_layout_7_a_silent_group_over_the_child_s_own_columns(save):
    """基本情况 over 姓名 and 身份证号 says nothing; 监护人 over 姓名 does."""
    book, sheet = new_book()
    upper = [
        "序号",
        "儿童基本情况",
        None,
        None,
        None,
        "户籍地址",
        None,
        "现居住地址",
        None,
        "困境类型",
        "父母状况",
        None,
        "监护人情况",
        None,
    ]
    lower = [
        None,
        "姓名",
        "性别",
        "身份证号码",
        "出生年月",
        "乡镇",
        "村(居)",
        "乡镇",
        "村(居)",
        None,
        "父亲",
        "母亲",
        "姓名",
        "电话",
    ]
    sheet.append(upper)
    sheet.append(lower)
    for column, words in enumerate(lower, start=1):
        if words is None:
            sheet.merge_cells(start_row=1, end_row=2, start_column=column, end_column=column)
    keys = [
        "no",
        "name",
        "sex",
        "id",
        "birth",
        "h_town",
        "h_village",
        "r_town",
        "r_village",
        "kind",
        "father",
        "mother",
        "guardian",
        "phone",
    ]
    sheet.append([child(21).get(key, 1) for key in keys])
    checked = read(save(book), as_of=AS_OF)
    assert fates(checked) == [(3, ACCEPT, ())]
    assert (checked.records[0].guardian, checked.records[0].name) == ("马大山", "马小雨")


@pytest.mark.parametrize(
    ("unit", "day", "expected"),
    [
        ("填报单位（盖章）：同心县民政局 填报日期：2017年11月9日", None, AS_OF),
        (None, "填报时间: 2017.11.09", AS_OF),
        ("填报日期", date(2017, 11, 9), AS_OF),
        ("填报日期:", 43048, AS_OF),
    ],
)  # fmt: skip
def test_the_day_of_the_paper_is_found(save, unit, day, expected):
    book, sheet = new_book()
    two_levels(sheet, [child()], keys=SHORT, unit=unit, day=day)
    assert read(save(book)).as_of == expected


def test_a_paper_without_a_day_needs_one(save):
    book, sheet = new_book()
    two_levels(sheet, [child()], keys=SHORT, day="填报日期: 年 月 日")
    with pytest.raises(InputError, match="文件没有填报日期"):
        read(save(book))
    assert read(save(book), as_of=AS_OF).as_of == AS_OF


def test_sheets_of_different_days_are_asked_about(save):
    book, first = new_book("河西镇")
    two_levels(first, [child(21)], keys=SHORT)
    two_levels(book.create_sheet("丁塘镇"), [child(23)], keys=SHORT, day="填报日期:2017年12月1日")
    with pytest.raises(InputError, match="各工作表的填报日期不同:“河西镇”2017-11-09、“丁塘镇”2017-12-01"):
        read(save(book))
    checked = read(save(book), as_of=date(2017, 12, 1))
    assert "文件的填报日期是2017-11-09,按指定的2017-12-01导入" in notices(checked)


def test_two_sheets_that_are_no_townships_are_asked_about(save):
    book, first = new_book("一季度")
    two_levels(first, [child(21)], keys=SHORT)
    two_levels(book.create_sheet("二季度"), [child(23)], keys=SHORT)
    with pytest.raises(InputError, match="2个可导入的工作表或图层:“一季度”、“二季度”"):
        read(save(book))
    assert [row.sheet for row in read(save(book), sheet=" 二季度").rows] == ["二季度"]
    with pytest.raises(InputError, match="没有有内容的工作表“三季度”"):
        read(save(book), sheet="三季度")


def test_missing_and_renamed_headings_are_all_named(save):
    book, sheet = new_book("河西镇")
    rows = one_level([child()])
    rows[0][rows[0].index("身份证号")] = "身份证件"
    rows[0][rows[0].index("父亲状况")] = "x"
    for row in rows:
        sheet.append(row)
    with pytest.raises(InputError) as caught:
        read(save(book), as_of=AS_OF)
    told = str(caught.value)
    assert "缺少表头“身份证号”;最接近的表头是“身份证件”。请把该列表头改为“身份证号”" in told
    assert "缺少表头“父亲状况”" in told


def test_sheets_without_rows_are_told_and_a_file_without_any_is_refused(save):
    book, first = new_book("河西镇")
    two_levels(first, [child(21)], keys=SHORT)
    two_levels(book.create_sheet("丁塘镇"), [], keys=SHORT)
    assert "工作表“丁塘镇”只有表头,没有数据" in notices(read(save(book)))
    with pytest.raises(InputError, match="只有表头,没有数据"):
        read(save(book), sheet="丁塘镇")


def test_more_rows_than_may_be_read_in_all_sheets_together(tmp_path):
    book = openpyxl.Workbook(write_only=True)
    for name, count in (("河西镇", 30_000), ("丁塘镇", 20_001)):
        sheet = book.create_sheet(name)
        sheet.append(one_level([child()])[0])
        for _ in range(count):
            sheet.append(["马"])
    path = tmp_path / "台账.xlsx"
    book.save(path)
    with pytest.raises(InputError, match="超过50000行"):
        read(path, as_of=AS_OF)


def test_coordinates_without_a_system_are_asked_for_once(save):
    book, sheet = new_book()
    two_levels(sheet, [child(21, lon=105.91, lat=36.98), child(23, lon=105.92, lat=36.98)], keys=KEYS)
    checked = read(save(book))
    assert [row.codes for row in checked.rows] == [(), ()]
    (notice,) = [item for item in checked.notices if item.code == "N-CRS-UNNAMED"]
    assert notice.message == "2行有坐标但没有说明坐标系,这些坐标没有采用"
    assert read(save(book), crs="WGS84").records[0].lon == 105.91


def test_the_county_is_found_by_the_unit_or_by_the_townships(save):
    def county_of(unit, *children):
        book, sheet = new_book()
        two_levels(sheet, children, keys=SHORT, unit=unit)
        return read(save(book)).county

    at_yanchi = {"h_town": "大水坑镇", "h_village": "新建村", "r_town": "大水坑镇", "r_village": "新建村"}
    assert county_of("填报单位(盖章):盐池县民政局", child()) == "640323"
    assert county_of("填报单位:大水坑镇人民政府", child()) == "640323"
    assert county_of(None, child(21), child(23), child(25, **at_yanchi)) == "640324"
    with pytest.raises(InputError, match="认不出这是哪个县的台账"):
        county_of(None, child(21), child(23, **at_yanchi))
    book, sheet = new_book()
    two_levels(sheet, [child(21), child(23, **at_yanchi)], keys=SHORT, unit=None)
    assert [row.outcome.value for row in read(save(book), county="640323").rows] == [REJECT, ACCEPT]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "是空的"),
        (b"PK\x03\x04garbage", "已损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧格式(xls)"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "打开密码"),
    ],
)
def test_files_that_are_refused_before_any_row(tmp_path, content, message):
    path = tmp_path / "台账.xlsx"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read(path, as_of=AS_OF)
    assert message in str(caught.value)


def test_an_empty_sheet(save):
    book, _ = new_book("河西镇")
    with pytest.raises(InputError, match="是空的"):
        read(save(book), as_of=AS_OF)


def test_a_sheet_of_separators_and_errors_crashes_nothing(save):
    book, sheet = new_book()
    two_levels(
        sheet,
        [dict.fromkeys(SHORT, mark) for mark in ("、", "#N/A", "\u200b、", "(", True, 0, -1, 1e300)],
        keys=SHORT,
    )
    checked = read(save(book))
    assert {str(row.outcome) for row in checked.rows} == {REJECT}
    assert all(row.codes for row in checked.rows)
