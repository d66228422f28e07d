"""Tasks follow the holder of their file."""

from datetime import date

import pytest

from planner.errors import AccessError, InputError
from planner.store.audit import Action
from planner.store.roles import Role
from planner.store.tasks import add_tasks, close_task, read_tasks
from tests.store.conftest import COUNTY, DAY_2018, DAY_2020, TOWN, VILLAGE, a_child, acting, audit_lines, save


def add(workspace, *wanted):
    with workspace.writing() as connection:
        add_tasks(connection, wanted)


@pytest.fixture
def town(workspace):
    return acting(workspace, Role.TOWNSHIP, TOWN)


def test_tasks_come_in_the_order_they_are_due(town):
    first, second = save(town, a_child(1), a_child(2))
    assert read_tasks(town) == []
    add(town, (first, "落户", DAY_2020), (second, "办证", DAY_2018), (first, "复查", DAY_2018))
    assert [(task.file, task.kind, task.due) for task in read_tasks(town)] == [
        (second, "办证", DAY_2018),
        (first, "复查", DAY_2018),
        (first, "落户", DAY_2020),
    ]
    assert [task.kind for task in read_tasks(town, due_by=DAY_2018)] == ["办证", "复查"]
    assert read_tasks(town, due_by=date(2018, 12, 30)) == []


def test_an_open_task_is_not_added_twice(town):
    [file] = save(town, a_child(1))
    add(town, (file, "落户", DAY_2020), (file, "落户", DAY_2018))
    add(town, (file, "落户", DAY_2018))
    [task] = read_tasks(town)
    assert task.due == DAY_2020
    with town.writing() as connection:
        close_task(connection, task.id)
    assert read_tasks(town) == []
    add(town, (file, "落户", DAY_2018))
    assert [item.due for item in read_tasks(town)] == [DAY_2018]


def test_a_task_is_closed_once(town):
    [file] = save(town, a_child(1))
    add(town, (file, "落户", DAY_2020))
    [task] = read_tasks(town)
    with town.writing() as connection:
        close_task(connection, task.id)

    def again():
        with town.writing() as connection:
            close_task(connection, task.id)

    with pytest.raises(InputError, match="没有这项待办"):
        again()


def test_tasks_are_for_those_who_keep_the_files(workspace, town):
    [file] = save(town, a_child(1))
    add(town, (file, "落户", DAY_2020))
    assert len(read_tasks(acting(workspace, Role.VILLAGE, VILLAGE))) == 1
    assert read_tasks(acting(workspace, Role.CIVIL, "640102")) == []
    with pytest.raises(AccessError):
        read_tasks(acting(workspace, Role.LEADER, COUNTY))
    with pytest.raises(AccessError):
        add(acting(workspace, Role.VILLAGE, VILLAGE), (file, "复查", DAY_2020))


def test_tasks_are_audited(town):
    [file] = save(town, a_child(1))
    add(town, (file, "落户", DAY_2020))
    assert [(line.object, line.detail) for line in audit_lines(town, Action.TASK_SAVE)] == [
        (file, '{"due": "2020-12-31", "kind": "落户"}')
    ]
