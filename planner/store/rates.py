"""How often a person may do what takes data out or gropes for it (R-RATE), counted in the audit itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from planner.errors import AccessError
from planner.store.audit import REFUSED, Action, record
from planner.store.protected import audit
from planner.store.workspace import Workspace

RATES: Mapping[Action, tuple[int, timedelta, str]] = {
    Action.EXPORT: (10, timedelta(hours=1), "一小时"),
    Action.FIND: (60, timedelta(minutes=1), "一分钟"),
}


def check_rate(workspace: Workspace, action: Action, object: str = "") -> None:
    """Raises AccessError where the person has done this as often as they may of late; the refusal is in the audit.

    The operator of the machine counts as one person; what was refused does not count.
    """
    most, span, in_words = RATES[action]
    mine = (
        audit.c.who == workspace.person.login,
        audit.c.action == action,
        audit.c.result != REFUSED,
        audit.c.at > datetime.now(UTC) - span,
    )
    with workspace.reading() as connection:
        count = connection.execute(select(func.count()).select_from(audit).where(*mine)).scalar_one()
    if count >= most:
        with workspace.writing() as connection:
            record(connection, action, object, result=REFUSED, detail={"rate": most})
        raise AccessError(f"{in_words}内{action}已满{most}次", "稍后再试;确有需要请分批办理")
