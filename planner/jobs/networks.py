"""The three-tier network of a workspace on a day: who answers for what, the gaps, the chain above a child."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import networkx as nx
import pandas as pd

from planner.errors import InputError
from planner.jobs.duty_inputs import read_duties, read_register
from planner.jobs.inputs import scope_of
from planner.model.cadres import Register
from planner.model.children import group_code
from planner.model.divisions import Level, at_level, full_name, is_code
from planner.model.layers import DIVISIONS
from planner.model.network import Gap, Link, build_network, chain_of, find_gaps
from planner.model.network_layers import HELD, NETWORK_GAPS, NETWORK_TOWNSHIPS, NETWORK_VILLAGES, VACANT
from planner.model.rosters import Assistant, Duty, place_of
from planner.store.children import read_file
from planner.store.person_rows import read_rows
from planner.store.reads import read_layer, read_tree
from planner.store.scope import EVERYTHING
from planner.store.workspace import Workspace


@dataclass(frozen=True, eq=False)
class Network:
    """The division tree with who answers for each node on `day`, the duties it is made of, and its gaps.

    `area` is the county that it was asked for, None for all that the person may see.
    """

    day: date
    area: str | None
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
    return Network(as_of, area, graph, tuple(duties), register, tuple(gaps))


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


def village_frame(workspace: Workspace, network: Network) -> gpd.GeoDataFrame:
    """The villages of a network with who answers for each, as NETWORK_VILLAGES (EPSG:4544)."""
    graph = network.graph
    villages = at_level(graph, Level.VILLAGE)
    divisions = read_layer(workspace, DIVISIONS, EVERYTHING, as_of=network.day)
    rows = [
        {
            "code": village,
            "name": graph.nodes[village]["name"],
            "township_name": graph.nodes.get(village[: Level.TOWNSHIP], {}).get("name", ""),
            "holder": _listed(duty.cadre for duty in _duties_at(network, village)),
            "department": _listed(duty.department for duty in _duties_at(network, village)),
            "leader": _listed(duty.cadre for duty in _duties_at(network, village[: Level.TOWNSHIP])),
            "assistant": _listed(item.name for item in graph.nodes[village]["assistants"]),
        }
        for village in villages
    ]
    frame = pd.DataFrame(rows, columns=list(NETWORK_VILLAGES.columns))
    points = divisions.set_index("code").geometry.reindex(villages).to_numpy()
    return NETWORK_VILLAGES.cast(gpd.GeoDataFrame(frame, geometry=points, crs=divisions.crs))


def township_frame(workspace: Workspace, network: Network) -> gpd.GeoDataFrame:
    """The townships of a network with the leader of each, as NETWORK_TOWNSHIPS (EPSG:4544)."""
    townships = at_level(network.graph, Level.TOWNSHIP)
    leaders = [_listed(duty.cadre for duty in _duties_at(network, township)) for township in townships]
    rows = [
        {
            "code": township,
            "name": network.graph.nodes[township]["name"],
            "held": HELD if leader else VACANT,
            "leader": leader,
        }
        for township, leader in zip(townships, leaders, strict=True)
    ]
    frame = pd.DataFrame(rows, columns=list(NETWORK_TOWNSHIPS.columns))
    divisions = read_layer(workspace, DIVISIONS, EVERYTHING, as_of=network.day).set_index("code")
    shapes = divisions.geometry.reindex(townships)
    shapes = shapes.where(shapes.geom_type.isin(["Polygon", "MultiPolygon"]))
    return NETWORK_TOWNSHIPS.cast(gpd.GeoDataFrame(frame, geometry=shapes.to_numpy(), crs=divisions.crs))


def gap_frame(network: Network) -> pd.DataFrame:
    """The gaps of a network, as NETWORK_GAPS."""
    graph = network.graph
    rows = [
        {
            "code": gap.area,
            "name": full_name(graph, gap.area, below=Level.COUNTY) if gap.area in graph else gap.area,
            "kind": str(gap.kind),
            "cadres": "、".join(gap.names) or None,
            "why": gap.why or None,
        }
        for gap in network.gaps
    ]
    return NETWORK_GAPS.cast(pd.DataFrame(rows, columns=list(NETWORK_GAPS.columns)))


def _duties_at(network: Network, place: str) -> list[Duty]:
    """The duties at a place of those whose level fits it, the primary first."""
    node = network.graph.nodes.get(place, {})
    return [duty for duty in node.get("duties", ()) if duty.level.area is node["level"]]


def _listed(names: Iterable[str | None]) -> str | None:
    return "、".join(dict.fromkeys(name for name in names if name)) or None


def _group_of(village: str, words: str | None) -> str:
    return (group_code(village, words) or place_of(village, words)) if words else village
