"""选址稳定性: how often each place is chosen when the number of children varies."""

from __future__ import annotations

import math
from collections.abc import Iterator
from enum import StrEnum

import geopandas as gpd
import numpy as np
from pydantic import Field

from planner.model.layers import DEMAND, DIVISIONS, INSTITUTION_STATES, INSTITUTIONS, METRIC_CRS
from planner.model.siting import SITING_STABILITY, Steadiness
from planner.plugin import Context, Metric, Result, plugin
from planner.roads import Travel

from .greedy import open_greedily
from .kernels import FREE, OPEN, interchange
from .options import Floats, Ints, Model, Task
from .params import Basics, Params
from .proof import capped
from .question import Question, ask, travel_with

_OFTEN, _SELDOM = 90.0, 10.0
_OFFER_EVERY = 25


class Aim(StrEnum):
    """目标 of the models that weigh children."""

    MAX_COVER = Model.MAX_COVER.value
    P_MEDIAN = Model.P_MEDIAN.value


class Chance(StrEnum):
    """人数怎样变动: how the children of a village are drawn."""

    POISSON = "泊松"
    BINOMIAL = "二项"


class StabilityParams(Basics):
    """What may be chosen: the question as for siting, and how the demand varies."""

    count: int = Field(3, title="新增个数", ge=1, le=500)
    model: Aim = Field(Aim.MAX_COVER, title="目标", description="只有计儿童数的两个模型受人数变动影响")
    draws: int = Field(200, title="抽样次数", ge=100, le=2000, json_schema_extra={"unit": "次"})
    chance: Chance = Field(
        Chance.POISSON,
        title="人数怎样变动",
        description="泊松:以现有人数为平均数;二项:每名儿童以“保留概率”仍在册",
    )
    keep: float = Field(
        80, title="保留概率", description="只用于二项", ge=1, le=100, json_schema_extra={"unit": "%"}
    )


@plugin(
    "选址稳定性",
    params=StabilityParams,
    reads=(DIVISIONS, DEMAND, INSTITUTIONS, INSTITUTION_STATES),
    makes=(SITING_STABILITY,),
)
def siting_stability(context: Context, params: StabilityParams) -> Result:
    """儿童人数变动时,每个候选点有多少次被选中:次次选中的可以放心,时有时无的要再看。"""
    travel = travel_with(context.travel, params)
    question = ask(
        context.layer(DIVISIONS),
        context.layer(DEMAND),
        context.layer(INSTITUTIONS),
        context.layer(INSTITUTION_STATES),
        Params.model_validate(
            params.model_dump(include=set(Basics.model_fields)) | {"model": params.model.value}
        ),
        as_of=context.as_of,
        travel=travel,
        track=lambda groups: context.track(groups, "各县到候选点的车程"),
    )
    task = question.task
    usual = choose_fast(task, task.weights)
    chosen = np.zeros(task.candidates, dtype=np.int64)
    random = np.random.default_rng(context.seed)
    done = 0
    for weights in context.track(list(_draws(task.weights, params, random)), "需求变动重算"):
        chosen[choose_fast(task, weights)] += 1
        done += 1
        if done % _OFFER_EVERY == 0:
            context.offer(_result(question, chosen, usual, done, params, travel))
    return _result(question, chosen, usual, done, params, travel)


def choose_fast(task: Task, weights: Floats) -> Ints:
    """The new sites of a good choice by greedy opening and interchange, ascending; nothing is proved.

    For MAX_COVER a village costs its children where it is beyond the limit; for P_MEDIAN children × minutes.
    Kept sites stay. Villages that nobody reaches do not count.
    """
    kept = np.array(sorted(map(int, task.kept)), dtype=np.int64)
    size = min(len(kept) + (task.count or 0), task.candidates)
    asking = (weights > 0) & ~task.set_aside
    if not asking.any() or size == len(kept):
        return np.empty(0, dtype=np.int64)
    away = task.travel[asking] if task.model is Model.P_MEDIAN else (~task.near[asking]).astype(np.float64)
    paid = np.where(np.isfinite(away), away, 0.0) * weights[asking, None]
    paid[~np.isfinite(away)] = np.inf
    by_site = capped(paid)
    sites = open_greedily(by_site, kept, size)
    state = np.full(task.candidates, FREE, dtype=np.int8)
    state[kept] = OPEN
    interchange(by_site, state, sites)
    return np.setdiff1d(sites, kept)


