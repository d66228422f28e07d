"""An institution of the demo while it is being made, and the frames that many of them become."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import Point

from planner.demo.county import County
from planner.demo.places import scatter
from planner.model.institutions import DatedState, InstitutionKind, InstitutionState, institution_id
from planner.model.layers import DEMO_ORIGIN, METRIC_CRS, STORE_CRS

MARK = "(示例)"
_DECIMALS = 6
_TOWN_REACH_M = 2_500.0
_RECORDS_BEGIN = date(2015, 1, 1)


@dataclass(frozen=True)
class Site:
    """One institution; `point_m` in EPSG:4544, `jurisdiction` as codes, empty for the own county."""

    name: str
    kind: InstitutionKind
    tier: str
    county: str
    address: str
    point_m: tuple[float, float]
    states: tuple[DatedState, ...]
    services: tuple[str, ...]
    jurisdiction: tuple[str, ...] = ()
    beds: int | None = None
    staff: int | None = None

    @property
    def id(self) -> str:
        """The id that the name, kind and county give."""
        return institution_id(str(self.kind), self.name, self.county)


def institution_frame(sites: Sequence[Site]) -> gpd.GeoDataFrame:
    """The institutions as rows: id, name, kind, …, address, origin 「示例」, geometry (EPSG:4490)."""
    points = gpd.GeoSeries([Point(site.point_m) for site in sites], crs=METRIC_CRS).to_crs(STORE_CRS)
    return gpd.GeoDataFrame(
        {
            "id": [site.id for site in sites],
            "name": [site.name for site in sites],
            "kind": [str(site.kind) for site in sites],
            "tier": [site.tier for site in sites],
            "county": [site.county for site in sites],
            "jurisdiction": ["、".join(site.jurisdiction) or None for site in sites],
            "services": ["、".join(site.services) for site in sites],
            "beds": np.array([site.beds for site in sites], dtype=np.float64),
            "staff": np.array([site.staff for site in sites], dtype=np.float64),
            "address": [site.address for site in sites],
            "origin": DEMO_ORIGIN,
        },
        geometry=points.transform(lambda degrees: degrees.round(_DECIMALS)),
    )


def state_frame(sites: Sequence[Site]) -> pd.DataFrame:
    """The dated states as rows: institution, since, state, planned_opening."""
    rows = [
        (site.id, item.since, str(item.state), item.planned_opening) for site in sites for item in site.states
    ]
    frame = pd.DataFrame(rows, columns=["institution", "since", "state", "planned_opening"])
    return frame.astype({"since": "datetime64[s]", "planned_opening": "datetime64[s]"})


def in_town(county: County, chance: np.random.Generator) -> tuple[tuple[float, float], str]:
    """A point (metres) in or near the county town, and its address."""
    x, y = scatter(county.area_m, county.seats_m[0], _TOWN_REACH_M, chance)
    address = f"{county.name}{county.townships['name'].iloc[0]}示例路{chance.integers(1, 200)}号"
    return (float(x), float(y)), address


def built(opening: date, *, begun: date, planned: date) -> tuple[DatedState, ...]:
    """在建 from `begun`, promised for `planned`, 运营 from `opening`; records begin in 2015."""
    operating = DatedState(InstitutionState.OPERATING, opening)
    if begun < _RECORDS_BEGIN:
        return (operating,)
    return DatedState(InstitutionState.BUILDING, begun, planned), operating


def day_in(year: int, chance: np.random.Generator, *, months: tuple[int, int] = (3, 11)) -> date:
    """A day of `year`, in the given months (both included)."""
    return date(year, int(chance.integers(months[0], months[1] + 1)), int(chance.integers(1, 29)))
