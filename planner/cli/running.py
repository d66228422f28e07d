"""Plugins on the command line: `planner list`, `planner run NAME`, `planner replay RUN`."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from planner.cli.chinese import DAY, SECONDS, SEED, ChineseCommand, ChineseGroup
from planner.cli.workspace import opened, workspace_option
from planner.errors import PlannerError

if TYPE_CHECKING:
    from planner.parameters import Field
    from planner.plugin import Plugin
    from planner.store.runs import Run
    from planner.store.workspace import Workspace


@click.command("list", cls=ChineseCommand)
@click.option("--json", "as_json", is_flag=True, help="标准输出为一个 JSON 对象")
def list_(as_json: bool) -> None:
    """列出插件:可用的,以及不可用的和原因。"""
    from planner.cli.report import catalogue_lines, catalogue_record
    from planner.registry import find_plugins

    with _output_kept_clean():
        catalogue = find_plugins()
    if as_json:
        click.echo(json.dumps(catalogue_record(catalogue), ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(catalogue_lines(catalogue)))


class PluginCommands(ChineseGroup):
    """The plugins as subcommands of `planner run`; only the one asked for is loaded."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all plugins that can be used."""
        from planner.registry import find_plugins

        with _output_kept_clean():
            return list(find_plugins().plugins)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that was asked for; while it is looked at, the process of its run loads the program."""
        from planner.jobs import spare

        if not args[0].startswith("-") and not {*args} & {"-h", "--help"}:
            spare.prepare(args[0])
        return super().resolve_command(ctx, args)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a plugin. Raises InputError where there is none, or it is broken."""
        from planner.registry import find_plugin

        if cmd_name.startswith("-"):
            return None
        with _output_kept_clean():
            return command_of(find_plugin(cmd_name))


@click.group("run", cls=PluginCommands, subcommand_metavar="插件 [选项]…")
def run() -> None:
    """运行插件。各插件的参数用 planner run 插件名 --help 查看。"""


def command_of(plugin: Plugin) -> click.Command:
    """The command that runs `plugin`: the options of every run, and one for each of its parameters."""
    from planner.parameters import fields_of

    fields = fields_of(plugin.params)

    @workspace_option
    @click.option("--as-of", type=DAY, metavar="日期", help="截至日,默认数据最新的一天")
    @click.option("--county", metavar="代码", help="只看一个县(代码或名称),默认全部")
    @click.option("--seed", type=SEED, default=0, metavar="种子", help="随机种子,默认0")
    @click.option("--time-limit", type=SECONDS, metavar="秒", help="时限,到时给出已有的最好结果")
    @click.option(
        "--out", type=click.Path(path_type=Path), metavar="目录", help="写出 GeoJSON、GeoPackage 和 xlsx"
    )
    @click.option("--json", "as_json", is_flag=True, help="标准输出为一个 JSON 对象,其余信息在标准错误")
    def command(
        workspace: Path | None,
        as_of: date | None,
        county: str | None,
        seed: int,
        time_limit: float | None,
        out: Path | None,
        as_json: bool,
        **values: str | None,
    ) -> None:
        from planner.jobs.runs import find_area, start_run
        from planner.store.reads import newest_data_day

        here = opened(workspace)
        day = as_of or newest_data_day(here)
        with _output_kept_clean():
            run_id = start_run(
                here,
                plugin,
                {name: value for name, value in values.items() if value is not None},
                as_of=day,
                area=find_area(here, county, as_of=day) if county is not None else None,
                seed=seed,
                time_limit_s=time_limit,
            )
            ended = _attend(here, run_id)
        _show(here, plugin, ended, out=out, as_json=as_json)

    made = click.command(plugin.name, cls=ChineseCommand, help=_help_of(plugin))(command)
    made.params += [_option_of(field) for field in fields]
    return made


