"""区划调整: which old code of a village or township becomes which new one, and what part of a split goes where."""

from __future__ import annotations

from pathlib import Path

from planner.errors import InputError
from planner.ledger.cells import day, text
from planner.ledger.places import group_words
from planner.ledger.tables import Column, read_table
from planner.ledger.tally import Tally
from planner.model.divisions import Level, level_of
from planner.model.regrouping import Recode, Regrouping

COLUMNS = (
    Column("原代码", ("原区划代码", "旧代码", "调整前代码"), required=True, fills=True),
    Column("新代码", ("新区划代码", "调整后代码"), required=True),
    Column("日期", ("调整日期", "生效日期", "起始日期"), required=True, fills=True),
    Column("新名称", ("名称", "新区划名称", "调整后名称")),
    Column("组", ("村民小组", "原组")),
    Column("档案", ("档案编号", "档案号")),
)
_LEVELS = (Level.TOWNSHIP, Level.VILLAGE)


def read_regrouping(path: Path) -> Regrouping:
    """The regrouping that a file (CSV, xlsx) describes. Raises LedgerError naming every faulty row, InputError
    for a faulty file and for rows that contradict each other."""
    table = read_table(path, COLUMNS)
    tally = Tally(table)
    rows = []
    for row in table.rows:
        codes = [tally.read_code(row, column) for column in ("原代码", "新代码")]
        for column, code in zip(("原代码", "新代码"), codes, strict=True):
            if column not in row.cells:
                tally.reject(row.number, column, "没有填写", "填写9位乡镇代码或12位村代码")
            elif code is not None and level_of(code) not in _LEVELS:
                tally.reject(
                    row.number, column, f"“{code}”不是乡镇或村的代码", "填写9位乡镇代码或12位村代码", code
                )
        begins = tally.require(row, "日期", day, "填写调整从哪一天起")
        name, group, file = (tally.read(row, column, text) for column in ("新名称", "组", "档案"))
        old, new = codes
        if not tally.is_rejected(row.number) and old and new and begins:
            rows.append(Recode(old, new, begins, name, group_words(group or ""), file))
    tally.counts()
    if not rows:
        raise InputError(f"文件“{table.file}”里没有区划调整", "每行写明原代码、新代码和日期")
    return Regrouping.of(rows)
