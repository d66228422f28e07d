"""How often a person may do what takes data out or gropes for it (R-RATE), counted in the audit itself.

It is counted in the transaction that writes the line which the next one counts: of two at once one comes later.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, func, select

from planner.errors import AccessError
from planner.store.audit import REFUSED, Action, record
from planner.store.protected import audit
from planner.store.workspace import Workspace

RATES: Mapping[Action, tuple[int, timedelta, str]] = {
    Action.EXPORT: (10, timedelta(hours=1), "一小时"),
    Action.FIND: (60, timedelta(minutes=1), "一分钟"),
}


@contextmanager
def within_rate(workspace: Workspace, action: Action, object: str = "") -> Iterator[Connection]:
    """As `Workspace.writing`; whoever uses it adds the line of the action, which counts.

    Raises AccessError before anything where the person has done this as often as they may of late; the refusal is
    in the audit. The operator of the machine counts as one person; what was refused does not count.
    """
    most, span, in_words = RATES[action]
    mine = (
        audit.c.who == workspace.person.login,
        audit.c.action == action,
        audit.c.result != REFUSED,
        audit.c.at > datetime.now(UTC) - span,
    )
    with workspace.writing() as connection:
        count = connection.execute(select(func.count()).select_from(audit).where(*mine)).scalar_one()
        if count < most:
            yield connection
            return
        record(connection, action, object, result=REFUSED, detail={"rate": most})
    raise AccessError(f"{in_words}内{action}已满{most}次", "稍后再试;确有需要请分批办理")
