"""Which rule set is in force from which day: a dated choice of the whole workspace, only ever added to."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import Connection, func, insert, select

from planner.errors import AccessError
from planner.policy.rules import DEFAULT_RULE_SET, RuleSet, load_rules
from planner.store.audit import Action, record, trail_of
from planner.store.child_rows import held
from planner.store.roles import Act
from planner.store.scope import EVERYTHING
from planner.store.tables import rule_sets
from planner.store.workspace import Workspace


def rule_set_on(workspace: Workspace, day: date) -> str:
    """The id of the rule set in force on a day: the one that began last, chosen last where two began together."""
    with workspace.reading() as connection:
        return rules_on(connection, day).id


def rules_on(connection: Connection, day: date) -> RuleSet:
    """The rule set in force on a day, as `rule_set_on` names it."""
    statement = (
        select(rule_sets.c.rule_set)
        .where(rule_sets.c.valid_from <= day)
        .order_by(rule_sets.c.valid_from.desc(), rule_sets.c.id.desc())
        .limit(1)
    )
    found: str | None = connection.execute(statement).scalar()
    return load_rules(found or DEFAULT_RULE_SET)


def choose_rule_set(connection: Connection, rule_set: str, *, valid_from: date, changed: int) -> None:
    """Put a rule set in force from a day on; `changed` files were assessed anew in the same transaction.

    Raises AccessError for who may not, or has not all the files of the workspace in scope.
    """
    trail = trail_of(connection)
    trail.person.check(Act.SWITCH_RULES)
    count = select(func.count())
    everyone = connection.execute(count.select_from(held(EVERYTHING).subquery())).scalar_one()
    own = connection.execute(count.select_from(held(trail.person.scope).subquery())).scalar_one()
    if own != everyone:
        raise AccessError("工作区里还有不归您管辖的档案,不能更换规则集", "请由管辖整个工作区的县民政人员办理")
    values = {
        "rule_set": rule_set,
        "valid_from": valid_from,
        "recorded_at": datetime.now(UTC),
        "who": trail.person.login,
    }
    connection.execute(insert(rule_sets).values(values))
    record(connection, Action.RULES_SWITCH, rule_set, detail={"from": valid_from, "changed": changed})
