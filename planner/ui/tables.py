"""Layers and tables as a page shows them: titles with units, no geometry, plain values."""

from __future__ import annotations

import pandas as pd

from planner.model.layers import Layer
from planner.ui.i18n import _
from planner.ui.text import titled


def display_frame(layer: Layer, frame: pd.DataFrame) -> pd.DataFrame:
    """`frame` under its titles, in the order of the declaration; days as dates, yes and no in words."""
    shown = pd.DataFrame(frame)[[name for name in layer.columns if name in frame]].copy()
    for name in map(str, shown):
        if pd.api.types.is_datetime64_any_dtype(shown[name]):
            shown[name] = shown[name].dt.strftime("%Y-%m-%d")
        elif pd.api.types.is_bool_dtype(shown[name]):
            shown[name] = shown[name].map({True: _("是"), False: _("否")})
        elif pd.api.types.is_float_dtype(shown[name]):
            shown[name] = shown[name].round(1)
        elif pd.api.types.is_string_dtype(shown[name]) and _in_words(layer, name):
            shown[name] = shown[name].map(_, na_action="ignore")
    return shown.rename(columns={name: _title(layer, str(name)) for name in shown})


def _title(layer: Layer, name: str) -> str:
    return titled(_(str(layer.columns[name].title)), _(layer.unit_of(name)))


def _in_words(layer: Layer, name: str) -> bool:
    """Whether a column holds words out of a closed list, so that they may be translated, not names."""
    closed = any("allowed_values" in check.statistics for check in layer.columns[name].checks)
    return closed or name.endswith("_reason")
