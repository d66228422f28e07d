"""The child files that a visitor's papers tell of, as the person's role sees them, with the audit's line (R-EXPORT)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import partial

from planner.errors import InputError
from planner.store.audit import Action, record
from planner.store.child_rows import ChildFile, Choice, files_of, on_day
from planner.store.children import check_act
from planner.store.masking import seen, without_names
from planner.store.rates import within_rate
from planner.store.roles import Act
from planner.store.workspace import Workspace


def take_route_files(
    workspace: Workspace, files: Iterable[str], *, as_of: date, serial: str, reason: str, run: str
) -> dict[str, ChildFile]:
    """Of the files by number those that the person may see on a day, each cut to their role.

    The audit has the serial, the run and the number of files before anything is handed out. A file that is beyond
    the person's area by now is not among them. Raises AccessError where the role carries no route sheets,
    InputError without a reason.
    """
    check_act(workspace, Act.CARRY_SHEETS, Action.EXPORT, serial)
    if len(reason.strip()) < 2:
        raise InputError("没有写明打印的理由", "写明用途,如“1月定期走访”")
    person = workspace.person
    wanted = frozenset(files)
    statement = on_day(person.scope, as_of=as_of, known_at=None)
    statement = statement.where(Choice(files=wanted).condition())
    with within_rate(workspace, Action.EXPORT, serial) as connection:
        rows = connection.execute(statement)
        found = [file for _, file in files_of(workspace.ring, rows, partial(seen, person))]
        detail = {"as_of": as_of, "count": len(found), "list": "route-sheets", "run": run}
        why = without_names(reason, (file.content for file in found))
        record(connection, Action.EXPORT, serial, reason=why, detail=detail)
    return {file.file: file for file in found}
