"""What an import would do, worked out before anything is written, and done in one transaction.

Who has seen a plan confirms it by its digest: where the same file would now do something else, nothing is written.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any, Generic, TypeVar

import networkx as nx
from sqlalchemy import Connection

from planner.errors import ConflictError
from planner.ledger import CheckedRows
from planner.model.plain_json import to_json
from planner.plugin import Progress
from planner.store.journal import Source, Stamp, enter_journal, newest_entry
from planner.store.masking import scrub
from planner.store.workspace import Workspace

Checked = TypeVar("Checked", bound=CheckedRows[Any])
Report = Callable[[Progress], None]
Content = Mapping[str, Any]
Place = tuple[str | None, int]
_ATTEMPTS = 5


class OvertakenError(ConflictError):
    """Something was written between the making of a plan and its writing; it has to be made anew."""


def content_of(entry: Any) -> Content:
    """A record of the model as plain values by name, as the store keeps it."""
    content: Content = json.loads(to_json(entry))
    return content


def in_silence(progress: Progress) -> None:
    """A `Report` that tells nobody."""


@dataclass(frozen=True)
class Change:
    """What a row does to what is held: `old` None makes it new. Contents are whole, never to be shown as such.

    `area` is the division that holds it, by which is told who may see what; `version` names the version of the
    file that is changed.
    """

    place: Place
    area: str
    old: Any
    new: Any
    version: str = ""

    @property
    def before(self) -> Content | None:
        """What is held, as it is stored; made when asked for, as those of a county would fill the memory."""
        return None if self.old is None else content_of(self.old)

    @property
    def after(self) -> Content:
        """What will be held."""
        return content_of(self.new)


@dataclass(frozen=True)
class Removal:
    """A row of a roster that the new roster of its township (`area`) has no longer."""

    area: str
    content: Content


@dataclass(frozen=True)
class LedgerReport(Generic[Checked]):
    """What became of a file: the fate of each row, and of the accepted ones how many were new or changed.

    `removed` counts the rows of rosters that gave way, `written` is False for a trial run.
    """

    kind: str
    checked: Checked
    added: int
    changed: int
    written: bool
    removed: int = 0


@dataclass(frozen=True)
class Plan(Generic[Checked]):
    """What the import of a file would do on the workspace as it is. `tree` has the names of the divisions.

    `day` is the day that the rows hold from. `write` does it within a transaction. `basis` is the last entry of
    the journal before the plan was made: whatever it rests on is as it was while no other has followed.
    """

    kind: str
    checked: Checked
    source: Source
    day: date
    tree: nx.DiGraph
    changes: tuple[Change, ...]
    write: Callable[[Connection, Stamp], None]
    basis: int
    removed: tuple[Removal, ...] = ()

    @property
    def changed_places(self) -> frozenset[Place]:
        """The rows that change what is held; the other accepted ones are new."""
        return frozenset(change.place for change in self.changes if change.old is not None)

    @property
    def digest(self) -> str:
        """SHA-256 of the file, of the fate of every row and of every change: equal for plans that do the same."""
        told = {
            "kind": self.kind,
            "file": self.source.sha256,
            "day": self.day.isoformat(),
            "rows": [(row.sheet, row.row, str(row.outcome), row.messages) for row in self.checked.rows],
            "changes": [
                (change.place, change.area, change.version, change.before, change.after)
                for change in self.changes
            ],
            "removed": [(item.area, item.content) for item in self.removed],
        }
        return sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).hexdigest()

    def carried_out(
        self, workspace: Workspace, *, expected: str | None, dry_run: bool, report: Report
    ) -> LedgerReport[Checked]:
        """Do it, in one transaction, or not at all with `dry_run`.

        Raises ConflictError where `expected` is given and is not the digest of this plan, OvertakenError where
        the workspace has changed since the plan was made.
        """
        if expected is not None and expected != self.digest:
            raise ConflictError(
                "核对之后,系统中的档案、名册或区划有人改动过,没有导入", "请看重新核对的结果,再确认一次"
            )
        if not dry_run:
            report(Progress(f"写入{self.checked.accepted}行"))
            with workspace.writing() as connection:
                if newest_entry(connection) != self.basis:
                    raise OvertakenError("别人同时在导入或修改,没有导入", "稍后再导入一次")
                self.write(connection, enter_journal(connection, self.kind, self.source))
        changed = len(self.changed_places)
        added = self.checked.accepted - changed
        return LedgerReport(self.kind, self.checked, added, changed, not dry_run, len(self.removed))


def carry_out(
    workspace: Workspace,
    make: Callable[[], Plan[Checked]],
    *,
    expected: str | None = None,
    dry_run: bool = False,
    report: Report,
) -> LedgerReport[Checked]:
    """Make a plan and do it; where somebody else wrote meanwhile, make it anew. Raises as `Plan.carried_out`.

    Counts of villages rest on all files, so of two imports at once the later one has to see the earlier.
    """
    for _ in range(_ATTEMPTS - 1):
        with suppress(OvertakenError):
            return make().carried_out(workspace, expected=expected, dry_run=dry_run, report=report)
        report(Progress("别人刚刚写入,重新核对"))
    return make().carried_out(workspace, expected=expected, dry_run=dry_run, report=report)


def source_of(checked: CheckedRows[Any], as_of: date | None) -> Source:
    """A file as the journal keeps it; whoever reads its name there need not see numbers of persons in it."""
    return Source(
        name=scrub(checked.file),
        sha256=checked.sha256,
        as_of=as_of,
        read=checked.read,
        accepted=checked.accepted,
        skipped=checked.skipped,
        rejected=checked.rejected,
    )
