"""The script that Streamlit runs for every visit: the pages, made from the registry."""

from __future__ import annotations

import streamlit as st

from planner.errors import PlannerError
from planner.ui import frame, session
from planner.ui.i18n import _
from planner.ui.pages import about, compare, data, duties, plugin_page, plugins, roads, runs, visits


def main() -> None:
    """Draw the chosen page; without a usable workspace say what to do instead."""
    frame.begin()
    try:
        session.workspace()
    except PlannerError as error:
        frame.tell(error)
        return
    planning = [
        st.Page(
            plugin_page.page_of(plugin),
            title=_(plugin.title),
            icon=":material/map:",
            url_path=name,
            default=position == 0,
        )
        for position, (name, plugin) in enumerate(session.catalogue().plugins.items())
    ]
    others = [
        st.Page(visits.show, title=_("走访"), icon=":material/event_note:", url_path="visits"),
        st.Page(duties.show, title=_("包联"), icon=":material/account_tree:", url_path="duties"),
        st.Page(
            data.show, title=_("数据"), icon=":material/database:", url_path="data", default=not planning
        ),
        st.Page(roads.show, title=_("道路"), icon=":material/route:", url_path="roads"),
        st.Page(runs.show, title=_("运行记录"), icon=":material/history:", url_path="runs"),
        st.Page(compare.show, title=_("方案对照"), icon=":material/compare_arrows:", url_path="compare"),
        st.Page(plugins.show, title=_("插件"), icon=":material/extension:", url_path="plugins"),
        st.Page(about.show, title=_("说明与来源"), icon=":material/info:", url_path="about"),
    ]
    # One list: with sections Streamlit puts headings into the list of links, which screen readers stumble on.
    page = st.navigation([*planning, *others], expanded=True)
    frame.sidebar()
    page.run()


main()
