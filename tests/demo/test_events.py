from __future__ import annotations

from datetime import timedelta

import pytest

from planner.demo.days import DATA_DAY
from planner.demo.events import make_events
from planner.model.children import ChildRecord
from planner.model.demand import Category
from planner.model.events import EventStage, ProtectionEvent
from planner.model.words import Harm
from planner.policy.classification import classify
from planner.policy.facts import Facts
from planner.policy.from_record import facts
from planner.policy.rules import load_rules
from tests.demo.conftest import Made

RULES = load_rules("doc2017")


@pytest.fixture(scope="module")
def events(made: Made) -> list[ProtectionEvent]:
    """The events of sixty seeds, so that everything that may happen does."""
    county = [item for item in made.people.children if (item.village or "").startswith("640324")]
    return [event for seed in range(60) for event in make_events("640324", county, rules=RULES, seed=seed)]


@pytest.fixture(scope="module")
def files(made: Made) -> dict[str, ChildRecord]:
    return {record.key: record for record in made.people.children}


def test_a_few_in_each_county_about_different_children(made: Made) -> None:
    for county in ("640324", "640424"):
        own = [event for event in made.people.events if event.township.startswith(county)]
        assert 2 <= len(own) <= 5
        assert len({event.child for event in own}) == len(own)
        assert [event.discovered_at for event in own] == sorted(event.discovered_at for event in own)
    assert len({event.id for event in made.people.events}) == len(made.people.events)


def test_only_children_without_guardians_are_harmed_and_stay_in_their_class(
    events: list[ProtectionEvent], files: dict[str, ChildRecord]
) -> None:
    for event in events:
        record = files[event.child]
        assert event.township == (record.residence or "")[:9]
        assert record.grade is None
        told = facts(record, DATA_DAY, rules=RULES)
        assert classify(told, RULES).primary is Category.GUARDIANSHIP
        harmed = classify(Facts(father=told.father, mother=told.mother, harm=frozenset(event.harm)), RULES)
        assert harmed.primary is Category.GUARDIANSHIP
        assert harmed.opens_event
        assert "二(三)e" in harmed.clauses


def test_stages_come_in_order_none_left_out_and_time_never_runs_back(events: list[ProtectionEvent]) -> None:
    for event in events:
        stages = [step.stage for step in event.steps]
        assert stages == list(EventStage)[: len(stages)]
        assert stages[0] is EventStage.REPORTED
        times = [event.discovered_at, *(step.at for step in event.steps)]
        assert times == sorted(times)
        assert times[-1].date() <= DATA_DAY
        assert all(moment.utcoffset() == timedelta(hours=8) for moment in times)


def test_cases_stand_at_every_stage(events: list[ProtectionEvent]) -> None:
    assert {event.stage for event in events} == set(EventStage)
    assert {event.is_open for event in events} == {True, False}
    assert {harm for event in events for harm in event.harm} == set(Harm)


def test_a_suspected_crime_is_told_to_the_police(events: list[ProtectionEvent]) -> None:
    for event in events:
        assert "民政局" in event.reported_to
        assert ("公安局" in event.reported_to) == (event.harm != (Harm.ACCIDENT,))
        assert event.steps[0].lead in event.reported_to


def test_most_are_reported_within_two_hours_and_some_late(events: list[ProtectionEvent]) -> None:
    late = [event for event in events if event.report_delay and event.report_delay > timedelta(hours=2)]
    assert 0.08 < len(late) / len(events) < 0.25


def test_reporters_are_assistants_or_others(
    events: list[ProtectionEvent], files: dict[str, ChildRecord]
) -> None:
    by_assistant = [event for event in events if event.reporter == files[event.child].assistant]
    assert 0.4 < len(by_assistant) / len(events) < 0.7


def test_the_daytime_is_for_what_is_not_urgent(events: list[ProtectionEvent]) -> None:
    urgent = (EventStage.REPORTED, EventStage.EMERGENCY)
    assert all(
        9 <= step.at.hour <= 17 for event in events for step in event.steps if step.stage not in urgent
    )


def test_without_such_children_there_is_no_event(made: Made) -> None:
    assert make_events("640324", [], rules=RULES, seed=0) == []
    family = [
        item
        for item in made.people.children
        if classify(facts(item, DATA_DAY), RULES).primary is Category.FAMILY
    ]
    assert make_events("640324", family[:50], rules=RULES, seed=0) == []


def test_the_same_seed_gives_the_same_events(made: Made) -> None:
    children = made.people.children
    first, again, other = (make_events("640324", children, rules=RULES, seed=seed) for seed in (0, 0, 1))
    assert first == again != other
