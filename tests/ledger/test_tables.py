"""Finding the sheet, the header and the rows, whatever the file."""

import os
from hashlib import sha256
from pathlib import Path

import pytest

from planner.errors import InputError
from planner.ledger.grids import file_name
from planner.ledger.tables import Column, read_table, read_tables

COLUMNS = (
    Column("区划代码", ("村代码",), required=True, fills=True),
    Column("人数", ("儿童数",), required=True),
    Column("备注"),
)
HEADER = ["区划代码", "人数"]


def numbers(table):
    return [row.number for row in table.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_in_every_encoding(write_csv, encoding):
    table = read_table(write_csv([HEADER, ["640323101201", "3"]], encoding=encoding), COLUMNS)
    assert table.rows[0].cells == {"区划代码": "640323101201", "人数": "3"}
    assert (numbers(table), table.place("人数")) == ([2], "人数(B列)")
    assert ("按 GB18030 编码读取" in table.notices) == (encoding == "gb18030")


@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_delimiters(tmp_path, mark):
    path = tmp_path / "a.csv"
    path.write_text(f"区划代码{mark}人数\n640323101201{mark}3\n", encoding="utf-8")
    assert read_table(path, COLUMNS).rows[0].cells["人数"] == "3"


def test_header_below_a_title_with_aliases_units_and_full_width(write_xlsx):
    rows = [
        ["困境儿童统计表"],
        ["填报单位:", None, "2020-12-31"],
        [None, "村 代 码*", "人数（人）"],
        [None, "640323101201", 3],
    ]
    table = read_table(write_xlsx(rows, edit=lambda book: book.active.merge_cells("A1:C1")), COLUMNS)
    assert table.rows[0].cells == {"区划代码": "640323101201", "人数": 3}
    assert (numbers(table), table.place("人数")) == ([4], "人数(C列)")


def test_missing_headers_are_listed_with_the_nearest(write_csv):
    with pytest.raises(InputError) as caught:
        read_table(write_csv([["区域代码", "姓名"], ["1", "2"]]), COLUMNS)
    told = str(caught.value)
    assert "缺少表头“区划代码”;最接近的表头是“区域代码”。请把该列表头改为“区划代码”" in told
    assert "缺少表头“人数”。请补上“人数”一列" in told


def test_a_header_twice_is_refused(write_csv):
    with pytest.raises(InputError, match="表头“人数”出现2次\\(B、C列\\)"):
        read_table(write_csv([["区划代码", "人数", "人数"], ["1", "2", "3"]]), COLUMNS)


def test_totals_footers_and_repeated_headers_are_skipped_but_counted(write_csv):
    rows = [HEADER, ["1", "2"], [], ["合 计", "2"], HEADER, ["审核人：某某"], ["3", "4"]]
    table = read_table(write_csv(rows), COLUMNS)
    assert numbers(table) == [2, 7]
    assert table.skipped == {4: "合计行不导入", 5: "重复的表头不导入", 6: "表尾不导入"}
    assert table.total is not None
    assert table.total.cells["人数"] == "2"


def test_rows_that_hold_only_a_serial_number_are_skipped(write_csv):
    table = read_table(write_csv([["序号", *HEADER], [1, "1", "2"], [2, "", ""]]), COLUMNS)
    assert (numbers(table), list(table.skipped)) == ([2], [3])
    assert "没有用到的列:序号" in table.notices


def test_line_numbers_count_blank_lines_and_cells_of_several_lines(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('区划代码,人数,备注\n\n1,2,"两\n行"\n3,4,\n', encoding="utf-8")
    assert numbers(read_table(path, COLUMNS)) == [3, 4]


def test_an_unquoted_comma_breaks_its_row(write_csv, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("区划代码,人数\n1,2,多\n3,4,\n", encoding="utf-8")
    assert [row.broken is None for row in read_table(path, COLUMNS).rows] == [False, True]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "是空的"),
        (b"\xef\xbb\xbf \r\n", "是空的"),
        (b",,,\n,,\n", "是空的"),
        ("区划代码,人数\n".encode(), "只有表头"),
        ('区划代码,人数\n1,"2\n'.encode(), "引号不成对"),
        (b"\xff\xfe\x00", "认不出"),
        (b"\x00\x01\x02\x03", "认不出"),
        (b"\x89PNG\r\n\x1a\n\xff\xff", "认不出"),
        (b"<html><table>", "不是可导入的文件"),
        (b"%PDF-1.4", "不是可导入的文件"),
        (b"{]", "不是有效的 GeoJSON"),
        (b"[1]", "不是 GeoJSON 要素集合"),
        (b"SQLite format 3\x00garbage", "不是 GeoPackage"),
        (b"PK\x03\x04garbage", "已损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧格式(xls)"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "打开密码"),
    ],
)
def test_files_that_hold_no_table(tmp_path, content, message):
    path = tmp_path / "表.csv"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_table(path, COLUMNS)
    assert message in str(caught.value)
    assert caught.value.fix


def test_absent_files_folders_and_large_files(tmp_path):
    with pytest.raises(InputError, match="找不到文件"):
        read_table(tmp_path / "无.csv", COLUMNS)
    with pytest.raises(InputError, match="是文件夹"):
        read_table(tmp_path, COLUMNS)
    large = tmp_path / "大.csv"
    large.write_bytes(b"a" * (20 * 1024 * 1024 + 1))
    with pytest.raises(InputError, match="超过20 MB"):
        read_table(large, COLUMNS)


