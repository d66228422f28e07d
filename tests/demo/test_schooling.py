from datetime import date

import numpy as np
import pytest

from planner.demo.families import Head
from planner.demo.health import Health
from planner.demo.schooling import Schooling, schooling_of
from planner.ledger.word_cells import stage_of
from planner.model.demand import Category, Need
from planner.model.words import DisabilityKind, SchoolStatus, Sex, Stage

SOUND = Health()
DISABLED = Health(kind=DisabilityKind.LIMBS, grade=1, certified=True)


def _many(born: date, *, health: Health = SOUND, need: Need | None = None) -> list[Schooling]:
    chance = np.random.default_rng(0)
    head = Head(0, Category.SELF, need, born, Sex.MALE)
    return [schooling_of(head, health, town="河西", county="同心", chance=chance) for _ in range(1_500)]


@pytest.mark.parametrize(
    ("born", "year", "school"),
    [
        (date(2017, 8, 31), "小班", "河西幼儿园(示例)"),
        (date(2015, 9, 1), "中班", "河西幼儿园(示例)"),
        (date(2014, 9, 1), "大班", "河西幼儿园(示例)"),
        (date(2014, 8, 31), "一年级", "河西小学(示例)"),
        (date(2008, 9, 1), "六年级", "河西小学(示例)"),
        (date(2008, 8, 31), "初一", "河西中学(示例)"),
        (date(2005, 9, 1), "初三", "河西中学(示例)"),
        (date(2005, 8, 31), "高一", "同心高级中学(示例)"),
        (date(2003, 1, 1), "高三", "同心高级中学(示例)"),
    ],
)
def test_the_school_year_by_the_birthday(born: date, year: str, school: str) -> None:
    assert (year, school) in {(item.year, item.school) for item in _many(born)}
    assert len({item.year.removeprefix("职") for item in _many(born) if item.year}) == 1


@pytest.mark.parametrize("born", [date(2017, 9, 1), date(2020, 12, 1)])
def test_the_youngest_go_nowhere(born: date) -> None:
    assert set(_many(born)) == {Schooling()}


@pytest.mark.parametrize("born", [date(2017, 3, 1), date(2012, 3, 1), date(2004, 3, 1)])
@pytest.mark.parametrize("health", [SOUND, DISABLED])
def test_the_stage_is_the_one_that_a_reader_finds(born: date, health: Health) -> None:
    assert all(item.stage == stage_of(item.school, item.year) for item in _many(born, health=health))


def test_some_have_no_place_and_a_few_dropped_out() -> None:
    small = [item.status for item in _many(date(2016, 3, 1))]
    assert 0.1 < small.count(SchoolStatus.NO_KINDERGARTEN) / len(small) < 0.25
    pupils = [item.status for item in _many(date(2010, 3, 1))]
    assert 0 < pupils.count(SchoolStatus.DROPPED_OUT) < 30
    assert 0 < pupils.count(SchoolStatus.NOT_ENROLLED) < 30
    assert SchoolStatus.NO_KINDERGARTEN not in pupils
    assert {item.stage for item in _many(date(2003, 3, 1))} == {Stage.SENIOR, None}


def test_only_who_is_counted_so_is_taught_at_home() -> None:
    taught = _many(date(2010, 3, 1), health=DISABLED, need=Need.HOME_TEACHING)
    assert {item.status for item in taught} == {SchoolStatus.HOME_TEACHING}
    others = {item.status for item in _many(date(2010, 3, 1), health=DISABLED)}
    assert SchoolStatus.HOME_TEACHING not in others
    assert {SchoolStatus.INCLUSIVE, SchoolStatus.ENROLLED} < others
