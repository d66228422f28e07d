"""The command `planner`. Messages are Chinese and go to standard error; 0 done, 2 input to mend, 1 failure."""

from __future__ import annotations

import sys
import traceback
from typing import Any, NoReturn

import click

from planner.cli.chinese import ChineseGroup, told
from planner.errors import PlannerError, fault_code


class Planner(ChineseGroup):
    """The top command: turns whatever goes wrong into a message and an exit code."""

    def main(self, *args: Any, **settings: Any) -> NoReturn:
        """Run the command line and leave the process with its exit code."""
        settings["standalone_mode"] = False
        try:
            sys.exit(super().main(*args, **settings) or 0)
        except click.exceptions.NoArgsIsHelpError as error:
            error.show()
            sys.exit(2)
        except click.ClickException as error:
            _leave(told(error), 2)
        except (click.Abort, KeyboardInterrupt):
            _leave("已中断", 130)
        except PlannerError as error:
            _leave(str(error), error.exit_code)
        except BrokenPipeError:
            sys.stderr.close()  # whoever read our output has gone; nobody is left to tell
            sys.exit(1)
        except Exception as error:
            if "--debug" in sys.argv:
                traceback.print_exc()
            _leave(f"程序出错,错误编号 {fault_code(error)}。加 --debug 重新运行,把显示的内容交给维护人员", 1)


def _leave(message: str, code: int) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(code)


@click.group(cls=Planner, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(
    None, "--version", package_name="ningxia-child-coverage", help="显示版本", message="%(version)s"
)
@click.option("--debug", is_flag=True, expose_value=False, help="程序出错时显示细节")
def main() -> None:
    """困境儿童保障一张图:导入台账、运行插件、打开网页。"""


def _add_commands() -> None:
    from planner.cli import (
        backups,
        caring,
        children,
        data,
        duties,
        guarding,
        importing,
        policy,
        roads,
        running,
        serving,
    )

    for command in (
        data.init,
        data.demo,
        importing.import_,
        caring.divisions,
        data.upgrade,
        running.list_,
        running.run,
        running.replay,
        serving.serve,
        policy.policy,
        children.child,
        duties.tasks,
        duties.events,
        roads.roads,
        guarding.users,
        guarding.audit,
        guarding.keys,
        backups.backup,
    ):
        main.add_command(command)
    for command in caring.COMMANDS:  # those of `planner child` that change a file, beside those that read
        children.child.add_command(command)


_add_commands()
