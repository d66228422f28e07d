"""How often each place is chosen when demand varies: contract, one place that never changes, the seed."""

from __future__ import annotations

import numpy as np
import pytest

from planner.model.siting import SITING_STABILITY
from planner.testing import check_plugin, make_context, tiny_world
from plugins.siting.options import Model, Task
from plugins.siting.params import Chance, StabilityParams
from plugins.siting.stability import choose_fast, siting_stability


def test_contract():
    check_plugin(siting_stability)


@pytest.mark.parametrize("chance", Chance)
def test_a_place_that_always_wins_is_always_chosen(chance):
    """Within 15 minutes 甲二乡 gains 2 children, 乙一镇 1: most draws keep that order, not all."""
    params = StabilityParams(count=1, limit_min=15, draws=100, chance=chance)
    result = siting_stability(make_context(siting_stability, tiny_world()), params)
    layer = result.layers[SITING_STABILITY.name].set_index("name")
    assert layer["chosen"].sum() == 100
    assert list(layer.index[layer["usual"]]) == ["甲二乡"]
    assert 50 < layer["share"].max() < 100
    assert layer["share"].idxmax() == "甲二乡"


def test_the_seed_decides():
    def run(seed):
        params = StabilityParams(count=1, limit_min=15, draws=100)
        result = siting_stability(make_context(siting_stability, tiny_world(), seed=seed), params)
        return dict(result.layers[SITING_STABILITY.name].set_index("name")["chosen"])

    assert run(1) == run(1)
    assert run(1) != run(2)


def test_the_fast_choice():
    line = np.abs(np.subtract.outer(np.arange(5), np.arange(5))) * 10.0
    assert choose_fast(Task(Model.P_MEDIAN, line, np.ones(5), count=1), np.ones(5)).tolist() == [2]
    task = Task(Model.MAX_COVER, line, np.ones(5), count=1, limit_min=10.0, kept=(0,))
    assert choose_fast(task, np.ones(5)).tolist() == [3]
    assert choose_fast(task, np.zeros(5)).tolist() == []
