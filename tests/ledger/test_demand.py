"""The demand file: villages, age bands, categories, needs, counts."""

from datetime import datetime

import pytest

from planner.errors import InputError
from planner.ledger import LedgerError, read_demand

HEADER = ["区划代码", "年龄段", "类别", "需求", "人数"]
VILLAGE = "640323101201"


def read(path, tree):
    return read_demand(path, tree=tree)


def test_rows_become_counts(write_csv, tree):
    rows = [HEADER, [VILLAGE, "0-6", "自身困境", "康复", 3], [VILLAGE, "7-14", "家庭困境", "", 0]]
    checked = read(write_csv(rows), tree)
    assert checked.frame.columns.tolist() == ["village", "age_band", "category", "need", "children", "origin"]
    assert checked.frame.fillna("").values.tolist() == [
        [VILLAGE, "0-6", "自身困境", "康复", 3, "表.csv"],
        [VILLAGE, "7-14", "家庭困境", "", 0, "表.csv"],
    ]
    assert str(checked.frame["children"].dtype) == "int64"
    assert (checked.read, checked.accepted, checked.skipped) == (2, 2, 0)


@pytest.mark.parametrize(
    ("written", "band"),
    [
        ("0—6", "0-6"),
        ("0~6岁", "0-6"),
        ("０－６", "0-6"),
        ("0 - 6周岁", "0-6"),
        ("0至6岁", "0-6"),
        ("15–17", "15-17"),
        ("7——14", "7-14"),
        ("7月14日", "7-14"),
        ("14-Jul", "7-14"),
        (datetime(2024, 7, 14), "7-14"),
    ],
)
def test_age_bands_however_written(write_xlsx, tree, written, band):
    checked = read(write_xlsx([HEADER, [VILLAGE, written, "临时困境", None, 1]]), tree)
    assert checked.frame["age_band"].tolist() == [band]


def test_a_band_that_excel_took_for_a_day_is_told(write_xlsx, tree):
    checked = read(write_xlsx([HEADER, [VILLAGE, datetime(2024, 7, 14), "临时困境", None, 1]]), tree)
    assert "第2行 年龄段(B列):“7-14”被Excel改成了日期,按7-14读取" in map(str, checked.notices)


@pytest.mark.parametrize(
    ("written", "category"),
    [
        ("家庭贫困", "家庭困境"),
        ("残疾", "自身困境"),
        ("重病", "自身困境"),
        ("监护缺失", "监护困境"),
        ("事实孤儿", "监护困境"),
    ],
)
def test_category_aliases(write_csv, tree, written, category):
    checked = read(write_csv([HEADER, [VILLAGE, "0-6", written, "无", 1]]), tree)
    assert checked.frame["category"].tolist() == [category]
    assert checked.frame["need"].isna().all()


def test_every_fault_with_row_column_and_fix(write_csv, tree):
    rows = [
        HEADER,
        [VILLAGE, "0-6", "自身困境", "康复", "n/a"],
        [VILLAGE, "0-7", "自身困境", "康复", 1],
        [VILLAGE, "7-14", "自生困境", "康复", 1],
        [VILLAGE, "7-14", "自身困境", "上学", 1],
        ["640323101999", "7-14", "自身困境", "康复", 1],
        ["640323101", "7-14", "自身困境", "康复", 1],
        ["", "", "", "", 3.5],
        [VILLAGE, "15-17", "自身困境", "康复", -1],
        [VILLAGE, "15-17", "自身困境", "康复", "1e3"],
    ]
    with pytest.raises(LedgerError) as caught:
        read(write_csv(rows), tree)
    assert [str(problem) for problem in caught.value.problems] == [
        "第2行 人数(E列):“n/a”不是整数。请填数字",
        "第3行 年龄段(B列):“0-7”不是年龄段。请填0-6、7-14或15-17",
        "第4行 类别(C列):“自生困境”不在可选范围内。是否为“自身困境”?可填:家庭困境、自身困境、监护困境、临时困境",
        "第5行 需求(D列):“上学”不在可选范围内。可填:康复、送教、安置,没有的留空",
        "第6行 区划代码(A列):“640323101999”不在已导入的区划中。请核对代码,或先导入含有它的区划表",
        "第7行 区划代码(A列):“640323101”是乡镇(街道)“大水坑镇”,不是村(居)。请填12位村(居)代码",
        "第8行 区划代码(A列):没有填写。请填12位村(居)代码",
        "第8行 年龄段(B列):没有填写。请填0-6、7-14或15-17",
        "第8行 类别(C列):没有填写。请填家庭困境、自身困境、监护困境、临时困境",
        "第8行 人数(E列):“3.5”不是整数。请填数字",
        "第9行 人数(E列):“-1”是负数。请填0或正整数",
        "第10行 人数(E列):“1e3”不是整数。请填数字",
    ]
    assert (caught.value.read, caught.value.rejected) == (9, 9)


