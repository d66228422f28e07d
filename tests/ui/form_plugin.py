"""A plugin with a parameter of every kind, for forms."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, Field

from planner.model.layers import DEMAND, Layer, column
from planner.plugin import Context, Result, plugin

NUMBERS = Layer("numbers", "数", {"code": column(str, "代码")})


class Size(StrEnum):
    SMALL = "小"
    LARGE = "大"


class Params(BaseModel):
    """One of every kind, and each that may be left open."""

    teams: int = Field(3, title="队数", description="几个**队**", ge=1, le=9)
    limit_min: float = Field(60, title="最远车程", gt=0, le=600, json_schema_extra={"unit": "min"})
    night: bool = Field(True, title="夜间")
    start: date = Field(date(2017, 12, 5), title="起始")
    town: str = Field("县城", title="出发地")
    size: Size = Field(Size.LARGE, title="规模", json_schema_extra={"choices": {"小": "小型", "大": "大型"}})
    shift: Literal[1, 2] = Field(2, title="班次")
    any_teams: int | None = Field(None, title="队数,可空")
    any_limit: float | None = Field(None, title="车程,可空", le=600)
    any_night: bool | None = Field(None, title="夜间,可空")
    any_start: date | None = Field(None, title="起始,可空")
    any_town: str | None = Field(None, title="出发地,可空")
    any_size: Size | None = Field(None, title="规模,可空")


@plugin("各种参数", params=Params, reads=(DEMAND,), makes=(NUMBERS,))
def every_kind(context: Context, params: Params) -> Result:
    """什么也不算。"""
    return Result(tables={NUMBERS.name: NUMBERS.empty()})
