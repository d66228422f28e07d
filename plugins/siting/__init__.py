"""机构选址: where the next institution goes, what each choice gains, and how far it is from the best one."""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from planner.errors import InputError
from planner.model.layers import DEMAND, DIVISIONS, INSTITUTION_STATES, INSTITUTIONS
from planner.model.siting import SITING_COUNTIES, SITING_SITES, SITING_UNCOVERED, SITING_VILLAGES
from planner.plugin import Context, Result, Stopped, plugin
from planner.roads import Travel, with_factors

from .answering import answer_task
from .metrics import compute_metrics
from .notes import write_notes
from .options import Answer, NoAnswer
from .outcome import county_layer, site_layer, uncovered_table, village_layer
from .params import Params
from .question import Question, ask
from .refusal import no_answer

_OFFER_EVERY_S = 1.0


@plugin(
    "机构选址",
    params=Params,
    reads=(DIVISIONS, DEMAND, INSTITUTIONS, INSTITUTION_STATES),
    makes=(SITING_COUNTIES, SITING_VILLAGES, SITING_SITES, SITING_UNCOVERED),
    order=30,
    version="3",
)
def siting(context: Context, params: Params) -> Result:
    """新机构设在哪里、各村去哪里、多覆盖多少儿童;给出与最优的差距,未覆盖的村逐一写明原因。"""
    travel = with_factors(context.travel, detour=params.detour, speed_kmh=params.speed_kmh)
    question = ask(
        context.layer(DIVISIONS),
        context.layer(DEMAND),
        context.layer(INSTITUTIONS),
        context.layer(INSTITUTION_STATES),
        params,
        as_of=context.as_of,
        travel=travel,
        track=lambda groups: context.track(groups, "到候选点的车程"),
    )
    watch = _Watch(context, question, params, travel)
    try:
        answer = answer_task(
            question.task,
            seed=context.seed,
            time_limit_s=float("inf") if context.time_limit_s is None else context.time_limit_s,
            on_answer=watch.hear,
            stop_wished=watch.is_over,
            hurried=context.stop_wished,
        )
    except NoAnswer as error:
        watch.end_if_over()
        raise no_answer(question, error, params) from error
    except InputError:  # perhaps a stop before anything was found
        watch.is_over()
        watch.end_if_over()
        raise
    result = _result(question, answer, params, travel)
    context.offer(result, answer.bound)
    if not answer.proved:  # it may be the end that nobody has asked about yet
        watch.is_over()
    watch.end_if_over()
    return result


@dataclass
class _Watch:
    """Hears of better answers and of the wish to stop while a solver is at work.

    The solver asks from inside its own loops, where no exception may pass: the Stopped is kept until it has
    come back.
    """

    context: Context
    question: Question
    params: Params
    travel: Travel
    _ended: Stopped | None = None
    _offered_s: float = float("-inf")
    _ticks: Iterator[int] = field(init=False)

    def __post_init__(self) -> None:
        self.track("求第一个答案")

    def hear(self, answer: Answer) -> None:
        """Offer a better answer, at most once a second, and show how far it is from the best one."""
        if answer.proved:
            self.track(f"已证明最优:{answer.objective:.2f}")
        elif math.isfinite(answer.gap):
            self.track(f"目标值{answer.objective:.2f},与最优的差距至多{answer.gap * 100:.2f}%")
        else:
            self.track(f"目标值{answer.objective:.2f},差距还不知道")
        now_s = time.monotonic()
        if now_s - self._offered_s >= _OFFER_EVERY_S:
            result = _result(self.question, answer, self.params, self.travel)
            self.context.offer(result, answer.bound)
            self._offered_s = time.monotonic()

    def is_over(self) -> bool:
        """Whether the run is to end; one tracked piece of work each time it is asked."""
        if self._ended is None:
            try:
                next(self._ticks)
            except Stopped as stopped:
                self._ended = stopped
        return self._ended is not None

    def end_if_over(self) -> None:
        """Raises the Stopped that was heard, if any."""
        if self._ended is not None:
            raise self._ended

    def track(self, doing: str) -> None:
        """Say from now on what the solver is doing."""
        self._ticks = iter(self.context.track(itertools.count(), doing))


def _result(question: Question, answer: Answer, params: Params, travel: Travel) -> Result:
    sites = site_layer(question, answer, params)
    villages = village_layer(question, answer)
    tables = {SITING_UNCOVERED.name: uncovered_table(question, answer, villages)}
    layers = {
        SITING_COUNTIES.name: county_layer(question, villages, sites),
        SITING_VILLAGES.name: villages,
        SITING_SITES.name: sites,
    }
    frames = {**layers, **tables}
    return Result(
        layers=layers,
        tables=tables,
        metrics=compute_metrics(question, answer, frames, params, estimated=travel.estimated),
        notes=write_notes(question, answer, frames, params, travel),
    )
