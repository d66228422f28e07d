"""Files, demand and divisions as a whole, whoever may see them: for what passes from one holder to another.

Nothing here is shown to anybody; who calls it has made sure that the person may do what it is for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Connection, false, func, insert, or_, select

from planner.errors import ConflictError, InputError, Problem
from planner.model.layers import DEMO_ORIGIN
from planner.model.regrouping import Successor
from planner.store.audit import trail_of
from planner.store.child_rows import ChildFile, files_of, newest, since
from planner.store.dated import holding
from planner.store.journal import Stamp
from planner.store.protected import child_versions, users
from planner.store.roles import Act
from planner.store.scope import EVERYTHING, Scope
from planner.store.tables import demand, divisions, successors

_VERSIONS = child_versions.c


def held_file(connection: Connection, file: str, *, expected: int | None = None) -> ChildFile:
    """The newest version of an open file in the person's scope, whole, to be changed.

    Raises AccessError for who may not edit files, InputError where there is none in their scope, ConflictError
    where it is closed, or another version than `expected`.
    """
    trail = trail_of(connection)
    trail.person.check(Act.EDIT_FILES)
    rows = connection.execute(newest(trail.person.scope).where(_VERSIONS.file == file))
    found = [item for _, item in files_of(trail.keys.ring, rows)]
    if not found:
        raise InputError("没有这份档案", "核对编号;不归您管辖的档案同样查不到")
    if found[0].valid_to is not None:
        raise ConflictError(f"档案已于{found[0].valid_to}关闭", "核对编号")
    if expected is not None and found[0].version != expected:
        raise ConflictError(
            f"档案已是第{found[0].version}版,不是第{expected}版,没有保存", "重新打开,对照两个版本后再保存"
        )
    return found[0]


def any_file(connection: Connection, file: str) -> ChildFile:
    """The newest version of a file, wherever it is, whole."""
    rows = connection.execute(newest(EVERYTHING).where(_VERSIONS.file == file))
    ((_, found),) = files_of(trail_of(connection).keys.ring, rows)
    return found


def open_files(connection: Connection, scope: Scope = EVERYTHING) -> list[ChildFile]:
    """The newest version of every file in `scope` that is not closed, whole, by file."""
    rows = connection.execute(newest(scope).where(_VERSIONS.valid_to.is_(None)).order_by(_VERSIONS.file))
    return [file for _, file in files_of(trail_of(connection).keys.ring, rows)]


def home_of(content: Mapping[str, Any]) -> str | None:
    """The village at which a child counts: of residence, else of 户籍."""
    return content.get("residence") or content.get("hukou")


def versions_since(connection: Connection, day: date, villages: Collection[str]) -> list[ChildFile]:
    """Of every file the version that holds on `day` and all later ones, oldest first; those of children outside
    of `villages` have no content."""

    def cut(content: dict[str, Any], area: str) -> dict[str, Any]:
        return content if home_of(content) in villages else {}

    rows = connection.execute(since(day))
    return [file for _, file in files_of(trail_of(connection).keys.ring, rows, cut)]


def demand_days(connection: Connection, villages: Iterable[str]) -> dict[str, list[date]]:
    """The days from which counts of villages are known, in their order."""
    wanted = demand.c.village.in_(sorted(villages))
    days: dict[str, list[date]] = defaultdict(list)
    for village, day in connection.execute(
        select(demand.c.village, demand.c.valid_from).where(wanted).distinct().order_by(demand.c.valid_from)
    ):
        days[village].append(day)
    return days


def counts_are_generated(connection: Connection, villages: Iterable[str]) -> bool:
    """Whether the counts of one of the villages are those of the demo."""
    wanted = demand.c.village.in_(sorted(villages))
    rows = holding(demand, "village", as_of=date.max, where=wanted).subquery()
    generated = rows.c.origin == DEMO_ORIGIN
    return connection.execute(select(func.count()).where(generated).select_from(rows)).scalar_one() > 0


def demand_on(connection: Connection, villages: Iterable[str], day: date) -> pd.DataFrame:
    """The counts of villages on a day: village, age_band, category, need, children, origin."""
    wanted = demand.c.village.in_(sorted(villages))
    result = connection.execute(holding(demand, "village", as_of=day, where=wanted))
    return pd.DataFrame(result.fetchall(), columns=list(result.keys()), dtype=object)


def retire_divisions(connection: Connection, codes: Collection[str], day: date, stamp: Stamp) -> None:
    """Divisions and their 组 are no more from a day on. Raises InputError where a row begins later than that."""
    of = [divisions.c.code == code for code in codes]
    of += [divisions.c.code.startswith(f"{code}-") for code in codes]
    kept = ("valid_from",)
    rows = connection.execute(
        holding(divisions, "code", as_of=date.max, where=or_(false(), *of), keep=kept)
    ).all()
    if late := [Problem(f"{row.code}的区划自{row.valid_from}起") for row in rows if row.valid_from > day]:
        raise InputError(f"区划调整的日期{day}早于区划数据", "用以后的日期", late)
    ended = {**vars(stamp), "valid_from": day, "valid_to": day}
    if rows:
        connection.execute(insert(divisions), [{**row._mapping, **ended} for row in rows])


def add_divisions(connection: Connection, rows: Sequence[Mapping[str, Any]], day: date, stamp: Stamp) -> None:
    """Divisions (code, name, parent, origin, geometry as WKB) that are there from a day on and were not before."""
    made = {**vars(stamp), "valid_from": day, "valid_to": None}
    before = {**vars(stamp), "valid_from": date.min, "valid_to": date.min}
    if rows:
        connection.execute(insert(divisions), [{**row, **days} for row in rows for days in (before, made)])


def add_successors(connection: Connection, rows: Sequence[Successor], stamp: Stamp) -> None:
    """What became of divisions that are no more, for ledgers that still name them."""
    if rows:
        connection.execute(insert(successors), [{**vars(row), **vars(stamp)} for row in rows])


def division_rows(connection: Connection, codes: Iterable[str], day: date) -> dict[str, Mapping[str, Any]]:
    """The rows of divisions on a day, by code: name, parent, origin, geometry as WKB."""
    wanted = divisions.c.code.in_(sorted(codes))
    rows = connection.execute(holding(divisions, "code", as_of=day, where=wanted))
    return {row.code: dict(row._mapping) for row in rows}


def known_codes(connection: Connection, codes: Iterable[str]) -> set[str]:
    """Which of the codes are, or were, those of divisions."""
    wanted = divisions.c.code.in_(sorted(codes))
    return set(connection.execute(select(divisions.c.code).where(wanted).distinct()).scalars())


def logins_in(connection: Connection, areas: Collection[str]) -> list[str]:
    """The users whose areas lie in divisions, by login."""
    rows = connection.execute(select(users.c.login, users.c.areas).where(users.c.state == "active"))
    return sorted(login for login, own in rows if any(area.startswith(tuple(areas)) for area in own))
