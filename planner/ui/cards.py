"""Figures as cards: the value, and behind it the formula, the clause and the rows it counts."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from planner.plugin import Metric, Plugin, Result
from planner.plugin import rows_behind as rows_of
from planner.ui.i18n import _
from planner.ui.tables import display_frame
from planner.ui.text import figure, reason

_IN_A_ROW = 4


def show_first_cards(plugin: Plugin, result: Result) -> None:
    """The first row of figures: what the page opens with."""
    _row(plugin, result, list(result.metrics)[:_IN_A_ROW])


def show_other_cards(plugin: Plugin, result: Result) -> None:
    """The other figures, row by row."""
    names = list(result.metrics)
    for start in range(_IN_A_ROW, len(names), _IN_A_ROW):
        _row(plugin, result, names[start : start + _IN_A_ROW])


@st.fragment
def _row(plugin: Plugin, result: Result, names: list[str]) -> None:
    """A row of cards. What stands behind a figure, which may be thousands of rows, is made when it is opened."""
    columns = st.container(key=f"cards-{'-'.join(names[:1])}").columns(_IN_A_ROW)
    for place, name in zip(columns, names, strict=False):
        metric = result.metrics[name]
        with place.container(border=True, key=f"card-{name}"):
            value = _(figure(metric.value, metric.unit))
            st.metric(
                _(metric.title), f"{value} {_(metric.unit)}".strip() if metric.value is not None else "—"
            )
            if metric.value is None:
                st.caption(reason(metric.reason))
            basis = st.popover(_("依据"), width="stretch", key=f"basis-{name}", on_change="rerun")
            if basis.open:
                with basis:
                    _behind(plugin, result, metric)


def _behind(plugin: Plugin, result: Result, metric: Metric) -> None:
    if metric.formula:
        st.markdown(f"**{_('算法')}**")
        st.text(_(metric.formula))
    if metric.clause:
        st.markdown(f"**{_('条款')}**")
        st.text(_(metric.clause))
    if metric.table in {**result.layers, **result.tables}:  # it may be erased
        rows = rows_behind(result, metric)
        layer = plugin.made(metric.table)
        st.caption(_("所依据的行:{count}").format(count=len(rows)))
        st.dataframe(
            display_frame(layer, rows), hide_index=True, height=240, placeholder="", alt=_(layer.title)
        )


def rows_behind(result: Result, metric: Metric) -> pd.DataFrame:
    """The rows that a figure counts or sums."""
    frames: Mapping[str, pd.DataFrame] = {**result.layers, **result.tables}
    return rows_of(pd.DataFrame(frames[str(metric.table)]), metric.where)
