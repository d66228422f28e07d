"""The whole public interface of a plugin: `@plugin`, `Context`, `Result`.

A plugin is one function with its parameters, what it reads and what it makes. The form in the app, the
options of the command, the checks and the documentation all come from this one declaration.
"""

from __future__ import annotations

import inspect
import math
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sized
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, TypeVar

import pandas as pd
from pydantic import BaseModel

from planner.errors import PluginError, Problem
from planner.model.layers import Layer
from planner.roads import StraightLine, Travel

Item = TypeVar("Item")
Cause = Literal["person", "clock", "work"]

LAST = 100
# The addresses of the pages that are no plugin's.
PAGES = ("visits", "duties", "data", "roads", "runs", "compare", "plugins", "about")
REASONS = {
    "no_children": "没有儿童",
    "no_demand": "没有需求数据",
    "no_county": "没有县级单位",
    "no_site": "没有运营机构",
    "no_capacity": "没有床位数据",
    "no_roads": "没有道路数据",
    "unlocated": "没有定位",
    "unreachable": "不可达",
    "suppressed": "小数隐去",
}


@dataclass(frozen=True)
class Metric:
    """One figure of a result: its value and unit, and how it came about.

    A value that cannot be given is None with a `reason` out of REASONS. `table` and `where` name the rows
    behind the figure (rows of that table, or layer, whose columns equal the given values); `formula` and
    `clause` say how it was computed and what it rests on.
    """

    title: str
    value: float | int | str | None
    unit: str = ""
    reason: str | None = None
    formula: str = ""
    clause: str = ""
    table: str | None = None
    where: Mapping[str, Any] = field(default_factory=dict)


def rows_behind(frame: pd.DataFrame, where: Mapping[str, Any]) -> pd.DataFrame:
    """The rows of `frame` whose columns equal the values of `where`."""
    chosen = pd.Series(True, index=frame.index)
    for column, value in where.items():
        chosen &= frame[column].isna() if value is None else frame[column] == value
    return frame[chosen]


@dataclass(frozen=True)
class Result:
    """What a run makes: layers (with geometry), tables (without), metrics and notes in plain Chinese.

    `layers` and `tables` are keyed by the name of a declared Layer.
    """

    layers: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    metrics: Mapping[str, Metric] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Progress:
    """How far a run is: what it is doing, the share done (None: unknown), the bound and value so far."""

    doing: str
    share: float | None = None
    work: int = 0


class Stopped(Exception):  # noqa: N818 - not an error: somebody wished the end
    """Ends a run early: by a person, by the clock, or because a replay has done its share of work."""

    def __init__(self, cause: Cause) -> None:
        super().__init__(cause)
        self.cause = cause


@dataclass
class Context:
    """What a running plugin is given: its declared layers, the day, the seed, travel times, and a way back.

    `frames` holds the layers by name, in metres (EPSG:4544), cut to the area of the person running the
    plugin, with true counts. `work_limit` ends the run after that many tracked items: a replay does the
    same amount of work as the run it repeats, whatever the clock says.
    """

    frames: Mapping[str, pd.DataFrame]
    as_of: date
    travel: Travel = field(default_factory=StraightLine)
    seed: int = 0
    time_limit_s: float | None = None
    work_limit: int | None = None
    report: Callable[[Progress], None] = lambda progress: None
    stop_wished: Callable[[], bool] = lambda: False
    best: Result | None = None
    bound: float | None = None
    work: int = 0
    _started_s: float = field(default_factory=time.monotonic)

    def layer(self, layer: Layer) -> Any:
        """The frame of a declared layer. Raises PluginError for one the plugin did not declare."""
        if layer.name not in self.frames:
            raise PluginError(
                f"插件没有声明要读图层“{layer.title}”({layer.name})", "把它写进 @plugin 的 reads"
            )
        return self.frames[layer.name].copy()

    def track(self, items: Iterable[Item], doing: str) -> Iterator[Item]:
        """The items one by one, with progress told and the wish to stop heard before each.

        Raises Stopped when a person, the clock, or the work limit of a replay ends the run.
        """
        total = len(items) if isinstance(items, Sized) else None
        for position, item in enumerate(items):
            self._stop_if_due()
            self.report(Progress(doing, position / total if total else None, self.work))
            yield item
            self.work += 1
        self.report(Progress(doing, 1.0 if total is not None else None, self.work))

    def offer(self, result: Result, bound: float | None = None) -> None:
        """Keep `result` as the best so far: what an early end returns, marked as such."""
        self.best, self.bound = result, bound

    def _stop_if_due(self) -> None:
        if self.stop_wished():
            raise Stopped("person")
        if self.work_limit is not None and self.work >= self.work_limit:
            raise Stopped("work")
        if self.time_limit_s is not None and time.monotonic() - self._started_s >= self.time_limit_s:
            raise Stopped("clock")


