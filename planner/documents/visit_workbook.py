"""路线单 and 走访记录表 as a workbook: a sheet for each day, then a sheet for each visit, to fill in and send back.

The forms are read again by `planner import visits`; the choices of a cell are those of the printed form, picked from
a list.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

from xlsxwriter.workbook import Workbook

from planner.documents.route_sheet import (
    BENEFITS,
    HEADS,
    LEFT_OUT_HEADS,
    RETURNED,
    ROUTE_SHEET,
    VISIT_FORM,
    cells_of,
    form_rows,
    head_of,
    left_out_cells,
)
from planner.documents.stamp import Stamp
from planner.documents.workbook import book_options, cell_text
from planner.model.route_sheets import RouteSheet, VisitForm
from planner.model.sheet_text import is_formula_like, writable
from planner.model.visits import Concern, Measure, VisitWay

_A4 = 9
_RULE, _PAPER = "#808080", "#E8EEF2"
# 导航 is a picture on the printed sheet; the workbook has the other columns.
_COLUMNS = tuple(head for head in HEADS if head != "导航")
_WIDTHS = (5, 9, 20, 11, 18, 6, 11, 11, 11, 14, 18, 6, 12)
_FORM_WIDTHS = (13, 12, 9, 12, 12, 12, 9, 12)
_LAST = len(_FORM_WIDTHS) - 1
_FITS = 5  # characters that stand on one line of the narrowest cell of a form
_LEFT_SPANS = ((0, 2), (3, 3), (4, 5), (6, 8), (9, 12))
_YES_NO = ("是", "否")
_MOST_PAGE_TEXT = 100
Spans = Sequence[tuple[int, int]]


def visit_workbook(sheets: Sequence[RouteSheet], forms: Sequence[VisitForm], stamp: Stamp) -> bytes:
    """The papers as xlsx, A4; serial and watermark stand on every page and in a cell of every sheet.

    No cell is ever a formula or a link. The same papers and stamp give the same bytes.
    """
    buffer = io.BytesIO()
    with Workbook(buffer, book_options()) as book:
        book.set_properties(
            {"title": stamp.title, "comments": f"{stamp.notice} {stamp.serial}", "created": stamp.made_at}
        )
        styles = _styles(book)
        for number, sheet in enumerate(sheets, start=1):
            _write_sheet(book.add_worksheet(f"路线单{number} {sheet.day:%m-%d}"), sheet, styles, stamp)
        for number, form in enumerate(forms, start=1):
            _write_form(book.add_worksheet(f"记录表{number}"), form, styles, stamp)
        if not sheets and not forms:
            book.add_worksheet(ROUTE_SHEET).write_string(0, 0, "没有排入走访", styles["line"])
    return buffer.getvalue()


def choices_of(words: Iterable[str]) -> str:
    """The words as a printed choice: ☐正常 ☐异常."""
    return " ".join(f"☐{word}" for word in words)


def ticked(words: Sequence[str], word: str) -> str:
    """The same choice with one of the words ticked."""
    return " ".join(f"{'☑' if item == word else '☐'}{item}" for item in words)


def _styles(book: Workbook) -> dict[str, Any]:
    cell = {"border": 1, "border_color": _RULE, "text_wrap": True, "num_format": "@"}
    return {
        "title": book.add_format({"bold": True, "font_size": 16, "align": "center"}),
        "line": book.add_format({"align": "right", "num_format": "@"}),
        "header": book.add_format({**cell, "bold": True, "bg_color": _PAPER, "align": "center"}),
        "text": book.add_format({**cell, "align": "left"}),
        # The quote prefix keeps a text a text even when somebody edits the cell.
        "guarded": book.add_format({**cell, "align": "left", "quote_prefix": True}),
        "open": book.add_format({**cell, "align": "left", "valign": "top"}),
        "day": book.add_format({**cell, "align": "left", "num_format": "yyyy-mm-dd"}),
    }


def _write_sheet(page: Any, sheet: RouteSheet, styles: dict[str, Any], stamp: Stamp) -> None:
    last = len(_COLUMNS) - 1
    for column, width in enumerate(_WIDTHS):
        page.set_column(column, column, width)
    row = _write_top(page, ROUTE_SHEET, last, styles, stamp)
    pairs = head_of(sheet)
    spans: Spans = ((0, 1), (2, 3), (4, 4), (5, 7), (8, 8), (9, 9), (10, 10), (11, 12))
    for at in range(0, len(pairs), 4):
        words = [word for pair in pairs[at : at + 4] for word in pair]
        _write_spans(page, row, words, spans, styles)
        row += 1
    header = row
    for column, head in enumerate(_COLUMNS):
        page.write_string(row, column, head, styles["header"])
    for stop in sheet.stops:
        row += 1  # as high as its texts: a spreadsheet sees to it where no height is set
        for column, text in enumerate([*cells_of(stop), "☐", ""]):
            _write(page, row, (column, column), text, styles)
    row += 2
    _merge(page, row, (0, last), "未排入清单" if sheet.left_out else "未排入清单:无", styles["header"])
    if sheet.left_out:
        row += 1
        for span, head in zip(_LEFT_SPANS, LEFT_OUT_HEADS, strict=True):
            _merge(page, row, span, head, styles["header"])
    for item in sheet.left_out:
        row += 1
        for span, text in zip(_LEFT_SPANS, left_out_cells(item), strict=True):
            _write(page, row, span, text, styles)
    row += 2
    _merge(page, row, (0, last), "回收销毁栏(走访结束后交回,核对份数后销毁)", styles["header"])
    for heads in RETURNED:
        row += 1
        page.set_row(row, 24)
        _write_spans(
            page,
            row,
            [part for head in heads for part in (head, "")],
            ((0, 1), (2, 3), (4, 4), (5, 8), (9, 9), (10, 12)),
            styles,
        )
    page.set_landscape()
    page.repeat_rows(header)
    page.freeze_panes(header + 1, 0)
    _set_page(page, stamp)


def _write_form(page: Any, form: VisitForm, styles: dict[str, Any], stamp: Stamp) -> None:
    for column, width in enumerate(_FORM_WIDTHS):
        page.set_column(column, column, width)
    row = _write_top(page, VISIT_FORM, _LAST, styles, stamp)
    _write_spans(page, row, ["档案编号", form.file], ((0, 0), (1, _LAST)), styles)
    spans: Spans
    for pairs in form_rows(form):
        row += 1
        words = [word for pair in pairs for word in pair]
        spans = [(at, at) for at in range(len(words) - 1)]
        height = 24 if max(map(len, words)) <= _FITS else 42
        _write_spans(page, row, words, [*spans, (len(words) - 1, _LAST)], styles, height=height)
    halves = ((0, 0), (1, 3), (4, 4), (5, _LAST))
    row += 1
    _write_spans(page, row, ["走访时间", "", "走访人", form.visitor], halves, styles)
    page.write_blank(row, 1, None, styles["day"])
    row += 1
    ways = [str(way) for way in VisitWay]
    _write_spans(page, row, ["方式", choices_of(ways), "是否见到儿童", choices_of(_YES_NO)], halves, styles)
    _offer(page, row, 1, ways)
    _offer(page, row, 5, _YES_NO)
    for concern in Concern:
        row += 1
        normal = ("正常", "异常")
        _write_spans(page, row, [str(concern), choices_of(normal), "说明", ""], halves, styles)
        _offer(page, row, 1, normal)
    whole = ((0, 0), (1, _LAST))
    row += 1
    told = "  ".join(f"{word} {choices_of(('是', '否', '不适用'))}" for word in BENEFITS)
    _write_spans(page, row, ["政策落实", told], whole, styles, height=32)
    row += 1
    _write_spans(page, row, ["存在问题", ""], whole, styles, height=96)
    row += 1
    measures = [str(measure) for measure in Measure]
    _write_spans(page, row, ["处理意见", choices_of(measures)], whole, styles)
    _offer(page, row, 1, measures)
    row += 1
    _write_spans(page, row, ["帮扶措施", "", "报告时间单位", ""], halves, styles, height=48)
    row += 1
    _write_spans(page, row, ["下次走访日期", "", "备注", ""], halves, styles, height=32)
    page.write_blank(row, 1, None, styles["day"])
    row += 1
    page.set_row(row, 64)
    signatures = ("走访人签字:", "监护人签字:", "村(居)委会盖章:")
    for span, signature in zip(((0, 1), (2, 4), (5, _LAST)), signatures, strict=True):
        _merge(page, row, span, signature, styles["open"])
    page.set_portrait()
    _set_page(page, stamp)


def _write_top(page: Any, title: str, last: int, styles: dict[str, Any], stamp: Stamp) -> int:
    """The title and the line with the watermark; the next row."""
    page.set_row(0, 26)
    _merge(page, 0, (0, last), f"{title}(示例)" if stamp.demo else title, styles["title"])
    _merge(page, 1, (0, last), f"{stamp.mark_text}  {stamp.notice}", styles["line"])
    return 2


def _write_spans(
    page: Any, row: int, words: Sequence[str], spans: Spans, styles: dict[str, Any], *, height: float = 24
) -> None:
    """Titles and values in turn over the columns of `spans`."""
    page.set_row(row, height)
    for at, (text, span) in enumerate(zip(words, spans, strict=True)):
        if at % 2:
            _write(page, row, span, text, styles)
        else:
            _merge(page, row, span, text, styles["header"])


def _write(page: Any, row: int, span: tuple[int, int], text: str, styles: dict[str, Any]) -> None:
    _merge(page, row, span, text, styles["guarded" if is_formula_like(text) else "text"])


def _merge(page: Any, row: int, span: tuple[int, int], text: str, style: Any) -> None:
    first, last = span
    if last > first:
        page.merge_range(row, first, row, last, "", style)
    page.write_string(row, first, cell_text(writable(text)), style)


def _offer(page: Any, row: int, column: int, words: Sequence[str]) -> None:
    """A list to pick from; another text is let through, and told when the form is read."""
    source = [ticked(words, word) for word in words]
    page.data_validation(
        row, column, row, column, {"validate": "list", "source": source, "error_type": "information"}
    )


def _set_page(page: Any, stamp: Stamp) -> None:
    def text(words: str) -> str:
        return words[:_MOST_PAGE_TEXT].replace("&", "&&")

    page.set_paper(_A4)
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.7)
    page.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    page.set_header(f"&L{text(stamp.title[:60])}&R{text(stamp.notice)}")
    page.set_footer(f"&L{text(stamp.mark_text[:90])}&R{stamp.as_of_text} 第 &P 页 共 &N 页")
