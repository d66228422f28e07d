"""The import of divisions, institutions and demand: all rows of a file or none."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from planner.errors import PlannerError
from planner.jobs.imports import import_file
from planner.ledger import Upload
from planner.model.days import FIRST_DAY, LAST_DAY
from planner.model.papers import PLACES
from planner.ui import frame, session
from planner.ui.i18n import _

_TYPES = ["csv", "xlsx", "geojson", "json", "gpkg"]
CRS = {
    None: "按文件内“坐标系”列",
    "CGCS2000": "CGCS2000",
    "WGS84": "WGS84",
    "GCJ-02": "GCJ-02",
    "BD-09": "BD-09",
}


def show() -> None:
    """The form, and what became of the file that was just sent."""
    with st.form("import", border=True):
        left, middle, right = st.columns(3)
        kind = left.selectbox(_("内容"), list(PLACES), format_func=lambda name: _(PLACES[name]))
        crs = middle.selectbox(_("坐标系"), list(CRS), format_func=lambda name: _(CRS[name]))
        as_of = right.date_input(
            _("数据截至日"), "today", format="YYYY-MM-DD", min_value=FIRST_DAY, max_value=LAST_DAY
        )
        sent_file = st.file_uploader(
            _("文件(CSV、xlsx、GeoJSON、GeoPackage,20 MB 以内)"), type=_TYPES, key="places-file"
        )
        sent = st.form_submit_button(_("检查并导入"), type="primary", icon=":material/upload:")
    if not sent:
        return
    if sent_file is None:
        st.warning(_("请先选择文件。"))
        return
    upload = Upload.received(sent_file.name, sent_file.getvalue())
    day = as_of if isinstance(as_of, date) else None
    try:
        report = import_file(session.workspace(), kind, upload, crs=crs, as_of=day)
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
