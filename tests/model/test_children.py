"""The child record: JSON there and back, keys, temporary numbers, groups."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import InputError
from planner.model.children import ChildRecord, ParentStatus, group_code
from planner.model.rosters import Assistant, CadreLevel, Duty, Rosters
from planner.model.words import (
    Basis,
    Benefit,
    CategoryWord,
    Difficulty,
    DisabilityKind,
    Grade,
    ParentState,
    Placement,
    SchoolStatus,
    Sex,
    Stage,
)

PLAIN = ChildRecord(
    name="马小花",
    sex=Sex.FEMALE,
    father=ParentStatus((ParentState.DECEASED,)),
    mother=ParentStatus((ParentState.REMARRIED, ParentState.LOST_CONTACT), 7.5, Basis.VILLAGE),
    categories=(CategoryWord.GUARDIANSHIP, CategoryWord.DISABLED),
    hukou_text="河西镇马家湾村",
    residence_text="河西镇马家湾村3组",
    residence="640324101201",
    residence_group="3组",
    birth_month="2012-03",
    guardian="马大山",
)
words = st.text(max_size=5)
days = st.dates(date(1900, 1, 1), date(2100, 12, 31))
parents = st.builds(
    ParentStatus,
    st.lists(st.sampled_from(ParentState), min_size=1, max_size=2, unique=True).map(tuple),
    st.none() | st.floats(0, 999),
    st.none() | st.sampled_from(Basis),
)


def some(word):
    return st.none() | st.lists(st.sampled_from(word), unique=True).map(tuple)


RECORDS = st.builds(
    ChildRecord,
    name=words,
    sex=st.sampled_from(Sex),
    father=parents,
    mother=parents,
    categories=st.lists(st.sampled_from(CategoryWord), min_size=1, unique=True).map(tuple),
    hukou_text=words,
    residence_text=words,
    birth=st.none() | days,
    phones=st.lists(words, max_size=2).map(tuple),
    difficulties=some(Difficulty),
    benefits=some(Benefit),
    amount_month=st.none() | st.decimals(0, 9999, places=2),
    disability_kind=st.none() | st.sampled_from(DisabilityKind),
    disability_grade=st.none() | st.integers(1, 4),
    placement=st.none() | st.sampled_from(Placement),
    stage=st.none() | st.sampled_from(Stage),
    school_status=st.none() | st.sampled_from(SchoolStatus),
    grade=st.none() | st.sampled_from(Grade),
    device_given=st.none() | st.booleans(),
    lon=st.none() | st.floats(73, 136),
    remark=st.none() | st.text(),
)


@given(record=RECORDS)
def test_json_there_and_back(record):
    text = record.to_json()
    again = ChildRecord.from_json(text)
    assert again == record
    assert again.to_json() == text


def test_json_of_a_plain_record():
    assert replace(PLAIN, mother=PLAIN.father, amount_month=Decimal("600.50")).to_json() == (
        '{"amount_month":"600.50","birth_month":"2012-03","categories":["监护困境","残疾"],'
        '"father":{"states":["deceased"]},"guardian":"马大山","hukou_text":"河西镇马家湾村",'
        '"mother":{"states":["deceased"]},"name":"马小花","phones":[],"residence":"640324101201",'
        '"residence_group":"3组","residence_text":"河西镇马家湾村3组","sex":"女"}'
    )
    assert replace(PLAIN, benefits=()) != PLAIN  # 无 is not silence
    assert ChildRecord.from_json(replace(PLAIN, benefits=()).to_json()).benefits == ()


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"name":"马"}', PLAIN.to_json().replace("女", "无"), PLAIN.to_json().replace('"name":"马小花"', '"name":5'),
     PLAIN.to_json()[:-1] + ',"shoe_size":3}', PLAIN.to_json().replace('["监护困境","残疾"]', '"监护困境"')],
)  # fmt: skip
def test_what_is_no_record_is_refused(text):
    with pytest.raises(InputError, match="ChildRecord不能读取"):
        ChildRecord.from_json(text)


def test_the_key_is_the_number_or_what_else_identifies():
    assert PLAIN.key == PLAIN.key_without_id == "无|马小花|2012-03|640324101201|马大山"
    assert replace(PLAIN, id_number="640324201003050212").key == "640324201003050212"
    assert replace(PLAIN, name="马　小花", remark="别的").key == PLAIN.key
    assert replace(PLAIN, guardian="马二山").key != PLAIN.key
    assert replace(PLAIN, residence=None, hukou="640324106201").key.split("|")[3] == "640324106201"


def test_temporary_numbers_are_of_files_without_id_number_only():
    assert PLAIN.temporary_number == replace(PLAIN, remark="别的").temporary_number
    assert str(PLAIN.temporary_number).startswith("LS-")
    assert replace(PLAIN, guardian=None).temporary_number != PLAIN.temporary_number
    assert replace(PLAIN, id_number="640324201003050212").temporary_number is None


def test_groups():
    assert PLAIN.residence_group_code == "640324101201-3"
    assert (
        group_code("640324101201", "上庄组")
        is group_code(None, "3组")
        is group_code("640324101201", None)
        is None
    )


def test_rosters_are_found_by_name_and_township():
    duty = Duty("县领导", CadreLevel.COUNTY, "640324101")
    group = Duty("周乡镇", CadreLevel.TOWNSHIP, "640324101201-3", "3组", since_month="2017-03")
    officer = Assistant("王协理", "640324101201", Sex.MALE, since=date(2016, 3, 5))
    rosters = Rosters.of([officer], [duty, group])
    assert rosters.assistants_named("王 协理", "640324101") == (officer,)
    assert rosters.assistants_named("王协理", "640324106") == ()
    assert rosters.duties_named("周乡镇", "640324101") == (group,)
    assert (duty.township, duty.village, group.village) == ("640324101", None, "640324101201")
    assert [level.area.title for level in CadreLevel] == ["乡镇(街道)", "村(居)", "组"]
    assert Duty.from_json(group.to_json()) == group
    assert Assistant.from_json(officer.to_json()) == officer
