"""GeoJSON and GeoPackage as grids: row 0 holds the field names, row n the n-th feature."""

from __future__ import annotations

import json
import warnings
from typing import Any

import pandas as pd
import pyogrio
import pyproj
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from planner.errors import InputError
from planner.ledger.cells import Cell
from planner.ledger.grids import MOST_ROWS, Cells, Grid, nonblank


def read_geojson(content: bytes, name: str) -> Grid:
    """The features of a GeoJSON text with the CRS it names (none where it names none).

    A shape that cannot be read is noted under `broken`. Raises InputError where the text is not GeoJSON.
    """
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise InputError(f"文件“{name}”不是有效的 GeoJSON", "请用 QGIS 等软件重新导出(UTF-8)") from error
    features = document.get("features") if isinstance(document, dict) else None
    if isinstance(document, dict) and document.get("type") == "Feature":
        features = [document]
    if not isinstance(features, list) or not all(isinstance(item, dict) for item in features):
        raise InputError(f"文件“{name}”不是 GeoJSON 要素集合", "请导出为 FeatureCollection")
    properties = [_properties(item) for item in features]
    names = list(dict.fromkeys(key for item in properties for key in item))
    shapes: dict[int, BaseGeometry] = {}
    broken: dict[int, str] = {}
    for number, feature in enumerate(features, start=1):
        if feature.get("geometry") is None:
            continue
        try:
            shapes[number] = shapely.force_2d(shape(feature["geometry"]))
        except Exception as error:  # malformed coordinates make shapely raise almost anything
            broken[number] = f"几何无法读取({type(error).__name__})"
    rows: dict[int, Cells] = {
        number: [item.get(key) for key in names] for number, item in enumerate(properties, start=1)
    }
    return _layer(names, rows, shapes, broken, _declared_crs(document), None)


def read_geopackage(content: bytes, name: str) -> list[Grid]:
    """The layers of a GeoPackage that hold anything. Raises InputError where it is not a GeoPackage."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # GDAL remarks on the file's own metadata
            layers = [str(layer) for layer, _ in pyogrio.list_layers(content)]
            frames = {
                layer: pyogrio.read_dataframe(content, layer=layer, max_features=MOST_ROWS + 1)
                for layer in layers
            }
            crs = {layer: pyogrio.read_info(content, layer=layer)["crs"] for layer in layers}
            grids = [_frame_grid(layer, frame, crs[layer]) for layer, frame in frames.items()]
    except Exception as error:  # GDAL and GEOS raise many kinds for damaged content
        raise InputError(f"文件“{name}”已损坏,或不是 GeoPackage", "请用 QGIS 等软件重新导出") from error
    return [grid for grid in grids if len(grid.rows) > 1]


def _frame_grid(layer: str, frame: pd.DataFrame, crs: str | None) -> Grid:
    shapes: dict[int, BaseGeometry] = {}
    if "geometry" in frame.columns:
        for number, item in enumerate(frame["geometry"], start=1):
            if item is not None:
                shapes[number] = shapely.force_2d(item)
        frame = frame.drop(columns="geometry")
    names = [str(column) for column in frame.columns]
    rows: dict[int, Cells] = {
        number: [_plain(value) for value in values]
        for number, values in enumerate(frame.itertuples(index=False, name=None), start=1)
    }
    return _layer(names, rows, shapes, {}, crs, layer)


def _layer(
    names: list[str],
    rows: dict[int, Cells],
    shapes: dict[int, BaseGeometry],
    broken: dict[int, str],
    crs: str | None,
    sheet: str | None,
) -> Grid:
    kept = nonblank(rows)
    for number in {*shapes, *broken} - set(kept):
        kept[number] = rows[number]
    ordered = {0: list[Cell](names), **dict(sorted(kept.items()))}
    return Grid(ordered, sheet=sheet, lettered=False, shapes=shapes, broken=broken, crs=crs)


def _properties(feature: dict[str, Any]) -> dict[str, Cell]:
    properties = feature.get("properties")
    if not isinstance(properties, dict):
        return {}
    return {
        key: json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else _plain(value)
        for key, value in properties.items()
    }


def _declared_crs(document: dict[str, Any]) -> str | None:
    """The CRS a GeoJSON names in its `crs` member; the shifted Chinese maps write none."""
    declared = document.get("crs")
    properties = declared.get("properties") if isinstance(declared, dict) else None
    named = properties.get("name") if isinstance(properties, dict) else None
    if named is None:
        return None
    try:
        return str(pyproj.CRS.from_user_input(str(named)).to_string())
    except pyproj.exceptions.CRSError:
        return str(named)


def _plain(value: Any) -> Cell:
    if value is None or value is pd.NaT or (isinstance(value, float) and value != value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime().replace(tzinfo=None)
    return value.item() if hasattr(value, "item") else value
