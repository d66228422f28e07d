"""Minutes over small networks: at 60 km/h a kilometre takes a minute."""

from dataclasses import replace
from itertools import pairwise, permutations

import networkx as nx
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.roads import RoadTravel
from planner.roads import travel as travel_module
from planner.roads.engines import Hierarchy, compute_order
from planner.roads.snapping import NO_ROADS, TOO_FAR, UNLOCATED
from tests.roads.grids import at, even_speeds, network_of

MISSING = [np.nan, np.nan]


@pytest.fixture(params=["hierarchy", "dijkstra"])
def build(request, monkeypatch):
    """Builds travel at 60 km/h, with either engine."""
    monkeypatch.setattr(travel_module, "has_hierarchies", lambda: request.param == "hierarchy")

    def made(network, speeds=None, **settings):
        return RoadTravel.build(network, speeds or even_speeds(), **settings)

    return made


def test_ten_kilometres_at_sixty_take_ten_minutes(build):
    travel = build(network_of([(0, 0), (10, 0)]))
    assert travel.minutes(at((0, 0)), at((10, 0), (0, 0))).tolist() == [[10.0, 0.0]]
    assert travel.estimated is False


def test_places_snap_to_the_edge_and_not_to_its_nodes(build):
    travel = build(network_of([(0, 0), (10, 0)], [(10, 0), (20, 0)]))
    assert travel.minutes(at((2, 0)), at((14, 0))).tolist() == [[12.0]]
    assert travel.minutes(at((14, 0)), at((2, 0))).tolist() == [[12.0]]


def test_a_trip_along_one_edge_needs_no_node(build):
    travel = build(network_of([(0, 0), (10, 0)]))
    assert travel.minutes(at((2, 0), (7, 0)), at((7, 0), (2, 0))).tolist() == [[5.0, 0.0], [0.0, 5.0]]


def test_a_one_way_street_is_left_at_its_head_and_entered_at_its_tail(build):
    # A ring one way round: (0,0) → (3,0) → (3,3) → (0,3) → (0,0), 12 km.
    ring = ([(0, 0), (3, 0), (3, 3), (0, 3), (0, 0)], {"oneway": True})
    travel = build(network_of(ring, [(3, 0), (9, 0)]))
    assert travel.minutes(at((1, 0)), at((2, 0))).tolist() == [[1.0]]
    assert travel.minutes(at((2, 0)), at((1, 0))).tolist() == [[11.0]]
    assert travel.minutes(at((9, 0)), at((2, 0))).tolist() == [[17.0]]
    assert travel.minutes(at((2, 0)), at((9, 0))).tolist() == [[7.0]]


def test_at_the_end_of_a_one_way_street_one_is_at_its_node(build):
    ring = ([(0, 0), (3, 0), (3, 3), (0, 3), (0, 0)], {"oneway": True})
    travel = build(network_of(ring, [(3, 0), (9, 0)]))
    assert travel.minutes(at((9, 0)), at((3, 0))).tolist() == [[6.0]]
    assert travel.minutes(at((3, 0)), at((9, 0))).tolist() == [[6.0]]


def test_an_island_is_not_snapped_to(build):
    # The island lies beside the place, the main road 2 km off: 500 m on foot (6 min), 1.5 km by track (6 min).
    travel = build(network_of([(0, 0), (10, 0)], [(5, 2.1), (6, 2.1)]))
    assert travel.minutes(at((5, 2)), at((10, 0))).tolist() == [[17.0]]
    assert travel.places(at((5, 2))).edge.tolist() == [0]


def test_an_island_too_far_from_the_main_part_is_unreachable(build):
    travel = build(network_of([(0, 0), (10, 0)], [(0, 40), (3, 40)]))
    places = travel.places(at((1, 40)))
    assert places.reason.tolist() == [TOO_FAR]
    assert travel.minutes(at((1, 40)), at((10, 0))).tolist() == [[np.inf]]


@pytest.mark.parametrize("kilometres", [60.0, 20 / 3])
def test_sixty_minutes_are_exactly_sixty(build, kilometres):
    # Many pieces whose seconds are no round numbers.
    steps = np.linspace(0, kilometres, 71)
    pieces = [[(start, 0), (end, 0)] for start, end in pairwise(steps)]
    travel = build(network_of(*pieces), even_speeds(kilometres))
    assert travel.minutes(at((0, 0)), at((kilometres, 0))).tolist() == [[60.0]]
    within = travel.within(at((0, 0)), at((kilometres, 0)), limit_min=60)
    assert (within.nnz, within.toarray().tolist()) == (1, [[60.0]])
    assert travel.within(at((0, 0)), at((kilometres, 0)), limit_min=59.999).nnz == 0


