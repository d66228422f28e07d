"""Tours over several days: by eye, against all there are, and by the checker."""

from dataclasses import replace
from itertools import pairwise, permutations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.visit_routes.checker import find_faults
from plugins.visit_routes.problem import Plan, Problem, days_of, schedule
from plugins.visit_routes.ruin_recreate import Search
from tests.plugins.visit_routes.problems import line


def solved(problem, *, steps=300, seed=0):
    search = Search(problem, total_steps=steps, seed=seed)
    search.improve(steps)
    assert find_faults(problem, search.plan) == []
    return search.plan


def ever_better(problem, *, steps, seed, at_once):
    """The plans of one search, after every `at_once` of its `steps`."""
    search = Search(problem, total_steps=steps, seed=seed)
    while search.steps < steps:
        search.improve(at_once)
        yield search.plan


def test_one_tour_out_and_back():
    plan = solved(line([10, 20, 30]))
    assert sorted(plan.tours[0]) == [0, 1, 2]
    assert (plan.cost, plan.left_out) == (60, ())
    told = schedule(line([10, 20, 30]), 0, (0, 1, 2))
    assert [visit.begins for visit in told.visits] == [490, 520, 550]
    assert (told.travel, told.service, told.returns, told.lunch) == (60, 60, 600, None)


def test_two_days_of_a_pattern_by_one_visitor():
    """Twice, with a day between, by either of two visitors, but the same one."""
    plan = solved(line([10], days=4, visitors=2, patterns=[[0b0101, 0b1010]]))
    (pattern,) = plan.patterns.values()
    assert days_of(pattern) in ([0, 2], [1, 3])
    assert plan.cost == 40


def test_nothing_to_visit_and_nobody_to_visit():
    assert solved(line([])) == Plan(((),), (), 0.0, {})
    nobody = solved(line([10], days=0))
    assert (nobody.tours, nobody.left_out, nobody.cost) == ((), (0,), 10_000)


def test_a_stop_without_a_road_stays_out():
    problem = line([10, 20])
    minutes = problem.minutes.copy()
    minutes[0, 2, :2] = minutes[0, :2, 2] = np.inf
    plan = solved(replace(problem, minutes=minutes))
    assert (plan.tours, plan.left_out) == (((0,),), (1,))


def test_the_limit_is_kept_to_the_minute():
    """Out and back to 10 with 20 of service is 40 minutes."""
    problem = line([10])
    assert solved(replace(problem, limit=np.array([40.0]))).left_out == ()
    assert solved(replace(problem, limit=np.array([39.9]))).left_out == (0,)


def test_who_must_be_visited_goes_first_when_not_all_fits():
    """Room for one of two: the dearer to leave out is visited."""
    problem = replace(line([10, -10]), limit=np.array([50.0]), left_out=np.array([1000.0, 5000.0]))
    assert solved(problem).tours == ((1,),)


def test_after_school_and_the_end_of_the_day():
    """School is out at 16:30; the office closes at 17:00: ten minutes there, twenty with the child, ten back."""
    problem = replace(line([10]), opens=np.array([990.0]), ends=np.array([1020.0]))
    assert solved(problem).tours == ((0,),)
    assert solved(replace(problem, ends=np.array([1019.0]))).left_out == (0,)
    assert solved(replace(problem, opens=np.zeros(1), closes=np.array([489.0]))).left_out == (0,)


def test_lunch_comes_before_the_first_visit_after_noon():
    problem = replace(
        line([230, 250]), lunch=np.array([60.0]), limit=np.array([1000.0]), ends=np.array([1200.0])
    )
    told = schedule(problem, 0, (0, 1))
    assert [visit.begins for visit in told.visits] == [710, 810]  # 20 with the first, 20 on, lunch from 12:30
    assert told.lunch == 750
    assert solved(problem).left_out == ()


def test_equal_places_are_one_way():
    plan = solved(line([10, 10, 10]))
    assert plan.cost == 20


def test_a_visitor_who_may_not_is_not_sent():
    problem = line([10, 20], visitors=2)
    plan = solved(replace(problem, allowed=np.array([[True, False], [False, True]])))
    assert plan.tours == ((0,), (1,))


def test_a_plan_handed_out_is_kept_unless_it_is_worth_it():
    """Both fit one tour; moving the second to it saves 40 minutes of 60."""
    problem = line([10, 20], visitors=2)
    moved = np.array([[0.0, 39.0], [39.0, 0.0]])
    assert 0 in map(len, solved(replace(problem, extra=moved)).tours) or solved(problem).cost == 40
    dear = solved(replace(problem, extra=moved * 2))
    assert dear.tours == ((0,), (1,))
    assert dear.cost == 60