def test_a_pipe_or_a_device_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "管道.csv")
    for path in (tmp_path / "管道.csv", Path("/dev/zero"), Path("/dev/null")):
        with pytest.raises(InputError, match="不是普通文件"):
            read_table(path, COLUMNS)


def test_a_name_of_other_bytes_than_utf_8_is_read_as_gbk(tmp_path):
    path = tmp_path / os.fsdecode("台账.csv".encode("gbk"))
    with pytest.raises(InputError, match=r"找不到文件“.*台账\.csv”"):
        read_table(path, COLUMNS)
    path.write_text("区划代码,人数\n1,2\n", encoding="utf-8")
    assert read_table(path, COLUMNS).file == "台账.csv"
    assert file_name(tmp_path / os.fsdecode(b"\xff\xff.csv")) == "\ufffd\ufffd.csv"


def test_the_hash_is_of_the_bytes_that_were_read(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("区划代码,人数\n1,2\n".encode())
    assert read_table(path, COLUMNS).sha256 == sha256(path.read_bytes()).hexdigest()


def test_fifty_thousand_rows_are_read_beside_titles_totals_and_footers(tmp_path):
    path = tmp_path / "a.csv"
    above, below = "某县儿童台账,\n填报日期:2020-12-31,\n区划代码,人数\n", "合计,100000\n审核人:,\n"
    path.write_text(above + "1,2\n" * 50_000 + below, encoding="utf-8")
    table = read_table(path, COLUMNS)
    assert (len(table.rows), len(table.skipped)) == (50_000, 2)
    path.write_text(above + "1,2\n" * 50_001 + below, encoding="utf-8")
    with pytest.raises(InputError, match="数据超过50000行。请拆分成几个文件导入"):
        read_table(path, COLUMNS)
    path.write_text(above + "1,2\n" * 70_000, encoding="utf-8")
    with pytest.raises(InputError, match="数据超过50000行"):
        read_table(path, COLUMNS)


OFFICERS = (
    Column("姓名", required=True),
    Column("监护人姓名", ("监护人姓名",)),
    Column("监护人电话", ("电话", "监护人电话")),
    Column("残疾证号"),
    Column("残疾类别"),
)


def two_levels(write_csv, upper, lower):
    return (
        read_table(write_csv([["标题"], upper, lower, [str(at) for at in range(len(upper))]]), OFFICERS)
        .rows[0]
        .cells
    )


def test_headers_of_two_levels(write_csv):
    upper = ["姓名", "监护人", "", "", "残疾证", ""]
    lower = ["", "姓名", "电话", "", "残疾证号", "残疾类别"]
    assert two_levels(write_csv, upper, lower) == {
        "姓名": "0", "监护人姓名": "1", "监护人电话": "2", "残疾证号": "4", "残疾类别": "5",
    }  # fmt: skip


def test_an_upper_heading_that_says_nothing_gives_way_once(write_csv):
    upper = ["基本情况", "", "帮扶责任人", "", "村干部", "", "残疾类别"]
    lower = ["姓名", "残疾证号", "姓名", "电话", "姓名", "残疾证号", ""]
    assert two_levels(write_csv, upper, lower) == {
        "姓名": "0",
        "残疾证号": "1",
        "残疾类别": "6",
    }


def test_a_telephone_of_a_known_group_is_not_taken_for_another_s(write_csv):
    columns = (*OFFICERS, Column("民政协理员", ("民政协理员姓名",)))
    rows = [["姓名", "民政协理员", ""], ["", "姓名", "电话"], ["甲", "乙", "1"]]
    assert read_table(write_csv(rows), columns).rows[0].cells == {"姓名": "甲", "民政协理员": "乙"}


def test_a_header_of_one_row_is_not_joined_with_the_first_row_of_data(write_csv):
    table = read_table(write_csv([["区划代码", "人数"], ["人数", "3"]]), COLUMNS)
    assert [row.cells for row in table.rows] == [{"区划代码": "人数", "人数": "3"}]


def test_the_parts_of_a_workbook(write_xlsx):
    def parts(book):
        for name in ("乡二", "乡三", "别的"):
            for row in (HEADER, [name, 2], ["合计", 1]):
                (book[name] if name in book.sheetnames else book.create_sheet(name)).append(row)

    path = write_xlsx([["填表说明"]], edit=parts)
    tables, notices = read_tables(path, COLUMNS, is_part=lambda name: name.startswith("乡"))
    assert [(table.sheet, numbers(table), len(table.skipped)) for table in tables] == [
        ("乡二", [2], 1),
        ("乡三", [2], 1),
    ]
    assert notices == ("没有读取工作表“数据”、“别的”;要读取其中一个,请用 --sheet 指定",)
    assert [table.sheet for table in read_tables(path, COLUMNS, sheet="别的")[0]] == ["别的"]
    with pytest.raises(InputError, match="3个可导入的工作表"):
        read_tables(path, COLUMNS)
    with pytest.raises(InputError, match="缺少表头“区划代码”"):
        read_tables(path, COLUMNS, sheet="数据")
