from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta
from itertools import pairwise

import pytest

from planner.demo.days import DATA_DAY
from planner.demo.visits import FIRST_DAY, make_visits
from planner.model.children import ChildRecord
from planner.model.visits import Concern, Measure, Visit, VisitWay
from planner.model.words import Grade
from planner.policy.grades import grade_of
from planner.policy.rules import load_rules
from planner.policy.visits import retry_by, visit_due
from tests.demo.conftest import Made

RULES = load_rules("doc2017")
ByChild = dict[str, list[Visit]]


@pytest.fixture(scope="module")
def visits(made: Made) -> ByChild:
    found: ByChild = defaultdict(list)
    for visit in made.people.visits:
        found[visit.child].append(visit)
    return found


@pytest.fixture(scope="module")
def files(made: Made) -> dict[str, ChildRecord]:
    return {record.key: record for record in made.people.children}


@pytest.fixture(scope="module")
def grades(made: Made) -> dict[str, Grade]:
    at_risk = {event.child for event in made.people.events if event.is_open}
    return {
        record.key: grade_of(record, DATA_DAY, open_event=record.key in at_risk, rules=RULES)
        for record in made.people.children
    }


def test_visits_are_in_order_and_between_the_first_day_and_the_last(
    visits: ByChild, files: dict[str, ChildRecord]
) -> None:
    for key, own in visits.items():
        days = [visit.day for visit in own]
        assert all(earlier < later for earlier, later in pairwise(days))
        assert days[0] >= max(FIRST_DAY, files[key].birth or FIRST_DAY)
        assert days[-1] <= DATA_DAY


def test_each_is_made_by_the_assistant_of_the_village(
    made: Made, visits: ByChild, files: dict[str, ChildRecord]
) -> None:
    assistants = {item.village: item.name for item in made.people.assistants}
    for key, own in visits.items():
        assert {visit.by for visit in own} == {(assistants[files[key].village or ""],)}
    without = {record.key for record in files.values() if record.village not in assistants}
    assert without
    assert without.isdisjoint(visits)


def _on_time(own: list[Visit], grade: Grade) -> list[bool]:
    """Of each visit that met the child after another one: whether it came by the due day."""
    met = [visit.day for visit in own if visit.seen]
    return [later <= visit_due(grade, earlier, earlier, RULES) for earlier, later in pairwise(met)]


def test_about_eighty_five_in_a_hundred_come_by_the_due_day(
    visits: ByChild, grades: dict[str, Grade]
) -> None:
    kept = [is_kept for key, own in visits.items() for is_kept in _on_time(own, grades[key])]
    assert len(kept) > 2_000
    assert 0.8 < sum(kept) / len(kept) < 0.9


def test_some_are_overdue_on_the_last_day_and_most_are_not(visits: ByChild, grades: dict[str, Grade]) -> None:
    due = {
        key: visit_due(grades[key], FIRST_DAY, [visit.day for visit in own if visit.seen][-1], RULES)
        for key, own in visits.items()
        if any(visit.seen for visit in own)
    }
    overdue = sum(day < DATA_DAY for day in due.values())
    assert 0.02 < overdue / len(due) < 0.25


def test_a_child_not_met_is_looked_for_again_within_three_days(visits: ByChild) -> None:
    every = [visit for own in visits.values() for visit in own]
    unseen = [visit for visit in every if not visit.seen]
    assert 0.04 < len(unseen) / len(every) < 0.08
    for own in visits.values():
        for visit, following in pairwise(own):
            if not visit.seen:
                assert following.day <= retry_by(visit.day, RULES)
    assert all(not visit.findings and visit.measure is None and visit.problems for visit in unseen)


def test_what_was_found_is_told_whole(visits: ByChild) -> None:
    met = [visit for own in visits.values() for visit in own if visit.seen]
    for visit in met:
        assert [finding.concern for finding in visit.findings] == list(Concern)
        odd = [finding for finding in visit.findings if not finding.normal]
        assert (visit.problems is None) == (not odd)
        assert visit.measure in ((Measure.NONE, Measure.HELP) if odd else (Measure.NONE,))
        assert visit.next_day
        assert visit.next_day > visit.day
    assert 0.02 < sum(visit.problems is not None for visit in met) / len(met) < 0.06


def test_the_next_day_is_the_due_day_of_the_grade(visits: ByChild, grades: dict[str, Grade]) -> None:
    every = RULES.visits.value.every
    for key, own in visits.items():
        assert {(visit.next_day or DATA_DAY) - visit.day for visit in own if visit.seen} <= {
            timedelta(days=every[grades[key]])
        }


def test_who_is_away_is_visited_by_others_or_by_telephone(
    visits: ByChild, files: dict[str, ChildRecord]
) -> None:
    ways: dict[bool, Counter[VisitWay]] = {True: Counter(), False: Counter()}
    for key, own in visits.items():
        ways[files[key].residence is None].update(visit.way for visit in own)
    assert set(ways[False]) == {VisitWay.HOME}
    assert set(ways[True]) == {VisitWay.ENTRUSTED, VisitWay.PHONE}


def test_a_child_at_risk_is_visited_every_week(made: Made) -> None:
    record = next(
        item
        for item in made.people.children
        if item.residence
        and item.grade is None
        and item.birth
        and item.birth < date(2015, 1, 1)
        and item.temporary_from is None
    )
    told = {record.village or "": "马小红"}
    counts = {
        bool(at_risk): sum(
            len(make_visits("640324", [record], told, at_risk=at_risk, rules=RULES, seed=seed))
            for seed in range(10)
        )
        for at_risk in (set(), {record.key})
    }
    assert counts[True] > 3 * counts[False]


def test_nobody_is_visited_without_assistants_or_children(made: Made) -> None:
    children = made.people.children[:20]
    assert make_visits("640324", children, {}, at_risk=(), rules=RULES, seed=0) == []
    assert make_visits("640324", [], {"640324101201": "马小红"}, at_risk=(), rules=RULES, seed=0) == []