def _draws(children: Floats, params: StabilityParams, random: np.random.Generator) -> Iterator[Floats]:
    for _ in range(params.draws):
        if params.chance is Chance.POISSON:
            yield random.poisson(children).astype(np.float64)
        else:
            yield random.binomial(children.astype(np.int64), params.keep / 100).astype(np.float64)


def _result(
    question: Question, chosen: Ints, usual: Ints, draws: int, params: StabilityParams, travel: Travel
) -> Result:
    share = chosen / max(draws, 1) * 100
    shown = np.flatnonzero((chosen > 0) | np.isin(np.arange(len(chosen)), usual))
    shown = shown[np.argsort(-chosen[shown], kind="stable")]
    layer = question.places.iloc[shown].assign(
        chosen=chosen[shown],
        share=share[shown].round(2),
        usual=np.isin(shown, usual),
        steadiness=[str(_steadiness(value)) for value in share[shown]],
    )
    layer = gpd.GeoDataFrame(SITING_STABILITY.cast(layer.reset_index(drop=True)), crs=METRIC_CRS)
    return Result(
        layers={SITING_STABILITY.name: layer},
        metrics=_metrics(layer, draws, params, travel),
        notes=tuple(_notes(layer, draws, params, travel)),
    )


def _steadiness(share: float) -> Steadiness:
    if share >= _OFTEN:
        return Steadiness.STEADY
    return Steadiness.SELDOM if share < _SELDOM else Steadiness.SOMETIMES


def _metrics(
    layer: gpd.GeoDataFrame, draws: int, params: StabilityParams, travel: Travel
) -> dict[str, Metric]:
    mark = "「估算」" if travel.estimated else ""
    usual = layer[layer["usual"]]
    counts = layer["steadiness"].value_counts()

    def sites(kind: Steadiness, formula: str) -> Metric:
        return Metric(
            f"{kind}的点{mark}",
            int(counts.get(str(kind), 0)),
            "个",
            formula=formula,
            clause="规划参考",
            table=SITING_STABILITY.name,
            where={"steadiness": str(kind)},
        )

    kept = float(usual["share"].mean()) if len(usual) else math.nan
    return {
        "steady": sites(Steadiness.STEADY, f"{_OFTEN:g}%以上的抽样都选中"),
        "sometimes": sites(Steadiness.SOMETIMES, f"{_SELDOM:g}%到{_OFTEN:g}%的抽样选中"),
        "usual_share": Metric(
            "现有人数下选中的点平均被选中",
            None if math.isnan(kept) else round(kept, 4),
            "%",
            reason="no_children" if math.isnan(kept) else None,
            formula="按现有人数选中的点,在各次抽样中被选中的比例的平均数",
            clause="规划参考",
            table=SITING_STABILITY.name,
            where={"usual": True},
        ),
        "draws": Metric("抽样次数", draws, "次", formula="每次按变动后的人数重新选址"),
    }


def _notes(layer: gpd.GeoDataFrame, draws: int, params: StabilityParams, travel: Travel) -> Iterator[str]:
    how = (
        "泊松抽样(平均数为现有人数)"
        if params.chance is Chance.POISSON
        else f"每名儿童以{params.keep:g}%的概率仍在册"
    )
    yield f"抽样{draws}次,每村人数各自独立:{how};每次用贪心加交换重新选{params.count}个点,不证明最优。"
    usual = layer[layer["usual"]]
    if len(usual):
        told = "、".join(
            f"{name}{share:.0f}%" for name, share in zip(usual["name"], usual["share"], strict=True)
        )
        yield f"按现有人数选中的点和它们被选中的次数比例:{told}。"
    else:
        yield "没有有定位的儿童,或没有候选点,无从选址。"
    yield "车程「估算」,待道路数据替换。" if travel.estimated else "车程按路网计算。"
