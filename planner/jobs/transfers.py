"""跨乡镇转接: the holder hands a file over, the other township accepts it; only then does it move."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import networkx as nx

from planner.errors import ConflictError, InputError
from planner.jobs.changes import (
    Change,
    begin_change,
    check_past,
    check_reason,
    discreet,
    recount,
    save_changes,
    touched_by,
)
from planner.model.divisions import Level, full_name
from planner.store.audit import MISSING, Action, record, typed
from planner.store.carrying import any_file, held_file
from planner.store.child_records import record_of
from planner.store.children import check_act
from planner.store.reads import read_all_divisions
from planner.store.roles import Act
from planner.store.transfers import Side, TransferState, find_pending, missing, offer, settle
from planner.store.workspace import Workspace


def hand_over(workspace: Workspace, file: str, *, to_village: str, day: date, reason: str) -> str:
    """Offer a file to a village (12 digits) of another township from a day on; the id of the pending transfer.

    Raises InputError for a file, village or day that cannot be, AccessError for who may not, ConflictError where
    one is pending or the file is closed.
    """
    check_act(workspace, Act.EDIT_FILES, Action.TRANSFER, typed(file))
    reason = check_reason(reason)
    check_past(day, "转接")
    tree = read_all_divisions(workspace, as_of=day)
    _check_village(tree, to_village)
    with workspace.writing() as connection:
        held = held_file(connection, file)
        if to_village.startswith(held.township):
            raise InputError("要去的村就在原乡镇,不用转接", "村的变更请在台账里更新")
        if day < held.valid_from:
            raise InputError(f"档案最新的版本自{held.valid_from}起,转接日期不能更早", "用这一天或以后的日期")
        reason = discreet(reason, record_of(held))
        return offer(connection, file, township=held.township, to_village=to_village, day=day, reason=reason)


def accept(workspace: Workspace, transfer: str) -> str:
    """Take over the file of a pending transfer; the file.

    The new version has the township and the village of residence; what belongs to the old place (组, home point,
    names of 协理员 and cadres) is left behind in history. Raises InputError where there is no such transfer for
    the person, ConflictError where the file is closed or its village is gone.
    """
    check_act(workspace, Act.EDIT_FILES, Action.TRANSFER, typed(transfer))
    tree = read_all_divisions(workspace, as_of=date.today())
    with workspace.writing() as connection:
        pending = find_pending(connection, transfer, Side.RECEIVER)
        if pending is None:
            record(connection, Action.TRANSFER, typed(transfer), result=MISSING, detail={"step": "accept"})
        else:
            held = any_file(connection, pending.file)
            if held.valid_to is not None:
                raise ConflictError("这份档案已经关闭,不能接收", "请对方撤回转接")
            _check_village(tree, pending.to_village)
            settle(connection, pending, TransferState.ACCEPTED)
            before = record_of(held)
            after = replace(
                before,
                residence=pending.to_village,
                residence_text=full_name(tree, pending.to_village, below=Level.COUNTY),
                residence_group=None,
                lon=None,
                lat=None,
                assistant=None,
                village_cadre=None,
                leader=None,
            )
            change = Change(held, after, pending.to_village[: Level.TOWNSHIP], pending.day)
            stamp = begin_change(connection, "transfer", 1, change.begins)
            save_changes(connection, [change], stamp=stamp)
            recount(connection, touched_by([change]), kind="transfer", stamp=stamp)
    if pending is None:
        raise missing()
    return pending.file


def decline(workspace: Workspace, transfer: str, reason: str) -> None:
    """Refuse a pending transfer that one could accept. Raises InputError where there is none."""
    _end(workspace, transfer, Side.RECEIVER, TransferState.DECLINED, check_reason(reason))


def withdraw(workspace: Workspace, transfer: str) -> None:
    """Take back a pending transfer of a file that one holds. Raises InputError where there is none."""
    _end(workspace, transfer, Side.GIVER, TransferState.WITHDRAWN, "")


def _end(workspace: Workspace, transfer: str, side: Side, state: TransferState, reason: str) -> None:
    check_act(workspace, Act.EDIT_FILES, Action.TRANSFER, typed(transfer))
    with workspace.writing() as connection:
        pending = find_pending(connection, transfer, side)
        if pending is None:
            record(connection, Action.TRANSFER, typed(transfer), result=MISSING, detail={"step": str(state)})
        else:
            told = discreet(reason, record_of(any_file(connection, pending.file)))
            settle(connection, pending, state, told)
    if pending is None:
        raise missing()


def _check_village(tree: nx.DiGraph, village: str) -> None:
    if village not in tree or tree.nodes[village]["level"] is not Level.VILLAGE:
        raise InputError(f"区划表里没有村(居)“{village[:20]}”", "核对12位代码,或先导入区划")
