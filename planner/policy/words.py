"""The words of the rules: tiers, services, what a child may be owed; and those of a file, from the model."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from planner.model.words import (
    Basis,
    Benefit,
    Difficulty,
    Grade,
    Harm,
    ParentState,
    Placement,
    SchoolStatus,
    Stage,
)

__all__ = [
    "Basis",
    "Benefit",
    "Difficulty",
    "Grade",
    "Harm",
    "ParentState",
    "Placement",
    "SchoolStatus",
    "Service",
    "Stage",
    "Support",
    "Tier",
    "labels",
]


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
