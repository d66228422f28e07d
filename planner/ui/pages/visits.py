"""The month's visits as a finished run planned them and people moved them since: who is due, the calendar, a day on
the map, what was done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

import geodata
from planner.errors import PlannerError
from planner.jobs.moved_plans import Setting, read_setting, with_moves
from planner.jobs.visit_days import day_layers
from planner.jobs.visit_moving import moves_of
from planner.jobs.visit_plans import PLUGIN, VisitPlan, run_plan, visit_runs
from planner.jobs.visit_progress import due_list, progress
from planner.model.layers import rows_of
from planner.model.route_sheets import DISCREET, short_number
from planner.model.visit_times import clock
from planner.model.visiting import DAY_STOPS, VISIT_LIST, VISIT_PROGRESS, NotPlanned
from planner.store.runs import ACTIVE, Run, mark_broken_runs
from planner.store.visit_moves import VisitMove
from planner.store.writes import data_version
from planner.ui import frame, session, visit_calendar, visit_moving, visit_papers
from planner.ui.charts import show_chart
from planner.ui.i18n import _
from planner.ui.linked import link, show_linked
from planner.ui.pages.plugin_page import address_of
from planner.ui.tables import display_frame
from planner.ui.text import day as day_text
from planner.ui.text import figure

_SECTIONS = ("应访清单", "日历", "一天的路线", "完成与逾期", "改动")
_OVERVIEW_HEIGHT = 520


@dataclass(frozen=True, eq=False)
class Shown:
    """What the page is about: the run, its plan as moved, what days are held against, and names by code."""

    run: Run
    plan: VisitPlan
    setting: Setting
    moves: list[VisitMove]
    names: Mapping[str, str]

    @property
    def towns(self) -> list[str]:
        """The codes of the townships of which the plan tells."""
        return sorted({*self.plan.planned["township"], *self.plan.unplanned["township"]})

    @property
    def ends(self) -> str:
        """By when visitors are to be back."""
        return clock(self.setting.ends)


def show() -> None:
    """Draw the page of the run that the reader chose, the newest finished one at first."""
    frame.heading(_("走访"), _("一次走访路线的应访、日程、每天的路线、改排和完成情况"))
    run = _choose_run()
    if run is None:
        return
    try:
        shown = _shown(run)
    except PlannerError as error:
        frame.tell(error)
        return
    st.caption(
        f"{_('截至')} {day_text(run.as_of)} · {_('期间')} {day_text(shown.setting.month.first)}–"
        f"{day_text(shown.setting.month.last)} · {_('运行')} {run.id} · "
        + _("改动 {count} 次").format(count=len(shown.moves))
    )
    if not len(shown.plan.planned) and not len(shown.plan.unplanned):
        st.info(_("这次路线没有应访的儿童。换一个月份或区域重新计算。"), icon=":material/info:")
        return
    town = _choose_town(shown)
    section = st.segmented_control(
        _("内容"),
        _SECTIONS,
        format_func=_,
        default=None if "visits-section" in st.session_state else _SECTIONS[0],
        required=True,
        key="visits-section",
        label_visibility="collapsed",
    )
    {
        "应访清单": _show_list,
        "日历": _show_calendar,
        "一天的路线": _show_day,
        "完成与逾期": _show_progress,
        "改动": _show_moves,
    }[section or _SECTIONS[0]](shown, town)


def _choose_run() -> Run | None:
    """The run to show; None where there is none, which is then told."""
    workspace = session.workspace()
    mark_broken_runs(workspace)
    runs = visit_runs(workspace)
    going = [run for run in runs if run.state in ACTIVE]
    if going:
        st.info(_("有一次走访路线正在计算,完成后可在这里选它。"), icon=":material/hourglass:")
    finished = {run.id: run for run in runs if run.metrics is not None}
    if not finished:
        if not going:
            st.info(_("还没有算好的走访路线。先在“走访路线”页计算。"), icon=":material/info:")
        if PLUGIN in session.catalogue().plugins:
            st.link_button(_("打开走访路线"), address_of(PLUGIN), icon=":material/open_in_new:")
        return None
    named = st.query_params.get("run", "")
    chosen: str = st.selectbox(
        _("路线"),
        list(finished),
        index=list(finished).index(named) if named in finished else 0,
        format_func=lambda run: _label(finished[run]),
        key="visits-run",
    )
    st.query_params["run"] = chosen
    return finished[chosen]


def _label(run: Run) -> str:
    area = session.tree(run.as_of).nodes[run.area]["name"] if run.area else _("全部")
    state = _("提前停止") if run.state == "stopped" else ""
    return " · ".join(text for text in (run.name or run.id, run.as_of.isoformat(), area, state) if text)


def _shown(run: Run) -> Shown:
    moves = moves_of(session.workspace(), run.id)
    folder = str(session.workspace().folder)
    made = tuple(run.tables)
    setting = _setting(folder, run.id, made)
    plan = _plan(folder, run.id, (*made, *(move.id for move in moves)), moves, setting)
    tree = session.tree(run.as_of)
    return Shown(run, plan, setting, moves, {code: tree.nodes[code]["name"] for code in tree})


@st.cache_resource(max_entries=4, show_spinner=False)
def _setting(folder: str, run: str, made: tuple[str, ...]) -> Setting:
    return read_setting(session.workspace(), run_plan(session.workspace(), run))


@st.cache_resource(max_entries=8, show_spinner=False)
def _plan(
    folder: str, run: str, version: tuple[str, ...], _moves: list[VisitMove], _held_against: Setting
) -> VisitPlan:
    return with_moves(run_plan(session.workspace(), run), _moves, _held_against)


def _choose_town(shown: Shown) -> str | None:
    return st.selectbox(
        _("乡镇"),
        [None, *shown.towns],
        format_func=lambda code: shown.names.get(code, code) if code else _("全部"),
        placeholder=_("全部"),
        key=f"visits-town-{shown.run.id}",
    )


def _of_town(rows: pd.DataFrame, town: str | None) -> pd.DataFrame:
    return rows if town is None else rows[rows["township"] == town]


# Due list


def _show_list(shown: Shown, town: str | None) -> None:
    rows = due_list(shown.plan, shown.names)
    if town is not None:
        rows = rows[rows["township"] == shown.names.get(town, town)]
    places = st.columns(2)
    who = places[0].selectbox(
        _("走访人"),
        [None, *sorted(set(rows["visitor"].dropna()))],
        format_func=lambda name: name or _("全部"),
        placeholder=_("全部"),
        key="visits-list-visitor",
    )
    left = places[1].segmented_control(
        _("只看"),
        ("已排", "未排", "已逾期"),
        format_func=_,
        key="visits-list-only",
    )
    if who is not None:
        rows = rows[rows["visitor"] == who]
    only = {"已排": rows["day"].notna(), "未排": rows["day"].isna(), "已逾期": rows["overdue_days"] > 0}
    if left is not None:
        rows = rows[only[left]]
    told = rows.assign(file=rows["file"].map(short_number, na_action="ignore").fillna(_(DISCREET)))
    shown_rows = display_frame(VISIT_LIST, told)
    words = shown_rows.select_dtypes(exclude="number").columns
    st.dataframe(
        shown_rows.assign(**{name: shown_rows[name].fillna("") for name in words}),
        hide_index=True,
        height=_OVERVIEW_HEIGHT,
        alt=_(VISIT_LIST.title),
    )
    st.caption(
        _("{count} 次,已排 {planned},未排 {left}(其中委托 {entrusted}),已逾期 {late}").format(
            count=len(rows),
            planned=int(rows["day"].notna().sum()),
            left=int(rows["day"].isna().sum()),
            entrusted=int((rows["reason"] == NotPlanned.ENTRUSTED).sum()),
            late=int((rows["overdue_days"] > 0).sum()),
        )
    )


# Calendar


def _show_calendar(shown: Shown, town: str | None) -> None:
    days = _of_town(shown.plan.days, town)
    limits: dict[str, Any] = {"limit_min": shown.setting.limit_min, "ends": shown.ends}
    who = _choose_visitor(shown, town)
    if who is None:
        return
    name = shown.setting.visitors[who].name
    visit_calendar.show_month(
        _("{name}的月历:户数、路程和走访合计分钟").format(name=name),
        shown.plan.days[shown.plan.days["visitor"] == who],
        shown.setting.month,
        **limits,
    )
    st.markdown(f"#### {_('走访人和日期')}")
    visit_calendar.show_overview(
        _("每人每天的户数,颜色越深户数越多;! 为超时"),
        days,
        _visitors(shown, town),
        shown.setting.month,
        **limits,
    )


def _visitors(shown: Shown, town: str | None) -> dict[str, str]:
    """The visitors who have visits, by number, in the order of townships and names."""
    rows = _of_town(shown.plan.days, town).drop_duplicates("visitor").sort_values(["township", "name"])
    return {row.visitor: row.name for row in rows_of(rows)}


def _choose_visitor(shown: Shown, town: str | None) -> str | None:
    """One of the visitors who have visits; None where nobody has, which is then told."""
    visitors = _visitors(shown, town)
    if not visitors:
        st.info(_("没有排出走访。应访清单里有没有排的原因。"), icon=":material/info:")
        return None
    where = {row.visitor: row.township for row in rows_of(shown.plan.days)}
    kept = st.session_state.get("visits-who")
    chosen: str = st.selectbox(
        _("走访人"),
        list(visitors),
        index=list(visitors).index(kept) if kept in visitors else 0,
        format_func=lambda who: f"{visitors[who]} · {shown.names.get(where[who], where[who])}",
        key=f"visits-visitor-{shown.run.id}-{town}",
    )
    st.session_state["visits-who"] = chosen
    return chosen


# A day


def _show_day(shown: Shown, town: str | None) -> None:
    places = st.columns(2)
    with places[0]:
        who = _choose_visitor(shown, town)
    if who is None:
        return
    days = sorted(shown.plan.days[shown.plan.days["visitor"] == who]["day"].dt.date)
    kept = st.session_state.get("visits-date")
    chosen = places[1].selectbox(
        _("日期"),
        days,
        index=days.index(kept) if kept in days else 0,
        format_func=lambda day: f"{day.isoformat()} {_(visit_calendar.WEEKDAYS[day.weekday()])}",
        key=f"visits-day-{shown.run.id}-{who}-{len(days)}",
    )
    st.session_state["visits-date"] = chosen
    plan = shown.plan.chosen(visitor=who, day=chosen)
    _show_figures(shown, plan)
    layers = day_layers(plan, shown.names)
    layers[DAY_STOPS]["name"] = layers[DAY_STOPS]["name"].replace(DISCREET, _(DISCREET))
    # From below to above on the map; among the tables that of the stops goes first.
    linked = {layer.name: link(layer, frame_) for layer, frame_ in layers.items()}
    key = f"visits-{shown.run.id}-{who}-{chosen.isoformat()}-{len(shown.moves)}"
    st.session_state.setdefault(f"{key}-table", DAY_STOPS.name)
    credits_ = frame.map_credits(*geodata.credits())
    show_linked(key, linked, visible=list(linked), coloured_by={}, credits_=credits_, day=shown.run.as_of)
    visit_moving.show_form(shown.plan, shown.setting, shown.names, who=who, day=chosen)
    visit_papers.show_form(shown.plan, who=who, name=shown.setting.visitors[who].name, day=chosen)


def _show_figures(shown: Shown, plan: VisitPlan) -> None:
    (row,) = rows_of(plan.days)
    over = visit_calendar.is_over(row, limit_min=shown.setting.limit_min, ends=shown.ends)
    total = _("{minutes} 分钟").format(minutes=round(row.total_min))
    facts = (
        (_("户数"), f"{row.households}"),
        (_("儿童"), f"{row.children}"),
        (_("路程和走访"), f"{total} {_('超时')}" if over else total),
        (_("里程"), "—" if pd.isna(row.km) else _("{km} 公里").format(km=figure(float(row.km)))),
        (_("出发和返回"), f"{row.departs}–{row.returns}"),
    )
    st.caption(" · ".join(f"{title} {value}" for title, value in facts))


# Done


def _show_progress(shown: Shown, town: str | None) -> None:
    month = shown.setting.month
    newest = max(shown.run.as_of, min(session.newest_day(), month.last))
    on = st.date_input(
        _("截至日"),
        newest,
        min_value=shown.run.as_of,
        max_value=max(month.last, newest),
        format="YYYY-MM-DD",
        key=f"visits-on-{shown.run.id}",
    )
    here = session.workspace()
    rows = _progress(str(here.folder), data_version(here), shown.run.id, on, shown.plan, shown.names)
    if town is not None:
        rows = rows[rows["code"] == town]
    due, done = int(rows["due"].sum()), int(rows["done"].sum())
    cards = (
        ("应访", _("{count} 次").format(count=figure(due))),
        ("已排", _("{count} 次").format(count=figure(int(rows["planned"].sum())))),
        ("已访", _("{count} 次").format(count=figure(done))),
        ("完成率", f"{figure(100 * done / due, '%')} %" if due else _("本期无应访")),
        ("现已逾期儿童", _("{count} 人").format(count=figure(int(rows["overdue"].sum())))),
        ("首访超期儿童", _("{count} 人").format(count=figure(int(rows["first_missed"].sum())))),
    )
    for place, (title, value) in zip(
        st.container(key="cards-visits").columns(len(cards)), cards, strict=True
    ):
        with place.container(border=True, key=f"card-visits-{title}"):
            st.metric(_(title), value)
    places = st.columns([2, 3], gap="medium")
    with places[0]:
        show_chart(VISIT_PROGRESS, rows, key="visits-progress")
    places[1].dataframe(
        display_frame(VISIT_PROGRESS, rows),
        hide_index=True,
        placeholder="",
        height=_OVERVIEW_HEIGHT,
        alt=_(VISIT_PROGRESS.title),
    )
    st.caption(
        _(
            "已访:截至日之后到所选日期见到儿童的走访,一次走访计一次应访,未见到不算;完成率 = 已访 ÷ 应访。"
            "走访记录不分送教上门和康复,所以这里只算定期走访和委托走访。"
        )
    )


@st.cache_resource(max_entries=8, show_spinner=False)
def _progress(
    folder: str,
    version: str,
    run: str,
    on: date,
    _of_plan: VisitPlan,
    _names: Mapping[str, str],
) -> pd.DataFrame:
    return progress(session.workspace(), _of_plan, _names, on=on)


# Moves


def _show_moves(shown: Shown, town: str | None) -> None:
    moves = shown.moves
    if town is not None:
        homes = dict(zip(shown.plan.stops["household"], shown.plan.stops["township"], strict=True))
        moves = [move for move in moves if homes.get(move.household) == town]
    if not moves:
        st.info(_("没有改动。在“一天的路线”里可以把一次走访改到另一天或另一个人。"), icon=":material/info:")
        return
    visit_moving.show_moves(shown.plan, shown.setting, moves)
