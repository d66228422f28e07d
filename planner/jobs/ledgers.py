"""Ledgers of persons into the workspace: read and checked by the ledger, sound rows written in one transaction.

Unlike divisions and institutions, sound rows are taken although others are rejected; every row has its fate in
the report. Until the transaction commits nothing of a file is there, afterwards all of it is.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

import networkx as nx
import pandas as pd
from sqlalchemy import Connection

from planner.jobs.known_files import KnownFile, known_files
from planner.jobs.plans import Change, LedgerReport, Place, Plan, Report, carry_out, in_silence, source_of
from planner.jobs.rosters import read_rosters
from planner.ledger import (
    CheckedLedger,
    ChildOutcome,
    Paper,
    read_children,
    refuse_beyond,
    refuse_elsewhere,
)
from planner.model.children import ChildRecord, Held
from planner.model.papers import LEDGERS
from planner.plugin import Progress
from planner.policy.assessment import Assessment, assess
from planner.policy.from_record import facts
from planner.policy.needs import demand_in
from planner.policy.rules import RuleSet
from planner.store.child_records import record_of, version_of
from planner.store.children import NewVersion, closed_files, find_holders, save_versions
from planner.store.events import files_at_risk
from planner.store.journal import Stamp, newest_entry
from planner.store.reads import newest_data_day, read_all_divisions
from planner.store.roles import Act
from planner.store.rule_sets import rules_on
from planner.store.tasks import add_tasks
from planner.store.workspace import Workspace
from planner.store.writes import save_demand_rows

# 落户, 待办证, 复核, 委托走访: how long a task that a ledger gives rise to may wait (ours, not the document's).
TASK_WITHIN = timedelta(days=30)


def import_ledger(
    workspace: Workspace,
    path: Paper,
    *,
    as_of: date | None = None,
    sheet: str | None = None,
    county: str | None = None,
    crs: str | None = None,
    dry_run: bool = False,
    report: Report = in_silence,
) -> LedgerReport[CheckedLedger]:
    """Import a 困境儿童台账 in one transaction.

    `as_of` goes before the file's 填报日期. With `dry_run` nothing is written. Raises InputError for a faulty
    file, AccessError for who may not; then nothing is written either.
    """
    make = partial(
        plan_ledger,
        workspace,
        path,
        as_of=as_of,
        sheet=sheet,
        county=county,
        crs=crs,
        report=report,
    )
    return carry_out(workspace, make, dry_run=dry_run, report=report)


def plan_ledger(
    workspace: Workspace,
    path: Paper,
    *,
    as_of: date | None = None,
    otherwise: date | None = None,
    sheet: str | None = None,
    county: str | None = None,
    crs: str | None = None,
    report: Report = in_silence,
) -> Plan[CheckedLedger]:
    """What `import_ledger` would do; `otherwise` is the day of a file that has none.

    Raises InputError for a faulty file, AccessError for who may not.
    """
    workspace.person.check(Act.EDIT_FILES)
    day = as_of or newest_data_day(workspace)
    with workspace.reading() as connection:
        basis = newest_entry(connection)
        rules = rules_on(connection, day)
    tree = read_all_divisions(workspace, as_of=day)
    report(Progress("读取已有档案"))
    known = known_files(workspace)
    report(Progress("读取并核对台账"))
    checked = read_children(
        path,
        tree=tree,
        rosters=read_rosters(workspace, as_of=day),
        holders=_closed(workspace) | {key: item.held for key, item in known.items()},
        as_of=as_of,
        otherwise=otherwise,
        rules=rules,
        sheet=sheet,
        county=county,
        crs=crs,
        report=report,
    )
    holds = workspace.person.scope.holds
    checked = _refuse_held_elsewhere(workspace, checked, known, tree)
    checked = refuse_beyond(checked, lambda row: row.township is not None and holds(row.township))
    with workspace.reading() as connection:
        rules = rules_on(connection, checked.as_of)  # the paper may name its own day
    source = source_of(checked, checked.as_of)
    rows = [_sound(row, known, checked.as_of, rules) for row in checked.rows if row.is_accepted]

    def write(connection: Connection, stamp: Stamp) -> None:
        held = [row.before.file.file for row in rows if row.before]
        at_risk = files_at_risk(connection, workspace.ring, held)
        versions = (row.version(checked.as_of, at_risk) for row in rows)
        files = save_versions(connection, versions, import_id=stamp.import_id)
        due = checked.as_of + TASK_WITHIN
        add_tasks(
            connection,
            [(file, kind, due) for file, row in zip(files, rows, strict=True) for kind in row.tasks()],
        )
        demand = _demand_after(rows, known, checked.as_of, rules).assign(origin=LEDGERS["ledger"])
        save_demand_rows(connection, demand, valid_from=checked.as_of, stamp=stamp)

    return Plan(
        kind="ledger",
        checked=checked,
        source=source,
        day=checked.as_of,
        tree=tree,
        changes=tuple(row.change() for row in rows),
        write=write,
        basis=basis,
    )


@dataclass(frozen=True)
class _Sound:
    """An accepted row: its record, who holds the file, what the rules say, and the file it changes, if any."""

    place: Place
    record: ChildRecord
    township: str
    assessment: Assessment
    before: KnownFile | None

    def version(self, as_of: date, at_risk: Collection[str]) -> NewVersion:
        """The version that the row makes; `at_risk` are the files of children with an open protection event."""
        before = self.before.file if self.before else None
        return version_of(
            self.record,
            self.township,
            as_of,
            self.assessment,
            file=before,
            open_event=before is not None and before.file in at_risk,
        )

    def change(self) -> Change:
        """What the row does to what is held."""
        before = self.before.file if self.before else None
        return Change(
            place=self.place,
            area=self.township,
            old=self.before.record if self.before else None,
            new=self.record,
            version=f"{before.file}@{before.version}" if before else "",
        )

    def tasks(self) -> list[str]:
        """落户, 待办证, 复核 and 委托走访, as the record gives rise to them."""
        kinds = {
            "落户": self.record.id_number is None,
            "待办证": self.assessment.certificate is not None,
            "复核": bool(self.assessment.review),
            "委托走访": self.record.residence is None,
        }
        return [kind for kind, is_due in kinds.items() if is_due]


def _closed(workspace: Workspace) -> dict[str, Held]:
    """The closed files in the person's scope, by the key of the child: an older ledger does not open them again."""
    files = sorted(closed_files(workspace), key=lambda file: file.valid_to or date.max)
    held = [Held(file.township, file.valid_from, record_of(file), file.valid_to) for file in files]
    return {item.record.key: item for item in held}


