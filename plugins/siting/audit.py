"""An answer to a siting task computed anew, one village at a time, by none of the code that made it."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator

from .options import Answer, Model, Task

_CLOSE = 1e-6


def audit(task: Task, answer: Answer) -> list[str]:
    """What is wrong with an answer, in Chinese; empty where it keeps to the task and all its figures are right."""
    served = _served(answer)
    covered = {row: _covered(task, row, sites) for row, sites in served.items()}
    return [
        *_sites(task, answer),
        *_loads(task, answer),
        *_service(task, served),
        *_counties(task, covered),
        *_figures(task, answer, served, covered),
    ]


def _served(answer: Answer) -> dict[int, dict[int, float]]:
    served: dict[int, dict[int, float]] = defaultdict(dict)
    for row, site, share in zip(*(part.tolist() for part in answer.routes), strict=True):
        served[row][site] = served[row].get(site, 0.0) + share
    return served


def _minutes(task: Task, row: int, site: int) -> float:
    if task.service is not None and task.offers is not None and not task.offers[site, task.service[row]]:
        return math.inf
    return float(task.minutes[row, site])


def _limit(task: Task, row: int) -> float:
    if task.limit_min is None:
        return math.inf
    return float(task.limit_min if isinstance(task.limit_min, int | float) else task.limit_min[row])


def _is_near(task: Task, row: int, site: int) -> bool:
    minutes = _minutes(task, row, site)
    return math.isfinite(minutes) and minutes <= _limit(task, row)


def _covered(task: Task, row: int, sites: dict[int, float]) -> float:
    share = sum(part for site, part in sites.items() if _is_near(task, row, site)) / task.times
    if task.times > 1:
        return 1.0 if share > 1 - _CLOSE else 0.0
    return min(share, 1.0)


def _sites(task: Task, answer: Answer) -> Iterator[str]:
    open_ = set(answer.sites)
    if lost := set(task.kept) - open_:
        yield f"保留的机构{sorted(lost)}不在其中"
    existing = set(task.kept) | set(task.closable)
    if set(answer.opened) != open_ - existing or set(answer.closed) != set(task.closable) - open_:
        yield "新增与关闭的名单与开放的机构不符"
    if task.count is not None and len(answer.opened) - len(answer.closed) > task.count:
        yield f"新增{len(answer.opened)}个、关闭{len(answer.closed)}个,超过{task.count}个"
    spent = _spent(task, answer)
    if task.budget is not None and spent > task.budget + _CLOSE:
        yield f"费用{spent}超过预算{task.budget}"


def _spent(task: Task, answer: Answer) -> float:
    total = 0.0
    for site in answer.sites:
        if site not in task.kept:
            total += 1.0 if task.cost is None else float(task.cost[site])
    for site in answer.closed:
        total += 0.0 if task.closing_cost is None else float(task.closing_cost[site])
    return total


def _loads(task: Task, answer: Answer) -> Iterator[str]:
    loads: dict[int, float] = defaultdict(float)
    for row, site, share in zip(*(part.tolist() for part in answer.routes), strict=True):
        loads[site] += float(task.weights[row]) * share
    for site, load in loads.items():
        if site not in answer.sites:
            yield f"有人去没有开放的机构{site}"
        if task.capacity is not None and load > float(task.capacity[site]) * (1 + _CLOSE) + _CLOSE:
            yield f"机构{site}接{load}人,超过容量{task.capacity[site]}"


def _service(task: Task, served: dict[int, dict[int, float]]) -> Iterator[str]:
    everyone = task.model in (Model.P_MEDIAN, Model.P_CENTER) or (
        task.model is Model.SET_COVER and task.county_share is None
    )
    for row in range(task.demand):
        sites = served.get(row, {})
        if any(part > 1 + _CLOSE or part < 0 for part in sites.values()):
            yield f"需求{row}去一个机构的份额不在0到1之间"
        if not task.split and any(_CLOSE < part < 1 - _CLOSE for part in sites.values()):
            yield f"需求{row}被分到几个机构"
        if any(math.isinf(_minutes(task, row, site)) for site in sites):
            yield f"需求{row}去不了它的机构"
        reachable = any(math.isfinite(_minutes(task, row, site)) for site in range(task.candidates))
        if everyone and reachable and abs(sum(sites.values()) - task.times) > _CLOSE * 10:
            yield f"需求{row}没有得到{task.times}次服务"
        if (
            everyone
            and task.model is Model.SET_COVER
            and not all(_is_near(task, row, site) for site in sites)
        ):
            yield f"需求{row}在时限之外"


def _counties(task: Task, covered: dict[int, float]) -> Iterator[str]:
    if task.county_share is None or task.county is None:
        return
    children: dict[int, float] = defaultdict(float)
    reached: dict[int, float] = defaultdict(float)
    for row, county in enumerate(task.county.tolist()):
        children[county] += float(task.weights[row])
        reached[county] += float(task.weights[row]) * covered.get(row, 0.0)
    for county, total in children.items():
        if reached[county] < task.county_share * total - _CLOSE * max(1.0, total):
            yield f"县{county}只覆盖{reached[county]}人,少于{task.county_share:.0%}"


def _figures(
    task: Task, answer: Answer, served: dict[int, dict[int, float]], covered: dict[int, float]
) -> Iterator[str]:
    legs = [
        (float(task.weights[row]), _minutes(task, row, site), part)
        for row, sites in served.items()
        for site, part in sites.items()
        if part > _CLOSE
    ]
    value = {
        Model.SET_COVER: lambda: _spent(task, answer),
        Model.MAX_COVER: lambda: sum(float(task.weights[row]) * share for row, share in covered.items()),
        Model.P_MEDIAN: lambda: sum(children * minutes * part for children, minutes, part in legs),
        Model.P_CENTER: lambda: max((minutes for _, minutes, _ in legs), default=0.0),
    }[task.model]()
    scale = _CLOSE * max(1.0, abs(value))
    if abs(value - answer.objective) > scale:
        yield f"目标值写作{answer.objective},重算是{value}"
    beyond = (
        answer.objective - answer.bound if task.model is Model.MAX_COVER else answer.bound - answer.objective
    )
    if beyond > scale:
        yield f"目标值{answer.objective}好过界{answer.bound}"
    if answer.proved and abs(beyond) > scale:
        yield "写作已证明,界与目标值却不同"
    uncovered = [row for row in range(task.demand) if covered.get(row, 0.0) < 1 - _CLOSE]
    if uncovered != list(answer.uncovered) or len(uncovered) != len(answer.why):
        yield "未覆盖的名单与重算不符"
