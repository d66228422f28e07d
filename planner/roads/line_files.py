"""Roads out of GeoPackage, GeoJSON and shapefile (loose, in a folder or zipped).

Columns are known by their usual spellings (`words.COLUMNS`). A travel speed in the file goes before the table of
speeds; a speed limit caps it. Lines meet where they share a point to the millimetre, at their ends or within.
"""

from __future__ import annotations

import json
import warnings
import zipfile
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyogrio
import pyproj
import shapely

from planner.errors import InputError
from planner.model.crs import OFFERED, TRUE, canonical_crs, cgcs2000_points, named_crs, to_metres
from planner.model.names import comparable
from planner.roads.lines import Lines, ReadLines
from planner.roads.words import (
    CLASSES,
    NOT_FOR_CARS,
    OTHER_CLASS,
    SURFACES,
    class_of,
    kmh_of,
    known_columns,
    oneway_of,
    surface_of,
)

ACCEPTED = (".osm.pbf", ".osm", ".gpkg", ".geojson", ".json", ".shp", ".zip")
_MOST_UNPACKED = 4 * 1024**3
_INSIDE = (".shp", ".gpkg", ".geojson", ".json")
_LINEAR = ("LineString", "MultiLineString")

NO_LINE, NO_CAR, EMPTY, IMPOSSIBLE = "不是线", "不通机动车", "空几何", "坐标不能转换"


def read_line_file(path: Path, *, crs: str | None = None, name: str | None = None) -> ReadLines:
    """The roads of a file of lines. `crs` names its coordinate system and goes before what the file says.

    Raises InputError for a file that cannot be read, holds no lines, or does not name a CRS.
    """
    name = name or path.name
    named = None if crs is None else named_crs(crs)
    counts: Counter[str] = Counter()
    notices: list[str] = []
    parts = [
        _line_frame(frame, named or _own_crs(frame, name), counts, notices) for frame in _frames(path, name)
    ]
    if not any(len(part) for part in parts):
        told = "、".join(f"{reason} {number}" for reason, number in counts.items())
        raise InputError(
            f"文件“{name}”里没有可用的道路线({told or '没有要素'})",
            "请核对坐标系,以及经度、纬度是否颠倒"
            if counts[IMPOSSIBLE]
            else "请导出线状(LineString)的道路图层",
        )
    table = pd.concat([part for part in parts if len(part)], ignore_index=True)
    accepted = int(table.groupby("source").ngroups)
    return ReadLines(_lines(table), accepted + counts.total(), accepted, dict(counts), tuple(notices))


def _frames(path: Path, name: str) -> list[gpd.GeoDataFrame]:
    """The layers that have geometry: of a folder or a zip those of all files inside."""
    if path.is_dir():
        files = [item for item in sorted(path.rglob("*")) if item.suffix.lower() in _INSIDE]
        return [frame for item in files for frame in _frames(item, name)]
    if path.suffix.lower() == ".zip":
        with TemporaryDirectory() as folder:
            _unpack(path, Path(folder), name)
            return _frames(Path(folder), name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # GDAL remarks on the file's own metadata
            layers = [str(layer) for layer, geometry in pyogrio.list_layers(path) if geometry is not None]
            return [_with_own_crs(_frame(path, layer), path) for layer in layers]
    except Exception as error:  # GDAL and GEOS raise many kinds for damaged content
        raise InputError(
            f"文件“{name}”已损坏,或不是可读的地理数据", f"可用的格式:{'、'.join(ACCEPTED)};请用 QGIS 重新导出"
        ) from error


def _frame(path: Path, layer: str) -> gpd.GeoDataFrame:
    """A layer; a shapefile without an encoding, or with a wrong one, is read as UTF-8 or else as GB18030."""
    if path.suffix.lower() != ".shp":
        return pyogrio.read_dataframe(path, layer=layer)
    named = path.with_suffix(".cpg").exists()
    try:
        return pyogrio.read_dataframe(path, layer=layer, encoding=None if named else "utf-8")
    except UnicodeDecodeError:
        return pyogrio.read_dataframe(path, layer=layer, encoding="gb18030")


def _unpack(path: Path, folder: Path, name: str) -> None:
    """Unpack a zip. Raises InputError where it is none, or too large inside."""
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(item.file_size for item in archive.infolist()) > _MOST_UNPACKED:
                raise InputError(f"文件“{name}”解开后超过4GB,没有读取", "请裁剪到本县范围后再试")
            archive.extractall(folder)
    except (OSError, zipfile.BadZipFile, RuntimeError) as error:
        raise InputError(
            f"文件“{name}”不是有效的 zip", "请把 .shp、.shx、.dbf、.prj 一起压缩(不设密码)后再试"
        ) from error


def _with_own_crs(frame: gpd.GeoDataFrame, path: Path) -> gpd.GeoDataFrame:
    """The frame with the CRS that the file names. A GeoJSON that names none may be in a shifted one of web maps."""
    if path.suffix.lower() in (".geojson", ".json") and not _says_crs(path):
        return frame.set_crs(None, allow_override=True)
    return frame


def _own_crs(frame: gpd.GeoDataFrame, name: str) -> str:
    missing = InputError(f"文件“{name}”没有说明坐标系", f"请用 --crs 指定({OFFERED})")
    if frame.crs is None:
        raise missing
    try:
        return canonical_crs(frame.crs.to_string())
    except pyproj.exceptions.CRSError:
        raise missing from None


def _says_crs(path: Path) -> bool:
    """Whether a GeoJSON names a CRS. Of a name that GDAL does not know it takes the points for WGS84: that is none."""
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError):
        return False
    said = document.get("crs") if isinstance(document, dict) else None
    named = said.get("properties", {}).get("name") if isinstance(said, dict) else None
    try:
        return said is not None and (named is None or bool(pyproj.CRS.from_user_input(named)))
    except pyproj.exceptions.CRSError:
        return False


