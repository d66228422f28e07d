"""The four location models: small instances against trying every choice, and what they say at the edges."""

from __future__ import annotations

import itertools
import math
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.siting.checker import find_faults
from plugins.siting.models import Infeasible, Siting, max_cover, p_center, p_median, set_cover

INF = math.inf
# A valley of three villages and two seats: A serves the first two, B the last two, B nearer to the second.
VALLEY = np.array([[10.0, 90.0], [40.0, 20.0], [INF, 60.0]])
CHILDREN = [5, 1, 2]


@st.composite
def questions(draw):
    """Cost, weights, count, fixed and limit of a small question with ties, gaps and villages without children."""
    demand, candidates = draw(st.integers(0, 7)), draw(st.integers(1, 8))
    minutes = st.integers(0, 9).map(float) | st.just(INF)
    if draw(st.booleans()):
        minutes = st.floats(0, 100, allow_nan=False) | st.just(INF)
    cost = draw(
        st.lists(
            st.lists(minutes, min_size=candidates, max_size=candidates), min_size=demand, max_size=demand
        )
    )
    children = st.integers(0, 4).map(float) | st.floats(0, 4)
    weights = draw(st.lists(children, min_size=demand, max_size=demand))
    fixed = draw(st.lists(st.integers(0, candidates - 1), max_size=2, unique=True))
    count = draw(st.integers(0, candidates - len(fixed)))
    limit = draw(st.sampled_from([0.0, 3.0, 5.0, 50.0, INF]))
    return np.array(cost).reshape(demand, candidates), np.array(weights), count, fixed, limit


def choices(cost, count, fixed):
    """Every choice of `count` sites beside the fixed, with the cost of each demand to its nearest."""
    free = [site for site in range(cost.shape[1]) if site not in fixed]
    for new in itertools.combinations(free, count):
        yield cost[:, [*fixed, *new]].min(axis=1, initial=INF)


def check(answer, cost, best, **asked):
    assert find_faults(answer, cost, **asked) == ()
    assert answer.proved
    assert answer.objective == pytest.approx(best, rel=1e-6, abs=1e-9)


@settings(max_examples=150, deadline=None)
@given(questions())
def test_p_median_and_p_center_equal_the_best_of_all_choices(question):
    cost, weights, count, fixed, _ = question
    must = np.isfinite(cost).any(axis=1)
    nearest = [near[must] for near in choices(cost, count, fixed) if np.isfinite(near[must]).all()]
    if not nearest:
        for solve in (
            lambda: p_median(cost, weights, count, fixed=fixed),
            lambda: p_center(cost, count, fixed=fixed),
        ):
            with pytest.raises(Infeasible) as caught:
                solve()
            more = caught.value.smallest_count or 0
            assert set(caught.value.demand) <= set(np.flatnonzero(must))
            assert any(np.isfinite(near[must]).all() for near in choices(cost, more, fixed))
            assert not any(np.isfinite(near[must]).all() for near in choices(cost, more - 1, fixed))
        return
    travel = p_median(cost, weights, count, fixed=fixed)
    least = min(float(weights[must] @ near) for near in nearest)
    check(travel, cost, least, model="p_median", weights=weights, count=count, fixed=fixed)
    worst = p_center(cost, count, fixed=fixed)
    shortest = min(float(near.max(initial=0.0)) for near in nearest)
    check(worst, cost, shortest, model="p_center", count=count, fixed=fixed)


@settings(max_examples=150, deadline=None)
@given(questions())
def test_covers_equal_the_best_of_all_choices(question):
    cost, weights, count, fixed, limit = question
    within = lambda near: (near <= limit) & np.isfinite(near)  # noqa: E731
    most = max(float(weights[within(near)].sum()) for near in choices(cost, count, fixed))
    covered = max_cover(cost, weights, count, limit=limit, fixed=fixed)
    check(covered, cost, most, model="max_cover", weights=weights, count=count, fixed=fixed, limit=limit)

    must = np.isfinite(cost).any(axis=1)
    blocked = must & ~within(cost).any(axis=1)
    if blocked.any():
        with pytest.raises(Infeasible) as caught:
            set_cover(cost, limit=limit, fixed=fixed)
        assert caught.value.demand == tuple(np.flatnonzero(blocked))
        assert set_cover(cost, limit=caught.value.smallest_limit or 0.0, fixed=fixed).proved
        return
    fewest = next(
        size
        for size in range(cost.shape[1] - len(fixed) + 1)
        if any(within(near[must]).all() for near in choices(cost, size, fixed))
    )
    answer = set_cover(cost, limit=limit, fixed=fixed)
    check(answer, cost, fewest + len(fixed), model="set_cover", fixed=fixed, limit=limit)


