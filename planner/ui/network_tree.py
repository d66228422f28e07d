"""The three-tier network as a tree that folds: who answers for each node, what is lacking in red and in words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from urllib.parse import urlencode

import streamlit as st

from planner.jobs.networks import Network
from planner.maps import escape_html
from planner.model.divisions import Level, children, path
from planner.model.network import Gap
from planner.model.rosters import CadreLevel
from planner.ui.i18n import LIST_MARK, _

POSTS = {CadreLevel.COUNTY: "县级干部", CadreLevel.DEPARTMENT: "部门干部", CadreLevel.TOWNSHIP: "乡镇干部"}
_STEPS = (Level.TOWNSHIP, Level.VILLAGE, Level.GROUP)


def show(network: Network, *, within: str | None, chosen: str) -> None:
    """Draw the tree of a county, or of one township `within` it, unfolded down to the `chosen` place."""
    top = within or network.area
    if top is None or top not in network.graph:
        return
    tree = _Tree(network, chosen)
    st.html(f'<div class="planner-tree">{tree.node(top, is_open=True)}</div>')


def chain_address(area: str, day: date | None) -> str:
    """Where the chain of an area on a day (None: the newest) is on show."""
    asked = {"place": area} if day is None else {"place": area, "day": day.isoformat()}
    return f"/duties?{urlencode(asked)}"


class _Tree:
    """The network by area: its gaps, how many lie beneath each area, and which areas are unfolded."""

    def __init__(self, network: Network, chosen: str) -> None:
        self.day = network.day
        self.graph = network.graph
        self.gaps: Mapping[str, Sequence[Gap]] = _by_area(network)
        self.beneath = Counter(
            above
            for gap in network.gaps
            if gap.area in self.graph
            for above in path(self.graph, gap.area)[:-1]
        )
        self.chosen = chosen
        self.unfolded = set(path(self.graph, chosen)) if chosen in self.graph else set()

    def node(self, area: str, *, is_open: bool = False) -> str:
        """The HTML of an area and all beneath it."""
        below = sorted(
            (code for code in children(self.graph, area) if self.graph.nodes[code]["level"] in _STEPS),
            key=_natural,
        )
        to_chain = f'href="{escape_html(chain_address(area, self.day))}"'
        current = ' aria-current="true"' if area == self.chosen else ""
        name, told = escape_html(str(self.graph.nodes[area]["name"])), "".join(self._told(area))
        if not below:
            return f'<div class="planner-leaf"><a {to_chain}{current}>{name}</a>{told}</div>'
        unfolded = " open" if is_open or area in self.unfolded else ""
        # No link in the summary: what unfolds must not hold what leads elsewhere.
        chain = (
            f'<div class="planner-leaf"><a {to_chain}>{escape_html(_("责任链"))}</a></div>'
            if self.graph.nodes[area]["level"] in _STEPS
            else ""
        )
        inner = "".join([chain, *map(self.node, below)])
        return f"<details{unfolded}><summary><b{current}>{name}</b>{told}</summary>{inner}</details>"

    def _told(self, area: str) -> Iterator[str]:
        """Who answers for an area, and what is lacking, as HTML."""
        node = self.graph.nodes[area]
        for level, post in POSTS.items():
            if held := [duty.cadre for duty in node["duties"] if duty.level is level]:
                yield f" <span>{escape_html(f'{_(post)} {LIST_MARK.join(held)}')}</span>"
        if helped := [item.name for item in node["assistants"]]:
            told = f"{_('民政协理员')} {LIST_MARK.join(helped)}"
            yield f" <span>{escape_html(told)}</span>"
        for gap in self.gaps.get(area, ()):
            told = " ".join(
                filter(None, [_(str(gap.kind)), _(gap.why) if gap.why else LIST_MARK.join(gap.names)])
            )
            yield f" <strong>{escape_html(told)}</strong>"
        if count := self.beneath[area]:
            told = _("以下{n}处缺口").format(n=count)
            yield f" <em>{escape_html(told)}</em>"


def _by_area(network: Network) -> dict[str, list[Gap]]:
    found: dict[str, list[Gap]] = defaultdict(list)
    for gap in network.gaps:
        found[gap.area].append(gap)
    return found


def _natural(code: str) -> tuple[bool, int, str]:
    """组 by their numbers, those without one last."""
    number = code.partition("-")[2]
    return (
        len(code) > Level.VILLAGE and not number.isdecimal(),
        int(number or 0) if number.isdecimal() else 0,
        code,
    )
