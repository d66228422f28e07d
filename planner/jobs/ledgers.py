"""Ledgers of persons into the workspace: read and checked by the ledger, sound rows written in one transaction.

Unlike divisions and institutions, sound rows are taken although others are rejected; every row has its fate in
the report. Until the transaction commits nothing of a file is there, afterwards all of it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Generic, TypeVar

import pandas as pd
from sqlalchemy import Connection

from planner.jobs.files import digest_of
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
from planner.model.children import Held
from planner.model.demand import AgeBand, Category
from planner.model.rosters import Assistant, Duty, Rosters
from planner.model.visits import Visit
from planner.plugin import Progress
from planner.policy.assessment import assess
from planner.policy.from_record import facts
from planner.policy.needs import demand_of
from planner.policy.rules import DEFAULT_RULE_SET, RuleSet, load_rules
from planner.store.child_records import assistant_row, duty_row, record_of, version_of, visit_row
from planner.store.child_rows import ChildFile
from planner.store.children import NewVersion, find_holders, save_versions, whole_files
from planner.store.incomes import save_incomes
from planner.store.journal import Source, enter_journal
from planner.store.person_rows import Kind, read_rows, save_rows
from planner.store.reads import newest_data_day, read_all_divisions
from planner.store.roles import Act
from planner.store.scope import EVERYTHING
from planner.store.tasks import add_tasks
from planner.store.workspace import Workspace
from planner.store.writes import save_demand_rows

# 落户, 待办证, 复核, 委托走访: how long a task that a ledger gives rise to may wait (ours, not the document's).
TASK_WITHIN = timedelta(days=30)
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
    report(Progress("读取已有档案", None))
    held = {_key(file): file for file in whole_files(workspace, EVERYTHING, as_of=date.max)}
    report(Progress("读取并核对台账", None))
    checked = read_children(
        path,
        tree=read_all_divisions(workspace, as_of=day),
        rosters=read_rosters(workspace, as_of=day),
        holders={key: _held(file) for key, file in held.items()},
        as_of=as_of,
        rules=rules,
        sheet=sheet,
        county=county,
        crs=crs,
    )
    checked = _refuse_held_elsewhere(workspace, checked, held)
    accepted = [row for row in checked.rows if row.is_accepted]
    changed = sum(_file_key(row) in held for row in accepted)
    if not dry_run:
        report(Progress(f"写入{len(accepted)}份档案", None))
        with workspace.writing() as connection:
            stamp = enter_journal(connection, "ledger", _source(path, checked, checked.as_of, name))
            versions = [_version(row, held, checked.as_of, rules) for row in accepted]
            files = save_versions(connection, versions, import_id=stamp.import_id)
            add_tasks(connection, _tasks(zip(files, accepted, strict=True), checked.as_of, rules))
            demand = _demand_after(accepted, held, checked.as_of, rules).assign(origin=checked.file)
            save_demand_rows(connection, demand, valid_from=checked.as_of, stamp=stamp)
    return LedgerReport("ledger", checked, len(accepted) - changed, changed, not dry_run)


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
    tree = read_all_divisions(workspace, as_of=day)
    checked: CheckedRows[Any]
    if kind == "visits":
        checked = read_visits(
            path,
            tree=tree,
            holders={_key(file): _held(file) for file in whole_files(workspace, EVERYTHING, as_of=date.max)},
            as_of=day,
            rosters=read_rosters(workspace, as_of=day),
            county=county,
            sheet=sheet,
        )
    elif kind == "assistants":
        checked = read_assistants(path, tree=tree, county=county, sheet=sheet)
    elif kind == "cadres":
        checked = read_cadres(path, tree=tree, county=county, sheet=sheet)
    else:
        checked = read_incomes(path, sheet=sheet)
    if not dry_run:
        with workspace.writing() as connection:
            _save(workspace, connection, kind, checked, _source(path, checked, as_of, name), day)
    return LedgerReport(kind, checked, checked.accepted, 0, not dry_run)


def read_rosters(workspace: Workspace, *, as_of: date) -> Rosters:
    """The 民政协理员 and duties of a day in the person's scope."""
    assistants = map(Assistant.from_json, read_rows(workspace, "assistant", as_of=as_of))
    return Rosters.of(assistants, map(Duty.from_json, read_rows(workspace, "duty", as_of=as_of)))


