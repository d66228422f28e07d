"""Which of the dated rows hold on a day in the world, as known on a day of knowledge.

Of the rows of a key that were known by then, those hold that began last by the day; of these, the ones of
the newest import. Nothing is known of the days before the first row of a key: it stands in for them. A key
whose row has ended by the day has none.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.sql.expression import FromClause

_BOOKKEEPING = ("id", "valid_from", "valid_to", "recorded_at", "import_id")


def holding(
    table: FromClause,
    key: str,
    *,
    as_of: date,
    known_at: datetime | None = None,
    where: ColumnElement[bool] | None = None,
    keep: tuple[str, ...] = (),
) -> Select[Any]:
    """The rows of `table` that hold on `as_of`, as known at `known_at` (None: now), by key.

    Without their id, dates and import, but for those named in `keep`.
    """
    begun = case((table.c.valid_from <= as_of, table.c.valid_from))
    order = (begun.desc().nulls_last(), table.c.valid_from, table.c.import_id.desc())
    open_ = or_(table.c.valid_to.is_(None), table.c.valid_to > as_of)
    return _first(table, key, order, known_at=known_at, where=where, keep=keep).where(open_)


def newest(table: FromClause, key: str, *, known_at: datetime | None = None) -> Select[Any]:
    """The rows that the newest import known at `known_at` (None: now) brought for each key."""
    return _first(table, key, (table.c.import_id.desc(),), known_at=known_at)


def told(table: FromClause, key: str, days: Collection[date]) -> Select[Any]:
    """The rows of each key that the newest import brought for each of some days (`valid_from`), with
    that day and the day on which they end."""
    where = table.c.valid_from.in_(sorted(days))
    parts = (table.c[key], table.c.valid_from)
    kept = ("valid_from", "valid_to")
    return _first(table, key, (table.c.import_id.desc(),), known_at=None, where=where, keep=kept, parts=parts)


def _first(
    table: FromClause,
    key: str,
    order: tuple[ColumnElement[Any], ...],
    *,
    known_at: datetime | None,
    where: ColumnElement[bool] | None = None,
    keep: tuple[str, ...] = (),
    parts: tuple[ColumnElement[Any], ...] = (),
) -> Select[Any]:
    rank = func.rank().over(partition_by=parts or (table.c[key],), order_by=order)
    conditions = [item for item in (where,) if item is not None]
    if known_at is not None:
        conditions.append(table.c.recorded_at <= known_at)
    ranked = select(table.c.id, rank.label("rank")).where(and_(True, *conditions)).subquery()
    chosen = table.join(ranked, and_(ranked.c.id == table.c.id, ranked.c.rank == 1))
    told = [column for column in table.c if column.name in keep or column.name not in _BOOKKEEPING]
    return select(*told).select_from(chosen).order_by(table.c[key], table.c.id)
