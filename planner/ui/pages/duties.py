"""包联: who answers for what on a day, as a tree, a map, a chain and a list of gaps; plans, their loads, the papers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import streamlit as st

import geodata
from planner.documents.names import safe_name
from planner.errors import PlannerError
from planner.jobs.duty_papers import PAPERS as DUTY_PAPERS
from planner.jobs.duty_papers import make_duty_papers
from planner.jobs.networks import Network, chain_above, gap_frame, read_network, township_frame, village_frame
from planner.model.days import FIRST_DAY, LAST_DAY
from planner.model.divisions import Level, at_level
from planner.model.network import Link, assistant_coverage
from planner.model.network_layers import NETWORK_GAPS, NETWORK_TOWNSHIPS, NETWORK_VILLAGES
from planner.model.rosters import CadreLevel, Duty
from planner.store.roles import Act
from planner.store.writes import data_version
from planner.ui import duty_plans, frame, network_tree, prose_tables, session
from planner.ui.i18n import LIST_MARK, _
from planner.ui.linked import LinkedLayer, change, link, show_linked, view
from planner.ui.prose_tables import ProseRow
from planner.ui.text import figure

_CHAIN = "duties-chain"


def show() -> None:
    """Draw the page."""
    frame.heading(_("包联"), _("每个乡镇、村、组由谁负责,哪里空缺,一名儿童的责任链;方案、负荷和材料"))
    place = st.query_params.get("place", "")
    try:
        day, county, township = _choose(place)
        if county is None:
            st.info(_("工作区里还没有区划。到“数据”页导入。"), icon=":material/info:")
            return
        network, linked = _read(day, county)
    except PlannerError as error:
        frame.tell(error)
        return
    _show_figures(network)
    now, plans, papers = st.tabs([_("网络"), _("方案和负荷"), _("材料")])
    with now:
        _show_chain(place, day)
        _show_tree(network, township, place)
        _show_map(network, linked, township)
    with plans:
        duty_plans.show(day, county)
    with papers:
        _show_papers(day, county, network)


def _choose(place: str) -> tuple[date, str | None, str | None]:
    """The day, the county and the township that the reader chose; at first those of the place in the address."""
    newest = session.newest_day()
    columns = st.columns(3)
    asked = columns[0].date_input(
        _("日期"), _day_asked(newest), min_value=FIRST_DAY, max_value=LAST_DAY, format="YYYY-MM-DD"
    )
    day = asked if isinstance(asked, date) else newest
    tree = session.tree(day)
    counties = at_level(tree, Level.COUNTY)
    if not counties:
        return day, None, None
    own = place[: Level.COUNTY]
    county = columns[1].selectbox(
        _("县(市、区)"),
        counties,
        index=counties.index(own) if own in counties else 0,
        format_func=lambda code: str(tree.nodes[code]["name"]),
    )
    townships = [None, *at_level(tree, Level.TOWNSHIP, within=county)]
    within = place[: Level.TOWNSHIP]
    township = columns[2].selectbox(
        _("乡镇(街道)"),
        townships,
        index=townships.index(within) if within in townships else 0,
        format_func=lambda code: str(tree.nodes[code]["name"]) if code else _("全县"),
        placeholder=_("全县"),
        key=f"duties-township-{county}",
    )
    return day, county, township


def _day_asked(newest: date) -> date:
    """The day in the address, else the newest."""
    try:
        asked = date.fromisoformat(st.query_params.get("day", ""))
    except ValueError:
        return newest
    return min(max(asked, FIRST_DAY), LAST_DAY)


def _read(day: date, county: str) -> tuple[Network, dict[str, LinkedLayer]]:
    """The network of a day and its layers; read again when the data, or the rights of the reader, have changed."""
    here = session.workspace()
    return _network(str(here.folder), data_version(here), repr(here.person), day, county)


@st.cache_resource(max_entries=6, show_spinner=False)
def _network(
    folder: str, version: str, reader: str, day: date, county: str
) -> tuple[Network, dict[str, LinkedLayer]]:
    workspace = session.workspace()
    network = read_network(workspace, as_of=day, area=county)
    frames = {
        NETWORK_GAPS: gap_frame(network),
        NETWORK_TOWNSHIPS: township_frame(workspace, network),
        NETWORK_VILLAGES: village_frame(workspace, network),
    }
    return network, {layer.name: link(layer, frame_) for layer, frame_ in frames.items()}


def _show_figures(network: Network) -> None:
    """How many areas of each level have a holder, how many villages a 协理员, and how many gaps there are."""
    graph = network.graph
    helped, villages = assistant_coverage(graph)
    told: dict[str, str] = {}
    titles = (_("乡镇有县级干部"), _("村有部门干部"), _("组有乡镇干部"))
    for level, title in zip(CadreLevel, titles, strict=True):
        places = at_level(graph, level.area)
        held = sum(any(duty.level is level for duty in graph.nodes[place]["duties"]) for place in places)
        told[title] = f"{held} / {len(places)}"
    told[_("村有民政协理员")] = f"{helped} / {villages}"
    told[_("缺口")] = figure(len(network.gaps))
    columns = st.container(key="cards-duties").columns(len(told))
    for place, (title, value) in zip(columns, told.items(), strict=True):
        place.metric(title, value, border=True)


# The chain


def _show_chain(place: str, day: date) -> None:
    """Who answers for the place or the child that was asked for, from below up to the leader of the township."""
    st.markdown(f"#### {_('责任链')}")
    asked = st.text_input(
        _("区划代码或档案编号"),
        place,
        placeholder=_("乡镇、村、组的代码"),
        help=_("看一名儿童的责任链会记入审计"),
    )
    if not asked.strip():
        st.caption(_("填代码,或在下面的网络、地图上点一个地方"))
        return
    try:
        steps = _chain(asked.strip(), day)
    except PlannerError as error:
        frame.tell(error)
        return
    headings = [_("区域"), _("负责人"), _("职务"), _("电话"), _("起始日期"), _("民政协理员")]
    prose_tables.show(_("从下到上"), headings, [_step(step) for step in steps])


def _chain(place: str, day: date) -> list[Link]:
    """The chain of a place, read once: a look at a child's is a line in the audit, a page drawn anew is none."""
    here = session.workspace()
    asked = place, day, data_version(here), repr(here.person)
    if st.session_state.get(_CHAIN, (None,))[0] != asked:
        st.session_state[_CHAIN] = asked, chain_above(here, place, as_of=day)
    chain: list[Link] = st.session_state[_CHAIN][1]
    return chain


