"""What every plugin must keep to, found by reading its declaration and sources and by running it."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace

import pandas as pd

from planner.differences import differences
from planner.errors import InputError, PlannerError, PluginError, Problem
from planner.model.layers import INSTITUTION_STATES, INSTITUTIONS
from planner.parameters import fields_of, read_params
from planner.plugin import (
    Context,
    Plugin,
    Progress,
    Result,
    Stopped,
    check_result,
    declaration_problems,
    rows_behind,
)
from planner.testing.sources import source_problems
from planner.testing.world import INPUTS, make_context, tiny_world

Frames = dict[str, pd.DataFrame]

# A figure of these units counts rows: where it names a table, the rows named must be that many.
ROW_UNITS = ("个", "行")


def check_plugin(plugin: Plugin, *, frames: Mapping[str, pd.DataFrame] | None = None) -> None:
    """Check a plugin against the contract. Raises PluginError naming every breach, in Chinese.

    - The declaration is complete, the parameters make a form, their defaults are valid and survive JSON.
    - Its modules import only what a plugin may, and say in docstrings what they are.
    - It runs on a tiny world, on one without institutions and on one without any rows; the results keep to
      the declaration; the same seed gives the same result; what it was given stays as it was.
    - A stop wished at its first, middle or last tracked item comes out as Stopped, and what it has offered
      by then keeps to the declaration.
    - A metric in 个 or 行 that names a table (or layer) equals the number of rows behind it.

    `frames` gives the layers it reads that other plugins make, by layer name; they are empty otherwise.
    """
    problems = [*declaration_problems(plugin), *_parameter_problems(plugin), *_layer_problems(plugin)]
    if not problems:
        problems = [*source_problems(plugin.module), *_run_problems(plugin, dict(frames or {}))]
    if problems:
        raise PluginError(f"插件“{plugin.title}”({plugin.name})不符合插件约定", problems=problems)


def _parameter_problems(plugin: Plugin) -> Iterator[Problem]:
    try:
        fields = fields_of(plugin.params)
        default = read_params(plugin.params, {field.name: field.default for field in fields})
        saved = json.loads(json.dumps(default.model_dump(mode="json"), allow_nan=False))
        if read_params(plugin.params, saved) != default:
            yield Problem("参数的默认值经 JSON 保存再读回后不同", "去掉别名和自定义序列化")
        typed = {field.name: "" if field.default is None else str(field.default) for field in fields}
        if read_params(plugin.params, typed) != default:
            yield Problem("参数的默认值写成文字再读回后不同", "默认值须与类型一致")
    except PluginError as error:
        yield from error.problems or [Problem(str(error))]
    except InputError as error:
        yield from (replace(problem, message=f"默认值{problem.message}") for problem in error.problems)
    except ValueError as error:
        yield Problem(f"参数的默认值不能保存为 JSON:{error}", "默认值须满足自己的限制,不能是 NaN")


def _layer_problems(plugin: Plugin) -> Iterator[Problem]:
    taken = {layer.name for layer in INPUTS}
    for layer in plugin.makes:
        if layer.name in taken:
            yield Problem(f"产出“{layer.name}”与输入图层同名", "换一个名字")
        if absent := [name for name in layer.key if name not in layer.columns]:
            yield Problem(f"产出“{layer.name}”的 key 不是它的列:{'、'.join(absent)}", "写成已声明的列")


def _run_problems(plugin: Plugin, frames: Frames) -> Iterator[Problem]:
    whole = {**frames, **tiny_world()}
    idle = {
        **whole,
        INSTITUTIONS.name: INSTITUTIONS.empty(),
        INSTITUTION_STATES.name: INSTITUTION_STATES.empty(),
    }
    runs = True
    for name, world in (("小世界", whole), ("没有机构的世界", idle), ("没有数据的世界", {})):
        given = copy.deepcopy(world)
        asked: list[Progress] = []
        result = _run(plugin, make_context(plugin, given, report=asked.append))
        if isinstance(result, Problem):
            yield _told(name, result)
            runs = False
            continue
        yield from (_told(name, problem) for problem in _metric_problems(result))
        if changed := _changed(plugin, world, given):
            yield _told(
                name, Problem(f"改动了给它的图层:{'、'.join(changed)}", "用 context.layer(…),它给的是副本")
            )
        if any(item.share is not None and not 0 <= item.share <= 1 for item in asked):
            yield _told(name, Problem("进度不在0和1之间", "用 context.track(…) 报告进度"))
        again = _run(plugin, make_context(plugin, copy.deepcopy(world)))
        if not isinstance(again, Result) or (found := differences(result, again)):
            told = ";".join(found[:3]) if isinstance(again, Result) else str(again)
            yield _told(
                name, Problem(f"同样的种子,两次结果不同:{told}", "随机数用 context.seed,不依赖集合的次序")
            )
    if runs:
        yield from _stop_problems(plugin, whole)


def _told(where: str, problem: Problem) -> Problem:
    return replace(problem, message=f"[{where}] {problem.message}")


def _run(plugin: Plugin, context: Context) -> Result | Problem:
    try:
        return plugin(context, plugin.params())
    except PlannerError as error:
        return Problem(str(error))
    except Exception as error:
        frame = error.__traceback__
        while frame is not None and frame.tb_next is not None:
            frame = frame.tb_next
        place = f"{frame.tb_frame.f_code.co_filename} 第{frame.tb_lineno}行" if frame else ""
        return Problem(f"出错:{type(error).__name__}:{error}({place})", "空表、没有点位、没有机构都要能算")


def _changed(plugin: Plugin, before: Frames, after: Frames) -> list[str]:
    names = [layer.name for layer in plugin.reads if layer.name in before]
    return [
        name
        for name in names
        if differences(Result(tables={"": before[name]}), Result(tables={"": after[name]}))
    ]


def _metric_problems(result: Result) -> Iterator[Problem]:
    frames = {**result.layers, **result.tables}
    for name, metric in result.metrics.items():
        if metric.table is None or metric.unit not in ROW_UNITS or metric.value is None:
            continue
        count = len(rows_behind(frames[metric.table], metric.where))
        if count != metric.value:
            yield Problem(
                f"指标“{name}”是{metric.value}{metric.unit},“{metric.table}”中对应的却有{count}行",
                "让 table 和 where 指到它背后的行;不是行数的指标换一个单位",
            )


def _stop_problems(plugin: Plugin, world: Frames) -> Iterator[Problem]:
    """Wish a stop at the first, the middle and the last question; nothing to check where none is asked."""
    _, questions = _stopped_at(plugin, world, None)
    for position in sorted({1, (questions + 1) // 2, questions} if questions else ()):
        outcome, _ = _stopped_at(plugin, world, position)
        if outcome is not None:
            yield _told(f"第{position}次询问时停止", outcome)


def _stopped_at(plugin: Plugin, world: Frames, position: int | None) -> tuple[Problem | None, int]:
    """The breach, if any, when a stop is wished from the given question on; and how often was asked."""
    asked = 0

    def stop_wished() -> bool:
        nonlocal asked
        asked += 1
        return position is not None and asked >= position

    context = make_context(plugin, copy.deepcopy(world), stop_wished=stop_wished)
    try:
        plugin(context, plugin.params())
    except Stopped:
        if context.best is not None:
            try:
                check_result(plugin, context.best)
            except PluginError as error:
                return Problem(f"停止前给出的结果:{error}"), asked
        return None, asked
    except Exception as error:
        return Problem(f"出错:{type(error).__name__}:{error}", "不要拦下 Stopped"), asked
    if position is None:
        return None, asked
    return Problem("要求停止后没有停下", "不要拦下 Stopped;长的循环放进 context.track(…)"), asked
