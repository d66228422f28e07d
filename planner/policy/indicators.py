"""The legal coverage measure of 四(二): covered county-level units ÷ county-level units. Pure, on tables.

「到2020年,实现全区未成年人保护机构全覆盖。」 What must be covered is every county-level unit, by existence and
not by distance: a county is covered on a day when at least one institution of the kind is 运营 on that day
and its 辖区 holds the county (an empty 辖区 is the county it lies in). Kinds do not stand in for each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import pandas as pd

from planner.model.coverage import Basis, CountyStatus
from planner.model.divisions import Level, ancestor_code
from planner.model.institutions import InstitutionState, split_list, states_on

COVERAGE_CLAUSE = "四(二)"
COVERAGE_TARGET_DAY = date(2020, 12, 31)
LINE_FROM_YEAR = 2017

_STATUS_OF = {
    str(InstitutionState.OPERATING): CountyStatus.COVERED,
    str(InstitutionState.BUILDING): CountyStatus.BUILDING,
    str(InstitutionState.NOMINAL): CountyStatus.NOMINAL,
    str(InstitutionState.CLOSED): CountyStatus.CLOSED,
}
_RANK_OF = {str(status): rank for rank, status in enumerate(CountyStatus)}


def percent(part: float, whole: float) -> float | None:
    """part ÷ whole in %, rounded to 4 decimals; None where there is no whole."""
    return round(float(part) / float(whole) * 100, 4) if whole else None


def serving(institutions: pd.DataFrame, counties: Iterable[str], *, kind: str) -> pd.DataFrame:
    """Which institution of `kind` serves which county: columns institution, county, own (it lies there).

    `institutions` has id, kind, county and jurisdiction (codes joined by 、; empty: the own county). A code
    of a prefecture or region in a jurisdiction stands for its counties; one below the county does not hold
    the county and serves none. Counties not among `counties` are left out.
    """
    of_kind = institutions[institutions["kind"] == str(kind)]
    below: dict[str, list[str]] = {}
    for county in counties:
        for level in (Level.REGION, Level.PREFECTURE, Level.COUNTY):
            below.setdefault(ancestor_code(county, level), []).append(county)
    rows = [
        (identifier, county, county == home)
        for identifier, home, jurisdiction in zip(
            of_kind["id"], of_kind["county"], of_kind["jurisdiction"], strict=True
        )
        for county in dict.fromkeys(
            county
            for area in (split_list(jurisdiction if isinstance(jurisdiction, str) else None) or (home,))
            for county in below.get(area, ())
        )
    ]
    return pd.DataFrame(rows, columns=["institution", "county", "own"]).astype(
        {"institution": str, "county": str, "own": bool}
    )


def openings(states: pd.DataFrame, as_of: date) -> pd.Series:
    """The day each institution 在建 on `as_of` is to open, indexed by institution; NaT where none is known.

    That is the planned opening of the state in force on `as_of`, else the first 运营 recorded after it.
    """
    building = states_on(states, as_of)
    building = building[building["state"] == InstitutionState.BUILDING]
    later = states[(states["since"] > pd.Timestamp(as_of)) & (states["state"] == InstitutionState.OPERATING)]
    recorded = later.groupby("institution")["since"].min().reindex(building.index)
    return building["planned_opening"].fillna(recorded).astype("datetime64[s]").rename("opening")


def presence(pairs: pd.DataFrame, states: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """The rows of `serving` whose institution has a state on `as_of`, the best first.

    Added columns: state, status (a CountyStatus), opening (see `openings`). `states` are the dated states
    (institution, since, state, planned_opening).
    """
    pairs = pairs.copy()
    pairs["state"] = states_on(states, as_of)["state"].reindex(pairs["institution"]).to_numpy()
    pairs = pairs[pairs["state"].notna()]
    pairs["status"] = pairs["state"].map(_STATUS_OF).astype(str)
    pairs["opening"] = openings(states, as_of).reindex(pairs["institution"]).to_numpy()
    order = pairs["status"].map(_RANK_OF).to_numpy()
    return pairs.iloc[order.argsort(kind="stable")]


def county_coverage(
    counties: Sequence[str], present: pd.DataFrame, *, as_of: date, target_day: date = COVERAGE_TARGET_DAY
) -> pd.DataFrame:
    """The legal state of each county on `as_of`, indexed by code in the order given (四(二)).

    `present` is the `presence` of that day. Columns: status (a CountyStatus), covered, operating
    (institutions covering it), shared (covered only from other counties), planned_opening (earliest of the
    在建 ones, NaT where covered or unknown), projected (covered, or one 在建 on `as_of` is to open by
    `target_day`, while that day is still to come).
    """
    table = pd.DataFrame(index=pd.Index(counties, name="county", dtype=str))
    best = present.drop_duplicates("county").set_index("county")["status"]
    table["status"] = best.reindex(table.index).fillna(str(CountyStatus.NONE)).astype(str)
    table["covered"] = table["status"] == CountyStatus.COVERED
    running = present[present["status"] == CountyStatus.COVERED].groupby("county")["own"]
    table["operating"] = running.size().reindex(table.index, fill_value=0).astype("int64")
    table["shared"] = table["covered"] & ~running.any().reindex(table.index, fill_value=False)
    opening = present.groupby("county")["opening"].min().reindex(table.index)
    table["planned_opening"] = opening.where(~table["covered"]).astype("datetime64[s]")
    promised = (table["planned_opening"] <= pd.Timestamp(target_day)) & (as_of < target_day)
    table["projected"] = table["covered"] | promised
    return table


def line_days(as_of: date, target_day: date) -> list[date]:
    """The days of the year line: the year-ends from 2017 to the later of both days, and both days."""
    last = max(as_of, target_day)
    ends = {date(year, 12, 31) for year in range(LINE_FROM_YEAR, last.year + 1)}
    return sorted({day for day in ends if day <= last} | {as_of, target_day})


def covered_on(
    day: date, counties: Sequence[str], pairs: pd.DataFrame, states: pd.DataFrame, *, as_of: date
) -> tuple[Basis, list[str]]:
    """The counties covered on `day`: as recorded up to `as_of`, as planned on `as_of` for a later day.

    `pairs` are those of `serving`.
    """
    known_on = min(day, as_of)
    present = presence(pairs, states, known_on)
    table = county_coverage(counties, present, as_of=known_on, target_day=day)
    basis = Basis.RECORDED if day <= as_of else Basis.PLANNED
    return basis, list(table.index[table["projected"]])
