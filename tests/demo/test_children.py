"""The files of two whole counties against the demand, the rules and each other."""

from __future__ import annotations

from collections import Counter, defaultdict

import pandas as pd
import pytest

from planner.demo.children import make_children
from planner.demo.days import DATA_DAY
from planner.demo.ground import ground_of
from planner.demo.rosters import make_rosters
from planner.ledger.id_numbers import Holder, birth_of, check_digit, id_number, sex_of
from planner.model.children import ChildRecord
from planner.model.demand import Category, Need
from planner.model.rosters import CadreLevel
from planner.model.words import CategoryWord, ParentState, Placement, SchoolStatus
from planner.policy.assessment import temporary_tasks
from planner.policy.benefits import benefit_conflicts, entitlements
from planner.policy.classification import certificate_due, classify, review_reasons
from planner.policy.education import dropout_alert
from planner.policy.facts import Facts
from planner.policy.from_record import facts
from planner.policy.needs import demand_of, need_of
from planner.policy.rules import load_rules
from planner.policy.words import Support
from tests.demo.conftest import Made

RULES = load_rules("doc2017")
KEYS = ["village", "age_band", "category", "need"]


@pytest.fixture(scope="module")
def files(made: Made) -> tuple[ChildRecord, ...]:
    return made.people.children


@pytest.fixture(scope="module")
def read(files: tuple[ChildRecord, ...]) -> list[tuple[ChildRecord, Facts]]:
    return [(record, facts(record, DATA_DAY, rules=RULES)) for record in files]


def _share(files: tuple[ChildRecord, ...], count: int) -> float:
    return count / len(files)


def _sorted(demand: pd.DataFrame) -> pd.DataFrame:
    told = demand[[*KEYS, "children"]].fillna({"need": ""})
    return told.sort_values(KEYS, ignore_index=True)


def test_counting_the_files_gives_the_demand_back(made: Made) -> None:
    counted = demand_of(made.people.children, DATA_DAY, RULES)
    pd.testing.assert_frame_equal(_sorted(counted), _sorted(made.content.demand), check_dtype=False)
    assert len(made.people.children) == made.content.demand["children"].sum() == 1_600


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_so_it_does_for_other_seeds(made: Made, seed: int) -> None:
    ground = ground_of(made.content.divisions, "640424", seed=seed)
    demand = made.content.demand[made.content.demand["village"].str.startswith("640424")]
    files = make_children(ground, demand, make_rosters(ground, seed=seed), rules=RULES, seed=seed)
    counted = demand_of(files, DATA_DAY, RULES)
    pd.testing.assert_frame_equal(_sorted(counted), _sorted(demand), check_dtype=False)


def test_each_class_comes_by_each_of_its_clauses(read: list[tuple[ChildRecord, Facts]]) -> None:
    by_primary: dict[str, set[str]] = defaultdict(set)
    for _, told in read:
        classes = classify(told, RULES)
        by_primary[str(classes.primary)] |= {
            item.clause for item in classes.reasons if item.category == classes.primary
        }
    assert by_primary == {
        Category.FAMILY: {"二(一)a", "二(一)b", "二(一)c"},
        Category.SELF: {"二(二)a", "二(二)b"},
        Category.GUARDIANSHIP: {"二(三)a", "二(三)b", "二(三)c", "二(三)d", ""},
        Category.TEMPORARY: {"二(四)"},
    }


def test_some_hold_a_second_class(read: list[tuple[ChildRecord, Facts]]) -> None:
    held = Counter(classify(told, RULES).categories for _, told in read)
    assert held[Category.GUARDIANSHIP, Category.SELF] > 0
    assert held[Category.SELF, Category.FAMILY] > 0


def test_the_need_stands_in_its_field(files: tuple[ChildRecord, ...]) -> None:
    for record in files:
        shown = {
            Need.PLACEMENT: record.placement not in (None, Placement.KINSHIP),
            Need.HOME_TEACHING: record.school_status is SchoolStatus.HOME_TEACHING,
            Need.REHABILITATION: bool(record.rehab_need or record.device_need),
        }
        assert [need for need, is_shown in shown.items() if is_shown] == [
            need for need in [need_of(record)] if need
        ]


def test_there_is_something_to_find_for_every_list(read: list[tuple[ChildRecord, Facts]]) -> None:
    owed = Counter(item.support for _, told in read for item in entitlements(told, DATA_DAY, RULES))
    assert {Support.ALLOWANCE, Support.DIBAO, Support.TEMP_RELIEF, Support.TWO_SUBSIDIES} <= set(owed)
    assert {Support.KINDERGARTEN, Support.DEVICE, Support.REHAB_PROJECT, Support.PREMIUM_FULL} <= set(owed)
    assert 5 <= sum(bool(certificate_due(told)) for _, told in read) <= 100
    assert 5 <= sum(bool(benefit_conflicts(record.benefits or (), RULES)) for record, _ in read) <= 100
    assert sum(classify(told, RULES).orphan for _, told in read) > 20
    assert any(review_reasons(told, RULES) for _, told in read)
    tasks = Counter(task[:12] for _, told in read for task in temporary_tasks(told, DATA_DAY))
    assert {"补登临时困境起始日期", "补登临时困境复核日期"} <= set(tasks)
    assert any(task.startswith("临时困境已于") for task in tasks)
    ages = [(record, DATA_DAY.year - record.birth.year) for record, _ in read if record.birth]
    assert any(dropout_alert(age - 1, record.school_status, RULES) for record, age in ages)


