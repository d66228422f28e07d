"""How a text finds its translation: by its own entry, by a form, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import streamlit as st
from hypothesis import given, strategies

from planner.ui import i18n

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
Catalogue = Callable[[dict[str, str]], Callable[[str], str]]


@pytest.fixture
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Catalogue]:
    """Writes a French catalogue of the entries and gives the function that translates by it."""
    monkeypatch.setattr(i18n, "_LOCALES", tmp_path)

    def write(entries: dict[str, str]) -> Callable[[str], str]:
        lines = [f'msgid "{text}"\nmsgstr "{french}"\n' for text, french in entries.items()]
        (tmp_path / "fr.po").write_text(HEADER + "\n".join(lines), encoding="utf-8")
        _forget()
        return lambda text: i18n.translate(text, "fr")

    yield write
    _forget()


def _forget() -> None:
    for kept in (i18n.translations, i18n.translate, i18n._forms):
        kept.cache_clear()


def test_a_text_is_translated_by_its_entry(catalogue: Catalogue) -> None:
    french = catalogue({"县": "comté", "空": ""})
    assert french("县") == "comté"
    assert french("乡") == "乡"
    assert french("空") == "空"
    assert french("") == ""


def test_a_form_holds_for_every_text_of_it(catalogue: Catalogue) -> None:
    french = catalogue({"{limit}内的{kind}": "{kind} en {limit}", "县": "comtés"})
    assert french("5公里内的县") == "comtés en 5公里"
    assert french("内的") == " en "
    assert french("5公里内的县。") == "县。 en 5公里"
    assert french("离5公里") == "离5公里"


def test_the_own_entry_goes_before_a_form_and_the_longer_form_before_the_shorter(
    catalogue: Catalogue,
) -> None:
    french = catalogue({"{a}县": "A {a}", "{a}个县": "B {a}", "3个县": "trois"})
    assert [french(text) for text in ("3个县", "4个县", "四县")] == ["trois", "B 4", "A 四"]


def test_numbers_only_where_the_form_says_so(catalogue: Catalogue) -> None:
    french = catalogue({"{n}县": "{n} comtés", "{n1}到{n2}人": "de {n1} à {n2}"})
    assert french("22县") == "22 comtés"
    assert french("1,234.5县") == "1,234.5 comtés"
    assert french("-3到−2人") == "de -3 à −2"
    assert french("盐池县") == "盐池县"


def test_what_stands_at_a_placeholder_is_translated_in_turn(catalogue: Catalogue) -> None:
    french = catalogue(
        {
            "没有{what}": "sans {what}",
            "{n}个{what}": "{n} {what}",
            "县": "comtés",
            "、": ", ",
            "甲、乙": "les deux",
        }
    )
    assert french("没有3个县") == "sans 3 comtés"
    assert french("没有县、3个县、村") == "sans comtés, 3 comtés, 村"
    assert french("没有甲、乙") == "sans les deux"
    assert french("县、县") == "县、县"  # no form: a name may hold the sign of a list


def test_signs_of_expressions_and_braces_are_plain_text(catalogue: Catalogue) -> None:
    french = catalogue({"({a})+[{b}]?": "{a} et {b}", "甲": "{0}"})
    assert french("(1)+[2]?") == "1 et 2"
    assert french("({0})+[{x!r}]?") == "{0} et {x!r}"
    assert french("(甲)+[甲]?") == "{0} et {0}"


@given(text=strategies.text())
def test_any_text_is_taken_in_english(text: str) -> None:
    assert isinstance(i18n.translate(text, "en"), str)
    assert i18n.translate(text, "zh") == text


@given(first=strategies.text("甲乙丙()个人年月日{}n、0123456789", max_size=30))
def test_no_text_translates_without_end(first: str) -> None:
    for text in (first, f"{first}({first})", f"{first}等3个", f"已覆盖{first}的县"):
        assert isinstance(i18n.translate(text, "en"), str)


def test_every_form_has_text_of_its_own() -> None:
    """A form of placeholders alone would hold for itself, for ever."""
    bare = [text for text in i18n.translations("en") if not i18n._PLACEHOLDER.sub("", text)]
    assert bare == []


def test_chinese_has_no_catalogue() -> None:
    assert i18n.translations("zh") == {}
    assert i18n.translate("60分钟内儿童", "zh") == "60分钟内儿童"


@pytest.mark.parametrize(
    ("chosen", "language", "shown"),
    [(None, "zh", "数据"), ("zh", "zh", "数据"), ("en", "en", "Data"), ("xx", "zh", "数据")],
)
def test_the_language_is_the_one_of_the_session(
    monkeypatch: pytest.MonkeyPatch, chosen: str | None, language: str, shown: str
) -> None:
    monkeypatch.setattr(st, "session_state", {} if chosen is None else {"language": chosen})
    assert i18n.language() == language
    assert i18n._("数据") == shown


@pytest.mark.parametrize(
    ("kept", "language"), [({}, "zh"), ({i18n.COOKIE: "en"}, "en"), ({i18n.COOKIE: "xx"}, "zh")]
)
def test_a_new_session_begins_in_the_language_of_the_last(
    monkeypatch: pytest.MonkeyPatch, kept: dict[str, str], language: str
) -> None:
    monkeypatch.setattr(st, "session_state", {})
    monkeypatch.setattr(st, "context", SimpleNamespace(cookies=kept))
    assert i18n.language() == language
    monkeypatch.setattr(st, "session_state", {"language": "zh"})
    assert i18n.language() == "zh"
