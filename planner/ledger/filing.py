"""What the top and the foot of a paper declare: the day it speaks of, and how many rows it should have."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime

from planner.errors import InputError
from planner.ledger.cells import Cell, Fault, comparable, is_blank, show
from planner.ledger.partial_days import partial_day
from planner.ledger.tables import Table

_LABEL = re.compile(r"(?:填报|填表|统计|截止|制表|上报)(?:日期|时间):?")
_UNIT = re.compile(r"(?:填报|填表|制表|上报)单位(?:\([^()]*\))?:?")
_COUNT = re.compile(r"(\d{1,6})(?:人|名|个)?", re.ASCII)


def filing_day(
    tables: Sequence[Table], as_of: date | None, *, otherwise: date | None = None
) -> tuple[date, tuple[str, ...]]:
    """The day that a file speaks of, and what must be said where it is not the one it declares itself.

    `as_of` goes before 填报日期, `otherwise` stands in where there is neither. Raises InputError where there is
    none of them, and where sheets declare different days.
    """
    declared = _declared_days(tables)
    if as_of is not None:
        others = "、".join(item.isoformat() for item in sorted(declared) if item != as_of)
        told = f"文件的填报日期是{others},按指定的{as_of.isoformat()}导入"
        return as_of, (told,) if others else ()
    if not declared and otherwise is not None:
        return otherwise, (f"文件没有填报日期,按{otherwise.isoformat()}导入",)
    if not declared:
        raise InputError("文件没有填报日期", "请在标题下填写“填报日期:2017-11-09”,或用 --as-of 指定")
    if len(declared) > 1:
        told = "、".join(f"“{show(sheet)}”{item.isoformat()}" for item, sheet in sorted(declared.items()))
        raise InputError(f"各工作表的填报日期不同:{told}", "请改为同一天,或用 --as-of 指定")
    return next(iter(declared)), ()


def only_day(tables: Sequence[Table]) -> date | None:
    """The day that a file declares; None where it declares none or several."""
    declared = _declared_days(tables)
    return next(iter(declared)) if len(declared) == 1 else None


def filing_unit(table: Table) -> str:
    """The place after 填报单位, as compared, without the office; empty where there is none."""
    words, following = _labelled(table, _UNIT)
    unit = words or (comparable(following) if isinstance(following, str) else "")
    return re.sub(r"(?:人民政府|民政|政府).*", "", unit)


def declared_count(table: Table) -> int | None:
    """The number of children that the 合计 row declares; None where it declares none."""
    filled = [cell for cell in table.total_cells if not is_blank(cell)]
    words = [comparable(cell) if isinstance(cell, str) else cell for cell in filled]
    start = next((at for at, word in enumerate(words) if isinstance(word, str) and "计" in word), None)
    if start is None:
        return None
    head = words[start]
    if isinstance(head, str) and (inside := re.search(_COUNT, head)):
        return int(inside[1])
    following = words[start + 1] if start + 1 < len(words) else None
    if isinstance(following, str):
        match = _COUNT.fullmatch(following)
        return int(match[1]) if match else None
    if (
        isinstance(following, int | float)
        and not isinstance(following, bool)
        and float(following).is_integer()
    ):
        return int(following)
    return None


def _declared_days(tables: Sequence[Table]) -> dict[date, str | None]:
    """Every day that is declared, with the first sheet that does."""
    return {day: table.sheet for table in reversed(tables) if (day := _declared_day(table)) is not None}


def _declared_day(table: Table) -> date | None:
    words, following = _labelled(table, _LABEL)
    for cell in (words, following):
        if is_blank(cell):
            continue
        try:
            if isinstance(cell, datetime):
                return cell.date()
            told = partial_day(cell, date1904=table.date1904).value
            return told.day if told is not None else None
        except Fault:
            continue
    return None


def _labelled(table: Table, label: re.Pattern[str]) -> tuple[str, Cell]:
    """What stands behind a label above the header: in the same cell, and in the next one that is not blank."""
    for cells in table.above:
        filled = [cell for cell in cells if not is_blank(cell)]
        for at, cell in enumerate(filled):
            if not isinstance(cell, str):
                continue
            folded = comparable(cell)
            if (match := label.search(folded)) is not None:
                rest = re.split(_LABEL, folded[match.end() :])[0] if label is _UNIT else folded[match.end() :]
                return rest, filled[at + 1] if at + 1 < len(filled) else None
    return "", None