def test_answers_of_the_valley():
    travel = p_median(VALLEY, CHILDREN, 2)
    assert travel.sites == (0, 1)
    assert travel.assigned.tolist() == [0, 1, 1]
    assert travel.objective == 5 * 10 + 1 * 20 + 2 * 60
    worst = p_center(VALLEY, 1)
    assert (worst.sites, worst.objective) == ((1,), 90)
    covered = max_cover(VALLEY, CHILDREN, 1, limit=40)
    assert (covered.sites, covered.objective, covered.uncovered) == ((0,), 6, (2,))
    fewest = set_cover(VALLEY, limit=60)
    assert (fewest.sites, fewest.objective) == ((0, 1), 2)


def test_exactly_the_limit_is_within():
    assert max_cover([[60.0]], [3], 1, limit=60).objective == 3
    assert set_cover([[60.0]], limit=60.0).sites == (0,)
    assert max_cover([[60.0000001]], [3], 1, limit=60).uncovered == (0,)


def test_what_no_candidate_reaches_is_set_aside():
    cost = [[10.0, 20.0], [INF, INF]]
    for answer in (
        p_median(cost, [1, 9], 1),
        p_center(cost, 1),
        max_cover(cost, [1, 9], 1, limit=INF),
        set_cover(cost, limit=10),
    ):
        assert answer.uncovered == (1,)
        assert answer.assigned.tolist() == [0, -1]
        assert answer.proved


def test_ties_go_to_the_lowest_index():
    assert p_median([[7.0, 7.0, 7.0]], [2], 2).assigned.tolist() == [0]


def test_existing_sites_stay_and_count_is_of_new_ones():
    answer = p_median(VALLEY, CHILDREN, 1, fixed=[0])
    assert answer.sites == (0, 1)
    assert p_median([[1.0, 5.0], [1.0, 5.0]], [1, 1], 0, fixed=[1]).objective == 10


def test_too_few_sites_are_infeasible_and_say_what_would_work():
    apart = np.where(np.eye(3), 5.0, INF)
    for solve in (lambda: p_median(apart, [1, 1, 1], 1), lambda: p_center(apart, 1)):
        with pytest.raises(Infeasible, match=r"没有可行的选址.*至少3个") as caught:
            solve()
        assert caught.value.demand == (1, 2)
        assert caught.value.smallest_count == 3


def test_without_time_too_few_sites_are_not_said_to_be_infeasible():
    reach = ["100011", "010010", "011000", "110000", "001011", "101101", "101001"]
    cost = np.where([[letter == "1" for letter in row] for row in reach], 5.0, INF)
    for ask in (partial(p_median, cost, [1] * 7, 2), partial(p_center, cost, 2)):
        with pytest.raises(Infeasible, match="没有证明没有") as caught:
            ask(time_limit_s=0)
        assert not caught.value.decided
        assert ask().proved


def test_an_objective_of_nothing_is_proved_at_once():
    """Two sites serve all six for nothing; the weights are no whole numbers."""
    paid = ["5050", "0500", "5505", "0000", "0550", "0005"]
    cost, weights = [[float(letter) for letter in row] for row in paid], [1.5, 0.5, 0.5, 2.5, 1.5, 2.5]
    began = itertools.count()
    shared: Any = {"time_limit_s": INF, "stop_wished": lambda: next(began) > 50}
    assert p_median(cost, weights, 2, **shared).proved
    assert max_cover(cost, weights, 2, limit=1, **shared).objective == 9
    assert next(began) <= 50


def test_a_tree_ends_where_the_objective_is_nothing():
    random = np.random.default_rng(925)
    answer = p_median(random.choice([0.0, 0.5, 1.3], (7, 6)), random.random(7), 3)
    assert (answer.objective, answer.proved) == (0, True)


def test_a_limit_too_small_is_infeasible_and_names_the_demand():
    with pytest.raises(Infeasible, match=r"第3个需求点.*至少60") as caught:
        set_cover(VALLEY, limit=40)
    assert (caught.value.demand, caught.value.smallest_limit) == ((2,), 60)


def test_nothing_asked_and_nothing_weighing():
    nowhere = np.zeros((0, 3))
    assert p_median(nowhere, [], 2).sites == (0, 1)
    assert p_center(nowhere, 0).sites == ()
    assert max_cover(nowhere, [], 1, limit=5).objective == 0
    assert set_cover(nowhere, limit=5).sites == ()
    assert p_median(VALLEY, [0, 0, 0], 2).proved
    assert max_cover(VALLEY, [0, 0, 0], 1, limit=50).proved


def spread(*, demand, candidates):
    """Villages and seats strewn over a square, minutes as the crow flies; too much to prove in no time."""
    random = np.random.default_rng(3)
    villages, seats = random.random((demand, 2)) * 100, random.random((candidates, 2)) * 100
    return np.hypot(*(villages[:, None] - seats[None]).transpose(2, 0, 1)), random.integers(1, 9, demand)


