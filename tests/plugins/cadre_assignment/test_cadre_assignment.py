"""The plugin on small counties: the table of policy §6 line by line, changes and their reasons, ways out."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from shapely import Point

from planner.errors import InputError
from planner.plugin import Stopped
from planner.testing import check_plugin, make_context
from plugins.cadre_assignment import cadre_assignment
from plugins.cadre_assignment.params import Mode, Params
from tests.plugins.cadre_assignment.counties import (
    DAY,
    clerk,
    leader,
    official,
    plan,
    rows,
    run,
    township,
    village,
    world,
)

UPDATE = {"mode": Mode.UPDATE}


def test_contract():
    check_plugin(cadre_assignment)


# Policy §6, line by line


def test_three_townships_and_three_leaders_are_a_bijection():
    result = run(world([0, 0, 0], cadres=[leader(0), leader(1), leader(2)]))
    assert sorted(plan(result).values()) == ["领导一", "领导三", "领导二"]


def test_five_townships_and_three_leaders_are_two_two_and_one():
    result = run(world([0] * 5, cadres=[leader(0), leader(1), leader(2)]))
    assert len(plan(result)) == 5
    assert sorted(Counter(plan(result).values()).values()) == [1, 2, 2]


def test_without_department_cadres_it_fails():
    with pytest.raises(InputError, match="无部门干部") as caught:
        run(world([2], cadres=[leader(0)]))
    assert "甲县无部门干部,2个村(居)没有人可包" in str(caught.value)
    assert caught.value.exit_code == 2
    assert set(plan(run(world([2], cadres=[leader(0)]), tier="县级"))) == {township(1)}


def test_a_village_without_children_is_assigned_too():
    result = run(world([2], cadres=[leader(0), official(0)], children={village(1, 1): 9}))
    assert plan(result)[village(1, 2)] == "干部一"
    (row,) = rows(result, "duty-plan", area=village(1, 2))
    assert (row["children"], row["load"]) == (0, 1)


def test_a_group_is_given_to_cadres_of_its_own_township_alone():
    """The cadre of the second township holds a group of the first: rejected, and given to the first's own."""
    group = f"{village(1, 1)}-1"
    staff = [leader(0), official(0), clerk(0, 1), clerk(1, 2)]
    result = run(world([1, 1], cadres=staff, held=[(clerk(1, 2), group)]))
    assert plan(result)[group] == "干事一"
    (row,) = rows(result, "duty-plan", area=group)
    assert (row["change"], row["old_name"], row["why"]) == ("更换", "干事二", "干事二不是本乡镇干部")


def test_who_retires_on_the_31st_leaves_a_vacancy_on_the_1st():
    retiring = official(0, until=DAY)
    staff = [leader(0), retiring, official(1)]
    frames = world([1], cadres=staff, held=[(retiring, village(1, 1)), (leader(0), township(1))])
    on_the_day = run(frames, **UPDATE)
    assert plan(on_the_day)[village(1, 1)] == "干部一"
    assert rows(on_the_day, "duty-vacancies", post="部门干部") == []
    after = run(frames, day=date(2021, 1, 1), **UPDATE)
    (row,) = rows(after, "duty-vacancies", post="部门干部")
    assert (row["former"], row["why"], row["proposed"]) == ("干部一", "干部一已于2020-12-31离任", "干部二")


def test_the_same_input_gives_the_same_output():
    frames = world([9, 8], cadres=[leader(0), *map(official, range(6))], children={village(1, 3): 5})
    first, second = run(frames), run(frames)
    for name, table in first.tables.items():
        assert table.equals(second.tables[name])
    assert first.metrics == second.metrics


def test_a_new_village_changes_at_most_one_pair():
    """Everybody is full, and the one with room comes from the new village: one village passes on to him."""
    home = village(1, 5)
    staff = [leader(0), official(0), official(1), official(2, home_village=home)]
    held = [(leader(0), township(1))]
    held += [(official(0), village(1, at)) for at in (1, 2)] + [
        (official(1), village(1, at)) for at in (3, 4)
    ]
    result = run(world([5], cadres=staff, held=held), most_villages=2, avoid_home=True, **UPDATE)
    assert [row["change"] for row in rows(result, "duty-plan", tier="部门")].count("更换") == 1
    assert plan(result)[home] in ("干部一", "干部二")
    easy = run(world([5], cadres=staff, held=held), most_villages=3, **UPDATE)
    assert [row["change"] for row in rows(easy, "duty-plan", tier="部门")].count("更换") == 0


