"""What a run of `visit-routes` planned. Here alone stands what its layers are called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import pandas as pd

from planner.errors import InputError
from planner.store.runs import Run, list_runs, read_run, read_run_frame
from planner.store.workspace import Workspace

PLUGIN = "visit-routes"
STOPS, LEGS, DAYS = "visit-stops", "visit-legs", "visit-days"
PLANNED, UNPLANNED = "visit-planned", "visit-unplanned"
SEVERAL = "、"  # stands between the numbers of the files of a stop


@dataclass(frozen=True, eq=False)
class VisitPlan:
    """What a run of the plugin tells of visitors' days: days, stops, legs, due visits planned and not planned.

    `villages` are those that each visitor of the run serves, by the visitor's number; `moves` is how many visits
    people have moved since.
    """

    run: str
    as_of: date
    days: pd.DataFrame
    stops: gpd.GeoDataFrame
    legs: gpd.GeoDataFrame
    planned: pd.DataFrame
    unplanned: pd.DataFrame
    villages: Mapping[str, frozenset[str]]
    moves: int = 0

    @property
    def files(self) -> frozenset[str]:
        """The numbers of the files of its stops, but for the discreet ones, of which no paper tells."""
        told = self.stops[~self.stops["discreet"]]
        return frozenset(file for files in told["files"] for file in files.split(SEVERAL))

    def chosen(self, *, visitor: str | None, day: date | None) -> VisitPlan:
        """The days of a visitor (number or name; None: all) and of a day (None: all).

        Raises InputError where nothing was planned for them; the visitors and days that there are are named.
        """
        days = self.days
        chosen = days if visitor is None else days[(days["visitor"] == visitor) | (days["name"] == visitor)]
        if visitor is not None and not len(chosen):
            known = SEVERAL.join(sorted(set(days["name"]))[:20]) or "没有排出任何走访"
            raise InputError(f"这次运行没有给“{visitor}”排走访", f"可用:{known}")
        if chosen["visitor"].nunique() > 1 and visitor is not None:
            known = SEVERAL.join(sorted(set(chosen["visitor"])))
            raise InputError(f"有不止一个走访人叫“{visitor}”", f"改用走访人编号:{known}")
        if day is not None:
            there = sorted(set(chosen["day"].dt.date))
            chosen = chosen[chosen["day"].dt.date == day]
            if not len(chosen):
                known = SEVERAL.join(item.isoformat() for item in there) or "没有"
                raise InputError(f"{day.isoformat()}没有排走访", f"有走访的日期:{known}")
        if not len(chosen):
            raise InputError(f"运行 {self.run} 没有排出走访", "看运行结果里未排入的原因,改参数后重新运行")
        keys = chosen[["day", "visitor"]]
        return VisitPlan(
            run=self.run,
            as_of=self.as_of,
            days=chosen.sort_values(["visitor", "day"]),
            stops=self.stops.merge(keys, on=["day", "visitor"]),
            legs=self.legs.merge(keys, on=["day", "visitor"]),
            planned=self.planned.merge(keys, on=["day", "visitor"]),
            unplanned=self.unplanned,
            villages=self.villages,
            moves=self.moves,
        )


def visit_runs(workspace: Workspace) -> list[Run]:
    """The runs of the plugin that the person may see, newest first, whether they have ended or not."""
    return [run for run in list_runs(workspace) if run.plugin == PLUGIN]


def visit_run(workspace: Workspace, run: str) -> Run:
    """The run of that id. Raises InputError where it is another plugin's, or there is none."""
    made = read_run(workspace, run)
    if made.plugin != PLUGIN:
        raise InputError(f"运行 {run} 不是走访路线的运行", "先运行 planner run visit-routes,再用它的编号")
    return made


def run_plan(workspace: Workspace, run: str) -> VisitPlan:
    """The plan as the run made it. Raises InputError for a run of another plugin, or one without a result."""
    made = visit_run(workspace, run)
    days, stops, legs, planned, unplanned = (
        read_run_frame(workspace, run, name) for name in (DAYS, STOPS, LEGS, PLANNED, UNPLANNED)
    )
    villages = {str(who): frozenset(rows["village"].dropna()) for who, rows in stops.groupby("visitor")}
    return VisitPlan(run, made.as_of, days, stops, legs, planned, unplanned, villages)