def test_a_place_thirty_kilometres_from_any_road_is_unreachable_and_says_why(build):
    travel = build(network_of([(0, 0), (10, 0)]))
    index, minutes = travel.nearest(at((5, 30)), at((0, 0)))
    assert (index.tolist(), minutes.tolist()) == ([-1], [np.inf])
    places = travel.places(at((5, 30), (5, 1)))
    assert places.reason.tolist() == [TOO_FAR, ""]
    assert places.access_m.tolist() == [30_000.0, 1_000.0]


def test_how_far_from_a_road_is_too_far_can_be_changed(build):
    travel = build(network_of([(0, 0), (10, 0)]), even_speeds(most_m=30_000, walk_m=0))
    assert travel.minutes(at((5, 30)), at((5, 0))).tolist() == [[120.0]]


def test_the_first_metres_are_walked_the_rest_goes_by_track(build):
    travel = build(network_of([(0, 0), (10, 0)]))
    assert travel.minutes(at((0, 0.25), (0, 0.5), (0, 3)), at((10, 0))).T.tolist() == [[13.0, 16.0, 26.0]]


def test_neighbours_walk(build):
    travel = build(network_of([(0, 0), (10, 0)]))
    assert travel.minutes(at((1, 9)), at((1, 9), (1.25, 9))).tolist() == [[0.0, 3.0]]
    assert travel.minutes(at((1, 90)), at((1.25, 90), (2, 90))).tolist() == [[3.0, np.inf]]


def test_a_motorway_is_not_joined_from_a_field(build):
    network = network_of(
        ([(0, 0), (10, 0)], {"road_class": "motorway"}), [(0, 0), (0, 1)], [(10, 0), (10, 1)]
    )
    assert build(network).places(at((4, 0.1))).edge.tolist() == [1]


def test_of_parallel_edges_the_quicker_one_counts(build):
    network = network_of([(0, 0), (5, 5), (10, 0)], [(0, 0), (10, 0)], [(10, 0), (20, 0)])
    assert build(network).minutes(at((20, 0)), at((0, 0))).tolist() == [[20.0]]
    assert build(network, closed=[1]).minutes(at((20, 0)), at((0, 0))).tolist() == [[24.1421]]


def test_a_loop_is_entered_from_both_ends(build):
    loop = [(10, 0), (12, 0), (12, 2), (10, 2), (10, 0)]
    travel = build(network_of([(0, 0), (10, 0)], loop))
    assert travel.minutes(at((0, 0)), at((11, 0), (10, 1))).tolist() == [[11.0, 11.0]]
    assert travel.minutes(at((11, 0)), at((10, 1))).tolist() == [[2.0]]
    one_way = build(network_of([(0, 0), (10, 0)], (loop, {"oneway": True})))
    assert one_way.minutes(at((0, 0)), at((11, 0), (10, 1))).tolist() == [[11.0, 17.0]]
    assert one_way.minutes(at((10, 1)), at((11, 0))).tolist() == [[2.0]]


def test_lines_without_length_do_no_harm(build):
    travel = build(network_of([(0, 0), (0, 0)], [(0, 0), (0, 0), (10, 0)], [(10, 0), (10, 0)]))
    assert travel.minutes(at((0, 0)), at((10, 0))).tolist() == [[10.0]]


@pytest.mark.parametrize("network", [network_of(), network_of([(0, 0), (0, 0)])])
def test_without_roads_nothing_is_reached_but_a_neighbour(build, network):
    travel = build(network)
    assert travel.minutes(at((0, 0)), at((1, 0), (0, 0.25))).tolist() == [[np.inf, 3.0]]
    assert travel.places(at((0, 0), MISSING)).reason.tolist() == [NO_ROADS, UNLOCATED]


def test_nobody_and_nowhere(build):
    travel = build(network_of([(0, 0), (10, 0)]))
    assert travel.minutes(at(), at((0, 0))).shape == (0, 1)
    assert travel.minutes(at((0, 0)), at()).shape == (1, 0)
    index, minutes = travel.nearest(at((0, 0)), at())
    assert (index.tolist(), minutes.tolist()) == ([-1], [np.inf])
    assert travel.within(at(), at(), limit_min=60).shape == (0, 0)


def test_a_missing_place_is_unreachable_and_never_near(build):
    travel = build(network_of([(0, 0), (10, 0)]))
    index, minutes = travel.nearest(at(MISSING, (0, 0)), at(MISSING, (4, 0)))
    assert (index.tolist(), minutes.tolist()) == ([-1, 1], [np.inf, 4.0])


