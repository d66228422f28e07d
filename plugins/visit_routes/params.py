"""What may be chosen, as the form and the command show it."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, Field, JsonValue

from planner.model.visiting import TravelMode
from planner.policy.visit_rules import Week

_MINUTES: dict[str, JsonValue] = {"unit": "min"}


class Params(BaseModel):
    """What may be chosen: the days, the hours, how one travels, how long a visit takes, how long to search."""

    first_day: date | None = Field(None, title="首日", description="排到这个月的最后一天。空为截至日的次日")
    township: str | None = Field(None, title="乡镇", description="只排一个乡镇(代码或名称)。空为全部")
    week: Week = Field("周一至周五", title="每周工作日", description="法定节假日和调休另按国务院的安排")
    off_from: date | None = Field(None, title="另外不走访:从", description="如开斋节、培训、全员会议")
    off_to: date | None = Field(None, title="另外不走访:到", description="空为只有一天")
    absent: str | None = Field(
        None, title="不在岗的走访人", description="姓名或编号,顿号分隔;由同乡镇的人代访"
    )
    further_kinds: bool = Field(True, title="排送教上门和康复走访", description="否则只排定期走访")
    begin_hour: float = Field(8.5, title="出发", ge=0, le=23, json_schema_extra={"unit": "点"})
    end_hour: float = Field(18, title="返回不晚于", ge=1, le=24, json_schema_extra={"unit": "点"})
    lunch_hour: float = Field(12, title="午休不早于", ge=0, le=23, json_schema_extra={"unit": "点"})
    lunch_min: float = Field(
        60, title="午休", description="0为没有;不计入每日时限", ge=0, le=240, json_schema_extra=_MINUTES
    )
    limit_min: float = Field(
        420, title="每日时限", description="路程和走访合计", ge=30, le=960, json_schema_extra=_MINUTES
    )
    mode: TravelMode = Field(TravelMode.CAR, title="出行方式", description="名册中没有写明的走访人用它")
    slower: float = Field(
        1.25,
        title="摩托车路程倍数",
        description="相当于汽车路程的几倍",
        ge=0.5,
        le=5,
        json_schema_extra={"unit": "倍"},
    )
    walk_kmh: float = Field(4.5, title="步行速度", ge=1, le=10, json_schema_extra={"unit": "km/h"})
    detour: float = Field(
        1.4,
        title="绕行系数",
        description="没有道路数据时,路程按直线距离乘以它估算;步行都按它",
        ge=1,
        le=5,
        json_schema_extra={"unit": "倍"},
    )
    speed_kmh: float = Field(
        40,
        title="估算车速",
        description="没有道路数据时用它估算路程",
        ge=1,
        le=150,
        json_schema_extra={"unit": "km/h"},
    )
    visit_min: float = Field(30, title="定期走访每户用时", ge=0, le=480, json_schema_extra=_MINUTES)
    high_min: float = Field(
        20, title="高风险另加", description="户中有高风险儿童时", ge=0, le=480, json_schema_extra=_MINUTES
    )
    child_min: float = Field(10, title="同户每多一名儿童另加", ge=0, le=240, json_schema_extra=_MINUTES)
    teaching_min: float = Field(60, title="送教上门用时", ge=0, le=480, json_schema_extra=_MINUTES)
    rehab_min: float = Field(45, title="康复走访用时", ge=0, le=480, json_schema_extra=_MINUTES)
    after_school: bool = Field(
        False, title="在读儿童放学后走访", description="工作日到放学时间才开始,才能见到儿童"
    )
    school_out_hour: float = Field(16.5, title="放学", ge=10, le=20, json_schema_extra={"unit": "点"})
    high_in_pairs: bool = Field(True, title="高风险两人同访", description="走访人数列写2,另一人由村里安排")
    tolerance: float = Field(
        0.25,
        title="提前量",
        description="可比应访日提前间隔的几成(至少1天);同一儿童两次走访的间隔也只能差这么多",
        ge=0,
        le=0.9,
        json_schema_extra={"unit": "成"},
    )
    swap_min: float = Field(
        30,
        title="换人代价",
        description="由不负责该村、上次也没去过的人走访一次,相当于多走的路",
        ge=0,
        le=600,
        json_schema_extra=_MINUTES,
    )
    keep_plan: bool = Field(
        False, title="沿用上次路线", description="在同一区域上次的结果上少改动,并列出变化"
    )
    change_min: float = Field(
        20,
        title="改动代价",
        description="沿用时,每次改日期相当于多走的路,换人也是",
        ge=0,
        le=600,
        json_schema_extra=_MINUTES,
    )
    iterations: int = Field(
        20_000, title="改进步数", description="每百个停靠点;步数和种子相同,结果就相同", ge=10, le=1_000_000
    )
