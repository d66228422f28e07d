"""更正: with a reason, what fits together, and never over what somebody else has saved."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from planner.errors import AccessError, ConflictError, InputError
from planner.jobs.closings import close_file
from planner.jobs.corrections import correct
from planner.jobs.rosters import visits_by
from planner.jobs.transfers import decline, hand_over
from planner.model.children import Closing
from planner.model.layers import DEMAND
from planner.model.words import DisabilityKind, Sex
from planner.store.audit import Action
from planner.store.children import find_by_index
from planner.store.events import NewEvent, save_event
from planner.store.reads import read_layer
from planner.store.roles import Role
from planner.store.scope import EVERYTHING
from planner.store.tasks import add_tasks, read_tasks
from planner.store.transfers import read_transfers
from tests.jobs.county import (
    COUNTY,
    FAR,
    FIRST,
    LATER,
    NEAR,
    SECOND,
    TOWN,
    a_record,
    clerk,
    county,
    database,
    heads,
    keep,
    keep_visits,
    record_in,
    server,
    the_file,
)
from tests.store.conftest import acting, audit_lines, id_number, workspace

__all__ = ["county", "database", "server", "workspace"]
WHY = "按户口簿更正"


@pytest.fixture
def town(county):
    return clerk(county, TOWN)


def test_a_name_is_corrected_and_what_was_known_before_stays_known(county, town):
    [file] = keep(county, a_record(1))
    before = datetime.now(UTC)
    assert correct(town, file, name=" 马小明 ", reason=f"{WHY},号码{id_number(1)}") == 2
    assert record_in(county, file).name == "马小明"
    assert record_in(county, file, FIRST).name == "马小明"  # what was known is mended, not the world
    assert the_file(county, file, FIRST, known_at=before).content["name"] == "马二明"
    [line] = audit_lines(county, Action.CORRECT)
    assert (line.object, json.loads(line.detail)) == (file, {"fields": ["name"], "version": 2})
    assert line.reason == f"{WHY},号码****"
    assert "马小明" not in line.detail


def test_a_number_is_corrected_with_all_that_hangs_on_it(county, town):
    [file] = keep(county, a_record(1))
    keep_visits(county, file, date(2020, 3, 1))
    right = id_number(3, born="20150101")
    correct(town, file, id_number=right, birth=date(2015, 1, 1), reason=WHY)
    assert find_by_index(town, id_number(1)) == []
    assert [item.file for item in find_by_index(town, right)] == [file]
    assert [visit.child for visit in visits_by(town, as_of=LATER)] == [right]
    assert heads(county) == {NEAR: 1}


def bands(workspace):
    return read_layer(workspace, DEMAND, EVERYTHING, as_of=LATER)["age_band"].tolist()


def test_the_band_follows_the_birthday(county, town):
    [file] = keep(county, a_record(1))
    assert bands(county) == ["7-14"]
    correct(town, file, id_number=id_number(1, born="20150101"), birth=date(2015, 1, 1), reason=WHY)
    assert bands(county) == ["0-6"]


def test_no_name_gets_into_the_audit(county, town):
    first, second = keep(county, a_record(1, guardian="马爷爷"), a_record(2))
    correct(town, first, name="马小明", reason="马二明应为马小明,马爷爷报告")
    transfer = hand_over(town, first, to_village=FAR, day=LATER, reason="马小明随马爷爷迁居")
    [told] = read_transfers(clerk(county, SECOND))
    assert told.transfer.reason == "马**随马**迁居"
    decline(clerk(county, SECOND), transfer, "马小明没有住在本乡")
    close_file(town, second, on=LATER, closing=Closing.MOVED_OUT, reason="马三明迁出")
    said = str(audit_lines(county))
    assert "马**应为马**,马**报告" in said
    assert not [name for name in ("马二明", "马小明", "马三明", "马爷爷") if name in said]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"id_number": id_number(1)[:-1] + "Z"}, "身份证号"),
        ({"id_number": id_number(1)[:-1]}, "17位"),
        ({"id_number": id_number(3)[:-1] + ("0" if id_number(3)[-1] != "0" else "1")}, "校验位"),
        ({"id_number": "无"}, "没有填写"),
        ({"id_number": id_number(3, born="20150101")}, "出生日期不一致"),
        ({"id_number": id_number(2)}, "性别不一致"),
        ({"birth": date(2015, 1, 1)}, "出生日期不一致"),
        ({"birth": date(2099, 1, 1)}, "还没有到"),
        ({"sex": Sex.FEMALE}, "性别不一致"),
        ({"name": "<b>马</b>"}, "姓名"),
        ({"name": "马二明"}, "没有要更正"),
        ({}, "没有要更正"),
        ({"disability_cert": id_number(3) + "43"}, "前18位"),
    ],
)
def test_what_does_not_fit_is_refused(county, town, given, told):
    [file] = keep(county, a_record(1))
    with pytest.raises(InputError, match=told):
        correct(town, file, **given, reason=WHY)
    assert the_file(county, file).version == 1


def test_a_certificate_goes_along_with_the_number(county, town):
    wrong, right = id_number(1), id_number(3)
    held = a_record(1, disability_cert=wrong + "43", disability_kind=DisabilityKind.LIMBS, disability_grade=3)
    [file] = keep(county, held)
    with pytest.raises(InputError, match="残疾证"):
        correct(town, file, id_number=right, reason=WHY)
    correct(town, file, id_number=right, disability_cert=right + "42", reason=WHY)
    record = record_in(county, file)
    assert (record.disability_cert, record.disability_grade) == (right + "42", 2)
    assert "自身困境" in the_file(county, file).categories  # assessed anew: now with a certificate of its own


def test_a_reason_is_needed_and_only_who_holds_the_file_may(county, town):
    [file] = keep(county, a_record(1))
    with pytest.raises(InputError, match="理由"):
        correct(town, file, name="马小明", reason=" ")
    for person in (clerk(county, SECOND), acting(county, Role.CIVIL, "640102")):
        with pytest.raises(InputError, match="没有这份档案"):
            correct(person, file, name="马小明", reason=WHY)
    with pytest.raises(AccessError):
        correct(acting(county, Role.VILLAGE, NEAR), file, name="马小明", reason=WHY)
    with pytest.raises(AccessError):
        correct(acting(county, Role.LEADER, COUNTY), file, name="马小明", reason=WHY)
    assert [line.result for line in audit_lines(county, Action.CORRECT)] == ["拒绝", "拒绝"]


def test_the_second_of_two_editors_is_told(county, town):
    [file] = keep(county, a_record(1))
    correct(town, file, name="马小明", reason=WHY, expected=1)
    with pytest.raises(ConflictError, match="第2版,不是第1版"):
        correct(town, file, name="马大明", reason=WHY, expected=1)
    assert record_in(county, file).name == "马小明"


def test_a_child_who_has_a_file_elsewhere_is_told_by_its_township_and_no_more(county, town):
    mine, other = keep(county, a_record(1), a_record(3, FAR, name="马秘密"))
    with pytest.raises(ConflictError) as told:
        correct(town, mine, id_number=id_number(3), reason=WHY)
    assert "由甲二乡管理" in str(told.value)
    assert other not in str(told.value)
    assert "马秘密" not in str(told.value)
    assert FAR not in str(told.value)
    assert the_file(county, mine).version == 1


def test_a_number_that_comes_at_last_ends_the_task(county, town):
    [file] = keep(county, replace(a_record(1), id_number=None))
    with county.writing() as connection:
        add_tasks(connection, [(file, "落户", LATER), (file, "复核", LATER)])
    correct(town, file, id_number=id_number(1), reason="已落户")
    assert [task.kind for task in read_tasks(town)] == ["复核"]


def test_an_open_event_keeps_the_grade_high(county, town):
    [file] = keep(county, a_record(1))
    assert the_file(county, file).grade == "中"
    with county.writing() as connection:
        save_event(connection, NewEvent(TOWN, "reported", {}, file=file))
    correct(town, file, name="马小明", reason=WHY)
    assert the_file(county, file).grade == "高"
