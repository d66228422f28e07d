"""A file into the workspace: read and checked by the ledger, written by the store, all or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import networkx as nx

from planner.errors import InputError, Problem
from planner.ledger import Checked, Paper, file_name, read_demand, read_divisions, read_institutions
from planner.model.divisions import Level
from planner.model.layers import DIVISIONS
from planner.model.papers import PLACES
from planner.store.journal import Source
from planner.store.reads import newest_data_day, read_layer, read_tree
from planner.store.scope import EVERYTHING
from planner.store.workspace import Workspace
from planner.store.writes import save_demand, save_divisions, save_institutions


@dataclass(frozen=True)
class ImportReport:
    """What became of the rows of a file: `read` = `accepted` + `skipped`; notices are in Chinese.

    `unchanged` of the skipped rows say what is known already.
    """

    kind: str
    name: str
    read: int
    accepted: int
    skipped: int
    unchanged: int
    notices: tuple[Problem, ...]


@dataclass(frozen=True)
class _Known:
    """The divisions that are in the workspace already."""

    tree: nx.DiGraph
    polygons: gpd.GeoDataFrame
    villages: gpd.GeoDataFrame


def import_file(
    workspace: Workspace,
    kind: str,
    path: Paper,
    *,
    crs: str | None = None,
    as_of: date | None = None,
) -> ImportReport:
    """Import a file of divisions, institutions or demand.

    `crs` names the coordinate system of the file, `as_of` the day its rows speak of. Raises InputError
    naming every row that cannot be imported; then nothing is written.
    """
    if kind not in PLACES:
        raise InputError(f"不能导入“{kind}”", f"可导入 {'、'.join(PLACES)}")
    name = file_name(path)
    known = _known(workspace, as_of)

    def source(checked: Checked) -> Source:
        return Source(
            name=name,
            sha256=checked.sha256,
            as_of=as_of,
            read=checked.read,
            accepted=checked.accepted,
            skipped=checked.skipped,
        )

    checked: Checked
    if kind == "divisions":
        checked = read_divisions(path, crs=crs, tree=known.tree, polygons=known.polygons)
        unchanged = save_divisions(workspace, checked.frame, source(checked))
    elif kind == "institutions":
        read = read_institutions(
            path, tree=known.tree, polygons=known.polygons, villages=known.villages, crs=crs
        )
        checked = read
        unchanged = save_institutions(workspace, read.frame, read.states, source(read), rows_of=read.rows_of)
    else:
        checked = read_demand(path, tree=known.tree)
        unchanged = save_demand(workspace, checked.frame, source(checked))
    notices = checked.notices
    if unchanged:
        notices = (*notices, Problem(f"{unchanged}行与已有数据相同,没有变化"))
    accepted, skipped = checked.accepted - unchanged, checked.skipped + unchanged
    return ImportReport(kind, name, checked.read, accepted, skipped, unchanged, notices)


def _known(workspace: Workspace, as_of: date | None) -> _Known:
    day = as_of or newest_data_day(workspace)
    divisions = read_layer(workspace, DIVISIONS, EVERYTHING, as_of=day)
    return _Known(
        tree=read_tree(workspace, EVERYTHING, as_of=day),
        polygons=divisions[divisions["level"] == Level.COUNTY][["code", "geometry"]],
        villages=divisions[divisions["level"] == Level.VILLAGE][["code", "geometry"]],
    )
