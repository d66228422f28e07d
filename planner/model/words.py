"""The words of a child's file: states, benefits, schooling, grades, harm. Values are what files and cases write."""

from __future__ import annotations

from enum import StrEnum

from planner.model.demand import Category


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


class Sex(StrEnum):
    """性别, as digit 17 of an ID number tells it (odd 男, even 女)."""

    MALE = "男"
    FEMALE = "女"


class Harm(StrEnum):
    """伤害 named by 二(三): what a child suffers under a lacking or improper guardian."""

    ABUSE = "虐待"
    ABANDONMENT = "遗弃"
    ACCIDENT = "意外伤害"
    CRIME = "不法侵害"


class DisabilityKind(StrEnum):
    """残疾类别 of the 二代证, in the order of its digit 19 (1–7)."""

    SIGHT = "视力"
    HEARING = "听力"
    SPEECH = "言语"
    LIMBS = "肢体"
    INTELLECT = "智力"
    MIND = "精神"
    MULTIPLE = "多重"


class CategoryWord(StrEnum):
    """困境类型 as a ledger writes it: one of the four classes, or a finer word that belongs to one."""

    FAMILY = "家庭困境"
    POOR = "家庭贫困"
    SELF = "自身困境"
    DISABLED = "残疾"
    ILL = "重病"
    GUARDIANSHIP = "监护困境"
    NO_GUARDIAN = "监护缺失"
    UNRAISED = "事实孤儿"
    ORPHAN = "孤儿"
    TEMPORARY = "临时困境"

    @property
    def category(self) -> Category:
        """The class that the word belongs to."""
        return _CLASSES[self]


_CLASSES = {
    CategoryWord.FAMILY: Category.FAMILY,
    CategoryWord.POOR: Category.FAMILY,
    CategoryWord.SELF: Category.SELF,
    CategoryWord.DISABLED: Category.SELF,
    CategoryWord.ILL: Category.SELF,
    CategoryWord.GUARDIANSHIP: Category.GUARDIANSHIP,
    CategoryWord.NO_GUARDIAN: Category.GUARDIANSHIP,
    CategoryWord.UNRAISED: Category.GUARDIANSHIP,
    CategoryWord.ORPHAN: Category.GUARDIANSHIP,
    CategoryWord.TEMPORARY: Category.TEMPORARY,
}
