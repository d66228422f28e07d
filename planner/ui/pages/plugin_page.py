"""The page of one plugin: its form, its run with progress and stop, its result as cards, map and tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import networkx as nx
import streamlit as st

import geodata
from planner.documents import Stamp, geojson_bytes, gpkg_bytes, xlsx_bytes
from planner.errors import PlannerError
from planner.jobs.results import load_result, stamp_of
from planner.jobs.runs import start_run, stop
from planner.model.divisions import Level, ancestor_code, at_level, level_of
from planner.model.divisions import children as children_of
from planner.model.layers import Layer
from planner.plugin import Plugin, Result
from planner.store.runs import ACTIVE, LONGEST_NAME, Run, latest_run, mark_broken_runs, name_run, read_run
from planner.ui import frame as page_frame
from planner.ui import session
from planner.ui.cards import show_first_cards, show_other_cards
from planner.ui.forms import run_form
from planner.ui.i18n import _
from planner.ui.linked import LinkedLayer, change, link, show_linked, view
from planner.ui.text import day, plain

_POLL_S = 0.2


def page_of(plugin: Plugin) -> Callable[[], None]:
    """The page function of a plugin, as st.Page wants it."""

    def page() -> None:
        show(plugin)

    page.__name__ = plugin.name.replace("-", "_")
    return page


def show(plugin: Plugin) -> None:
    """Draw the page: the form, and the run named in the address, else the plugin's newest one."""
    page_frame.heading(_(plugin.title), _(plugin.summary.splitlines()[0]))
    run = _chosen_run(plugin)
    _ask(plugin, run)
    if run is None:
        st.info(_("还没有计算过。核对参数后按“开始计算”。"), icon=":material/info:")
    elif run.state in ACTIVE:
        _watch(run.id)
    elif run.state in ("failed", "broken"):
        message = plain(run.message or "")
        st.error(_("这次计算没有完成:{message}").format(message=message), icon=":material/error:")
        _offer_last(plugin)
    else:
        _show_result(plugin, run)


@st.fragment
def _ask(plugin: Plugin, run: Run | None) -> None:
    """The form for another run, which begins as the one on show; it is made when it is opened first.

    From then on it stays while folded: what was typed into it must not be lost.
    """
    told = "new" if run is None else run.id
    made = f"asked-{plugin.name}-{told}"
    box = st.expander(
        _("参数与重新计算"),
        expanded=run is None,
        icon=":material/tune:",
        key=f"ask-{plugin.name}-{told}",
        on_change="rerun",
    )
    st.session_state[made] = box.open or st.session_state.get(made, False)
    if not st.session_state[made]:
        return
    with box:
        asked = run_form(plugin, run, key=f"{plugin.name}-form-{told}")
    if not asked:
        return
    values, options = asked
    try:
        st.query_params["run"] = start_run(session.workspace(), plugin, values, **vars(options), who="本机")
    except PlannerError as error:
        page_frame.tell(error)
        return
    st.rerun()


def address_of(name: str) -> str:
    """Where a plugin's page is: the first plugin's is the start page, which has no name in the address."""
    return "/" if name == next(iter(session.catalogue().plugins)) else f"/{name}"


def _chosen_run(plugin: Plugin) -> Run | None:
    """The run that the address names, else the plugin's newest one; an address that names none is told."""
    workspace = session.workspace()
    if named := st.query_params.get("run"):
        try:
            run = read_run(workspace, named)
        except PlannerError as error:
            page_frame.tell(error)
        else:
            if run.plugin == plugin.name:
                return run
            st.warning(_("地址中的运行不是这个插件的,显示的是这个插件最近的一次"))
    return latest_run(workspace, plugin.name)


@st.fragment(run_every=_POLL_S)
def _watch(run_id: str) -> None:
    """Progress and a stop button; draws the whole page anew when the run has ended, or its process has gone."""
    mark_broken_runs(session.workspace())
    run = read_run(session.workspace(), run_id)
    if run.state not in ACTIVE:
        st.rerun()
    st.progress(run.share or 0.0, text=f"{_(run.doing or '准备中')} …")
    if st.button(_("停止"), icon=":material/stop_circle:", key=f"stop-{run_id}"):
        stop(session.workspace(), run_id)
        st.rerun()