@click.command("replay", cls=ChineseCommand)
@click.argument("run_id", metavar="运行编号")
@workspace_option
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="目录", help="写出 GeoJSON、GeoPackage 和 xlsx"
)
@click.option("--json", "as_json", is_flag=True, help="标准输出为一个 JSON 对象,其余信息在标准错误")
@click.pass_context
def replay(ctx: click.Context, run_id: str, workspace: Path | None, out: Path | None, as_json: bool) -> None:
    """按原来的参数、种子、数据日和工作量重算一次,并与原结果比较。结果不同以 1 结束。"""
    from planner.jobs.runs import replay as start_replay
    from planner.jobs.runs import replay_differences
    from planner.registry import find_plugin
    from planner.store.runs import read_run

    here = opened(workspace)
    with _output_kept_clean():
        plugin = find_plugin(read_run(here, run_id).plugin)
        ended = _attend(here, start_replay(here, run_id))
    _show(here, plugin, ended, out=out, as_json=as_json)
    found = replay_differences(here, ended.id)
    click.echo(f"与运行 {run_id} {'不同:' if found else '相同'}", err=True)
    for difference in found:
        click.echo(f"  {difference}", err=True)
    ctx.exit(1 if found else 0)


def _option_of(field: Field) -> click.Option:
    unit = f"({field.unit})" if field.unit else ""
    choices = f":{'、'.join(choice.title for choice in field.choices)}" if field.choices else ""
    default = "" if field.default is None else f",默认{field.default}"
    about = f";{field.help}" if field.help else ""
    kinds = {"integer": "整数", "number": "数", "boolean": "是|否", "date": "日期"}
    return click.Option(
        [field.option, field.name],
        metavar=kinds.get(field.type, "值"),
        help=f"{field.title}{unit}{choices}{default}{about}",
    )


def _help_of(plugin: Plugin) -> str:
    return f"{plugin.title}:{plugin.summary}"


@contextlib.contextmanager
def _output_kept_clean() -> Iterator[None]:
    """Whatever a plugin's module prints goes to standard error."""
    with contextlib.redirect_stdout(sys.stderr):
        yield


def _attend(workspace: Workspace, run_id: str) -> Run:
    """Wait for a run and tell its progress; Ctrl-C asks it to stop, and it is waited for all the same."""
    from planner.jobs.runs import stop, wait

    said = ""

    def tell(run: Run) -> None:
        nonlocal said
        share = "" if run.share is None else f" {run.share:.0%}"
        line = f"{run.doing}{share}" if run.doing else ""
        new = line if sys.stderr.isatty() else run.doing or ""
        if line and new != said:
            said = new
            click.echo(
                f"\r\x1b[K{line}" if sys.stderr.isatty() else line, err=True, nl=not sys.stderr.isatty()
            )

    try:
        return wait(workspace, run_id, tell)
    except KeyboardInterrupt:
        click.echo("\n正在停止,稍候给出已有的最好结果……", err=True)
        stop(workspace, run_id)
        return wait(workspace, run_id)
    finally:
        if said and sys.stderr.isatty():
            click.echo("", err=True)


def _show(workspace: Workspace, plugin: Plugin, run: Run, *, out: Path | None, as_json: bool) -> None:
    """Print the result of an ended run, and write it to `out`. Raises PlannerError where there is none."""
    from planner.cli.report import result_record, summary_lines
    from planner.jobs.results import load_result

    if run.metrics is None:
        error = PlannerError(run.message or f"运行 {run.id} 停止前还没有结果")
        error.exit_code = run.exit_code or 1
        raise error
    result = load_result(workspace, run.id, plugin.makes)
    if as_json:
        click.echo(json.dumps(result_record(run, result), ensure_ascii=False, indent=2, allow_nan=False))
    else:
        click.echo("\n".join(summary_lines(plugin, run, result)))
    if out is not None:
        for path in _write(workspace, plugin, run, result, out):
            click.echo(f"已写出 {path}", err=as_json)


def _write(workspace: Workspace, plugin: Plugin, run: Run, result: Any, out: Path) -> list[Path]:
    from planner.documents import write_result
    from planner.jobs.results import stamp_of

    return write_result(out, result, plugin.makes, stamp_of(workspace, plugin, run))
