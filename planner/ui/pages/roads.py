"""The roads of the workspace: on the map, in figures, how fast one travels on them, which are closed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import numpy as np
import pandas as pd
import streamlit as st

import geodata
from planner.errors import PlannerError
from planner.jobs.roads import close_roads
from planner.model.layers import DEMO_ORIGIN
from planner.model.roads import ROADS_BY_CLASS, RoadState
from planner.roads import RoadNetwork
from planner.roads.drawing import draw_network
from planner.roads.speeds import FASTEST_KMH, SLOWEST_KMH, Speed
from planner.roads.words import CLASSES, SURFACES
from planner.store.roads import StoredRoads, read_closed, read_network, read_speeds, save_speed
from planner.store.writes import data_version
from planner.ui import frame, prose_tables, session
from planner.ui.i18n import _
from planner.ui.linked import LinkedLayer, link, show_linked
from planner.ui.prose_tables import ProseRow
from planner.ui.text import day

# Extracts of OpenStreetMap say so in their names, and must be credited.
_OSM = re.compile(r"osm|\.pbf$", re.IGNORECASE)


def show() -> None:
    """Draw the page."""
    frame.heading(_("道路"), _("路网的规模和连通,各等级的车速,封闭的路"))
    workspace = session.workspace()
    stored = _stored(str(workspace.folder), data_version(workspace))
    if stored is None:
        st.info(_("还没有道路,车程按直线估算。到“数据”页的“道路”导入。"), icon=":material/info:")
    else:
        above, below = st.container(), st.container()
        with below:  # first: what is shown above is what holds after a road was closed
            _change_closed(stored)
        with above:
            _show_network(stored)
    _show_speeds()


@st.cache_resource(max_entries=2, show_spinner=False)
def _stored(folder: str, version: str) -> StoredRoads | None:
    return read_network(session.workspace())


@st.cache_resource(max_entries=4, show_spinner=False)
def _drawn(sha256: str, closed: frozenset[int], _network: RoadNetwork) -> LinkedLayer:
    return link(ROADS_BY_CLASS, draw_network(_network, closed=closed))


def _show_network(stored: StoredRoads) -> None:
    network = stored.network
    closed = read_closed(session.workspace(), stored.sha256)
    item = _drawn(stored.sha256, closed, network)
    km = item.frame.groupby("state")["km"].sum()
    total = item.frame["km"].sum()
    figures: Mapping[str, str] = {
        _("道路长度(公里)"): f"{total:,.0f}",
        _("路段"): f"{network.edge_count:,}",
        _("最大连通部分占长度"): f"{km.get(str(RoadState.MAIN), 0.0) / total * 100:.1f}%" if total else "—",
        _("在它之外(公里)"): f"{km.get(str(RoadState.OUTSIDE), 0.0):,.1f}",
        _("封闭的路段"): f"{len(closed):,}",
    }
    columns = st.container(key="cards-roads").columns(len(figures))
    for place, (title, value) in zip(columns, figures.items(), strict=True):
        place.metric(title, value, border=True)
    named = _("示例") if stored.origin == DEMO_ORIGIN else stored.origin
    origin = _("道路来自{name}").format(name=named)
    osm = ["© OpenStreetMap contributors"] if _OSM.search(stored.origin) else []
    today = session.newest_day()
    beneath = geodata.credits() if session.ground(today) else []
    show_linked(
        f"roads-{stored.sha256[:8]}",
        {ROADS_BY_CLASS.name: item},
        visible=[ROADS_BY_CLASS.name],
        coloured_by={},
        credits_=frame.map_credits(origin, *osm, *beneath),
        day=today,
    )


def _change_closed(stored: StoredRoads) -> None:
    """Close a road by its name, or open a closed one; what is closed."""
    st.markdown(f"#### {_('封闭和恢复')}")
    names = sorted(map(str, stored.network.names))
    with st.form("roads-closing", border=True):
        left, right = st.columns(2)
        name = left.selectbox(_("路名"), names, index=None, placeholder=_("输入路名查找"))
        reason = right.text_input(_("原因"), max_chars=200, help=_("记入审计"))
        buttons = st.columns([1, 1, 4])
        close = buttons[0].form_submit_button(_("封闭道路"), icon=":material/block:", width="stretch")
        reopen = buttons[1].form_submit_button(_("恢复通行"), icon=":material/check:", width="stretch")
    if (close or reopen) and name is None:
        st.warning(_("请先选择路名。"))
    elif close or reopen:
        try:
            changed = close_roads(session.workspace(), [], name=name, closed=close, reason=reason)
        except PlannerError as error:
            frame.tell(error)
        else:
            form = _("已封闭{n}个路段,以后的计算不再走这里") if close else _("已恢复{n}个路段")
            st.success(form.format(n=len(changed)))
    if held := read_closed(session.workspace(), stored.sha256):
        _show_closed(stored.network, held)
    else:
        st.caption(_("没有封闭的路段"))


def _show_closed(network: RoadNetwork, closed: frozenset[int]) -> None:
    """What is closed: a row for each name and class."""
    edges = np.array(sorted(closed))
    table = pd.DataFrame({"name": network.name[edges], "class": network.road_class[edges]})
    table["km"] = network.length_m[edges] / 1000
    summed = table.groupby(["name", "class"])["km"].agg(["size", "sum"]).reset_index()
    titles = list(CLASSES.values())
    rows = [
        [str(network.names[name]) if name >= 0 else _("无名"), _(titles[kind]), str(edges), f"{km:.2f}"]
        for name, kind, edges, km in summed.itertuples(index=False)
    ]
    headings = [_("路名"), _("道路等级"), _("路段"), _("长度(公里)")]
    prose_tables.show(_("封闭的路段"), headings, _as_prose(rows))


def _as_prose(rows: Iterable[Sequence[str]]) -> list[ProseRow]:
    return [ProseRow([[cell] for cell in row]) for row in rows]


def _show_speeds() -> None:
    """The table of speeds, and the form that changes one, with its source."""
    st.markdown(f"#### {_('车速表')}")
    st.caption(_("道路文件自带的车速优先于本表,限速不超过。改后下次计算起用,改动记入审计。"))
    speeds = read_speeds(session.workspace())
    with st.container(border=True, key="roads-speed"):
        places = st.columns([2, 2, 2, 4])
        road_class = places[0].selectbox(
            _("道路等级"), list(CLASSES), format_func=lambda name: _(CLASSES[name])
        )
        surface = places[1].selectbox(_("路面"), list(SURFACES), format_func=lambda name: _(SURFACES[name]))
        kmh = places[2].number_input(
            _("车速(km/h)"),
            min_value=SLOWEST_KMH,
            max_value=FASTEST_KMH,
            value=speeds.rows[road_class, surface].kmh,
            step=5.0,
            key=f"roads-kmh-{road_class}-{surface}",
        )
        source = places[3].text_input(
            _("来源"), max_chars=200, placeholder=_("车速的依据,如“县交通局2026年实测”")
        )
        sent = st.button(_("保存车速"), icon=":material/speed:")
    if sent and not source.strip():
        st.warning(_("请写明车速的来源。"))
    elif sent:
        try:
            save_speed(session.workspace(), Speed(road_class, surface, kmh, source.strip(), date.today()))
        except PlannerError as error:
            frame.tell(error)
        else:
            st.success(_("车速已保存,下次计算起用"))
    # To be read, not worked with: two interactive tables on one page are a fault for screen readers.
    headings = [_("道路等级"), _("路面"), _("车速(km/h)"), _("日期"), _("来源")]
    rows = [
        [_(CLASSES[row.road_class]), _(SURFACES[row.surface]), f"{row.kmh:g}", day(row.date), row.source]
        for row in read_speeds(session.workspace()).rows.values()
    ]
    prose_tables.show(_("车速表"), headings, _as_prose(rows))
