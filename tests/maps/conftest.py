"""Layers and frames for maps, small enough to check by eye."""

import geopandas as gpd

from planner.model.layers import METRIC_CRS, Layer, column


def layer(geometry="point", *, dtype=str, unit="", personal=False, named=True, **settings):
    """A layer of code, name and one `value` to colour by."""
    columns = {"code": column(str, "代码"), "name": column(str, "名称", personal=personal)}
    if not named:
        del columns["name"]
    columns["value"] = column(dtype, "数值", unit=unit, nullable=True)
    return Layer("places", "地点", columns, geometry=geometry, **{"colour_by": "value", **settings})


def frame(values, shapes=None):
    """A frame with one row for each value; codes and names are numbered from 1."""
    numbers = range(1, len(values) + 1)
    return gpd.GeoDataFrame(
        {
            "code": [str(number) for number in numbers],
            "name": [f"地点{number}" for number in numbers],
            "value": values,
        },
        geometry=[None] * len(values) if shapes is None else shapes,
        crs=METRIC_CRS,
    )
