"""What every paper says about itself: the run, the two days, the parameters, and whom it is for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel

from planner.documents.cells import Plain, plain, text_of
from planner.model.layers import Layer
from planner.plugin import REASONS, Metric, Result

NOTICE = "内部工作用图 不得公开"
PERSONAL_NOTICE = "含未成年人个人信息 不得外传"
DEMO_NOTICE = "示例数据"
# What is told of why the data are kept and used (个人信息保护法 13, 34; 未成年人保护法 72); checked by nobody yet.
LEGAL_BASIS = "宁政发〔2017〕86号四(三)困境儿童一人一档、动态管理;民政部门履行法定职责所必需"
RIGHTS = "监护人可以要求查阅和更正;发现有误的,请告知乡镇经办"
HANDLING = "只用于上面写明的用途,用完删除;工作区不留副本,保管和销毁由导出人负责"


@dataclass(frozen=True)
class Mark:
    """The watermark of a paper that tells of children: who took it out, when (with a zone), and what for."""

    user: str
    at: datetime
    reason: str


@dataclass(frozen=True)
class Stamp:
    """Where a paper comes from.

    `as_of` is the day in the world, `known_at` the day of knowledge (None: the newest). `params` holds the
    values by parameter name, `param_titles` their Chinese titles. `serial` identifies this very export and
    stands on each of its pages; `demo` marks a paper made from generated rows, `mark` one that tells of
    children. `plugin` and `run` are empty for a paper that no run made.
    """

    title: str
    plugin: str
    run: str
    serial: str
    as_of: date
    known_at: datetime | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    param_titles: Mapping[str, str] = field(default_factory=dict)
    demo: bool = False
    mark: Mark | None = None

    @property
    def notice(self) -> str:
        """The words every page carries."""
        return f"{DEMO_NOTICE} · {self.limits}" if self.demo else self.limits

    @property
    def limits(self) -> str:
        """How far the paper may go."""
        return PERSONAL_NOTICE if self.mark else NOTICE

    @property
    def mark_text(self) -> str:
        """The serial and, where there is a watermark, who took the paper out and when."""
        if self.mark is None:
            return f"编号 {self.serial}"
        return f"编号 {self.serial} {self.mark.user} {text_of(plain(self.mark.at))}"

    @property
    def made_at(self) -> datetime:
        """The moment that a file says it was made: the day of knowledge, so that it can be made again exactly."""
        return (self.known_at or datetime(self.as_of.year, self.as_of.month, self.as_of.day)).replace(
            tzinfo=None
        )

    @property
    def as_of_text(self) -> str:
        """The day as papers write it, e.g. 截至2017年12月5日."""
        return f"截至{self.as_of.year}年{self.as_of.month}月{self.as_of.day}日"


@dataclass(frozen=True)
class Line:
    """One line of the explanation that goes with a result: a name, its value and unit, and a remark."""

    section: str
    name: str
    value: Plain
    unit: str = ""
    remark: str = ""


def param_titles(params: type[BaseModel]) -> dict[str, str]:
    """The Chinese title of each parameter, with its unit where it has one."""
    titles = {}
    for name, item in params.model_fields.items():
        extra = item.json_schema_extra
        unit = extra.get("unit") if isinstance(extra, dict) else None
        titles[name] = f"{item.title or name}({unit})" if unit else item.title or name
    return titles


def explanation(result: Result, makes: Mapping[str, Layer], stamp: Stamp) -> Iterator[Line]:
    """What a reader must know of `result`, line by line: origin, parameters, metrics, contents, notes."""
    yield Line("来源", "名称", stamp.title)
    yield Line("来源", "截至日期", stamp.as_of)
    known_at = plain(stamp.known_at)
    yield Line("来源", "数据时点", "最新" if known_at is None else known_at)
    if stamp.run:
        yield Line("来源", "插件", stamp.plugin)
        yield Line("来源", "运行编号", stamp.run)
    yield Line("来源", "文件编号", stamp.serial)
    yield Line("来源", "数据性质", DEMO_NOTICE if stamp.demo else "登记数据")
    yield Line("来源", "使用范围", stamp.limits)
    if stamp.mark is not None:
        yield Line("使用", "导出人", stamp.mark.user)
        yield Line("使用", "导出时间", plain(stamp.mark.at))
        yield Line("使用", "用途", stamp.mark.reason)
        yield Line("使用", "依据", LEGAL_BASIS)
        yield Line("使用", "权利", RIGHTS)
        yield Line("使用", "保管", HANDLING)
    for name, value in stamp.params.items():
        yield Line("参数", stamp.param_titles.get(name, name), plain(value))
    for metric in result.metrics.values():
        yield Line("指标", metric.title, metric_value(metric), metric.unit, _basis(metric))
    for name, frame in {**result.layers, **result.tables}.items():
        yield Line("内容", makes[name].title, len(frame), "行", makes[name].description)
    for number, note in enumerate(result.notes, start=1):
        yield Line("说明", str(number), plain(note))


def metric_value(metric: Metric) -> Plain:
    """The value of a metric; where there is none, a dash with the reason, e.g. —(没有儿童)."""
    value = plain(metric.value)
    return dash_with_reason(metric.reason) if value is None else value


def dash_with_reason(reason: str | None) -> str:
    """What stands for a figure that cannot be given, e.g. —(没有儿童)."""
    return f"—({REASONS.get(reason, reason)})" if reason else "—"


def _basis(metric: Metric) -> str:
    return ";".join(text for text in (metric.formula, metric.clause and f"依据:{metric.clause}") if text)
