"""What must be said beside the figures, in plain Chinese."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from planner.model.duty_plan import DUTY_LOADS, DUTY_TIERS, DUTY_WAYS_OUT
from planner.model.rosters import CadreLevel
from planner.plugin import Result
from planner.roads import StraightLine, Travel

from .county import County
from .params import Params
from .tables import Solved

_NAMED_AT_MOST = 10


def write_notes(
    result: Result,
    counties: Sequence[County],
    solved: Sequence[Solved],
    params: Params,
    as_of: date,
    travel: Travel,
) -> tuple[str, ...]:
    """The notes of a result."""
    if not counties:
        return ("本区域没有县级单位,没有安排包联;请先导入行政区划。",)
    return (
        *_rules(params, as_of),
        *_left(result),
        *_proofs(result),
        *_ways(counties, solved, travel),
    )


def _rules(params: Params, as_of: date) -> Iterator[str]:
    weights = params.weights
    yield (
        f"截至{as_of.year}年{as_of.month}月{as_of.day}日在任的干部,方式“{params.mode}”:"
        f"换一名干部{weights.change:g}分,负荷每偏离平均1计{weights.balance:g}分,"
        f"路程每分钟{weights.travel:g}分,同一乡镇每多一名同部门干部{params.spread_weight:g}分。"
    )
    yield "分数只用来比较方案,不是考核。每村一名主责部门干部,没有儿童的村也要包;方案未经接受不改变现有包联。"


def _left(result: Result) -> Iterator[str]:
    loads = result.tables[DUTY_LOADS.name]
    idle = loads[(loads["remark"] == "没有安排") & (loads["tier"] == CadreLevel.COUNTY)]
    if len(idle):
        yield f"县级干部多于乡镇,没有安排的:{_names(idle['name'])}。"
    ways = result.tables[DUTY_WAYS_OUT.name]
    if len(ways):
        vacant = int(ways.drop_duplicates(["area", "tier"])["vacant"].sum())
        yield f"有{vacant}处没有干部可包,试过的办法见“缺口和出路”。"


def _proofs(result: Result) -> Iterator[str]:
    tiers = result.tables[DUTY_TIERS.name]
    open_ = tiers[~tiers["proved"] & tiers["gap"].notna()]
    if len(open_):
        yield (
            f"{len(tiers)}次求解中{len(open_)}次没有证明最优,与下界最多相差{open_['gap'].max():g}%;"
            "下界不计部门分散和连片,实际差距可能更小。"
        )


def _ways(counties: Sequence[County], solved: Sequence[Solved], travel: Travel) -> Iterator[str]:
    if isinstance(travel, StraightLine):
        yield (
            f"路程「估算」:办公地点到村,直线距离×{travel.detour:g},每小时{travel.speed_kmh:g}公里;县级包乡镇不计路程。"
        )
    used = {who for item in solved if item.tier.level is not CadreLevel.COUNTY for who in item.tier.holders}
    officials = [county.officials[who] for county in counties for who in county.officials if who in used]
    if bare := [item.name for item in officials if item.point_m is None]:
        yield f"{len(bare)}名干部没有登记办公地点,路程按其他人的平均计:{_names(bare)}。"
    lost = [
        county.full_name(code)
        for county in counties
        for code in county.villages
        if code not in county.points_m
    ]
    if lost:
        yield f"{len(lost)}个村没有定位,不计路程,连片按所在乡镇计:{_names(lost)}。"


def _names(names: Iterable[str]) -> str:
    """The names joined, cut after ten with their number."""
    listed = list(names)
    text = "、".join(listed[:_NAMED_AT_MOST])
    return f"{text}等{len(listed)}个" if len(listed) > _NAMED_AT_MOST else text
