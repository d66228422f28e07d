"""The import of roads on the page: one file in the place of the roads before."""

from __future__ import annotations

import streamlit as st

from planner.errors import PlannerError
from planner.jobs.road_words import report_lines
from planner.jobs.roads import import_roads
from planner.ledger import Upload
from planner.ui import frame, session
from planner.ui.i18n import _
from planner.ui.place_import import CRS
from planner.ui.text import plain

_TYPES = ["pbf", "osm", "gpkg", "geojson", "json", "zip"]
_MOST_MB = 200
_CRS = {**CRS, None: "按文件所说(OSM 不用选)"}


def show() -> None:
    """The form, and what became of the file that was just sent, as the command line tells it."""
    with st.form("roads-import", border=True):
        left, right = st.columns(2)
        crs = left.selectbox(_("坐标系"), list(_CRS), format_func=lambda name: _(_CRS[name]), key="roads-crs")
        tolerance_m = right.number_input(
            _("接线容差(米)"),
            min_value=0.0,
            max_value=1000.0,
            value=0.0,
            step=1.0,
            help=_("线与线没有接上时,把相距不超过这么多米的端点接到一起,断头接到最近的线上"),
        )
        crossings = st.checkbox(_("凡交叉处都作路口(没有立交桥的数据才用)"))
        sent_file = st.file_uploader(
            _("文件(.osm.pbf、GeoPackage、GeoJSON、压缩的 shapefile,200 MB 以内)"),
            type=_TYPES,
            max_upload_size=_MOST_MB,
            key="roads-file",
        )
        sent = st.form_submit_button(_("导入道路"), type="primary", icon=":material/upload:")
    st.caption(_("导入的道路代替原有的道路,以后的计算按它算车程。"))
    if not sent:
        return
    if sent_file is None:
        st.warning(_("请先选择文件。"))
        return
    upload = Upload.received(sent_file.name, sent_file.getvalue())
    try:
        with st.spinner(_("正在读取道路,接成路网……")):
            report = import_roads(
                session.workspace(), upload, crs=crs, tolerance_m=tolerance_m, crossings=crossings
            )
    except PlannerError as error:
        frame.tell(error)
        st.info(_("没有写入任何内容。改好后再导入。"))
        return
    first, *others = report_lines(report)
    st.success(plain(_(first)), icon=":material/check_circle:")
    for line in others:
        st.text(_(line))
