"""The parts of the models alone: first answers, what may be dropped, the proof, the sparse model, the checker."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp

from plugins.siting import max_cover as max_cover_module
from plugins.siting.checker import find_faults
from plugins.siting.dominance import count_disjoint, reduce_cover
from plugins.siting.greedy import cover_greedily, fill_up, open_greedily, pick_greedily
from plugins.siting.kernels import FREE, OPEN, interchange
from plugins.siting.mip import Program, solve
from plugins.siting.models import max_cover, p_center, p_median, set_cover
from plugins.siting.problem import Clock, merge_alike
from tests.benchmarks import siting as benchmark

# Three villages, three sites: a reaches 1 and 2, b reaches 2, c reaches 3.
REACH = np.array([[1, 0, 0], [1, 1, 0], [0, 0, 1]], dtype=bool)


def test_greedy_takes_what_adds_most_and_the_first_of_equals():
    assert pick_greedily(REACH, np.array([1.0, 1.0, 2.0]), 1) == [0]
    assert pick_greedily(REACH, np.array([1.0, 1.0, 3.0]), 3) == [2, 0]
    assert sorted(cover_greedily(REACH)) == [0, 2]


def test_greedy_drops_a_pick_that_later_ones_make_needless():
    # The middle site reaches the most, then both outer ones are needed and reach all of it.
    reach = np.array([[1, 0, 0], [1, 1, 0], [1, 1, 0], [0, 1, 1], [0, 1, 1], [0, 0, 1]], dtype=bool)
    assert sorted(cover_greedily(reach)) == [0, 2]


def test_sites_are_filled_up_by_what_they_save():
    cost = np.array([[9.0, 1.0, 5.0], [9.0, 9.0, 5.0]])
    assert open_greedily(cost.T, [0], 2).tolist() == [0, 1]
    assert fill_up(cost, np.array([1.0, 9.0]), [0], 2) == (0, 2)
    assert fill_up(cost, np.array([1.0, 1.0]), [2, 1], 2) == (1, 2)


def test_rows_and_columns_that_decide_nothing_are_dropped():
    rows, columns, forced = reduce_cover(REACH)
    assert (rows.size, columns.size, forced.tolist()) == (0, 0, [0, 2])
    # A ring of three: nothing stands for anything else.
    ring = np.array([[1, 1, 0], [0, 1, 1], [1, 0, 1]], dtype=bool)
    rows, columns, forced = reduce_cover(ring)
    assert (rows.size, columns.size, forced.size) == (3, 3, 0)
    assert count_disjoint(ring) == 1
    assert count_disjoint(REACH) == 2


def test_rows_that_are_alike_are_merged_with_their_worth():
    groups, worth = merge_alike(np.array([[1, 0], [0, 1], [1, 0]], dtype=bool), np.array([1.0, 2.0, 4.0]))
    assert {(tuple(row), value) for row, value in zip(groups.tolist(), worth, strict=True)} == {
        ((True, False), 5.0),
        ((False, True), 2.0),
    }


def test_interchange_swaps_but_leaves_open_sites_alone():
    by_site = np.array([[9.0, 9.0], [0.0, 9.0], [9.0, 0.0]])
    sites = np.array([0, 1])
    interchange(by_site, np.array([FREE, FREE, FREE], dtype=np.int8), sites)
    assert sorted(sites) == [1, 2]
    kept = np.array([0, 1])
    interchange(by_site, np.array([OPEN, OPEN, FREE], dtype=np.int8), kept)
    assert sorted(kept) == [0, 1]


def random_costs(*, demand, candidates, seed):
    """Whole costs without any geometry: their linear relaxation has a gap, so that branching is needed."""
    return np.random.default_rng(seed).integers(1, 50, (demand, candidates)).astype(float)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("factor", [1.0, np.pi])
def test_a_question_with_a_gap_is_proved_by_branching(seed, factor):
    cost = factor * random_costs(demand=30, candidates=16, seed=seed)
    weights = np.random.default_rng(seed).integers(0, 5, 30)
    best = min(
        float(weights @ cost[:, list(sites)].min(axis=1)) for sites in itertools.combinations(range(16), 4)
    )
    answer = p_median(cost, weights, 4)
    assert answer.proved
    assert answer.objective == pytest.approx(best)
    assert find_faults(answer, cost, model="p_median", weights=weights, count=4) == ()


@pytest.mark.parametrize("factor", [1.0, 0.1, 1e-9])
def test_what_the_bound_leaves_open_highs_proves(monkeypatch, factor):
    monkeypatch.setattr(max_cover_module, "_PARTS", 0)
    cost = random_costs(demand=60, candidates=14, seed=5)
    weights = factor * np.random.default_rng(5).integers(1, 9, 60)
    best = max(
        weights[(cost[:, list(sites)] <= 8).any(axis=1)].sum()
        for sites in itertools.combinations(range(14), 4)
    )
    answer = max_cover(cost, weights, 4, limit=8)
    assert answer.proved
    assert answer.objective == pytest.approx(best)


def test_a_cover_with_a_gap_is_proved():
    cost = random_costs(demand=40, candidates=12, seed=2)
    fewest = next(
        size
        for size in range(13)
        if any(
            (cost[:, list(sites)] <= 20).any(axis=1).all()
            for sites in itertools.combinations(range(12), size)
        )
    )
    answer = set_cover(cost, limit=20)
    assert (answer.objective, answer.proved) == (fewest, True)
    shortest = min(cost[:, list(sites)].min(axis=1).max() for sites in itertools.combinations(range(12), 3))
    assert p_center(cost, 3).objective == shortest


def knapsack(worth, size, room):
    return Program(
        objective=-np.array(worth, dtype=float),
        rows=sp.csr_array(np.array([size], dtype=float)),
        row_lower=np.array([-np.inf]),
        row_upper=np.array([float(room)]),
        whole=np.ones(len(worth), dtype=bool),
    )


def test_the_sparse_model_gives_values_and_bound():
    outcome = solve(knapsack([6, 5, 4], [3, 2, 2], 4), Clock(10))
    assert outcome.values is not None
    assert outcome.values.round().tolist() == [0, 1, 1]
    assert outcome.bound == pytest.approx(-9)
    assert outcome.finished


def test_the_sparse_model_without_an_answer_or_without_time():
    impossible = replace(knapsack([1], [1], 5), row_lower=np.array([2.0]))
    outcome = solve(impossible, Clock(10))
    assert (outcome.values, outcome.bound) == (None, np.inf)
    outcome = solve(knapsack([6, 5, 4], [3, 2, 2], 4), Clock(0))
    assert (outcome.values, outcome.bound, outcome.finished) == (None, -np.inf, False)


def test_the_checker_names_each_fault():
    cost, weights = np.array([[1.0, 4.0], [6.0, 2.0]]), [1, 1]
    sound = p_median(cost, weights, 1)
    asked: dict[str, Any] = {"model": "p_median", "weights": weights, "count": 1}
    assert (sound.sites, sound.objective) == ((1,), 6)
    assert find_faults(sound, cost, **asked) == ()
    wrongs: tuple[tuple[dict[str, Any], str], ...] = (
        ({"sites": (0,)}, "最近"),
        ({"sites": (0, 1)}, "应为1个"),
        ({"sites": (1, 1)}, "重复"),
        ({"sites": (5,)}, "行列数"),
        ({"assigned": np.array([0, 1])}, "最近"),
        ({"objective": 5.0}, "目标值应为6"),
        ({"bound": 7.0}, "优于界"),
        ({"bound": 3.0}, "已证明"),
        ({"proved": False}, "已证明"),
        ({"uncovered": (0,)}, "名单"),
    )
    for wrong, said in wrongs:
        assert said in "".join(find_faults(replace(sound, **wrong), cost, **asked)), wrong
    assert "已有点" in "".join(find_faults(sound, cost, **{**asked, "fixed": (0,), "count": 0}))
    unmet = replace(sound, assigned=np.array([-1, 1]), uncovered=(0,))
    assert "可以到达" in "".join(find_faults(unmet, [[np.inf, 4.0], [6.0, 2.0]], model="p_center", limit=3))


def test_a_file_of_the_library_is_read_and_solved(tmp_path, capsys):
    # A path of four vertices; the last cost of the repeated edge counts.
    (tmp_path / "path.txt").write_text(" 4 4 2 \n 1 2 50 \n 2 3 7 \n 3 4 2 \n 2 1 3 \n")
    distance, sites = benchmark.read_pmed(tmp_path / "path.txt")
    assert sites == 2
    assert distance[0].tolist() == [0, 3, 10, 12]
    for model, objective in (("pmed", 5.0), ("pcenter", 3.0)):
        benchmark.main([model, str(tmp_path / "path.txt"), "--seconds", "5"])
        printed = json.loads(capsys.readouterr().out)
        assert printed["instance"] == "path"
        assert (printed["objective"], printed["bound"], printed["proved"]) == (objective, objective, True)
        assert len(printed["sites"]) == 2
        assert set(printed["sites"]) <= {1, 2, 3, 4}
