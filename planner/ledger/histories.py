"""Dated states of an institution: what one row says, and what all rows of it say together."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from planner.ledger.cells import Fault
from planner.model.institutions import DatedState, InstitutionState

_OPERATING, _CLOSED = InstitutionState.OPERATING, InstitutionState.CLOSED


def row_states(
    state: InstitutionState | None,
    since: date | None,
    *,
    planned: date | None = None,
    opened: date | None = None,
    closed: date | None = None,
) -> list[DatedState]:
    """The states that one row tells, by day.

    A state without a day holds from the beginning; 投用日期 begins 运营 and 停用日期 begins 停用, whatever
    the state of the row. A day of opening or closing also dates an undated 运营 or 停用. Raises Fault where
    the row contradicts itself.
    """
    if state is None and since is not None:
        raise Fault("有状态日期而没有状态", "请填状态")
    if state is None and opened is None and closed is None:
        raise Fault("没有填写状态", f"请填{'、'.join(InstitutionState)}之一")
    if opened and closed and closed <= opened:
        raise Fault(f"停用日期{closed}不晚于投用日期{opened}", "请核对这两个日期")
    if state is _CLOSED and since is None and closed is None and opened is not None:
        raise Fault("状态为停用,却只有投用日期", "请填停用日期")
    if since and state is not None:
        _refuse_contradiction(state, since, opened, closed)
    states = []
    if state is not None and not (state is _OPERATING and opened) and not (state is _CLOSED and closed):
        states.append(DatedState(state, since, planned if state is InstitutionState.BUILDING else None))
    if opened:
        states.append(DatedState(_OPERATING, opened))
    if closed:
        states.append(DatedState(_CLOSED, closed))
    return sorted(states, key=_day)


def join_states(told: Iterable[tuple[int, DatedState]]) -> tuple[list[DatedState], list[tuple[int, str]]]:
    """The history that several rows tell together, by day, and each contradiction as (row, message)."""
    by_day: dict[date | None, tuple[int, DatedState]] = {}
    contradictions = []
    for number, item in told:
        first, known = by_day.setdefault(item.since, (number, item))
        when = f"{item.since}" if item.since else "没有日期的一行"
        if known.state is not item.state:
            contradictions.append((number, f"与第{first}行矛盾:{when}既是{known.state}又是{item.state}"))
        elif known.planned_opening and item.planned_opening and known != item:
            contradictions.append((number, f"与第{first}行矛盾:同一状态的计划投用日期不同"))
        elif item.planned_opening:
            by_day[item.since] = first, item
    return sorted((item for _, item in by_day.values()), key=_day), contradictions


def _refuse_contradiction(
    state: InstitutionState, since: date, opened: date | None, closed: date | None
) -> None:
    if closed and state is _CLOSED and since < closed:
        raise Fault(f"状态日期{since}已停用,停用日期却是{closed}", "请核对这两个日期")
    if closed and state is not _CLOSED and since >= closed:
        raise Fault(f"停用日期{closed}之后又写为{state}({since})", "重新投用请另起一行,写状态和状态日期")
    if opened and state in (_OPERATING, _CLOSED) and since < opened:
        raise Fault(f"状态日期{since}已{state},投用日期却是{opened}", "请核对这两个日期")
    if opened and state not in (_OPERATING, _CLOSED) and since >= opened:
        raise Fault(f"投用日期{opened}之后又写为{state}({since})", "请核对这两个日期")
    if opened and state is _CLOSED and since == opened:
        raise Fault(f"投用与停用是同一天{opened}", "请核对这两个日期")


def _day(item: DatedState) -> date:
    return item.since or date.min