def _step(step: Link) -> ProseRow:
    if not step.duties:
        return ProseRow(
            [[step.name], [_("空缺")], [], [], [], [item.name for item in step.assistants]], "bad"
        )
    return ProseRow(
        [
            [step.name],
            [_post(duty) for duty in step.duties],
            [duty.title or "" for duty in step.duties],
            [LIST_MARK.join(duty.phones) for duty in step.duties],
            [duty.since.isoformat() if duty.since else duty.since_month or "" for duty in step.duties],
            [item.name for item in step.assistants],
        ]
    )


def _post(duty: Duty) -> str:
    return f"{_(network_tree.POSTS[duty.level])} {duty.cadre}"


# The network


def _show_tree(network: Network, township: str | None, place: str) -> None:
    st.markdown(f"#### {_('三级网络')}")
    st.caption(_("点开乡镇看村,点开村看组;红字是缺口"))
    network_tree.show(network, within=township, chosen=place)


def _show_map(network: Network, linked: dict[str, LinkedLayer], township: str | None) -> None:
    st.markdown(f"#### {_('地图和缺口')}")
    key = f"duties-{network.area}-{network.day.isoformat()}"
    if view(key).area != township:
        change(key, area=township, turn=view(key).turn + 1, focus=None)
    credits_ = frame.map_credits(*geodata.credits())
    drawn = [NETWORK_TOWNSHIPS.name, NETWORK_VILLAGES.name]
    show_linked(key, linked, visible=drawn, coloured_by={}, credits_=credits_, day=network.day)


# Papers


def _show_papers(day: date, county: str, network: Network) -> None:
    """One paper in one form, made and numbered when it is asked for."""
    if not session.workspace().person.may(Act.EXPORT_FILES):
        st.caption(_("材料请由县民政或乡镇经办导出"))
        return
    st.caption(_("截至上面所选的日期;每下载一份有一个编号,记入审计"))
    left, right = st.columns(2)
    paper = left.segmented_control(
        _("材料"), list(DUTY_PAPERS), default=DUTY_PAPERS[0], format_func=_, required=True, key="duties-paper"
    )
    form = right.segmented_control(
        _("格式"),
        ["pdf", "xlsx"],
        default="pdf",
        format_func={"pdf": "PDF", "xlsx": "Excel"}.__getitem__,
        required=True,
        key="duties-form",
    )
    since = None
    if paper == DUTY_PAPERS[-1]:
        asked = st.date_input(
            _("与哪一天比较"), day, min_value=FIRST_DAY, max_value=LAST_DAY, format="YYYY-MM-DD"
        )
        since = asked if isinstance(asked, date) else day
    issuer = st.text_input(_("编制单位"), placeholder=_("默认“县名+民政局”"), max_chars=60)
    name = network.graph.nodes[county]["name"]
    st.download_button(
        _("下载"),
        _maker(day, county, since, issuer, str(paper), str(form)),
        f"{paper}-{safe_name(str(name))}-{day.isoformat()}.{form}",
        icon=":material/download:",
        on_click="ignore",
    )


def _maker(
    day: date, county: str, since: date | None, issuer: str, paper: str, form: str
) -> Callable[[], bytes]:
    def make() -> bytes:
        made = make_duty_papers(
            session.workspace(),
            as_of=day,
            area=county,
            since=since,
            issuer=issuer.strip(),
            papers=[paper],
            forms=["pdf" if form == "pdf" else "xlsx"],
        )
        return next(iter(made.values()))

    return make
