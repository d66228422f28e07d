"""The figures on the cards, each naming its formula, its clause and the rows behind it."""

from __future__ import annotations

from collections.abc import Mapping

from planner.model.visiting import (
    VISIT_DAYS,
    VISIT_PLANNED,
    VISIT_TOWNSHIPS,
    VISIT_UNPLANNED,
    NotPlanned,
)
from planner.model.words import Grade
from planner.plugin import Metric, Result
from planner.policy.visits import VISIT_CLAUSE


def metrics_of(result: Result, *, estimated: bool) -> Mapping[str, Metric]:
    """All figures of a result, each with how it came about and the rows behind it."""
    planned = result.tables[VISIT_PLANNED.name]
    left = result.tables[VISIT_UNPLANNED.name]
    days = result.tables[VISIT_DAYS.name]
    towns = result.tables[VISIT_TOWNSHIPS.name]
    entrusted = left["reason"] == NotPlanned.ENTRUSTED
    mark = "「估算」" if estimated else ""

    def count(title: str, value: int, unit: str, formula: str, table: str) -> Metric:
        return Metric(title, value, unit, formula=formula, clause=VISIT_CLAUSE, table=table)

    def minutes(title: str, name: str, formula: str) -> Metric:
        value = round(float(days[name].sum()), 1)
        return Metric(title, value, "分钟", formula=formula, clause=VISIT_CLAUSE, table=VISIT_DAYS.name)

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
        "planned": count("已排入路线", len(planned), "次", "排在某人某天的应访次数", VISIT_PLANNED.name),
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
            clause=VISIT_CLAUSE,
            table=VISIT_UNPLANNED.name,
            where={"grade": str(Grade.HIGH)},
        ),
        "entrusted": Metric(
            "委托走访",
            int(entrusted.sum()),
            "次",
            formula="住在县外的儿童的应访次数,不排路线",
            clause=VISIT_CLAUSE,
            table=VISIT_UNPLANNED.name,
            where={"reason": str(NotPlanned.ENTRUSTED)},
        ),
        "planned_share": Metric(
            "排入比例",
            share,
            "%",
            reason=None if share is not None else "no_children",
            formula="已排入 ÷ (已排入 + 未排入)",
            clause=VISIT_CLAUSE,
            table=VISIT_PLANNED.name,
        ),
        "overdue": count(
            "截至日已逾期儿童",
            int(towns["overdue"].sum()),
            "人",
            "截至日晚于应访日的儿童,各乡镇之和",
            VISIT_TOWNSHIPS.name,
        ),
        "total_min": minutes(f"总用时{mark}", "total_min", "各人各天路程与走访用时之和,不含午休和等候"),
        "travel_min": minutes(f"其中路程{mark}", "travel_min", "各段路程之和,含返回"),
        "visitor_days": count("走访人天", len(days), "人天", "出门走访的人天数", VISIT_DAYS.name),
        "visitors": count(
            "出门的走访人", days["visitor"].nunique(), "人", "排有走访的走访人数", VISIT_DAYS.name
        ),
    }
