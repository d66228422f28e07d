"""选址稳定性: how often each place is chosen when the number of children varies."""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import numpy as np

from planner.model.layers import DEMAND, DIVISIONS, INSTITUTION_STATES, INSTITUTIONS, METRIC_CRS
from planner.model.siting import SITING_STABILITY, Steadiness
from planner.plugin import Context, Result, plugin
from planner.roads import Travel, with_factors

from .greedy import open_greedily
from .kernels import FREE, OPEN, interchange
from .metrics import stability_metrics
from .notes import stability_notes
from .options import Floats, Ints, Model, Task
from .params import OFTEN, SELDOM, Basics, Chance, Params, StabilityParams
from .proof import capped
from .question import Question, ask

_OFFER_EVERY = 25


@plugin(
    "选址稳定性",
    params=StabilityParams,
    reads=(DIVISIONS, DEMAND, INSTITUTIONS, INSTITUTION_STATES),
    makes=(SITING_STABILITY,),
    order=40,
)
def siting_stability(context: Context, params: StabilityParams) -> Result:
    """儿童人数变动时,每个候选点有多少次被选中:次次选中的可以放心,时有时无的要再看。"""
    travel = with_factors(context.travel, detour=params.detour, speed_kmh=params.speed_kmh)
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
        track=lambda groups: context.track(groups, "到候选点的车程"),
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
        metrics=stability_metrics(layer, draws, estimated=travel.estimated),
        notes=tuple(stability_notes(layer, draws, params, travel)),
    )


def _steadiness(share: float) -> Steadiness:
    if share >= OFTEN:
        return Steadiness.STEADY
    return Steadiness.SELDOM if share < SELDOM else Steadiness.SOMETIMES
