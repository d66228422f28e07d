"""xlsx: values as people see them, and every unsafe workbook refused before it is parsed."""

import io
import subprocess
import sys
import zipfile
from contextlib import suppress
from datetime import datetime

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from planner.errors import InputError
from planner.ledger.tables import Column, read_table

COLUMNS = (Column("区划代码", required=True, fills=True), Column("人数", required=True), Column("日期"))
HEADER = ["区划代码", "人数", "日期"]


def cells(path):
    return [row.cells for row in read_table(path, COLUMNS).rows]


def test_merged_codes_fill_down_but_merged_counts_do_not(write_xlsx):
    def merge(book):
        book.active.merge_cells("A2:A3")
        book.active.merge_cells("B2:B3")

    path = write_xlsx([HEADER, ["1", 5, "a"], [None, None, "b"], [None, 7, "c"]], edit=merge)
    assert cells(path) == [
        {"区划代码": "1", "人数": 5, "日期": "a"},
        {"区划代码": "1", "日期": "b"},
        {"人数": 7, "日期": "c"},
    ]


def test_hidden_rows_are_read_and_told(write_xlsx):
    def hide(book):
        book.active.row_dimensions[3].hidden = True

    table = read_table(write_xlsx([HEADER, ["1", 1], ["2", 2]], edit=hide), COLUMNS)
    assert len(table.rows) == 2
    assert "含隐藏行1行,已一并导入" in table.notices


def test_the_one_fitting_sheet_is_read_and_told(write_xlsx):
    def more(book):
        book.create_sheet("空表")
        book.create_sheet("说明", 0).append(["填表说明"])

    table = read_table(write_xlsx([HEADER, ["1", 1]], edit=more), COLUMNS)
    assert table.sheet == "数据"
    assert "文件有2个非空工作表或图层,只读取了“数据”" in table.notices


def test_two_fitting_sheets_are_asked_about(write_xlsx):
    def twice(book):
        for row in (HEADER, ["2", 2]):
            (book["乡二"] if "乡二" in book.sheetnames else book.create_sheet("乡二")).append(row)

    with pytest.raises(InputError, match="2个可导入的工作表或图层:“数据”、“乡二”"):
        read_table(write_xlsx([HEADER, ["1", 1]], edit=twice), COLUMNS)


def test_formulas_are_text_where_no_value_was_saved(write_xlsx):
    path = write_xlsx([HEADER, ["1", "=1+1"]])
    table = read_table(path, COLUMNS)
    assert table.rows[0].cells["人数"] == "=1+1"
    assert "1个单元格是公式,取文件中保存的结果,没有保存的按文字读" in table.notices


def test_formulas_count_as_the_value_saved_with_them(write_xlsx, tmp_path):
    path = write_xlsx([HEADER, ["1", "=1+1"]])
    with_value = rewritten(path, "xl/worksheets/sheet1.xml", b"<v />", b"<v>2</v>", b"<v></v>")
    assert cells(with_value)[0]["人数"] == 2


def test_days_of_both_date_systems(write_xlsx):
    def in_1904(book):
        book.epoch = CALENDAR_MAC_1904

    assert cells(write_xlsx([HEADER, ["1", 1, datetime(2012, 3, 5)]]))[0]["日期"] == datetime(2012, 3, 5)
    table = read_table(write_xlsx([HEADER, ["1", 1, datetime(2012, 3, 5)]], edit=in_1904), COLUMNS)
    assert table.date1904
    assert table.rows[0].cells["日期"] == datetime(2012, 3, 5)


@pytest.mark.parametrize("shown", ['yyyy"年"m"月"', "mmm-yy"])
def test_a_month_that_excel_turned_into_its_first_day_stays_a_month(write_xlsx, shown):
    def show(book):
        book.active["C2"].number_format = shown

    assert cells(write_xlsx([HEADER, ["1", 1, datetime(2012, 3, 1)]], edit=show))[0]["日期"] == "2012年3月"


@pytest.mark.parametrize(
    ("built_in", "value"), [(57, "2012年3月"), (58, datetime(2012, 3, 5)), (31, datetime(2012, 3, 5))]
)
def test_date_formats_that_chinese_excel_builds_in(write_xlsx, built_in, value):
    def style(book):
        book.active["C2"].number_format = "mm-dd-yy"

    path = write_xlsx([HEADER, ["1", 1, 40973]], edit=style)
    path = rewritten(path, "xl/styles.xml", b'numFmtId="14"', f'numFmtId="{built_in}"'.encode())
    assert cells(path)[0]["日期"] == value


