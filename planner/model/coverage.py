"""What the coverage plugin makes and siting reads: counties, villages, gaps, lines, the sites.

Two measures stand side by side and are never mixed in one number: the legal one (四(二): does the county
have an operating institution) in `status`, `covered`, `shared`, `projected`; the access one (a planning aid,
not in the document) in everything about children and minutes. A null beside a `…_reason` says why.
"""

from __future__ import annotations

from enum import StrEnum

import pandera.pandas as pa

from planner.model.institutions import InstitutionState
from planner.model.layers import Chart, Layer, column


class CountyStatus(StrEnum):
    """法定状态 of a county-level unit: the best of what is there on the day, only 运营 covering it."""

    COVERED = "已覆盖"
    BUILDING = "在建"
    NOMINAL = "挂牌未运营"
    CLOSED = "停用"
    NONE = "无机构"


class Shown(StrEnum):
    """图例 of a county on the map: its legal state, with shared cover and a plan in time told apart."""

    COVERED = "已覆盖"
    SHARED = "外县机构覆盖"
    PLANNED = "在建,可按期投用"
    BUILDING = "在建,不能按期或未定"
    NOMINAL = "挂牌未运营"
    CLOSED = "停用"
    NONE = "无机构"


class Reach(StrEnum):
    """可达情况 of a village; the last three are unreachable, each for its own reason."""

    WITHIN = "时限内"
    BEYOND = "时限外"
    UNLOCATED = "无定位"
    NO_SITE = "无运营机构"
    NO_WAY = "不可达"


class Basis(StrEnum):
    """依据 of a year-end: recorded states up to the as-of day, planned openings after it."""

    RECORDED = "实际"
    PLANNED = "按计划"


class Group(StrEnum):
    """儿童分组 of the curve: all, by need (康复 by the age bands of 三(五)), by category. They overlap."""

    ALL = "全部儿童"
    REHABILITATION_EARLY = "康复0-6岁"
    REHABILITATION_SCHOOL = "康复7-14岁"
    HOME_TEACHING = "送教"
    PLACEMENT = "安置"
    FAMILY = "家庭困境"
    SELF = "自身困境"
    GUARDIANSHIP = "监护困境"
    TEMPORARY = "临时困境"


class CatchmentMethod(StrEnum):
    """可达性方法: how capacity in reach is set against the children who share it."""

    TWO_STEP = "2SFCA"
    STEPS = "E2SFCA-step"
    GAUSS = "E2SFCA-gauss"
    THREE_STEP = "3SFCA"
    BALANCED = "BFCA"


_at_least_zero = pa.Check.ge(0)
_percent = pa.Check.in_range(0, 100)
_status = pa.Check.isin([str(item) for item in CountyStatus])