def test_of_equally_near_targets_the_first_listed_wins(build):
    travel = build(network_of([(-10, 0), (0, 0)], [(0, 0), (10, 0)], [(0, 0), (0, 10)]))
    index, minutes = travel.nearest(at((0, 0)), at((9, 0), (5, 0), (0, 5), (-5, 0)))
    assert (index.tolist(), minutes.tolist()) == ([1], [5.0])


def test_the_nearest_few_come_in_order(build):
    travel = build(network_of([(0, 0), (10, 0)]))
    index, minutes = travel.nearest_few(at((0, 0), (10, 0)), at((9, 0), (3, 0)), count=3)
    assert index.tolist() == [[1, 0, -1], [0, 1, -1]]
    assert minutes.tolist() == [[3.0, 9.0, np.inf], [1.0, 7.0, np.inf]]


def test_trips_of_no_minutes_stay_in_the_sparse_table(build):
    travel = build(network_of([(0, 0), (10, 0)]))
    table = travel.within(at((0, 0), (9, 0)), at((0, 0), (5, 0)), limit_min=5)
    assert table.indices.tolist() == [0, 1, 1]
    assert table.data.tolist() == [0.0, 5.0, 4.0]


def test_many_origins_and_few_targets_are_the_same_as_one_by_one(build):
    ring = ([(0, 0), (3, 0), (3, 3), (0, 3), (0, 0)], {"oneway": True})
    travel = build(network_of(ring, [(3, 0), (9, 0)]))
    many, few = at(*[(step / 10, 0.3) for step in range(90)]), at((1, 0), (8, 0))
    one_by_one = np.concatenate([travel.minutes(many[[row]], few) for row in range(len(many))])
    assert travel.minutes(many, few).tolist() == one_by_one.tolist()


def test_changing_a_speed_or_closing_a_road_keeps_the_hierarchy():
    network = network_of([(0, 0), (10, 0)], [(10, 0), (20, 0)], [(0, 0), (10, 5), (20, 0)])
    travel = RoadTravel.build(network, even_speeds())
    slower = travel.changed(even_speeds(30))
    closed = travel.changed(closed=[0])
    assert slower.minutes(at((0, 0)), at((20, 0))).tolist() == [[40.0]]
    assert closed.minutes(at((0, 0)), at((20, 0))).tolist() == [[22.3607]]
    assert travel.minutes(at((0, 0)), at((20, 0))).tolist() == [[20.0]]
    engines = [item.engine for item in (travel, slower, closed)]
    assert len({id(engine.cch) for engine in engines if isinstance(engine, Hierarchy)}) == 1


def test_a_closed_bridge_leaves_the_larger_part(build):
    travel = build(network_of([(0, 0), (10, 0)], [(10, 0), (12, 0)], [(12, 0), (40, 0)]), closed=[1])
    assert travel.minutes(at((12, 0)), at((40, 0))).tolist() == [[28.0]]
    assert travel.places(at((0, 0))).access_m.tolist() == [12_000.0]


def test_two_builds_are_identical():
    network = network_of(*[[(x, y), (x + 1, y)] for x in range(5) for y in range(5)], [(0, 0), (0, 4)])
    places = at(*np.random.default_rng(3).uniform(-1, 6, (40, 2)))
    first, second = (RoadTravel.build(network, even_speeds()).minutes(places, places) for _ in range(2))
    assert first.tobytes() == second.tobytes()
    assert compute_order(network).tolist() == compute_order(network).tolist()


@st.composite
def networks(draw):
    """Lines between the points of a small grid, some one-way, with own speeds."""
    spot = st.tuples(st.integers(0, 4), st.integers(0, 4))
    special = st.fixed_dictionaries({"oneway": st.booleans(), "speed": st.sampled_from([20.0, 50.0, 90.0])})
    lines = draw(st.lists(st.tuples(st.lists(spot, min_size=2, max_size=4), special), max_size=14))
    return network_of(*lines)


@settings(deadline=None, max_examples=150)
@given(networks(), st.lists(st.tuples(st.integers(-2, 22), st.integers(-2, 22)), max_size=6))
def test_both_engines_agree_with_networkx(network, spots):
    places = at(*[(x / 4, y / 4) for x, y in spots])
    travel = RoadTravel.build(network, even_speeds(walk_m=1, most_m=1_500))
    found = travel.minutes(places, places)
    assert np.allclose(found, replace(travel, engine=travel.oracle).minutes(places, places), atol=2e-4)
    assert np.allclose(found, by_networkx(travel, places), atol=2e-4)


def test_a_way_follows_the_road_from_door_to_door(build):
    # Along (0,0) → (10,0) → (10,5), from 100 m beside the first to 200 m beside the second.
    travel = build(network_of([(0, 0), (10, 0)], [(10, 0), (10, 5)]))
    ways = travel.ways(at((2, 0.1), (10, 0)), at((10.2, 3), (10, 0)))
    assert np.allclose(
        shapely.get_coordinates(ways.shapes[0]), at((2, 0.1), (2, 0), (10, 0), (10, 0), (10, 3), (10.2, 3))
    )
    assert ways.metres.tolist() == pytest.approx([100 + 8_000 + 3_000 + 200, 0])


