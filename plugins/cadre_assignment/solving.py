"""A tier solved: the first answer that keeps most, then small ones exactly, larger ones by annealing with a bound."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from planner.model.rosters import CadreLevel

from .annealing import anneal
from .bound import gap_of, prove_bound
from .exact import solve_exactly, worth
from .problem import Floats, Ints, Problem, stray_pieces
from .sets import solve_by_sets
from .start import cheapest_start
from .tiers import Spread, Tier

_ROUNDS = 3
_BOUND_STEPS = 80
_EXACT_PLACES, _EXACT_HOLDERS, _EXACT_FREE = 40, 12, 12
_STEPS_FOR = 100  # so many places take the steps asked for; fewer take fewer

Track = Callable[[Iterable[int]], Iterator[int]]


@dataclass(frozen=True, eq=False)
class Answer:
    """Who holds each place, shape (places,), −1 where nobody can; `value` of those held, and what is proved of it.

    `bound` is None where nothing was proved yet; `stray` counts the pieces beyond each holder's first.
    """

    holder: Ints
    value: float
    bound: float | None = None
    proved: bool = False
    stray: int = 0

    @property
    def gap(self) -> float | None:
        """By what share of the value the answer may yet be bettered, None where that is not known."""
        if self.bound is None:
            return None
        return 0.0 if self.proved else gap_of(self.value, self.bound)


def first_answer(tier: Tier, *, update: bool) -> Answer:
    """What `first_holders` says, with its value."""
    return rated(tier, first_holders(tier, update=update))


def first_holders(tier: Tier, *, update: bool) -> Ints:
    """The holders, shape (places,), −1 for nobody, with the fewest places left over and (in an `update`) the fewest present holders changed.

    An assignment problem with nobody as one more holder, whom it costs more to give a place than all changes, and
    a change more than all else.
    """
    problem = tier.problem
    places, holders = problem.cost.shape
    all_else = 1.0 + float(problem.cost.max(axis=1, initial=0).sum()) + float(problem.load.sum())
    changed = np.zeros((places, holders))
    held = np.flatnonzero(tier.present >= 0 if update else tier.locked)
    changed[held] = all_else
    changed[held, tier.present[held]] = 0
    nobody = all_else * (places + 2) + problem.load
    holder = cheapest_start(
        Problem(
            cost=np.column_stack([problem.cost + changed, nobody]),
            load=problem.load,
            allowed=np.column_stack([problem.allowed, np.ones(places, dtype=bool)]),
            capacity=np.append(problem.capacity, places),
            target=np.append(problem.target, 0.0),
        )
    )
    found: Ints = np.where(holder == holders, -1, holder)
    return found


def rated(tier: Tier, holder: Ints, *, bound: float | None = None, proved: bool = False) -> Answer:
    """An answer with its value and pieces, and what is proved of it."""
    task, spread, held = _held(tier, holder)
    stray = 0 if task.adjacent is None or not len(held) else stray_pieces(task.adjacent, holder[held])
    return Answer(holder, worth(task, holder[held], spread), bound, proved, stray)


def solve(tier: Tier, *, update: bool, steps: int, seed: int, track: Track) -> Answer:
    """The best answer found, with a bound; `track` is handed the rounds and the steps of the proof.

    The same tier, steps and seed give the same answer. In an `update` the holders that the first answer keeps stay.
    """
    start = first_answer(tier, update=update)
    task, spread, held = _held(tier, start.holder)
    if not len(held):
        return replace(start, bound=start.value, proved=True)
    fixed = ((tier.present >= 0) & (start.holder == tier.present)) if update else tier.locked
    fixed = fixed[held] & (start.holder[held] == tier.present[held])
    allowed = task.allowed.copy()
    allowed[fixed] = False
    allowed[fixed, start.holder[held][fixed]] = True
    task = replace(task, allowed=allowed)

    def whole(part: Ints, bound: float, *, proved: bool) -> Answer:
        holder = start.holder.copy()
        holder[held] = part
        value = worth(task, part, spread)
        proved = proved or value - bound < 1e-6
        return rated(tier, holder, bound=min(bound, value), proved=proved)

    first = start.holder[held]
    free = int((allowed.sum(axis=1) > 1).sum())
    exactly = partial(solve_exactly, task, at_least=tier.at_least, spread=spread)
    if tier.level is CadreLevel.COUNTY:
        exact = next((solve_by_sets(task, tier.at_least) for _ in track([0])), None)
        if exact is not None and exact.proved:
            return whole(exact.holder, exact.bound, proved=True)
    if free <= _EXACT_FREE or tier.at_least.any():
        exact = next((exactly(first) for _ in track([0])), None)
        if exact is not None and exact.proved:
            return whole(exact.holder, exact.bound, proved=True)
        first = first if exact is None else exact.holder
    best, bound = _searched(task, spread, first, steps=steps, seed=seed, track=track)
    found = whole(best, bound, proved=False)
    if not found.proved and free <= _EXACT_PLACES and task.holders <= _EXACT_HOLDERS:
        exact = next((exactly(best) for _ in track([0])), None)
        if exact is not None and _rank(task, exact.holder, spread) <= _rank(task, best, spread):
            # A bound of a solve with cuts speaks of whole pieces alone.
            known = bound if task.adjacent is not None else max(bound, exact.bound)
            return whole(exact.holder, exact.bound if exact.proved else known, proved=exact.proved)
    return found


def _searched(
    task: Problem, spread: Spread | None, first: Ints, *, steps: int, seed: int, track: Track
) -> tuple[Ints, float]:
    """The best answer of some rounds of annealing, and a proved bound."""
    best = first
    most = max(1000, steps * min(task.places, _STEPS_FOR) // _STEPS_FOR)
    for turn in track(range(_ROUNDS)):
        leaning = (
            task if spread is None or not turn else replace(task, cost=task.cost + _crowded(spread, best))
        )
        found = anneal(leaning, first, steps=most, seed=seed + turn)
        best = min(best, found, key=lambda answer: _rank(task, answer, spread))
    value = worth(task, best, spread)
    proofs = track(range(_BOUND_STEPS))
    bound = prove_bound(
        task, lambda: value, steps=_BOUND_STEPS, goes_on=lambda: next(proofs, None) is not None
    )
    return best, bound


def _held(tier: Tier, holder: Ints) -> tuple[Problem, Spread | None, Ints]:
    """The problem and the spread of the places that somebody holds, and which these are."""
    held = np.flatnonzero(holder >= 0)
    whole = tier.problem
    if len(held) == whole.places:
        return whole, tier.spread, held
    task = Problem(
        cost=whole.cost[held],
        load=whole.load[held],
        allowed=whole.allowed[held],
        capacity=whole.capacity,
        target=whole.target,
        balance=whole.balance,
        adjacent=None if whole.adjacent is None else whole.adjacent[np.ix_(held, held)],
    )
    return task, None if tier.spread is None else tier.spread.taken(held), held


def _rank(task: Problem, holder: Ints, spread: Spread | None) -> tuple[int, float]:
    stray = 0 if task.adjacent is None else stray_pieces(task.adjacent, holder)
    return stray, round(worth(task, holder, spread), 6)


def _crowded(spread: Spread, holder: Ints) -> Floats:
    """What it costs, beside `holder`, to be where a colleague of one's department is; shape (places, holders)."""
    townships, holders = int(spread.township.max()) + 1, len(spread.department)
    inside = np.zeros((townships, holders), dtype=bool)
    inside[spread.township, holder] = True
    same = (spread.department[:, None] == spread.department[None, :]) & (spread.department >= 0)[:, None]
    np.fill_diagonal(same, False)
    colleagues = (inside.astype(int) @ same.astype(int)) > 0
    costs: Floats = spread.weight * colleagues[spread.township]
    return costs
