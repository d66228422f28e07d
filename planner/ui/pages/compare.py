"""Two or three runs side by side: of siting, with the map of the sites and the report; of duties, with what differs."""

from __future__ import annotations

import pandas as pd
import streamlit as st

import geodata
from planner.documents import (
    Scenario,
    compare,
    compare_duties,
    gap_report_pdf,
    gap_report_xlsx,
    geojson_bytes,
)
from planner.errors import PlannerError
from planner.jobs.scenarios import COMPARED, MOST_COMPARED, coverage_beside, read_scenarios, scenario_runs
from planner.model.duty_plan import DUTY_DIFFERENCES, DUTY_PLAN, DUTY_SCENARIOS
from planner.model.layers import Layer
from planner.model.siting import (
    SITING_SCENARIO_COUNTIES,
    SITING_SCENARIO_GAPS,
    SITING_SCENARIO_SITES,
    SITING_SCENARIOS,
    SITING_SITES,
)
from planner.store.runs import Run
from planner.ui import frame, session
from planner.ui.i18n import _
from planner.ui.linked import link, show_linked
from planner.ui.tables import display_frame
from planner.ui.text import figure

_FIRST = {
    SITING_SITES.name: "还没有选址结果。先在“机构选址”页计算,再给结果起个名称。",
    DUTY_PLAN.name: "还没有包联方案。先在“包联”页按“三种侧重一起算”。",
}


def show() -> None:
    """Draw the page."""
    frame.heading(
        _("方案对照"), _("几次选址并列:共有的点、覆盖的儿童、目标值、车程和费用;几个包联方案并列:哪里不同")
    )
    subjects = {made.name: made for made in COMPARED}
    found = {name: scenario_runs(session.workspace(), made) for name, made in subjects.items()}
    asked = st.query_params.get("runs", "").split(",")
    subject = st.segmented_control(
        _("对照什么"),
        list(subjects),
        default=next(
            (name for name in found if {run.id for run in found[name]} & set(asked)), next(iter(subjects))
        ),
        format_func=lambda name: _(COMPARED[subjects[name]][0]),
        required=True,
        key="compared-subject",
    )
    made = subjects[str(subject)]
    runs = {run.id: run for run in found[made.name]}
    if not runs:
        st.info(_(_FIRST[made.name]), icon=":material/info:")
        return
    chosen = st.multiselect(
        _("方案"),
        list(runs),
        default=[run for run in asked if run in runs][:MOST_COMPARED],
        format_func=lambda run: _label(runs[run], made),
        max_selections=MOST_COMPARED,
        placeholder=_("选两三个方案"),
        key=f"compared-{made.name}",
    )
    st.query_params["runs"] = ",".join(chosen)
    if not chosen:
        return
    try:
        scenarios = read_scenarios(session.workspace(), chosen, made)
    except PlannerError as error:
        frame.tell(error)
        return
    if made is DUTY_PLAN:
        _show_duties(scenarios)
        return
    _show_figures(SITING_SCENARIOS, compare(scenarios).tables[SITING_SCENARIOS.name])
    _show_map(chosen, scenarios)
    _show_downloads(chosen[0], scenarios)


def _label(run: Run, made: Layer) -> str:
    aim = _(str(run.params.get(COMPARED[made][1], "")))
    return " · ".join(text for text in (run.name or run.id, aim, run.as_of.isoformat()) if text)


def _show_duties(scenarios: list[Scenario]) -> None:
    """The figures of the plans, and who holds what in each, where that is not the same."""
    together = compare_duties(scenarios)
    _show_figures(DUTY_SCENARIOS, together.tables[DUTY_SCENARIOS.name])
    st.caption(_("目标值和下界各按自己的分数计,分数不同的不能互相比大小"))
    st.markdown(f"#### {_(DUTY_DIFFERENCES.title)}")
    differing = together.tables[DUTY_DIFFERENCES.name]
    names = ("first", "second", "third")
    shown = differing.drop(columns=list(names[len(scenarios) :])).fillna(_("空缺"))
    titles = {
        _(str(DUTY_DIFFERENCES.columns[name].title)): scenario.name
        for name, scenario in zip(names, scenarios, strict=False)
    }
    st.dataframe(
        display_frame(DUTY_DIFFERENCES, shown).rename(columns=titles),
        hide_index=True,
        alt=_(DUTY_DIFFERENCES.title),
    )
    st.caption(_("{n}处不同").format(n=len(differing)))


def _show_figures(layer: Layer, figures: pd.DataFrame) -> None:
    """The figures, the scenarios in columns."""
    table = display_frame(layer, figures).astype(object).map(figure)
    turned = table.set_index(table.columns[0]).T.rename_axis(_("项目")).reset_index()
    turned.columns = pd.Index([str(name) for name in turned.columns])
    st.dataframe(turned, hide_index=True, height="content", alt=_(layer.title))


def _show_map(chosen: list[str], scenarios: list[Scenario]) -> None:
    together = compare(scenarios)
    linked = {
        SITING_SCENARIO_COUNTIES.name: link(
            SITING_SCENARIO_COUNTIES, together.layers[SITING_SCENARIO_COUNTIES.name]
        ),
        SITING_SCENARIO_SITES.name: link(SITING_SCENARIO_SITES, together.layers[SITING_SCENARIO_SITES.name]),
        SITING_SCENARIO_GAPS.name: link(SITING_SCENARIO_GAPS, together.tables[SITING_SCENARIO_GAPS.name]),
    }
    credits_ = frame.map_credits(*geodata.credits())
    show_linked(
        f"compare-{'-'.join(chosen)}",
        linked,
        visible=[SITING_SCENARIO_COUNTIES.name, SITING_SCENARIO_SITES.name],
        coloured_by={},
        credits_=credits_,
    )


def _show_downloads(first: str, scenarios: list[Scenario]) -> None:
    st.markdown(f"#### {_('2020年机构覆盖差距报告')}")
    try:
        coverage = coverage_beside(session.workspace(), first)
    except PlannerError as error:
        frame.tell(error)
        return
    name = f"coverage-report-{coverage.stamp.as_of.isoformat()}-{first}"
    places = st.columns(3)
    places[0].download_button(
        "PDF",
        lambda: gap_report_pdf(coverage, scenarios),
        f"{name}.pdf",
        mime="application/pdf",
        icon=":material/picture_as_pdf:",
        width="stretch",
        on_click="ignore",
    )
    places[1].download_button(
        _("Excel 表格"),
        lambda: gap_report_xlsx(coverage, scenarios),
        f"{name}.xlsx",
        mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        icon=":material/table:",
        width="stretch",
        on_click="ignore",
    )
    sites = compare(scenarios).layers[SITING_SCENARIO_SITES.name]
    places[2].download_button(
        "GeoJSON",
        lambda: geojson_bytes(SITING_SCENARIO_SITES, sites, coverage.stamp),
        f"{name}.geojson",
        mime="application/geo+json",
        icon=":material/share_location:",
        width="stretch",
        on_click="ignore",
    )