def test_an_understated_dimension_loses_no_cell(write_xlsx):
    path = write_xlsx([HEADER, ["1", 1]])
    cut = rewritten(path, "xl/worksheets/sheet1.xml", b'<dimension ref="A1:C2" />', b'<dimension ref="A1" />')
    assert cells(cut) == [{"区划代码": "1", "人数": 1}]


def test_a_workbook_without_cells_is_empty(write_xlsx):
    with pytest.raises(InputError, match="是空的"):
        read_table(write_xlsx([]), COLUMNS)


def rewritten(path, part, old, new, *also_old):
    """The workbook with some bytes of one part replaced."""
    content = {}
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            content[name] = archive.read(name)
    before = content[part]
    for item in (old, *also_old):
        content[part] = content[part].replace(item, new)
    assert content[part] != before
    return packed(path, content)


def packed(path, content):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return path


def parts_of(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        ({"xl/vbaProject.bin": b"x"}, "含有宏"),
        ({"xl/externalLinks/externalLink1.xml": b"<a/>"}, "链接到别的文件"),
        ({"../../x": b"x"}, "内部结构不安全"),
        ({"/etc/x": b"x"}, "内部结构不安全"),
        ({"C:\\x": b"x"}, "内部结构不安全"),
        ({"docProps/bomb.bin": b" " * 50_000_000}, "解压后过大"),
        ({f"p{number}": b"" for number in range(2001)}, "解压后过大"),
        (
            {"docProps/x.xml": b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'},
            "文档类型声明",
        ),
        ({"docProps/x.xml": "<!DOCTYPE a []><a/>".encode("utf-16")}, "文档类型声明"),
        ({"docProps/x.xml": b"<a>"}, "已损坏"),
    ],
)
def test_unsafe_workbooks_are_refused(write_xlsx, extra, message):
    path = write_xlsx([HEADER, ["1", 1]])
    with pytest.raises(InputError, match=message) as caught:
        read_table(packed(path, parts_of(path) | extra), COLUMNS)
    assert caught.value.fix


def test_blanks_that_pack_a_thousand_times_are_refused_before_they_are_unpacked(write_xlsx):
    path = write_xlsx([HEADER, ["1", 1]])
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=9) as archive,
        archive.open("xl/worksheets/sheet2.xml", "w") as part,
    ):
        for _ in range(256):
            part.write(b" " * 2**20)
    assert path.stat().st_size < 300 * 1024
    script = (
        "import resource, sys; from pathlib import Path\n"
        "from planner.errors import InputError\n"
        "from planner.ledger.tables import Column, read_table\n"
        "peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024\n"
        "before = peak()\n"
        "try: read_table(Path(sys.argv[1]), [Column('人数')])\n"
        "except InputError as error: print(peak() - before, error)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, path], capture_output=True, text=True, check=True)
    risen_mb, _, message = done.stdout.partition(" ")
    assert int(risen_mb) < 100
    assert "解压后过大" in message


def test_a_link_inside_is_refused(write_xlsx):
    path = write_xlsx([HEADER, ["1", 1]])
    with zipfile.ZipFile(path, "a") as archive:
        link = zipfile.ZipInfo("xl/link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(InputError, match="内部结构不安全"):
        read_table(path, COLUMNS)


def test_another_zip_is_no_workbook(tmp_path):
    path = packed(tmp_path / "a.xlsx", {"content.xml": b"<a/>"})
    with pytest.raises(InputError, match="不是 xlsx"):
        read_table(path, COLUMNS)


def test_every_cut_and_flipped_byte_ends_in_an_input_error_or_a_table(write_xlsx):
    content = write_xlsx([HEADER, ["1", 1]]).read_bytes()
    path = write_xlsx([HEADER])
    for at in range(0, len(content), 97):
        for broken in (content[:at], content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]):
            path.write_bytes(broken)
            with suppress(InputError):
                read_table(path, COLUMNS)


def test_too_many_columns_are_refused(tmp_path):
    book = openpyxl.Workbook()
    book.worksheets[0]["XFD1"] = "远"
    content = io.BytesIO()
    book.save(content)
    path = tmp_path / "a.xlsx"
    path.write_bytes(content.getvalue())
    with pytest.raises(InputError, match="超过500列"):
        read_table(path, COLUMNS)


def test_a_row_beyond_any_sheet_is_refused(write_xlsx):
    path = rewritten(
        write_xlsx([["区划代码"], ["640323101201"]]), "xl/worksheets/sheet1.xml", b'r="2"', b'r="2000000000"'
    )
    with pytest.raises(InputError, match="第2000000000行"):
        cells(path)
