"""What may be chosen, as the form and the command show it."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, Field

from planner.model.coverage import CatchmentMethod
from planner.model.demand import Need
from planner.model.institutions import InstitutionKind
from planner.policy.indicators import COVERAGE_TARGET_DAY

from .curve import LAST_MIN


class Params(BaseModel):
    """What may be chosen: whose coverage, for which children, within how many minutes, by which measure."""

    kind: InstitutionKind = Field(InstitutionKind.PROTECTION, title="机构类型")
    service: str | None = Field(
        None,
        title="服务内容",
        description="只在可达与承载中要求提供这项服务;法定口径只看机构类型。空为不限",
    )
    need: Need | None = Field(None, title="需求", description="只计有这项需求的儿童。空为全部儿童")
    limit_min: float = Field(
        60,
        title="车程时限",
        description="正好等于时限算时限内",
        ge=1,
        le=600,
        json_schema_extra={"unit": "min"},
    )
    method: CatchmentMethod = Field(
        CatchmentMethod.GAUSS,
        title="可达性方法",
        description="可及床位怎样把范围内的床位分给儿童;各方法的取舍见说明",
        json_schema_extra={
            "choices": {
                "2SFCA": "两步移动搜寻法(2SFCA)",
                "E2SFCA-step": "增强两步法,分段权重(E2SFCA)",
                "E2SFCA-gauss": "增强两步法,高斯权重(E2SFCA)",
                "3SFCA": "三步移动搜寻法(3SFCA)",
                "BFCA": "平衡移动搜寻法(BFCA)",
            }
        },
    )
    catchment_min: float = Field(
        60,
        title="搜寻范围",
        description="可及床位只计这个车程内的机构,正好等于算范围内",
        ge=1,
        le=600,
        json_schema_extra={"unit": "min"},
    )
    worst_count: int = Field(
        20, title="最差的村列出", description="按缺口从大到小", ge=1, le=500, json_schema_extra={"unit": "个"}
    )
    detour: float = Field(
        1.4,
        title="绕行系数",
        description="没有道路数据时,车程按直线距离乘以它估算",
        ge=1,
        le=5,
        json_schema_extra={"unit": "倍"},
    )
    speed_kmh: float = Field(
        40,
        title="估算车速",
        description="没有道路数据时用它估算车程",
        ge=1,
        le=150,
        json_schema_extra={"unit": "km/h"},
    )
    target_day: date = Field(
        COVERAGE_TARGET_DAY, title="目标日", description="四(二):到2020年实现未成年人保护机构全覆盖"
    )


def horizon_min(params: Params) -> float:
    """How far sites are sought beside the nearest one: to the end of the curve, the limit and the catchment."""
    return max(LAST_MIN, params.limit_min, params.catchment_min)
