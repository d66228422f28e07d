"""An independent look at every plan: the hard rules of 五(三) and the sums, from the plan alone, without solver code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from planner.errors import PluginError
from planner.errors import Problem as Fault
from planner.model.divisions import Level
from planner.model.rosters import CadreLevel

from .county import County
from .params import Params


def check_plan(
    county: County,
    params: Params,
    level: CadreLevel,
    plan: Mapping[str, str | None],
    *,
    locked: Mapping[str, str],
    most: Mapping[str, int],
) -> None:
    """Raises PluginError naming every breach of a plan (place → id of the cadre, None where nobody).

    `locked` says who must hold a place, `most` how many places a cadre may have at the most.
    """
    faults = [*_faults(county, params, level, plan), *_kept(plan, locked, most)]
    if faults:
        raise PluginError(
            "包联方案自查没有通过", "请把运行编号交给维护人员", [Fault(fault) for fault in faults]
        )


def _faults(
    county: County, params: Params, level: CadreLevel, plan: Mapping[str, str | None]
) -> Iterator[str]:
    for place, who in plan.items():
        if who is None:
            continue
        cadre = county.officials.get(who)
        if cadre is None:
            yield f"{place}:没有干部{who}"
            continue
        if cadre.level is not level:
            yield f"{place}:{cadre.name}不是{level}干部"
        if not cadre.in_office:
            yield f"{place}:{cadre.name}不在任"
        if level is CadreLevel.TOWNSHIP and cadre.township != place[: Level.TOWNSHIP]:
            yield f"{place}:{cadre.name}不是本乡镇干部"
        village = place[: Level.VILLAGE]
        if params.avoid_home and len(village) == Level.VILLAGE and cadre.home_village == village:
            yield f"{place}:{cadre.name}的老家在本村"
        if (who, village) in county.avoided:
            yield f"{place}:{cadre.name}{county.avoided[who, village]}"


def _kept(
    plan: Mapping[str, str | None], locked: Mapping[str, str], most: Mapping[str, int]
) -> Iterator[str]:
    for place, who in locked.items():
        if plan.get(place) != who:
            yield f"{place}:锁定的干部变了"
    for who, count in Counter(who for who in plan.values() if who is not None).items():
        if count > most[who]:
            yield f"{who}包了{count}个,最多{most[who]}个"


def missing(expected: tuple[str, ...], plan: Mapping[str, str | None]) -> list[str]:
    """The places that a plan says nothing of, or that are none: there must not be any."""
    return sorted(set(expected) ^ set(plan))


def value_of_plan(
    plan: Mapping[str, str],
    *,
    cost: Mapping[tuple[str, str], float],
    load: Mapping[str, int],
    target: Mapping[str, float],
    balance: float,
    unit: Mapping[str, str | None],
    spread_weight: float,
) -> float:
    """The value of a plan added up place by place and cadre by cadre."""
    held = dict.fromkeys(target, 0)
    inside: set[tuple[str, str]] = set()
    for place, who in plan.items():
        held[who] += load[place]
        inside.add((place[: Level.TOWNSHIP], who))
    departments = [(township, unit[who]) for township, who in inside if unit[who]]
    return (
        sum(cost[place, who] for place, who in plan.items())
        + balance * sum(abs(held[who] - target[who]) for who in held)
        + spread_weight * (len(departments) - len(set(departments)))
    )