def test_duplicates(write_csv, tree):
    row = [VILLAGE, "0-6", "自身困境", "康复", 3]
    checked = read(write_csv([HEADER, row, row]), tree)
    assert (checked.read, checked.accepted, checked.skipped, len(checked.frame)) == (2, 1, 1, 1)
    with pytest.raises(
        LedgerError, match="第3行 人数\\(E列\\):与第2行是同一村、年龄段、类别和需求,人数却不同"
    ):
        read(write_csv([HEADER, row, [*row[:4], 4]]), tree)


def test_the_declared_total_is_compared(write_csv, tree):
    rows = [HEADER, [VILLAGE, "0-6", "自身困境", "", 3], [], ["合计", "", "", "", 4]]
    checked = read(write_csv(rows), tree)
    assert (checked.read, checked.accepted, checked.skipped) == (2, 1, 1)
    assert "第4行 人数(E列):合计行写的是4人,各行相加是3人,请核对" in map(str, checked.notices)


def test_numbers_as_codes_and_a_merged_village(write_xlsx, tree):
    rows = [HEADER, [640323101201.0, "0-6", "自身困境", None, 3], [None, "7-14", "自身困境", None, "４"]]
    checked = read(write_xlsx(rows, edit=lambda book: book.active.merge_cells("A2:A3")), tree)
    assert checked.frame["village"].tolist() == [VILLAGE, VILLAGE]
    assert checked.frame["children"].tolist() == [3, 4]


def test_a_blank_code_that_is_not_merged_is_a_fault(write_xlsx, tree):
    rows = [HEADER, [VILLAGE, "0-6", "自身困境", None, 3], [None, "7-14", "自身困境", None, 4]]
    with pytest.raises(LedgerError, match="第3行 区划代码\\(A列\\):没有填写"):
        read(write_xlsx(rows), tree)


def test_missing_need_column_is_named(write_csv, tree):
    with pytest.raises(InputError, match="缺少表头“需求”"):
        read(write_csv([["区划代码", "年龄段", "类别", "人数"], [VILLAGE, "0-6", "自身困境", 1]]), tree)


def test_rows_that_differ_in_another_column_are_not_one(write_csv, tree):
    rows = [
        [*HEADER, "组"],
        [VILLAGE, "0-6", "家庭困境", "", 3, "一组"],
        [VILLAGE, "0-6", "家庭困境", "", 3, "二组"],
    ]
    with pytest.raises(LedgerError) as caught:
        read(write_csv(rows), tree)
    assert "其他列却不同" in str(caught.value.problems[0])


def test_a_running_number_makes_no_difference(write_csv, tree):
    rows = [["序号", *HEADER], [1, VILLAGE, "0-6", "家庭困境", "", 3], [2, VILLAGE, "0-6", "家庭困境", "", 3]]
    checked = read(write_csv(rows), tree)
    assert (checked.accepted, checked.skipped) == (1, 1)