COVERAGE_COUNTIES = Layer(
    "coverage-counties",
    "各县覆盖情况",
    {
        "code": column(str, "县代码"),
        "name": column(str, "县(市、区)"),
        "status": column(str, "法定状态", checks=[_status]),
        "covered": column(bool, "已覆盖"),
        "shared": column(bool, "由外县机构覆盖"),
        "projected": column(bool, "目标日预计覆盖"),
        "shown": column(str, "图例", checks=[pa.Check.isin([str(item) for item in Shown])]),
        "planned_opening": column("datetime64[s]", "计划投用", nullable=True),
        "operating": column(int, "运营机构", unit="个", checks=[_at_least_zero]),
        "institutions": column(str, "现有机构", nullable=True),
        "children": column(int, "儿童", unit="人", count=True, checks=[_at_least_zero]),
        "children_within": column(int, "时限内儿童", unit="人", count=True, checks=[_at_least_zero]),
        "children_beyond": column(int, "时限外儿童", unit="人", count=True, checks=[_at_least_zero]),
        "children_unreachable": column(int, "不可达儿童", unit="人", count=True, checks=[_at_least_zero]),
        "children_unlocated": column(int, "其中无定位", unit="人", count=True, checks=[_at_least_zero]),
        "share_within": column(float, "时限内占比", unit="%", nullable=True, checks=[_percent]),
        "share_within_reason": column(str, "占比为空的原因", nullable=True),
        "mean_minutes": column(float, "平均车程", unit="分钟", nullable=True, checks=[_at_least_zero]),
        "mean_minutes_reason": column(str, "平均车程为空的原因", nullable=True),
        "beds": column(float, "运营床位", unit="张", nullable=True, checks=[_at_least_zero]),
        "children_per_bed": column(float, "每床儿童", unit="人/张", nullable=True, checks=[_at_least_zero]),
        "children_per_bed_reason": column(str, "每床儿童为空的原因", nullable=True),
    },
    geometry="polygon",
    description="法定覆盖(四(二))与规划参考的可达情况并列,两者不合成一个数;面可缺",
    colour_by="shown",
    tones={
        str(Shown.COVERED): "good",
        str(Shown.SHARED): "shared",
        str(Shown.PLANNED): "planned",
        str(Shown.BUILDING): "warn",
        str(Shown.NOMINAL): "nominal",
        str(Shown.CLOSED): "ended",
        str(Shown.NONE): "bad",
    },
)
COVERAGE_VILLAGES = Layer(
    "coverage-villages",
    "各村可达情况",
    {
        "code": column(str, "村(居)代码"),
        "name": column(str, "村(居)"),
        "township": column(str, "乡镇代码"),
        "township_name": column(str, "乡镇(街道)", nullable=True),
        "county": column(str, "县代码"),
        "county_name": column(str, "县(市、区)", nullable=True),
        "children": column(int, "儿童", unit="人", count=True, checks=[_at_least_zero]),
        "reach": column(str, "可达情况", checks=[pa.Check.isin([str(item) for item in Reach])]),
        "within": column(bool, "时限内"),
        "reachable": column(bool, "可达"),
        "minutes": column(float, "到最近机构车程", unit="分钟", nullable=True, checks=[_at_least_zero]),
        "nearest": column(str, "最近机构编号", nullable=True),
        "nearest_name": column(str, "最近机构", nullable=True),
        "second": column(str, "第二近机构编号", nullable=True),
        "second_name": column(str, "第二近机构", nullable=True),
        "second_minutes": column(
            float, "到第二近机构车程", unit="分钟", nullable=True, checks=[_at_least_zero]
        ),
        "single": column(bool, "只靠一个机构"),
        "accessibility": column(float, "每千人可及床位", unit="张", nullable=True, checks=[_at_least_zero]),
        "accessibility_reason": column(str, "可及床位为空的原因", nullable=True),
        "lacking": column(
            float, "缺口折合儿童", unit="人", nullable=True, count=True, checks=[_at_least_zero]
        ),
    },
    geometry="point",
    description="每村到最近、第二近运营机构的车程和可及床位,跨县计算;规划参考,不是法定指标",
    colour_by="reach",
    tones={
        str(Reach.WITHIN): "good",
        str(Reach.BEYOND): "warn",
        str(Reach.UNLOCATED): "muted",
        str(Reach.NO_SITE): "bad",
        str(Reach.NO_WAY): "bad",
    },
    also_by={"minutes": "low", "accessibility": "high"},
)
COVERAGE_GAPS = Layer(
    "coverage-gaps",
    "未覆盖的县",
    {
        "code": column(str, "县代码"),
        "name": column(str, "县(市、区)"),
        "status": column(str, "法定状态", checks=[_status]),
        "projected": column(bool, "目标日预计覆盖"),
        "planned_opening": column("datetime64[s]", "计划投用", nullable=True),
        "institutions": column(str, "现有机构", nullable=True),
        "children": column(int, "儿童", unit="人", count=True, checks=[_at_least_zero]),
    },
    description="截至日没有运营机构的县级单位(四(二))",
)
COVERAGE_YEARS = Layer(
    "coverage-years",
    "逐年法定覆盖",
    {
        "day": column("datetime64[s]", "截至日"),
        "basis": column(str, "依据", checks=[pa.Check.isin([str(item) for item in Basis])]),
        "covered": column(int, "已覆盖", unit="个", checks=[_at_least_zero]),
        "total": column(int, "县级单位", unit="个", checks=[_at_least_zero]),
        "share": column(float, "覆盖率", unit="%", nullable=True, checks=[_percent]),
        "gained": column(str, "新覆盖的县", nullable=True),
        "lost": column(str, "失去覆盖的县", nullable=True),
    },
    key=("day",),
    description="2017年以来每年年末的覆盖县数;截至日以后按当日所知的计划投用日",
    chart=Chart("day", "covered"),
)
COVERAGE_CURVE = Layer(
    "coverage-curve",
    "车程与儿童占比",
    {
        "group": column(str, "儿童分组", checks=[pa.Check.isin([str(item) for item in Group])]),
        "minutes": column(int, "车程不超过", unit="分钟", checks=[_at_least_zero]),
        "children": column(int, "儿童", unit="人", count=True, checks=[_at_least_zero]),
        "share": column(float, "占比", unit="%", nullable=True, checks=[_percent]),
        "share_reason": column(str, "占比为空的原因", nullable=True),
    },
    key=("group", "minutes"),
    description="到最近运营机构车程不超过各分钟数的儿童,占有定位儿童的比例;规划参考,不是法定指标",
    chart=Chart("minutes", "share", line="group"),
)
COVERAGE_WORST = Layer(
    "coverage-worst",
    "可及最差的村",
    {
        "rank": column(int, "位次", checks=[pa.Check.ge(1)]),
        "code": column(str, "村(居)代码"),
        "name": column(str, "村(居)"),
        "township_name": column(str, "乡镇(街道)", nullable=True),
        "county_name": column(str, "县(市、区)", nullable=True),
        "children": column(int, "儿童", unit="人", count=True, checks=[_at_least_zero]),
        "accessibility": column(float, "每千人可及床位", unit="张", checks=[_at_least_zero]),
        "lacking": column(float, "缺口折合儿童", unit="人", count=True, checks=[_at_least_zero]),
        "minutes": column(float, "到最近机构车程", unit="分钟", nullable=True, checks=[_at_least_zero]),
        "nearest_name": column(str, "最近机构", nullable=True),
    },
    description="缺口折合儿童 = 儿童 ×(1 − 本村可及床位 ÷ 平均可及床位),从大到小;规划参考",
)
COVERAGE_SITES = Layer(
    "coverage-sites",
    "机构与承载",
    {
        "id": column(str, "机构编号"),
        "name": column(str, "机构"),
        "county": column(str, "所在县代码"),
        "county_name": column(str, "所在县", nullable=True),
        "state": column(
            str, "当日状态", nullable=True, checks=[pa.Check.isin([str(item) for item in InstitutionState])]
        ),
        "planned_opening": column("datetime64[s]", "计划投用", nullable=True),
        "serves": column(str, "辖区内的县", nullable=True),
        "counted": column(bool, "参加可达计算"),
        "beds": column(float, "床位", unit="张", nullable=True, checks=[_at_least_zero]),
        "children_nearest": column(
            int, "以其为最近且在时限内的儿童", unit="人", count=True, checks=[_at_least_zero]
        ),
        "children_per_bed": column(float, "每床儿童", unit="人/张", nullable=True, checks=[_at_least_zero]),
        "children_per_bed_reason": column(str, "每床儿童为空的原因", nullable=True),
        "children_catchment": column(
            float, "搜寻范围内儿童(加权)", unit="人", nullable=True, count=True, checks=[_at_least_zero]
        ),
    },
    key=("id",),
    description="该类机构:在本区域内、覆盖本区域,或是某村的最近机构",
)