@dataclass(frozen=True)
class Plugin:
    """A declared plugin; `name` is the command name, `order` its place among the pages. Call it as its function."""

    name: str
    title: str
    summary: str
    params: type[BaseModel]
    reads: tuple[Layer, ...]
    makes: tuple[Layer, ...]
    compute: Callable[[Context, Any], Result]
    version: str
    module: str
    order: int = LAST

    def __call__(self, context: Context, params: BaseModel) -> Result:
        """Run the function and check what it returns. Raises PluginError where it breaks the declaration."""
        result = self.compute(context, params)
        check_result(self, result)
        return result

    def made(self, name: str) -> Layer:
        """The declared layer or table of that name."""
        return next(layer for layer in self.makes if layer.name == name)


def plugin(
    title: str,
    *,
    params: type[BaseModel],
    reads: Iterable[Layer],
    makes: Iterable[Layer],
    version: str = "1",
    order: int = LAST,
) -> Callable[[Callable[[Context, Any], Result]], Plugin]:
    """Declare a plugin. Its command name is the function's name with hyphens; its summary the docstring.

    Pages and lists come by `order`, then by name; the built-in ones stand first.

    Raises PluginError listing every fault of the declaration.
    """

    def declare(function: Callable[[Context, Any], Result]) -> Plugin:
        declared = Plugin(
            name=function.__name__.replace("_", "-"),
            title=title,
            summary=inspect.getdoc(function) or "",
            params=params,
            reads=tuple(reads),
            makes=tuple(makes),
            compute=function,
            version=version,
            module=function.__module__,
            order=order,
        )
        if problems := declaration_problems(declared):
            raise PluginError(f"插件“{declared.name}”的声明有误", problems=problems)
        return declared

    return declare


def declaration_problems(declared: Plugin) -> list[Problem]:
    """What is wrong with a declaration: names, title, docstring, parameter titles and defaults, layers."""
    problems = []
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", declared.name):
        problems.append(Problem(f"名称“{declared.name}”不合规则", "函数名用小写字母、数字和下划线"))
    if declared.name in PAGES:
        problems.append(Problem(f"名称“{declared.name}”是固定页面的地址", "给插件函数换一个名字"))
    if not declared.title.strip():
        problems.append(Problem("没有标题", '写 @plugin("中文标题", …)'))
    if not declared.summary:
        problems.append(Problem("没有说明", "给函数写一段文档字符串"))
    for name, item in declared.params.model_fields.items():
        if not item.title:
            problems.append(Problem(f"参数“{name}”没有标题", 'Field(…, title="…")'))
        if item.is_required():
            problems.append(Problem(f"参数“{name}”没有默认值", "给出默认值,表单和命令才能直接运行"))
    if not declared.makes:
        problems.append(Problem("没有声明产出", "在 makes 里列出图层或表"))
    names = [layer.name for layer in declared.makes]
    problems += [
        Problem(f"产出“{name}”声明了两次") for name in sorted({n for n in names if names.count(n) > 1})
    ]
    return problems


def check_result(declared: Plugin, result: Result) -> None:
    """Raises PluginError naming every way in which `result` breaks the plugin's declaration."""
    problems: list[Problem] = []
    made = {layer.name: layer for layer in declared.makes}
    for group, frames in (("layers", result.layers), ("tables", result.tables)):
        for name, frame in frames.items():
            if name not in made:
                problems.append(Problem(f"{group} 中的“{name}”没有声明", "写进 @plugin 的 makes"))
            elif (made[name].geometry is not None) != (group == "layers"):
                problems.append(Problem(f"“{name}”放错了地方", "有几何的放 layers,没有的放 tables"))
            else:
                try:
                    made[name].check(frame)
                except PluginError as error:
                    problems.append(Problem(str(error)))
    shown = {**result.layers, **result.tables}
    for name, metric in result.metrics.items():
        problems += _metric_problems(name, metric, shown)
    if problems:
        raise PluginError(f"插件“{declared.title}”({declared.name})的结果与声明不符", problems=problems)


def _metric_problems(name: str, metric: Metric, shown: Mapping[str, pd.DataFrame]) -> list[Problem]:
    problems = []
    value: Any = metric.value
    if value is None and metric.reason not in REASONS:
        problems.append(Problem(f"指标“{name}”为空却没有原因", f"reason 取 {'、'.join(REASONS)} 之一"))
    if value is not None and not isinstance(value, float | int | str):
        kind = type(value).__name__
        problems.append(Problem(f"指标“{name}”的值是{kind}", "用 int()、float() 或 str() 转换"))
    if isinstance(value, float) and not math.isfinite(value):
        problems.append(Problem(f"指标“{name}”是{value}", "给出 None 和原因"))
    if metric.table is not None and metric.table not in shown:
        problems.append(Problem(f"指标“{name}”指向不存在的表“{metric.table}”"))
    elif metric.table is not None and (absent := set(metric.where) - set(shown[metric.table].columns)):
        problems.append(
            Problem(f"指标“{name}”的 where 用了“{metric.table}”没有的列:{'、'.join(sorted(absent))}")
        )
    return problems
