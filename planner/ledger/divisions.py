"""行政区划: codes, names, parents, polygons of counties and townships, points of villages."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import networkx as nx
import shapely
from shapely.geometry import MultiPoint, Point
from shapely.geometry.base import BaseGeometry

from planner.ledger.borders import Borders, borders_of, check_inside, in_metres
from planner.ledger.cells import text
from planner.ledger.points import LON_LAT, locate, place_column
from planner.ledger.tables import Column, Row, Table, read_table
from planner.ledger.tally import CheckedDivisions, Tally
from planner.ledger.uploads import Paper
from planner.model.divisions import Level, level_of
from planner.model.layers import STORE_CRS

COLUMNS = (
    Column("区划代码", ("行政区划代码", "统计用区划代码", "代码", "code"), required=True),
    Column("名称", ("区划名称", "行政区划名称", "name"), required=True),
    Column("上级代码", ("上级区划代码", "父级代码", "上级", "parent"), fills=True),
    *LON_LAT,
)
_WITH_KNOWN_NAMES = tuple(replace(column, required=column.name == "区划代码") for column in COLUMNS)


def read_divisions(
    path: Paper,
    *,
    crs: str | None = None,
    tree: nx.DiGraph | None = None,
    polygons: gpd.GeoDataFrame | None = None,
) -> CheckedDivisions:
    """The divisions of a file, checked: code, name, parent (nullable), origin, geometry (EPSG:4490).

    `crs` names the CRS of the file (WGS84, CGCS2000, GCJ-02, BD-09 or an EPSG code). `tree` holds the
    divisions known already: a parent or a name that the file leaves out is looked up there. `polygons`
    (code, geometry) are county borders known already; those of the file itself go before them.
    Raises LedgerError naming every faulty row, InputError for a faulty file.
    """
    table = read_table(path, _WITH_KNOWN_NAMES if tree else COLUMNS)
    tally = Tally(table)
    shapes = locate(table, tally, crs=crs)
    rows = _read_rows(table, tally, tree)
    parents = _parents(rows, tally, tree)
    geometry = {
        code: _fitting_shape(row, code, shapes.get(row.number), tally) for code, (row, _) in rows.items()
    }
    borders = Borders(
        {
            **borders_of(polygons).polygons,
            **{
                code: in_metres(shape)
                for code, shape in geometry.items()
                if shape is not None and level_of(code) is Level.COUNTY
            },
        }
    )
    for code, (row, _) in rows.items():
        shape = geometry[code]
        if shape is not None and level_of(code) >= Level.COUNTY:
            county = _name(code[: Level.COUNTY], rows, tree)
            inside = shape if isinstance(shape, Point) else shape.representative_point()
            known = (
                borders if level_of(code) > Level.COUNTY else Borders({})
            )  # a border does not prove itself
            check_inside(tally, row.number, place_column(row), inside, code, county, known)
    read, accepted, skipped, notices = tally.counts()
    frame = gpd.GeoDataFrame(
        {
            "code": list(rows),
            "name": [name for _, name in rows.values()],
            "parent": [parents[code] for code in rows],
            "origin": table.file,
        },
        geometry=[geometry[code] for code in rows],
        crs=STORE_CRS,
    ).astype({"code": "str", "name": "str", "parent": "str", "origin": "str"})
    return CheckedDivisions(frame, read, accepted, skipped, notices, table.sha256)


def _read_rows(table: Table, tally: Tally, tree: nx.DiGraph | None) -> dict[str, tuple[Row, str]]:
    """Row and name by code, each code once; a code given twice is skipped if the same, else rejected."""
    rows: dict[str, tuple[Row, str]] = {}
    for row in table.rows:
        if "区划代码" not in row.cells:
            tally.reject(row.number, "区划代码", "没有填写", "请填区划代码")
            continue
        code = tally.read_code(row, "区划代码")
        if code is None:
            continue
        name = tally.read(row, "名称", text)
        if name is None and tree is not None and code in tree and not tally.is_rejected(row.number):
            name = str(tree.nodes[code]["name"])
        elif name is None and not tally.is_rejected(row.number):
            tally.reject(row.number, "名称", "没有填写", "请填区划名称")
        if code not in rows:
            rows[code] = row, name or ""
        elif rows[code][0].cells == row.cells and rows[code][0].shape == row.shape:
            tally.skip(row.number, f"与第{rows[code][0].number}行完全相同,只取一次")
        else:
            first = rows[code][0].number
            tally.reject(row.number, "区划代码", f"“{code}”与第{first}行重复而内容不同", "请只留一行", code)
    return rows


def _parents(
    rows: dict[str, tuple[Row, str]], tally: Tally, tree: nx.DiGraph | None
) -> dict[str, str | None]:
    """The parent of each code: as written, else the nearest code above it that is known.

    Only the top rows of the file may have none. A parent that is not known, or not above, is a fault.
    """
    known = set(rows) | (set(tree.nodes) if tree is not None else set())
    top = min((level_of(code) for code in rows), default=Level.REGION)
    knows_counties = any(len(code) == Level.COUNTY for code in known)
    parents: dict[str, str | None] = {}
    for code, (row, _) in rows.items():
        written = tally.read_code(row, "上级代码")
        above = [code.split("-")[0], *(code[:digits] for digits in (9, 6, 4, 2))]
        below_county = level_of(code) > Level.COUNTY
        derived = next(
            (
                item
                for item in above
                if item in known and item != code and (not below_county or len(item) >= Level.COUNTY)
            ),
            None,
        )
        is_orphan = level_of(code) != top or (below_county and knows_counties)
        parents[code] = written if written in known else derived
        if written is not None and not (code.startswith(written) and code != written):
            fix = f"应为“{derived}”,或更正区划代码" if derived else "上级代码应是本级代码的开头几位"
            tally.reject(row.number, "上级代码", f"“{written}”不是“{code}”的上级", fix, written)
        elif written is not None and written not in known and is_orphan:
            tally.reject(
                row.number, "上级代码", f"上级“{written}”不在区划表中", "请补上该上级一行,或更正代码"
            )
        elif written is None and derived is None and is_orphan:
            tally.reject(
                row.number, "区划代码", f"“{code}”的上级不在区划表中", "请补上它的上级一行,或更正代码", code
            )
        elif parents[code] is None and level_of(code) is not Level.REGION:
            tally.note("上级不在区划表中,按最上一级导入", row.number)
    return parents


def _fitting_shape(row: Row, code: str, shape: BaseGeometry | None, tally: Tally) -> BaseGeometry | None:
    """A point for a village or group, a valid polygon for a township or above; None where there is none."""
    if shape is None:
        return None
    column = place_column(row)
    is_area = shape.geom_type in ("Polygon", "MultiPolygon")
    if isinstance(shape, MultiPoint) and len(shape.geoms) == 1:
        shape = shape.geoms[0]
    if not is_area and not isinstance(shape, Point):
        tally.reject(row.number, column, f"几何是{shape.geom_type},既不是点也不是面", "请给出点或面")
        return None
    if is_area and not shape.is_valid:
        shape = shapely.make_valid(shape, method="structure", keep_collapsed=False)
        if shape.geom_type not in ("Polygon", "MultiPolygon") or shape.is_empty:
            tally.reject(row.number, column, "面无效,且不能修复", "请用 QGIS 的“修正几何图形”处理后重新导出")
            return None
        tally.note("面有自相交等问题,已修复", row.number, column)
    if level_of(code) >= Level.VILLAGE:
        if is_area:
            tally.note("村(居)给的是面,取面内一点作为驻地", row.number, column)
        return shape.representative_point() if is_area else shape
    if not is_area:
        tally.note("乡镇及以上只用面,这里的点没有采用", row.number, column)
    return shape if is_area else None


def _name(code: str, rows: dict[str, tuple[Row, str]], tree: nx.DiGraph | None) -> str:
    if code in rows:
        return rows[code][1]
    return str(tree.nodes[code]["name"]) if tree is not None and code in tree else code
