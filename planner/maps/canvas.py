"""The folium map itself: no address but our own, one canvas, and a script that draws what the page says.

The base map never changes while a page is open, for any change of it would rebuild the frame. Layers,
classes, filters and the chosen feature arrive as a SelectionGroup, which st_folium runs in the standing map.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import folium
from branca.element import MacroElement
from folium.template import Template

from planner.maps.style import MapLayer

ASSETS = "/assets"
Bounds = tuple[tuple[float, float], tuple[float, float]]


class _OfflineMap(folium.Map):
    """A folium map whose scripts and styles come from this server alone."""

    default_js = [  # noqa: RUF012 - folium declares it so
        ("leaflet", f"{ASSETS}/leaflet/leaflet.js"),
        ("planner_map", f"{ASSETS}/map/planner-map.js"),
    ]
    default_css = [  # noqa: RUF012
        ("leaflet_css", f"{ASSETS}/leaflet/leaflet.css"),
        ("planner_map_css", f"{ASSETS}/map/planner-map.css"),
    ]


class _Attach(MacroElement):
    """Hands the finished map to planner-map.js."""

    _template = Template(
        "{% macro script(this, kwargs) %}plannerMap.attach({{ this._parent.get_name() }});{% endmacro %}"
    )


class _Update(MacroElement):
    """Hands what is to be drawn to planner-map.js."""

    _template = Template("{% macro script(this, kwargs) %}plannerMap.update({{ this.state }});{% endmacro %}")

    def __init__(self, state: dict[str, Any]) -> None:
        super().__init__()
        self._name = "Update"
        self.state = script_json(state)


class SelectionGroup(folium.FeatureGroup):
    """What the standing map is to draw: layers from below to above, the chosen feature, where to look.

    `focus` is (layer name, feature code); a new `turn` makes the map go there again although nothing else
    changed. `credits` are lines the map must show. `ground` is the address of outlines with names, drawn beneath
    all: they answer to nothing. Text stays text: the script sets it as such.
    """

    def __init__(
        self,
        layers: Sequence[MapLayer],
        *,
        focus: tuple[str, str] | None = None,
        fit: Bounds | None = None,
        turn: int = 0,
        credits_: Sequence[str] = (),
        ground: str | None = None,
    ) -> None:
        super().__init__(name="selection", control=False)
        state = {
            "layers": [layer.as_json() for layer in layers],
            "focus": focus,
            "fit": fit,
            "turn": turn,
            "credits": list(credits_),
            "ground": ground,
        }
        self.add_child(_Update(state))


def make_map(bounds: Bounds) -> folium.Map:
    """An empty map of the area ((south, west), (north, east)), in degrees; draws no national outline."""
    (south, west), (north, east) = bounds
    canvas = _OfflineMap(
        location=((south + north) / 2, (west + east) / 2),
        zoom_start=7,
        tiles=None,
        max_bounds=False,
        control_scale=False,
        prefer_canvas=True,
        zoom_snap=0.25,
        min_zoom=6,
        maxZoom=16,  # folium ignores max_zoom without tiles
    )
    canvas.add_child(_Attach())
    return canvas


def asset_folders() -> dict[str, Path]:
    """The folders to serve beneath ASSETS: Leaflet as packaged by XStatic, and our own script and style."""
    from xstatic.pkg import leaflet

    return {"leaflet": Path(leaflet.BASE_DIR), "map": Path(__file__).parent / "static"}


def script_json(value: object) -> str:
    """JSON that may stand inside a script: no tag, comment or line separator in it can end the script.

    folium makes a Jinja template of every script, so no brace is left that would open one; `$` and the
    backtick are written so that no template literal runs them.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&`$\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    # Of JSON's own braces none is followed by one of these: such a pair stands inside a text.
    return re.sub(r"\{(?=[{%#])", r"\\u007b", text)
