"""The columns of the 困境儿童台账 as we write it: what a record says in each of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import networkx as nx

from planner.model.children import ChildRecord, ParentStatus
from planner.model.divisions import Level
from planner.model.words import ParentState

Value = str | float | None

_NOT_REGISTERED = "未上户"
_NO_CERTIFICATE = "未办理"
_NOTHING = "无"
_CRS = "CGCS2000"
_GRADES = ("一级", "二级", "三级", "四级")


@dataclass(frozen=True)
class Column:
    """A column: its upper and lower heading (empty: none), its width in characters, the value of a record.

    `value` is handed the record and the division tree. `merged`: equal values are merged downwards.
    """

    upper: str
    lower: str
    width: int
    value: Callable[[ChildRecord, nx.DiGraph], Value]
    merged: bool = False
    is_degrees: bool = False

    @property
    def title(self) -> str:
        """Both headings in one, e.g. 监护人电话."""
        return self.upper + self.lower


def told(record: ChildRecord, tree: nx.DiGraph) -> dict[str, Value]:
    """What a record says, by the titles of the columns; `tree` names the places."""
    return {column.title: column.value(record, tree) for column in COLUMNS}


def _township(code: str | None, text: str, tree: nx.DiGraph) -> str:
    """The name of the township of a village; the whole words of a place that is in no known village."""
    return text if code is None else name_of(code[: Level.TOWNSHIP], tree)


def _village(code: str | None, tree: nx.DiGraph) -> Value:
    return None if code is None else name_of(code, tree)


def name_of(code: str, tree: nx.DiGraph) -> str:
    """The name of a division; of one that the tree does not know, its code."""
    return str(tree.nodes[code]["name"]) if code in tree else code


def _parent(status: ParentStatus) -> str:
    """The states, with the length or the paper that they rest on in brackets: 服刑(3年6个月), 失踪(公安)."""
    words = "、".join(state.label for state in ParentState if state in status.states)
    basis = f"({status.basis})" if status.basis else ""
    if status.term_months is None:
        return words + basis
    years, months = divmod(int(status.term_months), 12)
    term = (f"{years}年" if years else "") + (f"{months}个月" if months or not years else "")
    return f"{words}({term}){basis}"


def _yes_no(told: bool | None) -> Value:
    return None if told is None else "是" if told else "否"


def _joined(words: Sequence[str] | None) -> Value:
    """Several words in one cell; 无 where the record says that there is none."""
    return None if words is None else "、".join(words) or _NOTHING


def _benefits(record: ChildRecord) -> list[str] | None:
    return None if record.benefits is None else [item.label for item in record.benefits]


def _certificate(record: ChildRecord) -> Value:
    if record.disability_cert is None:
        return _NO_CERTIFICATE if record.disability_kind else None
    return record.disability_cert + (f"B{record.cert_reissued}" if record.cert_reissued is not None else "")


def _given(record: ChildRecord) -> Value:
    return record.device_given_on.isoformat() if record.device_given_on else _yes_no(record.device_given)


def _day(told: date | None) -> Value:
    return None if told is None else told.isoformat()


COLUMNS = (
    Column("姓名", "", 9, lambda item, _: item.name),
    Column("性别", "", 5, lambda item, _: str(item.sex)),
    Column("身份证号", "", 20, lambda item, _: item.id_number or _NOT_REGISTERED),
    Column("出生日期", "", 11, lambda item, _: item.birth_text or None),
    Column("民族", "", 7, lambda item, _: item.ethnicity),
    Column(
        "户籍地", "乡镇", 12, lambda item, tree: _township(item.hukou, item.hukou_text, tree), merged=True
    ),
    Column("户籍地", "村", 14, lambda item, tree: _village(item.hukou, tree)),
    Column("户籍地", "组", 6, lambda item, _: item.hukou_group),
    Column(
        "现居住地",
        "乡镇",
        12,
        lambda item, tree: _township(item.residence, item.residence_text, tree),
        merged=True,
    ),
    Column("现居住地", "村", 14, lambda item, tree: _village(item.residence, tree)),
    Column("现居住地", "组", 6, lambda item, _: item.residence_group),
    Column("困境类型", "", 14, lambda item, _: "、".join(item.categories)),
    Column("父亲状况", "", 12, lambda item, _: _parent(item.father)),
    Column("母亲状况", "", 12, lambda item, _: _parent(item.mother)),
    Column("困难情形", "", 12, lambda item, _: _joined(item.difficulties)),
    Column("临时困境", "起始日期", 11, lambda item, _: _day(item.temporary_from)),
    Column("临时困境", "复核日期", 11, lambda item, _: _day(item.temporary_review)),
    Column("监护人", "姓名", 9, lambda item, _: item.guardian),
    Column("监护人", "关系", 6, lambda item, _: item.guardian_relation),
    Column("监护人", "电话", 13, lambda item, _: "、".join(item.phones) or None),
    Column("监护人", "身份证号", 20, lambda item, _: item.guardian_id),
    Column("安置方式", "", 12, lambda item, _: item.placement.label if item.placement else None),
    Column("残疾情况", "残疾证号", 22, lambda item, _: _certificate(item)),
    Column("残疾情况", "类别", 6, lambda item, _: item.disability_kind and str(item.disability_kind)),
    Column(
        "残疾情况", "等级", 6, lambda item, _: item.disability_grade and _GRADES[item.disability_grade - 1]
    ),
    Column("就学情况", "学校", 18, lambda item, _: item.school),
    Column("就学情况", "年级", 8, lambda item, _: item.school_year),
    Column("就学情况", "就学状况", 8, lambda item, _: item.school_status and str(item.school_status)),
    Column("风险等级", "", 6, lambda item, _: item.grade and str(item.grade)),
    Column("辅具需求", "", 6, lambda item, _: _yes_no(item.device_need)),
    Column("康复需求", "", 6, lambda item, _: _yes_no(item.rehab_need)),
    Column("已配", "", 11, lambda item, _: _given(item)),
    Column("享受待遇", "", 16, lambda item, _: _joined(_benefits(item))),
    Column(
        "月标准(元)", "", 9, lambda item, _: None if item.amount_month is None else float(item.amount_month)
    ),
    Column("低收入家庭", "", 6, lambda item, _: _yes_no(item.low_income)),
    Column("建档立卡", "", 6, lambda item, _: _yes_no(item.registered_poor)),
    Column("健康状况", "", 12, lambda item, _: item.health),
    Column("住房", "", 9, lambda item, _: item.housing),
    Column("坐标", "经度", 11, lambda item, _: item.lon, is_degrees=True),
    Column("坐标", "纬度", 11, lambda item, _: item.lat, is_degrees=True),
    Column("坐标", "坐标系", 10, lambda item, _: None if item.lon is None else _CRS),
    Column("民政协理员", "", 9, lambda item, _: item.assistant),
    Column("包村干部", "", 9, lambda item, _: item.village_cadre),
    Column("包联领导", "", 9, lambda item, _: item.leader, merged=True),
    Column("备注", "", 20, lambda item, _: item.remark),
)
