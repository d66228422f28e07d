"""走访路线: who visits whom on which day of a month, in which order, and what cannot be done, with the reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from math import ceil, inf

import pandas as pd

from planner.errors import PluginError, Problem
from planner.model.divisions import Level
from planner.model.layers import DIVISIONS, rows_of
from planner.model.visiting import (
    DUE_VISITS,
    VISIT_CHANGES,
    VISIT_DAYS,
    VISIT_LEGS,
    VISIT_PLANNED,
    VISIT_STOPS,
    VISIT_TOWNSHIPS,
    VISIT_UNPLANNED,
    VISITORS,
    TravelMode,
    visitors_of,
)
from planner.model.visits import VisitKind
from planner.plugin import Context, Progress, Result, plugin
from planner.policy.visit_rules import Month, month_from
from planner.policy.workdays import DaysOff, load_days_off
from planner.roads.legs import Legs

from .checker import find_faults
from .metrics import metrics_of
from .month_checker import find_month_faults
from .notes import notes_of
from .outcome import Answer, Before, outcome_of
from .params import Params
from .ruin_recreate import Search
from .stops import stops_of
from .townships import Township, township_of, ways_of

_ROUNDS = 10


@plugin(
    "走访路线",
    params=Params,
    reads=(DIVISIONS, DUE_VISITS, VISITORS, VISIT_STOPS),
    makes=(
        VISIT_STOPS,
        VISIT_LEGS,
        VISIT_DAYS,
        VISIT_TOWNSHIPS,
        VISIT_UNPLANNED,
        VISIT_PLANNED,
        VISIT_CHANGES,
    ),
    order=50,
)
def visit_routes(context: Context, params: Params) -> Result:
    """一个月里谁在哪天走访哪几户、按什么次序;同一儿童由同一人走访,排不下的逐次说明原因和最省的办法。"""
    days_off = load_days_off().with_period(params.off_from, params.off_to)
    month = _month(context.as_of, params, days_off)
    due, names = _chosen(context, params)
    before = _before(context.layer(VISIT_STOPS), names, month) if params.keep_plan else None
    ways = ways_of(context.travel, params)
    legs = Legs({mode: travel for mode, (travel, _) in ways.items()})
    townships = _townships(context, due, names, month, params, before)

    def told(answers: Sequence[Answer]) -> Result:
        result = outcome_of(answers, due=due, names=names, params=params, ways=legs, before=before)
        _check(answers, due, result, month, params)
        estimated = ways[TravelMode.CAR][0].estimated
        return replace(
            result,
            metrics=metrics_of(result, estimated=estimated),
            notes=notes_of(
                result,
                townships,
                month,
                days_off,
                params,
                estimated=estimated,
                unknown_township=bool(params.township) and not names,
            ),
        )

    result = told([Answer(township, township.empty) for township in townships])
    for answers in _improved(context, townships, params):
        result = told(answers)
        context.offer(result)
    return result


def _improved(context: Context, townships: Sequence[Township], params: Params) -> Iterator[list[Answer]]:
    """Ever better answers for all townships: one soon, then after each round that found a better one.

    Progress says how good they are.
    """
    searches = [
        Search(township.problem, total_steps=_steps(township, params), seed=context.seed)
        for township in townships
    ]
    best = inf
    work = [(turn, number) for turn in range(_ROUNDS + 1) for number in range(len(searches))]
    for place, (turn, number) in enumerate(context.track(work, "排走访路线")):
        search = searches[number]
        # First a hundredth for everybody: a plan that will do is there within seconds.
        share = 0.01 if turn == 0 else turn / _ROUNDS
        search.improve(max(0, ceil(search.total_steps * share) - search.steps))
        if number == len(searches) - 1:
            answers = [Answer(town, item.plan) for town, item in zip(townships, searches, strict=True)]
            out = sum(len(answer.plan.left_out) for answer in answers)
            share = (place + 1) / len(work)
            context.report(
                Progress(f"改进走访路线:未排{out}户,路程{_travel_min(answers):.0f}分钟", share, context.work)
            )
            cost = sum(answer.plan.cost for answer in answers)
            if cost < best:
                best = cost
                yield answers


def _steps(township: Township, params: Params) -> int:
    return ceil(params.iterations * max(1, len(township.stops)) / 100)


def _travel_min(answers: Sequence[Answer]) -> float:
    """The minutes of travel, and what changes count as."""
    return sum(
        answer.plan.cost - sum(float(answer.township.problem.left_out[stop]) for stop in answer.plan.left_out)
        for answer in answers
    )


def _month(as_of: date, params: Params, days_off: DaysOff) -> Month:
    first = params.first_day or as_of + timedelta(days=1)
    return month_from(first, week=params.week, days_off=days_off)


def _chosen(context: Context, params: Params) -> tuple[pd.DataFrame, Mapping[str, str]]:
    """The rows of DUE_VISITS that are to be planned, and the names of their townships by code."""
    divisions = context.layer(DIVISIONS)
    towns = divisions[divisions["level"] == Level.TOWNSHIP].sort_values("code")
    names = dict(zip(towns["code"], towns["name"], strict=True))
    due = context.layer(DUE_VISITS)
    if not params.further_kinds:
        due = due[due["kind"].isin([VisitKind.REGULAR, VisitKind.ENTRUSTED])]
    if params.township:
        names = {code: name for code, name in names.items() if params.township in (code, name)}
        due = due[due["township"].isin(list(names))]
    return due, names


def _townships(
    context: Context,
    due: pd.DataFrame,
    names: Mapping[str, str],
    month: Month,
    params: Params,
    before: Before | None,
) -> list[Township]:
    visitors = visitors_of(context.layer(VISITORS), mode=params.mode, absent=params.absent)
    ways = ways_of(context.travel, params)
    codes = sorted({*names, *due["township"]})
    return [
        township_of(
            code,
            stops_of(due[due["township"] == code], month, params),
            [item for item in visitors if item.township == code],
            month,
            params,
            ways,
            before,
        )
        for code in context.track(codes, "应访与走访人")
    ]


def _before(stops: pd.DataFrame, names: Collection[str], month: Month) -> Before:
    """On which days of the period, and by whom, each household was to be visited for each kind."""
    told: dict[tuple[str, str], set[tuple[date, str]]] = defaultdict(set)
    for row in rows_of(stops):
        if row.township in names and month.first <= row.day.date() <= month.last:
            told[row.household, row.kind].add((row.day.date(), row.visitor))
    return told


def _check(
    answers: Sequence[Answer], due: pd.DataFrame, result: Result, month: Month, params: Params
) -> None:
    """Raises PluginError for a plan that breaks a promise: no such plan is handed out."""
    faults = [
        f"{answer.township.code}: {fault}"
        for answer in answers
        for fault in find_faults(answer.township.problem, answer.plan)
    ]
    faults += find_month_faults(due, result, month, params)
    if faults:
        raise PluginError(
            "路线没有通过核对,没有给出",
            "请把运行日志交给维护人员",
            problems=[Problem(text) for text in faults[:20]],
        )
