"""First answers, annealing and the bound: by eye, and against all answers there are."""

from itertools import product

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.cadre_assignment.annealing import anneal
from plugins.cadre_assignment.bound import gap_of, prove_bound
from plugins.cadre_assignment.problem import loads, stray_pieces, value_of
from plugins.cadre_assignment.start import NoHolderError, cheapest_start
from tests.plugins.cadre_assignment.problems import chain, problem


def test_each_place_gets_its_nearest():
    task = problem([[1, 9], [9, 1], [2, 3]])
    assert cheapest_start(task).tolist() == [0, 1, 0]
    assert value_of(task, np.array([0, 1, 0])) == 4


def test_value_is_cost_and_uneven_load():
    """Loads 5 and 1 against 3 and 3: off by 2 and 2, twice."""
    task = problem([[1, 9], [9, 1]], load=[5, 1], target=[3, 3], balance=2)
    assert loads(task, np.array([0, 1])).tolist() == [5, 1]
    assert value_of(task, np.array([0, 1])) == 2 + 2 * (2 + 2)


def test_room_is_kept():
    task = problem([[1, 9], [1, 9], [1, 8]], capacity=[2, 2])
    assert cheapest_start(task).tolist() == [0, 0, 1]


def test_places_without_a_holder_are_named():
    nobody = problem([[1, 1], [1, 1]], allowed=[[True, True], [False, False]])
    with pytest.raises(NoHolderError) as caught:
        cheapest_start(nobody)
    assert caught.value.places.tolist() == [1]
    crowded = problem([[1], [1], [1]], capacity=[2])
    with pytest.raises(NoHolderError) as caught:
        cheapest_start(crowded)
    assert len(caught.value.places) == 1
    with pytest.raises(NoHolderError) as caught:
        cheapest_start(problem(np.zeros((2, 0)), capacity=[], target=[]))
    assert caught.value.places.tolist() == [0, 1]


def test_an_even_load_is_found():
    """Four equal places and two holders, nearness all the same: two each."""
    task = problem([[1, 1]] * 4, target=[2, 2], balance=1)
    found = anneal(task, np.zeros(4, dtype=np.int64), steps=2000, seed=0)
    assert loads(task, found).tolist() == [2, 2]


def test_places_of_a_holder_hang_together():
    """In a row of six, the ends are nearer to the first holder; kept together, a holder gets one end."""
    task = problem(
        [[1, 2], [1, 2], [2, 1], [2, 1], [1, 2], [1, 2]], target=[3, 3], balance=5, adjacent=chain(6)
    )
    loose = anneal(problem(task.cost, target=[4, 2], balance=5), cheapest_start(task), steps=5000, seed=1)
    assert stray_pieces(chain(6), loose) == 1
    found = anneal(task, cheapest_start(task), steps=5000, seed=1)
    assert stray_pieces(chain(6), found) == 0
    assert loads(task, found).tolist() == [3, 3]


def test_one_holder_and_no_steps_change_nothing():
    task = problem([[1], [2]])
    start = cheapest_start(task)
    assert anneal(task, start, steps=100, seed=0).tolist() == [0, 0]
    assert anneal(problem([[1, 5]]), np.array([1]), steps=0, seed=0).tolist() == [1]
    assert prove_bound(task, lambda: value_of(task, start), steps=50) == pytest.approx(3)


def test_the_same_seed_and_steps_give_the_same_answer():
    rng = np.random.default_rng(3)
    task = problem(rng.integers(1, 50, (30, 5)), load=rng.integers(1, 9, 30), target=[30] * 5, balance=2)
    first, second, other = (anneal(task, cheapest_start(task), steps=3000, seed=seed) for seed in (4, 4, 5))
    assert first.tolist() == second.tolist()
    assert value_of(task, first) < value_of(task, cheapest_start(task))
    assert other.shape == first.shape


def test_arrays_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="load"):
        problem([[1, 2]], load=[1, 2])
    with pytest.raises(ValueError, match="finite"):
        problem([[1, np.inf]])
    with pytest.raises(ValueError, match="symmetric"):
        problem([[1, 2], [1, 2]], adjacent=[[False, True], [False, False]])


def test_the_gap():
    assert gap_of(110, 100) == pytest.approx(1 / 11)
    assert gap_of(100, 100) == 0
    assert gap_of(0, 0) == 0


def best_of_all(task):
    """The least value, and the least stray pieces with the least value among those."""
    best, rank = np.inf, (np.inf, np.inf)
    for chosen in product(range(task.holders), repeat=task.places):
        holder = np.array(chosen)
        if (np.bincount(holder, minlength=task.holders) > task.capacity).any():
            continue
        if not task.allowed[np.arange(task.places), holder].all():
            continue
        value = value_of(task, holder)
        best = min(best, value)
        if task.adjacent is not None:
            graph = nx.Graph((a, b) for a, b in np.argwhere(task.adjacent) if chosen[a] == chosen[b])
            graph.add_nodes_from(range(task.places))
            stray = nx.number_connected_components(graph) - len(set(chosen))
            assert stray == stray_pieces(task.adjacent, holder)
            rank = min(rank, (stray, value))
    return best, rank


@st.composite
def problems(draw):
    places, holders = draw(st.integers(1, 5)), draw(st.integers(1, 3))
    touching = draw(st.booleans())
    numbers = st.integers(0, 30)

    def several(items, count):
        return draw(st.lists(items, min_size=count, max_size=count))

    return problem(
        [several(numbers, holders) for _ in range(places)],
        load=several(st.integers(0, 9), places),
        allowed=[several(st.sampled_from([True, True, True, False]), holders) for _ in range(places)],
        # Where there is no room to spare, pieces are mended by luck alone: moves and swaps may not get there.
        capacity=several(st.just(5) if touching else st.integers(1, 5), holders),
        target=several(st.integers(0, 15), holders),
        balance=draw(st.sampled_from([0, 1, 2.5])),
        adjacent=chain(places) if touching else None,
    )


@settings(max_examples=60, deadline=None)
@given(problems(), st.integers(0, 9))
def test_small_problems_are_solved_to_the_best_and_the_bound_is_none_too_high(task, seed):
    best, rank = best_of_all(task)
    if best == np.inf:
        with pytest.raises(NoHolderError) as caught:
            cheapest_start(task)
        assert len(caught.value.places)
        return
    start = cheapest_start(task)
    found = anneal(task, start, steps=20_000, seed=seed)
    assert task.allowed[np.arange(task.places), found].all()
    assert (np.bincount(found, minlength=task.holders) <= task.capacity).all()
    if task.adjacent is None:
        assert value_of(task, found) == pytest.approx(best)
    else:
        assert (stray_pieces(task.adjacent, found), value_of(task, found)) == pytest.approx(rank)
    assert prove_bound(task, lambda: best, steps=60) <= best + 1e-6
