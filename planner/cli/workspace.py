"""The option --workspace, which $PLANNER_WORKSPACE stands in for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from planner.errors import WorkspaceError

if TYPE_CHECKING:
    from planner.store.workspace import Workspace

Command = TypeVar("Command", bound=Callable[..., Any])
VARIABLE = "PLANNER_WORKSPACE"


def workspace_option(command: Command) -> Command:
    """Gives a command the parameter `workspace`: a folder, None where nothing names one."""
    option = click.option(
        "--workspace",
        type=click.Path(path_type=Path),
        envvar=VARIABLE,
        metavar="目录",
        help=f"工作区目录;不写时取环境变量 {VARIABLE}",
    )
    return option(command)


def folder_of(workspace: Path | None) -> Path:
    """The folder that was named. Raises WorkspaceError where none was."""
    if workspace is None:
        raise WorkspaceError("没有指定工作区", f"加上 --workspace 目录,或设置环境变量 {VARIABLE}")
    return workspace


def opened(workspace: Path | None) -> Workspace:
    """The open workspace. Raises WorkspaceError where none was named or it is unfit."""
    from planner.store.workspace import open_workspace

    return open_workspace(folder_of(workspace))
