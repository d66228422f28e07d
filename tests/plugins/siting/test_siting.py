"""The plugin as a whole: contract, a small world by eye, options from the form, stops."""

from __future__ import annotations

from itertools import product

import pytest

from planner.errors import InputError
from planner.model.siting import SITING_COUNTIES, SITING_SITES, SITING_UNCOVERED, SITING_VILLAGES
from planner.plugin import Stopped, check_result
from planner.testing import check_plugin, make_context, tiny_world
from plugins.siting import siting
from plugins.siting.options import Model
from plugins.siting.params import Candidates, Existing, Params


def run(**values):
    return siting(make_context(siting, tiny_world()), Params(**values))


def test_contract():
    check_plugin(siting)


def test_one_site_where_it_gains_most():
    """Within 15 minutes (7.1 km) only 近村 has a site; 甲二乡 gains 2 children, 乙一镇 1, 甲一镇 none."""
    result = run(count=1, limit_min=15)
    sites = result.layers[SITING_SITES.name].set_index("name")
    assert dict(sites["role"]) == {"甲二乡": "新增", "甲县未成年人保护中心": "现有"}
    assert sites.loc["甲二乡", ["children", "swap_name", "swap_loss", "cost"]].tolist() == [
        2,
        "乙一镇",
        1.0,
        100,
    ]
    metrics = {name: metric.value for name, metric in result.metrics.items()}
    assert (metrics["newly_covered"], metrics["children_before"], metrics["children_covered"]) == (2, 4, 6)
    assert (metrics["objective"], metrics["bound"], metrics["proved"]) == (6, 6, "已证明最优")
    assert metrics["share_covered"] == 60.0
    villages = result.layers[SITING_VILLAGES.name].set_index("name")
    assert dict(villages["change"]) == {
        "近村": "原已覆盖",
        "中村": "未覆盖",
        "远村": "新覆盖",
        "乙村": "未覆盖",
        "无点村": "无定位",
    }
    assert villages.loc["远村", "minutes_after"] == 0
    assert villages.loc["中村", "minutes_before"] == pytest.approx(21, abs=0.01)
    uncovered = result.tables[SITING_UNCOVERED.name].set_index("name")["reason"]
    assert dict(uncovered) == {
        "中村": "时限内的候选点不够",
        "乙村": "时限内有候选点,未选中",
        "无点村": "无定位",
    }
    counties = result.layers[SITING_COUNTIES.name].set_index("name")
    assert counties.loc["甲县", ["children", "covered_before", "covered_after", "new_sites"]].tolist() == [
        9,
        4,
        6,
        1,
    ]


@pytest.mark.parametrize(("model", "existing", "candidates"), list(product(Model, Existing, Candidates)))
def test_every_choice_of_the_form_keeps_to_the_declaration(model, existing, candidates):
    result = run(model=model, existing=existing, candidates=candidates, count=2, limit_min=60)
    check_result(siting, result)
    assert result.metrics["proved"].value == "已证明最优"


@pytest.mark.parametrize(
    "options",
    [
        {"new_capacity": 3, "bed_capacity": True, "split": True},
        {"times": 2},
        {"county_share": 50.0},
        {"by_service": True},
        {"count": None, "budget": 150.0},
    ],
)
def test_options(options):
    result = run(limit_min=90, **{"count": 2, **options})
    check_result(siting, result)
    assert result.metrics["proved"].value == "已证明最优"


def test_only_what_the_area_has_to_itself_may_close():
    """甲县's centre stands outside 乙县; it may close where 甲县 is asked, unless 乙县 needs it, too."""
    world = tiny_world()
    asked = Params(existing=Existing.CLOSABLE, count=1, limit_min=15, model=Model.SET_COVER, county_share=0)

    def closed(county, *, serves=None):
        divisions, demand = world["divisions"], world["demand"]
        layers = {
            "divisions": divisions[
                divisions["code"].str.startswith(county) | (divisions["code"].str.len() < 6)
            ],
            "demand": demand[demand["village"].str.startswith(county)],
            "institutions": world["institutions"].assign(jurisdiction=serves),
        }
        return siting(make_context(siting, world | layers), asked)

    assert closed("640101").metrics["closed_sites"].value == 1
    assert "拟关闭1个:甲县未成年人保护中心。" in closed("640101").notes
    for result in (closed("640102"), closed("640101", serves="640101、640102")):
        assert result.metrics["closed_sites"].value == 0
        assert "1个现有机构在本区域以外,或还管本区域以外的县,一律保留。" in result.notes


def test_fewest_in_all_is_called_so():
    result = run(model=Model.SET_COVER, existing=Existing.CLOSABLE, limit_min=60)
    objective = result.metrics["objective"]
    assert objective.title == "目标值:新增与留下的机构"
    assert objective.value == result.metrics["open_sites"].value


def test_a_service_names_a_need_by_its_word():
    """康复训练 serves 康复: 中村's three children are 21 minutes away."""
    world = tiny_world()
    named = world | {"institutions": world["institutions"].assign(services="临时监护、康复训练")}
    result = siting(make_context(siting, named), Params(by_service=True, limit_min=30))
    assert result.metrics["children_before"].value == 3
    told = "没有一个现有机构登记了康复、送教或安置"
    assert not any(told in note for note in result.notes)
    unnamed = world | {"institutions": world["institutions"].assign(services="临时监护")}
    result = siting(make_context(siting, unnamed), Params(by_service=True, limit_min=30))
    assert any(told in note for note in result.notes)


def test_no_answer_names_village_and_what_would_work():
    with pytest.raises(InputError) as raised:
        run(count=0, limit_min=15, county_share=50.0)
    assert "乙县" in str(raised.value)
    assert "乙县乙村" in str(raised.value)
    assert "新增个数增加到2个" in str(raised.value)


def test_cover_of_all_where_one_cannot_be():
    with pytest.raises(InputError) as raised:
        run(model=Model.SET_COVER, limit_min=15)
    assert "甲县中村" in str(raised.value)
    assert "放宽到21" in str(raised.value)


def test_a_stop_keeps_the_first_answer():
    asked = 0

    def stop_wished():
        nonlocal asked
        asked += 1
        return asked > 2

    context = make_context(siting, tiny_world(), stop_wished=stop_wished)
    with pytest.raises(Stopped):
        siting(context, Params(model=Model.P_MEDIAN, count=1, times=2))
    assert context.best is not None
    check_result(siting, context.best)


def test_neither_count_nor_budget():
    with pytest.raises(ValueError, match="至少给一个"):
        Params(count=None)
