"""The table of speeds and what follows from it."""

from datetime import date

import numpy as np
import pytest

from planner.errors import InputError
from planner.roads.speeds import AccessRule, Speed, arc_seconds, default_speeds
from planner.roads.words import CLASSES, SURFACES
from tests.roads.grids import even_speeds, network_of

DAY = date(2026, 1, 1)


def test_every_class_and_surface_has_a_speed_with_source_and_date():
    rows = default_speeds().rows
    assert set(rows) == {(name, surface) for name in CLASSES for surface in SURFACES}
    assert all(row.source and row.date for row in rows.values())
    assert default_speeds().access == AccessRule()


def test_no_surface_is_quicker_than_the_paved_one_and_no_class_than_a_wider_one():
    kmh = default_speeds().kmh
    assert (kmh[:, :1] >= kmh).all()
    assert (np.diff(kmh[:, 0]) <= 0).all()


def test_own_speeds_go_first_and_limits_cap():
    one = [(0, 0), (1, 0)]
    network = network_of(
        one, (one, {"speed": 30.0}), (one, {"limit": 20.0}), (one, {"speed": 30.0, "limit": 90.0})
    )
    assert arc_seconds(network, even_speeds(60))[:4].tolist() == [60.0, 120.0, 180.0, 120.0]


def test_a_closed_edge_is_closed_both_ways():
    network = network_of([(0, 0), (1, 0)], [(1, 0), (2, 0)])
    assert arc_seconds(network, even_speeds(60), closed=[1]).tolist() == [60, np.inf, 60, np.inf]


def test_the_access_leg_grows_without_a_jump():
    seconds = AccessRule().seconds(np.array([0, 500, 500.001, 20_000, 20_001, np.nan]))
    assert seconds.round(2).tolist() == [0, 360, 360, 5040, np.inf, np.inf]


@pytest.mark.parametrize(
    ("speed", "said"),
    [
        (Speed("highway", "paved", 50, "实测", DAY), "没有道路等级"),
        (Speed("primary", "ice", 50, "实测", DAY), "没有路面"),
        (Speed("primary", "paved", 0, "实测", DAY), "车速"),
        (Speed("primary", "paved", float("nan"), "实测", DAY), "车速"),
        (Speed("primary", "paved", 50, " ", DAY), "来源"),
    ],
)
def test_what_cannot_be_a_speed_is_refused(speed, said):
    with pytest.raises(InputError, match=said):
        default_speeds().with_speed(speed)


def test_one_speed_is_changed_and_the_rest_stay():
    table = default_speeds().with_speed(Speed("track", "gravel", 12, "实测", DAY))
    assert table.rows["track", "gravel"].kmh == 12
    assert (table.kmh != default_speeds().kmh).sum() == 1
