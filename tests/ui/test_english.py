"""The English catalogue: every Chinese text has English, no entry is left over, and results read as English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import pandas as pd
import pytest

from planner.model.duty_layers import DUTY_INPUTS
from planner.model.institutions import InstitutionKind
from planner.model.layers import DEMAND, DIVISIONS, INSTITUTION_STATES, INSTITUTIONS
from planner.parameters import fields_of, read_params
from planner.plugin import Plugin, Result
from planner.roads import RoadTravel
from planner.store.workspace import Workspace
from planner.testing import AS_OF, make_context, tiny_world
from planner.ui.i18n import LIST_MARK, translate, translations
from tests.roads.grids import even_speeds, network_of
from tests.ui.texts import (
    CHINESE,
    KEPT,
    PLACEHOLDER,
    built_in_plugins,
    chinese_left,
    declared_texts,
    page_texts,
    result_texts,
    shape,
    store_texts,
)

ENGLISH = translations("en")
SHAPES = {shape(text) for text in ENGLISH}
# What has no Chinese character and yet differs in English.
SIGNS = {LIST_MARK, "{}({})"}
UNKNOWN_SERVICE = "没有的服务"


def test_every_text_of_the_pages_has_english(workspace: Workspace) -> None:
    assert sorted(text for text in page_texts() | store_texts(workspace) if shape(text) not in SHAPES) == []


def test_every_declared_text_has_english() -> None:
    assert sorted(declared_texts() - set(ENGLISH)) == []


def test_every_text_of_a_result_has_english() -> None:
    assert sorted(text for text in result_texts() if shape(text) not in SHAPES) == []


def test_nobody_asks_for_an_entry_that_is_not_used(workspace: Workspace) -> None:
    asked = page_texts() | declared_texts() | result_texts() | store_texts(workspace) | SIGNS
    shapes = {shape(text) for text in asked}
    unused = {text for text in ENGLISH if shape(text) not in shapes}
    assert sorted(text for text in unused if not KEPT.fullmatch(text)) == []


def test_the_english_is_english() -> None:
    assert {text: english for text, english in ENGLISH.items() if chinese_left(english)} == {}
    signs = re.compile("[\uff0c\u3002\uff1b\uff1a\uff08\uff09\u3001]")
    assert [english for english in ENGLISH.values() if signs.search(english)] == []


def test_an_entry_and_its_english_have_the_same_placeholders() -> None:
    names = re.compile(r"\{(\w+)[^}]*\}")
    unequal = {
        text: english
        for text, english in ENGLISH.items()
        if sorted(names.findall(text)) != sorted(names.findall(english))
    }
    assert unequal == {}


# Results


def worlds() -> Iterator[dict[str, pd.DataFrame]]:
    """The tiny world; without institutions, without demand, without anything; and one full of gaps."""
    tiny = tiny_world()
    yield tiny
    yield {
        **tiny,
        INSTITUTIONS.name: INSTITUTIONS.empty(),
        INSTITUTION_STATES.name: INSTITUTION_STATES.empty(),
    }
    yield {**tiny, DEMAND.name: DEMAND.empty()}
    yield {}
    yield full_of_gaps()


def full_of_gaps() -> dict[str, pd.DataFrame]:
    """Villages and a county that the divisions lack, a site without point, beds or state, shared cover."""
    world = tiny_world()
    institutions = world[INSTITUTIONS.name]
    more = pd.concat([institutions] * 4, ignore_index=True)
    more["id"] = [f"jg-{number}" for number in range(len(more))]
    more["name"] = [f"第{number}院" for number in range(len(more))]
    more["jurisdiction"] = pd.array([None, None, "640103", "640199", None, None, None, None], dtype="str")
    more.loc[[2, 4], "geometry"] = None
    more.loc[[2, 3], "beds"] = float("nan")
    states = pd.DataFrame(
        {
            "institution": [f"jg-{number}" for number in (0, 1, 2, 3, 4, 5)],
            "since": pd.Series(["2016-01-01"] * 6, dtype="datetime64[s]"),
            "state": ["运营", "在建", "运营", "运营", "运营", "在建"],
            "planned_opening": pd.Series([None, "2017-06-01", None, None, None, "2019-06-01"]).astype(
                "datetime64[s]"
            ),
        }
    )
    demand = world[DEMAND.name]
    lost = demand.iloc[:2].assign(village=["640101001999", "640199001001"], geometry=None)
    return {
        DIVISIONS.name: world[DIVISIONS.name],
        DEMAND.name: pd.concat([demand, lost], ignore_index=True),
        INSTITUTIONS.name: INSTITUTIONS.check(more),
        INSTITUTION_STATES.name: INSTITUTION_STATES.check(states),
        **{layer.name: world[layer.name] for layer in DUTY_INPUTS},
    }


def settings_of(plugin: Plugin) -> Iterator[dict[str, Any]]:
    """Each choice of each parameter in turn; for a text a service of the tiny world, and one that is none."""
    for field in fields_of(plugin.params):
        for choice in field.choices:
            yield {field.name: choice.value}
        if field.name == "service":
            yield from ({field.name: word} for word in ("康复", UNKNOWN_SERVICE))


def names_in(world: dict[str, pd.DataFrame]) -> set[str]:
    return {str(name) for frame in world.values() if "name" in frame for name in frame["name"]}


@cache
def results(name: str) -> list[tuple[Result, set[str]]]:
    """What the plugin says of each world on three days, and of the fullest with every setting; beside it the
    words of the data in it.
    """
    (plugin,) = [plugin for plugin in built_in_plugins() if plugin.name == name]
    made = []
    for world in worlds():
        for day in (date(2018, 5, 7), AS_OF, date(2021, 12, 31)):
            context = replace(make_context(plugin, world), as_of=day)
            made.append((plugin(context, plugin.params()), names_in(world)))
    # Once by road, on one that lies too far from every place, and once on one through the tiny world.
    for road in ([(0, 0), (10, 0)], [(-18, 202), (-12, 210), (-1, 219), (5, 205)]):
        travel = RoadTravel.build(network_of(road), even_speeds())
        context = replace(make_context(plugin, full_of_gaps()), travel=travel)
        made.append((plugin(context, plugin.params()), names_in(full_of_gaps())))
    for settings in settings_of(plugin):
        context = make_context(plugin, full_of_gaps())
        words = names_in(full_of_gaps()) | {UNKNOWN_SERVICE}
        made.append((plugin(context, read_params(plugin.params, settings)), words))
    return made


@pytest.mark.parametrize("plugin", built_in_plugins(), ids=lambda plugin: plugin.name)
def test_results_read_as_english(plugin: Plugin) -> None:
    left: set[str] = set()
    seen = 0
    for result, names in results(plugin.name):
        figures = [
            text
            for metric in result.metrics.values()
            for text in (metric.title, metric.unit, metric.formula, metric.clause)
        ]
        for text in filter(CHINESE.search, {*figures, *result.notes}):
            english = translate(text, "en")
            seen += 1
            for name in sorted(names, key=len, reverse=True):
                english = english.replace(name, "")
            left |= {f"{text} → {english}"} if chinese_left(english) else set()
    assert seen > 100
    assert sorted(left) == []


def test_every_note_of_the_coverage_plugin_was_read() -> None:
    """The worlds above bring out every note, so that the test before speaks of all of them."""
    notes = {note for result, _ in results("coverage-gaps") for note in result.notes}
    coverage = [plugin for plugin in built_in_plugins() if plugin.name == "coverage-gaps"]
    forms = [text for text in result_texts(coverage) if text.endswith("。")]
    unseen = [form for form in forms if not any(_fits(form, note) for note in notes)]
    assert unseen == []


def _fits(form: str, note: str) -> bool:
    return re.fullmatch(".*".join(map(re.escape, PLACEHOLDER.split(form))), note) is not None


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("60分钟内儿童「估算」", "Children within 60 min (estimate)"),
        ("60分钟内儿童", "Children within 60 min"),
        ("37.5分钟外儿童「估算」", "Children beyond 37.5 min (estimate)"),
        ("60分钟内占比", "Share within 60 min"),
        ("平均车程「估算」", "Mean drive time (estimate)"),
        ("平均车程", "Mean drive time"),
        ("已覆盖儿童之家的县", "Counties covered: Child-friendly space"),
        (
            "有需求“康复”的儿童;为所列各村“儿童”列之和",
            "Children with the need “Rehabilitation”; the sum of the column “Children” over the villages listed",
        ),
        ("绕行系数", "Detour factor"),
        ("目标日2020年12月31日已到,不再预计:预计覆盖即已覆盖。", "The target day 2020-12-31 has come"),
        ("由外县机构按辖区覆盖:甲县、乙县。", "through its jurisdiction: 甲县, 乙县."),
        ("不可达儿童5人,单列,不进平均数:无定位3人、不可达2人。", "(No location: 3, Unreachable: 2)"),
    ],
)
def test_texts_with_something_in_them(text: str, english: str) -> None:
    assert english in translate(text, "en")


def test_gaps_are_named_with_their_state_in_english() -> None:
    note = (
        "法定口径(四(二)):截至2017年3月5日,3个县级单位中1个有运营中的未成年人保护机构。"
        "未覆盖:乙县(在建)、丙县(无机构)。县级单位按有无计,不按距离计;只有“运营”算覆盖,各类机构不能互相替代。"
    )
    assert translate(note, "en").startswith(
        "Statutory measure (四(二)): as of 2017-03-05, 1 of 3 county-level units have an operating institution "
        "of the kind “Minors' protection institution”. Not covered: 乙县 (Under construction), "
        "丙县 (No institution). What counts"
    )


def test_kinds_are_told_apart_in_english() -> None:
    english = [translate(str(kind), "en") for kind in InstitutionKind]
    assert len(set(english)) == len(InstitutionKind)
