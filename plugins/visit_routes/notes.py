"""What must be said beside the figures, in plain Chinese: the days, what is an estimate, what is left out."""

from __future__ import annotations

from collections.abc import Iterable

from planner.model.visiting import VISIT_CHANGES, VISIT_STOPS, VISIT_UNPLANNED, NotPlanned, Placed
from planner.plugin import Result
from planner.policy.visit_rules import Month
from planner.policy.workdays import DaysOff

from .params import Params
from .townships import Township


def notes_of(
    result: Result,
    townships: Iterable[Township],
    month: Month,
    days_off: DaysOff,
    params: Params,
    *,
    estimated: bool,
    unknown_township: bool,
) -> tuple[str, ...]:
    """What must be said beside the figures."""
    return tuple(
        _notes(
            result,
            list(townships),
            month,
            days_off,
            params,
            estimated=estimated,
            unknown_township=unknown_township,
        )
    )


def _notes(
    result: Result,
    townships: list[Township],
    month: Month,
    days_off: DaysOff,
    params: Params,
    *,
    estimated: bool,
    unknown_township: bool,
) -> Iterable[str]:
    if unknown_township:
        yield "区域内没有所填的乡镇,没有可排的走访;请填乡镇的代码或全名。"
    yield f"期间{month.first.isoformat()}至{month.last.isoformat()},工作日{len(month.days)}天。"
    if month.first.year not in days_off.years:
        yield f"没有{month.first.year}年的节假日安排,只按每周工作日计;节假日请填在“另外不走访”。"
    if estimated:
        yield "路程「估算」:没有道路数据,按直线距离乘绕行系数和车速计算。"
    stops = result.layers[VISIT_STOPS.name]
    if by_village := int((stops["placed"] == Placed.VILLAGE).sum()):
        yield f"{by_village}个停靠点没有住址坐标,按村驻地排。"
    if discreet := int(stops["discreet"].sum()):
        yield f"{discreet}个停靠点为保护个案,纸面上写“另行通知”。"
    left = result.tables[VISIT_UNPLANNED.name]
    lost = left[left["reason"] != NotPlanned.ENTRUSTED].groupby("reason").size()
    if len(lost):
        told = "、".join(f"{reason}{number}次" for reason, number in lost.items())
        yield f"未排入{int(lost.sum())}次:{told}。逐次的办法见“未排入的走访”。"
    if stretched := sum(stop.stretched for town in townships for stop in town.stops):
        yield f"{stretched}户因连续休息日,两次走访的间隔只能取最接近的。"
    if params.keep_plan:
        changed = len(result.tables[VISIT_CHANGES.name])
        yield f"沿用上次路线,改动{changed}处。"
