"""The layers of rosters, made of sealed rows: what a run may know of cadres and duties, and counts of children."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

import geopandas as gpd
import pandas as pd

from planner.model.cadres import Cadre, Register
from planner.model.children import group_code
from planner.model.demand import Category
from planner.model.duty_layers import ASSISTANTS, CADRES, DUTIES, DUTY_INPUTS, GRADED
from planner.model.layers import DEMAND, METRIC_CRS, STORE_CRS, Layer
from planner.model.rosters import Assistant, Duty, place_of
from planner.model.words import Grade
from planner.store.child_records import record_of
from planner.store.children import whole_files
from planner.store.person_rows import read_rows
from planner.store.reads import read_layer
from planner.store.scope import Scope
from planner.store.workspace import Workspace


def read_duty_layer(
    workspace: Workspace, layer: Layer, scope: Scope, *, as_of: date, known_at: datetime | None = None
) -> Any:
    """One of DUTY_INPUTS on `as_of`, as known at `known_at` (None: now), in metres (EPSG:4544).

    What lies beyond the person's own scope is left out.
    """
    if layer not in DUTY_INPUTS:
        raise ValueError(f"{layer.name} is not made of rosters")
    if layer is GRADED:
        return layer.check(layer.cast(_graded(workspace, scope, as_of, known_at)))
    if layer is ASSISTANTS:
        known = map(Assistant.from_json, read_rows(workspace, "assistant", as_of=as_of, known_at=known_at))
        serving = [item for item in known if scope.holds(item.village) and item.serves_on(as_of)]
        rows = sorted({(item.village, item.name) for item in serving})
        return layer.check(layer.cast(pd.DataFrame(rows, columns=list(layer.columns))))
    duties = read_duties(workspace, scope, as_of=as_of, known_at=known_at)
    register = read_register(workspace, scope, duties, as_of=as_of, known_at=known_at)
    made = _cadres(register.cadres) if layer is CADRES else _duties(duties, register, as_of)
    return layer.check(layer.cast(made))


def read_duties(
    workspace: Workspace, scope: Scope, *, as_of: date, known_at: datetime | None = None
) -> list[Duty]:
    """The duties for areas in `scope` that the roster of a day tells of, ended ones too."""
    known = map(Duty.from_json, read_rows(workspace, "duty", as_of=as_of, known_at=known_at))
    return [duty for duty in known if scope.holds(duty.area)]


def read_register(
    workspace: Workspace,
    scope: Scope,
    duties: Iterable[Duty],
    *,
    as_of: date,
    known_at: datetime | None = None,
) -> Register:
    """The cadres of a day's rosters in `scope`, and those whom only the duties name."""
    known = map(Cadre.from_json, read_rows(workspace, "cadre", as_of=as_of, known_at=known_at))
    return Register.of((item for item in known if scope.holds(item.township or item.county)), duties)


def _cadres(cadres: list[Cadre]) -> gpd.GeoDataFrame:
    frame = pd.DataFrame([_told(item) for item in cadres], columns=list(CADRES.columns))
    places = gpd.points_from_xy([item.lon for item in cadres], [item.lat for item in cadres], crs=STORE_CRS)
    points = gpd.GeoSeries(places).to_crs(METRIC_CRS)
    points[[item.lon is None or item.lat is None for item in cadres]] = None
    return gpd.GeoDataFrame(frame, geometry=points.to_numpy(), crs=METRIC_CRS)


def _told(item: Cadre) -> dict[str, Any]:
    told: Mapping[str, Any] = {name: getattr(item, name) for name in CADRES.columns}
    return {**told, "level": str(item.level)}


def _duties(duties: list[Duty], register: Register, day: date) -> pd.DataFrame:
    rows = []
    for duty in duties:
        cadre = register.holder(duty)
        if cadre is None or not duty.holds_on(day):
            continue
        rows.append(
            {
                "cadre": cadre.id,
                "name": cadre.name,
                "level": str(duty.level),
                "area": duty.place,
                "group": duty.group,
                "primary": duty.primary,
                "since": duty.since,
                "until": duty.until,
            }
        )
    frame = pd.DataFrame(rows, columns=list(DUTIES.columns))
    return frame.sort_values(["area", "primary", "cadre"], ascending=[True, False, True], ignore_index=True)


def _graded(workspace: Workspace, scope: Scope, as_of: date, known_at: datetime | None) -> pd.DataFrame:
    counts: Counter[tuple[str, str, str]] = Counter()
    for file in whole_files(workspace, scope, as_of=as_of, known_at=known_at):
        if file.village is None:
            continue
        record = record_of(file)
        group = record.residence_group if record.residence == file.village else None
        area = (group_code(file.village, group) or place_of(file.village, group)) if group else file.village
        counts[area, file.village, file.grade or str(Grade.LOW)] += 1
    known = {village for _, village, _ in counts}
    demand = read_layer(workspace, DEMAND, scope, as_of=as_of, known_at=known_at)
    for village, category, children in demand[["village", "category", "children"]].itertuples(index=False):
        if village not in known and children:
            grade = Grade.MIDDLE if category == Category.GUARDIANSHIP else Grade.LOW
            counts[village, village, str(grade)] += int(children)
    rows = [(*key, number) for key, number in sorted(counts.items())]
    return pd.DataFrame(rows, columns=list(GRADED.columns))
