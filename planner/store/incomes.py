"""全区农村居民人均可支配收入 by year: what the yearly allowance is reckoned from (三(一))."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from sqlalchemy import Connection, insert, select

from planner.model.incomes import IncomeFigure
from planner.store.audit import trail_of
from planner.store.journal import Stamp
from planner.store.roles import Act
from planner.store.tables import incomes
from planner.store.workspace import Workspace


def save_incomes(connection: Connection, figures: Iterable[IncomeFigure], *, stamp: Stamp) -> None:
    """Add figures; of a year the newest holds. Raises AccessError for who may not import them."""
    trail_of(connection).person.check(Act.IMPORT_PLACES)
    rows = [
        {"year": item.year, "yuan": str(item.yuan), "source": item.source, **vars(stamp)} for item in figures
    ]
    if rows:
        connection.execute(insert(incomes), rows)


def read_incomes(workspace: Workspace) -> list[IncomeFigure]:
    """The newest figure of every year, by year."""
    with workspace.reading() as connection:
        rows = connection.execute(select(incomes).order_by(incomes.c.import_id, incomes.c.id)).all()
    newest = {row.year: IncomeFigure(row.year, Decimal(row.yuan), row.source) for row in rows}
    return [newest[year] for year in sorted(newest)]
