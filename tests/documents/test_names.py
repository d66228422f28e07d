"""Names made from what others called things."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.documents.names import distinct_names, safe_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("coverage-gaps", "coverage-gaps"),
        ("../../etc/passwd", "etc-passwd"),
        ("C:\\Windows\\x", "C-Windows-x"),
        ("CON", "x-CON"),
        ("lpt1", "x-lpt1"),
        ("gpkg_contents", "x-gpkg_contents"),
        ("", "unnamed"),
        ("..", "unnamed"),
        ("甲\u202e乙", "甲-乙"),
        ("a\x00b\nc", "a-b-c"),
        ("x" * 300, "x" * 60),
        ("县" * 300, "县" * 20),
    ],
)
def test_safe_name(text: str, name: str) -> None:
    assert safe_name(text) == name


@given(st.text())
def test_a_safe_name_stays_in_its_folder(text: str) -> None:
    name = safe_name(text)
    assert re.fullmatch(r"[0-9A-Za-z_\u3400-\u9fff-]+", name)
    assert len(name.encode()) <= 62
    assert safe_name(name) == name


def test_names_that_fall_together_are_told_apart() -> None:
    assert distinct_names(["a/b", "a?b", "A-B", "说明"], taken=["说明"]) == {
        "a/b": "a-b",
        "a?b": "a-b-2",
        "A-B": "A-B-3",
        "说明": "说明-2",
    }
