"""The stages of an event in their order: of a case (四(一), §1 row 34) and of a street child (三(六), row 31)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from itertools import pairwise

from planner.errors import InputError
from planner.model.events import EventStage


class StreetStage(StrEnum):
    """发现→甄别→护送→未保机构."""

    FOUND = "found"
    IDENTIFIED = "identified"
    ESCORTED = "escorted"
    SHELTERED = "sheltered"

    @property
    def label(self) -> str:
        """The Chinese word."""
        return _STREET_LABELS[self]


_STREET_LABELS = {
    StreetStage.FOUND: "发现",
    StreetStage.IDENTIFIED: "甄别",
    StreetStage.ESCORTED: "护送",
    StreetStage.SHELTERED: "未保机构",
}
# A case that is known of and not reported yet: how long it stays so is watched (§5).
DISCOVERED = "discovered"
_CASE = (DISCOVERED, *map(str, EventStage))
_STREET = tuple(map(str, StreetStage))
_LABELS = {
    DISCOVERED: "发现",
    **{str(stage): stage.label for stage in EventStage},
    **{str(stage): stage.label for stage in StreetStage},
}


def check_course(
    stage: str, *, passed: Sequence[str] = (), steps: Sequence[tuple[str, datetime]] = ()
) -> None:
    """Whether an event that has `passed` some stages may be at `stage`; `steps` are the stages it tells of, with
    their times, the last of them `stage`.

    Stages go forward and may be skipped, but for two: nothing of a case comes before it was reported, and it is
    not closed before it was assessed. Times do not go backwards. Raises InputError.
    """
    course = next((order for order in (_CASE, _STREET) if stage in order), None)
    if course is None:
        raise InputError(f"没有“{stage[:20]}”这个环节", f"可用:{'、'.join((*_CASE, *_STREET))}")
    told = tuple(name for name, _ in steps)
    if told and told[-1] != stage:
        raise InputError(f"事件记到“{_label(told[-1])}”,环节却是“{_label(stage)}”", "核对各环节的记录")
    _check_order(course, (*passed, stage))
    _check_order(course, told)
    if len(set(told)) < len(told):
        raise InputError("同一环节记了两次", "每个环节只记一次")
    _check_times(steps)
    been = {*passed, *told, stage}
    if course is _CASE and stage not in course[:2] and str(EventStage.REPORTED) not in been:
        raise InputError(f"事件还没有强制报告,不能进入“{_label(stage)}”", "先登记强制报告(四(一))")
    if stage == EventStage.CLOSED and str(EventStage.ASSESSED) not in been:
        raise InputError("事件还没有评估,不能结案", "先登记评估(四(一))")
    if course is _STREET and course[0] not in been:
        raise InputError(f"还没有登记发现,不能进入“{_label(stage)}”", "先登记发现(三(六))")


def _check_order(course: Sequence[str], stages: Sequence[str]) -> None:
    for before, after in pairwise(stages):
        if before not in course or after not in course:
            raise InputError(f"“{_label(before)}”和“{_label(after)}”不是同一类事件的环节", "核对环节")
        if course.index(after) < course.index(before):
            raise InputError(f"事件已到“{_label(before)}”,不能退回“{_label(after)}”", "核对环节的先后")


def _check_times(steps: Sequence[tuple[str, datetime]]) -> None:
    for (before, earlier), (after, later) in pairwise(steps):
        if (earlier.tzinfo is None) != (later.tzinfo is None):
            raise InputError("有的环节时间没有写明时区", "各环节都写明时区")
        if later < earlier:
            raise InputError(f"“{_label(after)}”的时间早于“{_label(before)}”", "核对各环节的时间")


def _label(stage: str) -> str:
    return _LABELS.get(stage, stage[:20])
