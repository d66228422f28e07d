"""A month's visits as tables to be looked at: one visitor's month in weeks, and all visitors by day as a heat table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from planner.maps import escape_html
from planner.model.layers import rows_of
from planner.policy.visit_rules import Month
from planner.policy.workdays import days_between
from planner.ui.i18n import _

WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
_SHADES = 4


def is_over(row: Any, *, limit_min: float, ends: str) -> bool:
    """Whether a day takes longer than its limit, or its return is after the hours."""
    return bool(row.total_min > limit_min + 0.5 or row.returns > ends)


def show_month(caption: str, days: pd.DataFrame, month: Month, *, limit_min: float, ends: str) -> None:
    """One visitor's month, weeks from Monday below each other: households, minutes, 超时, days off."""
    st.html(month_html(caption, days, month, limit_min=limit_min, ends=ends))


def month_html(caption: str, days: pd.DataFrame, month: Month, *, limit_min: float, ends: str) -> str:
    """The table of `show_month`; `days` are rows of VISIT_DAYS of one visitor."""
    planned = {row.day.date(): row for row in rows_of(days)}
    head = "".join(f'<th scope="col">{escape_html(_(name))}</th>' for name in WEEKDAYS)
    weeks = "".join(
        f"<tr>{''.join(_cell(day, planned.get(day), month, limit_min, ends) for day in week)}</tr>"
        for week in _weeks(month)
    )
    return (
        f'<table class="planner-month"><caption>{escape_html(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{weeks}</tbody></table>"
    )


def show_overview(
    caption: str, days: pd.DataFrame, names: Mapping[str, str], month: Month, *, limit_min: float, ends: str
) -> None:
    """Visitors (number to name) by day: households, darker where there are more, days over time marked."""
    st.html(overview_html(caption, days, names, month, limit_min=limit_min, ends=ends))


def overview_html(
    caption: str, days: pd.DataFrame, names: Mapping[str, str], month: Month, *, limit_min: float, ends: str
) -> str:
    """The table of `show_overview`; `days` are rows of VISIT_DAYS."""
    planned = {(row.visitor, row.day.date()): row for row in rows_of(days)}
    most = max((row.households for row in planned.values()), default=1)
    every = days_between(month.first, month.last)
    worked = set(month.days)
    head = "".join(
        f'<th scope="col" class="{"" if day in worked else "planner-off"}">{day.day}</th>' for day in every
    )
    body = ""
    for who, name in names.items():
        own = [planned.get((who, day)) for day in every]
        total = sum(int(row.households) for row in own if row is not None)
        cells = "".join(
            _shade(row, day in worked, most, limit_min, ends) for day, row in zip(every, own, strict=True)
        )
        body += f'<tr><th scope="row">{escape_html(name)}</th>{cells}<td><b>{total}</b></td></tr>'
    first, last = escape_html(_("走访人")), escape_html(_("合计"))
    return (
        f'<div class="planner-wide" tabindex="0" role="group" aria-label="{escape_html(caption)}"><table class="planner-heat">'
        f'<caption>{escape_html(caption)}</caption><thead><tr><th scope="col">{first}</th>{head}'
        f'<th scope="col">{last}</th></tr></thead><tbody>{body}</tbody></table></div>'
    )


def _weeks(month: Month) -> Iterator[Sequence[date]]:
    """The weeks that hold the month of the plan's days, whole, from Monday."""
    begin = month.first.replace(day=1)
    begin -= timedelta(days=begin.weekday())
    while begin <= month.last:
        yield [begin + timedelta(days=number) for number in range(len(WEEKDAYS))]
        begin += timedelta(days=len(WEEKDAYS))


def _cell(day: date, row: Any | None, month: Month, limit_min: float, ends: str) -> str:
    if day.month != month.first.month:
        return '<td class="planner-beyond"></td>'
    lines, tone = [f"<b>{day.day}</b>"], ""
    if day not in month.days:
        tone = "planner-off"
        lines.append(escape_html(_("休") if month.first <= day else "—"))
    if row is not None:
        tone = "planner-busy"
        lines += [
            escape_html(_("{count} 户").format(count=int(row.households))),
            escape_html(_("{minutes} 分").format(minutes=round(row.total_min))),
        ]
        if is_over(row, limit_min=limit_min, ends=ends):
            tone = "planner-over"
            lines.append(f"<strong>{escape_html(_('超时'))}</strong>")
    return f'<td class="{tone}">{"<br>".join(lines)}</td>'


def _shade(row: Any | None, worked: bool, most: int, limit_min: float, ends: str) -> str:
    if row is None:
        return f'<td class="{"" if worked else "planner-off"}"></td>'
    count = int(row.households)
    over = is_over(row, limit_min=limit_min, ends=ends)
    shade = max(1, -(-count * _SHADES // most))
    classes = f"planner-shade-{shade}" + (" planner-over" if over else "")
    return f'<td class="{classes}">{count}{"!" if over else ""}</td>'