def test_villages_without_assistant_are_listed_and_covered_ones_counted():
    frames = world(
        [4], cadres=[leader(0), official(0)], assistants=[(village(1, 1), "甲"), (village(1, 1), "乙")]
    )
    result = run(frames)
    assert [row["area"] for row in rows(result, "duty-vacancies", post="民政协理员")] == [
        village(1, at) for at in (2, 3, 4)
    ]
    assert result.metrics["assistant_share"].value == 25
    assert result.metrics["villages_without_assistant"].value == 3


# Beside the table


def test_present_holders_stay_where_nothing_speaks_against():
    held = [(leader(0), township(1)), (official(0), village(1, 1)), (official(1), village(1, 2))]
    result = run(world([2], cadres=[leader(0), official(0), official(1)], held=held))
    assert set(result.tables["duty-plan"]["change"]) == {"不变"}
    assert result.metrics["gap"].value == 0
    assert result.metrics["proved"].value == 2


def test_an_uneven_load_is_evened_out_and_the_reason_told():
    """One has 3 villages of 10 children, the other none: with balance before keeping, one or two pass on."""
    held = [(official(0), village(1, at)) for at in (1, 2, 3, 4)]
    heads = {village(1, at): 10 for at in (1, 2, 3, 4)}
    frames = world([4], cadres=[leader(0), official(0), official(1, "教育局")], held=held, children=heads)
    result = run(frames, aim="更均衡")
    assert {row["name"]: row["load"] for row in rows(result, "duty-loads", tier="部门")} == {
        "干部一": 22,
        "干部二": 22,
    }
    assert {row["name"]: row["load_before"] for row in rows(result, "duty-loads", tier="部门")} == {
        "干部一": 44,
        "干部二": 0,
    }
    changed = rows(result, "duty-plan", change="更换")
    assert len(changed) == 2
    assert changed[0]["why"] == "留给干部一:负荷偏差多22"
    assert run(frames, mode=Mode.UPDATE).metrics["replaced"].value == 0


def test_nearer_villages_are_given_to_who_works_near():
    staff = [leader(0), official(0), official(1)]
    works = {official(0).id: Point(501_000, 4_201_000), official(1).id: Point(504_000, 4_201_000)}
    result = run(world([4], cadres=staff, works=works), aim="更近")
    assert [plan(result)[village(1, at)] for at in (1, 2, 3, 4)] == ["干部一", "干部一", "干部二", "干部二"]
    assert rows(result, "duty-plan", area=village(1, 1))[0]["minutes"] == 0


def test_travel_before_and_after_and_whoever_has_their_own_home():
    """干部一 works at the first village and comes from it, 干部二 at the fourth; each holds the far ones today."""
    one, two = official(0), official(1)
    works = {one.id: Point(501_000, 4_201_000), two.id: Point(504_000, 4_201_000)}
    held = [(two, village(1, 1)), (two, village(1, 2)), (one, village(1, 3)), (one, village(1, 4))]
    home = replace(one, home_village=village(1, 1))
    result = run(world([4], cadres=[leader(0), home, two], held=held, works=works), aim="更近")
    of_one, of_two = (rows(result, "duty-loads", name=name)[0] for name in ("干部一", "干部二"))
    assert of_one["minutes_before"] > of_one["minutes"]
    assert of_two["minutes_before"] > of_two["minutes"]
    assert (of_one["at_home"], of_two["at_home"], result.metrics["at_home"].value) == (1, 0, 1)
    assert result.metrics["travel_weight"].value == 3


def test_departments_are_spread_within_a_township():
    """Two colleagues and one of another department for two villages: not both colleagues."""
    staff = [leader(0), official(0), official(1), official(2, "教育局")]
    result = run(world([2], cadres=staff), spread_weight=50)
    assert "干部三" in plan(result).values()


def test_kin_are_avoided():
    staff = [leader(0), official(0), official(1)]
    frames = world([2], cadres=staff, held=[(official(0), village(1, 1))])
    result = run(frames, avoid=f"干部一:{village(1, 1)};干部二:{village(1, 2)}", **UPDATE)
    assert (plan(result)[village(1, 1)], plan(result)[village(1, 2)]) == ("干部二", "干部一")
    assert rows(result, "duty-plan", area=village(1, 1))[0]["why"] == "干部一在回避名单上"


