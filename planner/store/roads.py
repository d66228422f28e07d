"""Road networks, speeds and closed roads of a workspace; each as known at a day of knowledge."""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Select, Table, insert, select

from planner.errors import InputError
from planner.roads.engines import Order, compute_order, has_hierarchies
from planner.roads.network import RoadNetwork
from planner.roads.speeds import Speed, SpeedTable, check_speed, default_speeds
from planner.store.audit import Action, record
from planner.store.journal import Source, enter_journal
from planner.store.private_files import write_private
from planner.store.roles import Act
from planner.store.tables import road_closures, road_networks, road_speeds
from planner.store.workspace import Workspace

NO_ROADS = InputError("工作区里没有道路", "先用 planner import roads 文件 导入")


@dataclass(frozen=True)
class StoredRoads:
    """A network with its hash, where it comes from, and what its import told of it."""

    network: RoadNetwork
    sha256: str
    origin: str
    report: Mapping[str, Any]


def save_network(
    workspace: Workspace, network: RoadNetwork, report: Mapping[str, Any], source: Source, *, origin: str
) -> bool:
    """Keep a network as the newest one; False where it is the newest one already, and nothing is written."""
    workspace.person.check(Act.IMPORT_PLACES)
    with workspace.writing() as connection:
        held = connection.execute(_known(road_networks, None, "sha256", "origin").limit(1)).first()
        if held is not None and tuple(held) == (network.hash, origin):
            return False
        stamp = vars(enter_journal(connection, "roads", source))
        row = {"sha256": network.hash, "origin": origin, "report": dict(report), **stamp}
        connection.execute(insert(road_networks).values(row | {"content": network.to_bytes()}))
    return True


def read_network(workspace: Workspace, *, known_at: datetime | None = None) -> StoredRoads | None:
    """The newest network known at `known_at` (None: now); None where there is none."""
    statement = _known(road_networks, known_at, "content", "sha256", "origin", "report").limit(1)
    with workspace.reading() as connection:
        row = connection.execute(statement).first()
    if row is None:
        return None
    return StoredRoads(RoadNetwork.from_bytes(row.content), row.sha256, row.origin, row.report)


def save_speed(workspace: Workspace, speed: Speed) -> None:
    """Change one speed of the table. Raises InputError for what cannot be one."""
    workspace.person.check(Act.IMPORT_PLACES)
    check_speed(speed)
    with workspace.writing() as connection:
        row = {
            "road_class": speed.road_class,
            "surface": speed.surface,
            "kmh": speed.kmh,
            "source": speed.source,
            "day": speed.date,
            "recorded_at": datetime.now(UTC),
        }
        connection.execute(insert(road_speeds).values(row))
        record(
            connection,
            Action.ROAD_SPEED,
            f"{speed.road_class}/{speed.surface}",
            reason=speed.source,
            detail={"kmh": speed.kmh},
        )


def read_speeds(workspace: Workspace, *, known_at: datetime | None = None) -> SpeedTable:
    """The speeds of the program with those that the workspace changed, as known at `known_at` (None: now)."""
    names = ("road_class", "surface", "kmh", "source", "day")
    with workspace.reading() as connection:
        rows = connection.execute(_known(road_speeds, known_at, *names)).all()
    table = default_speeds()
    for row in reversed(rows):
        table = table.with_speed(Speed(row.road_class, row.surface, row.kmh, row.source, row.day))
    return table


def set_closed(workspace: Workspace, edges: Collection[int], *, closed: bool, reason: str = "") -> list[int]:
    """Close edges of the newest network, or open them again; which were not so already.

    Raises InputError where there is no network, or it has no such edge.
    """
    workspace.person.check(Act.IMPORT_PLACES)
    stored = read_network(workspace)
    if stored is None:
        raise NO_ROADS
    if unknown := sorted(edge for edge in edges if not 0 <= edge < stored.network.edge_count):
        last = stored.network.edge_count - 1
        raise InputError(f"没有路段 {'、'.join(map(str, unknown))}", f"路段编号从0到{last}")
    before = read_closed(workspace, stored.sha256)
    changed = sorted(edge for edge in set(edges) if (edge in before) != closed)
    if changed:
        now = datetime.now(UTC)
        rows = [
            {"sha256": stored.sha256, "edge": edge, "closed": closed, "recorded_at": now} for edge in changed
        ]
        with workspace.writing() as connection:
            connection.execute(insert(road_closures), rows)
            action = Action.ROAD_CLOSE if closed else Action.ROAD_OPEN
            record(connection, action, stored.sha256[:8], reason=reason, detail={"edges": changed})
    return changed


def read_closed(workspace: Workspace, sha256: str, *, known_at: datetime | None = None) -> frozenset[int]:
    """The closed edges of a network, as known at `known_at` (None: now)."""
    statement = _known(road_closures, known_at, "edge", "closed").where(road_closures.c.sha256 == sha256)
    with workspace.reading() as connection:
        rows = connection.execute(statement).all()
    newest: dict[int, bool] = {}
    for row in rows:
        newest.setdefault(row.edge, row.closed)
    return frozenset(edge for edge, closed in newest.items() if closed)


def kept_order(workspace: Workspace, stored: StoredRoads) -> Order | None:
    """The order of a network's nodes out of the workspace's cache, computed where it is not there or unfit.

    None without routingkit-cch. The cache may be deleted at any time.
    """
    if not has_hierarchies():
        return None
    path = _order_path(workspace, stored.sha256)
    try:
        order = np.load(io.BytesIO(path.read_bytes()), allow_pickle=False)
        if np.array_equal(np.sort(order), np.arange(stored.network.node_count)):
            return order.astype(np.uint32)
    except (OSError, ValueError, EOFError):
        pass
    order = compute_order(stored.network)
    content = io.BytesIO()
    np.save(content, order)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_private(path, content.getvalue())
    return order


def _order_path(workspace: Workspace, sha256: str) -> Path:
    return workspace.folder / "cache" / f"roads-{sha256}.npy"


def _known(table: Table, known_at: datetime | None, *names: str) -> Select[Any]:
    """Columns of the rows known at `known_at`, the newest first."""
    statement = select(*(table.c[name] for name in names)).order_by(table.c.id.desc())
    return statement if known_at is None else statement.where(table.c.recorded_at <= known_at)
