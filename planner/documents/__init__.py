"""What people print or open elsewhere: GeoJSON, GeoPackage, xlsx, PDF; each says where it comes from."""

from planner.documents.duty_scenarios import compare_duties
from planner.documents.folder import write_result
from planner.documents.gap_report import Coverage, gap_report_pdf, gap_report_xlsx
from planner.documents.geojson import geojson_bytes
from planner.documents.geopackage import gpkg_bytes
from planner.documents.scenarios import Scenario, compare
from planner.documents.stamp import DEMO_NOTICE, NOTICE, Mark, Stamp, param_titles
from planner.documents.workbook import xlsx_bytes

__all__ = [
    "DEMO_NOTICE",
    "NOTICE",
    "Coverage",
    "Mark",
    "Scenario",
    "Stamp",
    "compare",
    "compare_duties",
    "gap_report_pdf",
    "gap_report_xlsx",
    "geojson_bytes",
    "gpkg_bytes",
    "param_titles",
    "write_result",
    "xlsx_bytes",
]
