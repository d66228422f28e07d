"""Chinese first, English by a switch: the Chinese text is the key, `locales/en.po` the translation.

An entry with {placeholders} holds for every text of its form that has no entry of its own; of several such
entries the one with the most text goes first. What stands at a placeholder is translated in turn, item by
item where it is a list. `{n}`, `{n1}`, `{n2}` … stand for numbers only.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path

import streamlit as st
from babel.messages.pofile import read_po

LANGUAGES = {"zh": "中文", "en": "English"}
COOKIE = "planner-language"
LIST_MARK = "、"
_LOCALES = Path(__file__).parent / "locales"
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_REMEMBERED = 4096


@cache
def translations(language: str) -> dict[str, str]:
    """The translations of a language, by Chinese text; empty for Chinese itself."""
    path = _LOCALES / f"{language}.po"
    if not path.is_file():
        return {}
    with path.open("rb") as file:
        catalog = read_po(file, locale=language)
    return {str(message.id): str(message.string) for message in catalog if message.id and message.string}


def language() -> str:
    """The language of this session: `zh` unless the reader switched, in it or before it."""
    chosen = st.session_state.get("language") or st.context.cookies.get(COOKIE, "zh")
    return chosen if chosen in LANGUAGES else "zh"


def _(text: str) -> str:
    """`text` in the language of this session; a text without a translation stays Chinese."""
    return translate(text, language())


@lru_cache(_REMEMBERED)
def translate(text: str, language: str) -> str:
    """`text` by its own entry, else by the first form it has, else as it is."""
    known = translations(language)
    if text in known:
        return known[text]
    for form, translation in _forms(language):
        if found := form.fullmatch(text):
            return translation.format(
                **{name: _filled(part, language) for name, part in found.groupdict().items()}
            )
    return text


def _filled(part: str, language: str) -> str:
    """What stands at a placeholder, translated; a list without an entry of its own item by item."""
    if LIST_MARK not in part or part in translations(language):
        return translate(part, language)
    return translate(LIST_MARK, language).join(translate(item, language) for item in part.split(LIST_MARK))


@cache
def _forms(language: str) -> list[tuple[re.Pattern[str], str]]:
    """The entries with placeholders, compiled, the one with the most text of its own first."""
    entries = [item for item in translations(language).items() if _PLACEHOLDER.search(item[0])]
    entries.sort(key=lambda item: -len(_PLACEHOLDER.sub("", item[0])))
    return [(_form(text), translation) for text, translation in entries]


def _form(text: str) -> re.Pattern[str]:
    # Split at a group: the texts between come at even places, the names of the placeholders at odd ones.
    parts = _PLACEHOLDER.split(text)
    for place in range(0, len(parts), 2):
        parts[place] = re.escape(parts[place])
    for place in range(1, len(parts), 2):
        holds = r"[\d.,−-]+" if re.fullmatch(r"n\d*", parts[place]) else ".*?"
        parts[place] = f"(?P<{parts[place]}>{holds})"
    return re.compile("".join(parts))
