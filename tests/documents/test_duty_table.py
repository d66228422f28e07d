"""包联责任表 and pages of duties on small lists: merged cells, vacancies in red, nothing that a spreadsheet would run."""

import io
from datetime import date

import numpy as np
import openpyxl
from PIL import Image

from planner.documents.duty_pages import Block, duty_pages, duty_pages_pdf
from planner.documents.duty_table import DutyRow, duty_table, duty_table_pdf, table_data
from planner.documents.pdf import page_images
from planner.documents.stamp import Stamp
from planner.model.rosters import CadreLevel, Duty

STAMP = Stamp(title="甲县包联", plugin="", run="", serial="BL-1", as_of=date(2020, 12, 31))
LEADER = Duty("马县长", CadreLevel.COUNTY, "640101001", title="=1+1", phones=("13800000001", "13800000002"))
FIRST = DutyRow("640101001", "甲一镇", LEADER, village="640101001001", village_name="近村", group="1组")
ROWS = [FIRST, DutyRow(**{**vars(FIRST), "group": "2组"}), DutyRow("640101002", "甲二乡", None)]


def sheet_of(content):
    (sheet,) = openpyxl.load_workbook(io.BytesIO(content)).worksheets
    return sheet


def table(rows):
    return duty_table(rows, title="甲县包联责任表", issuer="甲县民政局", stamp=STAMP)


def test_cells_of_one_area_are_merged_and_vacancies_red():
    sheet = sheet_of(table(ROWS))
    merged = {str(area) for area in sheet.merged_cells.ranges}
    assert {"B5:B6", "C5:C6", "F5:F6", "H5:H6"} <= merged
    assert not any(area.startswith("J") for area in merged - {"J3:J4"})
    assert (sheet["C7"].value, sheet["C7"].font.color.rgb) == ("空缺", "FFC00000")
    assert (sheet["H7"].value, sheet["L7"].value) == ("", "")
    assert sheet["E5"].value == "13800000001、13800000002"


def test_a_title_is_no_formula():
    cell = sheet_of(table(ROWS))["D5"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=1+1", "s", True)


def test_no_rows_and_the_same_bytes_twice():
    assert sheet_of(table([])).max_row == 4
    assert table(ROWS) == table(ROWS)


def test_the_same_as_pdf():
    for rows in (ROWS, []):
        content = duty_table_pdf(rows, title="甲县 #包联 *责任表*", issuer="甲县民政局", stamp=STAMP)
        assert content.startswith(b"%PDF")


def test_each_block_begins_a_page():
    blocks = [
        Block("马县长", "电话:—", ("区域", "状态"), [("甲一镇", "空缺"), ("=2", "")]),
        Block("王县长", "", ("区域", "状态"), []),
    ]
    sheet = sheet_of(duty_pages(blocks, issuer="甲县民政局", stamp=STAMP))
    assert [item.id for item in sheet.row_breaks.brk] == [6]
    assert (sheet["A1"].value, sheet["A7"].value) == ("马县长", "王县长")
    assert (sheet["B4"].font.color.rgb, sheet["A5"].data_type) == ("FFC00000", "s")
    assert duty_pages_pdf(blocks, issuer="甲县民政局", stamp=STAMP).startswith(b"%PDF")


def test_a_cell_that_runs_over_a_page_says_its_text_on_the_next_too():
    lines = [DutyRow(**{**vars(FIRST), "group": f"{at + 1}组"}) for at in range(60)]
    data = table_data(lines, title="甲县包联责任表", issuer="甲县民政局", stamp=STAMP)
    pages = page_images("duty_table", data, dots_per_inch=100)
    assert len(pages) == 2
    for page in pages:
        grey = np.array(Image.open(io.BytesIO(page)).convert("L"))
        across = grey.shape[1]
        # The column of the township, between its rules and below the heading.
        column = grey[int(0.12 * len(grey)) : int(0.9 * len(grey)), int(0.07 * across) : int(0.125 * across)]
        assert (column < 110).any(axis=1).sum() > 5  # as high as a character, which a rule is not
