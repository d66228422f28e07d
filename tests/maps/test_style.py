"""Classes, labels and legends."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, Point, box

from planner.maps.style import TONES, style_layer
from tests.maps.conftest import frame, layer

TONED = {"已覆盖": "good", "外县机构覆盖": "shared", "在建": "planned", "停用": "ended", "无机构": "bad"}


def style(given_layer, values, **settings):
    return style_layer(given_layer, frame(values), title="地点", **settings)


def legend(made):
    """The entries of the legend as (label, how many)."""
    return [(item.label, item.count) for item in made.classes]


# By value


def test_tones_give_classes_in_their_order_and_only_those_present():
    made = style(layer(tones=TONED), ["无机构", "已覆盖", "无机构", "在建"])
    assert legend(made) == [("已覆盖", 1), ("在建", 1), ("无机构", 2)]
    assert made.class_of == (2, 0, 2, 1)
    assert [item.colour for item in made.classes] == [TONES["good"], TONES["planned"], TONES["bad"]]
    assert made.label_of == ("无机构", "已覆盖", "无机构", "在建")


def test_shared_planned_and_ended_are_hatched_and_what_is_good_is_quiet():
    made = style(layer(tones=TONED), list(TONED))
    assert [item.label for item in made.classes if item.hatched] == ["外县机构覆盖", "在建", "停用"]
    assert [item.label for item in made.classes if item.quiet] == ["已覆盖"]


def test_values_without_a_tone_come_after_in_order_of_appearance_each_with_a_colour_of_its_own():
    made = style(layer(tones={"甲": "good"}), ["丙", "乙", "甲", "丙"])
    assert legend(made) == [("甲", 1), ("丙", 2), ("乙", 1)]
    assert made.class_of == (1, 2, 0, 1)
    plain = style(layer(), ["丙", "乙", "甲"])
    assert len({item.colour for item in plain.classes}) == 3


def test_a_missing_value_is_a_class_of_its_own_and_muted():
    made = style(layer(tones=TONED), ["已覆盖", None, "已覆盖"])
    assert legend(made) == [("已覆盖", 2), ("—", 1)]
    assert made.class_of == (0, 1, 0)
    assert made.classes[1].colour == TONES["muted"]
    assert made.label_of == ("已覆盖", "—", "已覆盖")


def test_yes_and_no_are_told_in_words():
    for tones in ({}, {True: "good", False: "bad"}):
        made = style(layer(dtype=bool, tones=tones), [True, False, True])
        assert legend(made) == [("是", 2), ("否", 1)]
        assert made.label_of == ("是", "否", "是")


def test_without_a_column_to_colour_by_all_are_of_one_class():
    made = style(layer(colour_by=None), [1, 2, 3])
    assert legend(made) == [("地点", 3)]
    assert made.class_of == (0, 0, 0)
    assert made.label_of == ("", "", "")


# By quantile


def test_five_classes_of_about_equally_many():
    made = style(layer(dtype=float, unit="分钟"), [1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    assert legend(made) == [
        ("1–2.8 分钟", 2), ("2.8–4.6 分钟", 2), ("4.6–6.4 分钟", 2), ("6.4–8.2 分钟", 2), ("8.2–10 分钟", 2)
    ]  # fmt: skip
    assert made.class_of == (0, 0, 1, 1, 2, 2, 3, 3, 4, 4)
    assert made.label_of[0] == "1 分钟"


def test_a_value_on_the_border_of_two_classes_is_of_the_lower_one():
    made = style(layer(dtype=float), [0.0, 1.0, 2.0, 3.0, 4.0, 5.0])
    assert legend(made) == [("0–1", 2), ("1–2", 1), ("2–3", 1), ("3–4", 1), ("4–5", 1)]
    assert made.class_of == (0, 0, 1, 2, 3, 4)


def test_ties_stand_in_one_class():
    # The quantiles of 1, 2, 2, 2, 9 are 1, 1.8, 2, 2, 3.4 and 9.
    made = style(layer(dtype=int), [2, 9, 1, 2, 2])
    assert legend(made) == [("1–1.8", 1), ("1.8–2", 3), ("2–3.4", 0), ("3.4–9", 1)]
    assert made.class_of == (1, 3, 0, 1, 1)


def test_a_lowest_value_that_many_share_is_a_class_of_its_own():
    made = style(layer(dtype=float, unit="张"), [0.0, 9.0, 0.0, 0.0, 1.0, math.nan])
    assert legend(made) == [("0 张", 3), ("1–3 张", 1), ("3–5 张", 0), ("5–7 张", 0), ("7–9 张", 1), ("—", 1)]
    assert made.class_of == (0, 4, 0, 0, 1, 5)
    assert legend(style(layer(dtype=float), [0.0, 0.0, 7.0])) == [("0", 2), ("7", 1)]


def test_where_high_is_good_the_low_are_dark():
    values = [1.0, 2.0, 3.0, 4.0, 5.0]
    dark_high = style(layer(dtype=float), values).classes
    dark_low = style(layer(dtype=float, also_by={"value": "high"}), values).classes
    assert [item.colour for item in dark_low] == [item.colour for item in dark_high][::-1]


def test_all_equal_are_one_class_with_one_number():
    made = style(layer(dtype=float, unit="人"), [5.0, 5.0, 5.0])
    assert legend(made) == [("5 人", 3)]
    assert made.class_of == (0, 0, 0)


def test_all_missing_are_one_muted_class():
    made = style(layer(dtype=float), [math.nan, math.nan])
    assert legend(made) == [("—", 2)]
    assert made.class_of == (0, 0)
    assert made.classes[0].colour == TONES["muted"]
    assert made.label_of == ("—", "—")


def test_infinite_and_missing_are_a_class_apart_and_never_the_farthest():
    made = style(layer(dtype=float), [1.0, math.inf, 3.0, math.nan, -math.inf])
    assert legend(made)[-1] == ("—", 3)
    assert made.class_of[1] == made.class_of[3] == made.class_of[4] == len(made.classes) - 1
    assert made.classes[made.class_of[2]].label.endswith("3")


def test_an_empty_frame_has_no_features():
    for given_layer in (layer(), layer(dtype=float), layer(tones=TONED), layer(colour_by=None)):
        values = pd.Series([], dtype=given_layer.columns["value"].dtype.type)
        made = style(given_layer, values)
        assert made.class_of == ()
        assert made.label_of == ()
        assert sum(item.count for item in made.classes) == 0


@given(st.lists(st.floats(), max_size=40))
def test_every_feature_has_a_class_and_every_count_is_right(values):
    made = style(layer(dtype=float), pd.Series(values, dtype=float))
    counted = np.bincount(made.class_of, minlength=len(made.classes)).tolist() if values else []
    assert [item.count for item in made.classes if values] == counted
    apart = {place for place, value in enumerate(values) if not math.isfinite(value)}
    assert {place for place, kind in enumerate(made.class_of) if made.classes[kind].label == "—"} == apart
    order = sorted((value, made.class_of[place]) for place, value in enumerate(values) if place not in apart)
    assert [kind for _, kind in order] == sorted(kind for _, kind in order)


# What is shown


def test_features_left_out_keep_their_place_and_are_not_counted():
    shown = pd.Series([True, False, True, False])
    made = style(layer(tones=TONED), ["已覆盖", "无机构", "无机构", "无机构"], shown=shown)
    assert made.class_of == (0, -1, 1, -1)
    assert legend(made) == [("已覆盖", 1), ("无机构", 1)]
    assert len(made.label_of) == 4
    none = style(layer(tones=TONED), ["已覆盖"], shown=pd.Series([False]))
    assert none.class_of == (-1,)
    assert legend(none) == [("已覆盖", 0)]


def test_legend_labels_and_units_are_translated():
    english = {"已覆盖": "Covered", "分钟": "min", "是": "Yes", "否": "No"}
    words = lambda text: english.get(text, text)  # noqa: E731
    toned = style(layer(tones=TONED), ["已覆盖"], translate=words)
    assert (toned.classes[0].label, toned.label_of) == ("Covered", ("Covered",))
    timed = style(layer(dtype=float, unit="分钟"), [5.0], translate=words)
    assert (timed.classes[0].label, timed.label_of) == ("5 min", ("5 min",))
    assert style(layer(dtype=bool), [True], translate=words).label_of == ("Yes",)


def test_the_legend_is_headed_by_the_layer_unless_told_otherwise():
    assert style(layer(), ["甲"]).legend_title == "地点"
    assert style(layer(), ["甲"], legend_title="状态").legend_title == "状态"


@pytest.mark.parametrize(
    ("shapes", "kind"),
    [
        ([Point(0, 0), None], "point"),
        ([LineString([(0, 0), (1, 1)]), Point(0, 0)], "line"),
        ([Point(0, 0), box(0, 0, 1, 1)], "polygon"),
        ([None, None], "point"),
    ],
)
def test_a_layer_of_any_shapes_is_drawn_as_its_largest_kind(shapes, kind):
    made = style_layer(layer("any"), frame(["甲", "乙"], shapes), title="地点")
    assert made.shape == kind


def test_what_is_handed_to_the_script_is_plain():
    state = style(layer(dtype=float), [1.0, 2.0]).as_json()
    assert {type(item) for item in state["class_of"]} == {int}
    assert {type(item["count"]) for item in state["classes"]} == {int}
    assert {type(item["hatched"]) for item in state["classes"]} == {bool}


def test_a_missing_value_may_have_a_tone():
    made = style(layer(tones={None: "bad"}), ["甲", None])
    assert [(item.label, item.colour) for item in made.classes][1:] == [("—", TONES["bad"])]
    assert made.class_of == (0, 1)
