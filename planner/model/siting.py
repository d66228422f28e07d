"""What the siting plugin makes, and the comparison of scenarios and the report read: sites, villages, counties.

Minutes and children are a planning aid, never mixed with the legal measure of 四(二).
"""

from __future__ import annotations

from enum import StrEnum

import pandera.pandas as pa

from planner.model.layers import Layer, column


class Role(StrEnum):
    """性质 of a site of the answer."""

    NEW = "新增"
    EXISTING = "现有"
    CLOSED = "关闭"


class Change(StrEnum):
    """变化 of a village: what the new sites do for it."""

    COVERED = "原已覆盖"
    NEWLY = "新覆盖"
    PARTLY = "部分覆盖"
    LOST = "不再覆盖"
    UNCOVERED = "未覆盖"
    UNREACHABLE = "不可达"
    UNLOCATED = "无定位"
    NOBODY = "没有儿童"


class Band(StrEnum):
    """覆盖情况 of a county after siting, by the share of its children within the limit."""

    HIGH = "九成以上"
    MIDDLE = "五成到九成"
    LOW = "不到五成"
    NONE = "没有儿童"


_at_least_zero = pa.Check.ge(0)
_percent = pa.Check.in_range(0, 100)

_village = {
    "code": column(str, "村(居)代码"),
    "name": column(str, "村(居)"),
    "township_name": column(str, "乡镇(街道)", nullable=True),
    "county": column(str, "县代码"),
    "county_name": column(str, "县(市、区)", nullable=True),
    "children": column(int, "儿童", unit="人", count=True, checks=[_at_least_zero]),
}

