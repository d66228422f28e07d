"""A result as a run keeps it, and back: metrics as plain values, frames by layer name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import date
from typing import Any

import pandas as pd

from planner.documents import Stamp, param_titles
from planner.errors import InputError
from planner.model.layers import Layer
from planner.plugin import Metric, Plugin, Result
from planner.store.reads import has_demo_rows
from planner.store.runs import Run, read_run, read_run_frame
from planner.store.workspace import Workspace


def metric_records(metrics: Mapping[str, Metric]) -> dict[str, dict[str, Any]]:
    """The metrics as JSON holds them."""
    return {
        name: {
            **asdict(metric),
            "where": {column: _json_value(value) for column, value in metric.where.items()},
        }
        for name, metric in metrics.items()
    }


def read_metrics(records: Mapping[str, Mapping[str, Any]]) -> dict[str, Metric]:
    """The metrics from what `metric_records` made of them."""
    known = {field.name for field in fields(Metric)}
    return {
        name: Metric(**{key: value for key, value in record.items() if key in known})
        for name, record in records.items()
    }


def load_result(workspace: Workspace, run_id: str, makes: Sequence[Layer]) -> Result:
    """The result of a finished run; `makes` are the layers its plugin declares.

    Raises InputError where the run has none: it failed, was stopped before its first offer, or still runs.
    """
    run = read_run(workspace, run_id)
    if run.metrics is None:
        raise InputError(f"运行 {run_id} 没有结果", "重新运行一次")
    made = {layer.name: layer for layer in makes}
    frames = {name: read_run_frame(workspace, run_id, name) for name in run.tables if name in made}
    return Result(
        layers={name: frame for name, frame in frames.items() if made[name].geometry is not None},
        tables={name: frame for name, frame in frames.items() if made[name].geometry is None},
        metrics=read_metrics(run.metrics),
        notes=tuple(run.notes),
    )


def stamp_of(workspace: Workspace, plugin: Plugin, run: Run) -> Stamp:
    """What a file made of a run says of it; 示例 where any row that held on the run's own days was generated."""
    return Stamp(
        title=plugin.title,
        plugin=plugin.name,
        run=run.id,
        serial=run.id,
        as_of=run.as_of,
        known_at=run.known_at,
        params=run.params,
        param_titles=param_titles(plugin.params),
        demo=has_demo_rows(workspace, as_of=run.as_of, known_at=run.known_at),
    )


def _json_value(value: Any) -> Any:
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, date | pd.Timestamp):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int | float) else str(value)
