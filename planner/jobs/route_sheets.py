"""The days of a visit plan as route sheets and record forms: what the run computed, joined with what may be told.

A run tells files by their number; names, phones and places come from the store as the person's role sees them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import shapely

from planner.documents.child_columns import name_of
from planner.jobs.visit_plans import SEVERAL, VisitPlan
from planner.model.crs import to_metres
from planner.model.divisions import Level
from planner.model.layers import EXPORT_CRS
from planner.model.route_sheets import LeftOut, LonLat, RouteSheet, SheetStop, VisitForm, short_number
from planner.store.child_records import record_of
from planner.store.child_rows import ChildFile

_REGULAR = "定期走访"
_BY_VILLAGE = "按村驻地"
# Metres within which a start is the place of a division.
_SAME_PLACE_M = 50.0


def sheets_of(
    plan: VisitPlan,
    files: Mapping[str, ChildFile],
    tree: nx.DiGraph,
    places: Mapping[str, LonLat],
    *,
    names: bool,
) -> dict[str, tuple[list[RouteSheet], list[VisitForm]]]:
    """The route sheets and record forms by number of the visitor, in the order of days.

    `files` are those that the person sees, as they see them; with `names` False children are told by number alone
    and without phones. `places` are the points of the divisions, by code.
    """
    join = _Join(files, tree, names)
    made: dict[str, tuple[list[RouteSheet], list[VisitForm]]] = defaultdict(lambda: ([], []))
    stops = _by_day(plan.stops)
    legs = _by_day(plan.legs)
    for row in plan.days.itertuples():
        key = (row.day, row.visitor)
        own = stops.get(key, plan.stops.iloc[:0])
        sheets, forms = made[str(row.visitor)]
        sheets.append(_sheet(plan, row, own, legs.get(key, plan.legs.iloc[:0]), join, places))
        forms += [form for stop in own.itertuples() for form in join.forms(stop, row)]
    return dict(made)


def _by_day(frame: gpd.GeoDataFrame) -> dict[Any, gpd.GeoDataFrame]:
    lonlat = frame.to_crs(EXPORT_CRS)
    return {key: rows.sort_values("order") for key, rows in lonlat.groupby(["day", "visitor"])}


def _sheet(
    plan: VisitPlan,
    row: Any,
    stops: gpd.GeoDataFrame,
    legs: gpd.GeoDataFrame,
    join: _Join,
    places: Mapping[str, LonLat],
) -> RouteSheet:
    told = []
    way_km: float | None = 0.0
    for stop in stops.itertuples():
        leg_km = _number(stop.leg_km)
        way_km = None if way_km is None or leg_km is None else way_km + leg_km
        told.append(join.stop(stop, leg_km, way_km))
    start, ways = _ways(told, legs)
    return RouteSheet(
        visitor=row.name,
        day=row.day.date(),
        start=_start_of(start, row.township, join.tree, places),
        mode=row.mode,
        departs=row.departs,
        returns=row.returns,
        households=int(row.households),
        children=int(row.children),
        travel_min=float(row.travel_min),
        total_min=float(row.total_min),
        km=_number(row.km),
        stops=tuple(told),
        left_out=tuple(_left_out(plan, row, join)),
        start_point=start,
        ways=ways,
        lunch="" if pd.isna(row.lunch) else row.lunch,
    )


@dataclass(frozen=True)
class _Join:
    """What may be told of the files of a plan."""

    files: Mapping[str, ChildFile]
    tree: nx.DiGraph
    names: bool

    def stop(self, row: Any, leg_km: float | None, way_km: float | None) -> SheetStop:
        """A stop with what may be told of it."""
        times = {
            "order": int(row.order),
            "arrives": row.arrives,
            "leg_min": float(row.leg_min),
            "way_min": float(row.way_min),
            "leg_km": leg_km,
            "way_km": way_km,
        }
        if row.discreet:
            return SheetStop(**times, discreet=True)
        files = row.files.split(SEVERAL)
        seen = [self.files[file] for file in files if file in self.files]
        whole = [record_of(file) for file in seen if _is_whole(file)]
        phones = dict.fromkeys(phone for record in whole for phone in record.phones) if self.names else ()
        groups = dict.fromkeys(record.residence_group for record in whole if record.residence_group)
        return SheetStop(
            **times,
            village=self.name(row.village, row.township),
            group=SEVERAL.join(groups) if self.names else "",
            household=short_number(row.household),
            children=tuple(self.child(file) for file in files),
            grade=row.grade,
            due=None if pd.isna(row.due) else row.due.date(),
            phones=tuple(phones),
            notes=_notes(row),
            point=_point(row.geometry) if whole else None,
        )

    def forms(self, row: Any, day: Any) -> Iterable[VisitForm]:
        """A record form for each child of a stop; none for a discreet one."""
        for file in [] if row.discreet else row.files.split(SEVERAL):
            known = self.files.get(file)
            base = {
                "file": file,
                "visitor": day.name,
                "day": row.day.date(),
                "kind": row.kind,
                "county": self.name(row.township[: Level.COUNTY]),
                "township": self.name(row.township),
                "village": self.name(row.village),
                "grade": row.grade,
            }
            if not self.names or known is None or not _is_whole(known):
                yield VisitForm(**base)
                continue
            record = record_of(known)
            yield VisitForm(
                **base,
                group=record.residence_group or "",
                name=record.name,
                sex=str(record.sex),
                birth=record.birth_text,
                categories=SEVERAL.join(map(str, record.categories)),
                guardian=record.guardian or "",
                relation=record.guardian_relation or "",
                phones=record.phones,
            )

    def child(self, file: str) -> str:
        """The name as the role sees it, else the beginning of the file's number."""
        known = self.files.get(file) if self.names else None
        return str((known and known.content.get("name")) or short_number(file))

    def name(self, code: str | None, other: str = "") -> str:
        """The name of a division, or of the other where there is none."""
        code = other if code is None or pd.isna(code) else code
        return name_of(code, self.tree) if code else ""


