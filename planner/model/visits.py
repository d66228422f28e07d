"""走访: one visit to one child, as the 走访记录 tells it (四(一))."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Self

from planner.model.plain_json import Stored


class VisitWay(StrEnum):
    """方式 of a visit."""

    HOME = "入户"
    PHONE = "电话"
    ENTRUSTED = "委托"


class VisitKind(StrEnum):
    """What a due visit is for. A child that lives outside the county is visited by somebody there, on request."""

    REGULAR = "定期走访"
    TEACHING = "送教上门"
    REHABILITATION = "康复"
    ENTRUSTED = "委托走访"


class Concern(StrEnum):
    """What a visitor looks at, each 正常 or 异常."""

    LIVING = "生活"
    GUARDIANSHIP = "监护"
    SCHOOLING = "就学"
    HEALTH = "身心健康"
    SAFETY = "安全"


class Measure(StrEnum):
    """处理意见."""

    NONE = "无"
    HELP = "帮扶"
    REPORT = "强制报告"


@dataclass(frozen=True)
class VisitFinding:
    """What a visitor found of one concern; `note` is what the form says beside 正常 or 异常."""

    concern: Concern
    normal: bool
    note: str | None = None


@dataclass(frozen=True)
class Visit(Stored):
    """One visit. `child` is the key of the child's file, `by` the visitors, `seen` whether the child was met.

    A visit at which the child was not seen does not count as one; it is an attempt.
    """

    child: str
    day: date
    by: tuple[str, ...]
    way: VisitWay
    seen: bool
    findings: tuple[VisitFinding, ...] = ()
    problems: str | None = None
    measure: Measure | None = None
    next_day: date | None = None
    remark: str | None = None

    def of(self, child: str) -> Self:
        """The same visit under another key of the child."""
        return replace(self, child=child)
