"""Ledgers of persons into the workspace: read and checked by the ledger, sound rows written in one transaction.

Unlike divisions and institutions, sound rows are taken although others are rejected; every row has its fate in
the report. Until the transaction commits nothing of a file is there, afterwards all of it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Generic, TypeVar

import networkx as nx
import pandas as pd

from planner.ledger import (
    CheckedLedger,
    CheckedRows,
    ChildOutcome,
    duties_of,
    read_assistants,
    read_cadres,
    read_children,
    read_incomes,
    read_visits,
    refuse_elsewhere,
)
from planner.model.children import ChildRecord, Held
from planner.model.demand import AgeBand, Category
from planner.model.rosters import Assistant, Duty, Rosters
from planner.model.visits import Visit
from planner.plugin import Progress
from planner.policy.assessment import Assessment, assess
from planner.policy.from_record import facts
from planner.policy.needs import demand_of
from planner.policy.rules import DEFAULT_RULE_SET, RuleSet, load_rules
from planner.store.child_records import assistant_row, duty_row, record_of, version_of, visit_row
from planner.store.child_rows import ChildFile
from planner.store.children import NewVersion, each_whole_file, find_holders, save_versions
from planner.store.incomes import save_incomes
from planner.store.journal import Source, enter_journal
from planner.store.person_rows import Kind, PersonRow, read_rows, save_rows
from planner.store.reads import newest_data_day, read_all_divisions
from planner.store.roles import Act
from planner.store.scope import EVERYTHING
from planner.store.tasks import add_tasks
from planner.store.workspace import Workspace
from planner.store.writes import save_demand_rows

# 落户, 待办证, 复核, 委托走访: how long a task that a ledger gives rise to may wait (ours, not the document's).
TASK_WITHIN = timedelta(days=30)
_TOLD_BY_RECORD: Mapping[str, Any] = {}  # fifty thousand contents would take 300 MB
Checked = TypeVar("Checked", bound=CheckedRows[Any])


@dataclass(frozen=True)
class LedgerReport(Generic[Checked]):
    """What became of a file: the fate of each row, and of the accepted ones how many were new or changed.

    `written` is False for a trial run.
    """

    kind: str
    checked: Checked
    added: int
    changed: int
    written: bool


def import_ledger(
    workspace: Workspace,
    path: Path,
    *,
    as_of: date | None = None,
    sheet: str | None = None,
    county: str | None = None,
    crs: str | None = None,
    name: str | None = None,
    dry_run: bool = False,
    report: Callable[[Progress], None] = lambda progress: None,
) -> LedgerReport[CheckedLedger]:
    """Import a 困境儿童台账 in one transaction; `name` is the file's name where `path` is a copy.

    `as_of` goes before the file's 填报日期. With `dry_run` nothing is written. Raises InputError for a faulty
    file, AccessError for who may not; then nothing is written either.
    """
    workspace.person.check(Act.EDIT_FILES)
    rules = load_rules(DEFAULT_RULE_SET)
    day = as_of or newest_data_day(workspace)
    tree = read_all_divisions(workspace, as_of=day)
    report(Progress("读取已有档案", None))
    known = _known_files(workspace)
    report(Progress("读取并核对台账", None))
    checked = read_children(
        path,
        tree=tree,
        rosters=read_rosters(workspace, as_of=day),
        holders={key: item.held for key, item in known.items()},
        as_of=as_of,
        rules=rules,
        sheet=sheet,
        county=county,
        crs=crs,
        told=lambda done, total: report(Progress(f"核对第{done}行,共{total}行", done / total)),
    )
    checked = _refuse_held_elsewhere(workspace, checked, known, tree)
    rows = [_sound(row, known, checked.as_of, rules) for row in checked.rows if row.is_accepted]
    changed = sum(row.before is not None for row in rows)
    if not dry_run:
        report(Progress(f"写入{len(rows)}份档案", None))
        with workspace.writing() as connection:
            stamp = enter_journal(connection, "ledger", _source(checked, checked.as_of, name))
            versions = (row.version(checked.as_of) for row in rows)
            files = save_versions(connection, versions, import_id=stamp.import_id)
            due = checked.as_of + TASK_WITHIN
            add_tasks(
                connection,
                [(file, kind, due) for file, row in zip(files, rows, strict=True) for kind in row.tasks()],
            )
            demand = _demand_after(rows, known, checked.as_of, rules).assign(origin=checked.file)
            save_demand_rows(connection, demand, valid_from=checked.as_of, stamp=stamp)
    return LedgerReport("ledger", checked, len(rows) - changed, changed, not dry_run)


def import_rows(
    workspace: Workspace,
    kind: str,
    path: Path,
    *,
    as_of: date | None = None,
    sheet: str | None = None,
    county: str | None = None,
    name: str | None = None,
    dry_run: bool = False,
) -> LedgerReport[CheckedRows[Any]]:
    """Import visits, a roster of 民政协理员, the duties of cadres, or income figures, in one transaction.

    A roster replaces that of the townships it names from `as_of` on (None: today); a visit that is told again
    is corrected. Raises as `import_ledger`.
    """
    workspace.person.check(Act.EDIT_FILES)
    day = as_of or date.today()
    known = _known_files(workspace) if kind == "visits" else {}
    checked = _read(workspace, kind, path, known, as_of=day, sheet=sheet, county=county)
    if not dry_run:
        with workspace.writing() as connection:
            stamp = enter_journal(connection, kind, _source(checked, as_of, name))
            if kind == "incomes":
                save_incomes(connection, checked.records, stamp=stamp)
            else:
                stored, rows = _person_rows(kind, checked, known)
                save_rows(connection, stored, rows, valid_from=day, stamp=stamp)
    return LedgerReport(kind, checked, checked.accepted, 0, not dry_run)


def read_rosters(workspace: Workspace, *, as_of: date) -> Rosters:
    """The 民政协理员 and duties of a day in the person's scope."""
    assistants = map(Assistant.from_json, read_rows(workspace, "assistant", as_of=as_of))
    return Rosters.of(assistants, map(Duty.from_json, read_rows(workspace, "duty", as_of=as_of)))


