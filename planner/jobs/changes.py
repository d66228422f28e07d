"""A child's file changed by people: the version, the visits that go along, the counts of the villages; all or none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd
from sqlalchemy import Connection

from planner.errors import InputError
from planner.model.children import ChildRecord
from planner.model.layers import DEMO_ORIGIN
from planner.model.papers import CHANGES
from planner.model.visits import Visit
from planner.policy.assessment import Assessment, assess
from planner.policy.from_record import facts
from planner.policy.needs import demand_in
from planner.policy.rules import RuleSet
from planner.store.audit import trail_of
from planner.store.carrying import counts_are_generated, demand_days, home_of, versions_since
from planner.store.child_records import record_of, version_of, visit_row
from planner.store.child_rows import ChildFile
from planner.store.child_saving import NewVersion, move_versions
from planner.store.events import files_at_risk
from planner.store.journal import Source, Stamp, enter_journal
from planner.store.masking import mask_name
from planner.store.person_rows import PersonRow, carry_rows
from planner.store.rule_sets import rules_on
from planner.store.writes import save_demand_rows


@dataclass(frozen=True)
class Change:
    """What a file becomes: its record, which township holds it, and from which day on."""

    file: ChildFile
    record: ChildRecord
    township: str
    day: date

    @property
    def begins(self) -> date:
        """From which day the new version holds: never before the one that it follows."""
        return max(self.day, self.file.valid_from)


def check_reason(reason: str) -> str:
    """The reason without blanks around it. Raises InputError where there is none."""
    if len(reason.strip()) < 2:
        raise InputError("没有写明理由", "写明理由,如“随父母迁居”")
    return reason.strip()


def discreet(reason: str, *records: ChildRecord) -> str:
    """A reason without the names of the child and the guardian: the audit holds nothing personal in the clear."""
    for name in {name for record in records for name in (record.name, record.guardian) if name}:
        reason = reason.replace(name, mask_name(name))
    return reason


def check_past(day: date, what: str) -> None:
    """Raises InputError for a day that is yet to come."""
    if day > date.today():
        raise InputError(f"{what}日期{day.isoformat()}还没有到", "填今天或以前的日期")


def begin_change(connection: Connection, kind: str, count: int, day: date) -> Stamp:
    """Enter into the journal that people changed `count` files; `kind` is one of CHANGES."""
    return enter_journal(connection, kind, Source(CHANGES[kind], "", day, count, count, 0))


def save_changes(connection: Connection, changes: Sequence[Change], *, stamp: Stamp) -> list[NewVersion]:
    """Save the new versions, and let the visits go along. Raises as `move_versions`.

    The counts are left to the caller, who knows all the villages: see `recount`.
    """
    ring = trail_of(connection).keys.ring
    at_risk = files_at_risk(connection, ring, [change.file.file for change in changes])
    rules = {day: rules_on(connection, day) for day in {change.begins for change in changes}}
    versions = [
        version_of(
            change.record,
            change.township,
            change.begins,
            _assessment(change, rules[change.begins]),
            file=change.file,
            open_event=change.file.file in at_risk,
        )
        for change in changes
    ]
    move_versions(connection, versions, import_id=stamp.import_id)
    _carry_visits(connection, changes, versions, stamp)
    return versions


def _assessment(change: Change, rules: RuleSet) -> Assessment:
    return assess(facts(change.record, change.begins, rules=rules), rules)


def touched_by(changes: Iterable[Change]) -> dict[str, set[date]]:
    """The villages whose counts change, and on which days."""
    touched: dict[str, set[date]] = defaultdict(set)
    for change in changes:
        for village in (record_of(change.file).village, change.record.village):
            if village is not None:
                touched[village].add(change.begins)
    return touched


def recount(
    connection: Connection,
    touched: Mapping[str, Collection[date]],
    *,
    kind: str,
    stamp: Stamp,
) -> None:
    """Count the files of villages anew, on the days given and on every later day of which counts are known."""
    if not touched:
        return
    known = demand_days(connection, touched)
    at: dict[date, set[str]] = defaultdict(set)
    for village, days in touched.items():
        for day in {*days, *(later for later in known.get(village, ()) if later > min(days))}:
            at[day].add(village)
    origin = DEMO_ORIGIN if counts_are_generated(connection, touched) else CHANGES[kind]
    histories: dict[str, list[ChildFile]] = defaultdict(list)
    ever_in: dict[str, set[str]] = defaultdict(set)
    for version in versions_since(connection, min(at), touched):
        histories[version.file].append(version)
        if version.content:
            ever_in[str(home_of(version.content))].add(version.file)
    records: dict[tuple[str, int], ChildRecord] = {}
    for day, villages in sorted(at.items()):
        living = []
        for file in sorted(set().union(*(ever_in[village] for village in villages))):
            begun = [version for version in histories[file] if version.valid_from <= day]
            if begun and begun[-1].content and (begun[-1].valid_to is None or begun[-1].valid_to > day):
                key = begun[-1].file, begun[-1].version
                if key not in records:
                    records[key] = record_of(begun[-1])
                living.append(records[key])
        counted = demand_in(villages, living, day, rules_on(connection, day)).assign(origin=origin)
        save_demand_rows(connection, counted, valid_from=day, stamp=stamp)
    save_unknown_before(connection, set(touched) - set(known), stamp)


def save_unknown_before(connection: Connection, villages: Collection[str], stamp: Stamp) -> None:
    """Say that villages had no children before they are first counted, so that nobody is counted twice."""
    if villages:
        none = pd.DataFrame({"village": sorted(villages)}).assign(
            age_band="", category="", need=None, children=0, origin="", valid_to=date.min
        )
        save_demand_rows(connection, none, valid_from=date.min, stamp=stamp)


def _carry_visits(
    connection: Connection, changes: Sequence[Change], versions: Sequence[NewVersion], stamp: Stamp
) -> None:
    """Hand the visits to whoever holds the file now, under the key that the child has now."""
    goes: dict[str, tuple[str, NewVersion]] = {}
    for change, version in zip(changes, versions, strict=True):
        before, after = record_of(change.file), change.record
        moves = (change.file.township, change.file.village) != (version.township, version.village)
        if moves or before.key != after.key:
            for key in (before.key_without_id, before.key):  # visits may be older than the ID number
                goes[key] = after.key, version

    def carried(row: PersonRow) -> list[PersonRow]:
        visit = Visit.from_json(row.content)
        if visit.child not in goes:
            return [row]
        key, version = goes[visit.child]
        return [visit_row(visit.of(key), version)]

    if goes:
        townships = {change.file.township for change in changes}
        carry_rows(connection, "visit", carried, townships=townships, stamp=stamp)
