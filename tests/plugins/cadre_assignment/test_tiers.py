"""Small random counties against all answers there are, tier by tier; and the pieces the tiers are made of."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point

from planner.errors import PluginError
from planner.model.rosters import CadreLevel
from planner.roads import StraightLine
from plugins.cadre_assignment.checker import check_plan, value_of_plan
from plugins.cadre_assignment.county import read_counties
from plugins.cadre_assignment.exact import solve_exactly, worth
from plugins.cadre_assignment.params import Mode, Params
from plugins.cadre_assignment.problem import stray_pieces
from plugins.cadre_assignment.sets import solve_by_sets
from plugins.cadre_assignment.solving import first_holders, solve
from plugins.cadre_assignment.tiers import gabriel, tiers_of
from tests.plugins.cadre_assignment.counties import DAY, clerk, leader, official, township, village, world
from tests.plugins.cadre_assignment.problems import chain, problem

FRAMES = ("divisions", "cadres", "duties", "assistants", "graded-children")


def tier_of(frames, params):
    """The county of some frames, and its only tier."""
    divisions, cadres, duties, assistants, graded = (frames[name] for name in FRAMES)
    (county,) = read_counties(divisions, cadres, duties, assistants, graded, params, DAY)
    (tier,) = tiers_of(county, params, StraightLine())
    return county, tier


def solved(tier, params, *, steps=20_000):
    return solve(tier, update=params.mode is Mode.UPDATE, steps=steps, seed=0, track=iter)


def answers(tier, params):
    """Every answer that keeps the hard rules, nobody left over, as (changes, stray pieces, value)."""
    task = tier.problem
    held = np.flatnonzero(tier.present >= 0)
    found = []
    for chosen in product(range(task.holders), repeat=task.places):
        holder = np.array(chosen)
        counts = np.bincount(holder, minlength=task.holders)
        if (counts > task.capacity).any() or (counts < tier.at_least).any():
            continue
        if not task.allowed[np.arange(task.places), holder].all():
            continue
        if (holder[tier.locked] != tier.present[tier.locked]).any():
            continue
        changes = int((holder[held] != tier.present[held]).sum()) if params.mode is Mode.UPDATE else 0
        stray = 0 if task.adjacent is None else stray_pieces(task.adjacent, holder)
        found.append((changes, stray, round(worth(task, holder, tier.spread), 6)))
    return found


@st.composite
def counties(draw, level):
    """Frames and parameters of a county whose one tier has up to 6 places and 3 cadres."""
    places, staff = draw(st.integers(1, 6 if level is not CadreLevel.COUNTY else 5)), draw(st.integers(1, 3))
    heads = st.integers(0, 9)
    units = st.sampled_from(["民政局", "教育局"])
    if level is CadreLevel.DEPARTMENT:
        own = [official(at, draw(units)) for at in range(staff)]
    else:
        own = [(leader if level is CadreLevel.COUNTY else clerk)(at) for at in range(staff)]
    split = draw(st.integers(0, places))
    groups: list[str] = []
    if level is CadreLevel.COUNTY:
        villages = [1] * places
        areas = [township(at + 1) for at in range(places)]
        children = {village(at + 1, 1): draw(heads) for at in range(places)}
    elif level is CadreLevel.DEPARTMENT:
        villages = [split, places - split]
        areas = [village(1, at + 1) for at in range(split)]
        areas += [village(2, at + 1) for at in range(places - split)]
        children = {area: draw(heads) for area in areas}
    else:
        villages = [2]
        areas = groups = [f"{village(1, 1 + at % 2)}-{at + 1}" for at in range(places)]
        children = {area: draw(heads) for area in areas}
    holders = st.sampled_from([*own, None])
    held = [(who, area) for area in areas if (who := draw(holders)) is not None]
    works = {item.id: Point(500_000 + 1000 * draw(st.integers(0, 9)), 4_201_000) for item in own}
    avoid = None
    if level is not CadreLevel.COUNTY and draw(st.booleans()):
        avoid = f"{own[0].name}:{draw(st.sampled_from(areas))[:12]}"
    params = Params(
        tier=level,
        mode=draw(st.sampled_from(Mode)),
        aim=draw(st.sampled_from(["少变动", "更均衡", "更近"])),
        most_villages=draw(st.integers(1, 6)),
        most_groups=draw(st.integers(1, 6)),
        contiguous=draw(st.booleans()),
        avoid=avoid,
    )
    return world(villages, cadres=own, held=held, children=children, groups=groups, works=works), params


@pytest.mark.parametrize("level", CadreLevel)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_small_counties_are_solved_to_the_best(level, data):
    frames, params = data.draw(counties(level))
    _, tier = tier_of(frames, params)
    answer = solved(tier, params)
    every = answers(tier, params)
    if not every:
        assert (answer.holder < 0).any()
        return
    assert (answer.holder >= 0).all()
    held = np.flatnonzero(tier.present >= 0)
    changes = int((answer.holder[held] != tier.present[held]).sum()) if params.mode is Mode.UPDATE else 0
    fewest = min(changes for changes, *_ in every)
    assert changes == fewest
    if params.mode is Mode.ANEW:
        assert (answer.stray, round(answer.value, 6)) == pytest.approx(min(every)[1:])
    assert answer.bound <= answer.value + 1e-6
    assert first_holders(tier, update=True).shape == answer.holder.shape


def test_pairs_by_sets_and_by_single_pairs_are_worth_the_same():
    rng = np.random.default_rng(1)
    task = problem(
        rng.integers(0, 60, (7, 4)), load=rng.integers(1, 30, 7), target=[20] * 4, balance=2, capacity=[2] * 4
    )
    least = np.ones(4, dtype=np.int64)
    by_sets = solve_by_sets(task, least)
    by_pairs = solve_exactly(task, first_of(task), at_least=least)
    assert by_sets is not None
    assert by_pairs is not None
    assert by_sets.proved
    assert by_pairs.proved
    assert worth(task, by_sets.holder, None) == pytest.approx(worth(task, by_pairs.holder, None))
    assert by_sets.bound == pytest.approx(by_pairs.bound)


def first_of(task):
    return np.arange(task.places) % task.holders


def test_too_many_sets_and_no_answer_at_all():
    wide = problem(np.zeros((30, 2)))
    assert solve_by_sets(wide, np.zeros(2, dtype=np.int64)) is None
    assert solve_by_sets(problem([[1]], capacity=[0]), np.zeros(1, dtype=np.int64)) is None


def test_pieces_are_cut_off():
    """The ends of a row of three are dear to the second holder, and there is room for two each: no end alone."""
    task = problem([[0, 9], [9, 0], [0, 9]], capacity=[2, 2], adjacent=chain(3))
    found = solve_exactly(task, np.array([0, 1, 0]))
    assert found is not None
    assert stray_pieces(chain(3), found.holder) == 0
    assert worth(task, found.holder, None) == 9
    apart = problem([[0], [0], [0]], adjacent=np.zeros((3, 3)))
    assert solve_exactly(apart, np.zeros(3, dtype=np.int64)) is None


def test_neighbours_by_the_circle_across_them():
    """Four in a row and one far above: each of the row has the next one, and the far one the two in the middle."""
    near = gabriel(np.array([[0, 0], [1, 0], [2, 0], [3, 0], [1.5, 50]]))
    assert near[0].tolist() == [False, True, False, False, False]
    assert near[4].tolist() == [False, True, True, False, False]
    assert gabriel(np.zeros((0, 2))).shape == (0, 0)
    assert gabriel(np.zeros((2, 2))).tolist() == [[False, True], [True, False]]


def test_a_village_without_a_point_touches_its_township():
    frames = world([3], cadres=[official(0)])
    frames["divisions"].loc[frames["divisions"]["code"] == village(1, 2), "geometry"] = None
    _, tier = tier_of(frames, Params(tier="部门", contiguous=True))
    assert tier.problem.adjacent[1].tolist() == [True, False, True]
    assert np.isnan(tier.minutes).all()


@pytest.mark.parametrize(
    ("who", "fault"),
    [
        (leader(0), "不是部门干部"),
        (official(1, until=pd.Timestamp("2020-06-30").date()), "不在任"),
        (official(2, home_village=village(1, 1)), "老家在本村"),
    ],
)
def test_the_checker_finds_each_breach(who, fault):
    params = Params(tier="部门", avoid_home=True)
    county, _ = tier_of(world([1], cadres=[official(0), who]), params)
    good = {village(1, 1): official(0).id}
    check_plan(county, params, CadreLevel.DEPARTMENT, good, locked={}, most={official(0).id: 1})
    with pytest.raises(PluginError, match=fault):
        check_plan(
            county, params, CadreLevel.DEPARTMENT, {village(1, 1): who.id}, locked={}, most={who.id: 1}
        )


def test_the_checker_counts_rooms_and_keeps_locks():
    params = Params(tier="部门")
    county, _ = tier_of(world([2], cadres=[official(0), official(1)]), params)
    plan = {village(1, 1): official(0).id, village(1, 2): official(0).id}
    with pytest.raises(PluginError, match="包了2个,最多1个"):
        check_plan(county, params, CadreLevel.DEPARTMENT, plan, locked={}, most={official(0).id: 1})
    with pytest.raises(PluginError, match="锁定的干部变了"):
        check_plan(
            county,
            params,
            CadreLevel.DEPARTMENT,
            plan,
            locked={village(1, 1): official(1).id},
            most={official(0).id: 2},
        )


def test_the_checkers_value_by_eye():
    """Costs 1 + 2, loads 5 and 1 against 3 and 3 (off by 4 in all, each twice), two colleagues in one township: 7."""
    value = value_of_plan(
        {village(1, 1): "甲", village(1, 2): "乙"},
        cost={(village(1, 1), "甲"): 1, (village(1, 2), "乙"): 2},
        load={village(1, 1): 5, village(1, 2): 1},
        target={"甲": 3, "乙": 3},
        balance=2,
        unit={"甲": "民政局", "乙": "民政局"},
        spread_weight=7,
    )
    assert value == 1 + 2 + 2 * 4 + 7
