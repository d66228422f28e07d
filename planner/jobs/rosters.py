"""Visits, rosters of 民政协理员, duties of cadres and income figures into the workspace."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import networkx as nx
from sqlalchemy import Connection

from planner.jobs.comparison import Compared, compare
from planner.jobs.known_files import known_files
from planner.jobs.plans import LedgerReport, Plan, Report, carry_out, in_silence, source_of
from planner.ledger import (
    CheckedRows,
    Paper,
    read_assistants,
    read_cadres,
    read_incomes,
    read_officials,
    read_visits,
)
from planner.model.cadres import Cadre
from planner.model.names import comparable
from planner.model.rosters import Assistant, Duty, Rosters
from planner.model.visits import Visit
from planner.plugin import Progress
from planner.store.child_records import assistant_row, cadre_row, duty_row, visit_row
from planner.store.incomes import read_incomes as read_held_incomes
from planner.store.incomes import save_incomes
from planner.store.journal import Stamp, newest_entry
from planner.store.person_rows import Kind, PersonRow, read_rows, save_rows
from planner.store.reads import read_all_divisions
from planner.store.roles import Act
from planner.store.workspace import Workspace

Write = Callable[[Connection, Stamp], None]
RowsPlan = Plan[CheckedRows[Any]]


def import_rows(
    workspace: Workspace,
    kind: str,
    path: Paper,
    *,
    as_of: date | None = None,
    sheet: str | None = None,
    county: str | None = None,
    dry_run: bool = False,
    report: Report = in_silence,
) -> LedgerReport[CheckedRows[Any]]:
    """Import visits, a roster of 民政协理员 or of cadres, their duties, or income figures, in one transaction.

    A roster replaces that of the townships it names from `as_of` on (None: the file's 填报日期, else today); a
    visit that is told again is corrected. Raises as `import_ledger`.
    """
    make = partial(plan_rows, workspace, kind, path, as_of=as_of, sheet=sheet, county=county, report=report)
    return carry_out(workspace, make, dry_run=dry_run, report=report)


def plan_rows(
    workspace: Workspace,
    kind: str,
    path: Paper,
    *,
    as_of: date | None = None,
    sheet: str | None = None,
    county: str | None = None,
    report: Report = in_silence,
) -> RowsPlan:
    """What `import_rows` would do. Raises InputError for a faulty file, AccessError for who may not import it."""
    workspace.person.check(Act.IMPORT_PLACES if kind == "incomes" else Act.EDIT_FILES)
    report(Progress("读取并核对文件"))
    with workspace.reading() as connection:
        basis = newest_entry(connection)
    tree = read_all_divisions(workspace, as_of=as_of or date.today())
    return _PLANS[kind](_Given(workspace, path, tree, as_of, sheet, county, basis))


def read_rosters(workspace: Workspace, *, as_of: date) -> Rosters:
    """The 民政协理员 and duties of a day in the person's scope."""
    assistants = map(Assistant.from_json, read_rows(workspace, "assistant", as_of=as_of))
    return Rosters.of(assistants, map(Duty.from_json, read_rows(workspace, "duty", as_of=as_of)))


def visits_by(workspace: Workspace, *, as_of: date) -> list[Visit]:
    """The visits up to a day of the files in the person's scope, by day."""
    visits = [Visit.from_json(text) for text in read_rows(workspace, "visit", as_of=as_of)]
    return sorted((visit for visit in visits if visit.day <= as_of), key=lambda item: (item.day, item.child))


@dataclass(frozen=True)
class _Given:
    """A file, the workspace it is for, and what its sender says of it."""

    workspace: Workspace
    path: Paper
    tree: nx.DiGraph
    as_of: date | None
    sheet: str | None
    county: str | None
    basis: int

    def day(self, checked: CheckedRows[Any]) -> date:
        """The day that the rows hold from."""
        return self.as_of or checked.filed or date.today()

    def plan(self, kind: str, found: Compared[Any], day: date, write: Write) -> RowsPlan:
        """The plan that a comparison comes to."""
        return Plan(
            kind=kind,
            checked=found.checked,
            source=source_of(found.checked, self.as_of or found.checked.filed),
            day=day,
            tree=self.tree,
            changes=found.changes,
            write=write,
            basis=self.basis,
            removed=found.removals,
        )


def _plan_assistants(given: _Given) -> RowsPlan:
    checked = read_assistants(given.path, tree=given.tree, county=given.county, sheet=given.sheet)
    day = given.day(checked)
    found = compare(
        checked,
        map(Assistant.from_json, read_rows(given.workspace, "assistant", as_of=day)),
        key=lambda item: (item.village, comparable(item.name)),
        area=lambda item: item.township,
        is_own=given.workspace.person.scope.holds,
        replaces=True,
    )
    return given.plan("assistants", found, day, _replacing("assistant", found, assistant_row, day))


def _plan_duties(given: _Given) -> RowsPlan:
    checked = read_cadres(given.path, tree=given.tree, county=given.county, sheet=given.sheet)
    day = given.day(checked)
    found = compare(
        checked,
        map(Duty.from_json, read_rows(given.workspace, "duty", as_of=day)),
        key=lambda item: (item.level, item.area, item.group, comparable(item.cadre)),
        area=lambda item: item.township,
        is_own=given.workspace.person.scope.holds,
        replaces=True,
    )
    return given.plan("cadres", found, day, _replacing("duty", found, duty_row, day))


def _plan_officials(given: _Given) -> RowsPlan:
    checked = read_officials(given.path, tree=given.tree, county=given.county, sheet=given.sheet)
    day = given.day(checked)
    named = {_roster_of(row.record) for row in checked.rows if row.is_accepted and row.record is not None}
    held = map(Cadre.from_json, read_rows(given.workspace, "cadre", as_of=day))
    found = compare(
        checked,
        (item for item in held if _roster_of(item) in named),
        key=lambda item: item.id,
        area=lambda item: item.township or item.county,
        is_own=given.workspace.person.scope.holds,
        replaces=True,
    )
    touched = {_roster_of(item) for item in (*found.fresh, *found.removed)}
    rows = [cadre_row(item) for item in found.entries if _roster_of(item) in touched]
    return given.plan(
        "officials",
        found,
        day,
        lambda connection, stamp: save_rows(connection, "cadre", rows, valid_from=day, stamp=stamp),
    )


def _roster_of(cadre: Cadre) -> tuple[str, str]:
    """What is replaced together: the cadres of a level of the county, or of a township."""
    return cadre.level, cadre.township or cadre.county


def _replacing(kind: Kind, found: Compared[Any], row: Callable[[Any], PersonRow], day: date) -> Write:
    """Writes the roster anew of every township in which anything is new, changed or gone."""
    touched = {item.township for item in (*found.fresh, *found.removed)}
    rows = [row(item) for item in found.entries if item.township in touched]
    return lambda connection, stamp: save_rows(connection, kind, rows, valid_from=day, stamp=stamp)


def _plan_visits(given: _Given) -> RowsPlan:
    known = known_files(given.workspace)
    today = given.as_of or date.today()
    checked = read_visits(
        given.path,
        tree=given.tree,
        holders={key: item.held for key, item in known.items()},
        as_of=today,
        rosters=read_rosters(given.workspace, as_of=today),
        county=given.county,
        sheet=given.sheet,
    )
    day = given.day(checked)
    found = compare(
        checked,
        map(Visit.from_json, read_rows(given.workspace, "visit", as_of=date.max)),
        key=lambda item: (item.child, item.day, item.by),
        area=lambda item: known[item.child].file.township,
        is_own=given.workspace.person.scope.holds,
    )
    rows = [visit_row(item, known[item.child].file) for item in found.fresh]
    return given.plan(
        "visits",
        found,
        day,
        lambda connection, stamp: save_rows(connection, "visit", rows, valid_from=day, stamp=stamp),
    )


def _plan_incomes(given: _Given) -> RowsPlan:
    checked = read_incomes(given.path, sheet=given.sheet)
    found = compare(checked, read_held_incomes(given.workspace), key=lambda item: item.year)
    return given.plan(
        "incomes",
        found,
        given.day(checked),
        lambda connection, stamp: save_incomes(connection, found.fresh, stamp=stamp),
    )


_PLANS: Mapping[str, Callable[[_Given], RowsPlan]] = {
    "assistants": _plan_assistants,
    "cadres": _plan_duties,
    "officials": _plan_officials,
    "visits": _plan_visits,
    "incomes": _plan_incomes,
}
