"""The options --workspace, --key-file and --as, which every command that touches data has.

A command that fails on an open workspace leaves a line in its audit.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from planner.errors import AccessError, PlannerError, WorkspaceError

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
    from planner.store.roles import system_user
    from planner.store.workspace import open_workspace

    context = click.get_current_context()
    here = open_workspace(folder_of(workspace))
    context.call_on_close(here.engine.dispose)
    login = context.meta.get(_AS)
    if login is not None:
        with _watched(here, context.command_path):
            person = find_person(here, login)
        # --as is not a password: the audit keeps who sat at the machine beside whom they acted for.
        here = here.acting_as(person, f"本机:{system_user()}")
    context.with_resource(_watched(here, context.command_path))
    return here


@contextlib.contextmanager
def _watched(here: Workspace, command: str) -> Iterator[None]:
    """Write down that a command failed, and how; not in the error's words, which may tell of a child."""
    from planner.store.audit import FAILED, REFUSED, Action, record

    try:
        yield
    except click.exceptions.Exit:  # it ended as it should, with a code of its own
        raise
    except BaseException as error:
        result = REFUSED if isinstance(error, AccessError) else FAILED
        try:
            with here.writing() as connection:
                record(
                    connection, Action.COMMAND, command, result=result, detail={"error": type(error).__name__}
                )
        except PlannerError as second:
            click.echo(f"这次失败没有记入审计:{second}", err=True)
        raise


def _remember_login(ctx: click.Context, param: click.Parameter, value: str | None) -> None:
    if value is not None:
        ctx.meta[_AS] = value


def _name_key_file(ctx: click.Context, param: click.Parameter, value: Path | None) -> None:
    # The process of a run finds it there, too.
    if value is not None:
        os.environ[KEY_VARIABLE] = str(value.resolve())
