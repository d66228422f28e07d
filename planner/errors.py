"""What can go wrong, told so that the reader knows what to do next."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path


@dataclass(frozen=True)
class Problem:
    """One fault of an input: what is wrong, what to do, and where (file, sheet, row and column).

    `code` names the kind of fault where a reader gives stable codes (docs/ledger_codes.md).
    """

    message: str
    fix: str = ""
    row: int | None = None
    column: str | None = None
    sheet: str | None = None
    value: str | None = None
    code: str = ""

    @property
    def where(self) -> str:
        """The place in words, e.g. 「第12行 人数(D列)」; empty for a fault of the whole file."""
        parts = [f"工作表“{self.sheet}”"] if self.sheet else []
        if self.row is not None:
            parts.append(f"第{self.row}行")
        if self.column:
            parts.append(self.column)
        return " ".join(parts)

    def __str__(self) -> str:
        place = f"{self.where}:" if self.where else ""
        fix = f"。{self.fix}" if self.fix else ""
        return f"{place}{self.message}{fix}"


class PlannerError(Exception):
    """A failure told in the user's language: what is wrong, and what to do next.

    `exit_code` is what the command ends with: 2 for input the user can mend, 1 for a failure of ours.
    """

    exit_code = 1

    def __init__(self, message: str, fix: str = "", problems: Sequence[Problem] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix
        self.problems = tuple(problems)

    def __str__(self) -> str:
        head = f"{self.message}。{self.fix}" if self.fix else self.message
        return "\n".join([head, *(str(problem) for problem in self.problems)])


class InputError(PlannerError):
    """The user's input (a file, an option, a name) cannot be used as it is."""

    exit_code = 2


class WorkspaceError(InputError):
    """The workspace is missing, of another version, or not what was expected."""


class BusyError(WorkspaceError):
    """Another writer keeps the database; what was to be written can be tried again."""


class AccessError(InputError):
    """The person may not do or see this. Says nothing of whether what was asked for exists."""


class ConflictError(InputError):
    """Somebody else was quicker: what is to be saved rests on an older version than the newest."""


class PluginError(PlannerError):
    """A plugin broke its contract: it read, made or returned something it did not declare."""


def last_part(path: Path) -> str:
    """The last part of a path: all that an error tells of where something lies."""
    return path.absolute().name or str(path)


def fault_code(error: BaseException) -> str:
    """Eight hexadecimal digits for a failure of ours, the same wherever the same fault shows; tells no insides."""
    places = traceback.extract_tb(error.__traceback__)
    place = f"{Path(places[-1].filename).name}:{places[-1].name}:{places[-1].line}" if places else ""
    return sha256(f"{type(error).__name__}|{place}".encode()).hexdigest()[:8]
