"""A siting problem with every option, and what an answer to it says. Arrays only; minutes and children.

Demand (villages, or a village × service) stands in the rows, candidates in the columns; existing sites are
candidates, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np
import numpy.typing as npt

from planner.errors import InputError, Problem

from .answer import Infeasible

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

# No way is as long; what is farther than any limit is out of reach.
_FARTHEST = np.finfo(np.float64).max


class Model(StrEnum):
    """选址模型, by what each makes best."""

    SET_COVER = "最少新增、全部覆盖"
    MAX_COVER = "覆盖儿童最多"
    P_MEDIAN = "总车程最短"
    P_CENTER = "最远车程最短"


class Why(StrEnum):
    """为什么没有覆盖: the reasons, the first that holds is told."""

    UNREACHABLE = "没有候选点可达"
    TOO_FAR = "时限内的候选点不够"
    NOT_CHOSEN = "时限内有候选点,未选中"
    FULL = "时限内的机构已满"


@dataclass(frozen=True, eq=False)
class Task:
    """What is asked. An option left at its default is not in force.

    `minutes`: (demand × candidate), inf = unreachable. `weights`: children, (demand,). `count`: new sites at
    most; a closed one gives its place to another. `budget`: what all open sites but the kept ones, and all
    closings, may cost together: `cost` and `closing_cost` by candidate. `limit_min`: the limit, inclusive, one
    for all or one for each demand. `kept`, `closable`: candidates that exist. `capacity`: children by
    candidate, inf = any; with `split` a village may be shared out. `times`: by how many different sites each
    demand is to be served. `county` and `county_share`: the least share (0–1) of the children of every county
    to be covered within the limit. `service` and `offers`: which service a demand asks for, and which
    candidate offers it, (candidate × service).
    """

    model: Model
    minutes: Floats
    weights: Floats
    count: int | None = None
    budget: float | None = None
    cost: Floats | None = None
    limit_min: float | Floats | None = None
    kept: Sequence[int] = ()
    closable: Sequence[int] = ()
    closing_cost: Floats | None = None
    capacity: Floats | None = None
    split: bool = False
    times: int = 1
    county: Ints | None = None
    county_share: float | None = None
    service: Ints | None = None
    offers: Bools | None = None

    @cached_property
    def travel(self) -> Floats:
        """`minutes`, inf where the candidate does not offer what the demand asks for."""
        if self.service is None or self.offers is None:
            return np.asarray(self.minutes, dtype=np.float64)
        return np.where(self.offers[:, self.service].T, self.minutes, np.inf)

    @cached_property
    def near(self) -> Bools:
        """Which candidate is within the limit of which demand (all reachable ones without a limit)."""
        return self.travel <= np.minimum(self.limits, _FARTHEST)[:, None]

    @cached_property
    def limits(self) -> Floats:
        """The limit of each demand, (demand,); inf where there is none."""
        limit = np.inf if self.limit_min is None else self.limit_min
        return np.broadcast_to(np.asarray(limit, dtype=np.float64), self.demand)

    @cached_property
    def set_aside(self) -> Bools:
        """Demand that no candidate reaches: it is told, and hinders nothing."""
        return np.isinf(self.travel.min(axis=1, initial=np.inf))

    @cached_property
    def costs(self) -> Floats:
        """What opening a candidate costs, or keeping a closable one; 1 each where nothing is said."""
        return np.ones(self.candidates) if self.cost is None else np.asarray(self.cost, dtype=np.float64)

    @cached_property
    def closing_costs(self) -> Floats:
        """What closing costs, by candidate; nothing where nothing is said."""
        if self.closing_cost is None:
            return np.zeros(self.candidates)
        return np.asarray(self.closing_cost, dtype=np.float64)

    @cached_property
    def capacities(self) -> Floats:
        """Children a candidate can take; inf where nothing is said."""
        if self.capacity is None:
            return np.full(self.candidates, np.inf)
        return np.asarray(self.capacity, dtype=np.float64)

    @property
    def demand(self) -> int:
        """How many rows of demand there are."""
        return int(np.shape(self.minutes)[0])

    @property
    def candidates(self) -> int:
        """How many candidates there are."""
        return int(np.shape(self.minutes)[1])

    @property
    def has_capacity(self) -> bool:
        """Whether any candidate may be full."""
        return bool(np.isfinite(self.capacities).any())

    @property
    def serves_all(self) -> bool:
        """Whether every demand that is not set aside must be served."""
        if self.model is Model.SET_COVER:
            return self.county_share is None
        return self.model is not Model.MAX_COVER

    @property
    def maximises(self) -> bool:
        """Whether a larger objective is the better one."""
        return self.model is Model.MAX_COVER

    def spent(self, sites: Iterable[int]) -> float:
        """What the open sites cost with all closings; the kept ones cost nothing."""
        open_ = {int(site) for site in sites}
        paid = sorted(open_ - set(map(int, self.kept)))
        closed = sorted(set(map(int, self.closable)) - open_)
        return float(self.costs[paid].sum() + self.closing_costs[closed].sum())

    def added(self, sites: Iterable[int]) -> int:
        """New sites less the closed ones: what `count` bounds."""
        chosen = {int(site) for site in sites}
        existing = {*map(int, self.kept), *map(int, self.closable)}
        return len(chosen - existing) - len({*map(int, self.closable)} - chosen)


@dataclass(frozen=True, eq=False)
class Swap:
    """A new site and the best one to take its place: how much the objective is worse (inf: not possible)."""

    site: int
    neighbour: int | None
    loss: float


@dataclass(frozen=True, eq=False)
class Answer:
    """Open sites and who goes where.

    `sites`: all that are open, ascending; `opened` and `closed` among the candidates. `routes`: rows of
    demand, site and share of the demand, as three arrays. `covered`: the share of each demand that is served
    within the limit, `before` the same by the existing sites alone; (demand,). `objective` and `bound` as in
    `Siting`. `uncovered`: demand not wholly covered, with the reasons `why`.
    """

    sites: tuple[int, ...]
    opened: tuple[int, ...]
    closed: tuple[int, ...]
    routes: tuple[Ints, Ints, Floats]
    covered: Floats
    before: Floats
    objective: float
    bound: float
    proved: bool
    uncovered: tuple[int, ...]
    why: tuple[Why, ...]
    swaps: tuple[Swap, ...] = ()

    @property
    def gap(self) -> float:
        """How far the objective may be from the best one, as a share of the objective; 0 when proved."""
        if self.proved:
            return 0.0
        return abs(self.objective - self.bound) / abs(self.objective) if self.objective else float("inf")

    @property
    def assigned(self) -> Ints:
        """The site with the largest share of each demand (the first of equals), −1: none; (demand,)."""
        rows, sites, shares = self.routes
        order = np.lexsort((sites, -shares, rows))
        main = np.full(len(self.covered), -1, dtype=np.int64)
        first, position = np.unique(rows[order], return_index=True)
        main[first] = sites[order][position]
        return main


class NoAnswer(Infeasible):
    """No choice of sites does what is asked, and what would.

    `counties`: those whose least share cannot be met. `smallest_budget`: the least budget that works with all
    else as it is; None where another one would not help (likewise the limit and the count).
    """

    def __init__(
        self,
        demand: Sequence[int],
        *,
        counties: Sequence[int] = (),
        smallest_limit: float | None = None,
        smallest_count: int | None = None,
        smallest_budget: float | None = None,
    ) -> None:
        super().__init__(demand, smallest_limit=smallest_limit, smallest_count=smallest_count)
        self.counties = tuple(int(county) for county in counties)
        self.smallest_budget = smallest_budget


def check_task(task: Task) -> None:
    """Raises InputError naming every combination of options that has no meaning (docs/siting.md)."""
    faults = {
        "“最少新增、全部覆盖”自己定个数,不能再给个数或预算": task.model is Model.SET_COVER
        and (task.count is not None or task.budget is not None),
        "要给新增个数或预算": task.model is not Model.SET_COVER
        and task.count is None
        and task.budget is None,
        "要给车程时限": task.limit_min is None
        and (task.model in (Model.SET_COVER, Model.MAX_COVER) or task.county_share is not None),
        "县最低覆盖比例要知道需求点在哪个县": task.county_share is not None and task.county is None,
        "县最低覆盖比例应在0到1之间": task.county_share is not None and not 0 <= task.county_share <= 1,
        "新增个数、预算、费用和容量不能为负": (task.count or 0) < 0
        or (task.budget or 0) < 0
        or bool((task.costs < 0).any() or (task.closing_costs < 0).any() or (task.capacities < 0).any()),
        "每处需求至少由1个机构服务": task.times < 1,
        "同一个现有机构不能既保留又可关闭": bool(set(task.kept) & set(task.closable)),
        "需求要写明服务,候选点要写明提供哪些服务": (task.service is None) != (task.offers is None),
    }
    problems = [Problem(text) for text, wrong in faults.items() if wrong]
    if problems:
        raise InputError("选址的条件不能同时使用", "见 docs/siting.md 的模型与选项表", problems)


def without_options(task: Task) -> bool:
    """Whether the bare model answers the task: kept sites, a count, one limit for all, and nothing else."""
    return (
        task.budget is None
        and task.cost is None
        and np.ndim(0.0 if task.limit_min is None else task.limit_min) == 0
        and len(task.closable) == 0
        and not task.has_capacity
        and task.times == 1
        and task.county_share is None
        and task.service is None
    )
