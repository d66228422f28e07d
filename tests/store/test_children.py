"""Child files: saved and read back, versions and days, who holds them, conflicts, what the audit says."""

import json
import threading
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from sqlalchemy import func, insert, select, update

from planner.errors import AccessError, ConflictError, InputError
from planner.store.audit import Action
from planner.store.audit_log import verify
from planner.store.children import (
    ORDERS,
    count_files,
    find_by_index,
    find_holders,
    read_file,
    read_files,
    reveal_file,
    save_versions,
    whole_files,
)
from planner.store.masking import mask_id
from planner.store.protected import child_versions
from planner.store.roles import Role
from planner.store.scope import EVERYTHING, scope_of
from planner.store.sealing import SealError
from planner.store.tables import imports
from tests.store.conftest import (
    COUNTY,
    DAY_2018,
    DAY_2020,
    NEXT_TOWN,
    OTHER,
    TOWN,
    VILLAGE,
    a_child,
    acting,
    audit_lines,
    id_number,
    save,
    source,
)

JAN_2018 = date(2018, 1, 1)


def changed(file, **changes):
    """The next version of a file that was read."""
    values = {
        name: getattr(file, name)
        for name in ("file", "township", "village", "hukou_village", "grade", "categories", "valid_from")
    }
    return a_child(**{**values, "person": None, "content": file.content, "expected": file.version, **changes})


@pytest.fixture
def county(workspace):
    return acting(workspace, Role.CIVIL, "64", login="county")


def test_a_file_comes_back_as_it_was_saved(county):
    [file] = save(
        county, a_child(7, content={"name": "马小明", "id_number": id_number(7), "n": [1, None, 0.5]})
    )
    found = read_file(county, file)
    assert (found.file, found.version, found.township, found.village) == (file, 1, TOWN, VILLAGE)
    assert (found.grade, found.categories, found.valid_from, found.valid_to) == (
        "中",
        ("监护困境",),
        JAN_2018,
        None,
    )
    assert found.content == {"name": "马小明", "id_number": mask_id(id_number(7)), "n": [1, None, 0.5]}
    [in_list] = read_files(county, as_of=DAY_2020)
    assert in_list == replace(found, content={"name": "马小明", "id_number": mask_id(id_number(7))})
    assert abs((datetime.now(UTC) - found.recorded_at).total_seconds()) < 60


def test_an_empty_workspace_and_an_empty_batch(county):
    assert read_files(county, as_of=DAY_2020) == []
    assert count_files(county, as_of=DAY_2020) == 0
    assert save(county) == []
    assert find_by_index(county, "") == []


def test_a_file_without_places_categories_or_grade(county):
    [file] = save(county, a_child(hukou_village=None, grade=None, categories=()))
    found = read_file(county, file)
    assert (found.hukou_village, found.grade, found.categories) == (None, None, ())
    [other] = save(county, a_child(2, township=TOWN, village=None))
    assert read_file(county, other).area == TOWN


def test_a_version_holds_from_its_day_until_the_next(county):
    [file] = save(county, a_child(grade="低", valid_from=DAY_2018))
    save(county, changed(read_file(county, file), grade="高", valid_from=DAY_2020))

    def grades(day):
        return [item.grade for item in read_files(county, as_of=day)]

    assert grades(date(2018, 12, 30)) == []
    assert grades(DAY_2018) == grades(date(2020, 12, 30)) == ["低"]
    assert grades(DAY_2020) == grades(date.max) == ["高"]
    assert read_file(county, file).version == 2


def test_a_closed_file_is_gone_from_its_day(county):
    [file] = save(county, a_child())
    save(county, changed(read_file(county, file), valid_to=DAY_2020))
    assert count_files(county, as_of=date(2020, 12, 30)) == 1
    assert count_files(county, as_of=DAY_2020) == 0
    assert read_file(county, file).valid_to == DAY_2020