def test_the_same_seed_and_steps_give_the_same_plan():
    problem = line([3, 14, 15, 92, 65, 35, 89, 79], days=3, patterns=[[1, 2, 4]] * 8, visitors=2)
    first, second = (list(ever_better(problem, steps=400, seed=7, at_once=100)) for _ in range(2))
    assert first == second
    assert len(first) == 4
    assert all(later.cost <= earlier.cost for earlier, later in pairwise(first))


def test_arrays_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="service"):
        replace(line([1, 2]), service=np.zeros(3))
    with pytest.raises(ValueError, match="days"):
        line([1], days=63)
    with pytest.raises(ValueError, match="not negative"):
        replace(line([1]), minutes=np.full((1, 2, 2), -1.0))


def least_of_all(problem: Problem) -> float:
    """The cost of the best plan: every pattern and visitor of every stop, every order of every tour."""
    visitors = range(int(problem.visitor.max()) + 1)
    choices = [
        [(0, 0), *product((int(bits) for bits in problem.patterns[stop] if bits), visitors)]
        for stop in range(problem.stops)
    ]
    best = np.inf
    for chosen in product(*choices):
        cost = sum(float(problem.left_out[stop]) for stop, (pattern, _) in enumerate(chosen) if pattern == 0)
        for tour in range(problem.tours):
            members = [
                stop
                for stop, (pattern, who) in enumerate(chosen)
                if pattern >> int(problem.day[tour]) & 1 and who == problem.visitor[tour]
            ]
            if not all(problem.allowed[stop, tour] for stop in members):
                cost = np.inf
                break
            cost += min((_cost(problem, tour, order) for order in permutations(members)), default=0.0)
        best = min(best, cost)
    return best


def _cost(problem, tour, stops):
    if not stops:
        return 0.0
    told = schedule(problem, tour, stops)
    sound = told.travel + told.service <= problem.limit[tour] and told.returns <= problem.ends[tour]
    sound &= all(visit.begins <= problem.closes[visit.stop] for visit in told.visits)
    return told.travel if sound else np.inf


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_small_problems_are_solved_to_the_best(data):
    stops = data.draw(st.integers(1, 4))
    positions = data.draw(st.lists(st.integers(-60, 60), min_size=stops, max_size=stops))
    days, visitors = data.draw(st.sampled_from([(1, 1), (2, 1), (1, 2), (2, 2)]))
    every = [[1]] if days == 1 else [[1, 2], [3], [1], [2]]
    patterns = [([*data.draw(st.sampled_from(every)), 0])[:2] for _ in range(stops)]
    problem = line(positions, days=days, visitors=visitors, patterns=patterns)
    tours = problem.tours
    numbers = st.integers(40, 200).map(float)
    problem = replace(
        problem,
        limit=np.array(data.draw(st.lists(numbers, min_size=tours, max_size=tours))),
        ends=np.array(data.draw(st.lists(st.integers(560, 800).map(float), min_size=tours, max_size=tours))),
        opens=np.array(data.draw(st.lists(st.sampled_from([0.0, 500, 600]), min_size=stops, max_size=stops))),
        closes=np.array(
            data.draw(st.lists(st.sampled_from([600.0, 700, np.inf]), min_size=stops, max_size=stops))
        ),
        lunch=np.array(data.draw(st.lists(st.sampled_from([0.0, 30]), min_size=tours, max_size=tours))),
        lunch_from=np.full(tours, 540.0),
    )
    plan = solved(problem, steps=600, seed=data.draw(st.integers(0, 9)))
    assert plan.cost == pytest.approx(least_of_all(problem))


@pytest.mark.parametrize(
    ("spoil", "word"),
    [
        (lambda plan: replace(plan, tours=((0, 1, 1),)), "none of its patterns"),
        (lambda plan: replace(plan, tours=((0,),)), "planned on"),
        (lambda plan: replace(plan, left_out=(0,)), "left out 1 times"),
        (lambda plan: replace(plan, cost=plan.cost - 1), "costs"),
        (lambda plan: replace(plan, tours=()), "instead of"),
    ],
)
def test_the_checker_finds_what_is_wrong(spoil, word):
    problem = line([10, 20])
    assert any(word in fault for fault in find_faults(problem, spoil(solved(problem))))
    late = replace(problem, ends=np.array([500.0]), limit=np.array([30.0]), room=np.array([1.0]))
    told = " ".join(find_faults(late, solved(problem)))
    assert all(word in told for word in ("returns", "minutes", "room"))
