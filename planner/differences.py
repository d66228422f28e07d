"""Where two results differ: what a replay and the contract test ask."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import pandas as pd

from planner.plugin import Result


def differences(first: Result, second: Result) -> list[str]:
    """Every way in which two results differ, in words; empty where they are the same to the last digit.

    The order of rows and columns counts, the index and the way a missing value is written do not.
    """
    found = [
        *_frame_differences({**first.layers, **first.tables}, {**second.layers, **second.tables}),
        *_metric_differences(first.metrics, second.metrics),
    ]
    if tuple(first.notes) != tuple(second.notes):
        found.append("说明不同")
    return found


def _metric_differences(first: Mapping[str, Any], second: Mapping[str, Any]) -> list[str]:
    found = _other_names("指标", first, second)
    for name in [name for name in first if name in second]:
        one, other = first[name], second[name]
        if one.value != other.value:
            found.append(f"指标“{one.title}”({name}):{one.value} 与 {other.value}")
        elif one != other:
            found.append(f"指标“{one.title}”({name})的说明不同")
    return found


def _frame_differences(first: Mapping[str, pd.DataFrame], second: Mapping[str, pd.DataFrame]) -> list[str]:
    found = _other_names("图层或表", first, second)
    for name in [name for name in first if name in second]:
        one, other = _plain(first[name]), _plain(second[name])
        if len(one) != len(other):
            found.append(f"“{name}”的行数:{len(one)} 与 {len(other)}")
        elif list(one.columns) != list(other.columns):
            found.append(f"“{name}”的列不同")
        else:
            for column in one.columns:
                pairs = zip(one[column], other[column], strict=True)
                if count := sum(not _same(value, twin) for value, twin in pairs):
                    found.append(f"“{name}”的列“{column}”有{count}行不同")
    return found


def _other_names(what: str, first: Mapping[str, Any], second: Mapping[str, Any]) -> list[str]:
    return [f"{what}“{name}”只在其中一个结果中" for name in sorted(set(first) ^ set(second))]


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame as objects, geometry as WKB."""
    if isinstance(frame, gpd.GeoDataFrame):
        frame = pd.DataFrame(frame.to_wkb())
    return frame.astype(object)


def _same(value: Any, twin: Any) -> bool:
    return bool(value == twin) if not (pd.isna(value) or pd.isna(twin)) else pd.isna(value) and pd.isna(twin)
