"""What a run reads: the layers its plugin declares, cut to its area, on its two days; and their hashes."""

from __future__ import annotations

import io
from datetime import datetime
from hashlib import sha256

import geopandas as gpd
import pandas as pd

from planner.errors import InputError
from planner.jobs.duty_inputs import read_duty_layer
from planner.jobs.moved_plans import moved_plan
from planner.jobs.visiting import read_due_visits, read_visitors
from planner.model.duty_layers import DUTY_INPUTS
from planner.model.layers import DEMAND, DIVISIONS, INSTITUTION_STATES, INSTITUTIONS, Layer
from planner.model.visiting import DUE_VISITS, VISIT_STOPS, VISITORS
from planner.plugin import Plugin
from planner.registry import find_plugins
from planner.store.reads import first_data_day, read_layer
from planner.store.runs import Run, list_runs, read_run, read_run_frame
from planner.store.scope import EVERYTHING, Scope
from planner.store.visit_moves import read_moves
from planner.store.workspace import Workspace

IMPORTED = (DIVISIONS, DEMAND, INSTITUTIONS, INSTITUTION_STATES)
OF_PERSONS = {DUE_VISITS.name: read_due_visits, VISITORS.name: read_visitors}


def read_inputs(workspace: Workspace, plugin: Plugin, run: Run) -> dict[str, pd.DataFrame]:
    """The layers that `plugin` reads, by name, in metres (EPSG:4544).

    An imported layer comes from the store, one of persons or rosters is made of what is known of them. What the
    plugin makes itself comes from its newest finished run of the area up to that day, and is empty where there is
    none; any other layer from the newest finished run that made it for the same day and area. Raises InputError
    where there is no such run, naming the command that makes one, AccessError for who may not see the files.
    """
    return {layer.name: _read(workspace, plugin, layer, run) for layer in plugin.reads}


def _read(workspace: Workspace, plugin: Plugin, layer: Layer, run: Run) -> pd.DataFrame:
    scope = scope_of(run.area)
    if layer in IMPORTED:
        return read_layer(workspace, layer, scope, as_of=run.as_of, known_at=run.known_at)
    if layer in DUTY_INPUTS:
        return read_duty_layer(workspace, layer, scope, as_of=run.as_of, known_at=run.known_at)
    if layer.name in OF_PERSONS:
        return OF_PERSONS[layer.name](workspace, scope, as_of=run.as_of, known_at=run.known_at)
    if layer in plugin.makes:
        return _made_before(workspace, plugin, layer, run)
    return _made_by_another(workspace, layer, run)


def input_notes(workspace: Workspace, plugin: Plugin, run: Run) -> tuple[str, ...]:
    """What must be said of the input: a layer of which nothing is known as early as the run's day."""
    first = {layer.title: first_data_day(workspace, layer, known_at=run.known_at) for layer in plugin.reads}
    return tuple(
        f"{title}最早的数据日是{day.isoformat()},截至日{run.as_of.isoformat()}早于它,用的是最早的一份。"
        for title, day in first.items()
        if day is not None and day > run.as_of
    )


def scope_of(area: str | None) -> Scope:
    """The scope of a run: an area with what it holds, or everything."""
    return EVERYTHING if area is None else EVERYTHING.narrowed(area)


def hash_frame(frame: pd.DataFrame) -> str:
    """SHA-256 of what a frame holds: columns, rows in order, geometry as WKB; the index does not count."""
    if isinstance(frame, gpd.GeoDataFrame):
        frame = pd.DataFrame(frame.to_wkb(hex=True))
    text = io.StringIO()
    frame.to_csv(text, index=False, lineterminator="\n")
    return sha256(text.getvalue().encode()).hexdigest()


def _made_before(workspace: Workspace, plugin: Plugin, layer: Layer, run: Run) -> pd.DataFrame:
    """The plugin's own earlier answer for the area: what was handed out, to be changed as little as may be."""
    before = _first_started(workspace, run)
    for other in list_runs(workspace):
        if (
            (other.plugin, other.area, other.state) == (plugin.name, run.area, "done")
            and other.as_of <= run.as_of
            and layer.name in other.tables
            and (before is None or (other.finished is not None and other.finished <= before))
        ):
            if layer is VISIT_STOPS and read_moves(workspace, other.id, known_at=run.known_at):
                # What was handed out is the plan with the visits that people moved.
                return layer.check(moved_plan(workspace, other.id, known_at=run.known_at).stops)
            return layer.check(read_run_frame(workspace, other.id, layer.name))
    return layer.empty()


def _made_by_another(workspace: Workspace, layer: Layer, run: Run) -> pd.DataFrame:
    makers = [
        plugin.name
        for plugin in find_plugins().plugins.values()
        if any(made.name == layer.name for made in plugin.makes)
    ]
    before = _first_started(workspace, run)
    for other in list_runs(workspace):
        if (
            other.plugin in makers
            and other.state == "done"
            and (other.as_of, other.area) == (run.as_of, run.area)
            and layer.name in other.tables
            and (before is None or (other.finished is not None and other.finished <= before))
        ):
            return layer.check(read_run_frame(workspace, other.id, layer.name))
    area = f" --county {run.area}" if run.area else ""
    fix = f"先运行 planner run {makers[0]} --as-of {run.as_of}{area}" if makers else "先安装产出它的插件"
    raise InputError(f"还没有图层“{layer.title}”({layer.name})", fix)


def _first_started(workspace: Workspace, run: Run) -> datetime | None:
    """When the run that this one replays began: the replay reads what stood there then."""
    return read_run(workspace, run.replay_of).started if run.replay_of else None
