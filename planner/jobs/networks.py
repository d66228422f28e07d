"""The three-tier network of a workspace on a day: who answers for what, the gaps, the chain above a child."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import networkx as nx

from planner.errors import InputError
from planner.jobs.duty_inputs import read_duties, read_register
from planner.jobs.inputs import scope_of
from planner.model.cadres import Register
from planner.model.children import group_code
from planner.model.divisions import Level, is_code
from planner.model.network import Gap, Link, build_network, chain_of, find_gaps
from planner.model.rosters import Assistant, Duty, place_of
from planner.store.children import read_file
from planner.store.person_rows import read_rows
from planner.store.reads import read_tree
from planner.store.workspace import Workspace


@dataclass(frozen=True, eq=False)
class Network:
    """The division tree with who answers for each node on `day`, the duties it is made of, and its gaps."""

    day: date
    graph: nx.DiGraph
    duties: tuple[Duty, ...]
    register: Register
    gaps: tuple[Gap, ...]


def read_network(workspace: Workspace, *, as_of: date, area: str | None = None) -> Network:
    """The network of a day in the person's scope, or of a county of it."""
    scope = scope_of(area).within(workspace.person.scope)
    duties = read_duties(workspace, scope, as_of=as_of)
    register = read_register(workspace, scope, duties, as_of=as_of)
    known = map(Assistant.from_json, read_rows(workspace, "assistant", as_of=as_of))
    graph = build_network(
        read_tree(workspace, scope, as_of=as_of),
        duties=duties,
        assistants=[item for item in known if scope.holds(item.village)],
        register=register,
        day=as_of,
    )
    own = graph.subgraph([code for code in graph if scope.holds(code)])
    gaps = find_gaps(own, duties=duties, register=register, day=as_of)
    return Network(as_of, graph, tuple(duties), register, tuple(gaps))


def chain_above(workspace: Workspace, what: str, *, as_of: date) -> list[Link]:
    """Who answers for a child (the number of the file) or an area (its code), up to the township.

    Reading a file is in the audit. Raises InputError for an area that is not known, or no such file.
    """
    if is_code(what.partition(":")[0]):
        area = what
    else:
        file = read_file(workspace, what)
        village = file.village or file.township
        words = file.content.get("residence_group") if file.village else None
        area = _group_of(village, words)
    if len(area) < Level.TOWNSHIP:
        raise InputError(f"“{area}”在乡镇以上,没有包联干部", "给出乡镇、村、组的代码,或档案编号")
    try:
        return chain_of(read_network(workspace, as_of=as_of).graph, area)
    except KeyError:
        raise InputError(f"区划表中没有“{area}”", "核对代码") from None


def _group_of(village: str, words: str | None) -> str:
    return (group_code(village, words) or place_of(village, words)) if words else village
