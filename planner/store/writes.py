"""What imports write: dated rows, and a line in the journal of imports; all of a file or none of it.

Only what is news is written: the same file twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType

import geopandas as gpd
import pandas as pd
from sqlalchemy import Connection, Table, func, insert, select

from planner.errors import AccessError
from planner.model.layers import DEMO_ORIGIN, STORE_CRS
from planner.store.dated import holding
from planner.store.journal import Source, Stamp, enter_journal
from planner.store.news import News, Record, dated_news, history_news
from planner.store.roles import Act
from planner.store.tables import demand, divisions, imports, institution_states, institutions
from planner.store.workspace import Workspace


def save_divisions(workspace: Workspace, frame: gpd.GeoDataFrame, source: Source) -> int:
    """Write rows of code, name, parent, origin, geometry (EPSG:4490), each code once; how many were no news.

    A row without a place keeps the one known before.
    """
    workspace.person.check(Act.IMPORT_PLACES)
    _check_own(workspace, frame["code"])
    with workspace.writing() as connection:
        placed = _with_known_places(connection, divisions, frame)
        rows = _begun(connection, divisions, "code", placed, source)
        return _save(connection, divisions, dated_news(connection, divisions, "code", rows), rows, source)


def save_institutions(
    workspace: Workspace,
    frame: gpd.GeoDataFrame,
    states: pd.DataFrame,
    source: Source,
    *,
    rows_of: Mapping[str, int] = MappingProxyType({}),
) -> int:
    """Write institutions (id, name, kind, …, geometry in EPSG:4490), each id once, with their whole history.

    An institution without a place keeps the one known before; its earlier history is replaced. `rows_of` tells
    how many rows of the file each id has (else 1). The number of rows of the file that were no news.
    """
    workspace.person.check(Act.IMPORT_PLACES)
    _check_own(workspace, frame["county"])
    renamed = frame.rename(columns={"id": "institution"})
    with workspace.writing() as connection:
        placed = _with_known_places(connection, institutions, renamed)
        rows = _begun(connection, institutions, "institution", placed, source)
        news = dated_news(connection, institutions, "institution", rows)
        history = history_news(
            connection, institution_states, "institution", _records(institution_states, states)
        )
        same = set(renamed["institution"]) - set(news.changed) - set(history.changed)
        unchanged = sum(rows_of.get(item, 1) for item in same)
        stamp = enter_journal(connection, institutions.name, source.but_for(unchanged))
        _insert(connection, institutions, news.rows, stamp)
        _insert(connection, institution_states, history.rows, stamp)
    return unchanged


def save_demand(workspace: Workspace, frame: pd.DataFrame, source: Source) -> int:
    """Write rows of village, age_band, category, need, children, origin, all of a village together.

    The number of rows that were no news.
    """
    workspace.person.check(Act.IMPORT_DEMAND)
    _check_own(workspace, frame["village"])
    with workspace.writing() as connection:
        rows = _begun(connection, demand, "village", frame, source)
        return _save(connection, demand, dated_news(connection, demand, "village", rows), rows, source)


def save_demand_rows(connection: Connection, frame: pd.DataFrame, *, valid_from: date, stamp: Stamp) -> None:
    """As `save_demand` within another import: the files of a ledger counted by village."""
    rows = _records(demand, frame.assign(valid_from=valid_from))
    _insert(connection, demand, dated_news(connection, demand, "village", rows).rows, stamp)


def data_version(workspace: Workspace) -> str:
    """A text that changes whenever the data do."""
    with workspace.reading() as connection:
        return str(connection.execute(select(func.max(imports.c.id))).scalar() or 0)


def _check_own(workspace: Workspace, codes: Iterable[str]) -> None:
    """Raises AccessError naming the codes that lie beyond the person's scope."""
    if beyond := sorted({code for code in codes if not workspace.person.scope.holds(code)}):
        named = "、".join(beyond[:5]) + ("等" if len(beyond) > 5 else "")
        raise AccessError(f"{named}不在您的管辖区域,没有导入", "去掉这些行,或请县民政导入")


def _save(connection: Connection, table: Table, news: News, rows: Sequence[Record], source: Source) -> int:
    """Write what is news, and enter the rest in the journal as left out: how many rows that is."""
    unchanged = len(rows) - sum(news.changed.values())
    stamp = enter_journal(connection, table.name, source.but_for(unchanged))
    _insert(connection, table, news.rows, stamp)
    return unchanged


def _begun(
    connection: Connection, table: Table, key: str, frame: pd.DataFrame, source: Source
) -> list[Record]:
    """The rows of the table, each with the day from which it holds."""
    return _records(table, frame.assign(valid_from=_begin(connection, table, key, frame, source)))


def _begin(connection: Connection, table: Table, key: str, frame: pd.DataFrame, source: Source) -> list[date]:
    """From which day each row holds: the day of the file, else the first day of the newest known row."""
    if source.as_of is not None:
        return [source.as_of] * len(frame)
    newest = select(table.c[key], func.max(table.c.valid_from)).group_by(table.c[key])
    known = {row[0]: row[1] for row in connection.execute(newest)}
    return [known.get(item, date.min) for item in frame[key]]


def _with_known_places(connection: Connection, table: Table, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """`frame` with the missing places filled in; a row whose place was generated stays marked as such."""
    missing = frame.geometry.isna() | frame.geometry.is_empty
    if not missing.any():
        return frame
    key = "code" if table is divisions else "institution"
    rows = connection.execute(holding(table, key, as_of=date.max, where=table.c.geometry.isnot(None)))
    known = {row._mapping[key]: row for row in rows}
    filled = frame.copy()
    for position in missing.to_numpy().nonzero()[0]:
        row = known.get(frame[key].iloc[position])
        if row is not None:
            label = frame.index[position]
            filled.loc[[label], "geometry"] = gpd.GeoSeries.from_wkb([row.geometry], [label], STORE_CRS)
            if row.origin == DEMO_ORIGIN:
                filled.loc[label, "origin"] = DEMO_ORIGIN
    return filled


def _records(table: Table, frame: pd.DataFrame) -> list[Record]:
    """The rows of `frame` as the table takes them; raises KeyError where it lacks one of their columns."""
    if isinstance(frame, gpd.GeoDataFrame):
        frame = pd.DataFrame(frame.to_crs(STORE_CRS).to_wkb())
    names = [column.name for column in table.c if column.name in frame.columns]
    if unknown := set(frame.columns) - set(names):
        raise KeyError(f"{table.name} has no column {', '.join(sorted(unknown))}")
    values = zip(*(_plain(frame[name]) for name in names), strict=True)
    return [dict(zip(names, row, strict=True)) for row in values]


def _insert(connection: Connection, table: Table, rows: Sequence[Record], stamp: Stamp) -> None:
    if rows:
        connection.execute(insert(table), [{**row, **vars(stamp)} for row in rows])


def _plain(values: pd.Series) -> list[Hashable]:
    """The values as the database takes them: None for what is missing, days as dates."""
    if pd.api.types.is_datetime64_any_dtype(values):
        return [None if pd.isna(value) else value.date() for value in values]
    return values.astype(object).where(values.notna(), None).tolist()
