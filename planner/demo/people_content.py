"""The people of the demo: children and their files, who looks after them, what was done; pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from planner.demo.children import make_children
from planner.demo.content import Content
from planner.demo.events import make_events
from planner.demo.ground import ground_of
from planner.demo.region import Region
from planner.demo.rosters import make_rosters
from planner.demo.visits import make_visits
from planner.model.cadres import Cadre
from planner.model.children import ChildRecord
from planner.model.divisions import Level
from planner.model.events import ProtectionEvent
from planner.model.rosters import Assistant, Duty
from planner.model.visits import Visit
from planner.plugin import Progress
from planner.policy.rules import DEFAULT_RULE_SET, load_rules


@dataclass(frozen=True)
class People:
    """Everybody, county by county. The children are as many as the demand counts, village by village.

    `children` speak of DATA_DAY, visits and events lie before its end. A visit and an event name the key of
    the child's file.
    """

    children: tuple[ChildRecord, ...]
    assistants: tuple[Assistant, ...]
    cadres: tuple[Cadre, ...]
    duties: tuple[Duty, ...]
    visits: tuple[Visit, ...]
    events: tuple[ProtectionEvent, ...]


def make_people(
    content: Content,
    region: Region,
    *,
    seed: int,
    report: Callable[[Progress], None] = lambda progress: None,
) -> People:
    """The people of the counties in `content`; a county's are the same whichever others are made with it."""
    rules = load_rules(DEFAULT_RULE_SET)
    codes = content.divisions["code"]
    counties = sorted(codes[codes.str.len() == Level.COUNTY])
    children: list[ChildRecord] = []
    assistants: list[Assistant] = []
    cadres: list[Cadre] = []
    duties: list[Duty] = []
    visits: list[Visit] = []
    events: list[ProtectionEvent] = []
    for position, code in enumerate(counties):
        report(Progress(f"生成{region.names[code]}的儿童档案", position / len(counties)))
        ground = ground_of(content.divisions, code, seed=seed)
        rostered = make_rosters(ground, seed=seed)
        demand = content.demand[content.demand["village"].str.startswith(code)]
        own = make_children(ground, demand, rostered, rules=rules, seed=seed)
        cases = make_events(code, own, rules=rules, seed=seed)
        at_risk = {event.child for event in cases if event.is_open}
        children += own
        assistants += rostered.assistants
        cadres += rostered.cadres
        duties += rostered.duties
        visits += make_visits(code, own, rostered.assistant_of, at_risk=at_risk, rules=rules, seed=seed)
        events += cases
    return People(
        tuple(children), tuple(assistants), tuple(cadres), tuple(duties), tuple(visits), tuple(events)
    )
