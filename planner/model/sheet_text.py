"""Text on its way into a spreadsheet: what no file may hold, and what could be taken for a formula."""

from __future__ import annotations

import re

# What no XML 1.0 document, and so no workbook, may hold; lone surrogates cannot be written as UTF-8 at all.
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FORMULA = re.compile(r"[\s\ufeff\x00-\x1f\x7f-\x9f\ufffd]*[=+\-@|%＝＋－＠\t\r]")


def writable(text: str) -> str:
    """The text with each character that no file may hold as U+FFFD."""
    return _UNWRITABLE.sub("\ufffd", text)


def is_formula_like(text: str) -> bool:
    """Whether a spreadsheet could take the text for a formula, were it typed in."""
    return _FORMULA.match(text) is not None
