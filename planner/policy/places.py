"""Where demand and supply stand: villages with their children, the institutions that operate on a day.

Shared by the plugins that measure reach and by those that choose sites. Points are in metres (EPSG:4544).
"""

from __future__ import annotations

from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from planner.model.divisions import Level, ancestor_code
from planner.model.institutions import InstitutionState, split_list, states_on
from planner.model.layers import METRIC_CRS
from planner.policy.indicators import openings

Floats = npt.NDArray[np.float64]


def find_villages(divisions: gpd.GeoDataFrame, demand: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """All villages with their children: code, name, township, county (codes and names), children, listed.

    A village that has demand but is not among the divisions is kept, named by its code, `listed` False.
    The point is the division's, else the demand's; an outline gives a point inside it.
    """
    named = divisions.set_index("code")
    children = demand.groupby("village")["children"].sum()
    listed = sorted(named.index[named["level"] == Level.VILLAGE])
    codes = pd.Index([*listed, *sorted(set(children.index) - set(listed))], dtype="str")
    parents = named["parent"].dropna()
    township, county = (_holder(codes, parents, level) for level in (Level.TOWNSHIP, Level.COUNTY))
    fallback = demand[demand.geometry.notna()].drop_duplicates("village").set_index("village").geometry
    points = points_of(named.geometry.reindex(codes).to_numpy())
    spare = points_of(fallback.reindex(codes).to_numpy())
    return gpd.GeoDataFrame(
        {
            "code": codes,
            "name": named["name"].reindex(codes).fillna(pd.Series(codes, index=codes)).to_numpy(),
            "township": township,
            "township_name": named["name"].reindex(township).to_numpy(),
            "county": county,
            "county_name": named["name"].reindex(county).to_numpy(),
            "children": children.reindex(codes, fill_value=0).to_numpy(dtype=np.int64),
            "listed": codes.isin(listed),
        },
        geometry=np.where(shapely.is_missing(points), spare, points),
        crs=METRIC_CRS,
    )


def select_sites(
    institutions: gpd.GeoDataFrame, states: pd.DataFrame, *, kind: str, service: str | None, as_of: date
) -> gpd.GeoDataFrame:
    """The institutions of the kind, by id, with their state and planned opening on `as_of`.

    `operating`: 运营 and offering the service (any, where None); `counted`: of these the ones with a point.
    """
    sites = institutions[institutions["kind"] == str(kind)].sort_values("id", ignore_index=True)
    sites["state"] = states_on(states, as_of)["state"].reindex(sites["id"]).to_numpy()
    sites["planned_opening"] = openings(states, as_of).reindex(sites["id"]).to_numpy()
    sites["offers"] = np.array(
        [service is None or service in _services(text) for text in sites["services"]], dtype=bool
    )
    sites["operating"] = (sites["state"] == InstitutionState.OPERATING) & sites["offers"]
    points = points_of(sites.geometry.to_numpy())
    sites["counted"] = sites["operating"] & ~shapely.is_missing(points)
    return sites.set_geometry(gpd.GeoSeries(points, index=sites.index, crs=METRIC_CRS))


def _holder(codes: pd.Index, parents: pd.Series, level: Level) -> npt.NDArray[np.object_]:
    """The code of the division of `level` above each code: by the tree, by the digits where it is silent."""
    at = pd.Series(codes, index=codes)
    for _ in Level:
        at = at.where(at.str.len() <= level, at.map(parents))
    by_digits = [ancestor_code(code, level) for code in codes[at.str.len() != level]]
    at[at.str.len() != level] = by_digits
    return at.to_numpy(dtype=object)


def _services(text: Any) -> tuple[str, ...]:
    return split_list(text if isinstance(text, str) else None)


def points_of(shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Each shape as a point: itself, or a point inside it; None for a missing or empty one."""
    points = shapely.point_on_surface(shapes)
    points[shapely.is_empty(points)] = None
    return points


def coordinates(places: gpd.GeoDataFrame) -> Floats:
    """Metric coordinates, shape (n, 2); NaN for a missing point."""
    points = places.geometry.to_numpy()
    return np.column_stack([shapely.get_x(points), shapely.get_y(points)])