@st.cache_resource(max_entries=6, show_spinner=False)
def _loaded(
    folder: str, run_id: str, made: tuple[str, ...], _plugin: Plugin
) -> tuple[Result, dict[str, LinkedLayer]]:
    """The result of a run and its layers; read again when some of what it `made` has been erased since."""
    result = load_result(session.workspace(), run_id, _plugin.makes)
    frames = {**result.layers, **result.tables}
    return result, {
        layer.name: link(layer, frames[layer.name]) for layer in _plugin.makes if layer.name in frames
    }


def _show_result(plugin: Plugin, run: Run) -> None:
    if run.state == "stopped":
        causes = {"person": "按要求提前停止", "clock": "到达时限", "work": "重放到同样的工作量"}
        cause = _(causes.get(run.cause or "", "提前停止"))
        if run.metrics is None:
            st.warning(_("{cause}:停止前还没有可用的结果").format(cause=cause))
            _offer_last(plugin)
            return
        st.warning(_("{cause}:显示的是停止前最好的结果,不是最终结果").format(cause=cause))
    result, linked = _loaded(str(session.workspace().folder), run.id, tuple(run.tables), plugin)
    area_name = session.tree(run.as_of).nodes[run.area]["name"] if run.area else _("全部")
    st.caption(
        f"{_('截至')} {day(run.as_of)} · {_('区域')} {plain(area_name)} · {_('运行')} {run.id} · "
        + _("用时 {seconds} 秒").format(seconds=f"{run.duration_s or 0:.1f}")
    )
    show_first_cards(plugin, result)
    if not run.tables:
        st.info(_("这次计算的明细已随过期档案清除,只留下指标"), icon=":material/info:")
        show_other_cards(plugin, result)
        return
    _explore(plugin, run, linked)
    show_other_cards(plugin, result)
    _show_notes(result)
    _name_run(run)
    _show_downloads(plugin, run, result)


def _offer_last(plugin: Plugin) -> None:
    """The way back to the newest result, where a run without one stands before it."""
    if last := latest_run(session.workspace(), plugin.name, with_result=True):
        address = f"{address_of(plugin.name)}?run={last.id}"
        st.link_button(_("打开上一次的结果"), address, icon=":material/open_in_new:")


@st.fragment
def _explore(plugin: Plugin, run: Run, linked: Mapping[str, LinkedLayer]) -> None:
    """Drill-down, layer switch, map and tables: what changes here redraws only this part."""
    key = f"{plugin.name}-{run.id}"
    tree = session.tree(run.as_of)
    _choose_area(key, tree, session.full_names(run.as_of), run.area)
    drawable = [name for name, item in linked.items() if item.layer.geometry]
    visible: list[str] = []
    coloured_by: dict[str, str] = {}
    if drawable:
        places = st.columns([3, 2], gap="medium")
        visible = places[0].pills(
            _("图层"),
            drawable,
            selection_mode="multi",
            default=drawable,
            format_func=lambda name: _(linked[name].layer.title),
            key=f"{key}-layers",
        )
        with places[1]:
            coloured_by = {
                name: _choose_colour(key, linked[name]) for name in visible if _colours(linked[name])
            }
    credits_ = page_frame.map_credits(*geodata.credits())
    show_linked(key, linked, visible=list(visible), coloured_by=coloured_by, credits_=credits_, day=run.as_of)


def _colours(item: LinkedLayer) -> list[str]:
    """The figures by which the reader may colour the layer instead; an old result may lack some."""
    return [name for name in item.layer.also_by if name in item.frame]


def _choose_colour(key: str, item: LinkedLayer) -> str:
    """The column by which the layer is coloured: its own, or one of the figures that it offers."""
    layer = item.layer
    return st.segmented_control(
        _("{layer}着色").format(layer=_(layer.title)),
        [str(layer.colour_by), *_colours(item)],
        format_func=lambda name: _(str(layer.columns[name].title)),
        default=str(layer.colour_by),
        required=True,
        key=f"{key}-colour-{layer.name}",
    )


