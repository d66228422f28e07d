"""The three-tier work network (五(二), 五(三)): the division tree with who answers for each node, its gaps, and the
chain from a child up to the county leader."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import combinations

import networkx as nx

from planner.model.cadres import Register
from planner.model.divisions import Level, full_name, path, short_name
from planner.model.rosters import Assistant, CadreLevel, Duty

_HELD_BY = {level.area: level for level in CadreLevel}


class GapKind(StrEnum):
    """What may be wrong with who answers for an area."""

    NO_ASSISTANT = "没有民政协理员"
    VACANT = "空缺"
    TWO_PRIMARIES = "两名主责干部"
    OVERLAP = "起止日期重叠"
    LEVEL = "级别不符"
    OTHER_TOWNSHIP = "外乡镇干部包组"


@dataclass(frozen=True)
class Gap:
    """Something wrong at an area (see `Duty.place`): of which kind, whom it concerns, and why, in words."""

    kind: GapKind
    area: str
    names: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True)
class Link:
    """One step of a chain: an area, and who answers for it on the day, the primary first."""

    area: str
    name: str
    duties: tuple[Duty, ...]
    assistants: tuple[Assistant, ...] = ()


def build_network(
    tree: nx.DiGraph,
    *,
    duties: Iterable[Duty],
    assistants: Iterable[Assistant],
    register: Register,
    day: date,
) -> nx.DiGraph:
    """The division tree with the 组 that duties name; nodes also carry `duties` and `assistants` of the day.

    `duties` (the primary first) and `assistants` are tuples; a duty whose cadre is not in office on the day is
    none. What names an area outside the tree is left out.
    """
    network: nx.DiGraph = tree.copy()
    duties = list(duties)
    for duty in duties:
        if duty.place not in network and duty.village in network:
            name = duty.group or duty.place.rpartition("-")[2] + "组"
            network.add_edge(duty.village, duty.place)
            network.nodes[duty.place].update(
                name=name, short=short_name(name, Level.GROUP), level=Level.GROUP
            )
    held: dict[str, list[Duty]] = defaultdict(list)
    for duty in duties:
        if is_held(duty, register, day):
            held[duty.place].append(duty)
    helped: dict[str, list[Assistant]] = defaultdict(list)
    for item in assistants:
        if item.serves_on(day):
            helped[item.village].append(item)
    for code, node in network.nodes.items():
        node["duties"] = tuple(sorted(held[code], key=lambda item: (not item.primary, item.cadre)))
        node["assistants"] = tuple(sorted(helped[code], key=lambda item: item.name))
    return network


def is_held(duty: Duty, register: Register, day: date) -> bool:
    """Whether a duty holds on `day` and its cadre is in office."""
    cadre = register.holder(duty)
    return duty.holds_on(day) and (cadre is None or cadre.in_office_on(day))


def find_gaps(network: nx.DiGraph, *, duties: Iterable[Duty], register: Register, day: date) -> list[Gap]:
    """Every gap of a network of that day, by area; `duties` are all that it was built of, ended ones too."""
    of_place: dict[str, list[Duty]] = defaultdict(list)
    for duty in duties:
        of_place[duty.place].append(duty)
    gaps = [gap for code in sorted(network) for gap in _gaps_at(network, code, of_place[code], register, day)]
    for place in sorted(set(of_place) - set(network)):
        gaps.append(Gap(GapKind.LEVEL, place, _names(of_place[place]), "不在区划表中"))
    return gaps


def _gaps_at(
    network: nx.DiGraph, code: str, known: list[Duty], register: Register, day: date
) -> Iterator[Gap]:
    node = network.nodes[code]
    level: Level = node["level"]
    if level is Level.VILLAGE and not node["assistants"]:
        yield Gap(GapKind.NO_ASSISTANT, code)
    for duty in known:
        cadre = register.holder(duty)
        if duty.level.area is not level:
            yield Gap(GapKind.LEVEL, code, (duty.cadre,), f"{duty.level}干部不包{level.title}")
        elif cadre is not None and cadre.level is not duty.level:
            yield Gap(GapKind.LEVEL, code, (duty.cadre,), f"{duty.cadre}是{cadre.level}干部")
        elif duty.level is CadreLevel.TOWNSHIP and cadre is not None and cadre.township != duty.township:
            yield Gap(GapKind.OTHER_TOWNSHIP, code, (duty.cadre,), f"{duty.cadre}不是本乡镇干部")
    if level not in _HELD_BY:
        return
    fitting = [duty for duty in node["duties"] if duty.level is _HELD_BY[level]]
    if not fitting:
        yield Gap(GapKind.VACANT, code, _names(known), _why_vacant(known, register, day))
    primaries = [duty for duty in fitting if duty.primary]
    if level is Level.VILLAGE and len({duty.cadre for duty in primaries}) > 1:
        yield Gap(GapKind.TWO_PRIMARIES, code, _names(primaries))
    own = [duty for duty in known if duty.primary and duty.level is _HELD_BY[level]]
    for first, second in combinations(own, 2):
        both = first in primaries and second in primaries
        if level is Level.VILLAGE and not both and _overlap(first, second):
            yield Gap(GapKind.OVERLAP, code, _names([first, second]))


def _names(duties: Iterable[Duty]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(duty.cadre for duty in duties))


def _why_vacant(known: list[Duty], register: Register, day: date) -> str:
    for duty in known:
        cadre = register.holder(duty)
        if cadre is not None and cadre.until is not None and cadre.until < day:
            return f"{cadre.name}已于{cadre.until.isoformat()}离任"
        if duty.until is not None and duty.until < day:
            return f"{duty.cadre}包联到{duty.until.isoformat()}为止"
    return "没有登记包联干部" if not known else "登记的干部不能包联"


def _overlap(first: Duty, second: Duty) -> bool:
    begins = max(first.since or date.min, second.since or date.min)
    return begins <= min(first.until or date.max, second.until or date.max)


def assistant_coverage(network: nx.DiGraph, *, within: str = "") -> tuple[int, int]:
    """How many villages have a 协理员 on the day, and how many there are."""
    villages = [
        code
        for code, node in network.nodes.items()
        if node["level"] is Level.VILLAGE and code.startswith(within)
    ]
    return sum(bool(network.nodes[code]["assistants"]) for code in villages), len(villages)


def chain_of(network: nx.DiGraph, area: str) -> list[Link]:
    """Who answers for an area and what holds it, from below up to the township: 组, 村, 乡镇.

    A 组 that nobody knows begins with its village. Raises KeyError for an area outside the network.
    """
    code = area if area in network else area[: Level.VILLAGE]
    if code not in network:
        raise KeyError(area)
    steps = [step for step in reversed(path(network, code)) if network.nodes[step]["level"] in _HELD_BY]
    return [
        Link(
            step,
            full_name(network, step, below=Level.COUNTY),
            tuple(
                item
                for item in network.nodes[step]["duties"]
                if item.level is _HELD_BY[level_at(network, step)]
            ),
            network.nodes[step]["assistants"],
        )
        for step in steps
    ]


def level_at(network: nx.DiGraph, area: str) -> Level:
    """The level of an area of the network, a 组 without number too."""
    level: Level = network.nodes[area]["level"]
    return level
