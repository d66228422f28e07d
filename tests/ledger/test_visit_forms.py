"""走访记录表 filled in and sent back: the form that we print, and others of its kind, as visits."""

import io
from dataclasses import replace
from datetime import date, datetime

import openpyxl
import pytest

from planner.documents.visit_workbook import visit_workbook
from planner.errors import InputError
from planner.ledger.feedback import feedback
from planner.ledger.outcomes import Outcome
from planner.ledger.uploads import Upload
from planner.ledger.visits import read_visits
from planner.model.children import Held
from planner.model.visits import Concern, Measure, Visit, VisitFinding, VisitWay
from tests.documents.route_papers import FILE, STAMP, form, sheet, stop
from tests.ledger.papers import AS_OF, child, county_tree, id_of

MADE = {
    "走访时间": datetime(2017, 11, 1),
    "方式": "☑入户 ☐电话 ☐委托",
    "是否见到儿童": "☑是 ☐否",
    "生活": "☑正常 ☐异常",
    "监护": "☐正常 ☑异常",
    "存在问题": "奶奶病重",
    "处理意见": "☐无 ☑帮扶 ☐强制报告",
    "帮扶措施": "申请临时救助",
    "下次走访日期": "2017-11-08",
}


@pytest.fixture
def holders(read_rows):
    checked = read_rows(child(21), child(23, id="无", name="马大花"))
    files = {id_of(): FILE}
    return {item.key: Held("640324101", AS_OF, item, file=files.get(item.key)) for item in checked.records}


@pytest.fixture
def read(holders):
    def read_book(content, **options):
        given = {"tree": county_tree(), "holders": holders, "as_of": AS_OF, "county": "640324", **options}
        return read_visits(Upload("走访.xlsx", content), **given)

    return read_book


def filled(*forms, sheets=(), notes=None, **values):
    """The workbook of some forms, each with the same values written right of its labels."""
    book = openpyxl.load_workbook(io.BytesIO(visit_workbook(sheets, forms, STAMP)))
    for page in book.worksheets:
        for row in page.iter_rows() if page.title.startswith("记录表") else ():
            for at, cell in enumerate(row):
                label = str(cell.value)
                if label in values:
                    row[at + 1].value = values[label]
                if label in (notes or {}):
                    row[at + 5].value = notes[label]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_our_form_comes_back_as_a_visit(read):
    checked = read(filled(form(), notes={"监护": "无人照看"}, **MADE))
    assert [(row.outcome, row.codes) for row in checked.rows] == [(Outcome.ACCEPT, ())]
    assert checked.records == (
        Visit(
            child=id_of(),
            day=date(2017, 11, 1),
            by=("王协理",),
            way=VisitWay.HOME,
            seen=True,
            findings=(
                VisitFinding(Concern.LIVING, True),
                VisitFinding(Concern.GUARDIANSHIP, False, "无人照看"),
            ),
            problems="奶奶病重",
            measure=Measure.HELP,
            next_day=date(2017, 11, 8),
            remark="帮扶措施:申请临时救助",
        ),
    )


def test_the_number_of_the_file_stands_for_a_name_that_is_not_printed(read):
    checked = read(filled(form(name="", village="", township=""), **MADE))
    assert [row.outcome for row in checked.rows] == [Outcome.ACCEPT]


def test_each_sheet_is_a_visit_and_what_is_not_filled_in_is_skipped(read):
    book = openpyxl.load_workbook(io.BytesIO(filled(form(), form(file="", name="马大花"), form(), **MADE)))
    for label in MADE:
        for row in book["记录表3"].iter_rows():
            for cell in row:
                if cell.value == label:
                    value = "☐正常 ☐异常" if label in ("生活", "监护") else None
                    book["记录表3"].cell(cell.row, cell.column + 1).value = value
    out = io.BytesIO()
    book.save(out)
    checked = read(out.getvalue())
    assert [(row.sheet, row.outcome) for row in checked.rows] == [
        ("记录表1", Outcome.ACCEPT),
        ("记录表2", Outcome.ACCEPT),
        ("记录表3", Outcome.SKIP),
    ]


def test_what_matches_no_file_is_reported_with_its_sheet_and_cell(read):
    wrong = replace(form(), file="00000000-0000-0000-0000-000000000000")
    other = form(name="李某某")
    checked = read(filled(wrong, other, form(file="", name="查无此人"), sheets=[sheet(stop(1))], **MADE))
    assert [row.codes for row in checked.rows] == [
        ("E-CHILD-UNKNOWN",),
        ("E-CHILD-NAME",),
        ("E-CHILD-UNKNOWN",),
    ]
    assert "工作表“记录表1”" in checked.rows[0].messages[0]
    assert "档案编号(B3)" in checked.rows[0].messages[0]
    assert "马小雨" not in checked.rows[1].messages[0]
    assert "不是走访记录表,没有读取:“路线单1 01-05”" in str(checked.notices[0])


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"走访时间": None}, ("E-BLANK",)),
        ({"走访时间": "2017-12-01", "下次走访日期": None}, ("E-VISIT-FUTURE",)),
        ({"方式": "☑入户 ☑电话 ☐委托"}, ("E-VISIT-WAY",)),
        ({"方式": "电话"}, ()),
        ({"是否见到儿童": "☐是 ☑否"}, ("N-VISIT-UNSEEN",)),
        ({"是否见到儿童": "☐是 ☐否"}, ("E-BLANK",)),
        ({"生活": "☑正常 ☑异常"}, ("E-VISIT-FINDING",)),
        ({"生活": "☐正常 ☐异常"}, ()),
    ],
)
def test_what_is_filled_in_wrongly(read, changes, codes):
    assert read(filled(form(), **{**MADE, **changes})).rows[0].codes == codes


def test_a_workbook_of_blank_forms_says_so(read):
    with pytest.raises(InputError, match="都没有填写"):
        read(filled(form()))


def test_a_table_with_the_title_of_a_form_is_still_a_table(read, write_xlsx):
    head = ["档案编号", "儿童姓名", "走访时间", "走访人", "方式", "是否见到儿童"]
    path = write_xlsx([["困境儿童走访记录表"], head, [FILE, "马小雨", "2017-11-01", "王某", "入户", "是"]])
    checked = read(path.read_bytes())
    assert [(row.row, row.outcome) for row in checked.rows] == [(3, Outcome.ACCEPT)]


def test_the_feedback_stands_beside_the_form(read, holders):
    content = filled(form(), form(file="", name="查无此人"), **MADE)
    checked = read(content)
    book = openpyxl.load_workbook(io.BytesIO(feedback(Upload("走访.xlsx", content), checked)))
    told = [[str(cell.value) for row in page.iter_rows() for cell in row if cell.value] for page in book]
    assert any(word == "已导入" for word in told[0])
    assert any("未导入" in word and "没有这个姓名的档案" in word for word in told[1])
