"""The figures on the cards, each naming its formula, its clause and the rows behind it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from planner.model.coverage import COVERAGE_COUNTIES, COVERAGE_GAPS, COVERAGE_VILLAGES, Reach
from planner.plugin import Metric, Result
from planner.policy.indicators import COVERAGE_CLAUSE, percent

from .access import rates, sum_children
from .accessibility import gini
from .params import Params

_ACCESS = "规划参考"


def compute_metrics(
    result: Result, sites: pd.DataFrame, params: Params, as_of: date, *, estimated: bool
) -> Mapping[str, Metric]:
    """All metrics of a finished result: the legal ones, then the access ones, never one made of both."""
    counties = result.layers[COVERAGE_COUNTIES.name]
    villages = result.layers[COVERAGE_VILLAGES.name]
    mark = "「估算」" if estimated else ""
    return {
        **_legal(counties, params, as_of),
        **_children(villages, counties, sites, params, mark),
        **_shared(villages, sites, params, mark),
    }


def _legal(counties: pd.DataFrame, params: Params, as_of: date) -> dict[str, Metric]:
    total, covered = len(counties), int(counties["covered"].sum())
    rows = COVERAGE_COUNTIES.name
    return {
        "counties_total": Metric(
            "县级单位", total, "个", formula="本区域内的县级单位数", clause=COVERAGE_CLAUSE, table=rows
        ),
        "counties_covered": Metric(
            f"已覆盖{params.kind}的县",
            covered,
            "个",
            formula=f"{as_of}有至少一个运营机构、且其辖区含本县的县数;只计{params.kind}",
            clause=COVERAGE_CLAUSE,
            table=rows,
            where={"covered": True},
        ),
        "counties_share": Metric(
            "法定覆盖率",
            percent(covered, total),
            "%",
            reason=None if total else "no_county",
            formula="已覆盖的县 ÷ 县级单位",
            clause=COVERAGE_CLAUSE,
            table=rows,
            where={"covered": True},
        ),
        "counties_uncovered": Metric(
            "未覆盖的县",
            total - covered,
            "个",
            formula="县级单位 − 已覆盖的县",
            clause=COVERAGE_CLAUSE,
            table=COVERAGE_GAPS.name,
        ),
        "counties_projected": Metric(
            "目标日预计覆盖的县",
            int(counties["projected"].sum()),
            "个",
            formula=f"已覆盖,或截至日在建且计划投用不晚于{params.target_day}的县数;目标日已到则只计已覆盖",
            clause=COVERAGE_CLAUSE,
            table=rows,
            where={"projected": True},
        ),
    }


def _children(
    villages: pd.DataFrame, counties: pd.DataFrame, sites: pd.DataFrame, params: Params, mark: str
) -> dict[str, Metric]:
    rows = COVERAGE_VILLAGES.name
    sums = sum_children(villages, by=np.zeros(len(villages), dtype=int)).reindex([0], fill_value=0)
    sums["children_single"] = villages.loc[villages["single"], "children"].sum()
    sums["beds"] = counties["beds"].sum(min_count=1)
    own = sites["operating"] & sites["county"].isin(counties["code"])
    rate = rates(sums, has_site=pd.Series([bool(own.any())]), any_site=bool(sites["operating"].any())).iloc[0]

    def people(name: str, title: str, formula: str, **where: Any) -> Metric:
        behind = f"{formula};为所列各村“儿童”列之和"
        return Metric(title, int(rate[name]), "人", formula=behind, clause=_ACCESS, table=rows, where=where)

    def ratio(name: str, title: str, unit: str, formula: str, *, table: str = rows) -> Metric:
        value = None if pd.isna(rate[name]) else float(rate[name])
        reason = str(rate[f"{name}_reason"]) if value is None else None
        return Metric(title, value, unit, reason=reason, formula=formula, clause=_ACCESS, table=table)

    limit = f"{params.limit_min:g}分钟"
    beds_reason = None if own.any() else "no_site"
    beds = None if pd.isna(rate["beds"]) else float(rate["beds"])
    return {
        "children_total": people(
            "children", "儿童", f"有需求“{params.need}”的儿童" if params.need else "全部儿童"
        ),
        "children_within_limit": people(
            "children_within", f"{limit}内儿童{mark}", f"到最近运营机构车程 ≤ {limit}", within=True
        ),
        "children_beyond_limit": people(
            "children_beyond",
            f"{limit}外儿童{mark}",
            f"到最近运营机构车程 > {limit}",
            reachable=True,
            within=False,
        ),
        "children_unreachable": people(
            "children_unreachable", "不可达儿童", "村无定位、没有运营机构或无路可达", reachable=False
        ),
        "children_unlocated": people(
            "children_unlocated", "其中无定位", "所在村没有定位", reach=str(Reach.UNLOCATED)
        ),
        "children_single": people(
            "children_single",
            f"只靠一个机构的儿童{mark}",
            f"最近机构在{limit}内,第二近的不在:最近的停用,他们即在时限之外",
            single=True,
        ),
        "share_within_limit": ratio(
            "share_within",
            f"{limit}内占比{mark}",
            "%",
            f"{limit}内儿童 ÷ 有定位的儿童(不可达计入分母,无定位不计)",
        ),
        "mean_minutes": ratio(
            "mean_minutes", f"平均车程{mark}", "分钟", "各村车程按儿童数加权平均,只计可达的儿童"
        ),
        "beds": Metric(
            "运营床位",
            beds,
            "张",
            reason=(beds_reason or "no_capacity") if beds is None else None,
            formula="本区域内运营机构床位之和,为各县“运营床位”列之和;没有床位数据的机构不计",
            clause=_ACCESS,
            table=COVERAGE_COUNTIES.name,
        ),
        "children_per_bed": ratio(
            "children_per_bed", "每床儿童", "人/张", "儿童 ÷ 运营床位", table=COVERAGE_COUNTIES.name
        ),
    }


def _shared(villages: pd.DataFrame, sites: pd.DataFrame, params: Params, mark: str) -> dict[str, Metric]:
    """The figures of accessibility, over the villages with children and a value."""
    lived_in = villages[villages["children"] > 0]
    known = lived_in[lived_in["accessibility"].notna()]
    beds = known["accessibility"].to_numpy(dtype=float)
    children = known["children"].to_numpy(dtype=float)
    mean = float(np.average(beds, weights=children)) if len(known) else None
    unequal = gini(beds, children)
    bare = known["accessibility"] == 0
    reason = _no_accessibility(lived_in, sites)
    how = f"{params.method},搜寻范围{params.catchment_min:g}分钟"

    def metric(title: str, value: float | None, unit: str, formula: str, **where: Any) -> Metric:
        return Metric(
            title,
            value,
            unit,
            reason=reason if value is None else None,
            formula=formula,
            clause=_ACCESS,
            table=COVERAGE_VILLAGES.name,
            where=where,
        )

    return {
        "accessibility_mean": metric(
            f"每千人可及床位{mark}",
            None if mean is None else round(mean, 4),
            "张",
            f"各村每千名儿童的可及床位按儿童数加权平均;{how}",
        ),
        "accessibility_gini": metric(
            f"可及床位基尼指数{mark}",
            None if np.isnan(unequal) else round(unequal * 100, 4),
            "",
            f"各村可及床位按儿童数加权的基尼系数 × 100,0为处处相同,越大越不均;{how}",
        ),
        "children_without_beds": metric(
            f"无可及床位儿童{mark}",
            int(known.loc[bare, "children"].sum()) if len(known) else None,
            "人",
            f"可及床位为0的村的儿童;为所列各村“儿童”列之和;{how}",
            accessibility=0.0,
        ),
    }


def _no_accessibility(lived_in: pd.DataFrame, sites: pd.DataFrame) -> str:
    """Why no village with children has a figure, or why all of them have 0."""
    counted = sites[sites["counted"]]
    cases = {
        "no_children": lived_in.empty,
        "unlocated": bool((lived_in["reach"] == Reach.UNLOCATED).all()),
        "no_site": not sites["operating"].any(),
        "no_capacity": len(counted) > 0 and not (counted["beds"] > 0).any(),
    }
    return next((reason for reason, holds in cases.items() if holds), "unreachable")
