"""What would have to give way so that nobody is left out: each found by trying it, the cheapest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from planner.model.rosters import CadreLevel

from .county import County
from .solving import Answer, first_holders
from .tiers import Tier

_TRIES = 40
_MOST_CADRES = 5


@dataclass(frozen=True)
class WayOut:
    """What to do, in words, and how many places are left over then."""

    way: str
    left: int


def ways_out(tier: Tier, answer: Answer, county: County, *, update: bool) -> list[WayOut]:
    """The ways to give every place a holder; empty where every place has one."""
    left = int((answer.holder < 0).sum())
    if not left:
        return []
    found = [
        *_avoidances(tier, county, left, update),
        *_rooms(tier, left, update),
        *_cadres(tier, left, update),
    ]
    return sorted(found, key=lambda item: item.left)


def _left(tier: Tier, update: bool) -> int:
    return int((first_holders(tier, update=update) < 0).sum())


def _avoidances(tier: Tier, county: County, left: int, update: bool) -> Iterator[WayOut]:
    for (place, by), why in sorted(tier.avoided.items())[:_TRIES]:
        allowed = tier.problem.allowed.copy()
        allowed[place, by] = True
        after = _left(replace(tier, problem=replace(tier.problem, allowed=allowed)), update)
        if after < left:
            who = county.officials[tier.holders[by]].name
            yield WayOut(f"解除{who}对{county.full_name(tier.places[place])}的回避({why})", after)
            return


def _rooms(tier: Tier, left: int, update: bool) -> Iterator[WayOut]:
    after = _left(replace(tier, problem=replace(tier.problem, capacity=tier.problem.capacity + 1)), update)
    if len(tier.holders) and after < left:
        yield WayOut("每人最多多包1个", after)


def _cadres(tier: Tier, left: int, update: bool) -> Iterator[WayOut]:
    problem = tier.problem
    places = len(tier.places)
    room = int(problem.capacity.max(initial=1)) if tier.level is not CadreLevel.COUNTY else places
    for more in range(1, _MOST_CADRES + 1):
        wider = replace(
            problem,
            cost=np.column_stack([problem.cost, np.zeros((places, more))]),
            allowed=np.column_stack([problem.allowed, np.ones((places, more), dtype=bool)]),
            capacity=np.append(problem.capacity, [room] * more),
            target=np.append(problem.target, [0.0] * more),
        )
        after = _left(replace(tier, problem=wider), update)
        if after == 0 or more == _MOST_CADRES:
            yield WayOut(f"增加{more}名{tier.level}干部", after)
            return
