"""Dated rule sets: every number and list of 宁政发〔2017〕86号 with its clause, first day and source.

`load_rules("doc2017")` reads the packaged TOML once, on demand. Edit a copy with `with_values`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from importlib import resources
from typing import Any, Generic, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from planner.errors import InputError, Problem
from planner.model.demand import Category
from planner.model.institutions import InstitutionKind
from planner.model.visits import VisitKind
from planner.policy.facts import Parent
from planner.policy.words import Benefit, Grade, ParentState, Placement, Service, Stage, Tier

RULE_SETS = ("doc2017", "mca2019")
DEFAULT_RULE_SET = "doc2017"

Value = TypeVar("Value")
Status = Literal["S", "read", "reading", "editable"]
Condition = Literal[
    "poor_with_difficulty",
    "certified_disability",
    "serious_illness",
    "harm_under_guardian",
    "temporary_event",
]
FURTHER_KINDS = (VisitKind.TEACHING, VisitKind.REHABILITATION)
TERM_STATES = frozenset(
    {
        ParentState.PRISON,
        ParentState.DRUG_REHAB,
        ParentState.OTHER_RESTRAINT,
        ParentState.LOST_CONTACT,
    }
)


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Stated(_Entry, Generic[Value]):
    """A value with the place that states it. `status`: S the document's own words, read in a published
    page, a reading of the words, or editable (a belief or a local choice)."""

    value: Value
    clause: str
    valid_from: date
    source: str
    status: Status
    unit: str = ""


class Pair(_Entry):
    """A pair of parents: one has a state of `one`, the other a state of `other`, in either order.

    A sentence, rehabilitation, restraint or lost contact known to be shorter than `minimum_term_months`
    does not count; one of unknown length does.
    """

    one: frozenset[ParentState] = Field(min_length=1)
    other: frozenset[ParentState] = Field(min_length=1)
    minimum_term_months: float = 0

    def holds(self, father: Parent, mother: Parent) -> bool:
        """Whether the two parents are such a pair."""
        return (self._has(father, self.one) and self._has(mother, self.other)) or (
            self._has(mother, self.one) and self._has(father, self.other)
        )

    def _has(self, parent: Parent, states: frozenset[ParentState]) -> bool:
        short = parent.term_months is not None and parent.term_months < self.minimum_term_months
        return bool(parent.states & (states - TERM_STATES if short else states))


class Situation(Pair):
    """A pair that falls under 「等情况」: the class counts, no clause of the document is listed."""

    category: Category
    text: str
    source: str
    status: Status


class TierPair(Pair):
    """A pair that takes, or may take, the standard of 事实无人抚养孤儿."""

    text: str
    source: str
    status: Status


class Clause(_Entry):
    """A sub-condition of section 二: a pair of parents, or a condition on the child."""

    category: Category
    text: str
    one: frozenset[ParentState] | None = None
    other: frozenset[ParentState] | None = None
    condition: Condition | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.pair is None) == (self.condition is None):
            raise ValueError("需要 one 与 other,或者 condition,二者取一")
        return self

    @cached_property
    def pair(self) -> Pair | None:
        """The pair of parents, None for a condition on the child."""
        return Pair(one=self.one, other=self.other) if self.one and self.other else None


class Rounding(_Entry):
    """How money is rounded: decimal places, and a rounding mode of the decimal module."""

    places: int = Field(ge=0, le=4)
    mode: Literal[
        "ROUND_HALF_UP", "ROUND_HALF_EVEN", "ROUND_DOWN", "ROUND_UP", "ROUND_CEILING", "ROUND_FLOOR"
    ]


class VisitDays(_Entry):
    """走访 in days: between visits by grade, until the first visit, until a retry after an absence; and between
    visits of a further kind (送教上门, 康复), of which no record tells them apart."""

    every: dict[Grade, int]
    kinds: dict[VisitKind, int] = {}
    first: int = Field(ge=0)
    retry: int = Field(ge=0)

    @model_validator(mode="after")
    def _every_grade(self) -> Self:
        if missing := [grade for grade in Grade if self.every.get(grade, 0) < 1]:
            raise ValueError(f"风险等级{'、'.join(missing)}没有走访天数")
        if wrong := [kind for kind, days in self.kinds.items() if kind not in FURTHER_KINDS or days < 1]:
            raise ValueError(f"{'、'.join(wrong)}的天数不能使用")
        return self


class ServiceRule(_Entry):
    """Which kinds of institution may be offered for a service, and the paper it needs."""

    clause: str
    kinds: dict[InstitutionKind, Status]
    kinds_after_two_years: dict[InstitutionKind, Status] = {}
    needs_paper: str = ""


class RuleSet(_Entry):
    """One dated reading of the policy. Fields are named after what they decide; see the TOML for each source."""

    id: str
    title: str
    valid_from: date
    source: str
    extends: str | None = None
    state_sets: dict[str, Stated[frozenset[ParentState]]] = {}
    clauses: dict[str, Clause]
    situations: dict[str, Situation]
    unraised: tuple[TierPair, ...]
    tier_review: tuple[TierPair, ...]
    primary_order: Stated[tuple[Category, ...]]
    unchecked_states: Stated[frozenset[ParentState]]
    missing_needs_court: Stated[bool]
    child_until_age: Stated[int]
    allowance_grace_months: Stated[int]
    allowance_share: Stated[dict[Tier, Decimal]]
    allowance_base: Stated[dict[Tier, Decimal]]
    allowance_base_year: Stated[int]
    income_offset_years: Stated[int]
    rural_income: Stated[dict[int, Decimal]]
    rounding: Stated[Rounding]
    welfare_placement_kinds: Stated[frozenset[InstitutionKind]]
    exclusive_benefits: Stated[tuple[Benefit, ...]]
    temp_relief_days: Stated[int]
    deductible_line: Stated[Decimal]
    free_education_stages: Stated[frozenset[Stage]]
    pupil_funding_floor: Stated[Decimal]
    school_ages: Stated[tuple[int, int]]
    preschool_ages: Stated[tuple[int, int]]
    orphan_ways: Stated[tuple[Placement, ...]]
    rehab_bands: Stated[dict[str, int]]
    street_years: Stated[int]
    visits: Stated[VisitDays]
    services: Stated[dict[Service, ServiceRule]]

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if set(self.primary_order.value) != set(Category):
            raise ValueError("primary_order 要恰好列出四类")
        if missing := [service for service in Service if service not in self.services.value]:
            raise ValueError(f"services 缺少:{'、'.join(missing)}")
        return self

    def with_values(self, **values: Any) -> RuleSet:
        """A copy with other values of single entries, e.g. `with_values(deductible_line=2500)`.

        An edited entry is marked editable. Raises InputError for a name or value that does not fit.
        """
        data = self.model_dump()
        problems = []
        for name, value in values.items():
            if not isinstance(getattr(self, name, None), Stated):
                problems.append(Problem(f"规则集没有“{name}”这一项"))
            else:
                data[name] |= {"value": value, "status": "editable", "source": "本地修改"}
        if problems:
            raise InputError(f"规则集“{self.id}”不能这样修改", problems=problems)
        return _validated(self.id, data)


@dataclass(frozen=True)
class StatedRow:
    """One line of the page that shows a rule set: what, its value, and where it stands."""

    name: str
    value: Any
    unit: str
    clause: str
    valid_from: date
    source: str
    status: Status


def stated_rows(rules: RuleSet) -> list[StatedRow]:
    """Every number and list of a rule set with its clause, first day and source."""
    return [
        StatedRow(name, item.value, item.unit, item.clause, item.valid_from, item.source, item.status)
        for name in type(rules).model_fields
        if isinstance(item := getattr(rules, name), Stated)
    ]


def load_rules(rule_set: str = DEFAULT_RULE_SET) -> RuleSet:
    """The packaged rule set of that id, read once. Raises InputError for an id that is not there."""
    return _load(rule_set)


@cache
def _load(rule_set: str) -> RuleSet:
    if rule_set not in RULE_SETS:
        raise InputError(f"没有规则集“{rule_set}”", f"可用:{'、'.join(RULE_SETS)}")
    return _validated(rule_set, _read(rule_set))


def _read(rule_set: str) -> dict[str, Any]:
    """The TOML of a rule set laid over the one it extends: clauses and situations one by one, the rest whole."""
    text = resources.files("planner.policy").joinpath("rulesets", f"{rule_set}.toml").read_text("utf-8")
    data = tomllib.loads(text)
    if base_id := data.get("extends"):
        base = _read(base_id)
        data = base | data | {key: base[key] | data.get(key, {}) for key in ("clauses", "situations")}
    return data


def _validated(rule_set: str, data: Mapping[str, Any]) -> RuleSet:
    try:
        return RuleSet.model_validate(_expanded(data))
    except ValidationError as error:
        problems = [
            Problem(str(item["msg"]), column=".".join(map(str, item["loc"]))) for item in error.errors()
        ]
        raise InputError(f"规则集“{rule_set}”有误", problems=problems) from error


def _expanded(data: Mapping[str, Any]) -> dict[str, Any]:
    """`data` with the names of state sets in one/other replaced by their states."""
    sets = {name: item["value"] for name, item in data.get("state_sets", {}).items()}

    def states(names: Sequence[str] | None) -> list[str] | None:
        return None if names is None else [state for name in names for state in sets.get(name, [name])]

    def pair(item: Mapping[str, Any]) -> dict[str, Any]:
        return {**item, **{key: states(item[key]) for key in ("one", "other") if key in item}}

    return {
        **data,
        **{key: {name: pair(item) for name, item in data[key].items()} for key in ("clauses", "situations")},
        **{key: [pair(item) for item in data[key]] for key in ("unraised", "tier_review")},
    }
