"""The p-median proved: a Lagrangian bound, what it rules out, and branch and bound over the rest."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .kernels import CLOSED, FREE, OPEN, Sites, State, ascend, interchange, trim
from .problem import Clock, Floats, Rows

_FIRST_STEP, _STEP_IN_TREE, _LAST_STEP = 1.5, 0.5, 0.002
_ROUNDS_AT_ONCE = 100
_SHAKES = 20

Tell = Callable[[Rows, float], None]


@dataclass(frozen=True)
class Lists:
    """For each demand the candidates worth considering by ascending cost, as the kernels take them."""

    start: Rows
    site: Sites
    paid: Floats

    @staticmethod
    def of(paid: Floats) -> Lists:
        """All finite entries of a matrix (demand × candidate)."""
        order = np.argsort(paid, axis=1, kind="stable")
        ascending = np.take_along_axis(paid, order, axis=1)
        finite = np.isfinite(ascending)
        start = np.zeros(len(paid) + 1, dtype=np.int64)
        np.cumsum(finite.sum(axis=1), out=start[1:])
        return Lists(start, order[finite].astype(np.int32), ascending[finite])

    def without(self, state: State, price: Floats, slack: float) -> Lists:
        """Only what can serve in an answer better than the best: see kernels.trim."""
        return Lists(*trim(self.start, self.site, self.paid, state, price, slack))

    @property
    def has_gap(self) -> bool:
        """Whether some demand has no candidate left."""
        return bool((self.start[1:] == self.start[:-1]).any())


class Best:
    """The best sites so far and the bound, improved together.

    `state` says what every better answer must have OPEN or CLOSED. With a `goal`, a whole number of whole costs,
    only answers of at most that are looked for, and a bound above it ends the search.
    """

    def __init__(
        self,
        paid: Floats,
        by_site: Floats,
        sites: Rows,
        bound: float,
        state: State,
        tell: Tell,
        goal: float = np.inf,
    ) -> None:
        self.by_site, self.goal = by_site, goal
        self.sites, self.state, self.tell = sites, state, tell
        self.cost = self._cost_of(sites)
        finite = paid[np.isfinite(paid)]
        # Sums of whole numbers are whole: a bound may be rounded up, and a better answer is better by 1.
        self.is_whole = bool((finite == np.round(finite)).all()) and self.cost < 1e8
        self.bound = -np.inf
        self.raise_bound(bound)

    @property
    def cutoff(self) -> float:
        """A bound above this leaves no room for a better answer."""
        return min(self.cost - 1, self.goal) + 1e-4 if self.is_whole else self.cost * (1 - 1e-9)

    def is_proved(self) -> bool:
        """Whether nothing better exists: where the cost is 0, not even a bound can be above the cutoff."""
        return self.bound > self.cutoff or self.bound >= self.cost

    def raise_bound(self, bound: float) -> None:
        """No answer below the cutoff costs less than `bound`; inf: there is none."""
        rounded = float(np.ceil(bound - 1e-4)) if self.is_whole and np.isfinite(bound) else bound
        self.bound = min(max(self.bound, rounded), self.cost, self.goal + 1)

    def try_sites(self, sites: Rows) -> None:
        """Interchange from `sites` on, and keep what comes of it where it is better."""
        sites = sites.astype(np.int64)
        interchange(self.by_site, self.state, sites)
        cost = self._cost_of(sites)
        if cost < self.cost:
            self.sites, self.cost = sites, cost
            self.tell(sites, self.bound)

    def _cost_of(self, sites: Rows) -> float:
        return float(self.by_site[sites].min(axis=0).sum())


@dataclass(frozen=True)
class Node:
    """A part of the tree: what is decided of each candidate, how many FREE ones still open, and its prices."""

    state: State
    left: int
    price: Floats
    use: Floats
    bound: float

    @property
    def likeliest(self) -> Rows:
        """The sites that the bound chose most often, as many as are asked for."""
        rank = np.where(self.state == OPEN, 2.0, np.where(self.state == FREE, self.use, -1.0))
        return np.argsort(-rank, kind="stable")[: self.left + int((self.state == OPEN).sum())]

    @property
    def is_decided(self) -> bool:
        """Whether one choice of sites is left."""
        return self.left in (0, int((self.state == FREE).sum()))


def capped(paid: Floats) -> Floats:
    """The matrix as candidate × demand, with what cannot be reached dearer than any answer."""
    finite = np.where(np.isfinite(paid), paid, 0.0)
    far = 1.0 + 2.0 * float(finite.max(axis=1, initial=0.0).sum())
    return np.ascontiguousarray(np.where(np.isfinite(paid), paid, far).T)


def prove(
    paid: Floats, best: Best, clock: Clock, random: np.random.Generator, *, most_parts: float = np.inf
) -> None:
    """Improve `best` until it is proved, `clock` is over or the tree has taken `most_parts` apart (0: nor shake).

    `paid` is demand × candidate, inf = unreachable.
    """
    best.try_sites(best.sites)
    lists = Lists.of(paid)
    left = best.sites.size - int((best.state == OPEN).sum())
    price = best.by_site[best.sites].min(axis=0)
    node = Node(best.state, left, price, np.zeros(best.state.size), best.bound)
    step = _FIRST_STEP
    while step > _LAST_STEP and not best.is_proved() and not clock.is_over():
        node, step = _climb(lists, node, best, step)
        best.raise_bound(node.bound)
        best.tell(best.sites, best.bound)
        best.state = node.state
        if best.is_proved():
            return
        lists = lists.without(node.state, node.price, best.cutoff - node.bound)
        if lists.has_gap or node.is_decided:
            best.raise_bound(np.inf)
    for _ in range(_SHAKES if most_parts else 0):
        if best.is_proved() or clock.is_over():
            return
        best.try_sites(_shaken(best.sites, best.state, random))
    _search_tree(lists, node, best, clock, most_parts)


def _climb(lists: Lists, node: Node, best: Best, step: float) -> tuple[Node, float]:
    """One unit of work: raise the bound of `node`, rule candidates out or in, and try the sites that it likes."""
    state, price, use = node.state.copy(), node.price.copy(), node.use.copy()
    bound, left, step, cost, chosen = ascend(
        lists.start, lists.site, lists.paid, state, node.left, price, use, best.cost, best.cutoff, step, _ROUNDS_AT_ONCE
    )  # fmt: skip
    climbed = Node(state, left, price, use, max(bound, node.bound))
    if cost < best.cost:
        best.try_sites(np.flatnonzero(chosen))
    if climbed.bound <= best.cutoff:
        best.try_sites(climbed.likeliest)
    return climbed, step


def _shaken(sites: Rows, state: State, random: np.random.Generator) -> Rows:
    """The sites with about a tenth of those that may change replaced by random others."""
    kept = sites[state[sites] == OPEN]
    loose = np.setdiff1d(sites, kept)
    others = np.setdiff1d(np.flatnonzero(state == FREE), sites)
    swapped = min(max(2, loose.size // 10), loose.size, others.size)
    staying = random.permutation(loose)[swapped:]
    return np.concatenate([kept, staying, random.permutation(others)[:swapped]])


def _search_tree(lists: Lists, root: Node, best: Best, clock: Clock, most_parts: float) -> None:
    """Branch and bound, the part with the lowest bound first: the likeliest candidate is open, or it is not."""
    made, taken = itertools.count(), itertools.count()
    parts = [(root.bound, next(made), root)]
    while parts and parts[0][0] <= best.cutoff and not best.is_proved():
        best.raise_bound(parts[0][0])
        if clock.is_over() or next(taken) >= most_parts:
            return
        _, _, parent = heapq.heappop(parts)
        free = np.flatnonzero(parent.state == FREE)
        branch = free[parent.use[free].argmax()]
        for decision in (OPEN, CLOSED):
            state = parent.state.copy()
            state[branch] = decision
            left = parent.left - (decision == OPEN)
            child = Node(state, left, parent.price, parent.use, parent.bound)
            rest = lists.without(state, parent.price, best.cutoff - parent.bound)
            if rest.has_gap:
                continue
            if not child.is_decided:
                child, _ = _climb(rest, child, best, _STEP_IN_TREE)
            if child.is_decided:
                best.try_sites(child.likeliest)
            elif child.bound <= best.cutoff:
                heapq.heappush(parts, (child.bound, next(made), child))
    best.raise_bound(np.inf)
