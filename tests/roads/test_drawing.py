"""The network as long lines for the map."""

import pytest

from planner.model.roads import ROADS_BY_CLASS
from planner.roads.drawing import draw_network
from tests.roads.grids import network_of

# 10 km of a trunk road with 4 km of a track on it, and 2 km of a track that nothing joins.
GIVEN = (
    ([(0, 0), (6, 0), (10, 0)], {"road_class": "trunk"}),
    ([(6, 0), (6, 4)], {"road_class": "track"}),
    ([(30, 30), (32, 30)], {"road_class": "track"}),
)


def test_a_row_for_each_class_and_state_the_narrow_roads_first():
    frame = draw_network(network_of(*GIVEN))
    columns = ["name", "state", "edges", "km", "shown"]
    assert frame[columns].round(3).to_numpy().tolist() == [
        ["机耕路", "互通", 1, 4.0, "乡道及以下"],
        ["机耕路", "最大部分之外", 1, 2.0, "最大部分之外"],
        ["国道", "互通", 2, 10.0, "国道"],
    ]
    assert frame["share"].round(2).tolist() == [25.0, 12.5, 62.5]
    assert frame.geometry.length.round().tolist() == [4_000, 2_000, 10_000]
    ROADS_BY_CLASS.check(frame)


def test_a_closed_road_is_told_apart_and_cuts_off_what_lies_behind():
    network = network_of(*GIVEN)
    closed = [edge for edge in range(network.edge_count) if network.length_m[edge] == pytest.approx(6_000)]
    frame = draw_network(network, closed=closed)
    states = {(row["name"], row["state"]): round(row["km"], 3) for _, row in frame.iterrows()}
    assert states == {
        ("国道", "封闭"): 6.0,
        ("国道", "互通"): 4.0,
        ("机耕路", "互通"): 4.0,
        ("机耕路", "最大部分之外"): 2.0,
    }


def test_no_roads_give_no_rows():
    frame = draw_network(network_of())
    assert len(frame) == 0
    ROADS_BY_CLASS.check(frame)
