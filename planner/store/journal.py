"""The journal of imports: which file came when, on whose account, and what became of its rows."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime

from sqlalchemy import Connection, insert

from planner.store.audit import Action, record, trail_of
from planner.store.tables import imports


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


def enter_journal(connection: Connection, kind: str, source: Source) -> Stamp:
    """Enter an import on the account of who writes; `connection` comes from `Workspace.writing`."""
    recorded_at = datetime.now(UTC)
    who = trail_of(connection).person.login
    values = {**asdict(source), "kind": kind, "who": who, "recorded_at": recorded_at}
    import_id = connection.execute(insert(imports).values(values).returning(imports.c.id)).scalar_one()
    told = {"import": import_id, "sha256": source.sha256, "read": source.read, "accepted": source.accepted}
    record(connection, Action.IMPORT, kind, detail=told)
    return Stamp(import_id, recorded_at)
