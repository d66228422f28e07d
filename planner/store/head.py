"""The head of the audit chain, kept outside the database: beside the key file.

Whoever can delete the last line of the chain from the database cannot take it out of the head. The head is
written in two steps, so that a crash does not read as tampering and a deletion does not pass for a crash:

1. before the commit, the transaction announces its last line: {confirmed: the line before, announced: the new one};
2. after the commit, it confirms it: {confirmed: the new one}.

A crash between the two leaves a head with an announced line. If the database has that line, the commit was
done; if it has not, the commit was not. Either is whole, and the next writer goes on from what is there; a line
that was announced and is not there is written down in the chain by the next writer, so that a deletion which
falls into this gap leaves a trace too. A line once confirmed must be there for good.

Both steps stand under a lock of the operating system, which a crash releases: the confirmation of an earlier
transaction can never come after the announcement of a later one.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path

from planner.errors import WorkspaceError, last_part
from planner.store.private_files import create_private, write_private


@dataclass(frozen=True)
class Link:
    """A line of the chain as far as the next one needs it: its number and its MAC (hex)."""

    number: int
    mac: str


START = Link(0, "0" * 64)


@dataclass(frozen=True)
class Head:
    """The last line known to be in the database, and the one that a commit was to bring."""

    confirmed: Link
    announced: Link | None = None


class HeadFile:
    """The head of the chain of one workspace. Its lock is on `folder`, which is never replaced."""

    def __init__(self, path: Path, folder: Path) -> None:
        self.path = path
        self.folder = folder

    def create(self, at: Link = START) -> None:
        """Begin a chain, or go on with one `at` its last line. Raises WorkspaceError where there is a head already."""
        try:
            create_private(self.path, _written(Head(at)))
        except FileExistsError as error:
            raise WorkspaceError(
                f"审计链头文件 {last_part(self.path)} 已经存在,没有覆盖",
                "它是另一个工作区的;换一个密钥文件名",
            ) from error

    def read(self) -> Head | None:
        """The head; None where the file is missing or malformed."""
        try:
            content = json.loads(self.path.read_bytes())
            announced = content["announced"]
            return Head(Link(*content["confirmed"]), None if announced is None else Link(*announced))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    @contextmanager
    def moved(self, before: Link, after: Link) -> Iterator[None]:
        """Announce `after` now, and confirm it when the block, the commit, has ended well."""
        descriptor = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            write_private(self.path, _written(Head(before, after)))
            yield
            write_private(self.path, _written(Head(after)))
        finally:
            os.close(descriptor)  # and with it goes the lock


def head_path(key_file: Path) -> Path:
    """The head file that belongs to a key file."""
    return key_file.with_name(f"{key_file.name}.head")


def _written(head: Head) -> bytes:
    announced = None if head.announced is None else astuple(head.announced)
    return json.dumps({"confirmed": astuple(head.confirmed), "announced": announced}).encode()
