"""A table drawn as lines or bars beside its rows: lines told apart by dashes as well as colour, all told in words too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from planner.model.layers import Chart, Layer
from planner.ui.i18n import _
from planner.ui.text import figure, titled

_HEIGHT = 320
_BAR_HEIGHT, _BAR_ROOM = 22, 60
_AT_FIRST = 5
# Dark enough on white each for itself; the dashes tell them apart in print without colour.
_COLOURS = ["#10393b", "#bf5a2e", "#2a8c82", "#8d4aa8", "#3a6ea5", "#9e2a2b", "#7a6a00", "#5c5c5c", "#b0457b"]
_DASHES = [[1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [4, 4], [10, 4], [2, 4], [6, 2, 2, 2, 2, 2], [12, 3]]

_BEFORE = "#e9b44c"
_PAIR, _ROOM = 26, 70  # pixels: of a pair of bars, of the axis and the legend

_LEGEND = {
    "orient": "bottom",
    "columns": 2,
    "title": None,
    "symbolSize": 200,
    "offset": 4,
    "padding": 0,
    "rowPadding": 2,
}


def show_chart(layer: Layer, frame: pd.DataFrame, *, key: str) -> None:
    """Draw the table as its declaration says, with the lines that the reader chooses, the first five at first."""
    chart = layer.chart
    if chart is None or chart.up not in frame or frame.empty:
        return
    places: dict[str, int] = {}
    if chart.line:
        every = list(dict.fromkeys(frame[chart.line].astype(str)))
        lines = st.pills(
            _(str(layer.columns[chart.line].title)),
            every,
            selection_mode="multi",
            default=every[:_AT_FIRST],
            format_func=_,
            key=f"{key}-lines",
        )
        frame = frame[frame[chart.line].isin(lines)]
        places = {_(line): place for place, line in enumerate(every) if line in lines}
    bars = chart.mark == "bar"
    st.vega_lite_chart(
        _points(chart, frame),
        _bars(layer, chart) if bars else _spec(layer, chart, places),
        height=_BAR_ROOM + _BAR_HEIGHT * len(frame) if bars else _HEIGHT,
        alt=in_words(layer, frame),
    )


def show_before_and_after(
    layer: Layer, frame: pd.DataFrame, labels: pd.Series, *, before: str, after: str
) -> None:
    """Draw two columns of the table as a pair of bars for each row, the highest first; `labels` name the rows."""
    order = frame[after].fillna(0).sort_values(ascending=False, kind="stable").index
    names = labels.loc[order].tolist()
    columns = {_(str(layer.columns[name].title)): name for name in (before, after)}
    points = pd.concat(
        [
            pd.DataFrame({"name": names, "when": title, "value": frame.loc[order, name].to_numpy()})
            for title, name in columns.items()
        ],
        ignore_index=True,
    )
    st.vega_lite_chart(
        points,
        {
            "mark": {"type": "bar", "tooltip": True},
            "encoding": {
                "y": {
                    "field": "name",
                    "type": "nominal",
                    "sort": names,
                    "axis": {"title": None, "labelLimit": 220, "labelOverlap": False},
                },
                "yOffset": {"field": "when", "sort": list(columns)},
                "x": {
                    "field": "value",
                    "type": "quantitative",
                    "axis": {"orient": "top", **_axis(layer, after)},
                },
                "color": {
                    "field": "when",
                    "type": "nominal",
                    "scale": {"domain": list(columns), "range": [_BEFORE, _COLOURS[0]]},
                    "legend": {"orient": "top", "title": None},
                },
            },
        },
        height=_ROOM + _PAIR * max(1, len(names)),
        alt="\n".join(
            f"{name} {figure(old)} → {figure(new)}"
            for name, old, new in zip(
                names, frame.loc[order, before].tolist(), frame.loc[order, after].tolist(), strict=True
            )
        ),
    )


def in_words(layer: Layer, frame: pd.DataFrame) -> str:
    """The chart for whoever does not see it: its title, and each line from its first value to its last, or each bar."""
    chart = layer.chart
    if chart is None:
        return _(layer.title)
    points = _points(chart, frame).dropna(subset="up")
    unit = _(layer.unit_of(chart.up)).strip()
    if chart.mark == "bar":
        bars = [f"{row.across} {figure(row.up, unit)} {unit}".strip() for row in points.itertuples()]
        return "\n".join([_(layer.title), *bars])
    told = [
        f"{line} {first.across}: {figure(first.up, unit)} {unit} → {last.across}: {figure(last.up, unit)} {unit}"
        for line, rows in points.groupby("line", sort=False)
        for first, last in [(rows.iloc[0], rows.iloc[-1])]
    ]
    return "\n".join([_(layer.title), *(" ".join(text.split()) for text in told)])


def _points(chart: Chart, frame: pd.DataFrame) -> pd.DataFrame:
    """The columns as the chart names them: across (a day as text), up, line (empty where there is one only)."""
    across = frame[chart.across]
    if pd.api.types.is_datetime64_any_dtype(across):
        across = across.dt.strftime("%Y-%m-%d")
    line = (
        frame[chart.line].astype(str).map(_) if chart.line else pd.Series("", index=frame.index, dtype="str")
    )
    return pd.DataFrame({"across": across, "up": frame[chart.up], "line": line})


def _spec(layer: Layer, chart: Chart, places: Mapping[str, int]) -> dict[str, Any]:
    """The drawing in Vega-Lite; a share runs to 100, all else from 0.

    `places` are the lines on show by their place among all, so that a line keeps its look when others go.
    """
    across, up = (_axis(layer, name) for name in (chart.across, chart.up))
    measured = pd.api.types.is_numeric_dtype(layer.columns[chart.across].dtype.type)
    scale = {"domain": [0, 100]} if layer.unit_of(chart.up) == "%" else {"zero": True}
    encoding: dict[str, Any] = {
        "x": {"field": "across", "type": "quantitative" if measured else "ordinal", "axis": across},
        "y": {"field": "up", "type": "quantitative", "axis": up, "scale": scale},
        "tooltip": [{"field": "across", **across}, {"field": "up", **up, "format": ",.1f"}],
    }
    if chart.line:
        for channel, values in (("color", _COLOURS), ("strokeDash", _DASHES)):
            looks = [values[place % len(values)] for place in places.values()]
            told_apart = {"domain": list(places), "range": looks}
            encoding[channel] = {"field": "line", "type": "nominal", "scale": told_apart, "legend": _LEGEND}
        encoding["tooltip"].insert(0, {"field": "line", "title": _(str(layer.columns[chart.line].title))})
    else:
        encoding["color"] = {"value": _COLOURS[0]}
    mark = {"type": "line", "strokeWidth": 2.5, "point": False if chart.line else {"size": 30}}
    return {"mark": mark, "encoding": encoding}


def _bars(layer: Layer, chart: Chart) -> dict[str, Any]:
    """The rows as bars, one below the other in their order."""
    across, up = (_axis(layer, name) for name in (chart.across, chart.up))
    scale = {"domain": [0, 100]} if layer.unit_of(chart.up) == "%" else {"zero": True}
    return {
        "mark": {"type": "bar", "color": _COLOURS[0]},
        "encoding": {
            "y": {"field": "across", "type": "nominal", "sort": None, "axis": {**across, "labelLimit": 140}},
            "x": {"field": "up", "type": "quantitative", "axis": up, "scale": scale},
            "tooltip": [{"field": "across", **across}, {"field": "up", **up, "format": ",.1f"}],
        },
    }


def _axis(layer: Layer, name: str) -> dict[str, Any]:
    return {"title": titled(_(str(layer.columns[name].title)), _(layer.unit_of(name)))}
