"""收入数据: 全区农村居民人均可支配收入 by year, with the paper that states it (三(一))."""

from __future__ import annotations

import re
from decimal import Decimal

from planner.ledger.amounts import amount
from planner.ledger.cells import Cell, Fault, comparable, is_blank, show, text
from planner.ledger.outcomes import CheckedRows, RowReader
from planner.ledger.row_files import read_rows, skip_repeated
from planner.ledger.tables import Column
from planner.ledger.uploads import Paper
from planner.model.incomes import IncomeFigure

COLUMNS = (
    Column("年份", ("年度", "年", "year"), required=True),
    Column(
        "全区农村居民人均可支配收入",
        ("农村居民人均可支配收入", "人均可支配收入", "可支配收入", "收入", "income"),
        required=True,
    ),
    Column("来源", ("数据来源", "出处", "文件", "source"), required=True, fills=True),
)
_INCOME = COLUMNS[1].name
_YEARS = range(1990, 2101)
_LEAST, _MOST = Decimal(100), Decimal(1_000_000)


def read_incomes(path: Paper, *, sheet: str | None = None) -> CheckedRows[IncomeFigure]:
    """The income figures of a file, checked row by row. Raises InputError for a faulty file."""
    file = read_rows(path, COLUMNS, _figure, sheet=sheet)
    skip_repeated(file.rows, lambda item: item.year, "同一年")
    return file.settle()


def _figure(reader: RowReader) -> IncomeFigure | None:
    year = reader.parse("年份", _year, "E-YEAR")
    yuan = reader.read(_INCOME, amount, "E-AMOUNT")
    source = reader.parse("来源", text, "E-TEXT")
    if yuan is not None and not _LEAST <= yuan <= _MOST:
        reader.add("E-AMOUNT", _INCOME, f"{yuan}元不像一年的人均收入", "请填全年金额,单位为元")
    blank = [column.name for column in COLUMNS if reader.cell(column.name) is None]
    if blank:
        reader.add("E-BLANK", blank[0], f"{'、'.join(blank)}没有填写", "请补填")
    if reader.is_rejected or year is None or yuan is None or source is None:
        return None
    return IncomeFigure(year, yuan, source)


def _year(cell: Cell) -> int | None:
    if is_blank(cell):
        return None
    words = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else comparable(str(cell))
    match = re.fullmatch(r"(\d{4})(?:年度?)?", words, re.ASCII)
    if match is None or int(match[1]) not in _YEARS:
        raise Fault(f"“{show(cell)}”不是年份", "请填四位年份,如2016")
    return int(match[1])
