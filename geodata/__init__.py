"""Ningxia as data: divisions, county borders, the census of 2020, known township seats, and where each is from."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

__all__ = [
    "catalog",
    "credits",
    "path",
    "read_census",
    "read_counties",
    "read_divisions",
    "read_township_points",
]


def path(name: str) -> Path:
    """Where a data file lies, e.g. `path("counties.geojson")`. Raises FileNotFoundError naming those there are."""
    folder = Path(str(files(__name__))) / "ningxia"
    names = sorted(file.name for file in folder.iterdir())
    if name not in names:
        raise FileNotFoundError(f"地理数据中没有“{name}”,现有:{'、'.join(names)}")
    return folder / name


def catalog() -> dict[str, Any]:
    """The catalog: `credits`, and for each file its title, source, licence, date, CRS, sha256, rows, made_by."""
    return tomllib.loads((files(__name__) / "catalog.toml").read_text(encoding="utf-8"))


def credits() -> list[str]:
    """The lines that a page or paper made from these data must show."""
    return list(catalog()["credits"])


def read_divisions() -> pd.DataFrame:
    """Every division: code, name, parent (empty for the region), level, kind; all str, parents first."""
    import pandas as pd

    return pd.read_csv(path("divisions.csv"), dtype=str, keep_default_na=False)


def read_counties() -> gpd.GeoDataFrame:
    """The county borders: code, name, geometry (polygons, lon/lat, EPSG:4490)."""
    import geopandas as gpd

    return gpd.read_file(path("counties.geojson"), columns=["code", "name"])


def read_census() -> pd.DataFrame:
    """Residents at the census of 2020-11-01 by county: code, name (str), population, population_0_14 (int)."""
    import pandas as pd

    return pd.read_csv(path("census_2020.csv"), dtype={"code": str, "name": str})


def read_township_points() -> gpd.GeoDataFrame:
    """The known seats of townships: code, name, geometry (points, lon/lat, EPSG:4490)."""
    import geopandas as gpd
    import pandas as pd

    rows = pd.read_csv(path("township_points.csv"), dtype={"code": str, "name": str})
    points = gpd.points_from_xy(rows["lon"], rows["lat"])
    return gpd.GeoDataFrame(rows[["code", "name"]], geometry=points, crs="EPSG:4490")
