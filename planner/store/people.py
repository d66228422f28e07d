"""The people of a workspace: who they are, in which role, for which areas."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from sqlalchemy import Connection, insert, select, update

from planner.errors import AccessError, InputError
from planner.model.divisions import is_code, level_of
from planner.store.audit import Action, record
from planner.store.protected import users
from planner.store.roles import LEVELS, Act, Person, Role
from planner.store.scope import scope_of
from planner.store.tables import divisions
from planner.store.workspace import Workspace

State = Literal["active", "disabled"]
_LOGIN = re.compile(r"[a-z0-9][a-z0-9_.-]{1,31}")


@dataclass(frozen=True)
class User:
    """A row of the people; `areas` are division codes."""

    login: str
    name: str
    role: Role
    areas: tuple[str, ...]
    duty_officer: bool
    state: State


def add_user(
    workspace: Workspace,
    login: str,
    *,
    name: str,
    role: Role,
    areas: Collection[str] = (),
    duty_officer: bool = False,
) -> User:
    """Add a person, who may act at once. Raises InputError for what cannot be, or a login that is taken."""
    workspace.person.check(Act.MANAGE_USERS)
    user = User(login, name.strip(), role, tuple(sorted(set(areas))), duty_officer, "active")
    _check(user)
    now = datetime.now(UTC)
    with workspace.writing() as connection:
        if connection.execute(select(users.c.login).where(users.c.login == login)).first():
            raise InputError(f"登录名“{login}”已经有人用", "换一个登录名;停用的也不能再用")
        _check_known(connection, user)
        values = {**vars(user), "areas": list(user.areas), "created": now, "changed": now}
        connection.execute(insert(users).values(values))
        detail = {"role": role, "areas": list(user.areas), "duty_officer": duty_officer}
        record(connection, Action.USER_ADD, login, detail=detail)
    return user


def disable_user(workspace: Workspace, login: str) -> None:
    """Take away all access from the next request on; the row stays. Raises InputError for an unknown login."""
    workspace.person.check(Act.MANAGE_USERS)
    with workspace.writing() as connection:
        changed = connection.execute(
            update(users)
            .where(users.c.login == login, users.c.state == "active")
            .values(state="disabled", changed=datetime.now(UTC))
        )
        if not changed.rowcount:
            raise InputError(f"没有可停用的用户“{login}”", "用 planner users list 查看登录名")
        record(connection, Action.USER_DISABLE, login)


def list_users(workspace: Workspace) -> list[User]:
    """Everybody, by login."""
    workspace.person.check(Act.MANAGE_USERS)
    with workspace.writing() as connection:
        found = [_user(row._mapping) for row in connection.execute(select(users).order_by(users.c.login))]
        record(connection, Action.USER_LIST, detail={"count": len(found)})
    return found


def find_person(workspace: Workspace, login: str) -> Person:
    """Who acts under a login, as they stand now. Raises AccessError where nobody may."""
    with workspace.reading() as connection:
        row = connection.execute(select(users).where(users.c.login == login)).first()
    if row is None or row.state != "active":
        raise AccessError(f"没有可用的用户“{login}”", "核对登录名,或请系统管理员用 planner users add 新增")
    user = _user(row._mapping)
    return Person(user.login, user.name, user.role, scope_of(user.areas), user.duty_officer)


def is_user(workspace: Workspace, login: str) -> bool:
    """Whether somebody has, or had, that login."""
    with workspace.reading() as connection:
        return connection.execute(select(users.c.login).where(users.c.login == login)).first() is not None


def _user(row: object) -> User:
    values = dict(row)  # type: ignore[call-overload]
    known = {name: values[name] for name in ("login", "name", "duty_officer", "state")}
    return User(**known, role=Role(values["role"]), areas=tuple(values["areas"]))


def _check(user: User) -> None:
    if not _LOGIN.fullmatch(user.login):
        raise InputError(
            f"登录名“{user.login}”不能用", "用2到32个小写字母、数字、点、横线或下划线,以字母或数字开头"
        )
    if not user.name or len(user.name) > 50 or not user.name.isprintable():
        raise InputError("姓名不能用", "填写1到50个字的姓名")
    if wrong := [area for area in user.areas if not is_code(area) or level_of(area) not in LEVELS[user.role]]:
        titles = "、".join(level.title for level in LEVELS[user.role])
        raise InputError(f"{user.role}的管辖区域不能是“{'、'.join(wrong)}”", f"应为{titles}的代码")
    if not user.areas and user.role is not Role.ADMIN:
        raise InputError(f"{user.role}须有管辖区域", "用 --area 代码 给出")
    if user.duty_officer and user.role is not Role.CIVIL:
        raise InputError(f"{user.role}不能值班", f"值班的须是{Role.CIVIL}")


def _check_known(connection: Connection, user: User) -> None:
    """Raises InputError for an area that is not among the divisions, where there are any."""
    known = set(
        connection.execute(select(divisions.c.code).where(divisions.c.code.in_(user.areas))).scalars()
    )
    missing = [area for area in user.areas if area not in known]
    if missing and connection.execute(select(divisions.c.id).limit(1)).first():
        raise InputError(f"区划表里没有“{'、'.join(missing)}”", "核对代码,或先导入区划")
