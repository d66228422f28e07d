"""Who may do what: the seven roles, and a person with a role in an area."""

from __future__ import annotations

import os
import pwd
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from planner.errors import AccessError
from planner.model.divisions import Level
from planner.store.scope import EVERYTHING, Scope


class Role(StrEnum):
    """What a person is to the workspace; the value is the word people use."""

    LEADER = "县领导"
    CIVIL = "县民政"
    PLANNER = "规划"
    TOWNSHIP = "乡镇经办"
    VILLAGE = "村协理员"
    AUDITOR = "审计"
    ADMIN = "系统管理员"


class Act(StrEnum):
    """What not every role may do; the value completes 「不能…」."""

    READ_FILES = "查看儿童档案"
    EDIT_FILES = "修改儿童档案"
    REVEAL = "查看完整的身份证号"
    EXPORT_FILES = "导出儿童档案"
    ERASE_FILES = "清除已关闭档案的身份信息"
    CARRY_SHEETS = "打印路线单和走访记录表"
    SWITCH_RULES = "更换规则集"
    REPORT = "报告保护事件"
    IMPORT_PLACES = "导入区划和机构"
    IMPORT_DEMAND = "导入困境儿童需求"
    RUN = "运行插件"
    MOVE_VISITS = "改排走访"
    READ_AUDIT = "查看审计记录"
    MANAGE_USERS = "管理用户"
    MAINTAIN = "维护工作区"


# 县领导 and 规划 see published figures alone, so they run nothing (R-K); 审计 sees the audit and nothing else,
# and nobody else sees it.
ALLOWED: Mapping[Act, frozenset[Role]] = {
    Act.READ_FILES: frozenset({Role.CIVIL, Role.TOWNSHIP, Role.VILLAGE}),
    Act.EDIT_FILES: frozenset({Role.CIVIL, Role.TOWNSHIP}),
    Act.REVEAL: frozenset({Role.CIVIL}),
    Act.EXPORT_FILES: frozenset({Role.CIVIL, Role.TOWNSHIP}),
    Act.ERASE_FILES: frozenset({Role.CIVIL}),
    Act.CARRY_SHEETS: frozenset({Role.CIVIL, Role.TOWNSHIP, Role.VILLAGE}),
    Act.SWITCH_RULES: frozenset({Role.CIVIL}),
    Act.REPORT: frozenset({Role.CIVIL, Role.TOWNSHIP, Role.VILLAGE}),
    Act.IMPORT_PLACES: frozenset({Role.CIVIL}),
    Act.IMPORT_DEMAND: frozenset({Role.CIVIL, Role.TOWNSHIP}),
    Act.RUN: frozenset({Role.CIVIL, Role.TOWNSHIP, Role.VILLAGE}),
    Act.MOVE_VISITS: frozenset({Role.CIVIL, Role.TOWNSHIP, Role.VILLAGE}),
    Act.READ_AUDIT: frozenset({Role.AUDITOR}),
    Act.MANAGE_USERS: frozenset({Role.ADMIN}),
    Act.MAINTAIN: frozenset({Role.ADMIN}),
}
# Who keeps the machine has the key file anyway, and makes the first users.
_OF_THE_OPERATOR = frozenset({Act.MANAGE_USERS, Act.MAINTAIN})
_COUNTY_AND_ABOVE = (Level.REGION, Level.PREFECTURE, Level.COUNTY)
LEVELS: Mapping[Role, tuple[Level, ...]] = {
    **dict.fromkeys(Role, _COUNTY_AND_ABOVE),
    Role.TOWNSHIP: (Level.TOWNSHIP,),
    Role.VILLAGE: (Level.VILLAGE,),
}


@dataclass(frozen=True)
class Person:
    """Somebody who reads or writes: the areas of the scope, and whether on duty (值班) for protection events.

    The `operator` is who has the command line of the machine and names nobody else.
    """

    login: str
    name: str
    role: Role
    scope: Scope
    duty_officer: bool = False
    operator: bool = False

    def may(self, act: Act) -> bool:
        """Whether the role may do this."""
        return self.role in ALLOWED[act] or (self.operator and act in _OF_THE_OPERATOR)

    def check(self, act: Act) -> None:
        """Raises AccessError where the role may not do this."""
        if not self.may(act):
            able = "、".join(sorted(ALLOWED[act]))
            raise AccessError(f"{self.role}不能{act}", f"请由{able}办理")


def operator() -> Person:
    """The operating system's user, who acts as 县民政 of the whole workspace."""
    name = system_user()
    return Person(f"系统:{name}", name, Role.CIVIL, EVERYTHING, operator=True)


def system_user() -> str:
    """The operating system's name of who runs this process; not the environment's, which anyone can set."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())
