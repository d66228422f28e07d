"""A map and its tables, linked: choose a row and the map goes there, click the map and the row is chosen.

The map is drawn once and never rebuilt: filters, classes and the chosen feature are handed to the standing
map. What is chosen is kept in one place, a `View` of the session.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st
from streamlit_folium import st_folium

from planner.maps import GeometryFile, MapLayer, SelectionGroup, geometry_file, make_map, style_layer
from planner.model.divisions import Level, is_code
from planner.model.layers import EXPORT_CRS, Layer
from planner.ui import session, shapes
from planner.ui.charts import show_chart
from planner.ui.i18n import _
from planner.ui.network_tree import chain_address
from planner.ui.tables import display_frame

_MAP_HEIGHT = 620
_TABLE_HEIGHT = 400
_TABLE_BELOW_CHART = 220
_CLASSES_LISTED = 16
_NINGXIA = ((35.2, 104.2), (39.5, 107.7))


@dataclass(frozen=True)
class View:
    """What the reader looks at: an area, the chosen feature (layer, code), the table on show.

    `turn` grows with every wish to move the map, so that the same wish can be made twice; `pinned` is the
    feature last clicked on the map, whose row stands first so that it is in sight.
    """

    area: str | None = None
    focus: tuple[str, str] | None = None
    table: str | None = None
    turn: int = 1
    pinned: str | None = None


@dataclass(frozen=True)
class LinkedLayer:
    """A layer with its frame (EPSG:4544 where it has geometry), and its shapes ready for the map.

    `boxes` are west, south, east and north of each feature in degrees, shape (n, 4); NaN without a place.
    """

    layer: Layer
    frame: pd.DataFrame
    file: GeometryFile | None = None
    codes: tuple[str, ...] = field(default=(), repr=False)
    boxes: npt.NDArray[np.float64] | None = field(default=None, repr=False)


def link(layer: Layer, frame: pd.DataFrame) -> LinkedLayer:
    """Prepare a layer for showing; do it once per result and keep it."""
    codes = (
        tuple(frame[list(layer.key)].astype(str).agg("|".join, axis=1)) if layer.key and len(frame) else ()
    )
    if layer.geometry is None:
        return LinkedLayer(layer, frame, codes=codes)
    shapes = gpd.GeoDataFrame(frame)
    boxes = shapes.geometry.to_crs(EXPORT_CRS).bounds.to_numpy()
    return LinkedLayer(layer, frame, geometry_file(layer, shapes), codes, boxes)


def view(key: str) -> View:
    """The view kept under `key` in this session."""
    return st.session_state.setdefault(f"{key}-view", View())


def change(key: str, **changes: object) -> None:
    """Change the view kept under `key`."""
    st.session_state[f"{key}-view"] = replace(view(key), **changes)  # type: ignore[arg-type]


def show_linked(
    key: str,
    linked: Mapping[str, LinkedLayer],
    *,
    visible: list[str],
    coloured_by: Mapping[str, str],
    credits_: list[str],
    day: date | None = None,
) -> None:
    """The map of the visible layers beside one table at a time of all of them.

    `coloured_by` names the column that colours a layer, where it is not the layer's own. `day` is the one of which
    they speak: where no areas are drawn, the counties of that day are the ground.
    """
    left, right = st.columns([3, 2], gap="medium")
    with left:
        _show_map(key, linked, visible, coloured_by, credits_, day)
    with right:
        _show_table(key, linked, day)


def in_area(item: LinkedLayer, area: str | None) -> pd.Series:
    """Which rows lie in `area`: those whose code, or whose village's, township's or county's code, begins so."""
    everything = pd.Series(True, index=item.frame.index)
    if area is None:
        return everything
    column = _area_column(item)
    return everything if column is None else item.frame[column].astype(str).str.startswith(area)


def _area_column(item: LinkedLayer) -> str | None:
    """The column that says where a row lies."""
    return next((name for name in ("code", "village", "county") if name in item.frame), None)


def _show_map(
    key: str,
    linked: Mapping[str, LinkedLayer],
    visible: list[str],
    coloured_by: Mapping[str, str],
    credits_: list[str],
    day: date | None,
) -> None:
    now = view(key)
    has_areas = any(
        item.layer.geometry == "polygon" and "code" in item.frame for item in map(linked.__getitem__, visible)
    )
    ground = None if has_areas or day is None else session.ground(day)
    drawn = [_map_layer(linked[name], now.area, coloured_by.get(name)) for name in linked if name in visible]
    st_folium(
        make_map(_fit(linked, None) or _NINGXIA),
        key=f"{key}-map",
        height=_MAP_HEIGHT,
        use_container_width=True,
        returned_objects=["last_active_drawing"],
        feature_group_to_add=SelectionGroup(
            drawn,
            focus=now.focus,
            fit=_fit(linked, now.area),
            turn=now.turn,
            credits_=credits_,
            ground=None if ground is None else shapes.publish(ground),
        ),
        on_change=_on_map_click(key, linked),
    )


