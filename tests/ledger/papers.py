"""The papers that townships send, made by code: a small county, children with sound numbers, layouts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import openpyxl
import pandas as pd
from openpyxl.worksheet.worksheet import Worksheet

from planner.ledger.cells import Fault
from planner.ledger.id_numbers import check_digit
from planner.ledger.readings import Reading
from planner.model.divisions import build_tree

DIVISIONS = [
    ("64", "宁夏回族自治区", None),
    ("6403", "吴忠市", "64"),
    ("640323", "盐池县", "6403"),
    ("640324", "同心县", "6403"),
    ("640323101", "大水坑镇", "640323"),
    ("640323101201", "新建村委会", "640323101"),
    ("640324101", "河西镇", "640324"),
    ("640324106", "丁塘镇", "640324"),
    ("640324101201", "马家湾村村民委员会", "640324101"),
    ("640324101202", "新庄村委会", "640324101"),
    ("640324101203", "河西社区居委会", "640324101"),
    ("640324106201", "新庄村委会", "640324106"),
    ("640324106202", "杨家塘村委会", "640324106"),
]
AS_OF = date(2017, 11, 9)
BIRTH = date(2010, 3, 5)

# One column of the paper by key: the upper heading, the lower one, whether it may be left out.
HEADINGS: dict[str, tuple[str, str]] = {
    "no": ("序号", ""),
    "name": ("姓名", ""),
    "sex": ("性别", ""),
    "id": ("身份证号", ""),
    "birth": ("出生日期", ""),
    "ethnic": ("民族", ""),
    "h_town": ("户籍地", "乡镇"),
    "h_village": ("户籍地", "村"),
    "h_group": ("户籍地", "组"),
    "r_town": ("现居住地", "乡镇"),
    "r_village": ("现居住地", "村"),
    "r_group": ("现居住地", "组"),
    "kind": ("困境类型", ""),
    "father": ("父亲状况", ""),
    "mother": ("母亲状况", ""),
    "guardian": ("监护人", "姓名"),
    "relation": ("监护人", "关系"),
    "phone": ("监护人", "电话"),
    "guardian_id": ("监护人", "身份证号"),
    "cert": ("残疾证", "残疾证号"),
    "cert_kind": ("残疾证", "类别"),
    "cert_grade": ("残疾证", "等级"),
    "school": ("就学情况", "学校"),
    "year": ("就学情况", "年级"),
    "status": ("就学情况", "就学状况"),
    "grade": ("风险等级", ""),
    "benefits": ("享受待遇", ""),
    "amount": ("月标准(元)", ""),
    "health": ("健康状况", ""),
    "remark": ("备注", ""),
    "lon": ("坐标", "经度"),
    "lat": ("坐标", "纬度"),
    "crs": ("坐标", "坐标系"),
    "assistant": ("民政协理员", ""),
    "cadre": ("包村干部", ""),
    "leader": ("包联领导", ""),
    "blank": ("", ""),
}
Child = dict[str, Any]


def answer(read: Callable[..., Reading[Any]], *args: Any, **options: Any) -> tuple[Any, str | None]:
    """(the value, None), or (None, the code of the fault) of a normaliser."""
    try:
        return read(*args, **options).value, None
    except Fault as fault:
        return None, fault.code


def county_tree():
    """盐池 and 同心; 新庄村 is in two townships of 同心."""
    return build_tree(pd.DataFrame(DIVISIONS, columns=["code", "name", "parent"]))


def id_of(birth: date = BIRTH, order: int = 21, *, prefix: str = "640324") -> str:
    """A number with a sound check digit; an odd `order` is a boy's."""
    first17 = f"{prefix}{birth:%Y%m%d}{order:03}"
    return first17 + check_digit(first17)


def child(order: int = 21, /, **told: Any) -> Child:
    """A row that is accepted without a word: a boy (odd `order`) of 马家湾, one parent dead, the other remarried."""
    birth = told.pop("born", BIRTH)
    return {
        "name": f"马小{'花山川石林海云风雨春夏秋冬'[order % 13]}",
        "sex": "男" if order % 2 else "女",
        "id": id_of(birth, order),
        "birth": birth.isoformat(),
        "h_town": "河西镇",
        "h_village": "马家湾村",
        "h_group": "3组",
        "r_town": "河西镇",
        "r_village": "马家湾村",
        "r_group": "3组",
        "kind": "监护困境",
        "father": "死亡",
        "mother": "改嫁",
        "guardian": "马大山",
        "relation": "爷爷",
        "phone": "13895501234",
        **told,
    }


def one_level(children: Sequence[Mapping[str, Any]], keys: Sequence[str] | None = None) -> list[list[Any]]:
    """A header of one row and the children below it."""
    keys = keys or [key for key in HEADINGS if any(key in item for item in children)]
    head = ["".join(HEADINGS[key]) if HEADINGS[key][0] in _OPEN else HEADINGS[key][0] for key in keys]
    head = [_ONE_LEVEL.get(key, words) for key, words in zip(keys, head, strict=True)]
    return [head, *([item.get(key) for key in keys] for item in children)]


_OPEN = {"户籍地", "现居住地", "监护人"}
_ONE_LEVEL = {
    "cert": "残疾证号",
    "cert_kind": "残疾类别",
    "cert_grade": "残疾等级",
    "school": "学校",
    "year": "年级",
    "status": "就学状况",
    "lon": "经度",
    "lat": "纬度",
    "crs": "坐标系",
}


def two_levels(
    sheet: Worksheet,
    children: Sequence[Mapping[str, Any]],
    *,
    keys: Sequence[str],
    title: str = "同心县困境儿童台账",
    unit: str | None = "填报单位(盖章):同心县民政局",
    day: Any = "填报日期:2017年11月9日",
) -> int:
    """The usual paper: title, unit and day, a merged header of two rows, the children from row 5 on.

    Returns the first free row.
    """
    width = len(keys)
    sheet.cell(1, 1, title)
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=width)
    sheet.cell(2, 1, unit)
    sheet.merge_cells(start_row=2, end_row=2, start_column=1, end_column=width // 2)
    sheet.cell(2, width // 2 + 1, day)
    header(sheet, 3, keys)
    for row, item in enumerate(children, start=5):
        for column, key in enumerate(keys, start=1):
            value = item.get(key, row - 4 if key == "no" else None)
            cell = sheet.cell(row, column)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"
    return 5 + len(children)


def header(sheet: Worksheet, row: int, keys: Sequence[str]) -> None:
    """The merged header of two rows."""
    column = 1
    while column <= len(keys):
        upper, lower = HEADINGS[keys[column - 1]]
        sheet.cell(row, column, upper)
        if not lower:
            sheet.merge_cells(start_row=row, end_row=row + 1, start_column=column, end_column=column)
            column += 1
            continue
        last = column
        while last <= len(keys) and HEADINGS[keys[last - 1]][0] == upper:
            sheet.cell(row + 1, last, HEADINGS[keys[last - 1]][1])
            last += 1
        if last - 1 > column:
            sheet.merge_cells(start_row=row, end_row=row, start_column=column, end_column=last - 1)
        column = last


def new_book(title: str = "Sheet1") -> tuple[openpyxl.Workbook, Worksheet]:
    """An empty workbook of one sheet."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    return book, sheet