def _line_frame(
    frame: gpd.GeoDataFrame, crs: str, counts: Counter[str], notices: list[str]
) -> gpd.GeoDataFrame:
    """One row per single line in EPSG:4544: source, geometry, road_class, surface, oneway, speed, limit, name."""
    columns = known_columns([column for column in frame.columns if column != "geometry"])
    shapes = frame.geometry
    missing = (shapes.isna() | shapes.is_empty).to_numpy()
    linear = shapes.geom_type.isin(_LINEAR).to_numpy()
    words = (
        frame[columns["class"]] if "class" in columns else pd.Series(None, index=frame.index, dtype=object)
    )
    on_foot = np.array([comparable(str(word)) in NOT_FOR_CARS for word in words], dtype=bool)
    kept = linear & ~missing & ~on_foot
    counts[EMPTY] += int(missing.sum())
    counts[NO_LINE] += int((~missing & ~linear).sum())
    counts[NO_CAR] += int((~missing & linear & on_foot).sum())

    metres = shapely.transform(shapely.force_2d(shapes.to_numpy()[kept]), lambda points: _metres(points, crs))
    points, of = shapely.get_coordinates(metres, return_index=True)
    possible = np.ones(len(metres), dtype=bool)
    possible[of[~np.isfinite(points).all(axis=1)]] = False
    counts[IMPOSSIBLE] += int((~possible).sum())
    rows = np.flatnonzero(kept)[possible]
    for reason in [reason for reason, number in counts.items() if not number]:
        del counts[reason]

    def cells(key: str) -> list[Any]:
        return [None] * len(rows) if key not in columns else frame[columns[key]].iloc[rows].tolist()

    classes = [class_of(word) for word in cells("class")]
    if unknown := sum(item is None for item in classes):
        where = f"“{columns['class']}”列认不出等级" if "class" in columns else "没有等级列"
        notices.append(f"{unknown}条道路{where},按{CLASSES[OTHER_CLASS]}计速")
    marks = cells("oneway")
    letters = any(str(mark).strip().upper() == "B" for mark in marks)
    table = gpd.GeoDataFrame(
        {
            "source": [f"{id(frame)}-{row}" for row in rows],
            "road_class": [list(CLASSES).index(item or OTHER_CLASS) for item in classes],
            "surface": [list(SURFACES).index(surface_of(item)) for item in cells("surface")],
            "oneway": [oneway_of(mark, letters=letters) for mark in marks],
            "speed": np.array([kmh_of(item) for item in cells("speed")], dtype=float),
            "limit": np.array([kmh_of(item) for item in cells("maxspeed")], dtype=float),
            "name": pd.Series(
                [None if item is None or item != item else str(item) for item in cells("name")], dtype=object
            ),
        },
        geometry=metres[possible],
    )
    return table.explode(ignore_index=True)


def _metres(points: npt.NDArray[np.float64], crs: str) -> npt.NDArray[np.float64]:
    degrees = points if crs == TRUE else cgcs2000_points(points, crs)
    return np.column_stack(to_metres().transform(degrees[:, 0], degrees[:, 1]))


def _lines(table: gpd.GeoDataFrame) -> Lines:
    shapes = table.geometry.to_numpy().copy()
    against = table["oneway"].to_numpy() < 0
    shapes[against] = shapely.reverse(shapes[against])
    points = shapely.get_coordinates(shapes)
    _, vertex = np.unique(np.round(points, 3) @ (1, 1j), return_inverse=True)
    return Lines(
        starts=np.concatenate([[0], np.cumsum(shapely.get_num_coordinates(shapes))]).astype(np.int64),
        points_m=points,
        vertex=vertex.astype(np.int64),
        road_class=table["road_class"].to_numpy(dtype=np.int8),
        surface=table["surface"].to_numpy(dtype=np.int8),
        oneway=table["oneway"].to_numpy() != 0,
        speed_kmh=table["speed"].to_numpy(dtype=float),
        limit_kmh=table["limit"].to_numpy(dtype=float),
        name=table["name"].to_numpy(dtype=object),
    )
