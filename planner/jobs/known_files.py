"""The child files that a workspace holds, whole, for an import to compare with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from planner.model.children import ChildRecord, Held
from planner.store.child_records import record_of
from planner.store.child_rows import ChildFile
from planner.store.children import whole_files
from planner.store.scope import EVERYTHING
from planner.store.workspace import Workspace


@dataclass(frozen=True)
class KnownFile:
    """A file that the workspace holds, and the record in it."""

    file: ChildFile
    record: ChildRecord

    @property
    def held(self) -> Held:
        """As the ledger is told of it."""
        return Held(self.file.township, self.file.valid_from, self.record)


def known_files(workspace: Workspace) -> dict[str, KnownFile]:
    """The newest version of every file in the person's scope, by the key of the child."""
    files = whole_files(workspace, EVERYTHING, as_of=date.max)
    known = [KnownFile(file, record_of(file)) for file in files]
    return {item.record.key: item for item in known}
