"""What the workspace holds, and the import of files from the page."""

from __future__ import annotations

import streamlit as st

from planner.store.reads import counts, import_log
from planner.ui import frame, ledger_import, place_import, road_import, session
from planner.ui.i18n import _
from planner.ui.text import day


def show() -> None:
    """Draw the page."""
    frame.heading(_("数据"), _("工作区里有什么,来自哪个文件,截至哪一天"))
    above, below = st.container(), st.container()
    with below:  # first: what is shown above is what stands there after the import
        st.markdown(f"#### {_('导入文件')}")
        persons, places, roads = st.tabs([_("台账和名册"), _("区划、机构和需求"), _("道路")])
        with persons:
            ledger_import.show()
        with places:
            place_import.show()
        with roads:
            road_import.show()
    with above:
        _show_held()


def _show_held() -> None:
    workspace = session.workspace()
    held = counts(workspace)
    columns = st.container(key="cards-held").columns(len(held))
    for place, (name, count) in zip(columns, held.items(), strict=True):
        place.metric(_(name), f"{count:,}", border=True)
    st.caption(f"{_('最新数据日')} {day(session.newest_day())}")
    st.markdown(f"#### {_('导入记录')}")
    log = import_log(workspace)
    if len(log):
        log["内容"] = log["内容"].map(_)
        st.dataframe(log.rename(columns=_), hide_index=True, alt=_("导入记录"))
    else:
        st.info(_("还没有导入过文件。先导入行政区划,再导入机构和需求。"))
