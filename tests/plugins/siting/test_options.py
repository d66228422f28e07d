"""Every model with every option against all choices tried one by one; each answer computed anew."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.errors import InputError
from plugins.siting.audit import audit
from plugins.siting.explain import explain
from plugins.siting.options import Model, NoAnswer, Task, Why
from plugins.siting.solve import solve
from tests.plugins.siting.brute import best_value

MINUTES = st.one_of(st.sampled_from([np.inf, 0.0, 10.0, 30.0, 60.0, 60.5]), st.integers(1, 90).map(float))


@st.composite
def tasks(draw, model, *, capacity=False):
    """A small task of a model with any of the options."""
    demand = draw(st.integers(1, 3 if capacity else 5))
    candidates = draw(st.integers(1, 5 if capacity else 8))

    def array(elements, *shape):
        size = int(np.prod(shape))
        return np.array(draw(st.lists(elements, min_size=size, max_size=size))).reshape(shape)

    order = draw(st.permutations(range(candidates)))
    existing = order[: draw(st.integers(0, min(3, candidates)))]
    closing = draw(st.integers(0, len(existing)))
    costly, counties, services = draw(st.booleans()), draw(st.booleans()), draw(st.booleans())
    by_budget = model is not Model.SET_COVER and costly and draw(st.booleans())
    counted = model is not Model.SET_COVER and (not by_budget or draw(st.booleans()))
    split = capacity and draw(st.booleans())
    limited = counties or model in (Model.SET_COVER, Model.MAX_COVER) or draw(st.booleans())
    limit = draw(st.sampled_from([10.0, 30.0, 60.0])) if draw(st.booleans()) else array(MINUTES.filter(np.isfinite), demand)
    return Task(
        model,
        array(MINUTES, demand, candidates),
        array(st.integers(0, 9), demand).astype(float),
        count=draw(st.integers(0, 3)) if counted else None,
        budget=float(draw(st.integers(0, 12))) if by_budget else None,
        cost=array(st.integers(1, 6), candidates).astype(float) if costly else None,
        limit_min=limit if limited else None,
        kept=existing[closing:],
        closable=existing[:closing],
        closing_cost=array(st.integers(0, 3), candidates).astype(float) if costly else None,
        capacity=array(st.sampled_from([0.0, 5.0, 9.0, 15.0, np.inf]), candidates) if capacity else None,
        split=split,
        times=1 if split else draw(st.integers(1, 2)),
        county=array(st.integers(0, 1), demand) if counties else None,
        county_share=draw(st.sampled_from([0.0, 0.4, 0.5, 1.0])) if counties else None,
        service=array(st.integers(0, 1), demand) if services else None,
        offers=array(st.booleans(), candidates, 2) if services else None,
    )


def check(task):
    expected = best_value(task)
    if expected is None:
        with pytest.raises(NoAnswer) as raised:
            solve(task)
        check_explained(task, raised.value)
        return
    answer = solve(task)
    assert audit(task, answer) == []
    assert answer.objective == pytest.approx(expected, abs=1e-6)
    assert answer.proved
    assert answer.bound == answer.objective
    assert answer.gap == 0
    assert [swap.site for swap in answer.swaps] == list(answer.opened)
    assert all(swap.loss >= -1e-6 for swap in answer.swaps)


def check_explained(task, error):
    """What is said to be the least that works does work, and anything less does not."""
    assert error.demand or error.counties or (task.budget is not None)
    if error.smallest_count is not None:
        assert best_value(replace(task, count=error.smallest_count)) is not None
        assert error.smallest_count == 0 or best_value(replace(task, count=error.smallest_count - 1)) is None
    if error.smallest_budget is not None:
        assert best_value(replace(task, budget=error.smallest_budget)) is not None
        assert best_value(replace(task, budget=error.smallest_budget - 0.5)) is None
    if error.smallest_limit is not None:
        assert best_value(replace(task, limit_min=error.smallest_limit)) is not None
        less = np.unique(task.travel[task.travel < error.smallest_limit])
        assert not len(less) or best_value(replace(task, limit_min=float(less[-1]))) is None


several = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@pytest.mark.parametrize("model", Model)
@given(data=st.data())
@several
def test_equals_brute_force(model, data):
    check(data.draw(tasks(model)))


@pytest.mark.parametrize("model", Model)
@given(data=st.data())
@several
def test_equals_brute_force_with_capacity(model, data):
    check(data.draw(tasks(model, capacity=True)))
