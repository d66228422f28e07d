"""How figures, days, reasons and words out of the data read."""

from __future__ import annotations

from datetime import date

import pytest
import streamlit as st
from hypothesis import given, strategies
from markdown_it import MarkdownIt

from planner.plugin import REASONS
from planner.ui.text import day, figure, plain, reason, titled


@pytest.fixture
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """A session in English."""
    monkeypatch.setattr(st, "session_state", {"language": "en"})


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (None, "", "—"),
        (float("nan"), "%", "—"),
        (0, "人", "0"),
        (1468004, "人", "1,468,004"),
        (-5, "", "-5"),
        (100.0, "%", "100.0"),
        (50.04, "%", "50.0"),
        (50.05, "%", "50.0"),  # halves go as Python rounds them: to the nearest that a float can hold
        (20.0, "张", "20"),
        (1234.0, "人", "1,234"),
        (37.25, "分钟", "37.2"),
        (0.04, "人/张", "0.0"),
        (True, "", "是"),
        (False, "", "否"),
        ("在建", "", "在建"),
    ],
)
def test_figures(value: object, unit: str, shown: str) -> None:
    assert figure(value, unit) == shown


def test_yes_and_no_in_english(english: None) -> None:
    assert (figure(True), figure(False)) == ("Yes", "No")


def test_days(monkeypatch: pytest.MonkeyPatch) -> None:
    assert day(date(2017, 12, 5)) == "2017年12月5日"
    monkeypatch.setattr(st, "session_state", {"language": "en"})
    assert day(date(2017, 12, 5)) == "2017-12-05"


def test_reasons(english: None) -> None:
    assert reason("no_site") == "No operating institution"
    assert {reason(name) for name in REASONS} & set(REASONS.values()) == set()
    assert reason(None) == reason("") == reason("nobody_knows") == ""


def test_titles_with_a_unit() -> None:
    assert titled("最远车程", "min") == "最远车程(min)"
    assert titled("机构类型", "") == "机构类型"
    assert titled("Beds", " ") == "Beds"  # a counting word without English


def test_titles_with_a_unit_in_english(english: None) -> None:
    assert titled("Detour factor", "×") == "Detour factor (×)"


@pytest.mark.parametrize(
    "text",
    [
        "![x](/outside.png)",
        "[a](/b)",
        "# big",
        "**bold**",
        "`code`",
        "<b>x</b>",
        "$x$",
        "1. one",
        "- item",
        "a_b_c",
    ],
)
def test_markdown_in_data_is_shown_as_it_is(text: str) -> None:
    assert _shown(plain(text)) == text


@given(text=strategies.text(strategies.characters(min_codepoint=33, max_codepoint=126), min_size=1))
def test_no_ascii_text_is_markdown_any_more(text: str) -> None:
    assert _shown(plain(text)) == text


def test_chinese_stays_as_it_is() -> None:
    assert plain("盐池县大水坑镇") == "盐池县大水坑镇"
    assert plain("") == ""


def _shown(markdown: str) -> str:
    """What a reader sees of one paragraph of plain text; more than that is an error."""
    opening, inline, closing = MarkdownIt("commonmark").parse(markdown)
    assert (opening.type, closing.type) == ("paragraph_open", "paragraph_close")
    assert {child.type for child in inline.children or ()} <= {"text", "text_special"}
    return "".join(child.content for child in inline.children or ())
