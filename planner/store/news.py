"""What of a file is news: its rows against those that were told before of the same key and day.

A row that says of another day what is known already is news all the same: were it left out, an older file that
comes in late would hide it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Table

from planner.model.layers import DEMO_ORIGIN
from planner.store.dated import newest, told

Record = Mapping[str, Any]


@dataclass(frozen=True)
class News:
    """The rows to be written, all of every key of which something differs; by key, how many of them differ."""

    rows: tuple[Record, ...]
    changed: Mapping[str, int]


def dated_news(connection: Connection, table: Table, key: str, rows: Sequence[Record]) -> News:
    """The news in rows of a dated table, which have their `valid_from`; those of a key come together."""
    days: set[date] = {row["valid_from"] for row in rows}
    known = connection.execute(told(table, key, days)).mappings()
    return _news(rows, known, key, (key, "valid_from"))


def history_news(connection: Connection, table: Table, key: str, rows: Sequence[Record]) -> News:
    """The news in rows of a table where the newest import of a key replaces all that was told of it."""
    known = connection.execute(newest(table, key)).mappings()
    return _news(rows, known, key, (key,))


def _news(rows: Sequence[Record], known: Iterable[Mapping[Any, Any]], key: str, parts: Sequence[str]) -> News:
    if not rows:
        return News((), {})
    columns = sorted({*rows[0], "valid_to"})  # rows that end, and rows of the same words that do not, differ
    was: dict[tuple[Hashable, ...], Counter[tuple[Hashable, ...]]] = defaultdict(Counter)
    for item in known:
        was[tuple(item[part] for part in parts)][_compared(item, columns)] += 1
    now: dict[tuple[Hashable, ...], list[Record]] = defaultdict(list)
    for row in rows:
        now[tuple(row[part] for part in parts)].append(row)
    written: list[Record] = []
    changed: dict[str, int] = {}
    for part, own in now.items():
        said = Counter(_compared(row, columns) for row in own)
        if said != was[part]:
            written += own
            changed[own[0][key]] = max(1, (said - was[part]).total())
    return News(tuple(written), changed)


def _compared(row: Mapping[Any, Any], columns: Sequence[str]) -> tuple[Hashable, ...]:
    """What a row says; of its origin, a name of a file, only whether it was generated."""
    return tuple(row[name] == DEMO_ORIGIN if name == "origin" else row.get(name) for name in columns)
