"""Whatever stands in a file: every row has one fate, and nothing but an InputError is raised."""

import csv
import io

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.errors import InputError
from planner.ledger import LedgerError, read_demand, read_divisions, read_institutions
from planner.ledger.demand import COLUMNS as DEMAND
from planner.ledger.divisions import COLUMNS as DIVISIONS
from planner.ledger.institution_rows import COLUMNS as INSTITUTIONS

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


@relaxed
@given(content=st.binary(max_size=200))
def test_any_bytes(content, tmp_path, tree):
    path = tmp_path / "表"
    path.write_bytes(content)
    with pytest.raises(InputError):
        read_demand(path, tree=tree)
