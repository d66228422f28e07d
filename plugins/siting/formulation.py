"""The one sparse program behind every model and option, and the reading of its columns.

Columns: y (candidate open), and where the model needs them x (share of a demand that goes to a site) and z
(demand covered within the limit). What an option asks is one block of rows; docs/siting.md has the table.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

import numpy as np

from .blocks import Blocks
from .mip import Program
from .options import Bools, Floats, Ints, Model, Task

_NO_COLUMNS = np.empty(0, dtype=np.int64)


class Goal(Enum):
    """What the program is to make best: the model's objective, or what a diagnosis asks for."""

    BEST = auto()
    FEWEST = auto()  # new sites, whatever `count` says
    CHEAPEST = auto()  # cost, whatever `budget` says
    ANY = auto()  # whatever keeps to all that is asked
    NEAREST_MISS = auto()  # all limits in force: the least demand unserved, then the least share short


@dataclass(frozen=True, eq=False)
class Built:
    """A program and where its columns stand: `open` by candidate; x by (rows, sites); z and slack by demand."""

    program: Program
    open: Ints
    rows: Ints
    sites: Ints
    share: Ints
    covered: Ints
    unserved: Ints
    short: Ints


def build(
    task: Task,
    *,
    goal: Goal = Goal.BEST,
    radius_min: float = np.inf,
    forced: Bools | None = None,
    barred: Bools | None = None,
) -> Built:
    """The program of a task, minimised. `forced` and `barred`: candidates to be open or closed whatever else is best.

    `radius_min` is the worst travel allowed to P_CENTER, which is solved as a series of such questions.
    """
    best = goal is Goal.BEST
    blocks = Blocks()
    open_ = _open_columns(blocks, task, goal, forced, barred)
    reach = _reach(task, radius_min, forced)
    sharing = task.has_capacity or (task.model is Model.P_MEDIAN and goal is Goal.BEST)
    rows = sites = share = _NO_COLUMNS
    if sharing:
        rows, sites = (part.astype(np.int64) for part in np.nonzero(reach))
        minutes = task.weights[rows] * task.travel[rows, sites]
        share = blocks.columns(
            len(rows),
            cost=minutes if best and task.model is Model.P_MEDIAN else 0.0,
            whole=task.has_capacity and not task.split,
        )
        links = blocks.rows(len(rows), upper=0.0)
        blocks.entries(links, share)
        blocks.entries(links, open_[sites], -1.0)
    covered = _covered_columns(blocks, task, best)
    if not sharing:
        rows, sites = (part.astype(np.int64) for part in np.nonzero(reach))
    ways = share if sharing else open_[sites]
    unserved = _serve(blocks, task, goal, rows, ways, covered)
    if len(covered) and task.serves_all:
        _cover_nearby(blocks, task, (rows, sites, ways) if sharing else None, open_, covered)
    if task.has_capacity:
        _fill_no_more(blocks, task, rows, sites, share, open_)
    short = _county_rows(blocks, task, goal, covered)
    _count_and_budget(blocks, task, goal, open_)
    return Built(
        blocks.program(), open_, rows if sharing else _NO_COLUMNS, sites, share, covered, unserved, short
    )


def _open_columns(blocks: Blocks, task: Task, goal: Goal, forced: Bools | None, barred: Bools | None) -> Ints:
    cost = np.zeros(task.candidates)
    if goal is Goal.CHEAPEST or (goal is Goal.BEST and task.model is Model.SET_COVER):
        cost = _net_cost(task)
    elif goal is Goal.FEWEST:
        cost = _counted(task)
    open_ = blocks.columns(task.candidates, cost=cost, whole=True)
    stay = np.zeros(task.candidates, dtype=bool) if forced is None else forced.copy()
    stay[list(task.kept)] = True
    out = np.zeros(task.candidates, dtype=bool) if barred is None else barred
    blocks.entries(blocks.rows(int(stay.sum()), lower=1.0), open_[stay])
    blocks.entries(blocks.rows(int(out.sum()), upper=0.0), open_[out])
    return open_


def _net_cost(task: Task) -> Floats:
    """Cost of each candidate open, less what closing it would cost; see `closed_cost` for the constant."""
    net = task.costs.copy()
    net[list(task.kept)] = 0.0
    closable = list(task.closable)
    net[closable] -= task.closing_costs[closable]
    return net


def closed_cost(task: Task) -> float:
    """What the closings cost were every closable site closed: the constant of the cost."""
    return float(task.closing_costs[list(task.closable)].sum())


def _counted(task: Task) -> Floats:
    """1 for what counts as a place: every candidate but the kept ones (a closable one has its place)."""
    counted = np.ones(task.candidates)
    counted[list(task.kept)] = 0.0
    return counted


