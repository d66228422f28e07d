from __future__ import annotations

import pytest

from planner.demo.content import make_content
from planner.demo.people_content import People, make_people
from planner.demo.region import Region
from planner.plugin import Progress
from tests.demo.conftest import SEED, Made


def _in(people: People, county: str) -> People:
    """What of the people belongs to a county."""
    files = tuple(item for item in people.children if (item.village or "").startswith(county))
    keys = {item.key for item in files}
    return People(
        files,
        tuple(item for item in people.assistants if item.village.startswith(county)),
        tuple(item for item in people.cadres if item.county == county),
        tuple(item for item in people.duties if item.area.startswith(county)),
        tuple(item for item in people.visits if item.child in keys),
        tuple(item for item in people.events if item.child in keys),
    )


def test_the_same_seed_gives_the_same_people_and_another_does_not(made: Made, region: Region) -> None:
    again = make_people(made.content, region, seed=SEED)
    assert again == made.people
    other = make_people(made.content, region, seed=SEED + 1)
    for theme in ("children", "assistants", "cadres", "duties", "visits", "events"):
        assert getattr(other, theme) != getattr(again, theme)


def test_a_county_is_the_same_alone_and_in_company(made: Made, region: Region) -> None:
    own = _in(made.people, "640424")
    count = len(own.children)
    alone = make_people(make_content(region, ["640424"], children=count, seed=SEED), region, seed=SEED)
    assert alone == own
    assert len(alone.visits) > 100
    assert _in(made.people, "640324").children + own.children == made.people.children


def test_visits_and_events_are_of_children_who_have_a_file(made: Made) -> None:
    keys = {record.key for record in made.people.children}
    assert {visit.child for visit in made.people.visits} <= keys
    assert {event.child for event in made.people.events} <= keys


def test_no_children_leave_the_rosters(region: Region) -> None:
    people = make_people(make_content(region, ["640424"], children=0, seed=0), region, seed=0)
    assert (people.children, people.visits, people.events) == ((), (), ())
    assert people.assistants
    assert people.cadres
    assert people.duties


@pytest.mark.parametrize("children", [1, 2, 7])
def test_few_children(region: Region, children: int) -> None:
    people = make_people(make_content(region, ["640424"], children=children, seed=0), region, seed=0)
    assert len(people.children) == children
    assert len(people.events) <= children


def test_progress_is_told_county_by_county(made: Made, region: Region) -> None:
    told: list[Progress] = []
    make_people(made.content, region, seed=SEED, report=told.append)
    assert [(item.doing, item.share) for item in told] == [
        ("生成同心县的儿童档案", 0.0),
        ("生成泾源县的儿童档案", 0.5),
    ]
