"""What the workspace holds, and the import of divisions, institutions and demand from the page."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import pandas as pd
import streamlit as st

from planner.errors import PlannerError
from planner.jobs import import_file
from planner.model.days import FIRST_DAY, LAST_DAY
from planner.model.papers import PLACES
from planner.store.reads import counts, import_log
from planner.ui import frame, session
from planner.ui.i18n import _
from planner.ui.text import day

_TYPES = ["csv", "xlsx", "geojson", "json", "gpkg"]
_CRS = {
    None: "按文件内“坐标系”列",
    "CGCS2000": "CGCS2000",
    "WGS84": "WGS84",
    "GCJ-02": "GCJ-02",
    "BD-09": "BD-09",
}


def show() -> None:
    """Draw the page."""
    frame.heading(_("数据"), _("工作区里有什么,来自哪个文件,截至哪一天"))
    above, below = st.container(), st.container()
    with below:  # first: what is shown above is what stands there after the import
        st.markdown(f"#### {_('导入文件')}")
        _import_form()
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


def _import_form() -> None:
    with st.form("import", border=True):
        left, middle, right = st.columns(3)
        kind = left.selectbox(_("内容"), list(PLACES), format_func=lambda name: _(PLACES[name]))
        crs = middle.selectbox(_("坐标系"), list(_CRS), format_func=lambda name: _(_CRS[name]))
        as_of = right.date_input(
            _("数据截至日"), "today", format="YYYY-MM-DD", min_value=FIRST_DAY, max_value=LAST_DAY
        )
        upload = st.file_uploader(_("文件(CSV、xlsx、GeoJSON、GeoPackage,20 MB 以内)"), type=_TYPES)
        sent = st.form_submit_button(_("检查并导入"), type="primary", icon=":material/upload:")
    if not sent:
        return
    if upload is None:
        st.warning(_("请先选择文件。"))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"upload{Path(upload.name).suffix.lower()}"
        path.write_bytes(upload.getbuffer())
        try:
            report = import_file(
                session.workspace(),
                kind,
                path,
                crs=crs,
                as_of=as_of if isinstance(as_of, date) else None,
                name=upload.name,
            )
        except PlannerError as error:
            frame.tell(error)
            st.info(_("没有写入任何内容。改好后再导入。"))
            return
    st.success(
        _("已导入:读入 {read} 行,接受 {accepted} 行,跳过 {skipped} 行").format(
            read=report.read, accepted=report.accepted, skipped=report.skipped
        )
    )
    if report.notices:
        st.dataframe(
            pd.DataFrame({_("提示"): list(map(str, report.notices))}), hide_index=True, alt=_("提示")
        )
