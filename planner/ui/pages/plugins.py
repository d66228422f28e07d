"""The plugins found at start: the good with what they read and make, the broken with reason and fix."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd
import streamlit as st

from planner.model.layers import Layer
from planner.parameters import fields_of
from planner.ui import frame, session
from planner.ui.i18n import LIST_MARK, _
from planner.ui.text import plain


def show() -> None:
    """Draw the page."""
    frame.heading(_("插件"), _("每个插件是一个函数:声明参数、读什么、产出什么,页面和命令由此生成"))
    catalogue = session.catalogue()
    for name, plugin in catalogue.plugins.items():
        with st.container(border=True):
            st.markdown(f"#### {_(plugin.title)}")
            st.text(_(plugin.summary))
            st.code(f"planner run {name}", language="bash")
            st.caption(_("读取:{names}").format(names=_titles(plugin.reads)))
            st.caption(_("产出:{names}").format(names=_titles(plugin.makes)))
            with st.expander(_("参数")):
                st.dataframe(
                    pd.DataFrame(
                        {
                            _("选项"): f"--{field.name.replace('_', '-')}",
                            _("名称"): _(field.title),
                            _("默认"): "" if field.default is None else _(str(field.default)),
                            _("单位"): _(field.unit),
                        }
                        for field in fields_of(plugin.params)
                    ),
                    hide_index=True,
                    alt=_("参数"),
                )
    if catalogue.broken:
        st.markdown(f"#### {_('不能使用的插件')}")
        for broken in catalogue.broken:
            told = f"{broken.name}({broken.distribution}):{broken.reason}。{broken.fix}"
            st.warning(plain(told), icon=":material/error:")


def _titles(layers: Iterable[Layer]) -> str:
    return _(LIST_MARK).join(_(layer.title) for layer in layers)
