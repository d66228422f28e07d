"""R-KEEP: the identity of a closed file erased wherever the store has it; what counts are made of stays.

Versions, visits, events and transfers of the file are rewritten in their place, the only rows ever changed; blind
indexes go with them. Results of runs that tell of the file are taken away whole (a route leads to the home), and so
are the names of the files that brought it. The audit names no child and stays as it is.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, delete, or_, select, update

from planner.model.children import ChildRecord
from planner.model.papers import LEDGERS
from planner.model.remains import event_remains, remains_of, stand_in, visit_remains
from planner.model.visits import Visit
from planner.store import events, person_rows, transfers, visit_moves
from planner.store.audit import Action, record, trail_of
from planner.store.child_records import record_of, visit_batch
from planner.store.child_rows import VERSION, ChildFile, files_of, newest, sealed
from planner.store.child_saving import batched
from planner.store.protected import child_events, child_versions
from planner.store.protected import person_rows as rows_of_persons
from planner.store.roles import Act
from planner.store.run_frames import unseal
from planner.store.sealing import Place, index_of, indexes_of, open_sealed, seal
from planner.store.tables import imports, run_frames, runs

_FILE = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_VERSIONS = child_versions.c


@dataclass(frozen=True)
class _Child:
    """A file to be erased: until when it was held, and the keys under which visits and events name its child."""

    file: str
    closed: date
    keys: frozenset[str]


def closed_by(connection: Connection, day: date) -> list[ChildFile]:
    """The files in the person's scope that were closed by a day and tell who the child is, whole, by file."""
    trail = trail_of(connection)
    trail.person.check(Act.ERASE_FILES)
    closed = newest(trail.person.scope).where(_VERSIONS.valid_to <= day).order_by(_VERSIONS.file)
    found = (file for _, file in files_of(trail.keys.ring, connection.execute(closed)))
    return [file for file in found if not file.is_erased]


def erase_files(connection: Connection, files: Collection[ChildFile], *, before: datetime) -> None:
    """Erase who the children of closed files are, and the names of the files imported `before` an instant.

    A line in the audit for each. Raises AccessError for who may not.
    """
    trail_of(connection).person.check(Act.ERASE_FILES)
    children = []
    touched: set[int] = set()
    for part in batched(sorted(files, key=lambda file: file.file)):
        children += list(_erase_versions(connection, part, touched))
    by_file = {child.file: child for child in children}
    _erase_visits(connection, children, touched)
    _erase_events(connection, by_file)
    for numbers in batched(sorted(by_file)):
        _erase_reasons(connection, numbers)
    _erase_results(connection, by_file)
    named = or_(imports.c.recorded_at < before, imports.c.id.in_(sorted(touched)))
    wanted = imports.c.kind.in_(sorted(LEDGERS)) & named
    connection.execute(update(imports).where(wanted).values(sealed_name=None))
    for child in children:
        record(connection, Action.ERASE, child.file, detail={"closed": child.closed})


def _erase_versions(
    connection: Connection, files: Collection[ChildFile], touched: set[int]
) -> Iterator[_Child]:
    ring = trail_of(connection).keys.ring
    closed = {file.file: file.valid_to or date.max for file in files}
    keys: dict[str, set[str]] = {file: set() for file in closed}
    statement = select(*VERSION, _VERSIONS.import_id).where(_VERSIONS.file.in_(sorted(closed)))
    for row in connection.execute(statement).all():
        touched |= {row.import_id} - {None}
        ((person, version),) = files_of(ring, [row[: len(VERSION)]])
        child: ChildRecord = record_of(version)
        keys[version.file] |= {person, child.key, child.key_without_id}
        content = json.loads(remains_of(child, version.file).to_json())
        own = stand_in(version.file)
        changed = {
            "content": sealed(ring, row._asdict(), own, content, version.closing, is_erased=True),
            "person_index": index_of(ring, own),
        }
        connection.execute(update(child_versions).where(_VERSIONS.id == row.id).values(changed))
    for file, own_keys in keys.items():
        yield _Child(file, closed[file], frozenset(own_keys))


