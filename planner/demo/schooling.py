"""School of a child by its birthday, as the school year 2020/21 had it; 送教 for the heads that count as such."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from planner.demo.days import DATA_DAY
from planner.demo.families import Head
from planner.demo.health import Health
from planner.demo.lots import happens
from planner.demo.sites import MARK
from planner.model.demand import Need
from planner.model.words import SchoolStatus, Stage

_SCHOOL_AGE = 6
_FIRST_MONTH = 9
# Completed years of school before the one under way; 0 and below are the years of kindergarten.
_PRESCHOOL = {-2: "小班", -1: "中班", 0: "大班"}
_PRIMARY = dict(enumerate("一二三四五六", start=1))
_JUNIOR = dict(enumerate("一二三", start=7))
_SENIOR = dict(enumerate("一二三", start=10))
_NO_KINDERGARTEN_SHARE = 0.16
_DROPPED_OUT_SHARE, _NOT_ENROLLED_SHARE = 0.006, 0.004
_DISABLED_NOT_ENROLLED_SHARE = 0.05
_SPECIAL_SHARE, _INCLUSIVE_SHARE = 0.25, 0.35
_SENIOR_SHARE, _VOCATIONAL_SHARE = 0.6, 0.3


@dataclass(frozen=True)
class Schooling:
    """What a file says of school; all None for a child who is too young, or has left it."""

    school: str | None = None
    year: str | None = None
    stage: Stage | None = None
    status: SchoolStatus | None = None


def schooling_of(
    head: Head, health: Health, *, town: str, county: str, chance: np.random.Generator
) -> Schooling:
    """The school of a head; `town` and `county` are the short names by which schools are called."""
    year = _school_year(head.birth)
    if head.need is Need.HOME_TEACHING:
        stage, words, _ = _place(year, town, county, vocational=False)
        return Schooling(f"{county}特殊教育学校{MARK}", words, stage, SchoolStatus.HOME_TEACHING)
    if year < min(_PRESCHOOL):
        return Schooling()
    if year in _SENIOR and not happens(_SENIOR_SHARE + _VOCATIONAL_SHARE, chance):
        return Schooling()
    vocational = happens(_VOCATIONAL_SHARE / (_SENIOR_SHARE + _VOCATIONAL_SHARE), chance)
    stage, words, school = _place(year, town, county, vocational=vocational)
    if year in _PRESCHOOL:
        if happens(_NO_KINDERGARTEN_SHARE, chance):
            return Schooling(status=SchoolStatus.NO_KINDERGARTEN)
        return Schooling(school, words, stage, SchoolStatus.ENROLLED)
    if stage is Stage.COMPULSORY:
        without = _DISABLED_NOT_ENROLLED_SHARE if health.kind else _NOT_ENROLLED_SHARE
        if happens(without, chance):
            return Schooling(status=SchoolStatus.NOT_ENROLLED)
        if happens(_DROPPED_OUT_SHARE, chance):
            return Schooling(school, words, stage, SchoolStatus.DROPPED_OUT)
        if health.kind and happens(_SPECIAL_SHARE, chance):
            return Schooling(f"{county}特殊教育学校{MARK}", words, stage, SchoolStatus.ENROLLED)
        if health.kind and happens(_INCLUSIVE_SHARE, chance):
            return Schooling(school, words, stage, SchoolStatus.INCLUSIVE)
    return Schooling(school, words, stage, SchoolStatus.ENROLLED)


def _school_year(birth: date) -> int:
    """1 for the first year of primary school: of those who were six on the last of August."""
    entry = birth.year + _SCHOOL_AGE + (birth.month >= _FIRST_MONTH)
    return DATA_DAY.year - (DATA_DAY.month < _FIRST_MONTH) - entry + 1


def _place(year: int, town: str, county: str, *, vocational: bool) -> tuple[Stage, str, str]:
    """(学段, 年级, school) of a year of school from -2 on."""
    if year in _PRESCHOOL:
        return Stage.PRESCHOOL, _PRESCHOOL[year], f"{town}幼儿园{MARK}"
    if year in _PRIMARY:
        return Stage.COMPULSORY, f"{_PRIMARY[year]}年级", f"{town}小学{MARK}"
    if year in _JUNIOR:
        return Stage.COMPULSORY, f"初{_JUNIOR[year]}", f"{town}中学{MARK}"
    words = _SENIOR[min(year, max(_SENIOR))]
    if vocational:
        return Stage.SENIOR, f"职高{words}", f"{county}职业中学{MARK}"
    return Stage.SENIOR, f"高{words}", f"{county}高级中学{MARK}"