def _is_whole(file: ChildFile) -> bool:
    """Whether the role sees the whole of a file, not only that there is somebody."""
    return "sex" in file.content


def _notes(row: Any) -> tuple[str, ...]:
    """What to mind at a stop; nothing that tells of the child's plight."""
    notes = []
    if row.kind != _REGULAR:
        notes.append(str(row.kind))
    if row.persons > 1:
        notes.append(f"{int(row.persons)}人同去")
    if row.placed == _BY_VILLAGE:
        notes.append("定位为村驻地,先电话问路")
    if row.begins != row.arrives:
        notes.append(f"{row.begins}开始")
    return tuple(notes)


def _left_out(plan: VisitPlan, row: Any, join: _Join) -> Iterable[LeftOut]:
    """What was not planned in the visitor's villages, and in those of the township that nobody serves."""
    served = frozenset(
        village for who, villages in plan.villages.items() if who != row.visitor for village in villages
    )
    own = plan.villages.get(row.visitor, frozenset())
    rows = plan.unplanned[plan.unplanned["township"] == row.township]
    for item in rows.sort_values(["discreet", "due", "household"]).itertuples():
        if item.village in served - own:
            continue
        due = None if pd.isna(item.due) else item.due.date()
        if item.discreet:
            yield LeftOut("", "", None, item.reason, "", discreet=True)
        else:
            place = join.name(item.village, item.township)
            yield LeftOut(place, short_number(item.household), due, item.reason, item.fix)


def _ways(stops: Sequence[SheetStop], legs: gpd.GeoDataFrame) -> tuple[LonLat | None, tuple[Any, ...]]:
    """The start, and the legs without those that lead to or from a stop whose place is not told."""
    hidden = {stop.order for stop in stops if stop.point is None}
    start: LonLat | None = None
    ways = []
    last = len(stops) + 1
    for leg in legs.itertuples():
        line = [] if leg.geometry is None else shapely.get_coordinates(leg.geometry).tolist()
        if len(line) < 2 or not np.isfinite(line).all():
            continue
        if leg.order == 1:
            start = (line[0][0], line[0][1])
        elif leg.order == last and start is None:
            start = (line[-1][0], line[-1][1])
        if not {int(leg.order), int(leg.order) - 1} & hidden:
            ways.append(tuple((lon, lat) for lon, lat in line))
    return start, tuple(ways)


def _start_of(start: LonLat | None, township: str, tree: nx.DiGraph, places: Mapping[str, LonLat]) -> str:
    """The village whose point the start is, else the township."""
    name = name_of(township, tree)
    if start is None:
        return name
    to_m = to_metres()
    start_m = np.array(to_m.transform(*start))
    for code, place in places.items():
        away_m = np.hypot(*(np.array(to_m.transform(*place)) - start_m))
        if code.startswith(township) and len(code) > len(township) and away_m <= _SAME_PLACE_M:
            return f"{name}{name_of(code, tree)}"
    return name


def _point(geometry: Any) -> LonLat | None:
    if geometry is None or geometry.is_empty or not np.isfinite([geometry.x, geometry.y]).all():
        return None
    return geometry.x, geometry.y


def _number(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)
