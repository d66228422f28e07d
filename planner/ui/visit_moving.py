"""Moving a visit of a day: what would break is said before it is kept; and the moves that hold, to be taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from planner.errors import PlannerError
from planner.jobs.moved_plans import Setting
from planner.jobs.visit_days import stop_name
from planner.jobs.visit_moving import MovePreview, move_visit, preview_move, take_back
from planner.jobs.visit_plans import VisitPlan
from planner.model.layers import rows_of
from planner.model.route_sheets import DISCREET, short_number
from planner.model.visit_moves import Move
from planner.store.roles import Act
from planner.store.visit_moves import VisitMove
from planner.ui import frame, prose_tables, session
from planner.ui.i18n import _
from planner.ui.prose_tables import ProseRow
from planner.ui.text import plain


def show_form(plan: VisitPlan, setting: Setting, names: Mapping[str, str], *, who: str, day: date) -> None:
    """Choose a visit of a visitor's day and where it is to go; what would break; then keep it, with a reason."""
    if not session.workspace().person.may(Act.MOVE_VISITS):
        return
    st.markdown(f"#### {_('改到另一天或另一个人')}")
    stops = {row.order: row for row in rows_of(plan.chosen(visitor=who, day=day).stops.sort_values("order"))}
    key = f"move-{plan.run}-{who}-{day.isoformat()}-{plan.moves}"
    places = st.columns(3)
    order = places[0].selectbox(
        _("走访"),
        list(stops),
        format_func=lambda order: (
            f"{order} · {stops[order].arrives} · {_(stop_name(stops[order], names))} · {_(stops[order].kind)}"
        ),
        key=f"{key}-stop",
    )
    to_day = places[1].date_input(
        _("改到"),
        day,
        min_value=setting.month.first,
        max_value=setting.month.last,
        format="YYYY-MM-DD",
        key=f"{key}-day",
    )
    stop = stops[order]
    visitors = sorted(
        (item for item in setting.visitors.values() if item.office is not None),
        key=lambda item: (item.township != stop.township, item.township, item.name),
    )
    known = {item.id: item for item in visitors}
    to_who = places[2].selectbox(
        _("由谁走访"),
        list(known),
        index=list(known).index(who) if who in known else 0,
        format_func=lambda item: (
            f"{known[item].name} · {names.get(known[item].township, known[item].township)}"
        ),
        key=f"{key}-who",
    )
    if not isinstance(to_day, date) or (to_day, to_who) == (day, who):
        st.caption(_("选另一天或另一个走访人,下面随即列出两天的用时和冲突。"))
        return
    move = Move(stop.household, stop.kind, day, who, to_day, to_who)
    try:
        told = preview_move(plan, move, setting)
    except PlannerError as error:
        frame.tell(error)
        return
    _show_preview(told)
    _save(plan.run, told, key)


def _show_preview(told: MovePreview) -> None:
    rows = []
    for change in told.days:
        cells = [[change.name], [change.day.isoformat()]]
        for before, after in zip(_facts(change.before), _facts(change.after), strict=True):
            cells.append([f"{before} → {after}"])
        rows.append(ProseRow(cells))
    headings = [_("走访人"), _("日期"), _("户数"), _("路程(分钟)"), _("合计(分钟)"), _("返回")]
    prose_tables.show(_("改动前后"), headings, rows)
    for fault in told.faults:
        if fault.notice:
            st.info(plain(_(fault.text)), icon=":material/group:")
        else:
            st.error(plain(_(fault.text)), icon=":material/error:")
    if told.sound:
        st.success(_("没有冲突"), icon=":material/check_circle:")


def _facts(row: Any | None) -> list[str]:
    """Households, minutes and return of a day; of one without visits that there are none."""
    if row is None:
        return ["0", "0", "0", "—"]
    return [f"{row.households}", f"{round(row.travel_min)}", f"{round(row.total_min)}", row.returns]


def _save(run: str, told: MovePreview, key: str) -> None:
    places = st.columns([3, 1], vertical_alignment="bottom")
    reason = places[0].text_input(
        _("理由"), placeholder=_("如:家长当天不在家"), max_chars=100, key=f"{key}-reason"
    )
    known = told.sound or st.checkbox(_("知道有冲突,仍然保存"), key=f"{key}-known")
    pressed = places[1].button(
        _("保存"),
        type="primary",
        icon=":material/save:",
        disabled=not known,
        width="stretch",
        key=f"{key}-save",
    )
    if not pressed:
        return
    try:
        move_visit(session.workspace(), run, told.move, reason=reason, despite_faults=known)
    except PlannerError as error:
        frame.tell(error)
        return
    st.toast(_("已保存,打印的走访单随之改变"))
    st.rerun()


def show_moves(plan: VisitPlan, setting: Setting, moves: Sequence[VisitMove]) -> None:
    """The moves that hold, newest first, and one of them taken back."""
    discreet = set(plan.stops[plan.stops["discreet"]]["household"])

    def label(move: VisitMove) -> str:
        home = _(DISCREET) if move.household in discreet else short_number(move.household)
        return f"{home} {move.from_day.isoformat()} → {move.to_day.isoformat()}"

    def name(who: str) -> str:
        return setting.visitors[who].name if who in setting.visitors else who

    newest = list(reversed(moves))
    st.dataframe(
        pd.DataFrame(
            {
                _("户编号"): _(DISCREET) if move.household in discreet else short_number(move.household),
                _("走访类别"): _(move.kind),
                _("原日期"): move.from_day.isoformat(),
                _("原走访人"): name(move.from_visitor),
                _("现日期"): move.to_day.isoformat(),
                _("现走访人"): name(move.to_visitor),
                _("理由"): move.reason,
                _("何人"): move.who,
                _("何时"): f"{move.at.astimezone():%Y-%m-%d %H:%M}",
            }
            for move in newest
        ),
        hide_index=True,
        alt=_("改动"),
    )
    if not session.workspace().person.may(Act.MOVE_VISITS):
        return
    places = st.columns([2, 2, 1], vertical_alignment="bottom")
    chosen = places[0].selectbox(
        _("撤回哪一项"), newest, format_func=label, key=f"undo-{plan.run}-{len(moves)}"
    )
    reason = places[1].text_input(_("撤回的理由"), max_chars=100, key=f"undo-reason-{plan.run}-{len(moves)}")
    if places[2].button(_("撤回"), icon=":material/undo:", width="stretch", key=f"undo-press-{plan.run}"):
        try:
            take_back(session.workspace(), plan.run, chosen.id, reason=reason)
        except PlannerError as error:
            frame.tell(error)
            return
        st.toast(_("已撤回"))
        st.rerun()