def visits_by(workspace: Workspace, *, as_of: date) -> list[Visit]:
    """The visits up to a day of the files in the person's scope, by day."""
    visits = [Visit.from_json(text) for text in read_rows(workspace, "visit", as_of=as_of)]
    return sorted((visit for visit in visits if visit.day <= as_of), key=lambda item: (item.day, item.child))


def _read(
    workspace: Workspace,
    kind: str,
    path: Path,
    known: Mapping[str, _Known],
    *,
    as_of: date,
    sheet: str | None,
    county: str | None,
) -> CheckedRows[Any]:
    """The checked rows of a file of visits, 民政协理员, duties or incomes."""
    if kind == "incomes":
        return read_incomes(path, sheet=sheet)
    tree = read_all_divisions(workspace, as_of=as_of)
    if kind == "assistants":
        return read_assistants(path, tree=tree, county=county, sheet=sheet)
    if kind == "cadres":
        return read_cadres(path, tree=tree, county=county, sheet=sheet)
    return read_visits(
        path,
        tree=tree,
        holders={key: item.held for key, item in known.items()},
        as_of=as_of,
        rosters=read_rosters(workspace, as_of=as_of),
        county=county,
        sheet=sheet,
    )


@dataclass(frozen=True)
class _Known:
    """A file that the workspace holds, and the record in it, which stands for the content."""

    file: ChildFile
    record: ChildRecord

    @property
    def held(self) -> Held:
        """As the ledger is told of it."""
        return Held(self.file.township, self.file.valid_from, self.record)


