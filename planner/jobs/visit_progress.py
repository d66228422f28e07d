"""How a month's visits stand: who is due and when that is planned, and what was done of it by township."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from planner.jobs.visit_plans import VisitPlan, visit_run
from planner.jobs.visiting import read_due_visits
from planner.model.divisions import Level
from planner.model.layers import rows_of
from planner.model.visiting import VISIT_LIST, VISIT_PROGRESS
from planner.model.visits import Visit, VisitKind
from planner.store.child_records import record_of
from planner.store.children import whole_files
from planner.store.person_rows import read_rows
from planner.store.scope import EVERYTHING, scope_of
from planner.store.workspace import Workspace

_RECORDED = (VisitKind.REGULAR, VisitKind.ENTRUSTED)


def due_list(plan: VisitPlan, names: Mapping[str, str]) -> pd.DataFrame:
    """The layer VISIT_LIST: every due visit of a plan, the soonest due first, those of protection cases told by no more
    than where they stand.

    `names` are those of the divisions, by code.
    """
    stops = {(row.day, row.visitor, row.order): row for row in rows_of(plan.stops)}
    days = list(rows_of(plan.days))
    towns = {day.visitor: names.get(day.township, day.township) for day in days}
    visitors = _told_apart({day.visitor: day.name for day in days}, towns)
    rows = []
    for row in rows_of(plan.planned):
        stop = stops[row.day, row.visitor, row.order]
        told = {"village": stop.village, "day": row.day, "visitor": visitors[row.visitor]}
        rows.append(_list_row(row, told, names, discreet=stop.discreet))
    for row in rows_of(plan.unplanned):
        told = {"village": row.village, "reason": row.reason, "fix": row.fix}
        rows.append(_list_row(row, told, names, discreet=row.discreet))
    frame = pd.DataFrame(rows, columns=list(VISIT_LIST.columns))
    for name in ("due", "day"):
        frame[name] = pd.to_datetime(frame[name])
    cast = VISIT_LIST.cast(frame)
    return cast.sort_values(["overdue_days", "due"], ascending=[False, True], ignore_index=True)


def progress(workspace: Workspace, plan: VisitPlan, names: Mapping[str, str], *, on: date) -> pd.DataFrame:
    """The layer VISIT_PROGRESS of a plan as of the end of the day `on`, by township.

    A due visit is done where the child was seen after the run's day and up to `on`; each visit counts for one due
    visit of the child. Records do not tell 送教上门 and 康复 apart from other visits, so those are not counted.
    `names` are those of the divisions, by code. Raises AccessError for who may not see files.
    """
    run = visit_run(workspace, plan.run)
    scope = EVERYTHING if run.area is None else scope_of([run.area])
    seen = _seen(workspace, run.as_of, on, scope)
    late = read_due_visits(workspace, scope, as_of=on)
    late = late[(late["overdue_days"] > 0) & late["kind"].isin(_RECORDED)]
    if wanted_town := run.params.get("township"):
        late = late[[wanted_town in (code, names.get(code)) for code in late["township"]]]
    planned = plan.planned[plan.planned["kind"].isin(_RECORDED)]
    left = plan.unplanned[plan.unplanned["kind"].isin(_RECORDED)]
    wanted = Counter([*planned["file"], *left["file"]])
    where = dict(
        zip([*planned["file"], *left["file"]], [*planned["township"], *left["township"]], strict=True)
    )
    done: Counter[str] = Counter()
    for file, times in wanted.items():
        done[where[file]] += min(times, seen[file])
    codes = sorted({*planned["township"], *left["township"], *late["township"]})
    counties = {code: names.get(code[: Level.COUNTY], "") for code in codes}
    towns = _told_apart({code: names.get(code, code) for code in codes}, counties)
    rows = []
    for code in codes:
        own = late[late["township"] == code]
        due = int((planned["township"] == code).sum() + (left["township"] == code).sum())
        rows.append(
            {
                "code": code,
                "name": towns[code],
                "due": due,
                "planned": int((planned["township"] == code).sum()),
                "done": done[code],
                "done_share": round(100 * done[code] / due, 1) if due else None,
                "overdue": own["file"].nunique(),
                "first_missed": own[own["last_seen"].isna()]["file"].nunique(),
            }
        )
    return VISIT_PROGRESS.cast(pd.DataFrame(rows, columns=list(VISIT_PROGRESS.columns)))


def _told_apart(names: Mapping[str, str], places: Mapping[str, str]) -> dict[str, str]:
    """The names by code, with the place where two share one, and the code where they share that too."""
    told = dict(names)
    for more in (places, {code: code for code in names}):
        often = Counter(told.values())
        told = {
            code: f"{name}({more[code]})" if often[name] > 1 and more[code] else name
            for code, name in told.items()
        }
    return told


def _list_row(
    row: Any, told: Mapping[str, Any], names: Mapping[str, str], *, discreet: bool
) -> dict[str, Any]:
    common = {
        "kind": row.kind,
        "overdue_days": 0,
        "township": names.get(row.township, row.township),
        "day": told.get("day"),
        "visitor": told.get("visitor"),
        "reason": told.get("reason"),
    }
    if discreet:
        return {**common, "file": None, "grade": None, "due": None, "village": None, "fix": None}
    village = told["village"]
    return {
        **common,
        "file": row.file,
        "grade": row.grade,
        "due": row.due,
        "overdue_days": row.overdue_days,
        "village": None if pd.isna(village) else names.get(village, village),
        "fix": told.get("fix"),
    }


def _seen(workspace: Workspace, after: date, until: date, scope: Any) -> Counter[str]:
    """At how many visits after a day and up to another each child was seen, by the number of its file."""
    days: dict[str, set[date]] = defaultdict(set)
    for text in read_rows(workspace, "visit", as_of=until, known_at=None, scope=scope):
        visit = Visit.from_json(text)
        if visit.seen and after < visit.day <= until:
            days[visit.child].add(visit.day)
    seen: Counter[str] = Counter()
    for file in whole_files(workspace, scope, as_of=until, known_at=None):
        record = record_of(file)
        seen[file.file] = len(days[record.key] or days[record.key_without_id])
    return seen
