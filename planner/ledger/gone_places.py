"""Townships and villages that are no more, by their names, and where what was in them belongs now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

from planner.model.divisions import Level, ancestor_code, level_of, short_name
from planner.model.regrouping import Successor

Names = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Moved:
    """What became of a place: the code and the 组 of today, and the change that its name did not follow."""

    code: str
    group: str | None
    change: Successor


@dataclass(frozen=True)
class Gone:
    """Divisions that are no more. `townships` and `villages_of` map names as compared to old codes."""

    successors: Mapping[str, tuple[Successor, ...]] = field(default_factory=dict)
    townships: Names = field(default_factory=dict)
    villages_of: Mapping[str, Names] = field(default_factory=dict)

    def now(self, code: str, group: str | None, living: Collection[str]) -> Moved | None:
        """Where an old code and its 组 are today, through all changes since; None where nobody can tell."""
        first: Successor | None = None
        passed: set[str] = set()
        while code not in living:
            rows = self.successors.get(code, ())
            fitting = [row for row in rows if group is not None and row.group == group] or list(rows)
            if code in passed or len({row.new for row in fitting}) != 1:
                return None
            passed.add(code)
            change = fitting[0]
            if group is not None and change.renames_groups:
                group = f"{short_name(change.name, level_of(code))}{group}"
            first, code = first or change, change.new
        return None if first is None else Moved(code, group, first)


def gone_of(
    successors: Iterable[Successor], living: Collection[str], bare: Callable[[str, Level], str]
) -> Gone:
    """What is no more among `living` divisions; `bare` makes names as they are compared."""
    rows: dict[str, list[Successor]] = defaultdict(list)
    townships: dict[str, list[str]] = defaultdict(list)
    villages_of: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for item in successors:
        if item.old not in living:
            rows[item.old].append(item)
    for old, changes in rows.items():
        level = level_of(old)
        name = bare(changes[0].name, level)
        if level is Level.TOWNSHIP:
            townships[name].append(old)
        else:
            villages_of[ancestor_code(old, Level.TOWNSHIP)][name].append(old)
    return Gone(
        {old: tuple(changes) for old, changes in rows.items()},
        {name: tuple(codes) for name, codes in townships.items()},
        {town: {name: tuple(codes) for name, codes in names.items()} for town, names in villages_of.items()},
    )
