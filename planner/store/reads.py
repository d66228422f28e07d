"""What may be read: layers, the division tree, what the workspace holds; each as of a day, as known at one."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, datetime
from functools import partial
from typing import Any

import geopandas as gpd
import networkx as nx
import pandas as pd
from sqlalchemy import ColumnElement, Select, func, or_, select, true

from planner.errors import AccessError, InputError
from planner.model.divisions import Level, build_tree, level_of
from planner.model.institutions import states_on
from planner.model.layers import (
    DEMAND,
    DEMO_ORIGIN,
    DIVISIONS,
    INSTITUTION_STATES,
    INSTITUTIONS,
    METRIC_CRS,
    STORE_CRS,
    Layer,
)
from planner.model.papers import PAPERS
from planner.model.regrouping import Successor
from planner.store.dated import holding, newest
from planner.store.journal import name_of
from planner.store.masking import VIEWS
from planner.store.scope import EVERYTHING, Scope
from planner.store.tables import (
    demand,
    divisions,
    imports,
    institution_states,
    institutions,
    road_networks,
    successors,
)
from planner.store.workspace import Workspace

_DATED = {DIVISIONS.name: (divisions, "code"), INSTITUTIONS.name: (institutions, "institution")}
_DATED[DEMAND.name] = (demand, "village")


def read_layer(
    workspace: Workspace, layer: Layer, scope: Scope, *, as_of: date, known_at: datetime | None = None
) -> Any:
    """An imported layer on `as_of`, as known at `known_at` (None: now), in metres (EPSG:4544).

    What lies beyond the person's own scope is left out too. Divisions come with those that hold the scope's
    areas. Institutions are public and serve across borders: they are given whole. Raises InputError for a layer
    that is not imported, AccessError for figures that the person sees only as they are published.
    """
    scope = scope.within(workspace.person.scope)
    on_day = partial(holding, as_of=as_of, known_at=known_at)
    if layer is INSTITUTION_STATES:
        return layer.check(_states(workspace, known_at))
    if layer.name not in _DATED:
        raise InputError(f"图层“{layer.title}”({layer.name})不是导入的", "先运行产出它的插件")
    if layer is DIVISIONS:
        frame = _placed(_rows(workspace, on_day(divisions, "code", where=_seen(scope))))
        frame["level"] = [int(level_of(code)) for code in frame["code"]]
    elif layer is INSTITUTIONS:
        frame = _placed(_rows(workspace, on_day(institutions, "institution")))
        frame = frame.rename(columns={"institution": "id"})
        state = states_on(_states(workspace, known_at), as_of)["state"]
        frame["state"] = state.reindex(frame["id"]).to_numpy()
    else:
        if not _sees_counts(workspace):
            raise AccessError(f"{workspace.person.role}不能查看未发布的人数", "请看发布的统计表")
        within = scope.condition(demand.c.village)
        frame = _rows(workspace, on_day(demand, "village", where=within))
        located = divisions.c.geometry.isnot(None) & scope.condition(divisions.c.code)
        places = _placed(_rows(workspace, on_day(divisions, "code", where=located)))
        points = places.set_index("code").geometry.reindex(frame["village"]).to_numpy()
        frame = gpd.GeoDataFrame(frame, geometry=points, crs=METRIC_CRS)
    return layer.check(layer.cast(frame).reset_index(drop=True))


def read_tree(workspace: Workspace, scope: Scope, *, as_of: date) -> nx.DiGraph:
    """The division tree of a day. A top row's parent may be absent: such a row is a root.

    What lies beyond the person's own scope is left out, but for what holds it.
    """
    return _tree(workspace, scope.within(workspace.person.scope), as_of)


def read_all_divisions(workspace: Workspace, *, as_of: date) -> nx.DiGraph:
    """The division tree whole, whoever asks: names and codes are public, and a ledger may name any of them.

    The graph's `successors` are what became, up to that day, of divisions that are no more.
    """
    tree = _tree(workspace, EVERYTHING, as_of)
    names = [successors.c[item.name] for item in fields(Successor)]
    with workspace.reading() as connection:
        rows = connection.execute(
            select(*names).where(successors.c.day <= as_of).order_by(successors.c.day, successors.c.id)
        )
        tree.graph["successors"] = tuple(Successor(*row) for row in rows)
    return tree


def _tree(workspace: Workspace, scope: Scope, as_of: date) -> nx.DiGraph:
    rows = _rows(workspace, holding(divisions, "code", as_of=as_of, where=_seen(scope)))
    return build_tree(rows.assign(parent=rows["parent"].where(rows["parent"].isin(rows["code"]))))


def newest_data_day(workspace: Workspace) -> date:
    """The newest day that an import named; without one the day of the last import, or else today."""
    with workspace.reading() as connection:
        named, recorded = connection.execute(
            select(func.max(imports.c.as_of), func.max(imports.c.recorded_at))
        ).one()
    if named is not None:
        return named
    return recorded.astimezone().date() if recorded is not None else date.today()


def first_data_day(workspace: Workspace, layer: Layer, *, known_at: datetime | None = None) -> date | None:
    """The first day of which rows of a layer speak that the person may see; None where there are none.

    None too for a layer without days.
    """
    if layer.name not in _DATED:
        return None
    table, key = _DATED[layer.name]
    seen = true() if layer is INSTITUTIONS else workspace.person.scope.condition(table.c[key])
    holds = or_(table.c.valid_to.is_(None), table.c.valid_to > table.c.valid_from)
    statement = select(func.min(table.c.valid_from)).where(seen, holds)
    if known_at is not None:
        statement = statement.where(table.c.recorded_at <= known_at)
    with workspace.reading() as connection:
        return connection.execute(statement).scalar()


def has_demo_rows(workspace: Workspace, *, as_of: date = date.max, known_at: datetime | None = None) -> bool:
    """Whether any row that holds on `as_of` (the last day), as known at `known_at` (None: now), was generated.

    Roads have no day: the newest network counts.
    """
    with workspace.reading() as connection:
        for table, key in _DATED.values():
            rows = holding(table, key, as_of=as_of, known_at=known_at).subquery()
            if connection.execute(select(rows.c.origin).where(rows.c.origin == DEMO_ORIGIN).limit(1)).first():
                return True
        statement = select(road_networks.c.origin).order_by(road_networks.c.id.desc()).limit(1)
        if known_at is not None:
            statement = statement.where(road_networks.c.recorded_at <= known_at)
        return connection.execute(statement).scalar() == DEMO_ORIGIN


def counts(workspace: Workspace) -> dict[str, int]:
    """How much of the workspace the person may see on its newest day, by title."""
    day = newest_data_day(workspace)
    tree = read_tree(workspace, EVERYTHING, as_of=day)
    levels = [node["level"] for _, node in tree.nodes(data=True)]
    with workspace.reading() as connection:
        sites = holding(institutions, "institution", as_of=day).subquery()
        own = workspace.person.scope.condition(demand.c.village)
        children = holding(demand, "village", as_of=day, where=own).subquery()
        found = connection.execute(select(func.count()).select_from(sites)).scalar_one()
        heads = connection.execute(select(func.coalesce(func.sum(children.c.children), 0))).scalar_one()
    at = {level.title: levels.count(level) for level in (Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE)}
    return {**at, "机构": found, **({"困境儿童": int(heads)} if _sees_counts(workspace) else {})}


def import_log(workspace: Workspace) -> pd.DataFrame:
    """The journal of imports, newest first, under Chinese titles: one's own, or all for who has the whole."""
    person = workspace.person
    seen = true() if person.scope == EVERYTHING else imports.c.who == person.login
    rows = _rows(workspace, select(imports).where(seen).order_by(imports.c.id.desc()))
    return pd.DataFrame(
        {
            "导入时间": [item.astimezone().strftime("%Y-%m-%d %H:%M") for item in rows["recorded_at"]],
            "内容": rows["kind"].map(PAPERS),
            "文件": [
                name_of(workspace.ring, *row)
                for row in rows[["id", "name", "sealed_name"]].itertuples(index=False)
            ],
            "数据截至日": rows["as_of"].map(lambda item: "" if item is None else item.isoformat()),
            "读取": rows["read"],
            "接受": rows["accepted"],
            "拒绝": rows["rejected"],
            "跳过": rows["skipped"],
        }
    )


