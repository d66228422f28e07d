"""Tables to be read rather than worked with: whole texts that wrap; on a phone every row becomes a card."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from planner.maps import escape_html

Tone = Literal["", "bad", "warn", "quiet"]


@dataclass(frozen=True)
class ProseRow:
    """The cells of a row, each of one or more lines, and the tone of the row."""

    cells: Sequence[Sequence[str]]
    tone: Tone = ""


def show(caption: str, headings: Sequence[str], rows: Sequence[ProseRow]) -> None:
    """Draw a table; whatever is in it stays text."""
    head = "".join(f'<th scope="col">{escape_html(text)}</th>' for text in headings)
    body = "".join(_row(headings, row) for row in rows)
    st.html(
        f'<table class="planner-table"><caption>{escape_html(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def _row(headings: Sequence[str], row: ProseRow) -> str:
    cells = "".join(
        f'<td data-heading="{escape_html(heading)}">{"<br>".join(map(escape_html, lines))}</td>'
        for heading, lines in zip(headings, row.cells, strict=True)
    )
    return f'<tr class="planner-{row.tone}">{cells}</tr>' if row.tone else f"<tr>{cells}</tr>"
