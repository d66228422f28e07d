"""How figures, days and reasons read on a page."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pandas as pd

from planner.plugin import REASONS
from planner.ui.i18n import _, language

# The ASCII punctuation, which a backslash makes plain.
_MARKDOWN = re.compile(r"[!-/:-@\[-`{-~]")
# Readers of files tell which option helps; a page has a field for it.
_OPTION_TITLES = {"sheet": "工作表", "crs": "坐标系", "county": "县", "as-of": "数据截至日"}
_OPTION = re.compile(rf" ?--({'|'.join(_OPTION_TITLES)})\b ?")


def day(value: date) -> str:
    """A day as papers write it: 2020年12月31日."""
    return value.isoformat() if language() == "en" else f"{value.year}年{value.month}月{value.day}日"


def figure(value: Any, unit: str = "") -> str:
    """A number with thousands separated, shares and means with one decimal; 「—」 where there is none."""
    if value is None or (isinstance(value, float) and pd.isna(value)):
        return "—"
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.1f}" if unit == "%" or value != int(value) else f"{int(value):,}"
    return str(value)


def plain(text: str) -> str:
    """`text` as Markdown that shows it as it is: a name or a message may hold a link, an image, a formula."""
    return _MARKDOWN.sub(r"\\\g<0>", text)


def as_options(text: str) -> str:
    """`text` with the options of the command line under the names that forms give them."""
    return _OPTION.sub(lambda found: f"“{_(_OPTION_TITLES[found[1]])}”", text)


def titled(title: str, unit: str) -> str:
    """A title with its unit behind it, both translated; alone where there is none, or only a counting word."""
    return _("{name}({detail})").format(name=title, detail=unit) if unit.strip() else title


def reason(name: str | None) -> str:
    """Why a figure cannot be given, in words."""
    return _(REASONS.get(name or "", ""))
