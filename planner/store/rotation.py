"""A new key: added to the ring, and everything sealed anew with it. Every sealed column is named here."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Table, bindparam, func, select, update

from planner.store import child_rows, events, journal, transfers, visit_moves
from planner.store.audit import Action, record
from planner.store.keys import KeyRing
from planner.store.person_rows import BOUND, batch_index
from planner.store.protected import child_events, child_versions, person_rows
from planner.store.roles import Act
from planner.store.sealing import Place, index_of, open_sealed, seal
from planner.store.tables import imports, run_frames
from planner.store.workspace import Workspace, name_key

_AT_ONCE = 1000
Indexed = Callable[[KeyRing, Mapping[str, Any]], str | None]


@dataclass(frozen=True)
class SealedColumn:
    """A sealed column, what its content is bound to, and the blind indexes made of the content (JSON).

    A row where nothing stands has nothing sealed.
    """

    table: Table
    bound: tuple[str, ...]
    name: str = "content"
    indexes: Mapping[str, Indexed] = field(default_factory=dict)


SEALED = (
    SealedColumn(run_frames, ("run", "name")),
    SealedColumn(
        child_versions,
        child_rows.BOUND,
        indexes={"person_index": lambda ring, told: index_of(ring, told["person"])},
    ),
    SealedColumn(
        person_rows,
        BOUND,
        indexes={"batch": lambda ring, told: batch_index(ring, told["batch"])},
    ),
    SealedColumn(transfers.TRANSFERS, transfers.BOUND),
    SealedColumn(imports, journal.BOUND, "sealed_name"),
    SealedColumn(visit_moves.MOVES, visit_moves.BOUND),
    SealedColumn(
        child_events,
        events.BOUND,
        indexes={
            "reporter_index": lambda ring, told: events.reporter_index(ring, told["reporter"]),
            "file_index": lambda ring, told: None if told["file"] is None else index_of(ring, told["file"]),
        },
    ),
)


def rotate_key(workspace: Workspace) -> tuple[str, int]:
    """Add a key and seal everything with it; its fingerprint, and how many values were sealed anew.

    The order makes a crash at any point harmless: first the key file has the new key, then the settings name
    it, then one transaction seals. Until that commits the old key, which stays in the ring, opens everything.
    Raises AccessError for who may not, SealError where something does not open; then nothing is sealed anew.
    """
    workspace.person.check(Act.MAINTAIN)
    with workspace.writing() as connection:
        key = workspace.key_file.add_key()
        name_key(workspace.folder, workspace.key_file)
        ring = workspace.ring
        sealed = sum(_seal_anew(connection, ring, column) for column in SEALED)
        record(connection, Action.ROTATE, key.id, detail={"sealed": sealed})
    return key.id, sealed


def _seal_anew(connection: Connection, ring: KeyRing, column: SealedColumn) -> int:
    """Seal a column with the newest key and make its blind indexes anew; how many values there were."""
    table = column.table
    keys = list(table.primary_key.columns)
    wanted = [*keys, *(table.c[name] for name in column.bound), table.c[column.name]]
    filled = table.c[column.name].isnot(None)
    by_key = select(*dict.fromkeys(wanted)).where(filled).order_by(*keys)
    change = (
        update(table)
        .where(*(key == bindparam(f"key_{key.name}") for key in keys))
        .values({name: bindparam(f"new_{name}") for name in (column.name, *column.indexes)})
    )
    count = connection.execute(select(func.count()).select_from(table).where(filled)).scalar_one()
    # By pages, so that memory holds a few; a change to a row does not move it in the order of its key.
    for start in range(0, count, _AT_ONCE):
        rows = connection.execute(by_key.limit(_AT_ONCE).offset(start)).all()
        connection.execute(change, [_changed(ring, column, row._mapping) for row in rows])
    return count


def _changed(ring: KeyRing, column: SealedColumn, row: Mapping[Any, Any]) -> dict[str, Any]:
    place = Place(column.table.name, column.name, tuple(row[name] for name in column.bound))
    content = open_sealed(ring, place, row[column.name])
    told = json.loads(content) if column.indexes else {}
    return {
        **{f"key_{key.name}": row[key.name] for key in column.table.primary_key.columns},
        f"new_{column.name}": seal(ring, place, content),
        **{f"new_{name}": made(ring, told) for name, made in column.indexes.items()},
    }
