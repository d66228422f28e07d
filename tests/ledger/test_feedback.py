"""回执: the file that was sent, with a column of messages; nothing in it is a formula."""

import io
import zipfile

import openpyxl
import pytest
from openpyxl.styles import Font, PatternFill
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from planner.errors import InputError
from planner.ledger.children import read_children
from planner.ledger.feedback import HEADING, write_feedback
from planner.policy.rules import load_rules
from tests.ledger.papers import AS_OF, HEADINGS, child, county_tree, new_book, one_level, two_levels

KEYS = [key for key in HEADINGS if key != "blank"]
AFTER = len(KEYS) + 1


def read(path, **options):
    return read_children(path, **{"tree": county_tree(), "rules": load_rules(), "as_of": AS_OF, **options})


def sent_back(path, tmp_path, **options):
    out = tmp_path / "回执.xlsx"
    write_feedback(path, read(path, **options), out)
    return openpyxl.load_workbook(out)


def formulas(book):
    return [
        cell.coordinate
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]


@pytest.fixture
def paper(tmp_path):
    book, sheet = new_book("河西镇")
    children = [child(21), child(23, id="无"), child(25, name="<b>"), child(21), child(27, remark="@SUM(1)")]
    free = two_levels(sheet, children, keys=KEYS)
    sheet.cell(free, 1, "合计")
    sheet.cell(free, 2, "=COUNTA(B5:B9)")
    sheet.cell(5, 2).font = Font(color="FF0000")
    sheet.column_dimensions["B"].width = 33
    sheet.row_dimensions[6].hidden = True
    sheet.cell(6, 2).fill = PatternFill("solid", fgColor="00FF00")
    second = book.create_sheet("说明")
    second["A1"] = "=1+1"
    path = tmp_path / "台账.xlsx"
    book.save(path)
    return path


def test_one_more_column_and_coloured_rows(paper, tmp_path):
    book = sent_back(paper, tmp_path)
    sheet = book["河西镇"]
    assert sheet.cell(3, AFTER).value == HEADING
    told = [sheet.cell(row, AFTER).value for row in range(5, 11)]
    assert told[0] == "已导入"
    assert told[1].startswith("已导入,请核对\n第6行 身份证号(D列):没有身份证号")
    assert told[2] == "未导入\n第7行 姓名(B列):含有不允许的字符。姓名只能有汉字和间隔号“·”,其他说明请写在备注"
    assert told[3] == "不导入\n第8行:与第5行完全相同,只取一次"
    assert told[5] == "不导入\n第10行:合计行不导入"
    colours = [sheet.cell(row, 3).fill.fgColor.rgb for row in range(5, 9)]
    assert colours[0] == "00000000"
    assert len(set(colours)) == 4


def test_a_row_is_high_enough_for_what_is_told(paper, tmp_path):
    heights = [sent_back(paper, tmp_path)["河西镇"].row_dimensions[row].height for row in (5, 7, 10)]
    assert heights[0] == 16.5  # 已导入
    assert heights[1] >= 49.5  # two lines, of which the second is wider than the column
    assert heights[2] == 33


def test_what_was_sent_is_kept(paper, tmp_path):
    before, after = openpyxl.load_workbook(paper)["河西镇"], sent_back(paper, tmp_path)["河西镇"]
    assert after.merged_cells.ranges == before.merged_cells.ranges
    assert after.column_dimensions["B"].width == 33
    assert after.row_dimensions[6].hidden
    assert after["B5"].font.color.rgb == "00FF0000"
    unchanged = [
        (row, column)
        for row in range(1, 10)
        for column in range(1, AFTER)
        if after.cell(row, column).value != before.cell(row, column).value
    ]
    assert unchanged == []


def test_nothing_is_a_formula(paper, tmp_path):
    book = sent_back(paper, tmp_path)
    assert formulas(book) == []
    total = book["河西镇"].cell(10, 2)
    assert (total.value, total.data_type, total.quotePrefix) == ("=COUNTA(B5:B9)", "s", True)
    remark = book["河西镇"].cell(9, KEYS.index("remark") + 1)
    assert (remark.value, remark.quotePrefix) == ("@SUM(1)", True)
    assert book["说明"]["A1"].data_type == "s"


def test_a_saved_value_takes_the_place_of_its_formula(paper, tmp_path):
    content = paper.read_bytes()
    source = zipfile.ZipFile(io.BytesIO(content))
    with zipfile.ZipFile(paper, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            part = source.read(name)
            target.writestr(name, part.replace(b"<f>COUNTA(B5:B9)</f><v />", b"<f>COUNTA(B5:B9)</f><v>5</v>"))
    assert sent_back(paper, tmp_path)["河西镇"].cell(10, 2).value == 5


def test_a_csv_becomes_a_workbook_of_texts(tmp_path):
    path = tmp_path / "台账.csv"
    rows = one_level([child(21, remark="=1+1"), child(23, name="＝cmd|1", remark="+86")])
    path.write_text("\n".join(",".join(str(cell or "") for cell in row) for row in rows), encoding="gb18030")
    sheet = sent_back(path, tmp_path).worksheets[0]
    assert [cell.value for cell in sheet[1]][:3] == ["姓名", "性别", "身份证号"]
    assert sheet.cell(1, len(rows[0]) + 1).value == HEADING
    assert sheet["C2"].value == "640324201003050212"
    remark = sheet.cell(2, rows[0].index("备注") + 1)
    assert (remark.value, remark.data_type, remark.quotePrefix) == ("=1+1", "s", True)
    assert sheet["A3"].quotePrefix
    assert "未导入" in sheet.cell(3, len(rows[0]) + 1).value


def test_several_sheets_and_the_date_system_are_kept(tmp_path):
    book, first = new_book("河西镇")
    book.epoch = CALENDAR_MAC_1904
    two_levels(first, [child(21)], keys=KEYS)
    two_levels(book.create_sheet("丁塘镇"), [child(23, name="<b>")], keys=KEYS)
    path = tmp_path / "台账.xlsx"
    book.save(path)
    after = sent_back(path, tmp_path)
    assert after.epoch == CALENDAR_MAC_1904
    assert after["河西镇"].cell(5, AFTER).value == "已导入"
    assert after["丁塘镇"].cell(5, AFTER).value.startswith("未导入\n工作表“丁塘镇” 第5行 姓名(B列)")


def test_another_file_or_a_bad_folder_is_refused_and_nothing_is_left(paper, tmp_path):
    checked = read(paper)
    other, _ = new_book("别的")
    other.save(tmp_path / "别的.xlsx")
    with pytest.raises(InputError, match="不是核对时的那一个"):
        write_feedback(tmp_path / "别的.xlsx", checked, tmp_path / "回执.xlsx")
    with pytest.raises(InputError, match="不能写文件"):
        write_feedback(paper, checked, tmp_path / "没有" / "回执.xlsx")
    assert sorted(item.name for item in tmp_path.iterdir()) == ["别的.xlsx", "台账.xlsx"]