def test_neighbours_walk_and_places_on_one_edge_need_no_node(build):
    travel = build(network_of([(0, 0), (10, 0)], [(10, 0), (10, 5)]))
    ways = travel.ways(at((2, 0.3), (2, 0.3), (7, 0)), at((2.1, 0.3), (7, 0), (2, 0.3)))
    assert np.allclose(shapely.get_coordinates(ways.shapes[0]), at((2, 0.3), (2.1, 0.3)))
    assert np.allclose(shapely.get_coordinates(ways.shapes[1]), at((2, 0.3), (2, 0), (7, 0), (7, 0)))
    assert ways.metres.tolist() == pytest.approx([100, 5_300, 5_300])


def test_where_no_way_leads_there_is_no_line(build):
    travel = build(network_of([(0, 0), (10, 0)]))
    ways = travel.ways(np.array([MISSING, at((2, 0))[0]]), at((2, 0), (2, 30)))
    assert ways.shapes.tolist() == [None, None]
    assert np.isnan(ways.metres).all()
    none = travel.ways(at(), at())
    assert (len(none.shapes), len(none.metres)) == (0, 0)


@settings(max_examples=60)
@given(networks(), st.lists(st.tuples(st.integers(-2, 22), st.integers(-2, 22)), max_size=5))
def test_a_way_takes_as_long_as_is_said(network, spots):
    places = at(*[(x / 4, y / 4) for x, y in spots])
    one_speed = replace(network, speed_kmh=np.full(network.edge_count, np.nan))
    travel = RoadTravel.build(one_speed, even_speeds(walk_m=1, most_m=1_500))
    pairs = np.array(list(permutations(range(len(places)), 2)), dtype=np.int64).reshape(-1, 2)
    starts, ends = places[pairs[:, 0]], places[pairs[:, 1]]
    minutes = travel.minutes(places, places)[pairs[:, 0], pairs[:, 1]]
    access = travel.places(places)
    on_road_m, at_ends_s = access.access_m[pairs].sum(axis=1), access.access_s[pairs].sum(axis=1)
    for way in (travel.ways(starts, ends), replace(travel, engine=travel.oracle).ways(starts, ends)):
        assert [line is None for line in way.shapes] == np.isinf(minutes).tolist()
        told = [line is not None and (starts[row] != ends[row]).any() for row, line in enumerate(way.shapes)]
        seconds = (way.metres - on_road_m) * 0.06 + at_ends_s
        assert np.allclose(seconds[told] / 60, minutes[told], atol=2e-4)
        for row in np.flatnonzero(told):
            points = shapely.get_coordinates(way.shapes[row])
            assert np.allclose([points[0], points[-1]], [starts[row], ends[row]])
            assert way.shapes[row].length == pytest.approx(way.metres[row], abs=0.01)


def by_networkx(travel, places_m):
    """Minutes with every place a node of its own between the nodes of its edge."""
    network, places = travel.network, travel.places(places_m)
    graph: nx.MultiDiGraph = nx.MultiDiGraph()
    graph.add_nodes_from(("node", node) for node in range(network.node_count))
    forwards_s, back_s = travel.snapper.edge_seconds(np.arange(network.edge_count))
    for edge in range(network.edge_count):
        stops = [(0.0, ("node", network.tail[edge])), (1.0, ("node", network.head[edge]))]
        stops += [(places.along[i], ("place", i)) for i in range(len(places_m)) if places.edge[i] == edge]
        stops.sort(key=lambda stop: (stop[0], stop[1][0] == "node" and stop[0] == 1.0))
        for (start, one), (end, two) in pairwise(stops):
            share = end - start
            graph.add_edge(one, two, seconds=forwards_s[edge] * share if share else 0.0)
            if np.isfinite(back_s[edge]) or not share:
                graph.add_edge(two, one, seconds=back_s[edge] * share if share else 0.0)
    minutes = np.full((len(places_m), len(places_m)), np.inf)
    for i in range(len(places_m)):
        minutes[i, np.hypot(*(places_m - places_m[i]).T) == 0] = 0
        if not np.isfinite(places.access_s[i]):
            continue
        found = nx.single_source_dijkstra_path_length(graph, ("place", i), weight="seconds")
        for j in range(len(places_m)):
            seconds = found.get(("place", j), np.inf) + places.access_s[i] + places.access_s[j]
            minutes[i, j] = min(minutes[i, j], seconds / 60)
    return minutes
