"""The figures on the cards and the notes beside them, in plain Chinese."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from planner.model.visiting import (
    VISIT_CHANGES,
    VISIT_DAYS,
    VISIT_PLANNED,
    VISIT_STOPS,
    VISIT_TOWNSHIPS,
    VISIT_UNPLANNED,
    NotPlanned,
    Placed,
)
from planner.model.words import Grade
from planner.plugin import Metric, Result
from planner.policy.workdays import DaysOff

from .params import Params
from .stops import Month
from .townships import Township

CLAUSE = "四(一)"


def metrics_of(result: Result, *, estimated: bool) -> Mapping[str, Metric]:
    """All figures of a result, each with how it came about and the rows behind it."""
    planned = result.tables[VISIT_PLANNED.name]
    left = result.tables[VISIT_UNPLANNED.name]
    days = result.tables[VISIT_DAYS.name]
    towns = result.tables[VISIT_TOWNSHIPS.name]
    entrusted = left["reason"] == NotPlanned.ENTRUSTED
    mark = "「估算」" if estimated else ""

    def count(title: str, value: int, unit: str, formula: str, table: str) -> Metric:
        return Metric(title, value, unit, formula=formula, clause=CLAUSE, table=table)

    def minutes(title: str, name: str, formula: str) -> Metric:
        value = round(float(days[name].sum()), 1)
        return Metric(title + mark, value, "分钟", formula=formula, clause=CLAUSE, table=VISIT_DAYS.name)

    share = (
        round(100 * len(planned) / (len(planned) + int((~entrusted).sum())), 1)
        if len(planned) or (~entrusted).any()
        else None
    )
    return {
        "due": count(
            "应访",
            len(planned) + len(left),
            "次",
            "期内的应访日数,逾期的计一次;已排、未排与委托之和",
            VISIT_TOWNSHIPS.name,
        ),
        "planned": count("已排入路线", len(planned), "行", "排在某人某天的应访次数", VISIT_PLANNED.name),
        "unplanned": count(
            "未排入路线",
            int((~entrusted).sum()),
            "次",
            "没有排入的应访次数,不含委托走访,逐次列出原因",
            VISIT_UNPLANNED.name,
        ),
        "unplanned_high": Metric(
            "其中高风险",
            int((~entrusted & (left["grade"] == Grade.HIGH)).sum()),
            "次",
            formula="高风险儿童没有排入的次数",
            clause=CLAUSE,
            table=VISIT_UNPLANNED.name,
            where={"grade": str(Grade.HIGH)},
        ),
        "entrusted": Metric(
            "委托走访",
            int(entrusted.sum()),
            "次",
            formula="住在县外的儿童的应访次数,不排路线",
            clause=CLAUSE,
            table=VISIT_UNPLANNED.name,
            where={"reason": str(NotPlanned.ENTRUSTED)},
        ),
        "planned_share": Metric(
            "排入比例",
            share,
            "%",
            reason=None if share is not None else "no_children",
            formula="已排入 ÷ (已排入 + 未排入)",
            clause=CLAUSE,
            table=VISIT_PLANNED.name,
        ),
        "overdue": count(
            "截至日已逾期儿童",
            int(towns["overdue"].sum()),
            "人",
            "截至日晚于应访日的儿童,各乡镇之和",
            VISIT_TOWNSHIPS.name,
        ),
        "total_min": minutes("总用时", "total_min", "各人各天路程与走访用时之和,不含午休和等候"),
        "travel_min": minutes("其中路程", "travel_min", "各段路程之和,含返回"),
        "visitor_days": count("走访人天", len(days), "行", "出门走访的人天数", VISIT_DAYS.name),
        "visitors": count(
            "出门的走访人", days["visitor"].nunique(), "人", "排有走访的走访人数", VISIT_DAYS.name
        ),
    }


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
