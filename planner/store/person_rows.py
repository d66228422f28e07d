"""Rosters, duties and visits at rest: sealed rows that hold from a day on, in the scope of their township or village."""

from __future__ import annotations

import json
import secrets
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, insert

from planner.errors import AccessError
from planner.store.audit import trail_of
from planner.store.child_rows import within
from planner.store.dated import holding, newest
from planner.store.journal import Stamp
from planner.store.keys import KeyRing
from planner.store.protected import person_rows
from planner.store.roles import Act
from planner.store.scope import EVERYTHING, Scope
from planner.store.sealing import Place, index_of, open_sealed, seal
from planner.store.workspace import Workspace

Kind = Literal["assistant", "cadre", "duty", "visit"]
BOUND = ("id", "kind", "township", "village")
_ROWS = person_rows.c


@dataclass(frozen=True)
class PersonRow:
    """One row: its township (of a cadre of the county the county), its village where it has one, and the record as
    JSON text.

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
    person = trail_of(connection).person
    person.check(Act.EDIT_FILES)
    for row in rows:
        if not person.scope.holds(row.township):
            raise AccessError(f"{row.township}不归您管辖,没有保存", "请由该乡镇或县民政办理")
    _add(connection, kind, rows, valid_from=valid_from, stamp=stamp)


def _add(
    connection: Connection,
    kind: Kind,
    rows: Sequence[PersonRow],
    *,
    valid_from: date,
    stamp: Stamp,
    ended: bool = False,
) -> None:
    """Add rows wherever they are; `ended` ones say that their batch does not hold."""
    ring = trail_of(connection).keys.ring
    values: list[dict[str, Any]] = [
        {
            "id": secrets.token_hex(16),
            "kind": kind,
            "township": row.township,
            "village": row.village,
            "valid_from": valid_from,
            "valid_to": valid_from if ended else None,
            "recorded_at": stamp.recorded_at,
            "import_id": stamp.import_id,
        }
        for row in rows
    ]
    for item, row in zip(values, rows, strict=True):
        item |= resealed(ring, item, row.content, row.batch)
    if values:
        connection.execute(insert(person_rows), values)


def batch_index(ring: KeyRing, batch: str) -> str:
    """Under which the rows of a batch are found."""
    return index_of(ring, f"batch:{batch}")


def read_rows(
    workspace: Workspace,
    kind: Kind,
    *,
    as_of: date,
    known_at: datetime | None = None,
    scope: Scope = EVERYTHING,
) -> list[str]:
    """The records of a kind that hold on a day, in the person's own part of `scope`, as JSON texts in a steady order.

    A row that has passed to another area with its child is that area's alone, whatever day is asked for.
    Raises AccessError where the role sees no files.
    """
    workspace.person.check(Act.READ_FILES)
    own = within(scope.within(workspace.person.scope), _ROWS.township, _ROWS.village)
    of_kind = _ROWS.kind == kind
    statement = holding(
        person_rows, "batch", as_of=as_of, known_at=known_at, where=of_kind, keep=("id",)
    ).where(own)
    if known_at is not None:
        still = newest(person_rows, "batch").where(of_kind, own).with_only_columns(_ROWS.batch)
        statement = statement.where(_ROWS.batch.in_(still.order_by(None)))
    with workspace.reading() as connection:
        found = [opened(workspace.ring, row) for row in connection.execute(statement)]
    return sorted(row.content for row in found)


def carry_rows(
    connection: Connection,
    kind: Kind,
    carried: Callable[[PersonRow], Sequence[PersonRow]],
    *,
    townships: Collection[str],
    stamp: Stamp,
    since: date | None = None,
) -> int:
    """Put other rows in the place of those of a kind that hold in some townships; how many batches changed.

    Wherever they go: whoever calls this has made sure that the person may. Raises AccessError for who may not edit.
    `carried` answers with what a row becomes: maybe several, maybe in another batch, whose rows it joins. With
    `since` they become so on that day, or when the row itself begins if that is later; without it they are told
    anew for all their days.
    """
    trail_of(connection).person.check(Act.EDIT_FILES)
    ring = trail_of(connection).keys.ring
    where = (_ROWS.kind == kind) & _ROWS.township.in_(sorted(townships))
    held = holding(person_rows, "batch", as_of=date.max, where=where, keep=("id", "valid_from"))
    days: dict[str, date] = {}
    after: dict[str, list[PersonRow]] = defaultdict(list)
    last: dict[str, PersonRow] = {}
    touched: set[str] = set()
    for row in connection.execute(held).all():
        before = opened(ring, row)
        last[before.batch] = before
        rows = list(carried(before))
        if rows != [before]:
            touched |= {before.batch, *(item.batch for item in rows)}
        for batch in {before.batch, *(item.batch for item in rows)}:
            days[batch] = max(days.get(batch, date.min), row.valid_from, since or date.min)
        for item in rows:
            after[item.batch].append(item)
    for batch in sorted(touched):
        rows = list(dict.fromkeys(after[batch])) or [last[batch]]
        _add(connection, kind, rows, valid_from=days[batch], stamp=stamp, ended=not after[batch])
    return len(touched)


def resealed(ring: KeyRing, values: Mapping[Any, Any], content: str, batch: str) -> dict[str, Any]:
    """What a row with those clear values says of itself sealed: the content, and the index of its batch."""
    envelope = json.dumps({"batch": batch, "record": content}, ensure_ascii=False)
    sealed = seal(ring, _place(values), envelope.encode())
    return {"batch": batch_index(ring, batch), "content": sealed}


def opened(ring: KeyRing, row: Row[Any]) -> PersonRow:
    """A row as it was saved."""
    envelope = json.loads(open_sealed(ring, _place(row._mapping), row.content))
    return PersonRow(row.township, row.village, str(envelope["record"]), str(envelope["batch"]))


def _place(values: Mapping[Any, Any]) -> Place:
    return Place(person_rows.name, "content", tuple(values[name] for name in BOUND))
