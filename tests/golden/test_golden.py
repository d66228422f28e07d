"""The written cases: the given ones, and one for every kind and word by hand."""

import copy
import json
from pathlib import Path

import pytest

from planner.policy.cases import check_cases, parse_cases
from planner.policy.words import Benefit, Harm, ParentState, Placement

HERE = Path(__file__).parent


def cases_in(name):
    return parse_cases((HERE / name).read_text("utf-8"))


@pytest.mark.parametrize("name", ["rules.json", "words.json"])
def test_written_cases_hold(name):
    assert check_cases(cases_in(name)) == []


def test_every_kind_and_word_is_covered():
    cases = [case for name in ("rules.json", "words.json", "pairs.json") for case in cases_in(name)]
    assert {case["kind"] for case in cases} == {
        "classify",
        "tier",
        "allowance",
        "benefit_conflict",
        "deductible",
        "rehab_band",
        "is_child",
        "street_two_years",
    }
    assert {case.get("mode", "doc2017") for case in cases} == {"doc2017", "mca2019"}
    assert {case["expect"] for case in cases if case["kind"] == "tier"} == {
        "INST80",
        "ORPH60",
        "FWR50",
        "REVIEW",
        "none",
    }
    text = json.dumps(cases, ensure_ascii=False)
    words = [*ParentState, *Placement, *Benefit, *Harm, "生活", "医", "学", "guardian_proper", "ill_poverty"]
    assert [word for word in words if f'"{word}"' not in text] == []
    clauses = {clause for case in cases if case["kind"] == "classify" for clause in case["expect"]["clauses"]}
    assert clauses == {f"二(一){x}" for x in "abc"} | {f"二(二){x}" for x in "ab"} | {
        f"二(三){x}" for x in "abcde"
    } | {"二(四)"}


@pytest.mark.parametrize("name", ["rules.json", "words.json"])
def test_every_changed_expectation_is_named(name):
    cases = cases_in(name)
    changed = copy.deepcopy(cases)
    for case in changed:
        case["expect"] = "something else"
    assert [mismatch.id for mismatch in check_cases(changed)] == [case["id"] for case in cases]
