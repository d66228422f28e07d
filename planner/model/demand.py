"""Demand: how many children in difficulty live at a village, by age band, category and need."""

from __future__ import annotations

from enum import StrEnum


class AgeBand(StrEnum):
    """年龄段 by completed years: 0–6 before the 7th birthday, 7–14 before the 15th, 15–17 before the 18th."""

    EARLY = "0-6"
    SCHOOL = "7-14"
    YOUTH = "15-17"


class Category(StrEnum):
    """困境类型, the four classes of section 二."""

    FAMILY = "家庭困境"
    SELF = "自身困境"
    GUARDIANSHIP = "监护困境"
    TEMPORARY = "临时困境"


class Need(StrEnum):
    """需求 of a child that an institution may meet; a child may have none."""

    REHABILITATION = "康复"
    HOME_TEACHING = "送教"
    PLACEMENT = "安置"