SITING_SITES = Layer(
    "siting-sites",
    "选定的机构点",
    {
        "id": column(str, "编号"),
        "name": column(str, "地点"),
        "role": column(str, "性质", checks=[pa.Check.isin([str(item) for item in Role])]),
        "county": column(str, "县代码"),
        "county_name": column(str, "县(市、区)", nullable=True),
        "township_name": column(str, "乡镇(街道)", nullable=True),
        "villages": column(int, "去往的村", unit="个", checks=[_at_least_zero]),
        "children": column(int, "去往的儿童", unit="人", count=True, checks=[_at_least_zero]),
        "capacity": column(float, "容量", unit="人", nullable=True, checks=[_at_least_zero]),
        "cost": column(float, "费用", unit="万元", nullable=True, checks=[_at_least_zero]),
        "swap_name": column(str, "最好的替代点", nullable=True),
        "swap_loss": column(float, "换点后目标变坏", nullable=True),
    },
    key=("id",),
    geometry="point",
    description="开放的机构点(现有与新增)和拟关闭的机构;规划参考",
    colour_by="role",
    tones={str(Role.NEW): "bad", str(Role.EXISTING): "good", str(Role.CLOSED): "nominal"},
)
SITING_VILLAGES = Layer(
    "siting-villages",
    "各村去向",
    {
        **_village,
        "change": column(str, "变化", checks=[pa.Check.isin([str(item) for item in Change])]),
        "covered_before": column(int, "原已覆盖儿童", unit="人", count=True, checks=[_at_least_zero]),
        "covered_after": column(int, "覆盖儿童", unit="人", count=True, checks=[_at_least_zero]),
        "minutes_before": column(float, "原车程", unit="分钟", nullable=True, checks=[_at_least_zero]),
        "minutes_after": column(float, "车程", unit="分钟", nullable=True, checks=[_at_least_zero]),
        "site": column(str, "去往机构编号", nullable=True),
        "site_name": column(str, "去往机构", nullable=True),
        "others": column(str, "另去往", nullable=True),
    },
    geometry="point",
    description="每村去哪个机构,选址前后的车程;规划参考,不是法定指标",
    colour_by="change",
    tones={
        str(Change.COVERED): "good",
        str(Change.NEWLY): "info",
        str(Change.PARTLY): "nominal",
        str(Change.LOST): "bad",
        str(Change.UNCOVERED): "warn",
        str(Change.UNREACHABLE): "bad",
        str(Change.UNLOCATED): "muted",
        str(Change.NOBODY): "muted",
    },
)
SITING_COUNTIES = Layer(
    "siting-counties",
    "各县选址前后",
    {
        "code": column(str, "县代码"),
        "name": column(str, "县(市、区)"),
        "new_sites": column(int, "新增机构", unit="个", checks=[_at_least_zero]),
        "children": column(int, "儿童", unit="人", count=True, checks=[_at_least_zero]),
        "covered_before": column(int, "原已覆盖儿童", unit="人", count=True, checks=[_at_least_zero]),
        "covered_after": column(int, "覆盖儿童", unit="人", count=True, checks=[_at_least_zero]),
        "share_before": column(float, "原覆盖比例", unit="%", nullable=True, checks=[_percent]),
        "share_after": column(float, "覆盖比例", unit="%", nullable=True, checks=[_percent]),
        "mean_before": column(float, "原平均车程", unit="分钟", nullable=True, checks=[_at_least_zero]),
        "mean_after": column(float, "平均车程", unit="分钟", nullable=True, checks=[_at_least_zero]),
        "worst_after": column(float, "最远车程", unit="分钟", nullable=True, checks=[_at_least_zero]),
        "band": column(str, "覆盖情况", checks=[pa.Check.isin([str(item) for item in Band])]),
    },
    geometry="polygon",
    colour_by="band",
    tones={
        str(Band.HIGH): "good",
        str(Band.MIDDLE): "planned",
        str(Band.LOW): "warn",
        str(Band.NONE): "muted",
    },
    description="面可缺;平均车程按儿童数加权,只计可达的;没有儿童的县比例为空",
)
SITING_UNCOVERED = Layer(
    "siting-uncovered",
    "仍未覆盖的村",
    {
        **_village,
        "uncovered": column(int, "未覆盖儿童", unit="人", count=True, checks=[_at_least_zero]),
        "reason": column(str, "原因"),
        "minutes_after": column(float, "到最近机构车程", unit="分钟", nullable=True, checks=[_at_least_zero]),
        "nearest_candidate": column(
            float, "到最近候选点车程", unit="分钟", nullable=True, checks=[_at_least_zero]
        ),
    },
    description="有儿童没有被覆盖的村,逐村写明原因",
)
SITING_SCENARIOS = Layer(
    "siting-scenarios",
    "选址方案对照",
    {
        "scenario": column(str, "方案"),
        "run": column(str, "运行编号"),
        "aim": column(str, "目标"),
        "limit_min": column(float, "车程时限", unit="分钟"),
        "objective": column(float, "目标值", nullable=True),
        "objective_unit": column(str, "目标值单位"),
        "proved": column(str, "是否最优"),
        "gap": column(float, "差距", unit="%", nullable=True, checks=[_at_least_zero]),
        "new_sites": column(int, "新增机构", unit="个", checks=[_at_least_zero]),
        "closed_sites": column(int, "关闭机构", unit="个", checks=[_at_least_zero]),
        "children_covered": column(int, "覆盖儿童", unit="人", count=True, checks=[_at_least_zero]),
        "newly_covered": column(int, "新覆盖儿童", unit="人"),
        "share_covered": column(float, "覆盖比例", unit="%", nullable=True, checks=[_percent]),
        "mean_minutes": column(float, "平均车程", unit="分钟", nullable=True, checks=[_at_least_zero]),
        "worst_minutes": column(float, "最远车程", unit="分钟", nullable=True, checks=[_at_least_zero]),
        "cost": column(float, "费用", unit="万元", nullable=True, checks=[_at_least_zero]),
        "uncovered_villages": column(int, "仍未覆盖的村", unit="个", checks=[_at_least_zero]),
        "common_sites": column(int, "各方案共有的新点", unit="个", checks=[_at_least_zero]),
    },
    key=("run",),
    description="几个选址方案并列;规划参考",
)
SITING_SCENARIO_SITES = Layer(
    "siting-scenario-sites",
    "各方案的机构点",
    {
        "id": column(str, "编号"),
        "name": column(str, "地点"),
        "county": column(str, "县代码"),
        "county_name": column(str, "县(市、区)", nullable=True),
        "role": column(str, "性质", checks=[pa.Check.isin([str(item) for item in Role])]),
        "scenarios": column(str, "所在方案"),
        "chosen": column(int, "选中它的方案", unit="个", checks=[_at_least_zero]),
        "shown": column(str, "图例"),
    },
    key=("id", "role"),
    geometry="point",
    description="每个点在哪些方案中;各方案共有的、部分方案有的分开标",
    colour_by="shown",
    tones={"各方案共有": "bad", "部分方案": "info", "现有": "good", "关闭": "nominal"},
)
SITING_SCENARIO_COUNTIES = Layer(
    "siting-scenario-counties",
    "各县在各方案中",
    {
        "code": column(str, "县代码"),
        "name": column(str, "县(市、区)"),
        "children": column(int, "儿童", unit="人", count=True, checks=[_at_least_zero]),
        "new_sites": column(str, "各方案新增机构(个)"),
        "covered": column(str, "各方案覆盖比例(%)"),
        "shown": column(str, "图例", checks=[pa.Check.isin(["有新增", "没有新增"])]),
    },
    geometry="polygon",
    colour_by="shown",
    tones={"有新增": "shared", "没有新增": "muted"},
    description="每县在各方案中的新增机构数和覆盖比例,按方案的次序;面可缺",
)
SITING_SCENARIO_GAPS = Layer(
    "siting-scenario-gaps",
    "各方案仍未覆盖的村",
    {"scenario": column(str, "方案"), **SITING_UNCOVERED.columns},
    key=("scenario", "code"),
    description="各方案中有儿童没有被覆盖的村,逐村写明原因",
)


class Steadiness(StrEnum):
    """稳定性 of a candidate while demand varies."""

    STEADY = "稳定"
    SOMETIMES = "时有时无"
    SELDOM = "偶尔"


SITING_STABILITY = Layer(
    "siting-stability",
    "各点被选中的次数",
    {
        "id": column(str, "编号"),
        "name": column(str, "地点"),
        "county": column(str, "县代码"),
        "county_name": column(str, "县(市、区)", nullable=True),
        "township_name": column(str, "乡镇(街道)", nullable=True),
        "usual": column(bool, "现有人数下选中"),
        "chosen": column(int, "被选中", unit="次", checks=[_at_least_zero]),
        "share": column(float, "被选中比例", unit="%", checks=[_percent]),
        "steadiness": column(str, "稳定性", checks=[pa.Check.isin([str(item) for item in Steadiness])]),
    },
    key=("id",),
    geometry="point",
    description="儿童人数按抽样变动时,各候选点被选中的次数;规划参考",
    colour_by="steadiness",
    tones={
        str(Steadiness.STEADY): "good",
        str(Steadiness.SOMETIMES): "warn",
        str(Steadiness.SELDOM): "muted",
    },
)
