"""One visitor's day as layers to be drawn: where it starts, the stops in their order, the legs between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import pandas as pd
from shapely import Point

from planner.jobs.visit_plans import VisitPlan
from planner.model.layers import METRIC_CRS, Layer, rows_of
from planner.model.route_sheets import DISCREET, short_number
from planner.model.visiting import DAY_BASE, DAY_LEGS, DAY_STOPS


def day_layers(plan: VisitPlan, names: Mapping[str, str]) -> dict[Layer, gpd.GeoDataFrame]:
    """DAY_BASE, DAY_LEGS and DAY_STOPS of a plan of one visitor and day.

    `names` are those of the divisions, by code. Of a protection case there are order and times, and no place: nor
    are the legs to and from it. In the name of a leg 0 is the start.
    """
    (row,) = rows_of(plan.days)
    stops, legs = (list(rows_of(frame.sort_values("order"))) for frame in (plan.stops, plan.legs))
    hidden = {stop.order for stop in stops if stop.discreet}
    shown = [leg for leg in legs if not {leg.order, leg.order - 1} & hidden]
    base = {"code": row.visitor, "name": row.name, "departs": row.departs, "returns": row.returns}
    start = Point(legs[0].geometry.coords[0][:2]) if legs else None
    last = len(stops) + 1
    return {
        DAY_BASE: _frame(DAY_BASE, [{**base, "geometry": start}]),
        DAY_LEGS: _frame(
            DAY_LEGS,
            [
                {
                    "order": leg.order,
                    "name": f"{leg.order - 1}→{0 if leg.order == last else leg.order}",
                    "minutes": leg.minutes,
                    "km": leg.km,
                    "geometry": leg.geometry,
                }
                for leg in shown
            ],
        ),
        DAY_STOPS: _frame(DAY_STOPS, [_stop_row(stop, names) for stop in stops]),
    }


def stop_name(stop: Any, names: Mapping[str, str]) -> str:
    """A stop by its village and the number of the household; a protection case by 另行通知 alone."""
    if stop.discreet:
        return DISCREET
    code = stop.township if pd.isna(stop.village) else stop.village
    return f"{names.get(code, code)} {short_number(stop.household)}"


def _stop_row(stop: Any, names: Mapping[str, str]) -> dict[str, Any]:
    kept = ("order", "arrives", "begins", "leaves", "kind", "children", "persons", "leg_min", "leg_km")
    told = {name: getattr(stop, name) for name in kept}
    if stop.discreet:
        return {**told, "name": DISCREET, "grade": None, "due": None, "geometry": None}
    return {
        **told,
        "name": stop_name(stop, names),
        "grade": stop.grade,
        "due": stop.due,
        "geometry": stop.geometry,
    }


def _frame(layer: Layer, rows: Sequence[Mapping[str, Any]]) -> Any:
    frame = pd.DataFrame(rows, columns=[*layer.columns, "geometry"])
    if "due" in frame:
        frame["due"] = pd.to_datetime(frame["due"])
    shapes = gpd.GeoSeries(list(frame["geometry"]), crs=METRIC_CRS)
    return layer.cast(gpd.GeoDataFrame(frame, geometry=shapes, crs=METRIC_CRS))
