"""What may be chosen, as the form and the command show it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel, Field, JsonValue

from planner.model.rosters import CadreLevel
from planner.model.words import Grade


class Aim(StrEnum):
    """What weighs most, in words; the numbers stand in WEIGHTS."""

    KEEP = "少变动"
    EVEN = "更均衡"
    NEAR = "更近"


class Mode(StrEnum):
    """Whether present holders may be changed where that is better, or only where it must be."""

    ANEW = "重新安排"
    UPDATE = "只补缺"


@dataclass(frozen=True)
class Weights:
    """Of one changed holder, of one unit of load off the mean, of one minute of travel."""

    change: float
    balance: float
    travel: float


WEIGHTS = {Aim.KEEP: Weights(60, 1, 0.5), Aim.EVEN: Weights(10, 4, 0.5), Aim.NEAR: Weights(10, 1, 3)}
_AIMS: dict[str, JsonValue] = {
    str(aim): f"{aim}(变动{w.change:g}、均衡{w.balance:g}、路程{w.travel:g})" for aim, w in WEIGHTS.items()
}
_OVERRIDES = "空为所选侧重的数"


class Params(BaseModel):
    """What may be chosen: which tiers, anew or only what must be, what weighs most, and the limits."""

    tier: CadreLevel | None = Field(
        None, title="级别", description="县级包乡镇、部门包村、乡镇包组。空为三级都安排"
    )
    mode: Mode = Field(
        Mode.ANEW, title="方式", description="只补缺:现有的都不动,除非不动就安排不下(离任、调动、新村、撤并)"
    )
    aim: Aim = Field(Aim.KEEP, title="侧重", json_schema_extra={"choices": _AIMS})
    change_weight: float | None = Field(
        None, title="换一名干部", description=_OVERRIDES, ge=0, le=1000, json_schema_extra={"unit": "分"}
    )
    balance_weight: float | None = Field(
        None, title="负荷每偏离平均1", description=_OVERRIDES, ge=0, le=100, json_schema_extra={"unit": "分"}
    )
    travel_weight: float | None = Field(
        None, title="路程每分钟", description=_OVERRIDES, ge=0, le=100, json_schema_extra={"unit": "分"}
    )
    spread_weight: float = Field(
        5,
        title="同一乡镇每多一名同部门干部",
        description="部门分散:一个乡镇的村由不同部门包",
        ge=0,
        le=1000,
        json_schema_extra={"unit": "分"},
    )
    most_villages: int = Field(
        6, title="一名部门干部最多包村", ge=1, le=100, json_schema_extra={"unit": "个"}
    )
    most_groups: int = Field(12, title="一名乡镇干部最多包组", ge=1, le=200, json_schema_extra={"unit": "个"})
    contiguous: bool = Field(
        False, title="连片", description="一名干部的村、组尽量相邻,先于其他各项,会多换人"
    )
    avoid_home: bool = Field(False, title="回避老家", description="不包自己老家所在的村")
    avoid: str | None = Field(
        None, title="回避名单", description="每行(或用分号隔开)一条:姓名:村代码;亲属所在的村不由本人包"
    )
    locked: str | None = Field(
        None, title="锁定", description="不许换人的乡镇、村、组代码,用顿号、逗号或空格隔开"
    )
    base_load: int = Field(1, title="每村每组的基数", description="没有儿童的也要包,也算负荷", ge=0, le=100)
    high_weight: int = Field(5, title="高风险儿童的权重", ge=0, le=100)
    middle_weight: int = Field(2, title="中风险儿童的权重", ge=0, le=100)
    low_weight: int = Field(1, title="低风险儿童的权重", ge=0, le=100)
    steps: int = Field(400_000, title="每轮搜索步数", description="多则更好也更慢", ge=1_000, le=100_000_000)

    @property
    def weights(self) -> Weights:
        """The weights of the aim, but for those given as numbers."""
        chosen = WEIGHTS[self.aim]
        return Weights(
            chosen.change if self.change_weight is None else self.change_weight,
            chosen.balance if self.balance_weight is None else self.balance_weight,
            chosen.travel if self.travel_weight is None else self.travel_weight,
        )

    @property
    def grade_weights(self) -> dict[str, int]:
        """How much a child of each grade weighs."""
        grades = (Grade.HIGH, Grade.MIDDLE, Grade.LOW)
        return dict(
            zip(map(str, grades), (self.high_weight, self.middle_weight, self.low_weight), strict=True)
        )
