"""需求: children in difficulty at a village, by age band, category and need."""

from __future__ import annotations

import re
from datetime import date, datetime

import networkx as nx
import pandas as pd

from planner.ledger.cells import Cell, Fault, choice, comparable, is_blank, show, text, whole_number
from planner.ledger.tables import Column, Row, Table, read_table
from planner.ledger.tally import Checked, Tally
from planner.ledger.uploads import Paper
from planner.model.demand import AgeBand, Category, Need
from planner.model.divisions import Level

COLUMNS = (
    Column(
        "区划代码",
        ("村代码", "村居代码", "行政区划代码", "代码", "village", "code"),
        required=True,
        fills=True,
    ),
    Column("年龄段", ("年龄", "age_band"), required=True, fills=True),
    Column("类别", ("困境类型", "困境类别", "category"), required=True, fills=True),
    Column("需求", ("需求类型", "服务需求", "need"), required=True, fills=True),
    Column("人数", ("儿童数", "儿童人数", "children"), required=True),
)
_CATEGORIES = {
    **{str(category): category for category in Category},
    **dict.fromkeys(("家庭", "家庭贫困"), Category.FAMILY),
    **dict.fromkeys(("自身", "残疾", "重病"), Category.SELF),
    **dict.fromkeys(("监护", "监护缺失", "事实孤儿", "事实无人抚养", "孤儿"), Category.GUARDIANSHIP),
    **dict.fromkeys(("临时",), Category.TEMPORARY),
}
_NEEDS = {
    **{str(need): need for need in Need},
    **dict.fromkeys(("康复训练", "康复服务"), Need.REHABILITATION),
    **dict.fromkeys(("送教上门",), Need.HOME_TEACHING),
    **dict.fromkeys(("集中安置", "机构安置"), Need.PLACEMENT),
}
_NO_NEED = {"无", "没有", "-", "—", "/"}
_BANDS = {str(band): band for band in AgeBand}
# What Excel makes of 7-14 when the column is not text.
_BAND_AS_DAY = re.compile(r"7月14日|14-jul|jul-14|(?:\d{4}[-/.])?0?7[-/.]14(?:00:00:00)?")


def read_demand(path: Paper, *, tree: nx.DiGraph) -> Checked:
    """The demand of a file, checked: village, age_band, category, need (nullable), children, origin.

    `tree` holds the divisions known already, every village must be in it. Raises LedgerError naming every
    faulty row, InputError for a faulty file.
    """
    table = read_table(path, COLUMNS)
    tally = Tally(table)
    kept: dict[tuple[str, AgeBand, Category, Need | None], tuple[Row, int]] = {}
    for row in table.rows:
        village = _village(row, tally, tree)
        band = tally.require(row, "年龄段", age_band, "请填0-6、7-14或15-17")
        if band is AgeBand.SCHOOL and _looks_like_day(row.cells["年龄段"]):
            tally.note("“7-14”被Excel改成了日期,按7-14读取", row.number, "年龄段")
        category = tally.require(row, "类别", _category, f"请填{'、'.join(Category)}")
        need = tally.read(row, "需求", _need)
        children = tally.require(row, "人数", whole_number, "请填数字,没有的填0")
        if tally.is_rejected(row.number):
            continue
        if village is None or band is None or category is None or children is None:
            continue  # not reached: each of them is required
        key = village, band, category, need
        if key not in kept:
            kept[key] = row, children
        elif kept[key][1] == children and kept[key][0].others == row.others:
            tally.skip(row.number, f"与第{kept[key][0].number}行完全相同,只取一次")
        else:
            differs = "其他列" if kept[key][1] == children else "人数"
            message = f"与第{kept[key][0].number}行是同一村、年龄段、类别和需求,{differs}却不同"
            tally.reject(row.number, "人数", message, "请只留一行,或合并人数", row.cells["人数"])
    _compare_total(table, tally, sum(children for _, children in kept.values()))
    read, accepted, skipped, notices = tally.counts()
    frame = pd.DataFrame(
        {
            "village": [village for village, *_ in kept],
            "age_band": [str(band) for _, band, *_ in kept],
            "category": [str(category) for *_, category, _ in kept],
            "need": [None if need is None else str(need) for *_, need in kept],
            "children": [children for _, children in kept.values()],
            "origin": table.file,
        }
    ).astype(
        dict.fromkeys(("village", "age_band", "category", "need", "origin"), "str") | {"children": "int64"}
    )
    return Checked(frame, read, accepted, skipped, notices, table.sha256)


def age_band(cell: Cell) -> AgeBand | None:
    """An age band, however its dash and unit are written; also where Excel took 7-14 for a day of July."""
    if is_blank(cell):
        return None
    if _looks_like_day(cell):
        return AgeBand.SCHOOL
    bare = re.sub(r"周?岁|\s", "", comparable(str(cell)))
    bare = re.sub(r"[—–‐−_~〜～～至到]+|-+", "-", bare)
    if bare in _BANDS:
        return _BANDS[bare]
    raise Fault(f"“{show(cell)}”不是年龄段", "请填0-6、7-14或15-17")


def _looks_like_day(cell: Cell) -> bool:
    if isinstance(cell, datetime | date):
        return (cell.month, cell.day) == (7, 14)
    return (
        isinstance(cell, str)
        and _BAND_AS_DAY.fullmatch(comparable(cell)) is not None
        and comparable(cell) != "7-14"
    )


def _village(row: Row, tally: Tally, tree: nx.DiGraph) -> str | None:
    if "区划代码" not in row.cells:
        tally.reject(row.number, "区划代码", "没有填写", "请填12位村(居)代码")
        return None
    code = tally.read_code(row, "区划代码")
    if code is None:
        return None
    if code not in tree:
        fix = "请核对代码,或先导入含有它的区划表"
        tally.reject(row.number, "区划代码", f"“{code}”不在已导入的区划中", fix, code)
        return None
    if tree.nodes[code]["level"] is not Level.VILLAGE:
        message = f"“{code}”是{tree.nodes[code]['level'].title}“{tree.nodes[code]['name']}”,不是村(居)"
        tally.reject(row.number, "区划代码", message, "请填12位村(居)代码", code)
        return None
    return code


def _category(cell: Cell) -> Category | None:
    return choice(cell, _CATEGORIES, "、".join(Category))


def _need(cell: Cell) -> Need | None:
    if text(cell) in _NO_NEED:
        return None
    return choice(cell, _NEEDS, "、".join(Need) + ",没有的留空")


def _compare_total(table: Table, tally: Tally, found: int) -> None:
    if table.total is None or "人数" not in table.total.cells:
        return
    try:
        declared = whole_number(table.total.cells["人数"])
    except Fault:
        return  # a formula or a word: nothing is declared
    if declared is not None and declared != found:
        tally.note(f"合计行写的是{declared}人,各行相加是{found}人,请核对", table.total.number, "人数")