def test_what_was_known_can_be_asked(county):
    [file] = save(county, a_child(grade="低"))
    then = datetime.now(UTC)
    save(county, changed(read_file(county, file), grade="高"), a_child(2))
    assert [item.grade for item in read_files(county, as_of=DAY_2020, known_at=then)] == ["低"]
    assert read_files(county, as_of=DAY_2020, known_at=datetime(2000, 1, 1, tzinfo=UTC)) == []
    assert count_files(county, as_of=DAY_2020, known_at=then) == 1
    assert len(read_files(county, as_of=DAY_2020)) == 2


def test_a_day_before_the_newest_version_is_refused(county):
    [file] = save(county, a_child(valid_from=DAY_2020))
    with pytest.raises(InputError, match="2020-12-31"):
        save(county, changed(read_file(county, file), valid_from=DAY_2018))
    assert read_file(county, file).version == 1


def test_the_second_of_two_editors_gets_a_conflict(county):
    [file] = save(county, a_child(content={"name": "马明", "health": "好", "school": "一年级"}))
    first, second = read_file(county, file), read_file(county, file)
    save(county, changed(first, content=dict(first.content) | {"health": "听力二级"}))
    with pytest.raises(ConflictError, match=r"别人修改[\s\S]*第2版"):
        save(county, changed(second, content=dict(second.content) | {"school": "二年级"}))
    assert read_file(county, file).content == {"name": "马明", "health": "听力二级", "school": "一年级"}
    newest = read_file(county, file)
    save(county, changed(newest, content=dict(newest.content) | {"school": "二年级"}))
    assert read_file(county, file).content == {"name": "马明", "health": "听力二级", "school": "二年级"}


