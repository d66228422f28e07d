"""GeoPackage: every layer and table of a result in one file that opens in QGIS, explained inside itself."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyogrio
import shapely

from planner.documents.cells import Plain, column_names, columns_of, finite, text_of
from planner.documents.geojson import export_geometry
from planner.documents.names import distinct_names
from planner.documents.stamp import Stamp, explanation
from planner.model.layers import EXPORT_CRS, Layer
from planner.plugin import Result

EXPLANATION = "说明"
DICTIONARY = "字段说明"
_SHAPES = {
    "point": ("Point", "MultiPoint"),
    "line": ("LineString", "MultiLineString"),
    "polygon": ("Polygon", "MultiPolygon"),
}
# OGC 12-128r15 (GeoPackage 1.3), annex F.9 "Schema": titles and descriptions of columns.
_SCHEMA_EXTENSION = """
CREATE TABLE IF NOT EXISTS gpkg_extensions (
    table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL,
    scope TEXT NOT NULL, CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
CREATE TABLE gpkg_data_columns (
    table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT,
    mime_type TEXT, constraint_name TEXT,
    CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name), CONSTRAINT gdc_tn UNIQUE (table_name, name));
CREATE TABLE gpkg_data_column_constraints (
    constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT, min NUMERIC,
    min_is_inclusive BOOLEAN, max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
    CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value));
INSERT INTO gpkg_extensions VALUES
    ('gpkg_data_columns', NULL, 'gpkg_schema', 'http://www.geopackage.org/spec/#extension_schema', 'read-write'),
    ('gpkg_data_column_constraints', NULL, 'gpkg_schema', 'http://www.geopackage.org/spec/#extension_schema',
     'read-write');
"""


def gpkg_bytes(result: Result, makes: Sequence[Layer], stamp: Stamp) -> bytes:
    """The result as one GeoPackage in EPSG:4326: layers, plain tables, 说明 and 字段说明.

    Tables are named after the layers and keep the schema's column names; the Chinese titles stand beside
    them as the columns' alternative names. The same result and stamp give the same bytes.
    """
    made = {layer.name: layer for layer in makes}
    frames = {**result.layers, **result.tables}
    tables = distinct_names(frames, taken=(EXPLANATION, DICTIONARY))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "result.gpkg"
        for name, frame in frames.items():
            _write_frame(path, tables[name], made[name], frame)
        _write_table(path, DICTIONARY, "各字段的中文名称", _dictionary(frames, made, tables))
        _write_table(path, EXPLANATION, "来源、参数、指标与说明", _explanation(result, made, stamp))
        _write_titles(path, frames, made, tables, stamp)
        return _compacted(path)


def _write_frame(path: Path, table: str, layer: Layer, frame: pd.DataFrame) -> None:
    arrays = {
        name: _array([finite(value) for value in values], layer.columns[name].dtype)
        for name, values in columns_of(layer, frame).items()
    }
    if layer.geometry is None:
        _write_arrow(path, table, pa.table(arrays), layer.title, layer.description)
        return
    geometries = export_geometry(frame)
    geometry_name = _free_name("geom", arrays)
    arrays[geometry_name] = pa.array(shapely.to_wkb(geometries), type=pa.binary())
    _write_arrow(
        path,
        table,
        pa.table(arrays),
        layer.title,
        layer.description,
        geometry_name=geometry_name,
        geometry_type=_geometry_type(layer, geometries),
        crs=EXPORT_CRS,
    )


def _write_arrow(
    path: Path, table: str, rows: pa.Table, title: str, description: str, **geometry: Any
) -> None:
    pyogrio.write_arrow(
        rows,
        path,
        layer=table,
        driver="GPKG",
        layer_options={
            "IDENTIFIER": f"{title}({table})",
            "DESCRIPTION": description,
            "FID": _free_name("fid", rows.column_names),
            **({"GEOMETRY_NAME": geometry["geometry_name"]} if geometry else {}),
        },
        **geometry,
    )


def _write_table(path: Path, table: str, description: str, columns: Mapping[str, list[str]]) -> None:
    rows = pa.table({name: pa.array(values, type=pa.string()) for name, values in columns.items()})
    _write_arrow(path, table, rows, table, description)


def _array(values: list[Plain], declared: Any) -> pa.Array:
    """The values in the narrowest type that holds them all; a column without any takes the declared one."""
    kinds = {type(value) for value in values if value is not None}
    if not kinds:
        return pa.array(values, type=_declared_type(declared))
    if kinds == {bool}:
        return pa.array(values, type=pa.bool_())
    if kinds == {int}:
        return pa.array(values, type=pa.int64())
    if kinds <= {int, float}:
        return pa.array([None if value is None else float(value) for value in values], type=pa.float64())  # type: ignore[arg-type]
    if kinds == {date}:
        return pa.array(values, type=pa.date32())
    if kinds <= {date, datetime}:
        return pa.array([_moment(value) for value in values], type=pa.timestamp("ms"))
    return pa.array([None if value is None else text_of(value) for value in values], type=pa.string())


def _declared_type(declared: Any) -> pa.DataType:
    dtype: Any = getattr(declared, "type", None)
    if pd.api.types.is_bool_dtype(dtype):
        return pa.bool_()
    if pd.api.types.is_integer_dtype(dtype):
        return pa.int64()
    if pd.api.types.is_float_dtype(dtype):
        return pa.float64()
    return pa.date32() if pd.api.types.is_datetime64_any_dtype(dtype) else pa.string()


def _moment(value: Plain) -> Plain:
    """A day as its midnight, so that days and moments fit one column."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day)
    return value


