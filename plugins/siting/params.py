"""What may be chosen, as the form and the command show it."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, Field, model_validator

from planner.model.demand import Need
from planner.model.institutions import InstitutionKind

from .options import Model


class Candidates(StrEnum):
    """候选点: where a new institution may stand."""

    SEATS = "乡镇驻地"
    VILLAGES = "全部村"


class Existing(StrEnum):
    """现有机构: what is to become of the operating ones."""

    KEPT = "保留"
    CLOSABLE = "可关闭迁建"


class Basics(BaseModel):
    """What every question of siting is about: which institution, for whom, how many, how far, where."""

    kind: InstitutionKind = Field(InstitutionKind.PROTECTION, title="机构类型")
    need: Need | None = Field(None, title="需求", description="只计有这项需求的儿童。空为全部儿童")
    count: int | None = Field(
        3, title="新增个数", description="至多。空为只受预算限制;“最少新增、全部覆盖”不用", ge=0, le=500
    )
    limit_min: float = Field(
        60,
        title="车程时限",
        description="正好等于时限算时限内",
        ge=1,
        le=600,
        json_schema_extra={"unit": "min"},
    )
    candidates: Candidates = Field(Candidates.SEATS, title="候选点")
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


class Params(Basics):
    """What may be chosen: the model, and the options."""

    model: Model = Field(Model.MAX_COVER, title="目标", description="各模型的意义见 docs/siting.md")
    existing: Existing = Field(Existing.KEPT, title="现有机构", description="只有“运营”的算现有")
    times: int = Field(1, title="每村由几个机构覆盖", description="2 为后备覆盖", ge=1, le=3)
    county_share: float | None = Field(
        None,
        title="各县最低覆盖比例",
        description="每个县时限内的儿童不少于这个比例。空为不限",
        ge=0,
        le=100,
        json_schema_extra={"unit": "%"},
    )
    new_capacity: int | None = Field(
        None, title="新机构容量", description="空为不限", ge=0, json_schema_extra={"unit": "人"}
    )
    bed_capacity: bool = Field(False, title="现有机构按床位计容量", description="没有床位数据的不限")
    split: bool = Field(False, title="一村可分去几处", description="只在有容量时有用")
    by_service: bool = Field(
        False, title="按服务分开", description="康复、送教、安置各算各的,现有机构只接登记了的服务,新机构都接"
    )
    budget: float | None = Field(
        None, title="总预算", description="空为不限", ge=0, json_schema_extra={"unit": "万元"}
    )
    seat_cost: float = Field(
        100,
        title="设在乡镇驻地的费用",
        description="没有预算数据时自填",
        ge=0,
        json_schema_extra={"unit": "万元"},
    )
    village_cost: float = Field(60, title="设在村的费用", ge=0, json_schema_extra={"unit": "万元"})
    closing_cost: float = Field(
        20, title="关闭一个机构的费用", description="只在可关闭时用", ge=0, json_schema_extra={"unit": "万元"}
    )

    @model_validator(mode="after")
    def _together(self) -> Params:
        if self.model is not Model.SET_COVER and self.count is None and self.budget is None:
            raise ValueError("新增个数和总预算至少给一个")
        if self.model is Model.SET_COVER and self.budget is not None:
            raise ValueError("“最少新增、全部覆盖”自己定个数和费用,请把总预算留空")
        return self


# From which share of the draws on a place counts as steady, and below which as chosen seldom; in %.
OFTEN, SELDOM = 90.0, 10.0


class Aim(StrEnum):
    """目标 of the models that weigh children."""

    MAX_COVER = Model.MAX_COVER.value
    P_MEDIAN = Model.P_MEDIAN.value


class Chance(StrEnum):
    """人数怎样变动: how the children of a village are drawn."""

    POISSON = "泊松"
    BINOMIAL = "二项"


class StabilityParams(Basics):
    """What may be chosen: the question as for siting, and how the demand varies."""

    count: int = Field(3, title="新增个数", ge=1, le=500)
    model: Aim = Field(Aim.MAX_COVER, title="目标", description="只有计儿童数的两个模型受人数变动影响")
    draws: int = Field(200, title="抽样次数", ge=100, le=2000, json_schema_extra={"unit": "次"})
    chance: Chance = Field(
        Chance.POISSON,
        title="人数怎样变动",
        description="泊松:以现有人数为平均数;二项:每名儿童以“保留概率”仍在册",
    )
    keep: float = Field(
        80, title="保留概率", description="只用于二项", ge=1, le=100, json_schema_extra={"unit": "%"}
    )
