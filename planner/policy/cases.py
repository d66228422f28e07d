"""Checks the rules against written cases: `{"id", "kind", "mode"?, "input", "expect", "note"?}`.

A case that cannot be read is a mismatch with its problem in Chinese, like one whose answer differs.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from planner.errors import InputError
from planner.policy.ages import is_child, rehab_band, street_two_years
from planner.policy.allowance import allowance
from planner.policy.benefits import benefit_conflicts, deductible
from planner.policy.case_fields import benefits_of, facts_of, fields_of
from planner.policy.classification import classify
from planner.policy.facts import Facts
from planner.policy.rules import DEFAULT_RULE_SET, RuleSet, load_rules
from planner.policy.tier import allowance_tier
from planner.policy.words import Tier


@dataclass(frozen=True)
class Mismatch:
    """A case whose answer differs, or (`problem` not empty) that could not be computed."""

    id: str
    kind: str
    expected: Any
    got: Any
    problem: str = ""

    def __str__(self) -> str:
        head = f"{self.id}({self.kind})" if self.kind else self.id
        if self.problem:
            return f"{head}:{self.problem}"
        return f"{head}:应为{_json(self.expected)},得到{_json(self.got)}"


def parse_cases(text: str) -> list[Any]:
    """The list of cases in a JSON text. Raises InputError where it is no JSON or no list."""
    try:
        cases = json.loads(text)
        _json(cases).encode()  # an escape such as \ud800 is read without complaint but can never be printed
    except (ValueError, RecursionError) as error:
        raise InputError(f"用例文件不是有效的JSON:{error}", "检查括号、逗号和引号") from error
    if not isinstance(cases, list):
        raise InputError("用例文件应是一个JSON数组", "把各用例放进 [ … ]")
    return cases


def check_cases(cases: list[Any]) -> list[Mismatch]:
    """Every case whose expectation is not met or that cannot be read, in the order of the file."""
    found = (_check(case, position) for position, case in enumerate(cases, start=1))
    return [mismatch for mismatch in found if mismatch is not None]


def _check(case: Any, position: int) -> Mismatch | None:
    if not isinstance(case, Mapping):
        return Mismatch(f"第{position}个用例", "", None, None, "不是JSON对象;写成 {id, kind, input, expect}")
    identifier = str(case.get("id") or f"第{position}个用例")
    kind, expected = str(case.get("kind", "")), case.get("expect")
    if missing := [key for key in ("id", "kind", "input", "expect") if key not in case]:
        return Mismatch(identifier, kind, expected, None, f"缺少{'、'.join(missing)}")
    try:
        got = answer(kind, case["input"], case.get("mode") or DEFAULT_RULE_SET)
    except InputError as error:
        return Mismatch(identifier, kind, expected, None, ";".join(str(error).splitlines()))
    return None if _same(got, expected) else Mismatch(identifier, kind, expected, got)


def answer(kind: str, given: Any, mode: Any = DEFAULT_RULE_SET) -> Any:
    """What the rules of `mode` answer to one case, as JSON values. Raises InputError naming every fault."""
    if kind not in _KINDS:
        raise InputError(f"没有“{kind}”这一种用例", f"可用:{'、'.join(_KINDS)}")
    if not isinstance(mode, str):
        raise InputError(f"mode“{mode}”不是文字", "写规则集的名字,如 doc2017")
    return _KINDS[kind](given, load_rules(mode))


def _classify(given: Any, rules: RuleSet) -> dict[str, Any]:
    found = classify(facts_of(given), rules)
    return {
        "clauses": list(found.clauses),
        "categories": [str(category) for category in found.categories],
        "primary": None if found.primary is None else str(found.primary),
    }


def _tier(given: Any, rules: RuleSet) -> str:
    return str(allowance_tier(facts_of(given), rules).tier)


def _allowance(given: Any, rules: RuleSet) -> str:
    with fields_of(given) as fields:
        base, tier = fields.number("base"), fields.word("tier", Tier)
        ref, prev = fields.number("income_ref"), fields.number("income_prev")
    return str(allowance(base, tier, ref, prev, rules))


def _benefit_conflict(given: Any, rules: RuleSet) -> list[str]:
    return [str(item) for item in benefit_conflicts(benefits_of(given), rules)]


def _deductible(given: Any, rules: RuleSet) -> int | float:
    with fields_of(given) as fields:
        line = fields.number("std")
        facts = Facts(
            rural=fields.flag("rural"),
            registered_poor=fields.flag("jdlk"),
            illness_poverty=fields.flag("ill_poverty"),
            child_ill=fields.flag("child_ill"),
            severe_disabled=fields.flag("severe_disabled"),
        )
    yuan = deductible(facts, line, rules)
    return int(yuan) if yuan == int(yuan) else float(yuan)


def _rehab_band(given: Any, rules: RuleSet) -> str | None:
    birth, on = _days(given, "birth", "on")
    return rehab_band(birth, on, rules)


def _is_child(given: Any, rules: RuleSet) -> bool:
    birth, on = _days(given, "birth", "on")
    return is_child(birth, on, rules)


def _street_two_years(given: Any, rules: RuleSet) -> bool:
    found, on = _days(given, "found", "on")
    return street_two_years(found, on, rules)


def _days(given: Any, first: str, second: str) -> tuple[date, date]:
    with fields_of(given) as fields:
        return fields.day(first), fields.day(second)


def _same(got: Any, expected: Any) -> bool:
    """Equal as JSON: true is not 1."""
    return bool(got == expected) and isinstance(got, bool) == isinstance(expected, bool)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


_KINDS: Mapping[str, Callable[[Any, RuleSet], Any]] = {
    "classify": _classify,
    "tier": _tier,
    "allowance": _allowance,
    "benefit_conflict": _benefit_conflict,
    "deductible": _deductible,
    "rehab_band": _rehab_band,
    "is_child": _is_child,
    "street_two_years": _street_two_years,
}
