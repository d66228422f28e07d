"""干部包联: who answers for which township, village and 组, at all three tiers of 五(三)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from planner.errors import PluginError, Problem
from planner.model.duty_layers import ASSISTANTS, CADRES, DUTIES, GRADED
from planner.model.duty_plan import DUTY_RESULT, DUTY_VILLAGES
from planner.model.layers import DIVISIONS
from planner.model.rosters import CadreLevel
from planner.plugin import Context, Result, plugin

from .checker import check_plan, missing, value_of_plan
from .county import County, read_counties
from .metrics import compute_metrics
from .notes import write_notes
from .params import Mode, Params
from .solving import first_answer, solve
from .tables import Solved, frames_of
from .tiers import tiers_of
from .ways_out import ways_out

_OFFERED_EVERY = 8  # tiers


@plugin(
    "干部包联",
    params=Params,
    reads=(DIVISIONS, CADRES, DUTIES, ASSISTANTS, GRADED),
    makes=DUTY_RESULT,
    order=60,
)
def cadre_assignment(context: Context, params: Params) -> Result:
    """谁包哪个乡镇、哪个村、哪个组:级别相符,负荷均衡,尽量不换人;每处变动写明理由,空缺列出办法。"""
    counties = read_counties(
        context.layer(DIVISIONS),
        context.layer(CADRES),
        context.layer(DUTIES),
        context.layer(ASSISTANTS),
        context.layer(GRADED),
        params,
        context.as_of,
    )
    update = params.mode is Mode.UPDATE
    tiers = [(county, tier) for county in counties for tier in tiers_of(county, params, context.travel)]
    solved = [Solved(county, tier, first_answer(tier, update=update)) for county, tier in tiers]
    for at, (county, tier) in enumerate(tiers):
        if at % _OFFERED_EVERY == 0:
            context.offer(_result(context, params, counties, solved))
        answer = solve(
            tier,
            update=update,
            steps=params.steps,
            seed=context.seed,
            track=partial(_tracked, context, county.name, tier.level),
        )
        solved[at] = Solved(county, tier, answer, ways_out(tier, answer, county, update=update))
    return _result(context, params, counties, solved)


def _tracked(context: Context, county: str, level: CadreLevel, items: Iterable[int]) -> Iterator[int]:
    return context.track(items, f"安排{county}{level}干部")


def _result(context: Context, params: Params, counties: Sequence[County], solved: Sequence[Solved]) -> Result:
    for item in solved:
        _check(item, params)
    frames = frames_of(counties, solved, context.layer(DIVISIONS))
    made = {name: frame for name, frame in frames.items() if name != DUTY_VILLAGES.name}
    result = Result(layers={DUTY_VILLAGES.name: frames[DUTY_VILLAGES.name]}, tables=made)
    return replace(
        result,
        metrics=compute_metrics(result, params),
        notes=write_notes(result, counties, solved, params, context.as_of, context.travel),
    )


def _check(item: Solved, params: Params) -> None:
    """The checker's look at one answer. Raises PluginError for a breach, or a value that does not add up."""
    tier, plan, problem = item.tier, item.plan, item.tier.problem
    if wrong := missing(item.county.places(tier.level), plan) if tier.area == item.county.code else []:
        raise PluginError("包联方案自查没有通过", problems=[Problem(place) for place in wrong])
    locked = {tier.places[at]: tier.holders[tier.present[at]] for at in np.flatnonzero(tier.locked)}
    most = dict(zip(tier.holders, problem.capacity.tolist(), strict=True))
    check_plan(item.county, params, tier.level, plan, locked=locked, most=most)
    cells = ((at, by) for at in range(len(tier.places)) for by in range(len(tier.holders)))
    officials = item.county.officials
    value = value_of_plan(
        {place: who for place, who in plan.items() if who is not None},
        cost={(tier.places[at], tier.holders[by]): float(problem.cost[at, by]) for at, by in cells},
        load=item.county.load,
        target=dict(zip(tier.holders, problem.target.tolist(), strict=True)),
        balance=problem.balance,
        unit={who: officials[who].department for who in tier.holders},
        spread_weight=tier.spread.weight if tier.spread else 0.0,
    )
    if abs(value - item.answer.value) > 1e-6 * max(1.0, abs(value)):
        raise PluginError(f"包联方案自查没有通过:目标值{item.answer.value:.3f},重算是{value:.3f}")
