"""What becomes of one value."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.documents.cells import finite, plain, text_of
from planner.model.institutions import InstitutionKind
from planner.model.sheet_text import is_formula_like


@pytest.mark.parametrize("missing", [None, float("nan"), np.nan, pd.NA, pd.NaT, np.datetime64("NaT")])
def test_every_kind_of_missing_is_none(missing: Any) -> None:
    assert plain(missing) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.bool_(True), True),
        (np.int64(7), 7),
        (np.float64(1.5), 1.5),
        (float("inf"), float("inf")),
        (pd.Timestamp("2017-12-05"), date(2017, 12, 5)),
        (np.datetime64("2017-12-05"), date(2017, 12, 5)),
        (pd.Timestamp("2017-12-05 08:30"), datetime(2017, 12, 5, 8, 30)),
        (datetime(2017, 12, 4, 16, tzinfo=UTC), date(2017, 12, 5)),  # midnight in Beijing
        (InstitutionKind.WELFARE, "儿童福利机构"),
        (["甲", 2, None, True], "甲、2、、是"),
        (np.array([1.5, 2.0]), "1.5、2.0"),
        ("a\x00b\ud800c\td\n", "a\ufffdb\ufffdc\td\n"),
    ],
)
def test_plain_value(value: Any, expected: Any) -> None:
    assert plain(value) == expected
    assert type(plain(value)) is type(expected)


def test_infinity_is_a_word_for_readers_and_missing_for_data() -> None:
    assert text_of(float("inf")) == "不可达"
    assert finite(float("inf")) is None
    assert finite(0.0) == 0.0


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), (True, "是"), (False, "否"), (3, "3"), (date(2017, 12, 5), "2017-12-05")],
)
def test_text_of(value: Any, text: str) -> None:
    assert text_of(value) == text


@pytest.mark.parametrize("start", list("=+-@|%＝＋－＠\t\r"))
@pytest.mark.parametrize("before", ["", "  ", "\ufeff", "\u3000", "\x01", "\ufeff \t"])
def test_formula_like(before: str, start: str) -> None:
    assert is_formula_like(f"{before}{start}2+5")


@pytest.mark.parametrize("text", ["", "盐池县", "2017-12-05", "a=1", "640323", "(=1)"])
def test_not_formula_like(text: str) -> None:
    assert not is_formula_like(text)


@given(st.text(alphabet=st.characters()))
def test_text_can_always_be_written(text: str) -> None:
    written = plain(text)
    assert isinstance(written, str)
    assert len(written) == len(text)
    assert written.encode().decode() == written
    assert plain(written) == written
