"""Who is due for a visit, and who visits, out of the files, visits and rosters of an area, as a run reads them.

Files are told by their number alone. Households share a guardian and a home point, or where no point is known an
address; a household is told by the lowest of its file numbers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

import geopandas as gpd
import pandas as pd
from shapely import Point

from planner.model.children import ChildRecord
from planner.model.divisions import Level
from planner.model.layers import DIVISIONS, METRIC_CRS, STORE_CRS
from planner.model.names import comparable
from planner.model.rosters import Assistant
from planner.model.visiting import DUE_VISITS, VISITORS, Placed
from planner.model.visits import Visit, VisitKind
from planner.model.words import Grade, SchoolStatus
from planner.policy.visits import due_visits
from planner.store.child_records import record_of
from planner.store.children import ChildFile, grade_steps, whole_files
from planner.store.events import files_at_risk
from planner.store.person_rows import read_rows
from planner.store.reads import has_demo_rows, read_layer
from planner.store.rule_sets import rules_on
from planner.store.scope import Scope
from planner.store.workspace import Workspace

_SCHOOLING = frozenset({SchoolStatus.ENROLLED, SchoolStatus.INCLUSIVE})
OFFICE = "民政办"


@dataclass(frozen=True)
class _Case:
    """A file with its record, and its grade: 高 while an event is open, whatever the file says."""

    file: ChildFile
    record: ChildRecord
    grade: Grade
    at_risk: bool


def read_due_visits(
    workspace: Workspace, scope: Scope, *, as_of: date, known_at: datetime | None = None
) -> pd.DataFrame:
    """The layer DUE_VISITS of the files in the person's own part of `scope`, by file and kind.

    Raises AccessError for who may not see files.
    """
    cases = _cases(workspace, scope, as_of, known_at)
    steps = grade_steps(workspace, scope, as_of=as_of, known_at=known_at)
    visits: dict[str, list[Visit]] = defaultdict(list)
    for text in read_rows(workspace, "visit", as_of=as_of, known_at=known_at, scope=scope):
        visit = Visit.from_json(text)
        if visit.day <= as_of:
            visits[visit.child].append(visit)
    divisions = read_layer(workspace, DIVISIONS, scope, as_of=as_of, known_at=known_at)
    points = _village_points(divisions)
    homes = _home_points(cases)
    households = _households(cases)
    visitors = _visitors_by_name(_assistants(workspace, scope, as_of, known_at))
    origin = _origin(workspace, as_of, known_at)
    with workspace.reading() as connection:
        rules = rules_on(connection, as_of)
    rows, places = [], []
    for case in cases:
        file, record = case.file, case.record
        own = visits.get(record.key, []) or visits.get(record.key_without_id, [])
        home, village = homes.get(file.file), points.get(file.village or "")
        place = home or village
        for due in due_visits(
            _steps(steps[file.file], case, as_of),
            own,
            rules,
            as_of=as_of,
            away=_is_away(record, file.township),
            further=_further_kinds(record),
        ):
            rows.append(
                {
                    "file": file.file,
                    "kind": str(due.kind),
                    "household": households[file.file],
                    "township": file.township,
                    "village": file.village,
                    "grade": str(case.grade),
                    "due": due.day,
                    "every_days": due.every_days,
                    "overdue_days": due.overdue_days,
                    "attempts": due.attempts,
                    "retry_by": due.retry_by,
                    "last_seen": due.last_seen,
                    "at_school": record.school_status in _SCHOOLING,
                    "discreet": case.at_risk,
                    "visitor": _last_visitor(own, file.township, visitors),
                    "placed": str(Placed.HOME if home else Placed.VILLAGE if village else Placed.NONE),
                    "origin": origin,
                }
            )
            places.append(place)
    return _frame(DUE_VISITS, rows, places)


def read_visitors(
    workspace: Workspace, scope: Scope, *, as_of: date, known_at: datetime | None = None
) -> pd.DataFrame:
    """The layer VISITORS: the 民政协理员 of the townships in the person's own part of `scope`.

    A township without any has one person of its office, placed amid its villages. Raises AccessError.
    """
    divisions = read_layer(workspace, DIVISIONS, scope, as_of=as_of, known_at=known_at)
    points = _village_points(divisions)
    origin = _origin(workspace, as_of, known_at)
    rows, places = [], []
    roster = _assistants(workspace, scope, as_of, known_at)
    for (township, _), items in sorted(_by_person(roster).items()):
        villages = sorted({item.village for item in items})
        rows.append(
            _visitor_row(visitor_id(township, items[0].name), items[0].name, township, villages, origin)
        )
        places.append(next((points[code] for code in villages if code in points), None))
    served = {row["township"] for row in rows}
    for row in divisions[divisions["level"] == Level.TOWNSHIP].sort_values("code").itertuples():
        own = [point for code, point in sorted(points.items()) if code.startswith(row.code)]
        if row.code not in served and scope.within(workspace.person.scope).holds(row.code):
            rows.append(_visitor_row(visitor_id(row.code, OFFICE), row.name + OFFICE, row.code, [], "默认"))
            places.append(_middle(own))
    return _frame(VISITORS, rows, places)


def visitor_id(township: str, name: str) -> str:
    """The number of a visitor, the same wherever it is worked out: the township's code and eight digits."""
    return f"{township}-{sha256(comparable(name).encode()).hexdigest()[:8]}"


