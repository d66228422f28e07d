"""The figures on the cards, each naming its formula and the rows behind it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from planner.model.siting import (
    SITING_COUNTIES,
    SITING_SITES,
    SITING_STABILITY,
    SITING_UNCOVERED,
    SITING_VILLAGES,
    Change,
    Role,
    Steadiness,
)
from planner.plugin import Metric

from .options import Answer, Model
from .outcome import site_costs
from .params import OFTEN, SELDOM, Existing, Params
from .question import Question

_BASIS = "规划参考"
_OBJECTIVES = {
    Model.SET_COVER: ("新增机构", "个新点", "新增机构数"),
    Model.MAX_COVER: ("覆盖儿童", "人", "时限内的儿童之和"),
    Model.P_MEDIAN: ("总车程", "人·分钟", "各村儿童 × 车程之和"),
    Model.P_CENTER: ("最远车程", "分钟", "有儿童的村中车程最大的"),
}
# Where existing sites may close, those that stay open count like new ones.
_FEWEST_IN_ALL = ("新增与留下的机构", "个点", "新增的与可关闭而留下的机构数")


def compute_metrics(
    question: Question, answer: Answer, frames: Mapping[str, pd.DataFrame], params: Params, *, estimated: bool
) -> dict[str, Metric]:
    """All metrics of an answer, from its frames by layer name."""
    villages, uncovered = frames[SITING_VILLAGES.name], frames[SITING_UNCOVERED.name]
    sites = frames[SITING_SITES.name]
    mark = "「估算」" if estimated else ""
    limit = f"{params.limit_min:g}分钟"
    title, unit, formula = _OBJECTIVES[params.model]
    if params.model is Model.SET_COVER and params.existing is Existing.CLOSABLE:
        title, unit, formula = _FEWEST_IN_ALL
    covered_before, covered = int(villages["covered_before"].sum()), int(villages["covered_after"].sum())
    located = int(villages.loc[villages["change"] != Change.UNLOCATED, "children"].sum())
    cost = site_costs(question, params)

    def figure(title: str, value: Any, unit: str, formula: str, **more: Any) -> Metric:
        return Metric(title, value, unit, formula=formula, clause=_BASIS, **more)

    return {
        "new_sites": figure(
            "新增机构",
            len(answer.opened),
            "个",
            "选中的候选点",
            table=SITING_SITES.name,
            where={"role": str(Role.NEW)},
        ),
        "newly_covered": figure(
            f"新覆盖儿童{mark}",
            covered - covered_before,
            "人",
            f"选址后 − 选址前在{limit}内的儿童;为各村“覆盖儿童”与“原已覆盖儿童”两列之差",
            table=SITING_VILLAGES.name,
        ),
        "share_covered": _share(
            f"覆盖比例{mark}", covered, located, villages, f"{limit}内的儿童 ÷ 有定位的儿童(不可达计入分母)"
        ),
        "proved": figure("是否最优", _proved(answer), "", "界与目标值相合才算已证明;到时限或停止时给出差距"),
        "objective": figure(f"目标值:{title}", _plain(answer.objective), unit, formula),
        "bound": _number("目标值的界", answer.bound, unit, "任何选法都不会比它更好"),
        "gap": _number("差距", answer.gap * 100, "%", "|目标值 − 界| ÷ 目标值"),
        "children_covered": figure(
            f"覆盖儿童{mark}",
            covered,
            "人",
            f"{limit}内的儿童;各村“覆盖儿童”列之和",
            table=SITING_VILLAGES.name,
        ),
        "children_before": figure(
            f"原已覆盖儿童{mark}",
            covered_before,
            "人",
            "只靠现有机构;各村“原已覆盖儿童”列之和",
            table=SITING_VILLAGES.name,
        ),
        "mean_before": _mean(f"原平均车程{mark}", villages, "minutes_before"),
        "mean_minutes": _mean(f"平均车程{mark}", villages, "minutes_after"),
        "worst_minutes": _worst(f"最远车程{mark}", villages),
        "uncovered_villages": figure(
            "仍未覆盖的村", len(uncovered), "个", "有儿童没有被覆盖的村", table=SITING_UNCOVERED.name
        ),
        "closed_sites": figure(
            "关闭机构",
            len(answer.closed),
            "个",
            "拟关闭迁建的现有机构",
            table=SITING_SITES.name,
            where={"role": str(Role.CLOSED)},
        ),
        "cost": figure(
            "费用",
            float(cost[list(answer.opened)].sum() + cost[list(answer.closed)].sum()),
            "万元",
            "新增与关闭的费用之和,单价为所填参数;“费用”列之和",
            table=SITING_SITES.name,
        ),
        "counties": figure(
            "县级单位", len(frames[SITING_COUNTIES.name]), "个", "有村的县", table=SITING_COUNTIES.name
        ),
        "open_sites": figure("开放的机构", len(sites) - len(answer.closed), "个点", "现有与新增之和"),
    }


def _plain(value: float) -> float:
    return round(float(value), 4)


def _number(title: str, value: float, unit: str, formula: str) -> Metric:
    known = math.isfinite(value)
    return Metric(
        title,
        _plain(value) if known else None,
        unit,
        reason=None if known else "unreachable",
        formula=formula,
        clause=_BASIS,
    )


def _proved(answer: Answer) -> str:
    return "已证明最优" if answer.proved else "未证明"


def _share(title: str, part: int, whole: int, villages: pd.DataFrame, formula: str) -> Metric:
    reason = "no_children" if villages["children"].sum() == 0 else "unlocated"
    return Metric(
        title,
        round(part / whole * 100, 4) if whole else None,
        "%",
        reason=None if whole else reason,
        formula=formula,
        clause=_BASIS,
        table=SITING_VILLAGES.name,
    )


def _mean(title: str, villages: pd.DataFrame, name: str) -> Metric:
    known = villages[villages[name].notna() & (villages["children"] > 0)]
    whole = int(known["children"].sum())
    reason = "no_children" if villages["children"].sum() == 0 else "no_site"
    return Metric(
        title,
        round(float((known["children"] * known[name]).sum()) / whole, 4) if whole else None,
        "分钟",
        reason=None if whole else reason,
        formula="各村车程按儿童数加权平均,只计可达的儿童;没有指定去处的村按最近的机构",
        clause=_BASIS,
        table=SITING_VILLAGES.name,
    )


def _worst(title: str, villages: pd.DataFrame) -> Metric:
    known = villages.loc[villages["children"] > 0, "minutes_after"].dropna()
    reason = "no_children" if villages["children"].sum() == 0 else "no_site"
    return Metric(
        title,
        round(float(known.max()), 4) if len(known) else None,
        "分钟",
        reason=None if len(known) else reason,
        formula="有儿童的村中车程最大的,只计可达的",
        clause=_BASIS,
        table=SITING_VILLAGES.name,
    )


def stability_metrics(layer: pd.DataFrame, draws: int, *, estimated: bool) -> dict[str, Metric]:
    """The metrics of the stability, from its layer SITING_STABILITY."""
    mark = "「估算」" if estimated else ""
    usual = layer[layer["usual"]]
    counts = layer["steadiness"].value_counts()

    def sites(kind: Steadiness, formula: str) -> Metric:
        return Metric(
            f"{kind}的点{mark}",
            int(counts.get(str(kind), 0)),
            "个",
            formula=formula,
            clause=_BASIS,
            table=SITING_STABILITY.name,
            where={"steadiness": str(kind)},
        )

    kept = float(usual["share"].mean()) if len(usual) else math.nan
    return {
        "steady": sites(Steadiness.STEADY, f"{OFTEN:g}%以上的抽样都选中"),
        "sometimes": sites(Steadiness.SOMETIMES, f"{SELDOM:g}%到{OFTEN:g}%的抽样选中"),
        "usual_share": Metric(
            "现有人数下选中的点平均被选中",
            None if math.isnan(kept) else round(kept, 4),
            "%",
            reason="no_children" if math.isnan(kept) else None,
            formula="按现有人数选中的点,在各次抽样中被选中的比例的平均数",
            clause=_BASIS,
            table=SITING_STABILITY.name,
            where={"usual": True},
        ),
        "draws": Metric("抽样次数", draws, "次", formula="每次按变动后的人数重新选址"),
    }
