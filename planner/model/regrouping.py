"""撤并、拆分: which code a division has from a day on, and for a split which part goes where.

A row says that a village or township `old` becomes `new`. An old code with one new code goes there whole; one with
several is split, and then a row names the 组 or the file that goes to its new code.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Self

from planner.errors import InputError, Problem
from planner.model.divisions import Level, level_of


@dataclass(frozen=True)
class Recode:
    """A row: codes of two villages (12 digits) or two townships (9), from which day, the name of a new one.

    `group` (「3组」) or `file` say of what part of a split division the row speaks.
    """

    old: str
    new: str
    day: date
    name: str | None = None
    group: str | None = None
    file: str | None = None


@dataclass(frozen=True)
class Successor:
    """What became of a division `old`, then called `name`: it has been `new` since `day`.

    Of a split one `group` names the 组 that went there. Where `renames_groups`, 组 have the old name before
    their number, since several divisions became one.
    """

    old: str
    name: str
    new: str
    day: date
    group: str | None = None
    renames_groups: bool = False


@dataclass(frozen=True)
class Regrouping:
    """What becomes of the divisions on `day`: the new codes of each old one, and of its parts.

    `retired` are the old codes that are no new ones.
    """

    day: date
    targets: Mapping[str, tuple[str, ...]]
    of_group: Mapping[tuple[str, str], str]
    of_file: Mapping[str, str]
    names: Mapping[str, str]

    @classmethod
    def of(cls, rows: Iterable[Recode]) -> Self:
        """The regrouping that rows describe. Raises InputError for rows that contradict each other."""
        rows = list(rows)
        if len({row.day for row in rows}) != 1:
            raise InputError("一次只办理同一天的区划调整", "按日期分成几个文件")
        problems = []
        targets: dict[str, list[str]] = defaultdict(list)
        of_group: dict[tuple[str, str], str] = {}
        of_file: dict[str, str] = {}
        names: dict[str, str] = {}
        for row in rows:
            level = level_of(row.old)
            if level not in (Level.TOWNSHIP, Level.VILLAGE) or level_of(row.new) is not level:
                problems.append(Problem(f"“{row.old}”不能变为“{row.new}”", "同为9位乡镇代码或12位村代码"))
            if row.new not in targets[row.old]:
                targets[row.old].append(row.new)
            if row.group and of_group.setdefault((row.old, row.group), row.new) != row.new:
                problems.append(Problem(f"{row.old}的“{row.group}”写了两个去向", "只留一个"))
            if row.file and of_file.setdefault(row.file, row.new) != row.new:
                problems.append(Problem(f"档案 {row.file} 写了两个去向", "只留一个"))
            if row.name and names.setdefault(row.new, row.name) != row.name:
                problems.append(Problem(f"“{row.new}”写了两个名称", "只留一个"))
        if problems:
            raise InputError("区划调整的各行互相矛盾", problems=problems)
        return cls(rows[0].day, {old: tuple(new) for old, new in targets.items()}, of_group, of_file, names)

    @property
    def retired(self) -> frozenset[str]:
        """The codes that are no more from the day on."""
        return frozenset(self.targets) - {new for targets in self.targets.values() for new in targets}

    def is_split(self, old: str) -> bool:
        """Whether an old code has several new ones."""
        return len(self.targets.get(old, ())) > 1

    def target(self, code: str | None, *, group: str | None, file: str) -> str | None:
        """The new code of a child's village; None where a split does not say. Another code stays as it is."""
        if code is None or code not in self.targets:
            return code
        if not self.is_split(code):
            return self.targets[code][0]
        named = self.of_file.get(file)
        if named in self.targets[code]:
            return named
        return self.of_group.get((code, group)) if group else None

    def targets_of(self, code: str, group: str | None = None) -> tuple[str, ...]:
        """The new codes of an area that somebody answers for: all of a split one, but for a 组 that goes to one."""
        if group and (one := self.of_group.get((code, group))):
            return (one,)
        return self.targets.get(code, (code,))

    def sources(self, new: str, known: Collection[str]) -> tuple[str, ...]:
        """The old codes that go into a new one, in the order given; among them the code itself where it is
        `known` already and stays."""
        old = [code for code, targets in self.targets.items() if new in targets]
        stays = new in known and new not in self.targets
        return (*old, *((new,) if stays else ()))

    def successors(self, names: Mapping[str, str]) -> list[Successor]:
        """What becomes of the codes that are no more; `names` are those of the divisions before."""
        rows = []
        for old in sorted(self.retired):
            for new in self.targets[old]:
                own = [part for (code, part), to in self.of_group.items() if (code, to) == (old, new)]
                groups: list[str | None] = [*own] or [None]
                renames = len(self.sources(new, names)) > 1
                rows += [Successor(old, names[old], new, self.day, group, renames) for group in groups]
        return rows

    def only(self, code: str) -> str:
        """The new code where there is one, else the code itself."""
        targets = self.targets.get(code, ())
        return targets[0] if len(targets) == 1 else code
