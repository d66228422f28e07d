"""Reads the input of a case into facts, naming every fault of it at once, in Chinese."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, TypeVar

from planner.errors import InputError, Problem
from planner.model.institutions import InstitutionKind
from planner.policy.facts import Facts, Parent
from planner.policy.words import Benefit, Difficulty, Harm, ParentState, Placement

Word = TypeVar("Word", bound=StrEnum)

_YEARS = range(1900, 2101)
_LARGEST = Decimal(10) ** 12
# a case writes 医 and 学, a ledger 就医 and 就学
_SHORT_DIFFICULTIES = {"医": "就医", "学": "就学", "社会融入": "融入"}


class Fields:
    """The values of one JSON object. A faulty one is noted and stands in as an empty value until the end."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self.given = given
        self.read: set[str] = set()
        self.problems: list[Problem] = []

    def value(self, key: str) -> Any:
        """The raw value, None where the key is absent or null."""
        self.read.add(key)
        return self.given.get(key)

    def flag(self, key: str) -> bool:
        """A true/false, false where absent."""
        return bool(self.maybe_flag(key))

    def maybe_flag(self, key: str) -> bool | None:
        """A true/false, None where absent."""
        value = self.value(key)
        if value is None or isinstance(value, bool):
            return value
        return self._fault(key, value, "写 true 或 false", None)

    def number(self, key: str) -> Decimal:
        """A number of 0 or more, which must be there."""
        return self._needed(key, self.maybe_number(key), Decimal(0))

    def maybe_number(self, key: str) -> Decimal | None:
        """A number of 0 or more, None where absent."""
        value = self.value(key)
        if value is None:
            return None
        try:
            number = Decimal("NaN") if isinstance(value, bool) else Decimal(str(value))
        except InvalidOperation:
            number = Decimal("NaN")
        if number.is_finite() and 0 <= number < _LARGEST:
            return number
        return self._fault(key, value, "写不小于0的数字", Decimal(0))

    def day(self, key: str) -> date:
        """A day such as 2017-11-09, which must be there."""
        value = self.value(key)
        try:
            day = date.fromisoformat(value) if isinstance(value, str) else None
        except ValueError:
            day = None
        if value is not None and (day is None or day.year not in _YEARS):
            return self._fault(key, value, "写 2017-11-09 这样的日期,年份1900–2100", date.min)
        return self._needed(key, day, date.min)

    def word(self, key: str, vocabulary: type[Word]) -> Word:
        """A word of the vocabulary, which must be there."""
        return self._needed(key, self.maybe_word(key, vocabulary), next(iter(vocabulary)))

    def maybe_word(self, key: str, vocabulary: type[Word]) -> Word | None:
        """A word of the vocabulary, None where absent."""
        value = self.value(key)
        return None if value is None else self._one_of(key, value, vocabulary)

    def words(
        self, key: str, vocabulary: type[Word], short: Mapping[str, str] | None = None
    ) -> frozenset[Word]:
        """The words of a list, or of one word by itself; none where absent."""
        value = self.value(key)
        if value is None:
            return frozenset()
        items = [value] if isinstance(value, str) else value
        if not isinstance(items, list):
            return self._fault(key, value, "写成列表 [ … ]", frozenset())
        long = [(short or {}).get(item, item) if isinstance(item, str) else item for item in items]
        found = (self._one_of(key, item, vocabulary) for item in long)
        return frozenset(word for word in found if word is not None)

    def parent(self, key: str) -> Parent:
        """A father or mother: one state or a list of them; an absent key is 正常."""
        if key in self.given and self.given[key] in (None, "", []):
            self._fault(key, self.given[key], "不详写 unknown,正常写 ok 或不写", None)
        states = self.words(key, ParentState)
        months = self.maybe_number(f"{key}_term_months")
        return Parent(states or Parent().states, None if months is None else float(months))

    def event(self, key: str) -> bool:
        """Whether an event is recorded: true/false, or the name of the event."""
        value = self.value(key)
        return bool(value.strip()) if isinstance(value, str) else self.flag(key)

    def _one_of(self, key: str, value: Any, vocabulary: type[Word]) -> Word | None:
        if isinstance(value, str) and value in list(vocabulary):
            return vocabulary(value)
        return self._fault(key, value, f"可用:{'、'.join(vocabulary)}", None)

    def _needed(self, key: str, value: Any, stand_in: Any) -> Any:
        if value is not None or self.problems_with(key):
            return stand_in if value is None else value
        self.problems.append(Problem("缺少这一项", "补上", column=key))
        return stand_in

    def _fault(self, key: str, value: Any, fix: str, stand_in: Any) -> Any:
        shown = str(value)
        self.problems.append(
            Problem(f"值“{shown[:40]}{'…' if len(shown) > 40 else ''}”不对", fix, column=key)
        )
        return stand_in

    def problems_with(self, key: str) -> bool:
        """Whether a fault of this key is noted already."""
        return any(problem.column == key for problem in self.problems)


@contextmanager
def fields_of(given: Any) -> Iterator[Fields]:
    """The fields of an input; leaving raises InputError with all faults and all keys that nobody reads."""
    if not isinstance(given, Mapping):
        raise InputError("input 应是JSON对象", "写成 {…}")
    fields = Fields(given)
    yield fields
    unread = [key for key in given if key not in fields.read]
    fields.problems += [Problem("不认识这一项", "核对拼写", column=str(key)) for key in unread]
    if fields.problems:
        raise InputError("input 有误", problems=fields.problems)


def facts_of(given: Any) -> Facts:
    """The facts in the input of a classify or tier case. Raises InputError naming every fault."""
    with fields_of(given) as fields:
        return Facts(
            father=fields.parent("father"),
            mother=fields.parent("mother"),
            poor=fields.flag("poor"),
            difficulty=fields.words("difficulty", Difficulty, _SHORT_DIFFICULTIES),
            child_disabled=fields.flag("child_disabled"),
            disability_cert=fields.flag("disability_cert"),
            child_ill=fields.flag("child_ill"),
            harm=fields.words("harm", Harm),
            guardian_proper=fields.maybe_flag("guardian_proper"),
            temporary_event=fields.event("temporary_event"),
            placement=fields.maybe_word("placement", Placement),
            placed_in=fields.maybe_word("placed_in", InstitutionKind),
            parents_unfound=fields.flag("parents_unfound"),
            aged_out=fields.flag("aged_out"),
        )


def benefits_of(given: Any) -> frozenset[Benefit]:
    """The benefits in the input of a benefit_conflict case, a list. Raises InputError naming every fault."""
    if not isinstance(given, list):
        raise InputError("input 应是待遇的列表", "写成 [ … ]")
    with fields_of({"待遇": given}) as fields:
        return fields.words("待遇", Benefit)
