"""Layers and tables as a page shows them: Chinese titles with units, no geometry, plain values."""

from __future__ import annotations

import pandas as pd

from planner.model.layers import Layer
from planner.ui.i18n import _


def display_frame(layer: Layer, frame: pd.DataFrame) -> pd.DataFrame:
    """`frame` under its titles, in the order of the declaration; days as dates, yes and no in words."""
    shown = pd.DataFrame(frame)[[name for name in layer.columns if name in frame]].copy()
    for name in shown:
        if pd.api.types.is_datetime64_any_dtype(shown[name]):
            shown[name] = shown[name].dt.strftime("%Y-%m-%d")
        elif pd.api.types.is_bool_dtype(shown[name]):
            shown[name] = shown[name].map({True: _("是"), False: _("否")})
        elif pd.api.types.is_float_dtype(shown[name]):
            shown[name] = shown[name].round(1)
    return shown.rename(columns={name: _title(layer, str(name)) for name in shown})


def _title(layer: Layer, name: str) -> str:
    title, unit = _(str(layer.columns[name].title)), layer.unit_of(name)
    return f"{title}({_(unit)})" if unit else title
