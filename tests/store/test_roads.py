"""Networks, speeds and closed roads in a workspace, on both databases."""

from datetime import UTC, date, datetime

import numpy as np
import pytest
from sqlalchemy import func, select

from planner.errors import AccessError, InputError
from planner.roads.speeds import Speed, default_speeds
from planner.store.audit import Action, lines
from planner.store.reads import has_demo_rows, import_log
from planner.store.roads import (
    kept_order,
    read_closed,
    read_network,
    read_speeds,
    save_network,
    save_speed,
    set_closed,
)
from planner.store.roles import Role
from planner.store.tables import road_networks
from tests.roads.grids import network_of
from tests.store.conftest import acting, source

NETWORK = network_of([(0, 0), (1, 0), (2, 0)], [(1, 0), (1, 1)])
OTHER = network_of([(0, 0), (5, 0)])
DAY = date(2026, 1, 1)


def save(workspace, network=NETWORK, origin="道路.gpkg"):
    return save_network(workspace, network, {"km": 3.0}, source(), origin=origin)


def actions(workspace):
    with workspace.reading() as connection:
        return [line.action for line in lines(connection, newest=20)]


def test_a_network_comes_back_as_it_was(workspace):
    assert read_network(workspace) is None
    assert save(workspace)
    stored = read_network(workspace)
    assert stored is not None
    assert (stored.sha256, stored.origin, stored.report) == (NETWORK.hash, "道路.gpkg", {"km": 3.0})
    assert stored.network.hash == NETWORK.hash
    assert import_log(workspace)["内容"].tolist() == ["道路"]
    assert actions(workspace)[0] == Action.IMPORT


def test_the_same_network_again_changes_nothing(workspace):
    assert save(workspace)
    assert not save(workspace)
    assert save(workspace, OTHER)
    assert save(workspace)
    with workspace.reading() as connection:
        assert connection.execute(select(func.count()).select_from(road_networks)).scalar() == 3
    assert len(import_log(workspace)) == 3


def test_what_was_known_earlier_can_be_asked_again(workspace):
    save(workspace)
    save_speed(workspace, Speed("track", "gravel", 12, "实测", DAY))
    set_closed(workspace, [0], closed=True)
    known_at = datetime.now(UTC)
    save_speed(workspace, Speed("track", "gravel", 9, "再测", DAY))
    set_closed(workspace, [0], closed=False)
    set_closed(workspace, [1], closed=True)
    assert read_closed(workspace, NETWORK.hash, known_at=known_at) == {0}
    assert read_closed(workspace, NETWORK.hash) == {1}
    assert read_speeds(workspace, known_at=known_at).rows["track", "gravel"].kmh == 12
    assert read_speeds(workspace).rows["track", "gravel"] == Speed("track", "gravel", 9, "再测", DAY)
    save(workspace, OTHER)
    earlier = read_network(workspace, known_at=known_at)
    assert earlier is not None
    assert earlier.sha256 == NETWORK.hash
    assert read_closed(workspace, OTHER.hash) == frozenset()


def test_without_changes_the_speeds_are_those_of_the_program(workspace):
    assert read_speeds(workspace) == default_speeds()


def test_only_what_changes_is_told_and_audited(workspace):
    save(workspace)
    assert set_closed(workspace, [2, 0, 2], closed=True, reason="修路") == [0, 2]
    assert set_closed(workspace, [0], closed=True) == []
    assert set_closed(workspace, [0, 1], closed=False) == [0]
    assert actions(workspace)[:2] == [Action.ROAD_OPEN, Action.ROAD_CLOSE]


@pytest.mark.parametrize("edge", [-1, 3])
def test_an_edge_that_is_not_there_is_refused(workspace, edge):
    with pytest.raises(InputError, match="没有道路"):
        set_closed(workspace, [edge], closed=True)
    save(workspace)
    with pytest.raises(InputError, match="从0到2"):
        set_closed(workspace, [edge], closed=True)


def test_who_may_not_import_places_may_not_change_roads(workspace):
    save(workspace)
    township = acting(workspace, Role.TOWNSHIP, "640101001")
    for act in (
        lambda: save(township, OTHER),
        lambda: save_speed(township, Speed("track", "gravel", 12, "实测", DAY)),
        lambda: set_closed(township, [0], closed=True),
    ):
        with pytest.raises(AccessError):
            act()
    assert read_network(township) is not None


def test_generated_roads_mark_what_is_made_of_them(workspace):
    assert not has_demo_rows(workspace)
    save(workspace, origin="示例")
    known_at = datetime.now(UTC)
    assert has_demo_rows(workspace)
    save(workspace, OTHER)
    assert not has_demo_rows(workspace)
    assert has_demo_rows(workspace, known_at=known_at)


def test_the_order_is_kept_and_made_anew_where_it_is_lost_or_spoilt(workspace):
    save(workspace)
    stored = read_network(workspace)
    assert stored is not None
    order = kept_order(workspace, stored)
    (path,) = (workspace.folder / "cache").iterdir()
    assert np.load(path).tolist() == np.asarray(order).tolist()
    for spoilt in (b"", b"spoilt", np.zeros(4, dtype=np.uint32).tobytes()):
        path.write_bytes(spoilt)
        assert np.asarray(kept_order(workspace, stored)).tolist() == np.asarray(order).tolist()
    path.unlink()
    assert np.asarray(kept_order(workspace, stored)).tolist() == np.asarray(order).tolist()
    assert path.stat().st_mode & 0o777 == 0o600