def answers(**options):
    """Each model's answer to a question that takes work to prove: cost, and what the checker has to know."""
    cost, weights = spread(demand=120, candidates=40)
    yield p_median(cost, weights, 5, **options), cost, {"model": "p_median", "weights": weights, "count": 5}
    yield p_center(cost, 5, **options), cost, {"model": "p_center", "count": 5}
    asked = {"model": "max_cover", "weights": weights, "count": 5, "limit": 20.0}
    yield max_cover(cost, weights, 5, limit=20, **options), cost, asked
    # Seven villages in a ring, each site serving two neighbours: every simple reason gives 3, the truth is 4.
    ring = np.where((np.eye(7) + np.roll(np.eye(7), 1, axis=1)) > 0, 5.0, 30.0)
    yield set_cover(ring, limit=5, **options), ring, {"model": "set_cover", "limit": 5.0}


def test_with_time_each_is_proved():
    for answer, cost, asked in answers():
        assert find_faults(answer, cost, **asked) == ()
        assert answer.proved


def test_without_time_the_answer_is_valid_and_not_proved():
    for answer, cost, asked in answers(time_limit_s=0):
        assert find_faults(answer, cost, **asked) == ()
        assert not answer.proved
        assert answer.gap > 0


def test_a_wish_to_stop_is_heard_and_the_best_offered_is_kept():
    offered: list[Siting] = []
    for answer, cost, asked in answers(offer=offered.append, stop_wished=lambda: True):
        assert not answer.proved
        assert all(find_faults(one, cost, **asked) == () for one in [*offered, answer])
        assert answer.objective == offered[-1].objective
        offered.clear()


def test_offers_only_get_better_and_end_in_the_answer():
    cost, weights = spread(demand=200, candidates=60)
    offered: list[Siting] = []
    answer = p_median(cost, weights, 6, offer=offered.append)
    assert answer.proved
    costs = [one.objective for one in offered]
    bounds = [one.bound for one in offered]
    assert costs == sorted(costs, reverse=True)
    assert bounds == sorted(bounds)
    assert max(bounds) <= answer.objective == costs[-1]


def test_a_later_greedy_cover_does_not_replace_a_better_answer():
    cost = [
        [70, 30, 50, 80, 70],
        [10, 60, 10, 20, 10],
        [60, 50, 70, 20, 20],
        [30, 50, 10, 80, 20],
        [50, 20, 30, 50, 80],
    ]
    offered: list[Siting] = []
    assert p_center(cost, 2, time_limit_s=0, offer=offered.append).objective == 30
    assert [one.objective for one in offered] == [30, 30]


def test_the_bound_of_a_cover_only_falls():
    cost = [[80, 80, 70, 30], [30, 70, 60, 50], [80, 30, 40, 50]]
    asked = itertools.count()
    offered: list[Siting] = []
    answer = max_cover(
        cost, [2, 2, 3], 2, limit=40, offer=offered.append, stop_wished=lambda: next(asked) > 0
    )
    assert answer.bound <= min(one.bound for one in offered)


def test_the_same_work_and_seed_give_the_same_answer():
    cost, weights = spread(demand=200, candidates=60)

    def run(units):
        asked = itertools.count()
        return p_median(cost, weights, 6, seed=1, time_limit_s=INF, stop_wished=lambda: next(asked) >= units)

    for units in (0, 2, 5):
        first, again = run(units), run(units)
        assert first == again
        assert first.assigned.tolist() == again.assigned.tolist()


MALFORMED = [
    ({"cost": [[1.0, math.nan]]}, "NaN"),
    ({"cost": [[1.0, -1.0]]}, "negative"),
    ({"cost": [1.0, 2.0]}, "two dimensions"),
    ({"cost": np.ma.masked_greater([[1.0, 9.0]], 5)}, "masked"),
    ({"weights": [1, 2]}, "shape"),
    ({"weights": [-1]}, "negative"),
    ({"weights": [math.nan]}, "NaN"),
    ({"count": 3}, "more than the 2 candidates"),
    ({"count": 2, "fixed": [0]}, "more than the 1 candidates"),
    ({"count": -1}, "at least 0"),
    ({"count": 0.5}, "whole number"),
    ({"count": math.inf}, "whole number"),
    ({"count": math.nan}, "whole number"),
    ({"fixed": [True, False]}, "whole numbers"),
    ({"fixed": [1, 1]}, "twice"),
    ({"fixed": [2]}, "from 0 to 1"),
    ({"limit": math.nan}, "limit"),
    ({"time_limit_s": -1}, "time_limit_s"),
]


@pytest.mark.parametrize(("wrong", "said"), MALFORMED)
def test_malformed_arguments_are_refused_by_name(wrong, said):
    asked = {
        "cost": [[1.0, 2.0]],
        "weights": [1],
        "count": 1,
        "limit": 5.0,
        "fixed": (),
        "time_limit_s": 1,
        **wrong,
    }
    takers: dict[Any, set[str]] = {
        p_median: {"cost", "weights", "count", "fixed", "time_limit_s"},
        max_cover: {"cost", "weights", "count", "limit", "fixed", "time_limit_s"},
        set_cover: {"cost", "limit", "fixed", "time_limit_s"},
        p_center: {"cost", "count", "fixed", "time_limit_s"},
    }
    for solve, taken in takers.items():
        if set(wrong) <= taken:
            with pytest.raises(ValueError, match=said):
                solve(**{name: value for name, value in asked.items() if name in taken})