def _cases(workspace: Workspace, scope: Scope, as_of: date, known_at: datetime | None) -> list[_Case]:
    files = whole_files(workspace, scope, as_of=as_of, known_at=known_at)
    with workspace.reading() as connection:
        at_risk = files_at_risk(connection, workspace.ring, [file.file for file in files])
    return [
        _Case(
            file,
            record_of(file),
            Grade.HIGH if file.file in at_risk else Grade(file.grade or Grade.LOW),
            file.file in at_risk,
        )
        for file in files
    ]


def _steps(steps: Sequence[tuple[date, str | None]], case: _Case, as_of: date) -> list[tuple[date, Grade]]:
    """Since when the child has had which grade; an open event raises it, at the latest on the run's day."""
    told = [(since, Grade(grade or Grade.LOW)) for since, grade in steps]
    return told if told[-1][1] is case.grade else [*told, (as_of, case.grade)]


def _is_away(record: ChildRecord, township: str) -> bool:
    """Whether the child lives outside the county that holds the file."""
    return record.residence is None or record.residence[: Level.COUNTY] != township[: Level.COUNTY]


def _further_kinds(record: ChildRecord) -> Iterable[VisitKind]:
    if record.school_status is SchoolStatus.HOME_TEACHING:
        yield VisitKind.TEACHING
    if record.rehab_need:
        yield VisitKind.REHABILITATION


def _households(cases: Iterable[_Case]) -> dict[str, str]:
    """The household of each file; a child of whom neither guardian nor address is told has one of its own."""
    found: dict[tuple[Any, ...], list[str]] = defaultdict(list)
    for case in cases:
        record = case.record
        point = (record.lon, record.lat) if record.lon is not None else None
        place = point or (record.residence_text, record.residence_group)
        known = record.guardian is not None and (point is not None or record.residence_group is not None)
        key = (place, comparable(record.guardian or ""), _is_away(record, case.file.township))
        found[key if known else (case.file.file,)].append(case.file.file)
    return {file: min(files) for files in found.values() for file in files}


def _home_points(cases: Sequence[_Case]) -> dict[str, Point]:
    told = {
        case.file.file: Point(case.record.lon, case.record.lat)
        for case in cases
        if case.record.lon is not None and case.record.lat is not None
    }
    shapes = gpd.GeoSeries(list(told.values()), crs=STORE_CRS).to_crs(METRIC_CRS)
    return dict(zip(told, shapes, strict=True))


def _village_points(divisions: gpd.GeoDataFrame) -> dict[str, Point]:
    villages = divisions[(divisions["level"] == Level.VILLAGE) & divisions.geometry.notna()]
    return {
        code: shape.representative_point()
        for code, shape in zip(villages["code"], villages.geometry, strict=True)
    }


def _assistants(
    workspace: Workspace, scope: Scope, as_of: date, known_at: datetime | None
) -> list[Assistant]:
    rows = read_rows(workspace, "assistant", as_of=as_of, known_at=known_at, scope=scope)
    return [Assistant.from_json(text) for text in rows]


def _by_person(roster: Iterable[Assistant]) -> dict[tuple[str, str], list[Assistant]]:
    """The rows of each 协理员, who may have several villages of a township."""
    people: dict[tuple[str, str], list[Assistant]] = defaultdict(list)
    for item in roster:
        people[item.township, comparable(item.name)].append(item)
    return people


def _visitors_by_name(roster: Iterable[Assistant]) -> Mapping[tuple[str, str], str]:
    return {
        (township, name): visitor_id(township, items[0].name)
        for (township, name), items in _by_person(roster).items()
    }


def _last_visitor(
    visits: Iterable[Visit], township: str, visitors: Mapping[tuple[str, str], str]
) -> str | None:
    """Who of the township's visitors came last."""
    for visit in sorted(visits, key=lambda item: item.day, reverse=True):
        for name in visit.by:
            if (township, comparable(name)) in visitors:
                return visitors[township, comparable(name)]
    return None


def _visitor_row(
    number: str, name: str, township: str, villages: Sequence[str], origin: str
) -> dict[str, Any]:
    return {
        "id": number,
        "name": name,
        "township": township,
        "villages": "、".join(villages) or None,
        "mode": None,
        "origin": origin,
    }


def _middle(points: Sequence[Point]) -> Point | None:
    """The one of the points that is nearest to their mean."""
    if not points:
        return None
    centre = Point(
        sum(point.x for point in points) / len(points), sum(point.y for point in points) / len(points)
    )
    return min(points, key=lambda point: (point.distance(centre), point.x, point.y))


def _origin(workspace: Workspace, as_of: date, known_at: datetime | None) -> str:
    return "示例" if has_demo_rows(workspace, as_of=as_of, known_at=known_at) else "档案"


def _frame(layer: Any, rows: Sequence[Mapping[str, Any]], places: Sequence[Point | None]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=list(layer.columns))
    for name, item in layer.columns.items():
        if str(item.dtype).startswith("datetime64"):
            frame[name] = pd.to_datetime(frame[name])
    placed = gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(list(places), crs=METRIC_CRS), crs=METRIC_CRS)
    return layer.check(layer.cast(placed))
