"""Plugins of every temper, for runs in real child processes; registered by the fixture `trials`."""

import os
import signal
import time

import numpy as np
import pandas as pd
from pydantic import BaseModel, Field

from planner.errors import InputError
from planner.model.divisions import Level
from planner.model.layers import DEMAND, DIVISIONS, Layer, column
from planner.plugin import Context, Metric, Result, plugin

STEPS = Layer(
    "trial-steps",
    "各步",
    {
        "code": column(str, "步"),
        "draw": column(float, "随机数", nullable=True),
        "day": column("datetime64[s]", "日", nullable=True),
        "word": column(str, "词", nullable=True),
        "good": column(bool, "好"),
    },
)
PLACES = Layer(
    "trial-places", "各县", {"code": column(str, "县代码"), "name": column(str, "县")}, geometry="polygon"
)
COPIES = Layer("trial-copies", "抄录", {"code": column(str, "步")})


class Params(BaseModel):
    """How long, and how."""

    steps: int = Field(3, title="步数", ge=0)
    pause_s: float = Field(0, title="每步停顿", ge=0, json_schema_extra={"unit": "秒"})
    offers: bool = Field(True, title="边做边给")


class NoParams(BaseModel):
    """Nothing to choose."""


@plugin("数步", params=Params, reads=(DIVISIONS, DEMAND), makes=(STEPS, PLACES))
def trial_steps(context: Context, params: Params) -> Result:
    """Draws a number a step."""
    divisions, demand = context.layer(DIVISIONS), context.layer(DEMAND)
    counties = divisions[divisions["level"] == Level.COUNTY]
    rng = np.random.default_rng(context.seed)
    draws: list[float] = []

    def so_far() -> Result:
        rows = pd.DataFrame({"code": [str(number) for number in range(len(draws))], "draw": draws})
        table = rows.assign(day=pd.Timestamp(context.as_of), word=None, good=rows["draw"] > 0.5)
        children = int(demand["children"].sum())
        return Result(
            layers={PLACES.name: PLACES.cast(counties)},
            tables={STEPS.name: STEPS.cast(table)},
            metrics={
                "steps": Metric("步数", len(draws), "个", table=STEPS.name),
                "good": Metric(
                    "好步", int(table["good"].sum()), "个", table=STEPS.name, where={"good": True}
                ),
                "children": Metric(
                    "儿童", children or None, "人", reason=None if children else "no_children"
                ),
            },
            notes=(f"县:{'、'.join(sorted(counties['name']))}",),
        )

    for _ in context.track(range(params.steps), "数步"):
        time.sleep(params.pause_s)
        draws.append(float(rng.random()))
        if params.offers:
            context.offer(so_far())
    return so_far()


@plugin("抄录", params=NoParams, reads=(STEPS,), makes=(COPIES,))
def trial_copies(context: Context, params: NoParams) -> Result:
    """Copies what trial-steps made."""
    return Result(tables={COPIES.name: COPIES.cast(context.layer(STEPS)[["code"]])})


@plugin("失败", params=NoParams, reads=(DEMAND,), makes=(COPIES,))
def trial_crash(context: Context, params: NoParams) -> Result:
    """Breaks."""
    raise RuntimeError("a secret of the insides")


@plugin("拒绝", params=NoParams, reads=(DEMAND,), makes=(COPIES,))
def trial_refusal(context: Context, params: NoParams) -> Result:
    """Cannot use what it was given."""
    raise InputError("需求表不能用", "请重新导入需求")


@plugin("不听", params=NoParams, reads=(DEMAND,), makes=(COPIES,))
def trial_deaf(context: Context, params: NoParams) -> Result:
    """Never asks whether to stop."""
    print("printed by a plugin")
    time.sleep(600)
    return Result()


@plugin("猝死", params=NoParams, reads=(DEMAND,), makes=(COPIES,))
def trial_death(context: Context, params: NoParams) -> Result:
    """Dies without a word."""
    os.kill(os.getpid(), signal.SIGKILL)
    return Result()


@plugin("飘移", params=NoParams, reads=(DEMAND,), makes=(COPIES,))
def trial_drift(context: Context, params: NoParams) -> Result:
    """Gives another result each time."""
    return Result(tables={COPIES.name: COPIES.cast(pd.DataFrame({"code": [str(time.time_ns())]}))})
