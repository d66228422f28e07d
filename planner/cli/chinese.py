"""Click in Chinese: help pages, and what it says of a command typed wrongly."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Callable, Collection
from datetime import date
from typing import Any

import click

from planner.errors import InputError
from planner.model.days import FIRST_DAY, LAST_DAY

_HEADINGS = {"Options": "选项", "Commands": "命令", "Arguments": "参数"}


class ChineseFormatter(click.HelpFormatter):
    """Writes the headings of a help page in Chinese."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The first line of the page."""
        super().write_usage(prog, args, prefix or "用法:")

    def write_heading(self, heading: str) -> None:
        """A heading, in Chinese where it is one of click's own."""
        super().write_heading(_HEADINGS.get(heading, heading))


class ChineseContext(click.Context):
    """A context whose help pages are Chinese."""

    formatter_class = ChineseFormatter


class ChineseCommand(click.Command):
    """A command whose help page is Chinese."""

    context_class = ChineseContext

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **{"options_metavar": "[选项]", **settings})

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The option --help with a Chinese explanation."""
        return _in_chinese(super().get_help_option(ctx))


class ChineseGroup(click.Group):
    """A group of commands in Chinese, which names the nearest where one is not known."""

    context_class = ChineseContext
    command_class = ChineseCommand

    def __init__(self, *args: Any, **settings: Any) -> None:
        words = {"options_metavar": "[选项]", "subcommand_metavar": "命令 …"}
        super().__init__(*args, **{**words, **settings})

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The option --help with a Chinese explanation."""
        return _in_chinese(super().get_help_option(ctx))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command. Raises InputError with the nearest names where there is none."""
        found = super().get_command(ctx, cmd_name)
        if found is None and not cmd_name.startswith("-"):
            near = difflib.get_close_matches(cmd_name, self.commands, n=3)
            choices = "、".join(near or sorted(self.commands))
            raise InputError(f"没有命令“{cmd_name}”", f"{'是否为' if near else '可用的命令:'}{choices}")
        return found


def _in_chinese(option: click.Option | None) -> click.Option | None:
    if option is not None:
        option.help = "显示用法"
    return option


class Parsed(click.ParamType):
    """An option read by `parse`, which raises ValueError; `expected` says in Chinese what to give."""

    def __init__(self, name: str, parse: Callable[[str], Any], expected: str) -> None:
        self.name = name
        self.parse = parse
        self.expected = expected

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The value; raises InputError naming the option."""
        if not isinstance(value, str):
            return value
        try:
            return self.parse(value.strip())
        except ValueError as error:
            option = param.opts[0] if isinstance(param, click.Option) else self.name
            raise InputError(f"{option} 的值“{value}”不能用", f"请填{self.expected}") from error


def one_of(words: Collection[str]) -> Callable[[str], str]:
    """A reader that takes one of `words`."""

    def read(text: str) -> str:
        if text not in words:
            raise ValueError(text)
        return text

    return read


def within(number: float, least: float, most: float = sys.float_info.max) -> Any:
    """The number. Raises ValueError for one beyond the limits."""
    if not least <= number <= most:
        raise ValueError
    return number


def _day(text: str) -> date:
    day = date.fromisoformat(text)
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError(text)
    return day


DAY = Parsed("日期", _day, f"日期,如2020-12-31({FIRST_DAY.year}年到{LAST_DAY.year}年)")
SEED = Parsed("整数", lambda text: within(int(text), 0, 2**31 - 1), "0到2147483647的整数")
COUNT = Parsed("整数", lambda text: within(int(text), 0, 1_000_000), "0到1000000的整数")
SECONDS = Parsed("秒", lambda text: within(float(text), 0.001), "大于0的秒数")
METRES = Parsed("米", lambda text: within(float(text), 0, 1_000), "0到1000的米数")
KMH = Parsed("车速", lambda text: within(float(text), 1, 150), "1到150的数(km/h)")
PORT = Parsed("端口", lambda text: within(int(text), 0, 65_535), "0到65535的端口号")


def told(error: click.ClickException) -> str:
    """What click found wrong with the command line, in Chinese, with the way out."""
    if isinstance(error, click.NoSuchOption):
        near = f"是否为 {'、'.join(error.possibilities)}" if error.possibilities else _see_help(error)
        return f"没有选项 {error.option_name}。{near}"
    if isinstance(error, click.BadOptionUsage):
        return f"选项 {error.option_name} 后面要跟一个值。{_see_help(error)}"
    if isinstance(error, click.MissingParameter):
        return f"缺少 {error.param.make_metavar(error.ctx) if error.param and error.ctx else ''}。{_see_help(error)}"
    if isinstance(error, click.BadParameter):
        return f"{_name_of(error)} 的值不能用:{error.message}。{_see_help(error)}"
    if isinstance(error, click.FileError):
        return f"不能读文件“{error.ui_filename}”。请核对路径和权限"
    if isinstance(error, click.UsageError):
        typed = error.message.split("'")[1] if error.message.count("'") >= 2 else ""
        return f"看不懂命令行{f'中的“{typed}”' if typed else ''}。{_see_help(error)}"
    return error.format_message()


def _name_of(error: click.BadParameter) -> str:
    return error.param.opts[0] if error.param is not None and error.param.opts else "参数"


def _see_help(error: click.ClickException) -> str:
    ctx = getattr(error, "ctx", None)
    return f"用 {ctx.command_path if ctx else 'planner'} --help 看用法"
