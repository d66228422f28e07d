from __future__ import annotations

from collections import Counter

import networkx as nx
import pytest

from planner.demo.days import DATA_DAY
from planner.demo.ground import Ground, ground_of
from planner.demo.people import OFFICER_ORDERS
from planner.demo.rosters import Rostered, make_rosters
from planner.ledger.id_numbers import Holder, id_number, sex_of
from planner.model.cadres import Cadre
from planner.model.divisions import Level, at_level
from planner.model.rosters import CadreLevel
from tests.demo.conftest import Made


@pytest.fixture(scope="module")
def ground(made: Made) -> Ground:
    return ground_of(made.content.divisions, "640324", seed=0)


@pytest.fixture(scope="module")
def rostered(ground: Ground) -> Rostered:
    return make_rosters(ground, seed=0)


def _of(rostered: Rostered, level: CadreLevel) -> list[Cadre]:
    return [cadre for cadre in rostered.cadres if cadre.level is level]


def test_ninety_three_villages_in_a_hundred_have_an_assistant(made: Made) -> None:
    villages = at_level(made.tree, Level.VILLAGE)
    assisted = Counter(item.village for item in made.people.assistants)
    assert set(assisted) <= set(villages)
    assert set(assisted.values()) == {1}
    assert 0.88 < len(assisted) / len(villages) < 0.98


def test_some_serve_two_villages_of_a_township(made: Made) -> None:
    villages: dict[str | None, list[str]] = {}
    for item in made.people.assistants:
        villages.setdefault(item.id_number, []).append(item.village)
    shared = [codes for codes in villages.values() if len(codes) > 1]
    assert 1 <= len(shared) <= 25
    assert all(len({code[:9] for code in codes}) == 1 for codes in shared)


def test_assistants_are_sound_people(rostered: Rostered) -> None:
    for item in rostered.assistants:
        number = item.id_number or ""
        assert id_number(number, Holder.GUARDIAN).value == number
        assert sex_of(number) is item.sex
        assert int(number[14:17]) in OFFICER_ORDERS
        assert (item.since is None) != (item.since_month is None)
        assert item.since is None or item.since < DATA_DAY
        assert item.phones[0].startswith("1540")


def test_names_are_unique_in_a_county_but_for_one_who_serves_twice(rostered: Rostered) -> None:
    persons = {(item.name, item.id_number) for item in rostered.assistants}
    persons |= {(cadre.name, cadre.phones[0]) for cadre in rostered.cadres}
    assert len({name for name, _ in persons}) == len(persons)


def test_every_duty_is_held_by_a_cadre_of_its_level(rostered: Rostered) -> None:
    cadres = {cadre.name: cadre for cadre in rostered.cadres}
    for duty in rostered.duties:
        cadre = cadres[duty.cadre]
        assert (cadre.level, cadre.department, cadre.title, cadre.phones) == (
            duty.level,
            duty.department,
            duty.title,
            duty.phones,
        )
        assert duty.since
        assert duty.since < DATA_DAY
    idle = set(cadres) - {duty.cadre for duty in rostered.duties}
    assert 1 <= len(idle) < 0.15 * len(cadres)


def test_townships_have_leaders_and_groups_cadres_of_their_own_township(
    ground: Ground, rostered: Rostered
) -> None:
    cadres = {cadre.name: cadre for cadre in rostered.cadres}
    led = [duty.area for duty in rostered.duties if duty.level is CadreLevel.COUNTY]
    assert len(set(led)) == len(led) >= len(ground.townships) - 2
    groups = [duty for duty in rostered.duties if duty.level is CadreLevel.TOWNSHIP]
    assert len(groups) > 0.95 * sum(village.groups for village in ground.villages)
    for duty in groups:
        assert cadres[duty.cadre].township == duty.township
        assert duty.area == f"{duty.village}-{(duty.group or '').removesuffix('组')}"


def test_departments_are_spread(rostered: Rostered) -> None:
    counts = Counter(cadre.department for cadre in _of(rostered, CadreLevel.DEPARTMENT))
    assert None not in counts
    assert len(counts) == 28
    assert max(counts.values()) - min(counts.values()) <= 1


def test_a_few_areas_are_vacant(made: Made) -> None:
    villages = set(at_level(made.tree, Level.VILLAGE))
    held = {duty.area for duty in made.people.duties if duty.level is CadreLevel.DEPARTMENT}
    assert 1 <= len(villages - held) <= 15


def test_homes_of_cadres_are_villages_of_the_county(ground: Ground, rostered: Rostered) -> None:
    villages = {village.code for village in ground.villages}
    homes = [cadre.home_village for cadre in rostered.cadres if cadre.home_village]
    assert set(homes) <= villages
    assert 0.5 < len(homes) / len(rostered.cadres) < 0.85
    own = [cadre for cadre in _of(rostered, CadreLevel.TOWNSHIP) if cadre.home_township == cadre.township]
    assert own


def test_titles_fit_the_county(made: Made, rostered: Rostered) -> None:
    titles = {cadre.title for cadre in _of(rostered, CadreLevel.COUNTY)}
    assert "副县长" in titles


def test_a_county_without_villages_has_nobody_for_them(ground: Ground) -> None:
    bare = Ground(ground.code, "空区", ground.area_m, {"640324999": "空镇"}, (), ground.points_m[:0])
    rostered = make_rosters(bare, seed=0)
    assert rostered.assistants == ()
    assert {cadre.level for cadre in rostered.cadres} == {CadreLevel.COUNTY}
    assert all((cadre.title or "").find("县") < 0 for cadre in rostered.cadres)


def test_the_same_seed_gives_the_same_rosters(ground: Ground, rostered: Rostered) -> None:
    assert make_rosters(ground, seed=0) == rostered
    assert make_rosters(ground, seed=1) != rostered


def test_the_tree_holds_every_area(made: Made) -> None:
    tree: nx.DiGraph = made.tree
    for duty in made.people.duties:
        assert (duty.village or duty.area) in tree
