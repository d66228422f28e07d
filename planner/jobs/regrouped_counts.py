"""The counts of villages that are merged or split: added up, or left to be counted anew by their files."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

import networkx as nx
from sqlalchemy import Connection

from planner.errors import InputError, Problem
from planner.jobs.changes import save_unknown_before
from planner.model.divisions import Level, level_of
from planner.model.layers import DEMO_ORIGIN
from planner.model.papers import CHANGES
from planner.model.regrouping import Regrouping
from planner.store.carrying import demand_days, demand_on
from planner.store.journal import Stamp
from planner.store.writes import save_demand_rows


def carry_counts(
    connection: Connection, plan: Regrouping, tree: nx.DiGraph, homes: Collection[str | None], stamp: Stamp
) -> set[str]:
    """Add up the counts of villages that become one; the villages whose children are to be counted, since a
    split parts them.

    Raises InputError for counts of a split village that has no files: nobody knows whose they are.
    """
    old = {code for code in plan.targets if level_of(code) is Level.VILLAGE}
    new = {code for village in old for code in plan.targets[village]}
    known = demand_days(connection, old | new)
    parted = {village for village in old if plan.is_split(village)}
    split = {code for village in parted for code in plan.targets[village]}
    if unsplit := [village for village in sorted(parted & set(known)) if village not in homes]:
        held = demand_on(connection, unsplit, plan.day)
        if held["children"].sum() > 0:
            raise InputError(
                "要拆分的村有人数而没有档案,没有调整", "先导入台账,或拆分后为新村导入需求并把原村改为0",
                [Problem(village) for village in unsplit],
            )  # fmt: skip
    for code in sorted(new - split):
        _add_up(connection, code, plan.sources(code, tree), plan.day, known, stamp)
    gone = old & plan.retired
    for day in sorted(
        {plan.day, *(day for village in gone for day in known.get(village, ()) if day > plan.day)}
    ):
        ended = [
            village
            for village in sorted(gone)
            if village in known and (day == plan.day or day in known[village])
        ]
        _end_counts(connection, ended, day, stamp)
    save_unknown_before(
        connection, {code for code in new - split if code not in known} & _counted(known, plan), stamp
    )
    return split


def _counted(known: Mapping[str, list[date]], plan: Regrouping) -> set[str]:
    """The new codes of villages of which counts are known."""
    return {new for old, targets in plan.targets.items() if old in known for new in targets}


def _add_up(
    connection: Connection,
    new: str,
    sources: tuple[str, ...],
    first: date,
    known: Mapping[str, list[date]],
    stamp: Stamp,
) -> None:
    """Save the counts of some villages as those of one, from the day `first` on and on every later day of theirs."""
    days = {first, *(day for code in sources for day in known.get(code, ()) if day > first)}
    keys = ["age_band", "category", "need"]
    held = {day: demand_on(connection, sources, day) for day in sorted(days)}  # before any of them is written
    for day, rows in held.items():
        if rows.empty:
            continue
        origin = DEMO_ORIGIN if (rows["origin"] == DEMO_ORIGIN).any() else CHANGES["regrouping"]
        summed = rows.groupby(keys, dropna=False, as_index=False)["children"].sum()
        counted = summed[summed["children"] > 0]
        kept = (counted if len(counted) else summed).assign(village=new, origin=origin)
        save_demand_rows(connection, kept, valid_from=day, stamp=stamp)


def _end_counts(connection: Connection, villages: list[str], day: date, stamp: Stamp) -> None:
    if villages:
        held = demand_on(connection, villages, day).drop_duplicates("village")
        save_demand_rows(connection, held.assign(valid_to=day), valid_from=day, stamp=stamp)
