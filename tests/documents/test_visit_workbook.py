"""The papers as a workbook: conventional cells, serial and watermark everywhere, nothing a formula."""

import io

import openpyxl

from planner.documents.visit_workbook import visit_workbook
from tests.documents.route_papers import LONG, MARKUP, STAMP, form, hidden, sheet, stop


def book_of(sheets, forms=()):
    return openpyxl.load_workbook(io.BytesIO(visit_workbook(sheets, forms, STAMP)))


def words_of(page):
    return [cell.value for row in page.iter_rows() for cell in row if cell.value is not None]


def test_a_sheet_a_day_and_a_form_a_visit():
    book = book_of([sheet(stop(1), stop(2)), sheet(hidden(1))], [form(), form(name="")])
    assert book.sheetnames == ["路线单1 01-05", "路线单2 01-05", "记录表1", "记录表2"]
    first = words_of(book["路线单1 01-05"])
    assert {
        "困境儿童走访路线单(示例)",
        "走访人",
        "王协理",
        "88.2公里",
        "马家湾村 3组",
        "未排入清单",
        "回收人",
    } <= set(first)
    second = words_of(book["路线单2 01-05"])
    assert "另行通知" in second
    assert not {"马隐名", "隐村 3组", "13895007777"} & set(second)
    page = book["记录表1"]
    assert (page.page_setup.orientation, page.page_setup.paperSize) == ("portrait", 9)
    assert {"儿童姓名", "马小雨", "☐正常 ☐异常", "处理意见", "☐无 ☐帮扶 ☐强制报告"} <= set(words_of(page))
    lists = {item.formula1 for item in page.data_validations.dataValidation}
    assert '"☑正常 ☐异常,☐正常 ☑异常"' in lists


def test_serial_and_watermark_on_every_page_and_in_a_cell():
    for page in book_of([sheet(stop(1))], [form()]):
        line = "".join(str(part.text) for part in (page.oddHeader.right, page.oddFooter.left))
        assert STAMP.serial in line
        assert "王某(wang) 2021-01-04" in line
        assert [word for word in words_of(page) if STAMP.serial in word and "王某" in word]


def test_no_text_is_a_formula():
    odd = stop(1, children=("=1+1", LONG, "𠀀"), village="＝cmd|1", notes=("-2+5", MARKUP))
    book = book_of([sheet(odd, visitor="@SUM(1)")], [form(name="+1", guardian="=1+1\x00")])
    cells = [cell for page in book for row in page.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.quotePrefix for cell in cells if cell.value == "+1"] == [True]


def test_the_same_papers_give_the_same_bytes_and_none_is_a_workbook_too():
    assert visit_workbook([sheet(stop(1))], [form()], STAMP) == visit_workbook(
        [sheet(stop(1))], [form()], STAMP
    )
    assert "没有排入走访" in words_of(book_of([]).worksheets[0])