def _sees_counts(workspace: Workspace) -> bool:
    return VIEWS[workspace.person.role].counts == "full"


def _seen(scope: Scope) -> ColumnElement[bool]:
    return or_(scope.condition(divisions.c.code), divisions.c.code.in_(sorted(scope.above())))


def _rows(workspace: Workspace, statement: Select[Any]) -> pd.DataFrame:
    with workspace.reading() as connection:
        result = connection.execute(statement)
        # Plain tuples: of a Row pandas asks a dozen attributes that it has not.
        return pd.DataFrame(map(tuple, result.fetchall()), columns=list(result.keys()), dtype=object)


def _placed(rows: pd.DataFrame) -> gpd.GeoDataFrame:
    """The rows with their WKB as shapes in metres; a row without a place has none."""
    shapes = gpd.GeoSeries.from_wkb(rows["geometry"].to_list(), index=rows.index, crs=STORE_CRS)
    return gpd.GeoDataFrame(rows.drop(columns="geometry"), geometry=shapes.to_crs(METRIC_CRS))


def _states(workspace: Workspace, known_at: datetime | None) -> pd.DataFrame:
    rows = _rows(workspace, newest(institution_states, "institution", known_at=known_at))
    frame = INSTITUTION_STATES.cast(rows)
    return frame.sort_values(["institution", "since"], kind="stable", na_position="first", ignore_index=True)
