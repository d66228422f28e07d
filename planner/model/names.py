"""How names and other words are compared; what is stored is always the word as written."""

from __future__ import annotations

import unicodedata


def comparable(text: str) -> str:
    """Text as it is compared, never stored: NFKC, without spaces, in lower case."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()
