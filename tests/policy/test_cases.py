import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import InputError
from planner.policy.cases import check_cases, parse_cases

GOOD = {"id": "X1", "kind": "tier", "input": {"father": "deceased", "mother": "deceased"}, "expect": "ORPH60"}


def only(**changes):
    (mismatch,) = check_cases([{**GOOD, **changes}])
    return mismatch


def test_nothing_to_say_of_good_cases():
    assert check_cases([]) == []
    assert check_cases([GOOD, {**GOOD, "mode": "mca2019"}, {**GOOD, "mode": None}]) == []


def test_a_wrong_expectation_is_named_with_both_answers():
    mismatch = only(expect="FWR50")
    assert (mismatch.id, mismatch.kind, mismatch.expected, mismatch.got) == ("X1", "tier", "FWR50", "ORPH60")
    assert mismatch.problem == ""
    assert str(mismatch) == 'X1(tier):应为"FWR50",得到"ORPH60"'


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"kind": "guess"}, "没有“guess”这一种用例"),
        ({"kind": None}, "没有“None”"),
        ({"mode": "doc2016"}, "没有规则集“doc2016”"),
        ({"mode": ["doc2017"]}, "不是文字"),
        ({"input": None}, "应是JSON对象"),
        ({"input": []}, "应是JSON对象"),
        ({"input": {"father": "dead"}}, "father:值“dead”不对"),
        ({"input": {"father": None}}, "unknown"),
        ({"input": {"father": {"a": 1}}}, "写成列表"),
        ({"input": {"father": "ok", "fahter": "ill"}}, "fahter:不认识这一项"),
        ({"input": {"poor": "yes", "harm": ["打"]}}, "poor:值“yes”不对"),
        ({"input": {"poor": "yes", "harm": ["打"]}}, "harm:值“打”不对"),
        ({"input": {"placement": "hotel"}}, "可用:institution_orphan"),
        (
            {"kind": "allowance", "input": {"base": 1, "tier": "FWR50", "income_ref": 2}},
            "income_prev:缺少这一项",
        ),
        (
            {
                "kind": "allowance",
                "input": {"base": True, "tier": "FWR50", "income_ref": 2, "income_prev": 1},
            },
            "base",
        ),
        (
            {"kind": "allowance", "input": {"base": 1, "tier": "none", "income_ref": 2, "income_prev": 1}},
            "没有养育津贴标准",
        ),
        (
            {
                "kind": "allowance",
                "input": {"base": 10**400, "tier": "FWR50", "income_ref": 2, "income_prev": 1},
            },
            "…",
        ),
        ({"kind": "benefit_conflict", "input": {"dibao": True}}, "列表"),
        ({"kind": "benefit_conflict", "input": ["dibao", "x"]}, "值“x”不对"),
        ({"kind": "deductible", "input": {"rural": True}}, "std:缺少这一项"),
        (
            {"kind": "is_child", "input": {"birth": "2017-02-30", "on": "2017-11-09"}},
            "birth:值“2017-02-30”不对",
        ),
        ({"kind": "rehab_band", "input": {"birth": 20170230, "on": "9999-01-01"}}, "on:值“9999-01-01”不对"),
        ({"kind": "street_two_years", "input": {"found": None, "on": "2017-11-09"}}, "found:缺少这一项"),
    ],
)
def test_a_case_that_cannot_be_read_is_a_named_problem(changes, said):
    mismatch = only(**changes)
    assert mismatch.id == "X1"
    assert said in mismatch.problem
    assert said in str(mismatch)


def test_missing_keys_and_things_that_are_no_cases():
    told = [str(mismatch) for mismatch in check_cases([{}, 7, None, "x", {"id": "A", "kind": "tier"}])]
    assert told[0] == "第1个用例:缺少id、kind、input、expect"
    assert all("JSON对象" in text for text in told[1:4])
    assert told[4] == "A(tier):缺少input、expect"


def test_true_is_not_one():
    case = {"id": "G", "kind": "is_child", "input": {"birth": "2010-01-01", "on": "2017-01-01"}, "expect": 1}
    assert len(check_cases([case])) == 1


@pytest.mark.parametrize("text", ["", "{", "{}", "3", r'["\ud800"]', "[" * 100_000, "[1" + "0" * 5000 + "]x"])
def test_a_text_that_is_no_list_of_cases(text):
    with pytest.raises(InputError, match="用例文件"):
        parse_cases(text)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
KEYS = ["father", "mother", "harm", "poor", "difficulty", "placement", "temporary_event"]
KEYS += ["base", "tier", "income_ref", "income_prev", "std", "rural", "birth", "on", "found"]
KINDS = [
    "classify",
    "tier",
    "allowance",
    "benefit_conflict",
    "deductible",
    "rehab_band",
    "is_child",
    "street_two_years",
]


@given(st.sampled_from(KINDS), JSON | st.dictionaries(st.sampled_from(KEYS), JSON, max_size=5), JSON, JSON)
def test_never_a_traceback(kind, given_input, mode, expect):
    case = {"id": "R", "kind": kind, "mode": mode, "input": given_input, "expect": expect}
    for mismatch in check_cases([case, {**case, "mode": "mca2019"}, given_input]):
        assert str(mismatch)
