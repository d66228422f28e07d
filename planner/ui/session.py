"""What every page stands on: the open workspace, the plugins, and small reads kept while data stand still."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import networkx as nx
import streamlit as st

from planner.errors import WorkspaceError
from planner.maps import GeometryFile, geometry_file
from planner.model.divisions import Level, full_name
from planner.model.layers import DIVISIONS
from planner.registry import Catalogue, find_plugins
from planner.store.reads import has_demo_rows, newest_data_day, read_layer, read_tree
from planner.store.scope import EVERYTHING, Scope
from planner.store.workspace import Workspace, open_workspace
from planner.store.writes import data_version

WORKSPACE_VARIABLE = "PLANNER_WORKSPACE"


@st.cache_resource
def _open(folder: str) -> Workspace:
    return open_workspace(Path(folder))


def workspace() -> Workspace:
    """The workspace this server was started on. Raises WorkspaceError where none was named or it is unfit."""
    folder = os.environ.get(WORKSPACE_VARIABLE)
    if not folder:
        raise WorkspaceError(
            "没有指定工作区", "用 planner serve --workspace 目录 启动,或设置环境变量 PLANNER_WORKSPACE"
        )
    return _open(folder)


def scope() -> Scope:
    """The area the reader may see: for now everything."""
    return EVERYTHING


@st.cache_resource
def catalogue() -> Catalogue:
    """The plugins found at start, good and broken."""
    return find_plugins()


def newest_day() -> date:
    """The newest day of which the data speak."""
    return newest_data_day(workspace())


def is_demo() -> bool:
    """Whether any row of the workspace is generated."""
    here = workspace()
    return _is_demo(str(here.folder), data_version(here))


@st.cache_resource(max_entries=8)
def _is_demo(folder: str, version: str) -> bool:
    return has_demo_rows(_open(folder))


@st.cache_resource(max_entries=8)
def _tree(folder: str, version: str, as_of: date) -> nx.DiGraph:
    return read_tree(_open(folder), EVERYTHING, as_of=as_of)


def tree(as_of: date) -> nx.DiGraph:
    """The division tree of a day; read again when the data have changed."""
    here = workspace()
    return _tree(str(here.folder), data_version(here), as_of)


@st.cache_resource(max_entries=8)
def _ground(folder: str, version: str, as_of: date) -> GeometryFile | None:
    divisions = read_layer(_open(folder), DIVISIONS, EVERYTHING, as_of=as_of)
    outlines = divisions.geom_type.isin(["Polygon", "MultiPolygon"]) & (divisions["level"] == Level.COUNTY)
    return geometry_file(DIVISIONS, divisions[outlines]) if outlines.any() else None


def ground(as_of: date) -> GeometryFile | None:
    """The outlines of the counties of a day, for maps that draw no areas; None where none is known."""
    here = workspace()
    return _ground(str(here.folder), data_version(here), as_of)


@st.cache_resource(max_entries=8)
def _full_names(folder: str, version: str, as_of: date) -> dict[str, str]:
    divisions = _tree(folder, version, as_of)
    return {code: full_name(divisions, code) for code in sorted(divisions) if len(code) >= Level.COUNTY}


def full_names(as_of: date) -> dict[str, str]:
    """The full name of every division from the counties down, by code, as of a day."""
    here = workspace()
    return _full_names(str(here.folder), data_version(here), as_of)