def _held_key(row: ChildOutcome) -> str:
    """The key under which the workspace holds the child of an accepted row, if it does."""
    return row.previous_key or (row.record.key if row.record else "")


def _sound(row: ChildOutcome, known: Mapping[str, KnownFile], as_of: date, rules: RuleSet) -> _Sound:
    if row.record is None or row.township is None:
        raise ValueError(f"row {row.row} was accepted without a record")
    assessment = assess(facts(row.record, as_of, rules=rules), rules)
    return _Sound((row.sheet, row.row), row.record, row.township, assessment, known.get(_held_key(row)))


def _refuse_held_elsewhere(
    workspace: Workspace, checked: CheckedLedger, known: Mapping[str, KnownFile], tree: nx.DiGraph
) -> CheckedLedger:
    """Of children whom the person cannot see because another township holds them, only the township is told."""
    new = {
        row.record.key
        for row in checked.rows
        if row.is_accepted and row.record and _held_key(row) not in known
    }
    with workspace.reading() as connection:
        elsewhere = find_holders(connection, workspace.ring, new, on=checked.as_of)
    told = {
        key: tree.nodes[township]["name"] if township in tree else township
        for key, (_, township) in elsewhere.items()
    }
    return refuse_elsewhere(checked, told)


def _demand_after(
    rows: Sequence[_Sound], known: Mapping[str, KnownFile], as_of: date, rules: RuleSet
) -> pd.DataFrame:
    """The files counted anew in every village that the accepted rows come from or go to."""
    records = {item.file.file: item.record for item in known.values()}
    touched: set[str] = set()
    for row in rows:
        before = records.pop(row.before.file.file) if row.before else None
        touched |= {item.village for item in (before, row.record) if item and item.village}
    return demand_in(touched, [*records.values(), *(row.record for row in rows)], as_of, rules)
