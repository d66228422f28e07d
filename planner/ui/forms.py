"""A form made from a plugin's parameters, beside the options that every run has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from math import ceil, inf
from typing import Any

import streamlit as st

from planner.model.days import FIRST_DAY, LAST_DAY
from planner.model.divisions import Level, at_level
from planner.parameters import Field, fields_of
from planner.plugin import Plugin
from planner.store.runs import Run
from planner.ui import session
from planner.ui.i18n import _
from planner.ui.text import titled

# Left to itself Streamlit offers ten years before and after the default.
_DAYS: dict[str, Any] = {
    "min_value": FIRST_DAY,
    "max_value": LAST_DAY,
    "format": "YYYY-MM-DD",
}


@dataclass(frozen=True)
class RunOptions:
    """What every run is given beside its plugin's own parameters; `area` None is everything."""

    as_of: date
    area: str | None
    seed: int
    time_limit_s: float | None


def run_form(plugin: Plugin, run: Run | None, *, key: str) -> tuple[dict[str, Any], RunOptions] | None:
    """The form; its values when the reader has sent it, else None. It begins with those of `run`."""
    newest = session.newest_day()
    tree = session.tree(newest)
    areas = [None, *at_level(tree, Level.COUNTY)]
    with st.form(key, border=False):
        left, middle, right = st.columns(3)
        as_of = left.date_input(_("截至日"), newest if run is None else run.as_of, **_DAYS)
        area = middle.selectbox(
            _("区域"),
            areas,
            index=areas.index(run.area) if run is not None and run.area in areas else 0,
            format_func=lambda code: tree.nodes[code]["name"] if code else _("全部"),
            placeholder=_("全部"),
        )
        values = {}
        places = [right, left, middle]
        for position, field in enumerate(_begun_with(fields_of(plugin.params), run)):
            values[field.name] = _widget(places[position % 3], field)
        with st.expander(_("运行选项")):
            first, second = st.columns(2)
            seed = first.number_input(
                _("随机种子"), min_value=0, value=0 if run is None else run.seed, step=1
            )
            limit_s = second.number_input(
                _("时限(秒,0 为不限)"),
                min_value=0,
                value=0 if run is None else ceil(run.time_limit_s or 0),
                step=10,
            )
        sent = st.form_submit_button(_("开始计算"), type="primary", icon=":material/play_arrow:")
    if not sent or not isinstance(as_of, date):
        return None
    return values, RunOptions(as_of, area, int(seed), float(limit_s) or None)


def _begun_with(fields: list[Field], run: Run | None) -> list[Field]:
    """The fields with the values of a run in place of their defaults, where those can still be chosen."""
    if run is None:
        return fields
    return [
        replace(field, default=_as_given(field, run.params[field.name]))
        if field.name in run.params and _can_begin(field, run.params[field.name])
        else field
        for field in fields
    ]


def _can_begin(field: Field, value: Any) -> bool:
    """Whether the field still takes a value that it took before: it may have changed since."""
    if value is None:
        return not field.required
    if titles := _choices(field):
        return value in titles
    if field.type in ("integer", "number"):
        least, most = (inf if bound is None else bound for bound in (field.minimum, field.maximum))
        return isinstance(value, int | float) and (-inf if least == inf else least) <= value <= most
    return isinstance(value, bool if field.type == "boolean" else str)


def _as_given(field: Field, value: Any) -> Any:
    if value is None:
        return None
    kinds: dict[str, Callable[[Any], Any]] = {"date": date.fromisoformat, "integer": int, "number": float}
    return kinds[field.type](value) if field.type in kinds and not _choices(field) else value


def _widget(place: Any, field: Field) -> Any:
    label = titled(_(field.title), _(field.unit))
    help_ = _(field.help) if field.help else None
    if titles := _choices(field):
        options = list(titles)
        if not field.required:
            options = [None, *options]
        return place.selectbox(
            label,
            options,
            index=options.index(field.default),
            format_func=lambda value: _("不限") if value is None else _(titles[value]),
            placeholder=_("不限"),
            help=help_,
        )
    if field.type == "boolean":
        return place.checkbox(label, field.default, help=help_)
    if field.type == "date":
        return place.date_input(label, field.default, help=help_, **_DAYS)
    if field.type in ("integer", "number"):
        number = int if field.type == "integer" else float
        return place.number_input(
            label,
            min_value=None if field.minimum is None else number(field.minimum),
            max_value=None if field.maximum is None else number(field.maximum),
            value=None if field.default is None else number(field.default),
            help=help_,
        )
    return place.text_input(label, field.default or "", help=help_) or None


def _choices(field: Field) -> dict[Any, str]:
    """What may be chosen, with how it is shown; a box to tick has no third state for “any”."""
    if field.type == "boolean" and not field.required:
        return {True: "是", False: "否"}
    return {choice.value: choice.title for choice in field.choices}
