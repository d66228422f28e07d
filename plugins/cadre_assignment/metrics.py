"""The figures on the cards, each naming its formula, its clause and the rows behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from planner.model.duty_plan import (
    DUTY_CLAUSE,
    DUTY_LOADS,
    DUTY_PLAN,
    DUTY_TIERS,
    DUTY_VACANCIES,
    DUTY_VILLAGES,
    Change,
)
from planner.model.rosters import CadreLevel
from planner.plugin import Metric, Result
from planner.policy.indicators import percent

from .params import Params

_ROSTER_CLAUSE = "五(二)"
_PLANNING = "规划参考"


def compute_metrics(result: Result, params: Params) -> Mapping[str, Metric]:
    """All metrics of a finished result."""
    return dict(
        [
            *_changes(result),
            *_assistants(result),
            *_loads(result),
            *_proofs(result),
            *_homes(result),
            *_weights(params),
        ]
    )


def _changes(result: Result) -> Iterator[tuple[str, Metric]]:
    plan = result.tables[DUTY_PLAN.name]
    titles = {
        Change.KEPT: ("kept", "不变", "原包联干部不变的乡镇、村、组"),
        Change.FILLED: ("filled", "补缺", "原来没有登记包联干部、方案有的"),
        Change.REPLACED: ("replaced", "更换", "换了干部的,理由见“包联安排”"),
        Change.VACANT: ("vacant", "安排后仍空缺", "没有干部可包的,办法见“缺口和出路”"),
    }
    for change, (name, title, formula) in titles.items():
        yield (
            name,
            Metric(
                title,
                int((plan["change"] == change).sum()),
                "个",
                formula=formula,
                clause=DUTY_CLAUSE,
                table=DUTY_PLAN.name,
                where={"change": str(change)},
            ),
        )


def _assistants(result: Result) -> Iterator[tuple[str, Metric]]:
    villages = len(result.layers[DUTY_VILLAGES.name])
    posts = result.tables[DUTY_VACANCIES.name]["post"]
    bare = int((posts == "民政协理员").sum())
    where = {"post": "民政协理员"}
    table = DUTY_VACANCIES.name
    yield (
        "villages_without_assistant",
        Metric(
            "没有民政协理员的村",
            bare,
            "个",
            formula="截至日没有在任民政协理员(儿童主任)的村(居)",
            clause=_ROSTER_CLAUSE,
            table=table,
            where=where,
        ),
    )
    yield (
        "assistant_share",
        Metric(
            "民政协理员覆盖率",
            percent(villages - bare, villages),
            "%",
            reason=None if villages else "no_county",
            formula="有在任民政协理员的村 ÷ 村(居)",
            clause=_ROSTER_CLAUSE,
            table=table,
            where=where,
        ),
    )


def _loads(result: Result) -> Iterator[tuple[str, Metric]]:
    loads = result.tables[DUTY_LOADS.name]
    formula = "各干部所包村(组)的基数 + 儿童 × 等级权重"
    for level, name in ((CadreLevel.DEPARTMENT, "department"), (CadreLevel.TOWNSHIP, "township")):
        own = loads[(loads["tier"] == level) & loads["remark"].ne("不在任")]
        for column, when in (("load_before", "原来"), ("load", "安排后")):
            for kind, word in (("min", "最低"), ("max", "最高")):
                yield (
                    f"{name}_{column}_{kind}",
                    Metric(
                        f"{level}干部{word}负荷({when})",
                        int(own[column].agg(kind)) if len(own) else None,
                        reason=None if len(own) else "no_county",
                        formula=formula,
                        clause=_PLANNING,
                        table=DUTY_LOADS.name,
                        where={"tier": str(level)},
                    ),
                )


def _proofs(result: Result) -> Iterator[tuple[str, Metric]]:
    tiers = result.tables[DUTY_TIERS.name]
    known = bool(len(tiers)) and bool(tiers["bound"].notna().all())
    value, bound = float(tiers["value"].sum()), float(tiers["bound"].sum())

    def figure(title: str, number: float | None, formula: str, unit: str = "") -> Metric:
        reason = "no_county" if number is None else None
        return Metric(
            title, number, unit, reason=reason, formula=formula, clause=_PLANNING, table=DUTY_TIERS.name
        )

    yield "value", figure("目标值", round(value, 3), "各级变动、均衡、路程、部门分散的分数之和,越小越好")
    yield "bound", figure("下界", round(bound, 3) if known else None, "各级下界之和:任何安排都不能更低")
    gap = round(100 * max(0.0, value - bound) / value, 2) if value else 0.0
    yield "gap", figure("与下界之差", gap if known else None, "(目标值 − 下界) ÷ 目标值", "%")
    yield (
        "proved",
        Metric(
            "已证明最优的级别",
            int(tiers["proved"].sum()),
            "个",
            formula="目标值等于下界的;乡镇包组按乡镇分开算",
            clause=_PLANNING,
            table=DUTY_TIERS.name,
            where={"proved": True},
        ),
    )
    yield "stray", figure("飞地", int(tiers["stray"].sum()), "每名干部所包的村、组,除第一片外的片数", "片")


def _homes(result: Result) -> Iterator[tuple[str, Metric]]:
    yield (
        "at_home",
        Metric(
            "包本人老家",
            int(result.tables[DUTY_LOADS.name]["at_home"].sum()),
            "处",
            formula="安排后由本人包自己老家所在的村或其中的组;“回避老家”时应为0",
            clause=_PLANNING,
            table=DUTY_LOADS.name,
        ),
    )


def _weights(params: Params) -> Iterator[tuple[str, Metric]]:
    weights = params.weights
    formula = "所选侧重的分数,或另填的数"
    for name, title, value in (
        ("change_weight", "换一名干部", weights.change),
        ("balance_weight", "负荷每偏离平均1", weights.balance),
        ("travel_weight", "路程每分钟", weights.travel),
    ):
        yield name, Metric(title, float(value), "分", formula=formula, clause=_PLANNING)
