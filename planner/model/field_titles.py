"""What the fields of the records of persons are called, and how their stored values read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from planner.model.words import Benefit, ParentState, Placement

FIELD_TITLES: Mapping[str, str] = {
    # a child
    "name": "姓名",
    "sex": "性别",
    "id_number": "身份证号",
    "birth": "出生日期",
    "birth_month": "出生年月",
    "ethnicity": "民族",
    "father": "父亲状况",
    "mother": "母亲状况",
    "categories": "困境类型",
    "difficulties": "困难情形",
    "temporary_from": "临时困境起始日期",
    "temporary_review": "临时困境复核日期",
    "hukou_text": "户籍地",
    "hukou": "户籍村",
    "hukou_group": "户籍组",
    "residence_text": "居住地",
    "residence": "居住村",
    "residence_group": "居住组",
    "guardian": "监护人姓名",
    "guardian_relation": "监护人关系",
    "guardian_id": "监护人身份证号",
    "phones": "电话",
    "placement": "安置方式",
    "disability_cert": "残疾证号",
    "cert_reissued": "残疾证补发次数",
    "disability_kind": "残疾类别",
    "disability_grade": "残疾等级",
    "school": "学校",
    "school_year": "年级",
    "stage": "学段",
    "school_status": "就学状况",
    "grade": "风险等级",
    "device_need": "辅具需求",
    "rehab_need": "康复需求",
    "device_given": "已配",
    "device_given_on": "适配日期",
    "benefits": "享受待遇",
    "amount_month": "月标准(元)",
    "low_income": "低收入家庭",
    "registered_poor": "建档立卡",
    "health": "健康状况",
    "housing": "住房",
    "remark": "备注",
    "lon": "经度",
    "lat": "纬度",
    "assistant": "民政协理员",
    "village_cadre": "包村干部",
    "leader": "包联领导",
    # a parent
    "states": "状况",
    "term_months": "期限(月)",
    "basis": "依据",
    # an officer, a duty
    "village": "村",
    "education": "学历",
    "politics": "政治面貌",
    "since": "起始日期",
    "since_month": "起始年月",
    "part_time": "是否兼职",
    "cadre": "干部",
    "level": "干部级别",
    "area": "包联区域",
    "group": "组",
    "department": "部门",
    "title": "职务",
    "primary": "主责",
    "until": "截止日期",
    "township": "乡镇",
    "home_village": "老家所在村",
    # a visit
    "child": "儿童",
    "day": "走访时间",
    "by": "走访人",
    "way": "方式",
    "seen": "是否见到儿童",
    "findings": "走访情况",
    "problems": "存在问题",
    "measure": "处理意见",
    "next_day": "下次走访日期",
    "concern": "方面",
    "normal": "是否正常",
    "note": "说明",
    # an income figure
    "year": "年份",
    "yuan": "金额(元)",
    "source": "来源",
}
_PLACES = frozenset({"hukou", "residence", "village", "area", "township", "home_village"})
_LABELS: Mapping[str, Callable[[str], str]] = {
    "states": lambda value: ParentState(value).label,
    "placement": lambda value: Placement(value).label,
    "benefits": lambda value: Benefit(value).label,
}
_EMPTY = {"benefits": "无"}  # an empty list that says something


def in_words(name: str, value: Any, place: Callable[[str], str]) -> str:
    """A stored value of a field as people write it; `place` gives the name of a division. Empty where None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Mapping):
        told = [in_words(key, item, place) for key, item in value.items() if key != "states"]
        return ",".join([*([in_words("states", value["states"], place)] if "states" in value else []), *told])
    if isinstance(value, list | tuple):
        return "、".join(in_words(name, item, place) for item in value) or _EMPTY.get(name, "")
    if name in _PLACES:
        return place(str(value))
    label = _LABELS.get(name)
    return label(str(value)) if label else str(value)
