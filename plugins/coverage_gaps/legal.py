"""The legal measure as layers and tables: county by county, the gaps, year by year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.model.coverage import COVERAGE_GAPS, COVERAGE_YEARS, Basis, CountyStatus, Shown
from planner.model.layers import METRIC_CRS
from planner.policy.indicators import county_coverage, percent, presence, serving

_NAMED_AT_MOST = 5


@dataclass(frozen=True, eq=False)
class Legal:
    """The counties on the as-of day: `layer` without figures of children yet, `pairs` as `serving` gives."""

    layer: gpd.GeoDataFrame
    pairs: pd.DataFrame

    @property
    def counties(self) -> list[str]:
        """The codes of the counties, in order."""
        return list(self.layer["code"])

    @property
    def names(self) -> dict[str, str]:
        """The name of each county by code."""
        return dict(zip(self.layer["code"], self.layer["name"], strict=True))


def assess_counties(
    counties: gpd.GeoDataFrame,
    institutions: pd.DataFrame,
    states: pd.DataFrame,
    *,
    kind: str,
    as_of: date,
    target_day: date,
) -> Legal:
    """The legal columns of COVERAGE_COUNTIES for `counties` (code, name, geometry in EPSG:4544)."""
    codes = list(counties["code"])
    pairs = serving(institutions, codes, kind=kind)
    present = presence(pairs, states, as_of)
    coverage = county_coverage(codes, present, as_of=as_of, target_day=target_day)
    outline = counties.geometry.where(counties.geom_type.isin(["Polygon", "MultiPolygon"]), None)
    layer = gpd.GeoDataFrame(
        {"code": counties["code"], "name": counties["name"]}, geometry=outline, crs=METRIC_CRS
    )
    layer = layer.join(coverage, on="code")
    layer["shown"] = _shown(layer)
    layer["institutions"] = _describe(present, institutions).reindex(layer["code"]).to_numpy()
    return Legal(layer, pairs)


def gap_rows(counties: pd.DataFrame) -> pd.DataFrame:
    """COVERAGE_GAPS: the rows of COVERAGE_COUNTIES that are not covered, without the access measure."""
    gaps = pd.DataFrame(counties[~counties["covered"]])
    return COVERAGE_GAPS.cast(gaps).reset_index(drop=True)


def year_rows(line: Sequence[tuple[date, Basis, Sequence[str]]], names: Mapping[str, str]) -> pd.DataFrame:
    """COVERAGE_YEARS from (day, basis, counties covered) in order of days."""
    rows = []
    before: set[str] | None = None
    for day, basis, covered in line:
        now = set(covered)
        known = now if before is None else before
        rows.append(
            {
                "day": day,
                "basis": str(basis),
                "covered": len(now),
                "total": len(names),
                "share": percent(len(now), len(names)),
                "gained": "、".join(names[code] for code in sorted(now - known)) or None,
                "lost": "、".join(names[code] for code in sorted(known - now)) or None,
            }
        )
        before = now
    return COVERAGE_YEARS.cast(pd.DataFrame(rows))


def _shown(layer: pd.DataFrame) -> pd.Series:
    status = layer["status"]
    planned = (status == CountyStatus.BUILDING) & layer["projected"]
    shown = np.select(
        [layer["shared"], planned, status == CountyStatus.BUILDING],
        [str(Shown.SHARED), str(Shown.PLANNED), str(Shown.BUILDING)],
        default=status.to_numpy(dtype=object),
    )
    return pd.Series(shown, index=layer.index, dtype="str")


def _describe(present: pd.DataFrame, institutions: pd.DataFrame) -> pd.Series:
    """What is there for each county, in words, the best first; counties with nothing are left out."""
    names = institutions.set_index("id")["name"]
    opening = present["opening"].dt.strftime(",计划%Y-%m-%d投用").fillna("")
    words = (
        names.reindex(present["institution"]).set_axis(present.index) + "(" + present["state"] + opening + ")"
    )
    grouped = words.groupby(present["county"])
    text = grouped.agg(lambda items: "、".join(items.iloc[:_NAMED_AT_MOST]))
    more = grouped.size()
    return text.where(more <= _NAMED_AT_MOST, text + "等" + more.astype(str) + "个")
