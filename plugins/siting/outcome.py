"""An answer as layers and tables: the sites, the villages, the counties, what stays uncovered and why."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.model.layers import METRIC_CRS
from planner.model.siting import (
    SITING_COUNTIES,
    SITING_SITES,
    SITING_UNCOVERED,
    SITING_VILLAGES,
    Band,
    Change,
    Role,
)

from .options import Answer, Floats, Ints, Task
from .params import Candidates, Params
from .question import Question

_NOTHING = 1e-6
# From which share of its children within the limit a county counts as well, or half, covered; in %.
_HIGH, _MIDDLE = 90.0, 50.0


def site_layer(question: Question, answer: Answer, params: Params) -> gpd.GeoDataFrame:
    """SITING_SITES: the open sites and the closed ones, with what goes to them and what a swap would lose."""
    task, places = question.task, question.places
    shown = [*answer.sites, *answer.closed]
    rows, sites, shares = answer.routes
    children = np.bincount(sites, weights=task.weights[rows] * shares, minlength=task.candidates)
    to_village = pd.Series(question.asking[rows]).groupby(sites).nunique()
    role = pd.Series(str(Role.NEW), index=range(len(places))).where(
        ~places["existing"].to_numpy(dtype=bool), str(Role.EXISTING)
    )
    role.loc[list(answer.closed)] = str(Role.CLOSED)
    swaps = {swap.site: swap for swap in answer.swaps}
    told = [swaps.get(site) for site in shown]
    names = places["name"].tolist()
    layer = places.iloc[shown].assign(
        role=role.iloc[shown].to_numpy(),
        villages=to_village.reindex(shown, fill_value=0).to_numpy(dtype=np.int64),
        children=np.round(children[shown]).astype(np.int64),
        capacity=np.where(np.isfinite(task.capacities[shown]), task.capacities[shown], np.nan),
        cost=site_costs(question, params)[shown] * (role.iloc[shown] != str(Role.EXISTING)).to_numpy(),
        swap_name=[None if s is None or s.neighbour is None else names[s.neighbour] for s in told],
        swap_loss=[None if s is None or not np.isfinite(s.loss) else s.loss for s in told],
    )
    layer = layer.astype({"swap_loss": float})
    return gpd.GeoDataFrame(SITING_SITES.cast(layer.reset_index(drop=True)), crs=METRIC_CRS)


def site_costs(question: Question, params: Params) -> Floats:
    """What building at each place costs, or closing it where it exists; 万元, (place,)."""
    new = params.seat_cost if params.candidates is Candidates.SEATS else params.village_cost
    return np.where(question.places["existing"].to_numpy(dtype=bool), params.closing_cost, new)


def village_layer(question: Question, answer: Answer) -> gpd.GeoDataFrame:
    """SITING_VILLAGES: every village, the ones without children or place, too."""
    task, villages = question.task, question.villages
    row = pd.DataFrame(
        {
            "village": question.asking,
            "children": task.weights,
            "before": answer.before * task.weights,
            "after": answer.covered * task.weights,
            "minutes_before": _nearest(task, question.existing.tolist()),
            "minutes_after": _travelled(task, answer),
            "site": answer.assigned,
        }
    )
    sums = row.groupby("village")[["before", "after"]].sum().reindex(range(len(villages)), fill_value=0.0)
    largest = row.sort_values(["village", "children"], ascending=[True, False], kind="stable")
    site = largest[largest["site"] >= 0].drop_duplicates("village").set_index("village")["site"]
    site = site.reindex(range(len(villages)))
    named = question.places[["id", "name"]].reindex(site.fillna(-1).astype(int))
    layer = villages.assign(
        covered_before=_whole(sums["before"]),
        covered_after=_whole(sums["after"]),
        minutes_before=_mean_by_village(row, "minutes_before", len(villages)),
        minutes_after=_mean_by_village(row, "minutes_after", len(villages)),
        site=named["id"].to_numpy(),
        site_name=named["name"].to_numpy(),
        others=_others(question, answer, site),
        change=_changes(question, sums["before"].to_numpy(), sums["after"].to_numpy()),
    )
    return gpd.GeoDataFrame(SITING_VILLAGES.cast(layer), crs=METRIC_CRS)


def county_layer(question: Question, villages: pd.DataFrame, sites: pd.DataFrame) -> gpd.GeoDataFrame:
    """SITING_COUNTIES from SITING_VILLAGES and SITING_SITES; minutes weigh by children and leave out the unreached."""
    children = villages["children"]
    summed = pd.DataFrame(
        {
            "children": children,
            "covered_before": villages["covered_before"],
            "covered_after": villages["covered_after"],
            "located": children.where(villages["change"] != Change.UNLOCATED, 0),
            "spent_before": (children * villages["minutes_before"]).fillna(0.0),
            "reached_before": children.where(villages["minutes_before"].notna(), 0),
            "spent_after": (children * villages["minutes_after"]).fillna(0.0),
            "reached_after": children.where(villages["minutes_after"].notna(), 0),
        }
    )
    table = summed.groupby(villages["county"]).sum()
    table["name"] = villages.groupby("county")["county_name"].first().fillna("")
    table["name"] = table["name"].where(table["name"] != "", table.index.to_series())
    with_children = villages[villages["children"] > 0]
    table["worst_after"] = with_children.groupby("county")["minutes_after"].max()
    new = sites[sites["role"] == Role.NEW]
    table["new_sites"] = new.groupby("county").size().reindex(table.index, fill_value=0)
    for word in ("before", "after"):
        located = table["located"].where(table["located"] > 0)
        table[f"share_{word}"] = (table[f"covered_{word}"] / located * 100).clip(upper=100).round(4)
        reached = table[f"reached_{word}"].where(table[f"reached_{word}"] > 0)
        table[f"mean_{word}"] = (table[f"spent_{word}"] / reached).round(4)
    share = table["share_after"]
    table["band"] = np.select(
        [share >= _HIGH, share >= _MIDDLE, share.notna()],
        [str(Band.HIGH), str(Band.MIDDLE), str(Band.LOW)],
        default=str(Band.NONE),
    )
    table["geometry"] = question.outlines.reindex(table.index)
    layer = gpd.GeoDataFrame(table.rename_axis("code").reset_index(), crs=METRIC_CRS)
    return gpd.GeoDataFrame(SITING_COUNTIES.cast(layer), crs=METRIC_CRS)


def uncovered_table(question: Question, answer: Answer, villages: pd.DataFrame) -> pd.DataFrame:
    """SITING_UNCOVERED: the villages with children not covered; one without a place says so."""
    task = question.task
    reasons: dict[int, str] = {}
    for row, why in zip(answer.uncovered, answer.why, strict=True):
        reasons.setdefault(int(question.asking[row]), str(why))
    new = np.flatnonzero(~question.places["existing"].to_numpy(dtype=bool))
    nearest = pd.DataFrame({"village": question.asking, "minutes": _nearest(task, new.tolist())})
    missed = villages["children"] - villages["covered_after"]
    located = question.villages["located"].to_numpy()
    table = villages.assign(
        uncovered=missed,
        reason=["无定位" if not at else reasons.get(k, "") for k, at in enumerate(located)],
        nearest_candidate=nearest.groupby("village")["minutes"]
        .min()
        .reindex(range(len(villages)))
        .to_numpy(),
    )
    table = pd.DataFrame(table[missed > 0])
    return SITING_UNCOVERED.cast(table).reset_index(drop=True)


def _whole(children: pd.Series) -> Ints:
    return np.round(children.to_numpy(dtype=np.float64)).astype(np.int64)


def _nearest(task: Task, sites: list[int]) -> Floats:
    """Minutes of each row to the nearest of the sites, NaN: none."""
    minutes = task.travel[:, sites].min(axis=1, initial=np.inf)
    return np.where(np.isfinite(minutes), minutes, np.nan)


def _travelled(task: Task, answer: Answer) -> Floats:
    """Minutes of each row to where it goes (the mean over its parts), else to the nearest open site."""
    rows, sites, shares = answer.routes
    spent = np.bincount(rows, weights=task.travel[rows, sites] * shares, minlength=task.demand)
    parts = np.bincount(rows, weights=shares, minlength=task.demand)
    to_nearest = _nearest(task, list(answer.sites))
    return np.where(parts > _NOTHING, spent / np.maximum(parts, _NOTHING), to_nearest)


def _mean_by_village(row: pd.DataFrame, name: str, villages: int) -> Floats:
    """The minutes of a village: its rows weighed by children, those without minutes left out."""
    known = row[row[name].notna()]
    spent = (known[name] * known["children"]).groupby(known["village"]).sum()
    mean = spent / known.groupby("village")["children"].sum()
    return mean.reindex(range(villages)).round(6).to_numpy(dtype=np.float64)


def _others(question: Question, answer: Answer, main: pd.Series) -> list[str | None]:
    """The names of the further sites of each village: shared out, served several times, or by another service."""
    rows, sites, _ = answer.routes
    goes = pd.DataFrame({"village": question.asking[rows], "site": sites}).drop_duplicates()
    goes = goes[goes["site"].to_numpy() != main.reindex(goes["village"]).to_numpy()]
    names = question.places["name"].reindex(goes["site"]).set_axis(goes.index)
    joined = names.groupby(goes["village"]).agg("、".join)
    told = joined.reindex(range(len(question.villages)))
    return [text if isinstance(text, str) else None for text in told]


def _changes(question: Question, before: Floats, after: Floats) -> np.ndarray:
    villages, task = question.villages, question.task
    children = villages["children"].to_numpy(dtype=np.float64)
    reached = pd.Series(~task.set_aside).groupby(question.asking).any()
    reachable = reached.reindex(range(len(villages)), fill_value=False).to_numpy(dtype=bool)
    whole_before, whole_after = before > children - 0.5, after > children - 0.5
    return np.select(
        [
            children == 0,
            ~villages["located"].to_numpy(),
            ~reachable,
            whole_before & whole_after,
            whole_after,
            before > after + 0.5,
            after > 0.5,
        ],
        [
            str(item)
            for item in (
                Change.NOBODY,
                Change.UNLOCATED,
                Change.UNREACHABLE,
                Change.COVERED,
                Change.NEWLY,
                Change.LOST,
                Change.PARTLY,
            )
        ],
        default=str(Change.UNCOVERED),
    )
