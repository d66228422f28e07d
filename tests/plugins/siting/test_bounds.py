"""What no answer can beat: by counting, and by leaving options out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from plugins.siting import bounds
from plugins.siting.bounds import bound_without_options, simple_bound
from plugins.siting.options import Model, Task
from plugins.siting.problem import Clock

LINE = np.abs(np.subtract.outer(np.arange(5), np.arange(5))) * 10.0
ONES = np.ones(5)


def test_by_counting():
    assert simple_bound(Task(Model.P_MEDIAN, LINE, ONES, count=1)) == 0.0
    assert simple_bound(Task(Model.P_MEDIAN, LINE, ONES, count=2, times=2)) == 50.0
    assert simple_bound(Task(Model.P_CENTER, LINE, ONES, count=2, times=2)) == 10.0
    assert simple_bound(Task(Model.MAX_COVER, LINE, ONES, count=1, limit_min=10.0)) == 5.0
    one_way = np.column_stack([LINE[:, 0], np.full(5, np.inf)])
    assert simple_bound(Task(Model.P_MEDIAN, one_way, ONES, count=1, times=2)) == -np.inf


def test_by_the_room_there_is():
    task = Task(Model.MAX_COVER, LINE, ONES, count=1, limit_min=10.0, capacity=np.full(5, 2.0))
    assert simple_bound(task) == 2.0
    assert simple_bound(replace(task, kept=(0,))) == 4.0
    assert simple_bound(replace(task, kept=(0,), count=0)) == 2.0


def test_by_leaving_options_out(monkeypatch):
    task = Task(Model.P_MEDIAN, LINE, ONES, count=1, capacity=np.full(5, 3.0), kept=(0,))
    assert bound_without_options(task, Clock(60)) is None
    monkeypatch.setattr(bounds, "_MANY_WAYS", 0)
    assert bound_without_options(task, Clock(60)) == 30.0
    covered = replace(task, model=Model.MAX_COVER, limit_min=10.0)
    assert bound_without_options(covered, Clock(60)) == 5.0
    assert bound_without_options(replace(task, times=2), Clock(60)) is None
    assert bound_without_options(replace(task, model=Model.P_CENTER), Clock(60)) is None
