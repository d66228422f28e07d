"""A plan of duties accepted: dated duties from a day on, in one transaction, the old ones ending with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from planner.errors import ConflictError, InputError, Problem
from planner.jobs.changes import begin_change
from planner.jobs.duty_inputs import read_duties, read_register
from planner.jobs.inputs import scope_of
from planner.model.cadres import Cadre, Register
from planner.model.divisions import Level
from planner.model.duty_plan import DUTY_PLAN
from planner.model.rosters import CadreLevel, Duty
from planner.store.audit import Action, record
from planner.store.child_records import duty_row
from planner.store.children import check_act
from planner.store.journal import Stamp
from planner.store.person_rows import carry_rows, save_rows
from planner.store.roles import Act
from planner.store.runs import Run, read_run, read_run_frame
from planner.store.workspace import Workspace

_TOLD_AT_MOST = 20
Key = tuple[CadreLevel, str]


@dataclass(frozen=True)
class Acceptance:
    """What accepting a plan did: how many areas got another holder, and in which townships; none where it was done."""

    run: str
    day: date
    changed: int
    townships: tuple[str, ...]


def accept_duties(workspace: Workspace, run_id: str, *, day: date) -> Acceptance:
    """Make the plan of a run hold from `day` on; a second time it changes nothing.

    Raises InputError for a run without a plan or a day before the plan's, AccessError for who may not, or not
    there, ConflictError where the duties are no longer those that the plan was made of; then nothing is written.
    """
    check_act(workspace, Act.EDIT_FILES, Action.DUTIES, run_id[:40])
    with workspace.writing() as connection:
        duties, wanted = _changes(workspace, run_id, day)
        done = _acceptance(run_id, day, wanted)
        if not wanted:
            return done
        stamp = begin_change(connection, "duties", done.changed, day)
        for township in done.townships:
            _save_township(connection, township, duties, wanted, stamp, day)
        detail = {"changed": done.changed, "townships": done.townships, "day": day}
        record(connection, Action.DUTIES, run_id, detail=detail)
    return done


def preview_acceptance(workspace: Workspace, run_id: str, *, day: date) -> Acceptance:
    """What accepting the plan of a run from `day` on would do, with nothing written. Raises as `accept_duties`."""
    check_act(workspace, Act.EDIT_FILES, Action.DUTIES, run_id[:40])
    _, wanted = _changes(workspace, run_id, day)
    return _acceptance(run_id, day, wanted)


def _acceptance(run_id: str, day: date, wanted: Mapping[Key, Duty | None]) -> Acceptance:
    return Acceptance(run_id, day, len(wanted), tuple(sorted({_township(place) for _, place in wanted})))


def _changes(workspace: Workspace, run_id: str, day: date) -> tuple[list[Duty], dict[Key, Duty | None]]:
    """The duties of the day, and what the plan wants changed of them."""
    run = read_run(workspace, run_id)
    plan = _plan_of(workspace, run, day)
    duties = read_duties(workspace, scope_of(run.area), as_of=day)
    register = read_register(workspace, scope_of(run.area), duties, as_of=day)
    wanted = _wanted(plan, duties, register, day)
    if wanted:
        touched = _acceptance(run_id, day, wanted).townships
        _check_newest(workspace, run, duties, touched)
    return duties, wanted


def _plan_of(workspace: Workspace, run: Run, day: date) -> pd.DataFrame:
    if run.metrics is None or DUTY_PLAN.name not in run.tables:
        raise InputError(f"运行 {run.id} 没有包联方案", "先运行 planner run cadre-assignment,用它的运行编号")
    if day < run.as_of:
        raise InputError(
            f"起始日{day.isoformat()}早于方案的截至日{run.as_of.isoformat()}", "用截至日或以后的日期"
        )
    return DUTY_PLAN.check(read_run_frame(workspace, run.id, DUTY_PLAN.name))


def _wanted(plan: pd.DataFrame, duties: list[Duty], register: Register, day: date) -> dict[Key, Duty | None]:
    """What changes: the new primary duty by level and place, None where the present one only ends."""
    cadres = {item.id: item for item in register.cadres}
    primary = {(duty.level, duty.place): duty for duty in duties if duty.primary and duty.holds_on(day)}
    wanted: dict[Key, Duty | None] = {}
    problems = []
    row: Any  # pandas knows no types of its rows
    for row in plan.itertuples():
        key = CadreLevel(row.tier), str(row.area)
        old, new = _text(row.old), _text(row.new)
        held = primary.get(key)
        holder = register.holder(held) if held is not None else None
        present = holder.id if holder is not None else None
        if present == new:
            continue
        if present != old and held is not None:
            problems.append(
                Problem(f"{row.name}现在由{held.cadre}包,方案依据的是{_text(row.old_name) or '空缺'}")
            )
            continue
        if new is None:
            if holder is not None and not holder.in_office_on(day):
                wanted[key] = None
            continue
        cadre = cadres.get(new)
        if cadre is None or not cadre.in_office_on(day):
            problems.append(Problem(f"{row.name}:{row.new_name}到{day.isoformat()}不在任"))
            continue
        wanted[key] = _duty(key, _text(row.group), cadre, day)
    if problems:
        raise ConflictError(
            "包联已经变动,这个方案不能接受", "按现在的包联重新运行一次,再接受", problems[:_TOLD_AT_MOST]
        )
    return wanted


def _duty(key: Key, group: str | None, cadre: Cadre, day: date) -> Duty:
    level, place = key
    return Duty(
        cadre=cadre.name,
        level=level,
        area=place.partition(":")[0],
        group=group,
        department=cadre.department,
        title=cadre.title,
        phones=cadre.phones,
        since=day,
    )


def _check_newest(workspace: Workspace, run: Run, duties: list[Duty], touched: Sequence[str]) -> None:
    """Raises ConflictError where a township has a roster of a later day, which would hide the new duties."""
    later = read_duties(workspace, scope_of(run.area), as_of=date.max)
    of_day, of_end = (
        {township: {duty for duty in items if duty.township == township} for township in touched}
        for items in (duties, later)
    )
    if hidden := [township for township in touched if of_day[township] != of_end[township]]:
        raise ConflictError(
            "这些乡镇已有更晚的包联台账,方案没有写入",
            "用更晚的起始日,或按最新的台账重新运行",
            [Problem(township) for township in hidden[:_TOLD_AT_MOST]],
        )


def _save_township(
    connection: Connection,
    township: str,
    duties: list[Duty],
    wanted: Mapping[Key, Duty | None],
    stamp: Stamp,
    day: date,
) -> None:
    held = [duty for duty in duties if duty.township == township]
    after = [duty for duty in (_kept(duty, wanted) for duty in held) if duty is not None]
    after += [duty for key, duty in wanted.items() if duty is not None and _township(key[1]) == township]
    if after:
        rows = [duty_row(duty) for duty in dict.fromkeys(after)]
        save_rows(connection, "duty", rows, valid_from=day, stamp=stamp)
    else:
        carry_rows(connection, "duty", lambda row: [], townships={township}, stamp=stamp, since=day)


def _kept(duty: Duty, wanted: Mapping[Key, Duty | None]) -> Duty | None:
    """A duty as it goes on: not where its place gets another primary, or its cadre becomes that."""
    key = duty.level, duty.place
    if key not in wanted:
        return duty
    new = wanted[key]
    if duty.primary or (new is not None and duty.cadre == new.cadre):
        return None
    return replace(duty, primary=False)


def _township(place: str) -> str:
    return place[: Level.TOWNSHIP]


def _text(value: Any) -> str | None:
    return None if pd.isna(value) else str(value)
