"""The journal of imports: which file came when, on whose account, and what became of its rows.

People name files after children: the name of a file about persons is sealed, and in the clear it is called by its
kind, the beginning of its hash and its ending.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from pathlib import PurePath

from sqlalchemy import Connection, func, insert, select, update

from planner.model.papers import LEDGERS
from planner.store.audit import Action, record, trail_of
from planner.store.keys import KeyRing
from planner.store.sealing import Place, open_sealed, seal
from planner.store.tables import imports

BOUND = ("id",)
_ENDINGS = (".xlsx", ".csv")  # any other may be a name, too


@dataclass(frozen=True)
class Source:
    """A file as the journal keeps it: its name and hash, the day its rows speak of, what became of them.

    `as_of` None: the file names no day; its rows go in the place of the newest known ones.
    `read` = `accepted` + `rejected` + `skipped`.
    """

    name: str
    sha256: str
    as_of: date | None
    read: int
    accepted: int
    skipped: int
    rejected: int = 0

    def but_for(self, unchanged: int) -> Source:
        """The same with some of its accepted rows left out because they are known already."""
        return replace(self, accepted=self.accepted - unchanged, skipped=self.skipped + unchanged)


@dataclass(frozen=True)
class Stamp:
    """What all rows of an import bear."""

    import_id: int
    recorded_at: datetime


def newest_entry(connection: Connection) -> int:
    """The number of the last entry, 0 before the first: while it stays, no import or change of files has come."""
    return connection.execute(select(func.coalesce(func.max(imports.c.id), 0))).scalar_one()


def enter_journal(connection: Connection, kind: str, source: Source) -> Stamp:
    """Enter an import on the account of who writes; `connection` comes from `Workspace.writing`."""
    trail, recorded_at = trail_of(connection), datetime.now(UTC)
    told = {"kind": kind, "who": trail.person.login, "recorded_at": recorded_at, "name": _clear(kind, source)}
    values = asdict(source) | told
    import_id = connection.execute(insert(imports).values(values).returning(imports.c.id)).scalar_one()
    if kind in LEDGERS:
        named = seal(trail.keys.ring, _place(import_id), source.name.encode())
        connection.execute(update(imports).where(imports.c.id == import_id).values(sealed_name=named))
    detail = {"import": import_id, "sha256": source.sha256, "read": source.read, "accepted": source.accepted}
    record(connection, Action.IMPORT, kind, detail=detail)
    return Stamp(import_id, recorded_at)


def name_of(ring: KeyRing, import_id: int, clear: str, sealed: bytes | None) -> str:
    """The name of a file of the journal, for who may see that import; the clear one where there is no other."""
    return clear if sealed is None else open_sealed(ring, _place(import_id), sealed).decode()


def _clear(kind: str, source: Source) -> str:
    """What a file is called in the clear, e.g. 困境儿童台账 3f2a91bc.xlsx."""
    if kind not in LEDGERS:
        return source.name
    ending = PurePath(source.name).suffix.lower()
    return f"{LEDGERS[kind]} {source.sha256[:8]}{ending if ending in _ENDINGS else ''}"


def _place(import_id: int) -> Place:
    return Place(imports.name, "sealed_name", (import_id,))
