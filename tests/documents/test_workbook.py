"""The workbook read back with openpyxl."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime
from typing import Any

import openpyxl
import pandas as pd
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from planner.documents import workbook as module
from planner.documents import xlsx_bytes
from planner.errors import InputError
from planner.model.layers import Layer, column
from planner.plugin import Result
from tests.documents.conftest import NAMES, VILLAGES, YEARS, Sample


def read(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def column_of(sheet: Worksheet, title: str) -> list[Any]:
    position = [cell.value for cell in sheet[1]].index(title)
    return [row[position] for row in sheet.iter_rows(min_row=2)]


@pytest.fixture
def book(sample: Sample) -> openpyxl.Workbook:
    """The sample, read back."""
    return read(xlsx_bytes(sample.result, sample.makes, sample.stamp))


def test_sheets_and_titles(book: openpyxl.Workbook) -> None:
    assert book.sheetnames == ["说明", "各县", "各村", "逐年"]
    assert [cell.value for cell in book["各村"][1]] == [
        "村代码", "名称", "儿童(人)", "时限内", "车程(分钟)", "占比(%)", "计划投用",
    ]  # fmt: skip


def test_values_keep_their_types(book: openpyxl.Workbook) -> None:
    sheet = book["各村"]
    code = column_of(sheet, "村代码")[0]
    assert (code.value, code.data_type, code.number_format) == ("640323100200", "s", "@")
    assert [cell.value for cell in column_of(sheet, "儿童(人)")] == [1, 2, 3, 4, 0]
    assert [cell.value for cell in column_of(sheet, "时限内")] == ["是", "否", "是", "否", "是"]
    assert [cell.value for cell in column_of(sheet, "车程(分钟)")] == [12.34567, 60, "不可达", None, 0]
    share = column_of(sheet, "占比(%)")
    assert (share[0].value, share[0].number_format) == (13.636363, "0.0")
    assert share[4].value == "—(没有儿童)"
    opening = column_of(sheet, "计划投用")
    assert (opening[0].value, opening[0].number_format) == (datetime(2020, 6, 30), "yyyy-mm-dd")
    assert opening[1].value is None


def test_negative_numbers_stay_numbers_and_whole_ones_have_no_decimals(book: openpyxl.Workbook) -> None:
    change, *_ = column_of(book["逐年"], "增减(个)")
    assert (change.value, change.data_type) == (-2, "n")
    beds, none = column_of(book["逐年"], "床位(张)")
    assert (beds.value, beds.number_format) == (20, "0")
    assert none.value is None


def test_no_text_is_a_formula_or_a_link(book: openpyxl.Workbook) -> None:
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} == {"s", "n", "d"}
    assert not any(cell.hyperlink for cell in cells)
    names = column_of(book["各村"], "名称")
    assert [cell.value for cell in names] == [*NAMES[:4], "带\ufffd控制符"]
    assert [cell.quotePrefix for cell in names] == [True, False, False, False, False]


@pytest.mark.parametrize(
    "text", ["-2+5", "＝cmd|1", "\ufeff=1", " +1", "@SUM(A1)", "\t=1", "%0", "http://a", "007"]
)
def test_text_that_looks_like_something_else(sample: Sample, text: str) -> None:
    layer = Layer("t", "表", {"text": column(str, text)}, key=())
    content = xlsx_bytes(Result(tables={"t": pd.DataFrame({"text": [text]})}), (layer,), sample.stamp)
    for row in read(content)["表"].iter_rows():
        assert (row[0].value, row[0].data_type, row[0].hyperlink) == (text, "s", None)


def test_the_cover_says_where_it_comes_from(book: openpyxl.Workbook) -> None:
    rows = [tuple(cell.value for cell in row) for row in book["说明"].iter_rows()]
    lines = {row[0]: row[1:] for row in rows if row[0]}
    assert rows[0][0] == "机构覆盖缺口 & 可达"
    assert rows[1][0] == "截至2020年12月31日  编号 S-0001"
    assert rows[2][0] == "示例数据 · 内部工作用图 不得公开"
    assert lines["截至日期"][0] == datetime(2020, 12, 31)
    assert lines["数据时点"][0] == datetime(2021, 1, 2, 3, 4)
    assert lines["运行编号"][0] == "run-7"
    assert lines["文件编号"][0] == "S-0001"
    assert lines["机构类型"][0] == "儿童之家"
    assert lines["最远车程(min)"][0] == 60
    assert lines["已覆盖的县"] == (1, "个", "有运营机构的县数;依据:四(二)")
    assert lines["时限内占比"][:2] == ("—(没有儿童)", "%")
    assert lines["各村"][:2] == (5, "行")
    assert "2. =HYPERLINK(1)" in lines


def test_every_page_is_marked_and_fits(book: openpyxl.Workbook) -> None:
    for sheet in book.worksheets:
        assert str(sheet.oddHeader) == "&L机构覆盖缺口 && 可达&R示例数据 · 内部工作用图 不得公开"
        assert str(sheet.oddFooter) == "&L编号 S-0001&C第 &P 页 共 &N 页&R截至2020年12月31日"
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.page_setup.fitToHeight == 0  # as many pages as it takes, one page wide
    for sheet in book.worksheets[1:]:
        assert sheet.freeze_panes == "A2"
        assert sheet.print_title_rows == "$1:$1"
    assert book["各村"].auto_filter.ref == "A1:G6"


def test_columns_are_wide_enough_for_chinese(book: openpyxl.Workbook) -> None:
    sheet = book["各村"]
    assert sheet.column_dimensions["A"].width >= len("640323100200")
    assert sheet.column_dimensions["E"].width >= 2 * len("车程分钟") + 2
    assert sheet.column_dimensions["B"].width < 50


def test_empty_table(sample: Sample) -> None:
    book = read(xlsx_bytes(Result(tables={"years": YEARS.empty()}), sample.makes, sample.stamp))
    assert [cell.value for cell in book["逐年"][1]] == ["截至日", "增减(个)", "床位(张)"]
    assert book["逐年"].max_row == 1


def test_titles_that_no_sheet_may_have(sample: Sample) -> None:
    titles = ["说明", "a/b:c", "A B C", "县" * 40, "县" * 41, "'[]'", "History"]
    layers = tuple(Layer(f"t{n}", title, {}, key=()) for n, title in enumerate(titles))
    tables = {layer.name: pd.DataFrame() for layer in layers}
    book = read(xlsx_bytes(Result(tables=tables), layers, sample.stamp))
    assert book.sheetnames == [
        "说明", "说明-2", "a b c", "A B C-2", "县" * 31, "县" * 27 + "-2", "表", "History-2",
    ]  # fmt: skip


def test_extremes(sample: Sample) -> None:
    layer = Layer("t", "表", {"x": column(object, "值")}, key=())
    values = ["长" * 40_000, 10**18, pd.Timestamp("1899-12-31"), "_x0041_", "两\n行", True]
    content = xlsx_bytes(Result(tables={"t": pd.DataFrame({"x": values})}), (layer,), sample.stamp)
    cells = column_of(read(content)["表"], "值")
    assert cells[0].value == "长" * 32_766 + "…"
    assert [cell.value for cell in cells[1:]] == [str(10**18), "1899-12-31", "_x0041_", "两\n行", "是"]


def test_too_many_rows_are_refused(sample: Sample, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MAX_ROWS", 1)
    with pytest.raises(InputError, match="GeoPackage"):
        xlsx_bytes(sample.result, sample.makes, sample.stamp)


def test_same_input_same_bytes(sample: Sample) -> None:
    first = xlsx_bytes(sample.result, sample.makes, sample.stamp)
    assert first == xlsx_bytes(sample.result, sample.makes, sample.stamp)


def test_without_demo_nothing_claims_to_be_one(sample: Sample) -> None:
    book = read(xlsx_bytes(sample.result, sample.makes, replace(sample.stamp, demo=False, known_at=None)))
    texts = {str(cell.value) for row in book["说明"].iter_rows() for cell in row}
    assert not any("示例" in text for text in texts)
    assert {"登记数据", "最新", "内部工作用图 不得公开"} <= texts


def test_a_layer_without_reasons_keeps_its_columns(sample: Sample) -> None:
    without = VILLAGES.empty().drop(columns=["share_reason"])
    book = read(xlsx_bytes(Result({"villages": without}), sample.makes, sample.stamp))
    assert "占比(%)" in [cell.value for cell in book["各村"][1]]
