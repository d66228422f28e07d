"""All runs, newest first: who, when, with which parameters, how they ended."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from planner.documents import param_titles
from planner.plugin import Plugin
from planner.store.runs import Run, list_runs
from planner.ui import frame, session
from planner.ui.i18n import _
from planner.ui.pages.plugin_page import address_of

_STATES = {
    "queued": "排队",
    "running": "运行中",
    "done": "完成",
    "stopped": "提前停止",
    "failed": "失败",
    "broken": "中断",
}


def show() -> None:
    """Draw the page."""
    frame.heading(_("运行记录"), _("每次计算的参数、种子、数据日和结果都留档,可以原样重算"))
    runs = list_runs(session.workspace(), 200)
    if not runs:
        st.info(_("还没有运行过。"))
        return
    plugins = session.catalogue().plugins
    frame_ = pd.DataFrame(
        {
            _("运行"): run.id,
            _("名称"): run.name or "",
            _("开始时间"): f"{run.created.astimezone():%Y-%m-%d %H:%M}",
            _("插件"): _(plugins[run.plugin].title) if run.plugin in plugins else run.plugin,
            _("状态"): _(_STATES[run.state]),
            _("截至日"): run.as_of.isoformat(),
            _("区域"): _area(run),
            _("种子"): run.seed,
            _("参数"): _in_words(run, plugins.get(run.plugin)),
            _("用时(秒)"): round(run.duration_s, 1) if run.duration_s is not None else None,
            _("何人"): _(run.who),
            _("说明"): run.message or "",
        }
        for run in runs
    )
    selected = st.dataframe(
        frame_, hide_index=True, on_select="rerun", selection_mode="single-row", alt=_("运行记录"), key="runs"
    )
    rows = selected["selection"]["rows"]
    if rows and rows[0] < len(runs) and runs[rows[0]].plugin in plugins:
        run = runs[rows[0]]
        address = f"{address_of(run.plugin)}?run={run.id}"
        st.link_button(_("打开结果"), address, icon=":material/open_in_new:")


def _area(run: Run) -> str:
    """The name of the area on the day of the run; its code where that day knows it no more."""
    if run.area is None:
        return _("全部")
    nodes = session.tree(run.as_of).nodes
    return str(nodes[run.area]["name"]) if run.area in nodes else run.area


def _in_words(run: Run, plugin: Plugin | None) -> str:
    """The parameters under their titles; those left open are not named."""
    titles = param_titles(plugin.params) if plugin else {}
    given = {name: value for name, value in run.params.items() if value is not None}
    return " · ".join(f"{_(titles.get(name, name))} {_(str(value))}" for name, value in given.items())
