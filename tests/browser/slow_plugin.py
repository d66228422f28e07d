"""A plugin that takes its time, for tests of progress and stop."""

import time

import pandas as pd
from pydantic import BaseModel, Field

from planner.model.layers import DIVISIONS, Layer, column
from planner.plugin import Context, Metric, Result, plugin

STEPS = Layer("slow-steps", "步骤", {"step": column(int, "步")}, key=("step",))


class Params(BaseModel):
    """How long."""

    steps: int = Field(600, title="步数", ge=1, le=10_000)


@plugin("慢插件", params=Params, reads=(DIVISIONS,), makes=(STEPS,))
def slow_steps(context: Context, params: Params) -> Result:
    """Counts slowly, offering what it has counted."""
    done: list[int] = []
    for step in context.track(range(params.steps), "数数"):
        time.sleep(0.1)
        done.append(step)
        context.offer(_result(done))
    return _result(done)


def _result(done: list[int]) -> Result:
    table = pd.DataFrame({"step": pd.Series(done, dtype="int64")})
    metric = Metric("已数", len(done), "个", table="slow-steps")
    return Result(tables={"slow-steps": table}, metrics={"counted": metric})