def test_of_many_editors_at_once_one_wins(county):
    [file] = save(county, a_child())
    seen, outcomes = read_file(county, file), []

    def edit(number):
        try:
            save(county, changed(seen, grade=str(number)))
            outcomes.append(number)
        except ConflictError:
            outcomes.append("conflict")

    threads = [threading.Thread(target=edit, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("conflict") == 7
    [winner] = [item for item in outcomes if item != "conflict"]
    assert (read_file(county, file).version, read_file(county, file).grade) == (2, str(winner))


def test_a_batch_is_saved_whole_or_not_at_all(county):
    [file] = save(county, a_child())
    stale = changed(read_file(county, file), expected=7)
    with pytest.raises(ConflictError):
        save(county, a_child(2), stale)
    assert count_files(county, as_of=DAY_2020) == 1
    with pytest.raises(ValueError, match="two versions"):
        save(county, changed(read_file(county, file)), changed(read_file(county, file)))


def test_a_masked_number_stays_what_it_is(county):
    [file] = save(county, a_child(5))
    save(county, changed(read_file(county, file), grade="高"))
    assert reveal_file(county, file, "核对").content["id_number"] == id_number(5)
    shown = read_file(county, file)
    with pytest.raises(InputError, match="遮盖"):
        save(county, changed(shown, content=dict(shown.content) | {"id_number": "6401****9999"}))
    save(
        county, changed(shown, content=dict(shown.content) | {"id_number": id_number(6)}, person=id_number(6))
    )
    assert [item.file for item in find_by_index(county, id_number(6))] == [file]
    assert find_by_index(county, id_number(5)) == []


def test_a_child_has_one_file(county):
    save(county, a_child(5))
    with pytest.raises(ConflictError, match=f"由{TOWN}管理"):
        save(county, a_child(5, village=OTHER))
    with pytest.raises(ConflictError, match="不止一次"):
        save(county, a_child(6), a_child(6, village=OTHER))
    assert count_files(county, as_of=DAY_2020) == 1


def test_a_closed_file_does_not_hinder_a_new_one(county):
    [file] = save(county, a_child(5))
    save(county, changed(read_file(county, file), valid_to=DAY_2020))
    save(county, a_child(5, valid_from=DAY_2020))
    [found] = find_by_index(county, id_number(5))  # the closed one is in no list
    assert found.file != file


def test_an_elsewhere_held_child_tells_its_township_and_no_more(county, workspace):
    [file] = save(county, a_child(5, content={"name": "马秘密"}))
    town = acting(workspace, Role.TOWNSHIP, NEXT_TOWN)
    with pytest.raises(ConflictError) as told:
        save(town, a_child(5, village=OTHER))
    assert TOWN in str(told.value)
    assert file not in str(told.value)
    assert "秘密" not in str(told.value)
    with workspace.reading() as connection:
        held = find_holders(connection, workspace.ring, [id_number(5), id_number(9)], on=DAY_2020)
    assert held == {id_number(5): (file, TOWN)}


@pytest.mark.parametrize(
    "places",
    [
        {"township": "640101"},
        {"township": "x"},
        {"village": OTHER, "township": TOWN},
        {"village": TOWN, "township": TOWN},
        {"hukou_village": "x"},
    ],
)
def test_places_that_cannot_be_are_refused(county, places):
    with pytest.raises(ValueError, match=r"village|township"):
        save(county, a_child(**places))
    assert count_files(county, as_of=DAY_2020) == 0


def test_content_that_is_no_json_is_refused(county):
    for value in (object(), float("nan"), b"bytes"):
        with pytest.raises((TypeError, ValueError)):
            save(county, a_child(content={"value": value}))
    with pytest.raises(ValueError, match="whose"):
        save(county, a_child(person=None))
    assert count_files(county, as_of=DAY_2020) == 0


def test_orders_are_of_a_fixed_list(county):
    save(
        county,
        a_child(1, village=OTHER, grade="高", valid_from=date(2018, 1, 3)),
        a_child(2, village="640101001002", grade="低", valid_from=date(2018, 1, 2)),
        a_child(3, village=VILLAGE, grade="中", valid_from=date(2018, 1, 4)),
    )

    def grades(order):
        return "".join(str(item.grade) for item in read_files(county, as_of=DAY_2020, order=order))

    assert (grades("village"), grades("grade"), grades("since")) == ("中低高", "中低高", "低高中")
    assert sorted(grades("file")) == sorted("中低高")
    for order in ("name", "grade; DROP TABLE child_versions", "1", "village DESC"):
        with pytest.raises(InputError, match="排序"):
            read_files(county, as_of=DAY_2020, order=order)
    assert len(ORDERS) == 4


@pytest.mark.parametrize(
    "text", ["'; DROP TABLE child_versions;--", '" OR 1=1', "%", "_", "\\", "${x}", "{0}"]
)
def test_hostile_texts_are_kept_as_they_are(county, text):
    [file] = save(county, a_child(content={"remark": text}, grade=text[:10], categories=(text,), person=text))
    found = read_file(county, file)
    assert (found.content["remark"], found.grade, found.categories) == (text, text[:10], (text,))
    assert [item.file for item in find_by_index(county, text)] == [file]
    with pytest.raises(InputError, match="没有这份档案"):
        read_file(county, text)
    with pytest.raises(InputError, match="没有这份档案"):
        save(county, a_child(2, file=text, expected=1))
    assert count_files(county, as_of=DAY_2020) == 1


def test_whole_files_are_for_programs_and_stay_in_scope(county, workspace):
    save(county, a_child(5), a_child(6, village=OTHER))
    assert [
        item.content["id_number"] for item in whole_files(county, scope_of([COUNTY]), as_of=DAY_2020)
    ] == [id_number(5)]
    town = acting(workspace, Role.TOWNSHIP, NEXT_TOWN)
    assert [item.township for item in whole_files(town, EVERYTHING, as_of=DAY_2020)] == [NEXT_TOWN]
    with pytest.raises(AccessError):
        whole_files(acting(workspace, Role.PLANNER, COUNTY), EVERYTHING, as_of=DAY_2020)


def test_reading_is_audited(county):
    [file] = save(county, a_child(5))
    read_files(county, as_of=DAY_2020)
    read_file(county, file)
    find_by_index(county, id_number(5))
    find_by_index(county, id_number(6))
    with pytest.raises(InputError):
        read_file(county, "no-such-file")
    reveal_file(county, file, "办理孤儿津贴")
    told = [(line.action, line.object, line.reason, line.result) for line in audit_lines(county)][1:]
    assert told == [
        ("保存档案", file, "", "成功"),
        ("查看档案名单", "64", "", "成功"),
        ("查看档案", file, "", "成功"),
        ("按证件查找档案", file, "", "成功"),
        ("按证件查找档案", "", "", "没有找到"),
        ("查看档案", "no-such-file", "", "没有找到"),
        ("查看完整证件号", file, "办理孤儿津贴", "成功"),
    ]
    assert {line.who for line in audit_lines(county)[1:]} == {"county"}
    assert json.loads(audit_lines(county, Action.LIST)[0].detail) == {"as_of": "2020-12-31", "count": 1}
    assert verify(county).whole


def test_an_imported_batch_is_one_line(county):
    with county.writing() as connection:
        values = vars(source()) | {"kind": "children", "recorded_at": datetime.now(UTC)}
        import_id = connection.execute(insert(imports).values(values).returning(imports.c.id)).scalar_one()
        save_versions(connection, [a_child(1), a_child(2)], import_id=import_id)
    [line] = audit_lines(county, Action.SAVE)
    assert json.loads(line.detail) == {"import": import_id, "count": 2}


@pytest.mark.parametrize("role", [Role.LEADER, Role.PLANNER, Role.AUDITOR, Role.ADMIN])
def test_roles_without_children_are_refused_and_it_is_written_down(county, workspace, role):
    [file] = save(county, a_child(5))
    here = acting(workspace, role, COUNTY)
    attempts = [
        lambda: read_files(here, as_of=DAY_2020),
        lambda: count_files(here, as_of=DAY_2020),
        lambda: read_file(here, file),
        lambda: find_by_index(here, id_number(5)),
        lambda: reveal_file(here, file, "好奇"),
    ]
    for attempt in attempts:
        with pytest.raises(AccessError, match=f"{role}不能查看"):
            attempt()
    with pytest.raises(AccessError, match=f"{role}不能修改"):
        save(here, a_child(6))
    refused = [line for line in audit_lines(workspace) if line.who == "somebody"]
    assert [line.result for line in refused] == ["拒绝"] * 5


def test_a_whole_number_needs_the_right_and_a_reason(county, workspace):
    [file] = save(county, a_child(5))
    for reason in ("", " ", "x"):
        with pytest.raises(InputError, match="理由"):
            reveal_file(county, file, reason)
    for role, area in ((Role.TOWNSHIP, TOWN), (Role.VILLAGE, VILLAGE)):
        with pytest.raises(AccessError, match="县民政"):
            reveal_file(acting(workspace, role, area), file, "办理津贴")
    with pytest.raises(InputError, match="没有这份档案"):
        reveal_file(acting(workspace, Role.CIVIL, "640102"), file, "办理津贴")


def test_a_row_moved_to_another_township_does_not_open(county, workspace):
    """Who can write to the database cannot hand a child to somebody else."""
    save(county, a_child(5))
    with workspace.writing() as connection:
        connection.execute(update(child_versions).values(township=NEXT_TOWN, village=OTHER))
    with pytest.raises(SealError, match="挪了位置"):
        read_files(acting(workspace, Role.TOWNSHIP, NEXT_TOWN), as_of=DAY_2020)


def test_contents_exchanged_between_rows_do_not_open(county, workspace):
    first, second = save(county, a_child(5), a_child(6))
    with workspace.writing() as connection:
        rows = connection.execute(select(child_versions.c.file, child_versions.c.content)).all()
        contents = dict(rows)
        for file, other in ((first, second), (second, first)):
            row = update(child_versions).where(child_versions.c.file == file)
            connection.execute(row.values(content=contents[other]))
    for file in (first, second):
        with pytest.raises(SealError):
            read_file(county, file)


def test_an_older_content_put_back_does_not_open(county, workspace):
    [file] = save(county, a_child(5))
    save(county, changed(read_file(county, file), grade="高"))
    with workspace.writing() as connection:
        old = connection.execute(
            select(child_versions.c.content).where(child_versions.c.version == 1)
        ).scalar_one()
        connection.execute(update(child_versions).where(child_versions.c.version == 2).values(content=old))
    with pytest.raises(SealError):
        read_file(county, file)


def test_a_guessed_file_is_not_there(county):
    with pytest.raises(InputError, match="没有这份档案"):
        save(county, a_child(file=str(uuid4()), expected=0))
    with county.reading() as connection:
        assert connection.execute(select(func.count()).select_from(child_versions)).scalar() == 0
