"""Results and catalogues as text for people and as records for programs."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from planner.documents.cells import finite, plain, text_of
from planner.model.layers import Layer
from planner.parameters import fields_of
from planner.plugin import REASONS, Metric, Plugin, Result
from planner.registry import Catalogue

if TYPE_CHECKING:
    from planner.store.runs import Run

_MOST_ROWS = 30
_CAUSES = {"person": "按要求提前停止", "clock": "到达时限", "work": "做到与原运行同样的工作量"}


def result_record(run: Run, result: Result) -> dict[str, Any]:
    """The result as one JSON object; a run that was cut short has `stopped` with the cause."""
    return {
        "run": run.id,
        "plugin": run.plugin,
        "params": run.params,
        "as_of": run.as_of.isoformat(),
        "metrics": {name: _metric_record(metric) for name, metric in result.metrics.items()},
        "tables": {name: _row_records(frame) for name, frame in result.tables.items()},
        "notes": list(result.notes),
        **({"stopped": run.cause} if run.state == "stopped" else {}),
    }


def _metric_record(metric: Metric) -> dict[str, Any]:
    return {
        "value": _json_value(metric.value),
        "unit": metric.unit,
        **({"reason": metric.reason} if metric.value is None else {}),
        "title": metric.title,
        "formula": metric.formula,
        "clause": metric.clause,
    }


def _row_records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    columns = {str(name): [_json_value(value) for value in frame[name]] for name in frame.columns}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _json_value(value: Any) -> Any:
    cell = finite(plain(value))
    return cell if cell is None or isinstance(cell, bool | int | float | str) else cell.isoformat()


def summary_lines(plugin: Plugin, run: Run, result: Result) -> list[str]:
    """The result for people: figures, tables (the first rows of long ones), notes."""
    lines = [f"{plugin.title}  截至{run.as_of}  区域:{run.area or '全部'}  运行 {run.id}"]
    if run.state == "stopped":
        lines.append(f"注意:{_CAUSES.get(run.cause or '', '提前停止')},这是停止前最好的结果,不是最终结果")
    lines += [
        "",
        *_in_columns([[metric.title, _shown(metric), metric.unit] for metric in result.metrics.values()]),
    ]
    for name, frame in result.tables.items():
        lines += ["", f"【{plugin.made(name).title}】", *_table_lines(plugin.made(name), frame)]
    if result.notes:
        lines += ["", "说明", *(f"  {number}. {note}" for number, note in enumerate(result.notes, start=1))]
    return lines


def _shown(metric: Metric) -> str:
    if metric.value is None:
        return f"—({REASONS.get(metric.reason or '', metric.reason)})"
    return f"{metric.value:,.1f}" if isinstance(metric.value, float) else f"{metric.value}"


def _table_lines(layer: Layer, frame: pd.DataFrame) -> list[str]:
    if frame.empty:
        return ["  (没有)"]
    names = [name for name in layer.columns if name in frame.columns]
    cells = [[_cell(value) for value in frame[name].head(_MOST_ROWS)] for name in names]
    filled = [(name, column) for name, column in zip(names, cells, strict=True) if any(column)]
    rows = zip(*(column for _, column in filled), strict=True)
    lines = _in_columns([[layer.title_of(name) for name, _ in filled], *map(list, rows)])
    if len(frame) > _MOST_ROWS:
        lines.append(f"  ……还有{len(frame) - _MOST_ROWS}行,用 --out 或 --json 看全部")
    return lines


def _cell(value: Any) -> str:
    cell = plain(value)
    return f"{cell:.1f}" if isinstance(cell, float) and finite(cell) is not None else text_of(cell)


def catalogue_record(catalogue: Catalogue) -> dict[str, Any]:
    """The plugins, good and broken, as one JSON object."""
    return {
        "plugins": [
            {
                "name": plugin.name,
                "title": plugin.title,
                "summary": plugin.summary,
                "version": plugin.version,
                "params": [
                    {
                        "name": field.name,
                        "option": field.option,
                        "title": field.title,
                        "unit": field.unit,
                        "type": field.type,
                        "default": _json_value(field.default),
                        "choices": [choice.value for choice in field.choices],
                        "minimum": field.minimum,
                        "maximum": field.maximum,
                        "help": field.help,
                    }
                    for field in fields_of(plugin.params)
                ],
                "reads": [layer.name for layer in plugin.reads],
                "makes": [layer.name for layer in plugin.makes],
            }
            for plugin in catalogue.plugins.values()
        ],
        "broken": [vars(broken) for broken in catalogue.broken],
    }


def catalogue_lines(catalogue: Catalogue) -> list[str]:
    """The plugins, good and broken, for people."""
    rows = [[plugin.name, plugin.title, _first_line(plugin.summary)] for plugin in catalogue.plugins.values()]
    lines = _in_columns(rows) or ["  没有安装任何插件"]
    if catalogue.broken:
        lines += ["", "不能使用的插件"]
    for broken in catalogue.broken:
        lines += [
            f"  {broken.name}({broken.distribution})",
            f"    原因:{broken.reason}",
            f"    处理:{broken.fix}",
        ]
    return lines


def _first_line(text: str) -> str:
    return text.splitlines()[0] if text else ""


def _in_columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """The rows as aligned text; a Chinese character takes two places."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    return ["  " + "  ".join(_padded(cells, widths)).rstrip() for cells in rows]


def _padded(cells: Iterable[str], widths: Iterable[int]) -> list[str]:
    return [cell + " " * (width - _width(cell)) for cell, width in zip(cells, widths, strict=True)]


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
