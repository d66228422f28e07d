"""更正: name, ID number, birthday, sex and disability certificate of a file, with a reason that is kept.

What the numbers say must fit, as in a ledger: nothing is made to fit silently.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from planner.errors import InputError
from planner.jobs.changes import (
    Change,
    begin_change,
    check_reason,
    discreet,
    recount,
    save_changes,
    touched_by,
)
from planner.ledger import certificate_of, child_name, child_number, number_tells
from planner.model.children import ChildRecord
from planner.model.words import Sex
from planner.store.audit import Action, record, typed
from planner.store.carrying import held_file
from planner.store.child_records import record_of
from planner.store.children import check_act
from planner.store.roles import Act
from planner.store.tasks import end_tasks
from planner.store.workspace import Workspace


def correct(
    workspace: Workspace,
    file: str,
    *,
    reason: str,
    name: str | None = None,
    id_number: str | None = None,
    birth: date | None = None,
    sex: Sex | None = None,
    disability_cert: str | None = None,
    expected: int | None = None,
) -> int:
    """Correct what identifies a child; the new version. None keeps what the file has.

    A correction is of what was known, not of the world: it holds from the day from which the newest version
    holds. Class, tier and grade are worked out anew. `expected` is the version that was looked at (None: the
    newest). Raises InputError for values that cannot be or do not fit each other, ConflictError for another
    version, a closed file, or a child who has a file elsewhere (of which the township alone is told).
    """
    check_act(workspace, Act.EDIT_FILES, Action.CORRECT, typed(file))
    reason = check_reason(reason)
    given: dict[str, Any] = {"sex": sex, "birth": birth}
    given |= {"name": name and child_name(name), "id_number": id_number and child_number(id_number)}
    with workspace.writing() as connection:
        held = held_file(connection, file, expected=expected)
        before = record_of(held)
        told = {field: value for field, value in given.items() if value is not None}
        if birth is not None:
            told["birth_month"] = None
        if disability_cert is not None:
            told |= certificate_of(disability_cert)
        after = replace(before, **told)
        if after == before:
            raise InputError("没有要更正的内容", "给出与档案不同的姓名、身份证号、出生日期或性别")
        _check_fits(after)
        change = Change(held, after, held.township, held.valid_from)
        stamp = begin_change(connection, "correction", 1, change.begins)
        (version,) = save_changes(connection, [change], stamp=stamp)
        recount(connection, touched_by([change]), kind="correction", stamp=stamp)
        if before.id_number is None and after.id_number is not None:
            end_tasks(connection, [file], state="done", kind="落户")
        changed = sorted(field for field in told if getattr(before, field) != getattr(after, field))
        detail = {"version": version.expected + 1, "fields": changed}
        record(connection, Action.CORRECT, file, reason=discreet(reason, before, after), detail=detail)
    return version.expected + 1


def _check_fits(record: ChildRecord) -> None:
    """Raises InputError where birthday, sex or certificate are not those of the ID number, or the birth is to come."""
    if record.birth is not None and record.birth > date.today():
        raise InputError("出生日期还没有到", "核对出生日期")
    if record.id_number is None:
        if record.disability_cert is not None:
            raise InputError("有残疾证号而没有身份证号", "同时更正身份证号")
        return
    birth, sex = number_tells(record.id_number)
    if record.birth != birth:
        raise InputError("身份证号与出生日期不一致", "常见原因是错填了兄弟姐妹的身份证号;确有误的一并更正")
    if record.sex is not sex:
        raise InputError("身份证号第17位与性别不一致", "常见原因是错填了兄弟姐妹的身份证号;确有误的一并更正")
    if record.disability_cert is not None and not record.disability_cert.startswith(record.id_number):
        raise InputError("残疾证号前18位与身份证号不符", "核对残疾证;确有误的把残疾证号一并更正")
