"""跨乡镇转接: a file is offered to a village of another township, which accepts or declines; the giver may withdraw.

Until it is accepted the receiver learns that there is somebody, and no more. Whoever has no part in a transfer
gets the answer that an unknown or finished one gets.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, insert, or_, select, update

from planner.errors import ConflictError, InputError
from planner.model.divisions import Level, is_code, level_of
from planner.store.audit import Action, record, trail_of
from planner.store.child_rows import files_of, newest, within
from planner.store.children import check_act
from planner.store.keys import KeyRing
from planner.store.masking import scrub, seen
from planner.store.protected import child_versions, transfers
from planner.store.roles import Act
from planner.store.scope import EVERYTHING, Scope
from planner.store.sealing import Place, open_sealed, seal
from planner.store.workspace import Workspace

TRANSFERS = transfers
BOUND = ("id", "file", "township", "to_village")
_COLUMNS = transfers.c


class Side(StrEnum):
    """Who has a part in a transfer."""

    GIVER = "giver"
    RECEIVER = "receiver"


class TransferState(StrEnum):
    """How a transfer stands."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Transfer:
    """A transfer: of which file, from the township that holds it to a village, from which day on, and why."""

    id: str
    file: str
    township: str
    to_village: str
    day: date
    offered: datetime
    reason: str


@dataclass(frozen=True)
class PendingTransfer:
    """A pending transfer as one of the two sides sees it; `child` has the name and the number as that side sees them."""

    transfer: Transfer
    sides: tuple[Side, ...]
    child: Mapping[str, Any]


def offer(
    connection: Connection, file: str, *, township: str, to_village: str, day: date, reason: str
) -> str:
    """Offer a file that `township` holds; the transfer's id. Raises ConflictError where one is pending."""
    trail = trail_of(connection)
    trail.person.check(Act.EDIT_FILES)
    if not is_code(to_village) or level_of(to_village) is not Level.VILLAGE:
        raise ValueError(f"no village: {to_village}")
    if pending_of(connection, [file]):
        raise ConflictError("这份档案已有一项转接在等对方办理", "先撤回原来的转接")
    values = {
        "id": str(uuid4()),
        "file": file,
        "township": township,
        "to_village": to_village,
        "day": day,
        "state": str(TransferState.PENDING),
        "offered": datetime.now(UTC),
        "ended": None,
    }
    content = seal(trail.keys.ring, _place(values), json.dumps({"reason": scrub(reason)}).encode())
    connection.execute(insert(transfers).values(**values, content=content))
    detail = {"step": "offer", "transfer": values["id"], "to": to_village, "from": day}
    record(connection, Action.TRANSFER, file, reason=reason, detail=detail)
    return str(values["id"])


def read_transfers(workspace: Workspace) -> list[PendingTransfer]:
    """The pending transfers that the person gives or may receive, the oldest first.

    The receiver sees of the child what one sees beyond one's area. Raises AccessError where the role sees no
    files.
    """
    check_act(workspace, Act.READ_FILES, Action.TRANSFER_LIST)
    person, ring = workspace.person, workspace.ring
    gives, receives = _side(person.scope, Side.GIVER), _side(person.scope, Side.RECEIVER)
    with workspace.writing() as connection:
        pending = _COLUMNS.state == TransferState.PENDING
        statement = select(transfers, gives.label("gives"), receives.label("receives"))
        rows = connection.execute(
            statement.where(pending, or_(gives, receives)).order_by(_COLUMNS.offered, _COLUMNS.id)
        ).all()
        held = newest(EVERYTHING).where(child_versions.c.file.in_([row.file for row in rows]))
        files = {file.file: file for _, file in files_of(ring, connection.execute(held))}
        record(connection, Action.TRANSFER_LIST, detail={"count": len(rows)})
    return [
        PendingTransfer(
            _transfer(ring, row),
            tuple(side for side, has in ((Side.GIVER, row.gives), (Side.RECEIVER, row.receives)) if has),
            _told(seen(person, files[row.file].content, files[row.file].area)),
        )
        for row in rows
    ]


def find_pending(connection: Connection, transfer: str, side: Side) -> Transfer | None:
    """The pending transfer with that id of which the person is that side; None is also the answer for others'.

    Raises AccessError for who may not edit files.
    """
    trail = trail_of(connection)
    trail.person.check(Act.EDIT_FILES)
    wanted = (_COLUMNS.id == transfer) & (_COLUMNS.state == TransferState.PENDING)
    row = connection.execute(select(transfers).where(wanted, _side(trail.person.scope, side))).first()
    return None if row is None else _transfer(trail.keys.ring, row)


def settle(connection: Connection, transfer: Transfer, state: TransferState, reason: str = "") -> None:
    """Note how a pending transfer ended, and why."""
    connection.execute(
        update(transfers)
        .where(_COLUMNS.id == transfer.id, _COLUMNS.state == TransferState.PENDING)
        .values(state=str(state), ended=datetime.now(UTC))
    )
    detail = {"step": str(state), "transfer": transfer.id, "to": transfer.to_village}
    record(connection, Action.TRANSFER, transfer.file, reason=reason, detail=detail)


def pending_of(connection: Connection, files: Collection[str]) -> list[Transfer]:
    """The pending transfers of files, whoever has a part in them."""
    ring, pending = trail_of(connection).keys.ring, _COLUMNS.state == TransferState.PENDING
    rows = connection.execute(select(transfers).where(pending).order_by(_COLUMNS.id))
    return [_transfer(ring, row) for row in rows if row.file in files]


def pending_to(connection: Connection, villages: Collection[str]) -> list[Transfer]:
    """The pending transfers to villages, whoever has a part in them."""
    ring, pending = trail_of(connection).keys.ring, _COLUMNS.state == TransferState.PENDING
    rows = connection.execute(select(transfers).where(pending).order_by(_COLUMNS.id))
    return [_transfer(ring, row) for row in rows if row.to_village in villages]


def missing() -> InputError:
    """The one answer for a transfer that is unknown, finished, or none of one's business."""
    return InputError("没有这项待办理的转接", "用 planner child transfers 查看待办理的转接")


def _side(scope: Scope, side: Side) -> ColumnElement[bool]:
    """Whether a transfer is given, or may be received, by who has that scope.

    The giver is who may see the file now; a village's 协理员 sees what comes to the village.
    """
    if side is Side.GIVER:
        return _COLUMNS.file.in_(newest(scope).with_only_columns(child_versions.c.file))
    return within(scope, _COLUMNS.to_village, _COLUMNS.to_village)


def _told(content: Mapping[str, Any]) -> dict[str, Any]:
    return {key: content[key] for key in ("name", "id_number") if key in content}


def _transfer(ring: KeyRing, row: Any) -> Transfer:
    told = json.loads(open_sealed(ring, _place(row._mapping), row.content))
    return Transfer(row.id, row.file, row.township, row.to_village, row.day, row.offered, told["reason"])


def _place(values: Mapping[str, Any]) -> Place:
    return Place(transfers.name, "content", tuple(values[name] for name in BOUND))
