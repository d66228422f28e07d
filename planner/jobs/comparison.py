"""The entries of a roster or of visits against those that are held: which are new, changed, the same, or gone."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from planner.jobs.plans import Change, Place, Removal, content_of
from planner.ledger import CheckedRows, RowOutcome, leave_unchanged, refuse_beyond

Entry = TypeVar("Entry")


@dataclass(frozen=True)
class Compared(Generic[Entry]):
    """A file whose rows of other areas are refused, and those that say nothing new left out.

    `entries` are all that are sound, each once; `fresh` those that are new or changed, `removed` those held in
    an area that the file names, and not in the file.
    """

    checked: CheckedRows[Any]
    entries: tuple[Entry, ...]
    fresh: tuple[Entry, ...]
    changes: tuple[Change, ...]
    removed: tuple[Entry, ...]
    removals: tuple[Removal, ...]


def compare(
    checked: CheckedRows[Any],
    held: Iterable[Entry],
    *,
    key: Callable[[Entry], Hashable],
    area: Callable[[Entry], str] = lambda entry: "",
    is_own: Callable[[str], bool] = lambda area: True,
    replaces: bool = False,
) -> Compared[Entry]:
    """Compare the entries of a file (one a row, or a tuple of them) with those held.

    Entries of one `key` are the same thing. `area` is the division that an entry belongs to, `is_own` says
    whether that is in the person's scope. With `replaces` the file is all there is
    of the areas it names.
    """
    checked = refuse_beyond(checked, lambda row: all(is_own(area(entry)) for entry in _entries(row)))
    by_key = {key(entry): entry for entry in held}
    entries: dict[Any, None] = {}
    fresh: list[Entry] = []
    changes: list[Change] = []
    changing: set[Place] = set()
    for row in checked.rows:
        if not row.is_accepted:
            continue
        new = [entry for entry in _entries(row) if entry not in entries]
        entries.update(dict.fromkeys(new))
        differing = [entry for entry in new if by_key.get(key(entry)) != entry]
        for entry in differing:
            changes.append(Change((row.sheet, row.row), area(entry), by_key.get(key(entry)), entry))
            changing.add((row.sheet, row.row))
        fresh += differing
    named, keys = {area(entry) for entry in entries}, {key(entry) for entry in entries}
    gone = [
        entry
        for held_key, entry in by_key.items()
        if replaces and area(entry) in named and held_key not in keys
    ]
    return Compared(
        checked=leave_unchanged(checked, lambda row: (row.sheet, row.row) not in changing),
        entries=tuple(entries),
        fresh=tuple(fresh),
        changes=tuple(changes),
        removed=tuple(gone),
        removals=tuple(Removal(area(entry), content_of(entry)) for entry in gone),
    )


def _entries(row: RowOutcome[Any]) -> tuple[Any, ...]:
    return row.record if isinstance(row.record, tuple) else (row.record,)
