"""走访记录表 filled in and sent back: one sheet a visit, its labels and values made into a row as a table has it.

A sheet is a form where the label of the child's name and that of the day stand in different rows; in a table they are
one header. The value of a label stands right of it, up to the next label.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from openpyxl.utils import get_column_letter

from planner.errors import InputError
from planner.ledger.cells import Cell, comparable, is_blank, show
from planner.ledger.grids import Grid
from planner.ledger.headers import heading
from planner.ledger.tables import Row, Skip, Table, nonempty_grids
from planner.ledger.uploads import Paper
from planner.model.visits import Concern

# What stands on the form → the column of the table.
_LABELS = {
    "档案编号": "档案编号",
    "儿童姓名": "姓名",
    "姓名": "姓名",
    "身份证号": "身份证号",
    "乡镇": "乡镇",
    "村": "村",
    "走访时间": "走访时间",
    "走访日期": "走访时间",
    "走访人": "走访人",
    "方式": "方式",
    "走访方式": "方式",
    "是否见到儿童": "是否见到儿童",
    "是否见到": "是否见到儿童",
    **{str(concern): str(concern) for concern in Concern},
    "存在问题": "存在问题",
    "处理意见": "处理意见",
    "下次走访日期": "下次走访日期",
    "下次走访": "下次走访日期",
    "备注": "备注",
}
# What the form asks beside, kept in 备注 under its own label.
_BESIDE = ("政策落实", "帮扶措施", "报告时间单位")
_NOTE = "说明"
_OTHERS = (
    "县",
    "组",
    "性别",
    "出生日期",
    "风险等级",
    "困境类型",
    "走访类别",
    "计划日期",
    "监护人姓名",
    "关系",
)
_KNOWN = frozenset({*_LABELS, *_BESIDE, _NOTE, *_OTHERS})
# What only the visit itself fills in: without any of them the visit was not made.
_FILLED = ("走访时间", "方式", "是否见到儿童", *map(str, Concern), "存在问题", "处理意见")
_TICK, _EMPTY = "☑✓√✔☒", "☐□"
_CHOICE = re.compile(rf"[{_TICK}{_EMPTY}]\s*([^\s{_TICK}{_EMPTY}]+)")
_TICKED = re.compile(rf"[{_TICK}]\s*([^\s{_TICK}{_EMPTY}]+)")


@dataclass(frozen=True)
class _Found:
    """A value of the form, and where it stands: row, and column from 0."""

    value: Cell
    row: int
    column: int


def read_forms(path: Paper, *, sheet: str | None = None) -> tuple[list[Table], tuple[str, ...]]:
    """The forms of a workbook as tables of one row each, and what must be said of the file; empty where it has none.

    The row has the number of the line of 走访时间. `sheet` names the only one to read. Raises InputError for an
    unsafe or unreadable file.
    """
    name, sha256, grids = nonempty_grids(path)
    chosen = [grid for grid in grids if sheet is None or comparable(grid.sheet or "") == comparable(sheet)]
    forms = [(grid, found) for grid in chosen if (found := _labels_of(grid)) is not None]
    if not forms:
        return [], ()
    left = [show(grid.sheet) for grid in chosen if grid not in [form for form, _ in forms]]
    said = (f"不是走访记录表,没有读取:{'、'.join(f'“{item}”' for item in left)}",) if left else ()
    tables = [_table(name, sha256, grid, found) for grid, found in forms]
    if not any(table.rows for table in tables):
        raise InputError(f"文件“{name}”里的走访记录表都没有填写", "填写走访时间、方式、是否见到儿童后再导入")
    return tables, said


def _labels_of(grid: Grid) -> Mapping[str, _Found] | None:
    """The values by label; None for a sheet that is no form."""
    found: dict[str, _Found] = {}
    for number, cells in grid.rows.items():
        label: str | None = None
        for column, cell in enumerate(cells):
            if is_blank(cell):
                continue
            word = heading(cell) if isinstance(cell, str) else ""
            if word in _KNOWN:
                # A note belongs to the concern in its row.
                label = f"{_last_label(found, number)}{_NOTE}" if word == _NOTE else word
                found.setdefault(label, _Found(None, number, column + 1))
            elif label is not None and found[label].value is None and found[label].row == number:
                found[label] = _Found(cell, number, column)
    day = found.get("走访时间") or found.get("走访日期")
    name = found.get("儿童姓名") or found.get("姓名") or found.get("档案编号")
    return found if day and name and day.row != name.row else None


def _last_label(found: Mapping[str, _Found], row: int) -> str:
    """The last label of a row so far."""
    return next((label for label in reversed(list(found)) if found[label].row == row), "")


def _table(name: str, sha256: str, grid: Grid, found: Mapping[str, _Found]) -> Table:
    cells: dict[str, Cell] = {}
    places: dict[str, str] = {}
    for label, column in _LABELS.items():
        if label not in found:
            continue
        item = found[label]
        places.setdefault(column, f"{column}({get_column_letter(item.column + 1)}{item.row})")
        value = _chosen(item.value) if column in ("方式", "是否见到儿童") else item.value
        if isinstance(value, str) and _is_unticked(value):
            value = None
        note = found.get(f"{label}{_NOTE}")
        if note is not None and note.value is not None:
            value = f"{'' if value is None else value} {note.value}".strip()
        if not is_blank(value):
            cells.setdefault(column, value)
    filled = any(column in cells for column in _FILLED)
    told = [(label, found[label].value) for label in _BESIDE if label in found]
    beside = [f"{label}:{value}" for label, value in told if _says(value)]
    if beside:
        cells["备注"] = ";".join([*([str(cells["备注"])] if "备注" in cells else []), *beside])
    line = (found.get("走访时间") or found["走访日期"]).row
    return Table(
        file=name,
        sha256=sha256,
        rows=(Row(line, cells),) if filled else (),
        skipped={} if filled else {line: Skip.EMPTY},
        places=places,
        header_rows=(min(grid.rows),),
        width=max(map(len, grid.rows.values())),
        sheet=grid.sheet,
        date1904=grid.date1904,
        notices=grid.notices,
    )


def _chosen(value: Cell) -> Cell:
    """The one ticked word of a choice; anything else as it is, for the reader of the column to judge."""
    if not isinstance(value, str):
        return value
    words = _TICKED.findall(value)
    return words[0] if len(words) == 1 else value


def _is_unticked(value: str) -> bool:
    """Whether the text is nothing but a choice that nobody made."""
    return bool(_CHOICE.search(value)) and not any(mark in value for mark in _TICK) and not _left(value)


def _left(value: str) -> str:
    return _CHOICE.sub("", value).strip()


def _says(value: Cell) -> bool:
    if not isinstance(value, str):
        return not is_blank(value)
    return any(mark in value for mark in _TICK) or not any(mark in value for mark in _EMPTY)