def test_words_and_parents_agree(read: list[tuple[ChildRecord, Facts]]) -> None:
    for record, told in read:
        both = {record.father.states, record.mother.states}
        assert (CategoryWord.ORPHAN in record.categories) == (both == {(ParentState.DECEASED,)})
        assert (CategoryWord.TEMPORARY in record.categories) == told.temporary_event
        assert classify(told, RULES).primary in {word.category for word in record.categories}


def test_three_to_five_in_a_hundred_have_no_number(files: tuple[ChildRecord, ...]) -> None:
    without = [record for record in files if record.id_number is None]
    assert 0.03 <= _share(files, len(without)) <= 0.05
    assert all(record.temporary_number and record.birth and record.guardian for record in without)
    assert all("落户" in (record.remark or "") and record.disability_cert is None for record in without)


def test_numbers_are_sound_and_nobody_elses(files: tuple[ChildRecord, ...]) -> None:
    numbers = [record.id_number for record in files if record.id_number]
    guardians = {record.guardian_id for record in files if record.guardian_id}
    assert len(set(numbers)) == len(numbers)
    assert guardians.isdisjoint(numbers)
    assert len({record.key for record in files}) == len(files)
    for record in files:
        if record.id_number:
            assert id_number(record.id_number, Holder.CHILD).value == record.id_number
            assert birth_of(record.id_number) == record.birth
            assert sex_of(record.id_number) is record.sex
    prefixes = {number[:6] for number in numbers}
    assert prefixes == {"640324", "640424", "642225"}


def test_a_certificate_bears_the_number_the_kind_and_the_grade(files: tuple[ChildRecord, ...]) -> None:
    certified = [record for record in files if record.disability_cert]
    assert len(certified) > 200
    for record in certified:
        number = record.disability_cert or ""
        assert number[:18] == record.id_number
        assert check_digit(number[:17]) == number[17]
        assert number[19] == str(record.disability_grade)
    assert any(record.cert_reissued for record in certified)


def test_homes_are_known_for_ninety_five_in_a_hundred(files: tuple[ChildRecord, ...]) -> None:
    located = [record for record in files if record.lon is not None]
    assert 0.93 <= _share(files, len(located)) <= 0.97
    assert all((record.lon is None) == (record.lat is None) for record in files)
    assert all(record.lon is None for record in files if record.residence is None)


def test_homes_lie_near_the_village(made: Made, files: tuple[ChildRecord, ...]) -> None:
    points = made.content.divisions.set_index("code").geometry
    for record in files:
        if record.lon is not None and record.lat is not None:
            village = points[record.village]
            assert abs(record.lon - village.x) < 0.0175  # 1.5 km at 36°N
            assert abs(record.lat - village.y) < 0.0137


def test_who_is_away_counts_at_the_hukou_and_says_so(files: tuple[ChildRecord, ...]) -> None:
    away = [record for record in files if record.residence is None]
    assert 0.015 < _share(files, len(away)) < 0.045
    for record in away:
        assert record.village == record.hukou
        assert record.residence_text
        assert "流出县外" in (record.remark or "")
    moved = [record for record in files if record.residence and record.hukou != record.residence]
    assert 0.03 < _share(files, len(moved)) < 0.1
    assert any(record.hukou is None for record in moved)


def test_siblings_have_one_address_one_guardian_and_different_names(files: tuple[ChildRecord, ...]) -> None:
    families: dict[tuple[object, ...], list[ChildRecord]] = defaultdict(list)
    for record in files:
        families[record.phones, record.guardian, record.guardian_id, record.residence_text].append(record)
    several = [family for family in families.values() if len(family) > 1 and family[0].phones]
    assert len(several) > 100
    for family in several:
        assert len({record.name for record in family}) == len(family)
        assert len({record.name[0] for record in family}) == 1
        assert (
            len({(record.father, record.mother, record.lon, record.lat, record.hukou) for record in family})
            == 1
        )


def test_the_officers_of_the_village_are_named(made: Made, files: tuple[ChildRecord, ...]) -> None:
    assistants = {item.village: item.name for item in made.people.assistants}
    leaders = {item.area: item.cadre for item in made.people.duties if item.level is CadreLevel.COUNTY}
    officials = {item.area: item.cadre for item in made.people.duties if item.level is CadreLevel.DEPARTMENT}
    for record in files:
        village = record.village or ""
        assert record.assistant == assistants.get(village)
        assert record.village_cadre == officials.get(village)
        assert record.leader == leaders.get(village[:9])


def test_files_keep_what_they_say_as_json(files: tuple[ChildRecord, ...]) -> None:
    for record in files[::50]:
        assert ChildRecord.from_json(record.to_json()) == record