def _reach(task: Task, radius_min: float, forced: Bools | None) -> Bools:
    """Which candidate may serve which demand.

    Where least travel is best and nothing is full, none farther than the sites that are open in any case.
    """
    if task.model is Model.P_CENTER:
        return np.isfinite(task.travel) & (task.travel <= radius_min)
    if task.model is not Model.P_MEDIAN:
        return task.near
    open_ = np.zeros(task.candidates, dtype=bool) if forced is None else forced.copy()
    open_[list(task.kept)] = True
    if task.has_capacity or np.count_nonzero(open_) < task.times:
        return np.isfinite(task.travel)
    farthest = np.sort(task.travel[:, open_], axis=1)[:, task.times - 1]
    return np.isfinite(task.travel) & (task.travel <= farthest[:, None])


def _covered_columns(blocks: Blocks, task: Task, best: bool) -> Ints:
    """z for each demand, where the model or the share of the counties counts who is covered."""
    if task.model is not Model.MAX_COVER and task.county_share is None:
        return _NO_COLUMNS
    whole = task.times > 1 or (task.has_capacity and not task.split)
    counts = best and task.model is Model.MAX_COVER
    return blocks.columns(task.demand, cost=-task.weights if counts else 0.0, whole=whole)


def _serve(blocks: Blocks, task: Task, goal: Goal, rows: Ints, ways: Ints, covered: Ints) -> Ints:
    """Each demand that must be served is, `times` over; where it need not be, it is as often as covered."""
    if not task.serves_all:
        exact = 0.0 if task.has_capacity else np.inf
        serve = blocks.rows(task.demand, lower=0.0, upper=exact)
        blocks.entries(serve[rows], ways)
        blocks.entries(serve, covered, -float(task.times))
        return _NO_COLUMNS
    must = np.flatnonzero(~task.set_aside)
    exact = float(task.times) if len(rows) and task.has_capacity else np.inf
    serve = np.full(task.demand, -1, dtype=np.int64)
    serve[must] = blocks.rows(len(must), lower=float(task.times), upper=exact)
    blocks.entries(serve[rows], ways)
    if goal is not Goal.NEAREST_MISS:
        return _NO_COLUMNS
    unserved = np.full(task.demand, -1, dtype=np.int64)
    unserved[must] = blocks.columns(len(must), cost=1.0, whole=not task.split)
    blocks.entries(serve[must], unserved[must], float(task.times))
    return unserved


def _cover_nearby(
    blocks: Blocks,
    task: Task,
    ways: tuple[Ints, Ints, Ints] | None,
    open_: Ints,
    covered: Ints,
) -> None:
    """A demand counts as covered where all its sites (x, or y where nothing is shared out) are near."""
    if ways is None:
        rows, sites = np.nonzero(task.near)
        columns = open_[sites]
    else:
        rows, sites, share = ways
        inside = task.near[rows, sites]
        rows, columns = rows[inside], share[inside]
    nearby = blocks.rows(task.demand, lower=0.0)
    blocks.entries(nearby[rows], columns)
    blocks.entries(nearby, covered, -float(task.times))


def _fill_no_more(blocks: Blocks, task: Task, rows: Ints, sites: Ints, share: Ints, open_: Ints) -> None:
    limited = np.flatnonzero(np.isfinite(task.capacities))
    room = np.full(task.candidates, -1, dtype=np.int64)
    room[limited] = blocks.rows(len(limited), upper=0.0)
    counted = room[sites] >= 0
    blocks.entries(room[sites[counted]], share[counted], task.weights[rows[counted]])
    blocks.entries(room[limited], open_[limited], -task.capacities[limited])


def _county_rows(blocks: Blocks, task: Task, goal: Goal, covered: Ints) -> Ints:
    """The least share of each county; the slack columns of the counties where only the nearest miss counts."""
    if task.county_share is None or task.county is None:
        return _NO_COLUMNS
    counties, member = np.unique(task.county, return_inverse=True)
    children = np.bincount(member, weights=task.weights, minlength=len(counties))
    least = blocks.rows(len(counties), lower=task.county_share * children - 1e-9)
    blocks.entries(least[member], covered, task.weights)
    if goal is not Goal.NEAREST_MISS:
        return _NO_COLUMNS
    # The share a county is short of; all of them together weigh less than one demand unserved.
    short = blocks.columns(len(counties), cost=0.5 / len(counties))
    blocks.entries(least, short, children)
    return short


def _count_and_budget(blocks: Blocks, task: Task, goal: Goal, open_: Ints) -> None:
    if task.count is not None and goal is not Goal.FEWEST:
        row = blocks.rows(1, upper=float(task.count + len(task.closable)))
        blocks.entries(row, open_, _counted(task))
    if task.budget is not None and goal is not Goal.CHEAPEST:
        row = blocks.rows(1, upper=task.budget - closed_cost(task))
        blocks.entries(row, open_, _net_cost(task))
