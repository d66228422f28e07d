"""The people of the demo into the store: files, tasks, rosters, duties, visits, events; in one transaction."""

from __future__ import annotations

from functools import partial

from planner.demo.days import DATA_DAY
from planner.demo.people_content import People
from planner.model.divisions import Level, ancestor_code
from planner.policy.assessment import assess
from planner.policy.from_record import facts
from planner.policy.rules import DEFAULT_RULE_SET, load_rules
from planner.store.child_records import assistant_row, cadre_row, duty_row, event_of, version_of, visit_row
from planner.store.child_saving import save_versions
from planner.store.events import save_event
from planner.store.journal import Source, enter_journal
from planner.store.person_rows import save_rows
from planner.store.workspace import Workspace


def save_people(workspace: Workspace, people: People, source: Source) -> None:
    """Write everybody as of DATA_DAY. A child who lives outside the county is held by the township of 户籍."""
    rules = load_rules(DEFAULT_RULE_SET)
    at_risk = {event.child for event in people.events if event.is_open}
    versions = {
        record.key: version_of(
            record,
            ancestor_code(str(record.village), Level.TOWNSHIP),
            DATA_DAY,
            assess(facts(record, DATA_DAY, rules=rules), rules),
            open_event=record.key in at_risk,
        )
        for record in people.children
    }
    with workspace.writing() as connection:
        stamp = enter_journal(connection, "ledger", source)
        files = save_versions(connection, list(versions.values()), import_id=stamp.import_id)
        save = partial(save_rows, connection, valid_from=DATA_DAY, stamp=stamp)
        save("assistant", [assistant_row(item) for item in people.assistants])
        save("cadre", [cadre_row(item) for item in people.cadres])
        save("duty", [duty_row(item) for item in people.duties])
        save("visit", [visit_row(item, versions[item.child]) for item in people.visits])
        file_of = dict(zip(versions, files, strict=True))
        for event in people.events:
            save_event(connection, event_of(event, file_of.get(event.child)))
