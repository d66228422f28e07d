"""The given cell cases: what each normaliser answers to a dirty cell."""

import json
from pathlib import Path

import pytest

from planner.errors import InputError
from planner.ledger.cell_cases import run_case

CASES = json.loads(Path(__file__).with_name("dirty_cells.json").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_a_given_case_holds(case):
    assert run_case(case["fn"], case["args"]) == case["expect"]


def test_every_normaliser_has_a_given_case():
    assert {case["fn"] for case in CASES} == {
        "norm_id", "norm_date", "norm_village", "norm_name", "norm_phone", "norm_lonlat", "norm_amount"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("fn", "args", "expect"),
    [
        ("norm_id", ["６４０３２４２０１００３０５０２１２", "child"], ["normalised", "640324201003050212", None]),
        ("norm_id", [640324201003050212, "child"], ["reject", None, "E-ID-NUMERIC"]),
        ("norm_id", ["640324201003050213", "child"], ["reject", None, "E-ID-CHECKSUM"]),
        ("norm_id", ["64032420100305021", "child"], ["reject", None, "E-ID-LENGTH"]),
        ("norm_id", ["640324100305021", "child"], ["reject", None, "E-ID-15-CHILD"]),
        ("norm_id", ["未上户", "child"], ["warn", None, "W-ID-NONE"]),
        ("norm_id", ["", "child"], ["warn", None, "W-ID-NONE"]),
        ("norm_id", ["", "guardian"], ["accept", None, None]),
        ("norm_date", ["2012.3.5"], ["2012-03-05", "day", None]),
        ("norm_date", ["2012年3月"], ["2012-03", "month", "W-DOB-MONTH"]),
        ("norm_date", [39511, 1904], ["2012-03-05", "day", None]),
        ("norm_date", ["12/3/5"], [None, None, "E-DOB-AMBIGUOUS"]),
        ("norm_date", [""], [None, None, None]),
        ("norm_village", ["河西镇", "马家湾村委会"], ["马家湾村", None]),
        ("norm_village", ["河西镇", "马家湾"], ["马家湾村", None]),
        ("norm_village", ["丁塘镇", "新庄村"], ["新庄村", None]),
        ("norm_village", ["河西镇", "马加湾村"], [None, "E-VILLAGE-UNKNOWN"]),
        ("norm_village", ["", ""], [None, "E-VILLAGE-BLANK"]),
        ("norm_name", ["马·阿依夏"], ["马·阿依夏", None]),
        ("norm_name", ["马\ue123"], [None, "E-NAME-PUA"]),
        ("norm_name", ["=HYPERLINK(\"a\")"], [None, "E-NAME-CHARS"]),
        ("norm_phone", [13895501234.0], [["13895501234"], None]),
        ("norm_phone", ["1389550123"], [["1389550123"], "W-PHONE"]),
        ("norm_phone", [True], [None, "E-PHONE"]),
        ("norm_lonlat", ["36.98", "105.91"], [[105.91, 36.98], "W-LONLAT-SWAPPED"]),
        ("norm_lonlat", [0, 0], [None, "W-LONLAT-OUTSIDE"]),
        ("norm_lonlat", ["105.91", ""], [None, "W-LONLAT-HALF"]),
        ("norm_amount", ["1,048.87元"], [1048.87, None]),
        ("norm_amount", [-1], [None, "E-AMOUNT"]),
    ],
)  # fmt: skip
def test_further_cells_of_the_same_kinds(fn, args, expect):
    assert run_case(fn, args) == expect


def test_a_case_of_no_normaliser_is_refused_by_name():
    with pytest.raises(InputError, match="没有名为“norm_sex”的单元格规则"):
        run_case("norm_sex", ["男"])
