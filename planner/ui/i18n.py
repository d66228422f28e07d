"""Chinese first, English by a switch: the Chinese text is the key, `locales/en.po` the translation."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st
from babel.messages.pofile import read_po

LANGUAGES = {"zh": "中文", "en": "English"}
_LOCALES = Path(__file__).parent / "locales"


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
    """The language of this session: `zh` unless the reader switched."""
    chosen = st.session_state.get("language", "zh")
    return chosen if chosen in LANGUAGES else "zh"


def _(text: str) -> str:
    """`text` in the language of this session; a text without a translation stays Chinese."""
    return translations(language()).get(text, text)
