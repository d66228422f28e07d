"""Whatever stands in a file: every row has one fate, and nothing but an InputError is raised."""

import csv
import io

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.errors import InputError
from planner.ledger import LedgerError, read_demand, read_divisions, read_institutions
from planner.ledger.child_columns import COLUMNS as CHILDREN
from planner.ledger.children import read_children
from planner.ledger.demand import COLUMNS as DEMAND
from planner.ledger.divisions import COLUMNS as DIVISIONS
from planner.ledger.institution_rows import COLUMNS as INSTITUTIONS
from planner.model.children import ChildRecord, Held
from planner.policy.rules import load_rules
from tests.ledger import papers

WORDS = [
    *("640323101201", "640323", "6403", "640323000000", "640324100201", "盐池县", "吴忠市", "甲"),
    *("未成年人保护机构", "儿童之家", "运营", "在建", "停用", "2018-01-01", "2019.6.1", "2012年3月"),
    *("0-6", "7-14", "自身困境", "家庭困境", "康复", "3", "-1", "n/a", "107.2", "37.4", "106.5"),
    *("WGS84", "BD-09", "月球", "合计", "107.2,37.4", "审核人:", "=1+1"),
]
cell = st.one_of(st.sampled_from(["", *WORDS]), st.sampled_from(WORDS), st.text(max_size=8))
relaxed = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def tables(columns):
    names = [column.name for column in columns]
    rows = st.lists(st.lists(cell, min_size=len(names), max_size=len(names)), max_size=6)
    return rows.map(lambda body: [names, *body])


def check_account(read, path, body):
    """Read a file and check that its rows add up, whether it is accepted or not."""
    try:
        checked = read(path)
        account = (checked.read, checked.accepted, checked.skipped, 0)
    except LedgerError as error:
        account = (error.read, error.accepted, error.skipped, error.rejected)
    except InputError:
        return  # no table at all
    read_rows, accepted, skipped, rejected = account
    assert read_rows == accepted + skipped + rejected
    assert read_rows <= len(body)


@pytest.mark.parametrize("kind", ["divisions", "institutions", "demand"])
@relaxed
@given(data=st.data())
def test_every_row_has_one_fate(kind, data, tmp_path, tree, polygons, villages):
    columns, read = {
        "divisions": (DIVISIONS, lambda path: read_divisions(path, tree=tree, polygons=polygons)),
        "institutions": (
            INSTITUTIONS,
            lambda path: read_institutions(path, tree=tree, polygons=polygons, villages=villages),
        ),
        "demand": (DEMAND, lambda path: read_demand(path, tree=tree)),
    }[kind]
    rows = data.draw(tables(columns))
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    path = tmp_path / "表.csv"
    path.write_bytes(text.getvalue().encode("utf-8", "surrogatepass"))
    check_account(read, path, rows[1:])


plain = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**15), 10**15), st.floats(allow_nan=False, allow_infinity=False),
    st.datetimes(), st.sampled_from(WORDS),
)  # fmt: skip


@relaxed
@given(body=st.lists(st.lists(plain, min_size=5, max_size=5), min_size=1, max_size=6))
def test_typed_cells_of_a_workbook(body, tmp_path, tree):
    book = openpyxl.Workbook()
    for row in [[column.name for column in DEMAND], *body]:
        book.worksheets[0].append(row)
    path = tmp_path / "表.xlsx"
    book.save(path)
    check_account(lambda file: read_demand(file, tree=tree), path, body)


CHILD_WORDS = [
    *(
        "马小花",
        "男",
        "女",
        "640324201003050212",
        "2010-03-05",
        "2010年3月",
        "河西镇",
        "新庄村",
        "马家湾",
        "县外",
        "监护困境",
    ),
    *(
        "死亡",
        "改嫁",
        "正常",
        "不详",
        "爷爷",
        "13895501234",
        "无",
        "合计",
        "审核人:",
        "=1+1",
        "105.91",
        "36.98",
        "是",
        "高",
    ),
]
# The columns of `papers.child`, in its order.
ORDER = [
    *(
        "姓名",
        "性别",
        "身份证号",
        "出生日期",
        "户籍乡镇",
        "户籍村",
        "户籍组",
        "居住乡镇",
        "居住村",
        "居住组",
        "困境类型",
    ),
    *("父亲状况", "母亲状况", "监护人姓名", "监护人关系", "监护人电话"),
]
child_cell = st.one_of(st.sampled_from(["", *CHILD_WORDS]), st.sampled_from(CHILD_WORDS), st.text(max_size=8))


@relaxed
@given(data=st.data())
def test_every_row_of_a_ledger_has_one_fate(data, tmp_path):
    names = [column.name for column in CHILDREN]
    row = st.lists(child_cell, min_size=len(names), max_size=len(names))
    good = papers.one_level([papers.child()])[1]
    sound = st.just([*good, *[""] * (len(names) - len(good))]).flatmap(
        lambda cells: st.tuples(st.integers(0, len(names) - 1), child_cell).map(
            lambda change: [*cells[: change[0]], change[1], *cells[change[0] + 1 :]]
        )
    )
    body = data.draw(st.lists(st.one_of(sound, sound, row), max_size=6))
    order = [*ORDER, *(name for name in names if name not in ORDER)]
    text = io.StringIO(newline="")
    csv.writer(text).writerows([order, *body])
    path = tmp_path / "表.csv"
    path.write_bytes(text.getvalue().encode("utf-8", "surrogatepass"))
    try:
        checked = read_children(path, tree=papers.county_tree(), as_of=papers.AS_OF, rules=load_rules())
    except InputError:
        return  # no table at all
    assert checked.read == checked.accepted + checked.rejected + checked.skipped <= len(body)
    held = {}
    for outcome in checked.rows:
        assert all(outcome.messages)
        assert all(outcome.codes)
        if outcome.outcome == "reject":
            assert outcome.record is None
        if outcome.is_accepted:
            assert outcome.record is not None
            assert ChildRecord.from_json(outcome.record.to_json()) == outcome.record
            assert outcome.township in ("640324101", "640324106", "640323101")
            held[outcome.record.key] = Held(outcome.township, checked.as_of, outcome.record)
    again = read_children(
        path, tree=papers.county_tree(), as_of=papers.AS_OF, rules=load_rules(), holders=held
    )
    assert again.accepted == 0  # the same file twice is no change
    assert again.rejected == checked.rejected


@relaxed
@given(content=st.binary(max_size=200))
def test_any_bytes(content, tmp_path, tree):
    path = tmp_path / "表"
    path.write_bytes(content)
    with pytest.raises(InputError):
        read_demand(path, tree=tree)
