"""What is true in the demo: the divisions of Ningxia, the borders of its counties, its census."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd
from shapely.geometry.base import BaseGeometry

import geodata
from planner.model.divisions import Level, ancestor_code
from planner.model.layers import STORE_CRS


@dataclass(frozen=True, eq=False)
class Region:
    """The true facts: `divisions` (code, name, parent, origin; by code), county `borders` (EPSG:4490) and
    children aged 0–14 in the `census` by county code, known `seats` of townships (EPSG:4490) by code.
    """

    divisions: pd.DataFrame
    borders: Mapping[str, BaseGeometry]
    census: Mapping[str, int]
    seats: gpd.GeoSeries

    @property
    def names(self) -> dict[str, str]:
        """The name of every division by its code."""
        return dict(zip(self.divisions["code"], self.divisions["name"], strict=True))

    @property
    def counties(self) -> list[str]:
        """The codes of all counties, sorted."""
        return self.divisions["code"][self._digits() == Level.COUNTY].tolist()

    def below(self, county: str) -> pd.DataFrame:
        """The townships and villages of a county: code, name, parent."""
        inside = self.divisions["code"].str.startswith(county) & (self._digits() > Level.COUNTY)
        return self.divisions.loc[inside, ["code", "name", "parent"]]

    def down_to(self, counties: Sequence[str]) -> gpd.GeoDataFrame:
        """The rows of the counties and of what they lie in, with the county borders (EPSG:4490)."""
        wanted = {ancestor_code(code, level) for code in counties for level in _DOWN_TO_COUNTY}
        rows = self.divisions[self.divisions["code"].isin(wanted)]
        borders = [self.borders.get(code) for code in rows["code"]]
        return gpd.GeoDataFrame(rows, geometry=borders, crs=STORE_CRS)

    def _digits(self) -> pd.Series:
        return self.divisions["code"].str.len()


# The counties and what holds them; their codes, names and borders are true (see geodata/catalog.toml).
_ORIGIN = "统计用区划代码2023"
_DOWN_TO_COUNTY = (Level.REGION, Level.PREFECTURE, Level.COUNTY)


def read_region() -> Region:
    """The facts out of the package `geodata`."""
    divisions = geodata.read_divisions().sort_values("code", ignore_index=True)
    parent = divisions["parent"].where(divisions["parent"] != "")
    divisions = divisions[["code", "name"]].assign(parent=parent, origin=_ORIGIN)
    counties = geodata.read_counties().set_index("code").geometry
    census = geodata.read_census().set_index("code")["population_0_14"]
    return Region(
        divisions,
        counties.to_dict(),
        {str(code): int(children) for code, children in census.items()},
        geodata.read_township_points().set_index("code").geometry,
    )