def _geometry_type(layer: Layer, geometries: Iterable[Any]) -> str:
    if layer.geometry not in _SHAPES:
        return "Unknown"
    single, multi = _SHAPES[layer.geometry]
    kinds = {geometry.geom_type for geometry in geometries if geometry is not None}
    if kinds <= {single}:
        return single
    return multi if kinds <= {multi} else "Unknown"


def _free_name(wanted: str, taken: Iterable[str]) -> str:
    lowered = {name.lower() for name in taken}
    while wanted in lowered:
        wanted += "_"
    return wanted


def _dictionary(
    frames: Mapping[str, pd.DataFrame], made: Mapping[str, Layer], tables: Mapping[str, str]
) -> dict[str, list[str]]:
    rows = [
        (
            tables[name],
            made[name].title,
            column,
            str(made[name].columns[column].title),
            made[name].unit_of(column),
        )
        for name, frame in frames.items()
        for column in column_names(made[name], frame)
    ]
    titles = ("图层", "图层名称", "字段", "字段名称", "单位")
    return {title: [row[position] for row in rows] for position, title in enumerate(titles)}


def _explanation(result: Result, made: Mapping[str, Layer], stamp: Stamp) -> dict[str, list[str]]:
    lines = list(explanation(result, made, stamp))
    return {
        "类别": [line.section for line in lines],
        "名称": [line.name for line in lines],
        "值": [text_of(line.value) for line in lines],
        "单位": [line.unit for line in lines],
        "备注": [line.remark for line in lines],
    }


def _write_titles(
    path: Path,
    frames: Mapping[str, pd.DataFrame],
    made: Mapping[str, Layer],
    tables: Mapping[str, str],
    stamp: Stamp,
) -> None:
    """Name the columns in Chinese, and date the file by its data instead of by the clock."""
    changed = (stamp.known_at or datetime(stamp.as_of.year, stamp.as_of.month, stamp.as_of.day)).strftime(
        "%Y-%m-%dT%H:%M:%S.000Z"
    )
    with closing(sqlite3.connect(path)) as database, database:
        database.executescript(_SCHEMA_EXTENSION)
        for name, frame in frames.items():
            columns = column_names(made[name], frame)
            titles = [str(made[name].columns[column].title) for column in columns]
            rows = [
                (
                    tables[name],
                    column,
                    title if titles.count(title) == 1 else f"{title}({column})",
                    title,
                    made[name].title_of(column),
                )
                for column, title in zip(columns, titles, strict=True)
            ]
            database.executemany(
                "INSERT INTO gpkg_data_columns (table_name, column_name, name, title, description)"
                " VALUES (?, ?, ?, ?, ?)",
                rows,
            )
        database.execute("UPDATE gpkg_contents SET last_change = ?", (changed,))


def _compacted(path: Path) -> bytes:
    """The database written anew: how often its pages were written on the way leaves no trace."""
    anew = path.with_name("anew.gpkg")
    with closing(sqlite3.connect(path)) as database:
        database.execute("VACUUM INTO ?", (str(anew),))
    return anew.read_bytes()
