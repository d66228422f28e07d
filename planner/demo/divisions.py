"""The divisions of the demo as rows: true codes, names and county borders, generated places below them."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.demo.county import County
from planner.demo.outlines import draw_outlines
from planner.model.layers import DEMO_ORIGIN, METRIC_CRS, STORE_CRS

_DECIMALS = 6


def division_frame(true: gpd.GeoDataFrame, counties: Sequence[County]) -> gpd.GeoDataFrame:
    """The rows code, name, parent, origin, geometry (EPSG:4490), by code.

    `true` are the rows from the region down to the counties, as they are. Townships and villages have true
    codes and names, but generated shapes: their origin is 「示例」.
    """
    below = [frame for county in counties for frame in (_townships(county), _villages(county))]
    frame = pd.concat([true, *below], ignore_index=True)
    return gpd.GeoDataFrame(frame, geometry="geometry", crs=STORE_CRS).sort_values("code", ignore_index=True)


def _townships(county: County) -> gpd.GeoDataFrame:
    count = len(county.townships)
    owner = np.concatenate([np.arange(count), county.villages["township"].to_numpy()])
    places_m = np.concatenate([county.seats_m, county.villages_m])
    outlines = draw_outlines(county.border, places_m, owner, count)
    rows = county.townships.assign(parent=county.code, origin=DEMO_ORIGIN)
    return gpd.GeoDataFrame(rows, geometry=outlines, crs=STORE_CRS)


def _villages(county: County) -> gpd.GeoDataFrame:
    points = gpd.GeoSeries.from_xy(*county.villages_m.T, crs=METRIC_CRS).to_crs(STORE_CRS)
    township = county.townships["code"].to_numpy()[county.villages["township"]]
    rows = county.villages[["code", "name"]].assign(parent=township, origin=DEMO_ORIGIN)
    return gpd.GeoDataFrame(rows, geometry=points.transform(lambda degrees: degrees.round(_DECIMALS)))
