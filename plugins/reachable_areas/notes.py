"""What must be said beside the areas, in plain Chinese."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from planner.roads.snapping import TOO_FAR, Snapped

_NAMED_AT_MOST = 10


def write_notes(areas: pd.DataFrame, sites: pd.DataFrame, snapped: Snapped | None) -> tuple[str, ...]:
    """The notes of a result; `snapped` are the counted of `sites` on the road, None without roads."""
    return tuple(_notes(areas, sites, snapped))


def _notes(areas: pd.DataFrame, sites: pd.DataFrame, snapped: Snapped | None) -> Iterable[str]:
    if snapped is None:
        yield "没有道路数据,不画可达范围。请先导入道路。"
        return
    counted = sites[sites["counted"]]
    if counted.empty:
        yield "截至日没有运营且有定位的机构,没有可达范围。"
    elif areas.empty:
        yield "机构都离路太远或不在路网的最大部分旁,没有可达范围。"
    else:
        yield (
            "可达范围按路口的分钟数画:到得了的路两侧各500米,不表示路与路之间的地方到得了。从机构出发,可跨县;"
            "儿童按村到最近机构的车程计,与“机构覆盖缺口”的车程相同。规划参考,不是法定指标。"
        )
    far = counted["name"].to_numpy()[snapped.reason == TOO_FAR]
    if len(far):
        yield f"{len(far)}个机构离路太远,没有范围:{_names(far)}。"
    if len(lost := sites[sites["operating"] & ~sites["counted"]]):
        yield f"{len(lost)}个运营机构没有定位,没有范围:{_names(lost['name'])}。请补经纬度。"


def _names(names: Iterable[str]) -> str:
    listed = list(names)
    text = "、".join(listed[:_NAMED_AT_MOST])
    return f"{text}等{len(listed)}个" if len(listed) > _NAMED_AT_MOST else text