@dataclass(frozen=True)
class _Sound:
    """An accepted row: its record, who holds the file, what the rules say, and the file it changes, if any."""

    record: ChildRecord
    township: str
    assessment: Assessment
    before: _Known | None

    def version(self, as_of: date) -> NewVersion:
        """The version that the row makes."""
        before = self.before.file if self.before else None
        return version_of(self.record, self.township, as_of, self.assessment, file=before)

    def tasks(self) -> list[str]:
        """落户, 待办证, 复核 and 委托走访, as the record gives rise to them."""
        kinds = {
            "落户": self.record.id_number is None,
            "待办证": self.assessment.certificate is not None,
            "复核": bool(self.assessment.review),
            "委托走访": self.record.residence is None,
        }
        return [kind for kind, is_due in kinds.items() if is_due]


def _known_files(workspace: Workspace) -> dict[str, _Known]:
    """The newest version of every file in the person's scope, by the key of the child."""
    files = each_whole_file(workspace, EVERYTHING, as_of=date.max)
    known = (_Known(replace(file, content=_TOLD_BY_RECORD), record_of(file)) for file in files)
    return {item.record.key: item for item in known}


def _held_key(row: ChildOutcome) -> str:
    """The key under which the workspace holds the child of an accepted row, if it does."""
    return row.previous_key or (row.record.key if row.record else "")


def _sound(row: ChildOutcome, known: Mapping[str, _Known], as_of: date, rules: RuleSet) -> _Sound:
    if row.record is None or row.township is None:
        raise ValueError(f"row {row.row} was accepted without a record")
    assessment = assess(facts(row.record, as_of, rules=rules), rules)
    return _Sound(row.record, row.township, assessment, known.get(_held_key(row)))


def _refuse_held_elsewhere(
    workspace: Workspace, checked: CheckedLedger, known: Mapping[str, _Known], tree: nx.DiGraph
) -> CheckedLedger:
    """Of children whom the person cannot see because another township holds them, only the township is told."""
    new = {
        row.record.key
        for row in checked.rows
        if row.is_accepted and row.record and _held_key(row) not in known
    }
    with workspace.reading() as connection:
        elsewhere = find_holders(connection, workspace.ring, new)
    told = {
        key: tree.nodes[township]["name"] if township in tree else township
        for key, (_, township) in elsewhere.items()
    }
    return refuse_elsewhere(checked, told)


def _demand_after(
    rows: Sequence[_Sound], known: Mapping[str, _Known], as_of: date, rules: RuleSet
) -> pd.DataFrame:
    """The files counted anew in every village that the accepted rows come from or go to.

    A village that has lost its last child keeps a row of 0: the counts before are no longer its own.
    """
    records = {item.file.file: item.record for item in known.values()}
    touched: set[str] = set()
    for row in rows:
        before = records.pop(row.before.file.file) if row.before else None
        touched |= {item.village for item in (before, row.record) if item and item.village}
    living = [*records.values(), *(row.record for row in rows)]
    counted = demand_of((item for item in living if item.village in touched), as_of, rules)
    empty = pd.DataFrame(
        [
            (village, str(AgeBand.SCHOOL), str(Category.FAMILY), None, 0)
            for village in sorted(touched - set(counted["village"]))
        ],
        columns=counted.columns,
    )
    return pd.concat([frame for frame in (counted, empty) if len(frame)] or [counted], ignore_index=True)


def _person_rows(
    kind: str, checked: CheckedRows[Any], known: Mapping[str, _Known]
) -> tuple[Kind, list[PersonRow]]:
    """What the store keeps of visits, 民政协理员 or duties."""
    if kind == "visits":
        return "visit", [visit_row(item, known[item.child].file) for item in checked.records]
    if kind == "assistants":
        return "assistant", [assistant_row(item) for item in checked.records]
    return "duty", [duty_row(item) for item in duties_of(checked)]


def _source(checked: CheckedRows[Any], as_of: date | None, name: str | None) -> Source:
    return Source(
        name=name or checked.file,
        sha256=checked.sha256,
        as_of=as_of,
        read=checked.read,
        accepted=checked.accepted,
        skipped=checked.skipped,
        rejected=checked.rejected,
    )
