"""A month of visits as tables: weeks from Monday, days off, days over time; and visitors by day."""

from __future__ import annotations

import re

import pandas as pd

from planner.ui.visit_calendar import month_html, overview_html
from tests.jobs.visit_month import day, plan, setting

LIMITS = {"limit_min": 100.0, "ends": "18:00"}
MONTH = setting().month


def days() -> pd.DataFrame:
    """甲 has a day of 100 minutes and one of 101; 乙 one home."""
    made = plan({(5, "甲"): [("a", 10), ("b", 20)], (6, "甲"): [("c", 5)], (6, "乙"): [("d", 1)]}).days
    made.loc[(made["visitor"] == "甲") & (made["day"] == pd.Timestamp(day(6))), "total_min"] = 101.0
    return made


def cells(html: str) -> list[list[str]]:
    return [re.sub(r"<[^>]+>", " ", cell).split() for cell in re.findall(r"<td.*?</td>", html)]


def test_weeks_begin_on_monday_and_days_stand_under_their_weekday() -> None:
    own = days()
    html = month_html("月历", own[own["visitor"] == "甲"], MONTH, **LIMITS)  # type: ignore[arg-type]
    told = cells(html)
    assert len(told) == 35
    assert told[:5] == [[], [], [], [], ["1", "休"]]
    assert told[7] == ["4"]
    assert told[8] == ["5", "2", "户", "100", "分"]
    assert told[9] == ["6", "1", "户", "101", "分", "超时"]
    assert html.count("planner-over") == 1


def test_a_return_after_the_hours_is_over_time() -> None:
    own = days().assign(returns="18:01")
    html = month_html("月历", own[own["visitor"] == "乙"], MONTH, **LIMITS)  # type: ignore[arg-type]
    assert "超时" in html


def test_visitors_by_day_with_their_sums() -> None:
    html = overview_html("概览", days(), {"甲": "王甲", "乙": "<b>李乙"}, MONTH, **LIMITS)  # type: ignore[arg-type]
    rows = re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', html)
    assert [name for name, _ in rows] == ["王甲", "&lt;b&gt;李乙"]
    first = [cell for cell in cells(rows[0][1]) if cell]
    assert first == [["2"], ["1!"], ["3"]]
    assert "planner-shade-4" in rows[0][1]
    assert "planner-shade-2" in rows[1][1]


def test_nobody_and_no_day() -> None:
    assert "<tbody></tbody>" in overview_html("概览", days().iloc[:0], {}, MONTH, **LIMITS)  # type: ignore[arg-type]
    assert "户" not in month_html("月历", days().iloc[:0], MONTH, **LIMITS)  # type: ignore[arg-type]
