"""Why somebody else is to hold a place, in words that who is told can check."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from planner.model.rosters import CadreLevel

from .county import County
from .problem import loads, stray_pieces
from .solving import Answer
from .tiers import Tier


def reason(tier: Tier, answer: Answer, county: County, at: int) -> str:
    """Why place number `at` has the holder it has: the first that applies."""
    place, held = tier.places[at], county.held.get((tier.level, tier.places[at]))
    new, before = int(answer.holder[at]), int(tier.present[at])
    former = county.officials.get(held) if held else None
    if new < 0:
        return "没有空余的干部可包" if tier.holders else f"无{tier.level}干部"
    if former is None:
        return "原来空缺"
    if new == before:
        return "锁定" if tier.locked[at] else "现任,不变"
    if not former.in_office:
        return f"{former.name}已于{former.until}离任" if former.until else f"{former.name}还没有到任"
    if former.level is not tier.level:
        return f"{former.name}是{former.level}干部,级别不符"
    if tier.level is CadreLevel.TOWNSHIP and former.township != tier.area:
        return f"{former.name}不是本乡镇干部"
    if avoided := county.avoided.get((former.id, place[:12])):
        return f"{former.name}{avoided}"
    return f"留给{former.name}:{_worse(tier, answer, at, before)}"


def _worse(tier: Tier, answer: Answer, at: int, before: int) -> str:
    """What would get worse if the place alone were given back."""
    problem, new = tier.problem, int(answer.holder[at])
    back = answer.holder.copy()
    back[at] = before
    told = []
    if (back == before).sum() > problem.capacity[before]:
        told.append(f"超过最多{problem.capacity[before]}个")
    held = np.flatnonzero(back >= 0)
    if problem.adjacent is not None:
        near = problem.adjacent[np.ix_(held, held)]
        more = stray_pieces(near, back[held]) - stray_pieces(near, answer.holder[held])
        if more > 0:
            told.append(f"不连片的多{more}片")
    part = replace(
        problem,
        cost=problem.cost[held],
        load=problem.load[held],
        allowed=problem.allowed[held],
        adjacent=None,
    )
    off = [np.abs(loads(part, holder[held]) - part.target).sum() for holder in (back, answer.holder)]
    if off[0] - off[1] > 1e-6:
        told.append(f"负荷偏差多{off[0] - off[1]:.0f}")
    longer = tier.minutes[at, before] - tier.minutes[at, new]
    if longer >= 0.5:  # NaN is not known to be longer
        told.append(f"路程多{longer:.0f}分钟")
    if tier.spread is not None and tier.spread.cost(back) > tier.spread.cost(answer.holder):
        told.append("同部门干部扎堆")
    return "、".join(told) or "与别处一并对调更好"
