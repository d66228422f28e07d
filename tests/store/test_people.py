"""People: who may be added, in which role and area, and who may act."""

import pytest

from planner.errors import AccessError, InputError
from planner.store.audit import Action
from planner.store.people import add_user, disable_user, find_person, list_users
from planner.store.roles import ALLOWED, Act, Person, Role, operator, system_user
from planner.store.scope import EVERYTHING, scope_of
from planner.store.writes import save_divisions
from tests.store.conftest import COUNTY, OTHER, TOWN, VILLAGE, acting, audit_lines, source


def add(workspace, login="zhang", **changes):
    values = {"name": "张三", "role": Role.TOWNSHIP, "areas": [TOWN], **changes}
    return add_user(workspace, login, **values)


def test_a_person_added_may_act(workspace):
    add(workspace)
    add(workspace, "li", role=Role.CIVIL, areas=[COUNTY], duty_officer=True)
    add(workspace, "admin", role=Role.ADMIN, areas=[])
    assert find_person(workspace, "zhang") == Person("zhang", "张三", Role.TOWNSHIP, scope_of([TOWN]))
    assert find_person(workspace, "li").duty_officer
    assert find_person(workspace, "admin").scope == scope_of([])
    assert [(user.login, user.role, user.areas) for user in list_users(workspace)] == [
        ("admin", Role.ADMIN, ()),
        ("li", Role.CIVIL, (COUNTY,)),
        ("zhang", Role.TOWNSHIP, (TOWN,)),
    ]
    told = audit_lines(workspace, Action.USER_ADD)
    assert [line.object for line in told] == ["zhang", "li", "admin"]
    assert '"areas": ["640101001"]' in told[0].detail
    assert "张三" not in told[0].detail


@pytest.mark.parametrize(
    "login", ["Zhang", "z", "张三", "a b", "", "a" * 33, "' OR 1=1 --", "系统:root", ".x"]
)
def test_a_login_that_cannot_be_is_refused(workspace, login):
    with pytest.raises(InputError, match="登录名"):
        add(workspace, login)
    assert list_users(workspace) == []


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"role": Role.TOWNSHIP, "areas": [COUNTY]}, "乡镇"),
        ({"role": Role.VILLAGE, "areas": [TOWN]}, "村"),
        ({"role": Role.CIVIL, "areas": [VILLAGE]}, "县"),
        ({"role": Role.CIVIL, "areas": ["64%"]}, "64%"),
        ({"role": Role.AUDITOR, "areas": []}, "管辖区域"),
        ({"role": Role.TOWNSHIP, "areas": [TOWN], "duty_officer": True}, "值班"),
        ({"name": " "}, "姓名"),
        ({"name": "张\n三"}, "姓名"),
        ({"name": "张" * 51}, "姓名"),
    ],
)
def test_what_does_not_fit_the_role_is_refused(workspace, changes, told):
    with pytest.raises(InputError, match=told):
        add(workspace, **changes)
    assert list_users(workspace) == []


def test_an_area_must_be_a_known_division(workspace, tree_rows):
    save_divisions(workspace, tree_rows, source())
    add(workspace, areas=[TOWN])
    with pytest.raises(InputError, match="640101002"):
        add(workspace, "li", areas=[TOWN, "640101002"])


def test_a_login_is_given_once(workspace):
    add(workspace)
    with pytest.raises(InputError, match="已经有人用"):
        add(workspace)
    disable_user(workspace, "zhang")
    with pytest.raises(InputError, match="已经有人用"):
        add(workspace)


def test_a_disabled_person_may_not_act_from_the_next_request(workspace):
    add(workspace)
    assert find_person(workspace, "zhang").login == "zhang"
    disable_user(workspace, "zhang")
    with pytest.raises(AccessError) as disabled:
        find_person(workspace, "zhang")
    with pytest.raises(AccessError) as unknown:
        find_person(workspace, "nobody")
    assert str(disabled.value).replace("zhang", "nobody") == str(unknown.value)
    assert list_users(workspace)[0].state == "disabled"
    with pytest.raises(InputError, match="没有可停用"):
        disable_user(workspace, "zhang")


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_only_the_administrator_manages_people(workspace, role):
    here = acting(workspace, role, {Role.TOWNSHIP: TOWN, Role.VILLAGE: VILLAGE}.get(role, COUNTY))
    for attempt in (add, lambda place: disable_user(place, "zhang"), list_users):
        with pytest.raises(AccessError, match="系统管理员"):
            attempt(here)
    admin = acting(workspace, Role.ADMIN, COUNTY)
    assert add(admin).login == "zhang"


def test_the_operator_is_the_systems_user_and_sees_no_audit(workspace):
    person = workspace.person
    assert person == operator()
    assert person.login == f"系统:{system_user()}"
    assert (person.role, person.scope) == (Role.CIVIL, EVERYTHING)
    assert {act for act in Act if person.may(act)} == set(Act) - {Act.READ_AUDIT}


def test_the_environment_does_not_say_who_it_is(monkeypatch):
    before = system_user()
    for name in ("USER", "LOGNAME", "USERNAME"):
        monkeypatch.setenv(name, "somebody-else")
    assert system_user() == before


def test_duties_are_separated():
    for roles in ALLOWED.values():
        assert Role.LEADER not in roles
        assert Role.PLANNER not in roles
    assert [act for act in Act if Role.AUDITOR in ALLOWED[act]] == [Act.READ_AUDIT]
    assert [act for act in Act if Role.ADMIN in ALLOWED[act]] == [Act.MANAGE_USERS, Act.MAINTAIN]


def test_every_act_is_written_on_the_persons_account(workspace):
    here = acting(workspace, Role.ADMIN, COUNTY, login="admin")
    add(here)
    line = audit_lines(workspace)[-1]
    assert (line.who, line.role, line.ip, line.action) == ("admin", "系统管理员", "10.0.0.7", "新增用户")
    assert OTHER not in line.detail