def _erase_visits(connection: Connection, children: Collection[_Child], touched: set[int]) -> None:
    """Of a child who has come back the visits since are those of the new file; of one who has not, of the last."""
    ring = trail_of(connection).keys.ring
    by_key: dict[str, list[_Child]] = defaultdict(list)
    for child in sorted(children, key=lambda item: item.closed):
        for key in child.keys:
            by_key[key].append(child)
    visits = rows_of_persons.c.kind == "visit"
    for row in connection.execute(select(rows_of_persons).where(visits)).all():
        before = person_rows.opened(ring, row)
        visit = Visit.from_json(before.content)
        own = by_key.get(visit.child, [])
        file = next((child.file for child in own if visit.day < child.closed), None)
        if file is None and own and not _has_another(connection, own[-1]):
            file = own[-1].file
        if file is None:
            continue
        touched.add(row.import_id)
        left = visit_remains(visit, file)
        changed = person_rows.resealed(ring, row._mapping, left.to_json(), visit_batch(left))
        connection.execute(update(rows_of_persons).where(rows_of_persons.c.id == row.id).values(changed))


def _has_another(connection: Connection, child: _Child) -> bool:
    """Whether the child has a file that is not erased: those that are stand under another index by now."""
    ring = trail_of(connection).keys.ring
    indexes = {index for key in child.keys for index in indexes_of(ring, key)}
    found = select(_VERSIONS.id).where(_VERSIONS.person_index.in_(sorted(indexes))).limit(1)
    return connection.execute(found).first() is not None


def _erase_events(connection: Connection, children: Mapping[str, _Child]) -> None:
    ring = trail_of(connection).keys.ring
    by_key = {key: child for child in children.values() for key in child.keys}
    for row in connection.execute(select(child_events)).all():
        place = Place(child_events.name, "content", tuple(row._mapping[name] for name in events.BOUND))
        envelope = json.loads(open_sealed(ring, place, row.content))
        child = by_key.get(str(envelope["content"].get("child")))
        file = envelope["file"]
        if file is None and child is not None and row.recorded_at.date() < child.closed:
            file = child.file
        if file in children:
            envelope["content"] = event_remains(envelope["content"], file)
            text = json.dumps(envelope, ensure_ascii=False, allow_nan=False)
            changed = update(child_events).where(child_events.c.id == row.id)
            connection.execute(changed.values(content=seal(ring, place, text.encode())))


def _erase_reasons(connection: Connection, files: Collection[str]) -> None:
    """Those of handing the files over, and of moving planned visits of their households."""
    ring = trail_of(connection).keys.ring
    for table, bound, of_file in (
        (transfers.TRANSFERS, transfers.BOUND, transfers.TRANSFERS.c.file),
        (visit_moves.MOVES, visit_moves.BOUND, visit_moves.MOVES.c.household),
    ):
        for row in connection.execute(select(table).where(of_file.in_(files))).all():
            place = Place(table.name, "content", tuple(row._mapping[name] for name in bound))
            content = seal(ring, place, json.dumps({"reason": ""}).encode())
            connection.execute(update(table).where(table.c.id == row.id).values(content=content))


def _erase_results(connection: Connection, children: Mapping[str, _Child]) -> None:
    """Take the results of runs away that tell of one of the files; that there was a run, and its figures, stay."""
    ring = trail_of(connection).keys.ring
    telling = set()
    for run, name, content in connection.execute(select(run_frames)).all():
        frame = unseal(ring, run, name, content)
        words = (str(value) for column in frame.select_dtypes(["object", "str"]) for value in frame[column])
        if run not in telling and any(not children.keys().isdisjoint(_FILE.findall(word)) for word in words):
            telling.add(run)
    for run in sorted(telling):
        connection.execute(delete(run_frames).where(run_frames.c.run == run))
        connection.execute(update(runs).where(runs.c.id == run).values(tables=[]))
