"""Another rule set for the whole workspace: who would gain or lose a class, and the switch itself.

Nobody is dropped silently (A-04): every file whose class or allowance would change is in the list, with the
clauses and reasons. The switch saves the changed files as new versions, counts their villages anew, and puts the
rule set in force, all in one transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import networkx as nx
import pandas as pd

from planner.documents.child_columns import name_of
from planner.errors import InputError
from planner.jobs.exports import Export, write_marked
from planner.model.children import ChildRecord
from planner.model.layers import DEMAND, DEMO_ORIGIN, Layer, column
from planner.policy.assessment import Change, assess, switch_rule_set
from planner.policy.from_record import facts
from planner.policy.needs import demand_in
from planner.policy.rules import RuleSet, load_rules
from planner.store.audit import Action, record
from planner.store.child_records import record_of, version_of
from planner.store.children import ORDERS, ChildFile, NewVersion, save_versions, whole_files
from planner.store.events import files_at_risk
from planner.store.journal import Source, enter_journal
from planner.store.masking import seen
from planner.store.reads import has_demo_rows, read_all_divisions, read_layer
from planner.store.roles import Act
from planner.store.rule_sets import choose_rule_set, rule_set_on
from planner.store.scope import EVERYTHING
from planner.store.workspace import Workspace
from planner.store.writes import save_demand_rows

STALE = "档案上的类型与档案内容不符,按内容重新核定"
CHANGES = Layer(
    "rule-changes",
    "规则集更换影响名单",
    {
        name: column(str, title, nullable=True, personal=True)
        for name, title in {
            "file": "档案编号",
            "name": "姓名",
            "place": "村(居)",
            "before": "原类型",
            "after": "新类型",
            "tier_before": "原养育津贴",
            "tier_after": "新养育津贴",
            "clauses_before": "原依据",
            "clauses_after": "新依据",
            "reasons": "说明",
        }.items()
    },
    key=("file",),
    description="更换规则集后类型或养育津贴会变的每一份档案",
)


@dataclass(frozen=True)
class Affected:
    """A file that the switch changes: classes and allowance before and after, with clauses and reasons.

    `before` is what stands on the file; `name` is what the person may see of it.
    """

    file: str
    area: str
    name: str | None
    before: tuple[str, ...]
    after: tuple[str, ...]
    tier_before: str
    tier_after: str
    clauses_before: tuple[str, ...]
    clauses_after: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Switch:
    """What a switch does, or did: of how many files `affected` change; `written` where anything was saved."""

    before: str
    after: str
    as_of: date
    files: int
    affected: tuple[Affected, ...]
    written: bool = False


@dataclass(frozen=True)
class _Plan:
    """A switch with what it saves."""

    switch: Switch
    versions: tuple[NewVersion, ...]
    demand: pd.DataFrame


def preview_switch(workspace: Workspace, rule_set: str, *, as_of: date) -> Switch:
    """Who would gain or lose a class or change allowance, of the files in the person's scope.

    Raises InputError for an unknown rule set, AccessError where the role sees no files.
    """
    plan = _plan(workspace, rule_set, as_of)
    with workspace.writing() as connection:
        detail = {"as_of": as_of, "count": len(plan.switch.affected)}
        record(connection, Action.LIST, f"规则集 {rule_set}", detail=detail)
    return plan.switch


def switch(workspace: Workspace, rule_set: str, *, as_of: date) -> Switch:
    """Put a rule set in force from a day on and save what changes, all or nothing; done again it does nothing.

    Raises InputError too where a file has a version that begins later, AccessError where the person may not
    decide for the whole workspace.
    """
    workspace.person.check(Act.SWITCH_RULES)
    with workspace.writing() as connection:  # nobody else saves a file while the list is drawn up
        plan = _plan(workspace, rule_set, as_of)
        if plan.switch.before == rule_set and not plan.versions:
            return plan.switch
        count = len(plan.versions)
        choose_rule_set(connection, rule_set, valid_from=as_of, changed=count)
        source = Source(
            name=rule_set,
            sha256=sha256(rule_set.encode()).hexdigest(),
            as_of=as_of,
            read=plan.switch.files,
            accepted=count,
            skipped=plan.switch.files - count,
        )
        stamp = enter_journal(connection, "rules", source)  # a decision, even where it changes no file
        if plan.versions:
            save_versions(connection, plan.versions, import_id=stamp.import_id)
            save_demand_rows(connection, plan.demand, valid_from=as_of, stamp=stamp)
    return replace(plan.switch, written=True)


def export_switch(workspace: Workspace, found: Switch, out: Path) -> Export:
    """Write the list as an xlsx workbook, marked and audited as every paper about children."""
    tree = read_all_divisions(workspace, as_of=found.as_of)
    rows = [affected_record(item, tree) for item in found.affected]
    frame = pd.DataFrame(rows, columns=list(CHANGES.columns))
    reason = f"核对规则集由{found.before}换为{found.after}的影响"
    return write_marked(workspace, out, CHANGES, frame, as_of=found.as_of, reason=reason)


def affected_record(item: Affected, tree: nx.DiGraph) -> dict[str, str | None]:
    """A row of the list, in words."""
    return {
        "file": item.file,
        "name": item.name,
        "place": name_of(item.area, tree),
        "before": "、".join(item.before) or "无",
        "after": "、".join(item.after) or "无",
        "tier_before": item.tier_before,
        "tier_after": item.tier_after,
        "clauses_before": "、".join(item.clauses_before) or "—",
        "clauses_after": "、".join(item.clauses_after) or "—",
        "reasons": ";".join(item.reasons),
    }


def _plan(workspace: Workspace, rule_set: str, as_of: date) -> _Plan:
    after = load_rules(rule_set)
    before = load_rules(rule_set_on(workspace, as_of))
    listed = sorted(whole_files(workspace, EVERYTHING, as_of=as_of), key=ORDERS["village"])
    files = {file.file: file for file in listed}
    _refuse_later(workspace, as_of)
    records = {key: record_of(file) for key, file in files.items()}
    changes = {
        change.key: change
        for change in switch_rule_set(
            ((key, facts(item, as_of, rules=before)) for key, item in records.items()), before, after
        )
    }
    with workspace.reading() as connection:
        risky = files_at_risk(connection, workspace.ring, files)
    versions = {
        key: _version(file, records[key], as_of, after, open_event=key in risky)
        for key, file in files.items()
    }
    affected = [
        _affected(workspace, file, versions[key], changes.get(key))
        for key, file in files.items()
        if key in changes or set(file.categories) != set(versions[key].categories)
    ]
    saved = [
        version
        for key, version in versions.items()
        if (version.categories, version.grade) != (files[key].categories, files[key].grade)
    ]
    found = Switch(before.id, after.id, as_of, len(files), tuple(affected))
    return _Plan(found, tuple(saved), _demand(workspace, records, saved, as_of, after))


def _refuse_later(workspace: Workspace, as_of: date) -> None:
    """Raises InputError where a file has a version that begins after the day."""
    later = [file for file in whole_files(workspace, EVERYTHING, as_of=date.max) if file.valid_from > as_of]
    if later:
        newest = max(file.valid_from for file in later)
        raise InputError(
            f"有{len(later)}份档案已有{as_of.isoformat()}以后的版本,不能从这一天起更换规则集",
            f"用 --as-of {newest.isoformat()} 或以后的日期",
        )


def _version(
    file: ChildFile, item: ChildRecord, as_of: date, rules: RuleSet, *, open_event: bool
) -> NewVersion:
    """The version that a file has under `rules`: its places and its end stay as they are."""
    assessment = assess(facts(item, as_of, rules=rules), rules)
    version = version_of(item, file.township, as_of, assessment, file=file, open_event=open_event)
    return replace(
        version, village=file.village, hukou_village=file.hukou_village, valid_to=file.valid_to, person=None
    )


def _affected(workspace: Workspace, file: ChildFile, version: NewVersion, change: Change | None) -> Affected:
    return Affected(
        file=file.file,
        area=file.area,
        name=seen(workspace.person, file.content, file.area).get("name"),
        before=file.categories,
        after=version.categories,
        tier_before=change.tier_before.label if change else "",
        tier_after=change.tier_after.label if change else "",
        clauses_before=change.clauses_before if change else (),
        clauses_after=change.clauses_after if change else (),
        reasons=change.reasons if change else (STALE,),
    )


def _demand(
    workspace: Workspace,
    records: Mapping[str, ChildRecord],
    saved: list[NewVersion],
    as_of: date,
    rules: RuleSet,
) -> pd.DataFrame:
    """The villages of the changed files counted anew; rows that were generated stay marked as such."""
    villages = {records[str(version.file)].village for version in saved} - {None}
    counted = demand_in(sorted(map(str, villages)), records.values(), as_of, rules)
    known: Any = read_layer(workspace, DEMAND, EVERYTHING, as_of=as_of)
    origins = dict(zip(known["village"], known["origin"], strict=True))
    other = DEMO_ORIGIN if has_demo_rows(workspace, as_of=as_of) else rules.title
    return counted.assign(origin=[origins.get(village, other) for village in counted["village"]])
