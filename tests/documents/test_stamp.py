"""The titles of parameters and the words of a paper."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, Field

from planner.documents import Stamp, param_titles
from planner.documents.stamp import metric_value
from planner.plugin import Metric


class Params(BaseModel):
    limit_min: float = Field(60, title="最远车程", json_schema_extra={"unit": "分钟"})
    kind: str = Field("甲", title="机构类型")
    bare: int = 1


def test_param_titles() -> None:
    assert param_titles(Params) == {"limit_min": "最远车程(分钟)", "kind": "机构类型", "bare": "bare"}


def test_words_of_the_day() -> None:
    stamp = Stamp("题", "p", "r", "s", date(2017, 12, 5))
    assert stamp.as_of_text == "截至2017年12月5日"
    assert stamp.notice == "内部工作用图 不得公开"


def test_metric_value() -> None:
    assert metric_value(Metric("数", 0)) == 0
    assert metric_value(Metric("数", None, reason="suppressed")) == "—(小数隐去)"
    assert metric_value(Metric("数", None)) == "—"
