"""The public interface: declaring a plugin, progress and stop, the check of what it returns."""

import numpy as np
import pandas as pd
import pytest
from pydantic import BaseModel, Field

from planner.errors import PluginError
from planner.model.layers import DIVISIONS, Layer, column
from planner.plugin import Context, Metric, Progress, Result, Stopped, declaration_problems, plugin

ROWS = Layer("rows", "行", {"code": column(str, "代码"), "children": column(int, "儿童")})
FEATURES = Layer("features", "面", {"code": column(str, "代码")}, geometry="polygon")


class Params(BaseModel):
    limit: int = Field(1, title="时限")


@plugin("样例", params=Params, reads=(), makes=(ROWS, FEATURES))
def a_sample(context, params):
    """说明。"""
    return Result(tables={"rows": pd.DataFrame({"code": ["a"], "children": [params.limit]})})


def context(**options):
    return Context({}, pd.Timestamp("2020-12-31").date(), **options)


# Declaration


def test_a_declaration_takes_its_name_and_summary_from_the_function():
    assert (a_sample.name, a_sample.summary, a_sample.title) == ("a-sample", "说明。", "样例")
    assert a_sample.made("rows") is ROWS
    assert a_sample(context(), Params(limit=3)).tables["rows"]["children"].tolist() == [3]


def test_every_fault_of_a_declaration_is_named_at_once():
    class Bare(BaseModel):
        limit: int

    def Bad_Name(context, params):  # noqa: N802
        return Result()

    with pytest.raises(PluginError) as caught:
        plugin(" ", params=Bare, reads=(), makes=())(Bad_Name)
    text = str(caught.value)
    for fault in (
        "名称“Bad-Name”不合规则",
        "没有标题",
        "没有说明",
        "参数“limit”没有标题",
        "没有默认值",
        "没有声明产出",
    ):
        assert fault in text


def test_the_same_layer_cannot_be_made_twice():
    def twice(context, params):
        """说明。"""
        return Result()

    with pytest.raises(PluginError, match="产出“rows”声明了两次"):
        plugin("样例", params=Params, reads=(), makes=(ROWS, ROWS))(twice)


@pytest.mark.parametrize("name", ["data", "runs", "plugins", "about"])
def test_the_address_of_a_page_is_no_name_for_a_plugin(name):
    def function(context, params):
        """说明。"""
        return Result()

    function.__name__ = name
    with pytest.raises(PluginError, match="固定页面的地址"):
        plugin("样例", params=Params, reads=(), makes=(ROWS,))(function)


def test_a_sound_declaration_has_no_problems():
    assert declaration_problems(a_sample) == []


# Context


def test_a_layer_that_was_not_declared_is_refused_with_the_fix():
    with pytest.raises(PluginError, match="写进 @plugin 的 reads"):
        context().layer(DIVISIONS)


def test_a_layer_is_a_copy():
    frame = pd.DataFrame({"code": ["a"], "children": [1]})
    given = Context({"rows": frame}, pd.Timestamp("2020-12-31").date())
    taken = given.layer(ROWS)
    taken["children"] = 9
    assert frame["children"].tolist() == [1]


def test_track_tells_the_share_done_and_counts_the_work():
    told: list[Progress] = []
    running = context(report=told.append)
    assert list(running.track(["a", "b"], "数")) == ["a", "b"]
    assert [(step.doing, step.share, step.work) for step in told] == [
        ("数", 0.0, 0),
        ("数", 0.5, 1),
        ("数", 1.0, 2),
    ]


def test_track_over_a_stream_has_no_share():
    told: list[Progress] = []
    list(context(report=told.append).track(iter("ab"), "数"))
    assert {step.share for step in told} == {None}


def test_track_over_nothing_is_done_at_once():
    told: list[Progress] = []
    assert list(context(report=told.append).track([], "数")) == []
    assert [step.share for step in told] == [1.0]


def test_a_person_stops_the_run_before_the_next_item():
    wishes = iter([False, False, True])
    running = context(stop_wished=lambda: next(wishes))
    seen: list[int] = []
    with pytest.raises(Stopped) as caught:
        seen.extend(item for item in running.track(range(9), "数"))
    assert (caught.value.cause, running.work) == ("person", 2)


def test_the_clock_stops_the_run():
    with pytest.raises(Stopped) as caught:
        list(context(time_limit_s=0).track(range(9), "数"))
    assert caught.value.cause == "clock"


def test_a_replay_does_the_same_amount_of_work_over_several_loops():
    running = context(work_limit=3)
    seen: list[str] = []
    with pytest.raises(Stopped) as caught:
        seen.extend(f"{loop}{item}" for loop in "ab" for item in running.track(range(2), "数"))
    assert (caught.value.cause, running.work) == ("work", 3)
    assert seen == ["a0", "a1", "b0"]


def test_a_replay_of_a_finished_run_finishes():
    running = context(work_limit=4)
    assert [item for _ in range(2) for item in running.track(range(2), "数")] == [0, 1, 0, 1]


def test_an_offered_result_is_kept_with_its_bound():
    running = context()
    first, second = Result(), Result()
    running.offer(first, bound=3.0)
    running.offer(second)
    assert running.best is second
    assert running.bound is None


# What a plugin returns


def returning(result):
    @plugin("样例", params=Params, reads=(), makes=(ROWS, FEATURES))
    def given(context, params):
        """说明。"""
        return result

    return given


@pytest.mark.parametrize(
    ("result", "fault"),
    [
        (Result(tables={"other": pd.DataFrame()}), "“other”没有声明"),
        (Result(tables={"features": FEATURES.empty()}), "“features”放错了地方"),
        (Result(layers={"rows": ROWS.empty()}), "“rows”放错了地方"),
        (Result(tables={"rows": pd.DataFrame({"code": ["a"]})}), "缺少列:children"),
        (Result(tables={"rows": pd.DataFrame({"code": ["a", "a"], "children": [1, 2]})}), "键重复:a"),
        (Result(metrics={"n": Metric("数", None)}), "“n”为空却没有原因"),
        (Result(metrics={"n": Metric("数", None, reason="because")}), "“n”为空却没有原因"),
        (Result(metrics={"n": Metric("数", float("nan"))}), "“n”是nan"),
        (Result(metrics={"n": Metric("数", float("inf"))}), "“n”是inf"),
        (Result(metrics={"n": Metric("数", np.array([3])[0])}), "“n”的值是int64"),
        (Result(metrics={"n": Metric("数", 3, table="rows")}), "不存在的表“rows”"),
        (
            Result(
                tables={"rows": ROWS.empty()}, metrics={"n": Metric("数", 3, table="rows", where={"x": 1})}
            ),
            "没有的列:x",
        ),
    ],
)
def test_a_result_that_breaks_the_declaration_is_refused(result, fault):
    with pytest.raises(PluginError, match="的结果与声明不符") as caught:
        returning(result)(context(), Params())
    assert fault in str(caught.value)


def test_all_faults_of_a_result_are_told_together():
    result = Result(tables={"other": ROWS.empty()}, metrics={"n": Metric("数", None)})
    with pytest.raises(PluginError) as caught:
        returning(result)(context(), Params())
    assert len(caught.value.problems) == 2


def test_a_null_with_a_reason_and_a_figure_with_its_rows_pass():
    result = Result(
        tables={"rows": ROWS.empty()},
        metrics={
            "share": Metric("占比", None, "%", reason="no_children"),
            "n": Metric("数", 0, "人", table="rows", where={"children": 0}),
        },
    )
    assert returning(result)(context(), Params()) is result
