"""The options --workspace, --key-file and --as, which every command that touches data has."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from planner.errors import WorkspaceError

if TYPE_CHECKING:
    from planner.store.workspace import Workspace

Command = TypeVar("Command", bound=Callable[..., Any])
VARIABLE = "PLANNER_WORKSPACE"
KEY_VARIABLE = "PLANNER_KEY_FILE"
_AS = "planner.as"


def workspace_option(command: Command) -> Command:
    """Gives a command the parameter `workspace`: a folder, None where nothing names one."""
    for option in (
        click.option(
            "--as",
            metavar="登录名",
            expose_value=False,
            callback=_remember_login,
            help="以这个用户的角色和管辖区域办理;默认以本机系统用户作县民政",
        ),
        click.option(
            "--key-file",
            type=click.Path(path_type=Path),
            metavar="文件",
            expose_value=False,
            callback=_name_key_file,
            is_eager=True,
            help=f"密钥文件;不写时取环境变量 {KEY_VARIABLE} 或工作区旁边的",
        ),
        click.option(
            "--workspace",
            type=click.Path(path_type=Path),
            envvar=VARIABLE,
            metavar="目录",
            help=f"工作区目录;不写时取环境变量 {VARIABLE}",
        ),
    ):
        command = option(command)
    return command


def folder_of(workspace: Path | None) -> Path:
    """The folder that was named. Raises WorkspaceError where none was."""
    if workspace is None:
        raise WorkspaceError("没有指定工作区", f"加上 --workspace 目录,或设置环境变量 {VARIABLE}")
    return workspace


def opened(workspace: Path | None) -> Workspace:
    """The open workspace, for the person named by --as where one is.

    Raises WorkspaceError where none was named or it is unfit, AccessError where nobody may act under that name.
    """
    from planner.store.people import find_person
    from planner.store.workspace import open_workspace

    here = open_workspace(folder_of(workspace))
    login = click.get_current_context().meta.get(_AS)
    return here if login is None else here.acting_as(find_person(here, login))


def _remember_login(ctx: click.Context, param: click.Parameter, value: str | None) -> None:
    if value is not None:
        ctx.meta[_AS] = value


def _name_key_file(ctx: click.Context, param: click.Parameter, value: Path | None) -> None:
    # The process of a run finds it there, too.
    if value is not None:
        os.environ[KEY_VARIABLE] = str(value.resolve())
