"""The child files that a workspace holds, whole, for an import to compare with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from planner.model.children import ChildRecord, Held
from planner.store.child_records import record_of
from planner.store.child_rows import ChildFile
from planner.store.children import each_whole_file
from planner.store.scope import EVERYTHING
from planner.store.workspace import Workspace

_TOLD_BY_RECORD: Mapping[str, Any] = {}  # fifty thousand contents would take 300 MB


@dataclass(frozen=True)
class KnownFile:
    """A file that the workspace holds, and the record in it, which stands for the content."""

    file: ChildFile
    record: ChildRecord

    @property
    def held(self) -> Held:
        """As the ledger is told of it."""
        return Held(self.file.township, self.file.valid_from, self.record)


def known_files(workspace: Workspace) -> dict[str, KnownFile]:
    """The newest version of every file in the person's scope, by the key of the child."""
    files = each_whole_file(workspace, EVERYTHING, as_of=date.max)
    known = (KnownFile(replace(file, content=_TOLD_BY_RECORD), record_of(file)) for file in files)
    return {item.record.key: item for item in known}
