"""What a township does with its ledger in the app, in a real Chromium with the network cut."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import FilePayload, Page, expect

from planner.demo.ledger_file import ledger_workbook
from planner.jobs.known_files import known_files
from planner.store.reads import import_log, read_all_divisions
from planner.store.workspace import open_workspace
from tests.browser.conftest import PAYLOAD, Visit
from tests.browser.test_app import serious_faults

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
TOWNSHIP, OTHER_SCHOOL = "640324101", "河西二小"
NAME = "附件3 河西镇台账(12月终稿).xlsx"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(scope="module")
def ugly(folder: Path) -> FilePayload:
    """The ledger of a township: three children in another school, a wrong sex, an ID as a number, a hostile name."""
    workspace = open_workspace(folder)
    tree = read_all_divisions(workspace, as_of=date(2020, 12, 31))
    own = [item.record for item in known_files(workspace).values() if item.file.township == TOWNSHIP]
    workspace.engine.dispose()
    told = [replace(item, school=OTHER_SCHOOL) if at < 3 else item for at, item in enumerate(own)]
    book = openpyxl.load_workbook(io.BytesIO(ledger_workbook(told, tree=tree, area=TOWNSHIP)))
    sheet = book.worksheets[0]
    names = {str(cell.value): at for at, cell in enumerate(sheet[3], start=1)}
    first = next(row for row in range(4, 8) if sheet.cell(row, 1).value == 1)
    at = {row: sheet.cell(row, names["姓名"]).value for row in range(first, first + len(own))}
    unchanged = [row for row, name in at.items() if name not in {item.name for item in told[:3]}]
    sex = sheet.cell(unchanged[0], names["性别"])
    sex.value = "女" if sex.value == "男" else "男"
    sheet.cell(unchanged[1], names["身份证号"]).value = 6.40324201203050e17
    sheet.cell(unchanged[2], names["姓名"]).value = PAYLOAD
    out = io.BytesIO()
    book.save(out)
    return {"name": NAME, "mimeType": XLSX, "buffer": out.getvalue()}


def hand_in(visit: Visit, file: FilePayload) -> Page:
    visit.open("/data")
    visit.hand_in(visit.page.locator("input[type=file]").first, file)
    visit.page.get_by_role("button", name="核对", exact=True).click()
    expect(visit.page.get_by_role("heading", name="核对结果")).to_be_visible()
    visit.settle()
    return visit.page


def count(page: Page, word: str) -> int:
    """A figure of the preview."""
    metrics = page.locator(".st-key-cards-preview").get_by_test_id("stMetric")
    return int(metrics.filter(has_text=word).get_by_test_id("stMetricValue").inner_text().replace(",", ""))


def test_a_ledger_is_looked_at_confirmed_and_then_changes_nothing(
    visit: Visit, folder: Path, ugly: FilePayload, tmp_path: Path
) -> None:
    page = hand_in(visit, ugly)
    counts = {word: count(page, word) for word in ("读取", "新增", "变更", "无变化", "拒绝", "跳过")}
    assert counts["读取"] == sum(counts.values()) - counts["读取"]
    assert (counts["新增"], counts["变更"], counts["拒绝"]) == (0, 3, 3)
    page.get_by_role("radio", name="拒绝 3").click()
    table = page.get_by_role("table", name="各行的处理结果")
    expect(table.get_by_role("row")).to_have_count(4)
    for words in ("性别与身份证号不符", "身份证号丢失末位", "姓名用字有误"):
        expect(table).to_contain_text(words)
    with page.expect_download() as download:
        page.get_by_role("button", name="下载回执").click()
    assert download.value.suggested_filename == "附件3-河西镇台账-12月终稿-核对结果.xlsx"
    back = openpyxl.load_workbook(io.BytesIO(Path(download.value.path()).read_bytes())).worksheets[0]
    texts = {str(cell.value) for row in back.iter_rows() for cell in row}
    assert any(text.startswith("不能导入") for text in texts)
    workspace = open_workspace(folder)
    before = len(import_log(workspace))
    page.get_by_role("button", name="确认导入").dblclick()
    expect(page.get_by_text("已导入:新增 0,变更 3,撤下 0,拒绝 3")).to_be_visible()
    assert len(import_log(workspace)) == before + 1
    assert import_log(workspace)["文件"].iloc[0] == NAME
    page = hand_in(visit, ugly)
    assert (count(page, "新增"), count(page, "变更")) == (0, 0)
    expect(page.get_by_role("button", name="确认导入")).to_have_count(0)
    assert len(import_log(workspace)) == before + 1
    workspace.engine.dispose()


def test_a_preview_is_accessible_harmless_and_fits_a_phone(visit: Visit, ugly: FilePayload) -> None:
    page = hand_in(visit, ugly)
    assert serious_faults(page) == {}
    assert page.title() != "x"
    assert page.locator("img[src='x']").count() == 0
    page.set_viewport_size({"width": 390, "height": 844})
    page = hand_in(visit, ugly)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert serious_faults(page) == {}


def test_a_file_that_is_no_ledger_is_told_in_words(visit: Visit) -> None:
    visit.open("/data")
    old: FilePayload = {
        "name": "旧表.xls",
        "mimeType": "application/vnd.ms-excel",
        "buffer": b"\xd0\xcf\x11\xe0 old",
    }
    visit.hand_in(visit.page.locator("input[type=file]").first, old)
    visit.page.get_by_role("button", name="核对", exact=True).click()
    expect(visit.page.get_by_text("“旧表.xls”是旧格式(xls)")).to_be_visible()
    expect(visit.page.get_by_text("没有写入任何内容")).to_be_visible()
