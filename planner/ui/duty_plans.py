"""Plans of duties on their page: computed with the three aims, their loads and changes, accepted in two steps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd
import streamlit as st

from planner.errors import PlannerError
from planner.jobs.duties import accept_duties, preview_acceptance
from planner.jobs.results import load_result
from planner.jobs.runs import stop
from planner.jobs.scenarios import MOST_COMPARED, scenario_runs, start_each
from planner.model.days import LAST_DAY
from planner.model.duty_plan import DUTY_LOADS, DUTY_PLAN, Change
from planner.model.rosters import CadreLevel
from planner.plugin import Plugin
from planner.store.roles import Act
from planner.store.runs import ACTIVE, Run, mark_broken_runs, read_run
from planner.ui import frame, session
from planner.ui.charts import show_before_and_after
from planner.ui.i18n import _
from planner.ui.pages.plugin_page import address_of
from planner.ui.tables import display_frame
from planner.ui.text import day as day_text
from planner.ui.text import figure, plain

_PLANNER, _AIM = "cadre-assignment", "aim"
_POLL_S = 0.5
_CHART_HEIGHT = 560
_MEASURES = {"load": "负荷", "places": "包联数", "minutes": "平均路程"}
_COMPUTING, _ENDED, _ACCEPTED = "duties-computing", "duties-ended", "duties-accepted"


def show(day: date, county: str) -> None:
    """Draw the plans of a county: the button that computes them, one of them, what accepting it would do."""
    plugin = session.catalogue().plugins.get(_PLANNER)
    if plugin is None:
        st.info(_("没有安装“干部包联”插件。"))
        return
    _start_all(plugin, day, county)
    if computing := st.session_state.get(_COMPUTING):
        _watch(tuple(computing))
    _tell_failures(st.session_state.get(_ENDED, ()))
    runs = {run.id: run for run in scenario_runs(session.workspace(), DUTY_PLAN) if _is_of(run, county)}
    if not runs:
        st.info(_("还没有这个县的包联方案。按上面的按钮,或在“干部包联”页计算。"), icon=":material/info:")
        return
    chosen = st.selectbox(_("方案"), list(runs), format_func=lambda run: _label(runs[run]), key="duties-run")
    run = runs[chosen]
    left, right = st.columns(2)
    left.link_button(
        _("打开结果"),
        f"{address_of(run.plugin)}?run={run.id}",
        icon=":material/open_in_new:",
        width="stretch",
    )
    alike = [other.id for other in runs.values() if (other.as_of, other.area) == (run.as_of, run.area)]
    right.link_button(
        _("并列对照"),
        f"/compare?runs={','.join([run.id, *(other for other in alike if other != run.id)][:MOST_COMPARED])}",
        icon=":material/compare_arrows:",
        width="stretch",
    )
    tables = _tables(str(session.workspace().folder), run.id, plugin)
    _show_loads(tables[DUTY_LOADS.name])
    _show_changes(tables[DUTY_PLAN.name], county)
    _accept(run)


def _is_of(run: Run, county: str) -> bool:
    """Runs of the county alone: what is accepted here must be of nobody else."""
    return run.area == county


def _label(run: Run) -> str:
    aim = _(str(run.params.get(_AIM, "")))
    return " · ".join(text for text in (run.name, aim, run.as_of.isoformat(), run.id) if text)


@st.cache_resource(max_entries=6, show_spinner=False)
def _tables(folder: str, run_id: str, _plugin: Plugin) -> dict[str, pd.DataFrame]:
    return dict(load_result(session.workspace(), run_id, _plugin.makes).tables)


def _start_all(plugin: Plugin, day: date, county: str) -> None:
    """One button: the three alternatives of the day and the county, each a run of its own."""
    st.caption(_("“少变动”“更均衡”“更近”各算一个方案,其余参数用默认的;要改参数,到“干部包联”页"))
    if st.button(_("三种侧重一起算"), icon=":material/play_arrow:", disabled=_COMPUTING in st.session_state):
        try:
            st.session_state[_COMPUTING] = start_each(
                session.workspace(), plugin, _AIM, {}, as_of=day, area=county, who="本机"
            )
        except PlannerError as error:
            frame.tell(error)
        else:
            st.session_state.pop(_ENDED, None)
            st.rerun()


def _tell_failures(ids: Sequence[str]) -> None:
    """Which of the runs that ended have no plan, and why."""
    for run in [read_run(session.workspace(), run_id) for run_id in ids]:
        if run.state in ("failed", "broken"):
            told = _("“{aim}”没有算成:{message}").format(
                aim=_(str(run.params[_AIM])), message=plain(run.message or "")
            )
            st.error(told, icon=":material/error:")


@st.fragment(run_every=_POLL_S)
def _watch(ids: Sequence[str]) -> None:
    """The progress of the runs and a button that stops them; draws the whole page anew when all have ended."""
    workspace = session.workspace()
    mark_broken_runs(workspace)
    runs = [read_run(workspace, run_id) for run_id in ids]
    if not any(run.state in ACTIVE for run in runs):
        st.session_state[_ENDED] = st.session_state.pop(_COMPUTING, ())
        st.rerun()
    for run in runs:
        doing = _(run.doing or "准备中") if run.state in ACTIVE else _("已算完")
        st.progress(
            1.0 if run.state not in ACTIVE else run.share or 0.0, text=f"{_(str(run.params[_AIM]))} · {doing}"
        )
    if st.button(_("停止"), icon=":material/stop_circle:", key="duties-stop"):
        for run in runs:
            if run.state in ACTIVE:
                stop(workspace, run.id)
        st.rerun()


def _show_loads(loads: pd.DataFrame) -> None:
    """The loads of the cadres of one level before and after, as bars; the totals are those of the rows."""
    st.markdown(f"#### {_('负荷:原来和安排后')}")
    left, right = st.columns(2)
    tiers = [level for level in map(str, CadreLevel) if (loads["tier"] == level).any()]
    tier = left.segmented_control(
        _("级别"), tiers, default=tiers[0] if tiers else None, format_func=_, required=True, key="duties-tier"
    )
    measure = right.segmented_control(
        _("看什么"),
        list(_MEASURES),
        default="load",
        format_func=lambda name: _(_MEASURES[name]),
        required=True,
        key="duties-measure",
    )
    own = loads[loads["tier"] == tier]
    if f"{measure}_before" not in own or own.empty:
        st.caption(_("这个方案没有这一项"))
        return
    units = own["unit"].map(lambda unit: _("({unit})").format(unit=unit) if pd.notna(unit) else "")
    labels = own["name"] + units.astype(str)
    alike = labels.duplicated(keep=False)  # two of one name and unit are two bars
    labels = labels.where(~alike, labels + " " + own["cadre"].astype(str))
    with st.container(height=_CHART_HEIGHT, key="duties-loads"):
        show_before_and_after(DUTY_LOADS, own, labels, before=f"{measure}_before", after=str(measure))
    st.caption(
        _("合计{n}名干部:负荷 {n1} → {n2},包联数 {n3} → {n4}。原来空缺的不在原负荷内").format(
            n=len(own),
            n1=figure(int(own["load_before"].sum())),
            n2=figure(int(own["load"].sum())),
            n3=figure(int(own["places_before"].sum())),
            n4=figure(int(own["places"].sum())),
        )
    )


def _show_changes(plan: pd.DataFrame, county: str) -> None:
    """The rows that the plan changes: old holder, new holder and why."""
    st.markdown(f"#### {_('变动')}")
    changed = plan[(plan["change"] != str(Change.KEPT)) & plan["area"].str.startswith(county)]
    shown = changed[["name", "tier", "change", "old_name", "new_name", "unit", "why", "load", "minutes"]]
    st.dataframe(
        display_frame(DUTY_PLAN, shown), hide_index=True, placeholder="", alt=_("变动"), key="duties-changes"
    )
    st.caption(_("{shown} 行,共 {total} 行").format(shown=len(changed), total=len(plan)))


def _accept(run: Run) -> None:
    """Accept the plan from a day on: first what that would change, then the confirmation."""
    st.markdown(f"#### {_('接受方案')}")
    if accepted := st.session_state.pop(_ACCEPTED, None):
        st.success(_("已接受:{n}处").format(n=accepted))
    if not session.workspace().person.may(Act.EDIT_FILES):
        st.caption(_("接受方案请由县民政或乡镇经办办理"))
        return
    asked = st.date_input(
        _("从哪一天起"),
        run.as_of,
        min_value=run.as_of,
        max_value=LAST_DAY,
        format="YYYY-MM-DD",
        key=f"duties-from-{run.id}",
    )
    waiting = f"duties-confirm-{run.id}-{asked.isoformat()}"
    if st.button(_("核对变动"), icon=":material/fact_check:"):
        st.session_state[waiting] = True
    if not st.session_state.get(waiting):
        return
    try:
        would = preview_acceptance(session.workspace(), run.id, day=asked)
        if not would.changed:
            st.success(_("没有变化:包联已经是这个方案"))
            return
        told = _("从{day}起换人{n}处,涉及{n1}个乡镇;原来的到前一天为止。确认后记入审计。")
        st.warning(told.format(day=day_text(asked), n=would.changed, n1=len(would.townships)))
        if st.button(_("确认接受"), type="primary", icon=":material/check:"):
            accept_duties(session.workspace(), run.id, day=asked)
            del st.session_state[waiting]
            st.session_state[_ACCEPTED] = would.changed
            st.rerun()
    except PlannerError as error:
        frame.tell(error)
