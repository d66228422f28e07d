"""What the rules read about one child. Everything defaults to a file that says nothing about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from planner.model.demand import Category
from planner.model.institutions import InstitutionKind
from planner.policy.words import (
    Basis,
    Benefit,
    Difficulty,
    Harm,
    ParentState,
    Placement,
    SchoolStatus,
    Stage,
    Support,
)


@dataclass(frozen=True)
class Parent:
    """A father or mother. Several states may hold at once (改嫁 and 失联).

    `term_months` is the length of a sentence, rehabilitation, restraint or lost contact, None where not
    recorded; `basis` says on what paper 失踪 rests.
    """

    states: frozenset[ParentState] = frozenset({ParentState.OK})
    term_months: float | None = None
    basis: Basis | None = None

    @staticmethod
    def of(*words: str, term_months: float | None = None, basis: Basis | None = None) -> Parent:
        """A parent with these states; none: 正常. Raises ValueError for a word that is no state."""
        states = frozenset(ParentState(word) for word in words)
        return Parent(states or frozenset({ParentState.OK}), term_months, basis)

    @property
    def is_ok(self) -> bool:
        """Whether nothing but 正常 is recorded."""
        return self.states == {ParentState.OK}

    @property
    def is_unknown(self) -> bool:
        """Whether 不详 is recorded."""
        return ParentState.UNKNOWN in self.states


@dataclass(frozen=True)
class Confirmed:
    """A class given by hand under 「等情况」「其他特殊困难」; it counts once a second person approved it."""

    category: Category
    reason: str
    by: str
    approved_by: str | None = None

    @property
    def counts(self) -> bool:
        """Whether it has a reason and two different persons behind it."""
        return bool(self.reason.strip() and self.approved_by and self.approved_by != self.by)


@dataclass(frozen=True)
class Facts:
    """One child as the rules see it.

    None means that the file does not say; a rule that needs the fact then stays silent.
    """

    father: Parent = field(default_factory=Parent)
    mother: Parent = field(default_factory=Parent)
    parents_unfound: bool = False
    aged_out: bool = False
    birth: date | None = None
    poor: bool = False
    difficulty: frozenset[Difficulty] = frozenset()
    child_disabled: bool = False
    disability_cert: bool = False
    severe_disabled: bool = False
    child_ill: bool = False
    harm: frozenset[Harm] = frozenset()
    guardian_proper: bool | None = None
    open_event: bool = False
    temporary_event: bool = False
    temporary_from: date | None = None
    temporary_review: date | None = None
    confirmed: tuple[Confirmed, ...] = ()
    placement: Placement | None = None
    placed_in: InstitutionKind | None = None
    benefits: frozenset[Benefit] = frozenset()
    temp_relief_on: date | None = None
    low_income: bool = False
    rural: bool = False
    registered_poor: bool = False
    illness_poverty: bool = False
    stage: Stage | None = None
    school: SchoolStatus | None = None
    can_attend_special: bool | None = None
    rehab_need: bool = False
    device_given: bool = False
    received: frozenset[Support] = frozenset()


def severe_disability(kind: str, grade: int) -> bool:
    """重残: 一级、二级, or 三级、四级 of 精神 or 智力 (A-05; the document itself gives no line)."""
    return grade in (1, 2) or (grade in (3, 4) and kind in ("精神", "智力"))
