"""What a plan of duties is made of: who holds what before and after and why, loads, vacancies, ways out (五(三))."""

from __future__ import annotations

from enum import StrEnum

import pandera.pandas as pa

from planner.model.layers import Layer, column
from planner.model.rosters import CadreLevel

DUTY_CLAUSE = "五(三)"
_level = pa.Check.isin([str(level) for level in CadreLevel])
_at_least_zero = pa.Check.ge(0)


class Change(StrEnum):
    """What a plan does to an area."""

    KEPT = "不变"
    FILLED = "补缺"
    REPLACED = "更换"
    VACANT = "空缺"


DUTY_PLAN = Layer(
    "duty-plan",
    "包联安排",
    {
        "area": column(str, "包联区域代码"),
        "name": column(str, "包联区域"),
        "tier": column(str, "级别", checks=[_level]),
        "township_name": column(str, "乡镇"),
        "group": column(str, "组", nullable=True),
        "change": column(str, "变动", checks=[pa.Check.isin([str(item) for item in Change])]),
        "old": column(str, "原干部编号", nullable=True),
        "old_name": column(str, "原包联干部", nullable=True),
        "new": column(str, "干部编号", nullable=True),
        "new_name": column(str, "包联干部", nullable=True),
        "unit": column(str, "部门或乡镇", nullable=True),
        "why": column(str, "理由"),
        "children": column(int, "儿童", unit="人", count=True, checks=[_at_least_zero]),
        "load": column(int, "负荷", count=True, checks=[_at_least_zero]),
        "minutes": column(float, "路程", unit="分钟", nullable=True),
    },
    key=("area",),
    description="每个乡镇、村、组一行;负荷 = 基数 + 儿童 × 等级权重",
)
DUTY_VILLAGES = Layer(
    "duty-villages",
    "各村包联",
    {
        "code": column(str, "村(居)代码"),
        "name": column(str, "村(居)"),
        "township_name": column(str, "乡镇"),
        "holder": column(str, "包村干部", nullable=True),
        "department": column(str, "部门", nullable=True),
        "leader": column(str, "县级领导", nullable=True),
        "assistant": column(str, "民政协理员", nullable=True),
        "change": column(str, "变动", nullable=True),
        "children": column(int, "儿童", unit="人", count=True, checks=[_at_least_zero]),
    },
    geometry="point",
    description="按包村干部着色,点为村委会驻地(可缺)",
    colour_by="holder",
    tones={None: "bad"},
)
DUTY_LOADS = Layer(
    "duty-loads",
    "干部负荷",
    {
        "cadre": column(str, "干部编号"),
        "name": column(str, "姓名"),
        "tier": column(str, "级别", checks=[_level]),
        "unit": column(str, "部门或乡镇", nullable=True),
        "places_before": column(int, "原包联数", unit="个"),
        "places": column(int, "包联数", unit="个"),
        "load_before": column(int, "原负荷", count=True),
        "load": column(int, "负荷", count=True),
        "minutes_before": column(float, "原平均路程", unit="分钟", nullable=True),
        "minutes": column(float, "平均路程", unit="分钟", nullable=True),
        "at_home": column(int, "包本人老家", unit="处", checks=[_at_least_zero]),
        "remark": column(str, "备注", nullable=True),
    },
    key=("cadre", "tier"),
    description="每名干部一行,调整前后对照",
)
DUTY_TIERS = Layer(
    "duty-tiers",
    "各级求解",
    {
        "area": column(str, "区域代码"),
        "name": column(str, "区域"),
        "tier": column(str, "级别", checks=[_level]),
        "places": column(int, "区域数", unit="个"),
        "cadres": column(int, "干部数", unit="人"),
        "changed": column(int, "更换", unit="个"),
        "vacant": column(int, "空缺", unit="个"),
        "load_min": column(int, "最低负荷", count=True),
        "load_max": column(int, "最高负荷", count=True),
        "stray": column(int, "飞地", unit="片"),
        "value": column(float, "目标值"),
        "bound": column(float, "下界", nullable=True),
        "gap": column(float, "与下界之差", unit="%", nullable=True),
        "proved": column(bool, "已证明最优"),
    },
    key=("area", "tier"),
    description="目标值 = 变动 + 均衡 + 路程 + 部门分散;下界是任何安排都不能低于的数",
)
DUTY_VACANCIES = Layer(
    "duty-vacancies",
    "空缺清单",
    {
        "area": column(str, "区域代码"),
        "name": column(str, "区域"),
        "post": column(str, "缺什么"),
        "former": column(str, "原任", nullable=True),
        "why": column(str, "原因"),
        "proposed": column(str, "拟任", nullable=True),
    },
    key=("area", "post"),
    description="截至日没有人负责的乡镇、村、组和没有民政协理员的村;拟任为空的,方案也没有解决",
)
DUTY_WAYS_OUT = Layer(
    "duty-ways-out",
    "缺口和出路",
    {
        "area": column(str, "区域代码"),
        "name": column(str, "区域"),
        "tier": column(str, "级别", checks=[_level]),
        "vacant": column(int, "安排不下", unit="个"),
        "way": column(str, "办法"),
        "left": column(int, "之后还缺", unit="个"),
    },
    key=("area", "tier", "way"),
    description="安排不下的,逐个试过的最省办法",
)
DUTY_SCENARIOS = Layer(
    "duty-scenarios",
    "包联方案对照",
    {
        "scenario": column(str, "方案"),
        "run": column(str, "运行"),
        "change_weight": column(float, "换一名干部", unit="分", nullable=True),
        "balance_weight": column(float, "负荷每偏离平均1", unit="分", nullable=True),
        "travel_weight": column(float, "路程每分钟", unit="分", nullable=True),
        "value": column(float, "目标值"),
        "bound": column(float, "下界", nullable=True),
        "gap": column(float, "与下界之差", unit="%", nullable=True),
        "replaced": column(int, "更换", unit="个"),
        "filled": column(int, "补缺", unit="个"),
        "vacant": column(int, "空缺", unit="个"),
        "department_load": column(str, "部门干部负荷(最低–最高)"),
        "township_load": column(str, "乡镇干部负荷(最低–最高)"),
        "minutes": column(float, "平均路程", unit="分钟", nullable=True),
        "stray": column(int, "飞地", unit="片"),
        "at_home": column(float, "包本人老家", unit="处", nullable=True),
        "differing": column(int, "各方案不同", unit="处"),
    },
    key=("run",),
    description="目标值和下界各按自己的分数计,分数不同的不能互相比大小;平均路程是有干部的每处一次",
)
DUTY_DIFFERENCES = Layer(
    "duty-differences",
    "各方案不同的安排",
    {
        "area": column(str, "包联区域代码"),
        "name": column(str, "包联区域"),
        "tier": column(str, "级别", checks=[_level]),
        "township_name": column(str, "乡镇"),
        "old_name": column(str, "原包联干部", nullable=True),
        "first": column(str, "方案一", nullable=True),
        "second": column(str, "方案二", nullable=True),
        "third": column(str, "方案三", nullable=True),
    },
    key=("area",),
    description="各方案的包联干部不全相同的乡镇、村、组;空为空缺",
)
DUTY_RESULT = (DUTY_VILLAGES, DUTY_PLAN, DUTY_LOADS, DUTY_TIERS, DUTY_VACANCIES, DUTY_WAYS_OUT)
