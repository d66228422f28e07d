"""Travel times of a workspace: by its roads where it has some."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from planner.roads import RoadTravel, StraightLine, Travel
from planner.store.roads import StoredRoads, kept_order, read_closed, read_network, read_speeds
from planner.store.workspace import Workspace


def travel_of(workspace: Workspace, *, known_at: datetime | None = None) -> tuple[Travel, str | None]:
    """Travel times of the workspace as known at `known_at` (None: now), and a hash of all that makes them.

    Without roads the straight-line estimate, and no hash.
    """
    stored = read_network(workspace, known_at=known_at)
    if stored is None:
        return StraightLine(), None
    travel = travel_over(workspace, stored, known_at)
    digest = sha256(f"{stored.sha256} {travel.speeds.access}".encode())
    digest.update(travel.snapper.arc_s.tobytes())
    return travel, digest.hexdigest()


def travel_over(workspace: Workspace, stored: StoredRoads, known_at: datetime | None) -> RoadTravel:
    """Travel over a network with the speeds and closed roads of the workspace as known at `known_at` (None: now)."""
    return RoadTravel.build(
        stored.network,
        read_speeds(workspace, known_at=known_at),
        closed=read_closed(workspace, stored.sha256, known_at=known_at),
        order=kept_order(workspace, stored),
    )
