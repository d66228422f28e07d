"""One value, one meaning in every format: what a frame's cell becomes before it is written anywhere."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from typing import Any

import numpy as np
import pandas as pd

from planner.model.layers import Layer
from planner.model.sheet_text import writable

Plain = None | bool | int | float | str | date | datetime

_BEIJING = timezone(timedelta(hours=8))


def plain(value: Any) -> Plain:
    """The cell as a plain Python value: None for every kind of missing, a date where there is no time of day.

    Text keeps every character but those that no file may hold, which become U+FFFD; a time with a zone is
    told in Beijing time; several values become one text, joined by 、. Infinity (out of reach) is kept.
    """
    if isinstance(value, list | tuple | set | frozenset | np.ndarray):
        return "、".join(text_of(item) for item in map(plain, value))
    if pd.isna(value):
        return None
    if isinstance(value, np.generic):
        value = pd.Timestamp(value) if isinstance(value, np.datetime64) else value.item()
    if isinstance(value, datetime):
        return _day_or_moment(value)
    if isinstance(value, bool | int | float | date):
        return value
    return writable(str(value))


def _day_or_moment(value: datetime) -> date | datetime:
    if isinstance(value, pd.Timestamp):
        value = value.floor("us").to_pydatetime()
    if value.tzinfo is not None:
        value = value.astimezone(_BEIJING).replace(tzinfo=None)
    return value.date() if value.time() == time() else value


def column_names(layer: Layer, frame: pd.DataFrame) -> list[str]:
    """The declared columns that `frame` has, in the declared order."""
    return [name for name in layer.columns if name in frame.columns]


def columns_of(layer: Layer, frame: pd.DataFrame) -> dict[str, list[Plain]]:
    """The plain values of each declared column that `frame` has, in the declared order."""
    return {name: [plain(value) for value in frame[name]] for name in column_names(layer, frame)}


def finite(value: Plain) -> Plain:
    """The value as data formats hold it: infinity, which they cannot say, is missing."""
    return None if isinstance(value, float) and not np.isfinite(value) else value


def text_of(value: Plain) -> str:
    """The value as text: 是 and 否, 2017-12-05, 不可达 for infinity, empty for missing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and np.isinf(value):
        return "不可达"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    return value.isoformat() if isinstance(value, date) else str(value)