@pytest.mark.parametrize(
    ("told", "message"), [("干部一", "回避名单看不懂"), ("无此人:640101001001", "没有干部“无此人”")]
)
def test_a_list_of_kin_that_cannot_be_used_is_refused(told, message):
    with pytest.raises(InputError, match="回避名单") as caught:
        run(world([1], cadres=[leader(0), official(0)]), avoid=told)
    assert message in str(caught.value)


def test_locked_places_keep_their_holder():
    held = [(official(0), village(1, at)) for at in (1, 2)]
    frames = world([2], cadres=[leader(0), official(0), official(1, "教育局")], held=held)
    heavy = {"balance_weight": 100, "change_weight": 0, "spread_weight": 0}
    assert run(frames, **heavy).metrics["replaced"].value == 1
    result = run(frames, locked=f"{village(1, 1)}、{village(1, 2)}", **heavy)
    assert result.metrics["replaced"].value == 0
    assert rows(result, "duty-plan", area=village(1, 1))[0]["why"] == "锁定"


def test_villages_beyond_the_room_are_told_with_ways_out():
    """Three villages, one cadre with room for two: one is left; one more cadre or one more village each mends it."""
    result = run(world([3], cadres=[leader(0), official(0)]), most_villages=2)
    assert list(plan(result).values()).count(None) == 1
    assert result.metrics["vacant"].value == 1
    assert [(row["way"], row["left"]) for row in rows(result, "duty-ways-out")] == [
        ("每人最多多包1个", 0),
        ("增加1名部门干部", 0),
    ]


def test_an_avoidance_that_could_be_lifted_is_named():
    result = run(world([1], cadres=[leader(0), official(0, home_village=village(1, 1))]), avoid_home=True)
    assert plan(result)[village(1, 1)] is None
    assert rows(result, "duty-ways-out")[0]["way"] == "解除干部一对第1镇第1镇1村的回避(老家在本村)"


def test_a_township_without_cadres_leaves_its_groups_vacant():
    groups = [f"{village(of, 1)}-1" for of in (1, 2)]
    result = run(world([1, 1], cadres=[leader(0), official(0), clerk(0, 1)], groups=groups))
    assert plan(result)[groups[1]] is None
    assert rows(result, "duty-plan", area=groups[1])[0]["why"] == "无乡镇干部"
    assert rows(result, "duty-ways-out", area=township(2))[0]["way"] == "增加1名乡镇干部"


def test_leaders_beyond_the_townships_are_named():
    result = run(world([0], cadres=[leader(0), leader(1)], held=[(leader(1), township(1))]))
    assert plan(result) == {township(1): "领导二"}
    assert "县级干部多于乡镇,没有安排的:领导一。" in result.notes


def test_villages_of_a_cadre_hang_together():
    """Held in turn, five villages in a row: kept together, each has one end."""
    staff = [leader(0), official(0), official(1)]
    held = [(staff[1 + at % 2], village(1, at)) for at in (1, 2, 3, 4, 5)]
    apart = run(world([5], cadres=staff, held=held), contiguous=False)
    assert apart.metrics["replaced"].value == 0
    result = run(world([5], cadres=staff, held=held), contiguous=True)
    assert result.metrics["stray"].value == 0
    assert result.metrics["replaced"].value == 2


def test_merged_townships_keep_their_villages_holders():
    """Villages of a township that was merged have another code's leader; their own holders stay."""
    held = [(leader(0), township(1)), *((official(at % 2), village(1, at)) for at in (1, 2, 3))]
    before = world([3], cadres=[leader(0), leader(1), official(0), official(1)], held=held)
    result = run(before, **UPDATE)
    assert set(result.tables["duty-plan"]["change"]) == {"不变"}


def test_a_stop_gives_the_best_so_far():
    frames = world([9], cadres=[leader(0), *map(official, range(4))])
    context = make_context(cadre_assignment, frames)
    context.work_limit = 0
    with pytest.raises(Stopped):
        cadre_assignment(context, Params())
    assert context.best is not None
    assert len(context.best.tables["duty-plan"]) == 10
    assert context.best.metrics["gap"].value is None


def test_nothing_at_all():
    result = cadre_assignment(make_context(cadre_assignment, {}), Params())
    assert result.notes == ("本区域没有县级单位,没有安排包联;请先导入行政区划。",)
    assert all(table.empty for table in result.tables.values())


def test_two_of_one_name_are_two_cadres():
    twins = [official(0), replace(official(0), department="教育局")]
    result = run(world([2], cadres=[leader(0), *twins]), most_villages=1)
    assert len(set(result.tables["duty-plan"]["new"].dropna())) == 3
