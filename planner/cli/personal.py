"""What tells of a child is never an argument: arguments stay in the history of the shell and show in the list of
processes of everybody on the machine. It is read from standard input, or asked for at a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import click

from planner.errors import InputError

Command = TypeVar("Command", bound=Callable[..., Any])
_MARK = "-"


class _OnStandardInput(click.ParamType):
    """Takes the mark alone. Raises InputError for a value, which is out by then."""

    name = "标准输入"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> bool:
        if value != _MARK:
            option = param.opts[0] if isinstance(param, click.Option) else self.name
            raise InputError(
                f"{option} 的值不写在命令行上:别的用户能在进程列表里看到,它还会留在历史记录里",
                f"写成 {option} -,从标准输入给出一行,或在终端里按提示输入;刚才这条命令请从历史记录里删去",
            )
        return True


def personal_option(name: str, *, help: str) -> Callable[[Command], Command]:
    """An option whose value is read by `read_values`: on the command line it is `-`."""
    return click.option(
        name, type=_OnStandardInput(), metavar=_MARK, help=f"{help};写 -,值从标准输入或按提示给出"
    )


def read_values(titles: Iterable[str]) -> list[str]:
    """A value for each title: a line each of standard input, in that order; at a terminal asked for, numbers
    without showing them. Raises InputError where one is missing."""
    values = []
    for title in titles:
        if sys.stdin.isatty():
            shown = not title.endswith("号")
            value = click.prompt(title, hide_input=not shown, prompt_suffix=":", err=True)
        else:
            value = sys.stdin.readline()
        if not value.strip():
            raise InputError(f"没有给出{title}", "从标准输入逐项给出,一项一行;或在终端里按提示输入")
        values.append(value.strip())
    return values
