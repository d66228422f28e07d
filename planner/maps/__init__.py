"""The map: folium with local assets only, geometry by address, figures by the page. The only folium."""

from planner.maps.canvas import ASSETS, SelectionGroup, asset_folders, make_map
from planner.maps.escape import escape_html
from planner.maps.geometry import GeometryFile, geometry_file
from planner.maps.style import LegendClass, MapLayer, style_layer

__all__ = [
    "ASSETS",
    "GeometryFile",
    "LegendClass",
    "MapLayer",
    "SelectionGroup",
    "asset_folders",
    "escape_html",
    "geometry_file",
    "make_map",
    "style_layer",
]