def _choose_area(key: str, tree: nx.DiGraph, names: Mapping[str, str], within: str | None) -> None:
    """County → township → village, one below the other, and a search by name over all of them."""
    area = view(key).area
    columns = st.columns([2, 1, 1, 1])
    search = f"{key}-search"

    def go(code: str | None) -> None:
        change(key, area=code, turn=view(key).turn + 1, focus=None)

    columns[0].selectbox(
        _("查找"),
        [code for code in names if code.startswith(within or "")],
        index=None,
        format_func=names.__getitem__,
        placeholder=_("输入县、乡镇或村名"),
        key=search,
        on_change=lambda: go(st.session_state[search] or area),
    )
    for level, place in zip((Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE), columns[1:], strict=True):
        chosen = ancestor_code(area, level) if area and level_of(area) >= level else None
        options = _below(tree, area, level, within)
        widget = f"{key}-{level.name}-{area}"
        place.selectbox(
            _(level.title),
            [None, *options],
            index=options.index(chosen) + 1 if chosen in options else 0,
            format_func=lambda code: tree.nodes[code]["name"] if code else _("全部"),
            key=widget,
            placeholder=_("全部"),
            disabled=not options,
            on_change=lambda widget=widget, level=level: go(st.session_state[widget] or _above(area, level)),
        )


def _above(area: str | None, level: Level) -> str | None:
    """The area one step up when a level is set back to all."""
    if area is None or level is Level.COUNTY:
        return None
    return ancestor_code(area, Level.COUNTY if level is Level.TOWNSHIP else Level.TOWNSHIP)


def _below(tree: nx.DiGraph, area: str | None, level: Level, within: str | None) -> list[str]:
    if level is Level.COUNTY:
        return [code for code in at_level(tree, Level.COUNTY) if code.startswith(within or "")]
    upper = Level.COUNTY if level is Level.TOWNSHIP else Level.TOWNSHIP
    if area is None or level_of(area) < upper:
        return []
    return children_of(tree, ancestor_code(area, upper))


def _show_notes(result: Result) -> None:
    if result.notes:
        with st.expander(_("说明"), expanded=True, icon=":material/sticky_note_2:"):
            for note in result.notes:
                st.text(_(note))


def _name_run(run: Run) -> None:
    """A name for the run, by which scenarios are spoken of and compared."""
    with st.form(f"name-{run.id}", border=False):
        place, button = st.columns([4, 1], vertical_alignment="bottom")
        name = place.text_input(
            _("方案名称"),
            value=run.name or "",
            max_chars=LONGEST_NAME,
            help=_("起了名称的运行可在“方案对照”里比较"),
        )
        if button.form_submit_button(_("保存名称"), icon=":material/label:", width="stretch"):
            try:
                name_run(session.workspace(), run.id, name)
            except PlannerError as error:
                page_frame.tell(error)
            else:
                st.toast(_("名称已保存"))


def _show_downloads(plugin: Plugin, run: Run, result: Result) -> None:
    stamp = stamp_of(session.workspace(), plugin, run)
    name = f"{plugin.name}-{run.as_of.isoformat()}-{run.id}"
    st.markdown(f"#### {_('下载')}")
    places = st.columns(3)
    places[0].download_button(
        _("Excel 表格"),
        lambda: xlsx_bytes(result, plugin.makes, stamp),
        f"{name}.xlsx",
        mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        icon=":material/table:",
        width="stretch",
        on_click="ignore",
    )
    places[1].download_button(
        _("GeoPackage(QGIS)"),
        lambda: gpkg_bytes(result, plugin.makes, stamp),
        f"{name}.gpkg",
        mime="application/geopackage+sqlite3",
        icon=":material/map:",
        width="stretch",
        on_click="ignore",
    )
    with places[2]:
        for layer in [layer for layer in plugin.makes if layer.name in result.layers]:
            st.download_button(
                f"GeoJSON · {_(layer.title)}",
                _geojson(layer, result, stamp),
                f"{name}-{layer.name}.geojson",
                mime="application/geo+json",
                icon=":material/share_location:",
                width="stretch",
                on_click="ignore",
                key=f"geojson-{layer.name}",
            )


def _geojson(layer: Layer, result: Result, stamp: Stamp) -> Callable[[], bytes]:
    return lambda: geojson_bytes(layer, result.layers[layer.name], stamp)
