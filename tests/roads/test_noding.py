"""Lines → network, and what is told of it."""

import numpy as np
import pytest

from planner.roads.network import RoadNetwork, report_network
from planner.roads.noding import make_network
from tests.roads.grids import lines_of, network_of


def counts(*given, **settings):
    network, noding = make_network(lines_of(*given), **settings)
    return network.node_count, network.edge_count, noding


def test_lines_meet_where_they_share_a_point_even_midway():
    nodes, edges, noding = counts([(0, 0), (1, 0), (2, 0)], [(1, 0), (1, 1)])
    assert (nodes, edges) == (4, 3)
    assert (noding.joined_before, noding.joined_after) == (1.0, 1.0)


def test_lines_that_cross_do_not_meet_unless_asked():
    cross = [(0, 0), (2, 0)], [(1, -1), (1, 1)]
    assert counts(*cross)[:2] == (4, 2)
    nodes, edges, noding = counts(*cross, crossings=True)
    assert (nodes, edges, noding.crossings) == (5, 4, 1)
    assert noding.joined_after == pytest.approx(1)


def test_a_crossing_that_is_a_junction_already_is_not_counted():
    nodes, edges, noding = counts([(0, 0), (1, 0), (2, 0)], [(1, -1), (1, 0), (1, 1)], crossings=True)
    assert (nodes, edges, noding.crossings) == (5, 4, 0)


def test_ends_within_the_tolerance_become_one_and_the_gain_is_told():
    apart = [(0, 0), (1, 0)], [(1.04, 0), (2, 0)], [(2.2, 0), (3.2, 0)]
    nodes, edges, noding = counts(*apart, tolerance_m=50)
    assert (nodes, edges, noding.ends_joined) == (5, 3, 1)
    assert noding.joined_before == pytest.approx(1 / 2.96, abs=1e-3)
    assert noding.joined_after == pytest.approx(2 / 3, abs=1e-2)
    network, _ = make_network(lines_of(*apart), tolerance_m=50)
    assert 1_020.0 in (network.x_m - 500_000).round(6)


def test_a_loose_end_is_joined_to_the_line_beside_it():
    nodes, edges, noding = counts([(0, 0), (2, 0)], [(1, 0.03), (1, 1)], tolerance_m=50)
    assert (nodes, edges, noding.lines_split) == (4, 3, 1)
    assert noding.joined_after == 1.0


def test_a_loose_end_beside_a_vertex_takes_that_vertex():
    network, noding = make_network(lines_of([(0, 0), (1, 0), (2, 0)], [(1, 0.03), (1, 1)]), tolerance_m=50)
    assert (network.node_count, network.edge_count, noding.lines_split) == (4, 3, 1)
    assert np.diff(network.starts).tolist() == [2, 2, 2]


def test_several_loose_ends_are_joined_to_one_line():
    comb = [[(x, 0.01), (x, 1)] for x in (1, 2, 3)]
    nodes, edges, _ = counts([(0, 0), (4, 0)], *comb, tolerance_m=20)
    assert (nodes, edges) == (8, 7)


def test_a_line_shorter_than_the_tolerance_is_eaten():
    nodes, edges, noding = counts([(0, 0), (1, 0)], [(1, 0), (1.01, 0)], [(1.01, 0), (2, 0)], tolerance_m=50)
    assert (nodes, edges, noding.collapsed) == (3, 2, 1)


def test_ends_beyond_the_tolerance_stay_apart():
    assert counts([(0, 0), (1, 0)], [(1.06, 0), (2, 0)], tolerance_m=50)[:2] == (4, 2)


def test_nothing_gives_an_empty_network():
    network, noding = make_network(lines_of(), tolerance_m=5, crossings=True)
    assert (network.node_count, network.edge_count, noding.joined_after) == (0, 0, 0.0)
    report = report_network(network, noding)
    assert (report.km, report.main_share, report.km_by_class) == (0.0, 0.0, {})


def test_the_report_counts_what_lies_outside_the_main_part():
    network, noding = make_network(
        lines_of(
            [(0, 0), (8, 0)],
            ([(8, 0), (9, 0)], {"oneway": True}),
            ([(20, 0), (21, 0)], {"road_class": "track"}),
        )
    )
    report = report_network(network, noding)
    assert (report.nodes, report.edges, report.arcs) == (5, 3, 5)
    assert report.km == pytest.approx(10, abs=0.01)
    assert report.main_share == pytest.approx(0.8, abs=1e-3)
    assert report.outside_km == pytest.approx(2, abs=0.01)
    assert report.km_by_class == pytest.approx({"省道": 9, "机耕路": 1}, abs=0.01)


def test_lengths_are_of_the_ellipsoid():
    # A degree of a meridian at 36° is 110,962 m on the GRS80 ellipsoid, to a metre; the projection's scale is 1.
    network, _ = make_network(lines_of([(0, -15.5), (0, 95.462)]))
    assert network.length_m[0] == pytest.approx(110_962, abs=2)


def test_a_network_survives_the_way_to_bytes_and_back():
    network = network_of([(0, 0), (1, 0), (2, 0)], ([(1, 0), (1, 1)], {"name": "滨河路", "oneway": True}))
    again = RoadNetwork.from_bytes(network.to_bytes())
    assert again.hash == network.hash
    assert again.names.tolist() == ["滨河路"]
    assert again.name.tolist() == [-1, -1, 0]
    assert network_of([(0, 0), (1, 0)]).hash != network_of([(0, 0), (1.001, 0)]).hash
