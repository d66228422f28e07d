"""Rosters, duties and visits at rest: sealed rows that hold from a day on, in the scope of their township or village."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, insert

from planner.errors import AccessError
from planner.store.audit import trail_of
from planner.store.child_rows import within
from planner.store.dated import holding
from planner.store.journal import Stamp
from planner.store.keys import KeyRing
from planner.store.protected import person_rows
from planner.store.roles import Act
from planner.store.sealing import Place, index_of, open_sealed, seal
from planner.store.workspace import Workspace

Kind = Literal["assistant", "duty", "visit"]
BOUND = ("id", "kind", "township", "village")
_ROWS = person_rows.c


@dataclass(frozen=True)
class PersonRow:
    """One row: its township, its village where it has one, and the record as JSON text.

    `batch` names what is replaced together; it is kept as a blind index.
    """

    township: str
    village: str | None
    content: str
    batch: str


def save_rows(
    connection: Connection, kind: Kind, rows: Sequence[PersonRow], *, valid_from: date, stamp: Stamp
) -> None:
    """Add rows that hold from a day on. Raises AccessError for who may not edit files, or not of that township."""
    trail = trail_of(connection)
    trail.person.check(Act.EDIT_FILES)
    for row in rows:
        if not trail.person.scope.holds(row.township):
            raise AccessError(f"{row.township}不归您管辖,没有保存", "请由该乡镇或县民政办理")
    ring = trail.keys.ring
    values: list[dict[str, Any]] = [
        {
            "id": secrets.token_hex(16),
            "kind": kind,
            "batch": batch_index(ring, row.batch),
            "township": row.township,
            "village": row.village,
            "valid_from": valid_from,
            "recorded_at": stamp.recorded_at,
            "import_id": stamp.import_id,
        }
        for row in rows
    ]
    for item, row in zip(values, rows, strict=True):
        envelope = json.dumps({"batch": row.batch, "record": row.content}, ensure_ascii=False)
        item["content"] = seal(ring, _place(item), envelope.encode())
    if values:
        connection.execute(insert(person_rows), values)


def batch_index(ring: KeyRing, batch: str) -> str:
    """Under which the rows of a batch are found."""
    return index_of(ring, f"batch:{batch}")


def read_rows(
    workspace: Workspace, kind: Kind, *, as_of: date, known_at: datetime | None = None
) -> list[str]:
    """The records of a kind that hold on a day, in the person's scope, as JSON texts in a steady order.

    Raises AccessError where the role sees no files.
    """
    workspace.person.check(Act.READ_FILES)
    statement = holding(
        person_rows,
        "batch",
        as_of=as_of,
        known_at=known_at,
        where=(_ROWS.kind == kind) & within(workspace.person.scope, _ROWS.township, _ROWS.village),
        keep=("id",),
    )
    with workspace.reading() as connection:
        return sorted(_opened(workspace.ring, row) for row in connection.execute(statement))


def _opened(ring: KeyRing, row: Row[Any]) -> str:
    envelope = json.loads(open_sealed(ring, _place(row._mapping), row.content))
    return str(envelope["record"])


def _place(values: Mapping[Any, Any]) -> Place:
    return Place(person_rows.name, "content", tuple(values[name] for name in BOUND))
