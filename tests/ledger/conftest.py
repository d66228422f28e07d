"""A small world of two counties, and writers of the ugly files that people send."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
from shapely.geometry import Point, box

from planner.ledger.children import CheckedLedger, read_children
from planner.model.divisions import build_tree
from planner.policy.rules import load_rules
from tests.ledger import papers

DIVISIONS = [
    ("64", "宁夏回族自治区", None),
    ("6403", "吴忠市", "64"),
    ("640323", "盐池县", "6403"),
    ("640324", "同心县", "6403"),
    ("640323101", "大水坑镇", "640323"),
    ("640324100", "豫海镇", "640324"),
    ("640323101201", "新建村委会", "640323101"),
    ("640323101202", "马家湾村委会", "640323101"),
    ("640324100201", "城一村委会", "640324100"),
]


@pytest.fixture
def tree():
    return build_tree(pd.DataFrame(DIVISIONS, columns=["code", "name", "parent"]))


@pytest.fixture
def polygons():
    """盐池 is the square 107–108 °E, 37–38 °N; 同心 lies west of it, 106–107 °E."""
    return gpd.GeoDataFrame(
        {"code": ["640323", "640324"]}, geometry=[box(107, 37, 107.7, 38), box(106, 37, 107, 38)], crs=4490
    )


@pytest.fixture
def villages():
    return gpd.GeoDataFrame(
        {"code": ["640323101201", "640324100201"]},
        geometry=[Point(107.5, 37.5), Point(106.5, 37.5)],
        crs=4490,
    )


@pytest.fixture
def write_csv(tmp_path: Path) -> Callable[..., Path]:
    def write(rows: list[list[object]], *, encoding: str = "utf-8", name: str = "表.csv") -> Path:
        text = io.StringIO(newline="")
        csv.writer(text).writerows(rows)
        path = tmp_path / name
        path.write_bytes(text.getvalue().encode(encoding))
        return path

    return write


@pytest.fixture
def write_xlsx(tmp_path: Path) -> Callable[..., Path]:
    def write(
        rows: list[list[object]],
        *,
        edit: Callable[[openpyxl.Workbook], None] | None = None,
        name: str = "表.xlsx",
    ) -> Path:
        book = openpyxl.Workbook()
        sheet = book.worksheets[0]
        sheet.title = "数据"
        for row in rows:
            sheet.append(row)
        if edit:
            edit(book)
        path = tmp_path / name
        book.save(path)
        return path

    return write


@pytest.fixture
def read_rows(tmp_path: Path) -> Callable[..., CheckedLedger]:
    """Write children as a plain xlsx (a header of one row, data from row 2) and read it."""

    def read(*children: papers.Child, **options: object) -> CheckedLedger:
        book, sheet = papers.new_book()
        for row in papers.one_level(children):
            sheet.append(row)
        path = tmp_path / "台账.xlsx"
        book.save(path)
        given = {
            "tree": papers.county_tree(),
            "as_of": papers.AS_OF,
            "rules": load_rules(),
            "county": "640324",
        }
        return read_children(path, **{**given, **options})

    return read
