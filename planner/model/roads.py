"""What is shown of roads: the network by class, the areas that are reached, and from where."""

from __future__ import annotations

from enum import StrEnum

import pandera.pandas as pa

from planner.model.layers import Layer, column


class RoadClass(StrEnum):
    """等级 of roads, from the widest to the narrowest; a slip road counts with its class."""

    MOTORWAY = "高速公路"
    TRUNK = "国道"
    PRIMARY = "省道"
    SECONDARY = "县道"
    TERTIARY = "乡道"
    UNCLASSIFIED = "村道"
    RESIDENTIAL = "街巷"
    SERVICE = "通道"
    TRACK = "机耕路"


class RoadSurface(StrEnum):
    """路面 of roads."""

    PAVED = "硬化"
    GRAVEL = "砂石"
    UNPAVED = "土路"
    UNKNOWN = "不明"


class RoadState(StrEnum):
    """状况 of roads: passable and part of the largest connected part, outside of it, or closed."""

    MAIN = "互通"
    OUTSIDE = "最大部分之外"
    CLOSED = "封闭"


class RoadShown(StrEnum):
    """图例 of roads: the class of those that all reach each other, the state of the others."""

    MOTORWAY = str(RoadClass.MOTORWAY)
    TRUNK = str(RoadClass.TRUNK)
    PRIMARY = str(RoadClass.PRIMARY)
    SECONDARY = str(RoadClass.SECONDARY)
    LOCAL = "乡道及以下"
    OUTSIDE = str(RoadState.OUTSIDE)
    CLOSED = str(RoadState.CLOSED)


class WithinMinutes(StrEnum):
    """车程 of a reachable area, the widest first."""

    SIXTY = "60分钟内"
    THIRTY = "30分钟内"
    TWENTY = "20分钟内"
    TEN = "10分钟内"


_at_least_zero = pa.Check.ge(0)

ROADS_BY_CLASS = Layer(
    "roads-by-class",
    "道路",
    {
        "name": column(str, "道路等级", checks=[pa.Check.isin([str(item) for item in RoadClass])]),
        "state": column(str, "状况", checks=[pa.Check.isin([str(item) for item in RoadState])]),
        "edges": column(int, "路段", unit="个", checks=[_at_least_zero]),
        "km": column(float, "长度", unit="公里", checks=[_at_least_zero]),
        "share": column(float, "占比", unit="%", checks=[pa.Check.in_range(0, 100)]),
        "shown": column(str, "图例", checks=[pa.Check.isin([str(item) for item in RoadShown])]),
    },
    key=("name", "state"),
    geometry="line",
    description="路网按等级和状况;最大部分里任意两点可互通,在它之外的路不参加车程计算",
    colour_by="shown",
    tones={
        str(RoadShown.LOCAL): "muted",
        str(RoadShown.SECONDARY): "good",
        str(RoadShown.PRIMARY): "nominal",
        str(RoadShown.TRUNK): "warn",
        str(RoadShown.MOTORWAY): "info",
        str(RoadShown.OUTSIDE): "bad",
        str(RoadShown.CLOSED): "ended",
    },
)
REACHABLE_AREAS = Layer(
    "reachable-areas",
    "可达范围",
    {
        "name": column(str, "车程", checks=[pa.Check.isin([str(item) for item in WithinMinutes])]),
        "minutes": column(int, "不超过", unit="分钟", checks=[_at_least_zero]),
        "area_km2": column(float, "面积", unit="平方公里", checks=[_at_least_zero]),
        "villages": column(int, "村", unit="个", checks=[_at_least_zero]),
        "children": column(int, "儿童", unit="人", count=True, checks=[_at_least_zero]),
        "share": column(float, "占有定位儿童", unit="%", nullable=True, checks=[pa.Check.in_range(0, 100)]),
    },
    key=("minutes",),
    geometry="polygon",
    description="从运营机构出发各车程内到得了的路及两侧;大的包含小的。儿童按村到最近机构的车程计,不按面积",
    colour_by="name",
    tones={
        str(WithinMinutes.SIXTY): "warn",
        str(WithinMinutes.THIRTY): "nominal",
        str(WithinMinutes.TWENTY): "info",
        str(WithinMinutes.TEN): "good",
    },
)
REACHABLE_FROM = Layer(
    "reachable-from",
    "出发的机构",
    {
        "id": column(str, "机构编号"),
        "name": column(str, "机构"),
        "county": column(str, "所在县代码"),
        "access_m": column(float, "离路", unit="米", nullable=True, checks=[_at_least_zero]),
    },
    key=("id",),
    geometry="point",
    description="截至日运营且有定位的机构;离路太远的出不了门,没有范围",
)
