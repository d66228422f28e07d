"""What people print or open elsewhere: GeoJSON, GeoPackage, xlsx; each says where it comes from."""

from planner.documents.folder import write_result
from planner.documents.geojson import geojson_bytes
from planner.documents.geopackage import gpkg_bytes
from planner.documents.stamp import DEMO_NOTICE, NOTICE, Mark, Stamp, param_titles
from planner.documents.workbook import xlsx_bytes

__all__ = [
    "DEMO_NOTICE",
    "NOTICE",
    "Mark",
    "Stamp",
    "geojson_bytes",
    "gpkg_bytes",
    "param_titles",
    "write_result",
    "xlsx_bytes",
]
