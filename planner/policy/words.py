"""The words of the rules: states, benefits, tiers, grades, services. Values are what files and cases write."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class ParentState(StrEnum):
    """状况 of a father or mother; `label` is the word a ledger writes."""

    OK = "ok"
    DECEASED = "deceased"
    MISSING = "missing"
    DISABLED = "disabled"
    ILL = "ill"
    PRISON = "prison"
    REMARRIED = "remarried"
    LOST_CONTACT = "lost_contact"
    DRUG_REHAB = "drug_rehab"
    OTHER_RESTRAINT = "other_restraint"
    REVOKED = "revoked"
    DEPORTED = "deported"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        """The Chinese word."""
        return _PARENT_LABELS[self]


_PARENT_LABELS = {
    ParentState.OK: "正常",
    ParentState.DECEASED: "死亡",
    ParentState.MISSING: "失踪",
    ParentState.DISABLED: "重残",
    ParentState.ILL: "重病",
    ParentState.PRISON: "服刑",
    ParentState.REMARRIED: "改嫁",
    ParentState.LOST_CONTACT: "失联",
    ParentState.DRUG_REHAB: "强制隔离戒毒",
    ParentState.OTHER_RESTRAINT: "其他限制人身自由",
    ParentState.REVOKED: "撤销监护资格",
    ParentState.DEPORTED: "遣送(驱逐)出境",
    ParentState.UNKNOWN: "不详",
}


class Difficulty(StrEnum):
    """困难: the first three come of poverty (二(一)), the other four of disability or illness (二(二))."""

    LIVING = "生活"
    MEDICAL = "就医"
    SCHOOL = "就学"
    REHABILITATION = "康复"
    CARE = "照料"
    NURSING = "护理"
    INCLUSION = "融入"


class Harm(StrEnum):
    """伤害 named by 二(三): what a child suffers under a lacking or improper guardian."""

    ABUSE = "虐待"
    ABANDONMENT = "遗弃"
    ACCIDENT = "意外伤害"
    CRIME = "不法侵害"


class Placement(StrEnum):
    """安置 of a child who does not live with its parents (三(一), 三(四))."""

    INSTITUTION_ORPHAN = "institution_orphan"
    INSTITUTION_TEMPORARY = "institution_temporary"
    KINSHIP = "kinship"
    FOSTER = "foster"
    ADOPTION = "adoption"

    @property
    def label(self) -> str:
        """The Chinese word."""
        return _PLACEMENT_LABELS[self]


_PLACEMENT_LABELS = {
    Placement.INSTITUTION_ORPHAN: "机构养育",
    Placement.INSTITUTION_TEMPORARY: "机构临时监护照料",
    Placement.KINSHIP: "亲属抚养",
    Placement.FOSTER: "家庭寄养",
    Placement.ADOPTION: "依法收养",
}


class Basis(StrEnum):
    """依据 on which a parent is written down as missing."""

    COURT = "判决书"
    POLICE = "公安"
    VILLAGE = "村委证明"


class Benefit(StrEnum):
    """待遇 in payment."""

    DIBAO = "dibao"
    ORPHAN_ALLOWANCE = "orphan_allowance"
    TEKUN = "tekun"
    TWO_SUBSIDIES = "two_subsidies"
    TEMP_RELIEF = "temp_relief"

    @property
    def label(self) -> str:
        """The Chinese word."""
        return _BENEFIT_LABELS[self]


_BENEFIT_LABELS = {
    Benefit.DIBAO: "低保",
    Benefit.ORPHAN_ALLOWANCE: "孤儿养育津贴",
    Benefit.TEKUN: "特困供养",
    Benefit.TWO_SUBSIDIES: "残疾人两项补贴",
    Benefit.TEMP_RELIEF: "临时救助",
}


class Stage(StrEnum):
    """学段; the first three make up the fifteen free years of 三(三)."""

    PRESCHOOL = "学前"
    COMPULSORY = "义务"
    SENIOR = "高中"
    COLLEGE = "大专"


class SchoolStatus(StrEnum):
    """就学状况."""

    ENROLLED = "在读"
    DROPPED_OUT = "辍学"
    NOT_ENROLLED = "未入学"
    NO_KINDERGARTEN = "未入园"
    HOME_TEACHING = "送教"
    INCLUSIVE = "随班"


class Grade(StrEnum):
    """风险等级."""

    HIGH = "高"
    MIDDLE = "中"
    LOW = "低"


class Tier(StrEnum):
    """养育津贴 tier; REVIEW: a person must decide, NONE: no allowance."""

    INSTITUTION = "INST80"
    ORPHAN = "ORPH60"
    UNRAISED = "FWR50"
    REVIEW = "REVIEW"
    NONE = "none"

    @property
    def label(self) -> str:
        """The Chinese word."""
        return _TIER_LABELS[self]


_TIER_LABELS = {
    Tier.INSTITUTION: "机构养育",
    Tier.ORPHAN: "父母双亡",
    Tier.UNRAISED: "事实无人抚养",
    Tier.REVIEW: "待复核",
    Tier.NONE: "无",
}


class Support(StrEnum):
    """Lists of 应享未享: what a child may be owed (三(一)–三(五))."""

    ALLOWANCE = "养育津贴"
    DIBAO = "低保"
    TEMP_RELIEF = "临时救助"
    TWO_SUBSIDIES = "残疾人两项补贴"
    PREMIUM_FULL = "医保参保全额资助"
    PREMIUM_PART = "医保参保补贴"
    FREE_EDUCATION = "十五年免费教育"
    INCLUSIVE_CLASS = "随班就读"
    HOME_TEACHING = "送教上门"
    KINDERGARTEN = "入园"
    DEVICE = "0-6岁辅具与康复训练"
    REHAB_PROJECT = "7-14岁康复项目"
    TOMORROW_PLAN = "明天计划"


class Service(StrEnum):
    """What an institution may be asked for (三(四)–三(六), 四(二))."""

    LONG_TERM = "收留抚养"
    TEMPORARY_GUARDIANSHIP = "临时监护"
    CHILD_OF_DETAINED = "被羁押人员子女临时安置"
    RESCUED = "打拐解救儿童临时监护"
    STREET = "流浪儿童救助"
    REHABILITATION = "康复"
    DAY_ACTIVITY = "日间活动"


def labels(states: Iterable[ParentState]) -> str:
    """The Chinese words of `states` in the order of the vocabulary, e.g. 「改嫁、失联」."""
    chosen = set(states)
    return "、".join(state.label for state in ParentState if state in chosen)
