"""机构名录: institutions of the six kinds; several dated rows of one make its history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
from shapely.geometry import Point

from planner.ledger.borders import borders_of, check_inside, in_metres
from planner.ledger.cells import comparable
from planner.ledger.counties import counties_of
from planner.ledger.histories import join_states
from planner.ledger.institution_rows import COLUMNS, NOT_STORED, Entry, read_entry
from planner.ledger.points import locate, place_column
from planner.ledger.tables import read_table
from planner.ledger.tally import CheckedInstitutions, Tally
from planner.ledger.uploads import Paper
from planner.model.institutions import DatedState, InstitutionKind, InstitutionState, institution_id
from planner.model.layers import METRIC_CRS, STORE_CRS

_NEAREST_VILLAGE_M = 20_000.0
_SAME_PLACE_M = 50.0
_ATTRIBUTES = ("级别", "地址", "床位", "工作人员", "服务内容", "辖区")


def read_institutions(
    path: Paper,
    *,
    tree: nx.DiGraph,
    polygons: gpd.GeoDataFrame | None = None,
    villages: gpd.GeoDataFrame | None = None,
    crs: str | None = None,
) -> CheckedInstitutions:
    """The institutions of a file, checked, with their states (columns: see CheckedInstitutions).

    `tree` holds the divisions known already, `polygons` (code, geometry) the county borders and `villages`
    (code, geometry) the village points, each in any named CRS, or None. The county of an institution is
    taken from 区划代码 or 所在县, else from the polygon it stands in, a 辖区 of one county, the address, the
    nearest village, or another row of the same name and kind. Raises LedgerError naming every faulty row,
    InputError for a faulty file.
    """
    table = read_table(path, COLUMNS)
    tally = Tally(table)
    if unstored := [name for name in NOT_STORED if name in table.places]:
        tally.note(f"{'、'.join(unstored)}属于个人信息,没有保存")
    counties, borders = counties_of(tree), borders_of(polygons)
    nearest = _nearest_county(villages)
    shapes = locate(table, tally, crs=crs)
    entries = []
    for row in table.rows:
        entry = read_entry(row, table, tally, counties, borders, nearest, shapes.get(row.number))
        if entry is not None:
            entries.append(entry)
    by_county = _with_counties(entries, tally)
    for (_, _, county), group in by_county.items():
        for entry in group:
            if entry.point is not None:
                name = counties.name(county)
                check_inside(
                    tally, entry.row.number, place_column(entry.row), entry.point, county, name, borders
                )
    told = [_join(county, group, tally) for (_, _, county), group in by_county.items()]
    read, accepted, skipped, notices = tally.counts()
    return CheckedInstitutions(
        _institution_frame([record for record, _ in told], table.file),
        read,
        accepted,
        skipped,
        notices,
        table.sha256,
        _state_frame([(record["id"], state) for record, states in told for state in states]),
        {str(record["id"]): len(group) for (record, _), group in zip(told, by_county.values(), strict=True)},
    )


def _with_counties(
    entries: Sequence[Entry], tally: Tally
) -> dict[tuple[str, InstitutionKind, str], list[Entry]]:
    """The rows of each institution (name as compared, kind, county), identical rows once.

    A row without a hint takes the county of the other rows of that name and kind, where it is only one.
    """
    by_name: dict[tuple[str, InstitutionKind], list[Entry]] = defaultdict(list)
    for entry in entries:
        by_name[comparable(entry.name), entry.kind].append(entry)
    grouped: dict[tuple[str, InstitutionKind, str], list[Entry]] = defaultdict(list)
    for (name, kind), rows in by_name.items():
        known = sorted({entry.county for entry in rows if entry.county})
        for entry in rows:
            number = entry.row.number
            twin = next((other for other in rows if other.row.cells == entry.row.cells), entry)
            if twin is not entry and twin.row.shape == entry.row.shape:
                tally.skip(number, f"与第{twin.row.number}行完全相同,只取一次")
            elif entry.county is not None:
                grouped[name, kind, entry.county].append(entry)
            elif len(known) == 1:
                grouped[name, kind, known[0]].append(entry)
            else:
                several = f"(同名机构在{'、'.join(known)})" if known else ""
                tally.reject(
                    number,
                    "所在县" if "所在县" in tally.table.places else None,
                    f"不知道“{entry.name}”在哪个县{several}",
                    "请填“所在县”或“区划代码”,或经纬度",
                )
    return grouped


def _join(county: str, group: Sequence[Entry], tally: Tally) -> tuple[dict[str, object], list[DatedState]]:
    """One institution out of its rows; rows that contradict an earlier one are rejected."""
    first = group[0]
    attributes: dict[str, str | float | None] = {}
    for column in _ATTRIBUTES:
        told = [
            (entry.row.number, value) for entry in group if (value := entry.attributes[column]) is not None
        ]
        attributes[column] = told[0][1] if told else None
        for number, value in told[1:]:
            if value != told[0][1]:
                message = f"与第{told[0][0]}行同一机构的{column}不同"
                tally.reject(number, column, message, "同一机构各行应一致,只有状态和日期可以不同")
    located = [(entry.row, entry.point) for entry in group if entry.point is not None]
    for row, point in located[1:]:
        if in_metres(point).distance(in_metres(located[0][1])) > _SAME_PLACE_M:
            message = f"与第{located[0][0].number}行同一机构的位置不同"
            tally.reject(row.number, place_column(row), message, "同一机构各行应一致,迁址请改用新名称")
    states, contradictions = join_states((entry.row.number, item) for entry in group for item in entry.states)
    for number, message in contradictions:
        tally.reject(number, "状态", message, "请核对状态和日期")
    not_yet = {InstitutionState.BUILDING, InstitutionState.NOMINAL} & {item.state for item in states[1:]}
    if not_yet and states[0] == DatedState(InstitutionState.OPERATING):
        tally.note(f"“{first.name}”没有日期的“运营”按自始计,早于它的在建或挂牌,请核对", first.row.number)
    record: dict[str, object] = {
        "id": institution_id(str(first.kind), first.name, county),
        "name": first.name,
        "kind": str(first.kind),
        "tier": attributes["级别"],
        "county": county,
        "jurisdiction": attributes["辖区"],
        "services": attributes["服务内容"],
        "beds": attributes["床位"],
        "staff": attributes["工作人员"],
        "address": attributes["地址"],
        "geometry": located[0][1] if located else None,
    }
    return record, states


def _institution_frame(records: Sequence[dict[str, object]], origin: str) -> gpd.GeoDataFrame:
    words = ("id", "name", "kind", "tier", "county", "jurisdiction", "services", "address")
    frame = pd.DataFrame({name: [record[name] for record in records] for name in (*words, "beds", "staff")})
    frame = frame.astype(dict.fromkeys(words, "str") | {"beds": "float64", "staff": "float64"})
    frame["origin"] = origin
    return gpd.GeoDataFrame(frame, geometry=[record["geometry"] for record in records], crs=STORE_CRS)


def _state_frame(told: Sequence[tuple[object, DatedState]]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "institution": [institution for institution, _ in told],
            "since": _days([item.since for _, item in told]),
            "state": [str(item.state) for _, item in told],
            "planned_opening": _days([item.planned_opening for _, item in told]),
        }
    ).astype({"institution": "str", "state": "str"})


def _days(days: Sequence[date | None]) -> pd.Series[pd.Timestamp]:
    return pd.Series(np.array(days, dtype="datetime64[s]"))


def _nearest_county(villages: gpd.GeoDataFrame | None) -> Callable[[Point], str | None]:
    """A function that gives the county of the village nearest to a lon/lat point, None beyond 20 km."""
    if villages is None or villages.empty:
        return lambda point: None
    located = villages[villages.geometry.notna() & ~villages.geometry.is_empty].to_crs(METRIC_CRS)
    places_m = located.geometry.get_coordinates().to_numpy()
    codes = located["code"].astype(str).to_numpy()

    def nearest(point: Point) -> str | None:
        distance_m = np.linalg.norm(places_m - in_metres(point).coords[0], axis=1)
        if not len(codes) or distance_m.min() > _NEAREST_VILLAGE_M:
            return None
        return str(codes[distance_m.argmin()])[:6]

    return nearest