def _map_layer(item: LinkedLayer, area: str | None, colour_by: str | None = None) -> MapLayer:
    layer, file = item.layer, item.file
    if colour_by is not None:
        layer = layer.coloured_by(colour_by)
    if file is None:
        raise ValueError(f"{layer.name} has no geometry")
    legend = str(layer.columns[layer.colour_by].title) if layer.colour_by else layer.title
    styled = style_layer(
        layer,
        gpd.GeoDataFrame(item.frame),
        title=_(layer.title),
        legend_title=_(legend),
        shown=in_area(item, area) if layer.geometry == "point" else None,
        translate=_,
    )
    kinds = [item for item in styled.classes if item.count and item.label != "—"]
    if len(kinds) > _CLASSES_LISTED:
        note = _("{n}种,相邻的不同色;移到点上看名称").format(n=len(kinds))
        styled = replace(styled, note=note)
    if file.inline:
        return replace(styled, inline=file.content.decode())
    return replace(styled, address=shapes.publish(file))


def _fit(
    linked: Mapping[str, LinkedLayer], area: str | None
) -> tuple[tuple[float, float], tuple[float, float]] | None:
    """Where to look for an area: the bounds of the features in it, in degrees."""
    boxes = [item.boxes[in_area(item, area).to_numpy()] for item in linked.values() if item.boxes is not None]
    inside = np.concatenate([np.empty((0, 4)), *boxes])
    inside = inside[~np.isnan(inside).any(axis=1)]
    if not len(inside):
        return None
    west, south = inside[:, :2].min(axis=0).tolist()
    east, north = inside[:, 2:].max(axis=0).tolist()
    return (south, west), (north, east)


def _on_map_click(key: str, linked: Mapping[str, LinkedLayer]) -> Callable[[], None]:
    def choose() -> None:
        picked = (st.session_state.get(f"{key}-map") or {}).get("last_active_drawing")
        if not picked or picked.get("layer") not in linked:
            return
        name, code = picked["layer"], picked["code"]
        change(key, focus=(name, code), pinned=code)
        st.session_state[f"{key}-table"] = name
        shown = _row_order(linked[name], view(key))
        st.session_state[_rows_key(key, name)] = {
            "selection": {
                "rows": [0] if shown and linked[name].codes[shown[0]] == code else [],
                "columns": [],
            }
        }

    return choose


def _rows_key(key: str, name: str) -> str:
    """The table's key: other rows, or another order, are another table, so that row numbers keep their sense."""
    now = view(key)
    return f"{key}-rows-{name}-{now.area}-{now.pinned}"


def _row_order(item: LinkedLayer, now: View) -> list[int]:
    """The positions of the rows in the area, the pinned one first; else of those that hold the area."""
    positions = [position for position, inside in enumerate(in_area(item, now.area)) if inside]
    if not positions and now.area:
        column = _area_column(item)
        codes = item.frame[column].astype(str) if column else ()
        positions = [position for position, code in enumerate(codes) if now.area.startswith(code)]
    if now.pinned in item.codes:
        pinned = item.codes.index(now.pinned)
        positions.sort(key=lambda position: position != pinned)
    return positions


def _show_table(key: str, linked: Mapping[str, LinkedLayer], day: date | None) -> None:
    name = st.segmented_control(
        _("表"),
        list(linked),
        format_func=lambda name: _(linked[name].layer.title),
        default=None if f"{key}-table" in st.session_state else next(iter(linked)),
        required=True,
        key=f"{key}-table",
        label_visibility="collapsed",
    )
    item = linked[name or next(iter(linked))]
    positions = _row_order(item, view(key))
    rows_key = _rows_key(key, item.layer.name)

    def choose() -> None:
        selected = st.session_state[rows_key]["selection"]["rows"]
        focus = (item.layer.name, item.codes[positions[selected[0]]]) if selected else None
        change(key, focus=focus, turn=view(key).turn + 1)

    show_chart(item.layer, item.frame.iloc[positions], key=f"{key}-chart-{item.layer.name}")
    st.dataframe(
        display_frame(item.layer, item.frame.iloc[positions]),
        hide_index=True,
        height=_TABLE_BELOW_CHART if item.layer.chart else _TABLE_HEIGHT,
        key=rows_key,
        on_select=choose if item.layer.geometry and item.codes else "ignore",
        selection_mode="single-row",
        placeholder="",
        alt=_(item.layer.title),
    )
    st.caption(_("{shown} 行,共 {total} 行").format(shown=len(positions), total=len(item.frame)))
    _show_chosen(key, linked, day)


def _show_chosen(key: str, linked: Mapping[str, LinkedLayer], day: date | None) -> None:
    """The chosen feature in full, and the way down into it."""
    focus = view(key).focus
    if focus is None or focus[0] not in linked or focus[1] not in linked[focus[0]].codes:
        return
    item = linked[focus[0]]
    row = display_frame(item.layer, item.frame.iloc[[item.codes.index(focus[1])]]).iloc[0]
    with st.container(border=True, key=f"{key}-chosen"):
        facts = [
            f"{title} {value}" for title, value in row.items() if pd.notna(value) and title and value != ""
        ]
        st.text("  ·  ".join(facts))
        if is_code(focus[1]) and len(focus[1]) >= Level.TOWNSHIP:
            st.link_button(_("谁负责"), chain_address(focus[1], day), icon=":material/account_tree:")