def visits_by(workspace: Workspace, *, as_of: date) -> list[Visit]:
    """The visits up to a day of the files in the person's scope, by day."""
    visits = [Visit.from_json(text) for text in read_rows(workspace, "visit", as_of=as_of)]
    return sorted((visit for visit in visits if visit.day <= as_of), key=lambda item: (item.day, item.child))


def _key(file: ChildFile) -> str:
    return record_of(file).key


def _held(file: ChildFile) -> Held:
    return Held(file.township, file.valid_from, record_of(file))


def _file_key(row: ChildOutcome) -> str:
    """The key under which the workspace holds the child of an accepted row, if it does."""
    return row.previous_key or (row.record.key if row.record else "")


def _version(row: ChildOutcome, held: Mapping[str, ChildFile], as_of: date, rules: RuleSet) -> NewVersion:
    if row.record is None or row.township is None:
        raise ValueError(f"row {row.row} was accepted without a record")
    return version_of(row.record, row.township, as_of, rules, file=held.get(_file_key(row)))


def _refuse_held_elsewhere(
    workspace: Workspace, checked: CheckedLedger, held: Mapping[str, ChildFile]
) -> CheckedLedger:
    """Of children whom the person cannot see because another township holds them, only the township is told."""
    new = {
        row.record.key
        for row in checked.rows
        if row.is_accepted and row.record and _file_key(row) not in held
    }
    with workspace.reading() as connection:
        elsewhere = find_holders(connection, workspace.ring, new)
    names = read_all_divisions(workspace, as_of=checked.as_of).nodes
    told = {
        key: names[township]["name"] if township in names else township
        for key, (_, township) in elsewhere.items()
    }
    return refuse_elsewhere(checked, told)


def _tasks(
    saved: Iterable[tuple[str, ChildOutcome]], as_of: date, rules: RuleSet
) -> list[tuple[str, str, date]]:
    """(file, kind, due): 落户, 待办证, 复核 and 委托走访 as the record gives rise to them."""
    due = as_of + TASK_WITHIN
    wanted = []
    for file, row in saved:
        if row.record is None:
            continue
        assessment = assess(facts(row.record, as_of, rules=rules), rules)
        kinds = {
            "落户": row.record.id_number is None,
            "待办证": assessment.certificate is not None,
            "复核": bool(assessment.review),
            "委托走访": row.record.residence is None,
        }
        wanted += [(file, kind, due) for kind, is_due in kinds.items() if is_due]
    return wanted


def _demand_after(
    accepted: Sequence[ChildOutcome], held: Mapping[str, ChildFile], as_of: date, rules: RuleSet
) -> pd.DataFrame:
    """The files counted anew in every village that the accepted rows come from or go to.

    A village that has lost its last child keeps a row of 0: the counts before are no longer its own.
    """
    records = {key: record_of(file) for key, file in held.items()}
    touched: set[str] = set()
    for row in accepted:
        before = records.pop(_file_key(row), None)
        if row.record is not None:
            touched |= {item.village for item in (before, row.record) if item and item.village}
            records[row.record.key] = row.record
    counted = demand_of((item for item in records.values() if item.village in touched), as_of, rules)
    empty = pd.DataFrame(
        [
            (village, str(AgeBand.SCHOOL), str(Category.FAMILY), None, 0)
            for village in sorted(touched - set(counted["village"]))
        ],
        columns=counted.columns,
    )
    return pd.concat([frame for frame in (counted, empty) if len(frame)] or [counted], ignore_index=True)


def _save(
    workspace: Workspace,
    connection: Connection,
    kind: str,
    checked: CheckedRows[Any],
    source: Source,
    day: date,
) -> None:
    stamp = enter_journal(connection, kind, source)
    if kind == "incomes":
        save_incomes(connection, checked.records, stamp=stamp)
        return
    stored: Kind
    if kind == "visits":
        files = {_key(file): file for file in whole_files(workspace, EVERYTHING, as_of=date.max)}
        rows = [visit_row(item, files[item.child]) for item in checked.records]
        stored = "visit"
    elif kind == "assistants":
        rows, stored = [assistant_row(item) for item in checked.records], "assistant"
    else:
        rows, stored = [duty_row(item) for item in duties_of(checked)], "duty"
    save_rows(connection, stored, rows, valid_from=day, stamp=stamp)


def _source(path: Path, checked: CheckedRows[Any], as_of: date | None, name: str | None) -> Source:
    return Source(
        name=name or path.name,
        sha256=digest_of(path),
        as_of=as_of,
        read=checked.read,
        accepted=checked.accepted,
        skipped=checked.skipped,
        rejected=checked.rejected,
    )
