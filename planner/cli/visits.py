"""The visits of a plan: `planner visits papers|move|undo RUN`."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import click

from planner.cli.children import JSON, REASON
from planner.cli.chinese import DAY, ChineseCommand, ChineseGroup
from planner.cli.workspace import opened, workspace_option


@click.group("visits", cls=ChineseGroup)
def visits() -> None:
    """走访:打印路线单和走访记录表,改排走访。"""


@visits.command("papers", cls=ChineseCommand)
@click.argument("run", metavar="运行编号")
@workspace_option
@click.option("--visitor", metavar="走访人", help="只要这个走访人(姓名或编号),默认全部")
@click.option("--day", type=DAY, metavar="日期", help="只要这一天,默认全部")
@click.option("--amap", is_flag=True, help="二维码用高德导航链接(GCJ-02),默认用 geo: 坐标")
@click.option("--no-names", is_flag=True, help="不印姓名和电话,只印档案编号")
@REASON
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    metavar="文件夹",
    help="在这个文件夹里新建一个文件夹,写入 PDF、xlsx、GPX、KML、GeoJSON",
)
@JSON
def papers(
    run: str,
    workspace: Path | None,
    visitor: str | None,
    day: date | None,
    amap: bool,
    no_names: bool,
    reason: str,
    out: Path,
    as_json: bool,
) -> None:
    """打印一次走访路线运行的路线单和走访记录表:带编号、导出人和用途,记入审计。"""
    from planner.jobs.route_papers import write_route_papers

    done = write_route_papers(
        opened(workspace),
        run,
        out,
        reason=reason,
        visitor=visitor,
        day=day,
        amap=amap,
        names=not no_names,
    )
    if as_json:
        told = {"serial": done.serial, "folder": done.folder.name, "sheets": done.sheets, "forms": done.forms}
        files = [path.name for path in done.paths]
        click.echo(json.dumps({**told, "files": files}, ensure_ascii=False, indent=2))
        return
    click.echo(
        f"已写出路线单{done.sheets}张、走访记录表{done.forms}张到 {done.folder.name},编号 {done.serial}"
    )


@visits.command("move", cls=ChineseCommand)
@click.argument("run", metavar="运行编号")
@workspace_option
@click.option("--file", required=True, metavar="档案编号", help="这次走访的一名儿童的档案编号,或它的开头")
@click.option("--from", "from_day", type=DAY, required=True, metavar="日期", help="现在排在哪天")
@click.option("--to", "to_day", type=DAY, required=True, metavar="日期", help="改到哪天")
@click.option("--visitor", metavar="走访人", help="改由谁走访(姓名或编号),默认不换人")
@click.option("--yes", is_flag=True, help="知道有冲突,仍然保存")
@click.option("--dry-run", is_flag=True, help="只列出两天的用时和冲突,不保存")
@REASON
@JSON
def move(
    run: str,
    workspace: Path | None,
    file: str,
    from_day: date,
    to_day: date,
    visitor: str | None,
    yes: bool,
    dry_run: bool,
    reason: str,
    as_json: bool,
) -> None:
    """把一次走访改到另一天或另一个人:先列出冲突,有冲突时加 --yes 才保存。运行本身不变,打印的走访单随之改变。"""
    from planner.jobs.moved_plans import moved_plan, read_setting
    from planner.jobs.visit_moving import find_move, move_visit, preview_move

    here = opened(workspace)
    plan = moved_plan(here, run)
    setting = read_setting(here, plan)
    wanted = find_move(
        plan, file=file, from_day=from_day, to_day=to_day, visitor=visitor, visitors=setting.visitors
    )
    told = preview_move(plan, wanted, setting)
    if not as_json:
        for change in told.days:
            before, after = (row and f"{row.total_min:.0f}分钟" for row in (change.before, change.after))
            click.echo(
                f"{change.day.isoformat()} {change.name}:{before or '没有走访'} → {after or '没有走访'}"
            )
        for fault in told.faults:
            click.echo(f"{'提醒' if fault.notice else '冲突'}:{fault.text}")
    made = None if dry_run else move_visit(here, run, wanted, reason=reason, despite_faults=yes)
    if as_json:
        faults = [{"text": fault.text, "notice": fault.notice} for fault in told.faults]
        click.echo(json.dumps({"move": made and made.id, "faults": faults}, ensure_ascii=False, indent=2))
    elif made is not None:
        click.echo(f"已改排,编号 {made.id}")


@visits.command("undo", cls=ChineseCommand)
@click.argument("run", metavar="运行编号")
@click.argument("move", metavar="改排编号")
@workspace_option
@REASON
def undo(run: str, move: str, workspace: Path | None, reason: str) -> None:
    """撤回一次改排。"""
    from planner.jobs.visit_moving import take_back

    done = take_back(opened(workspace), run, move, reason=reason)
    click.echo(f"已撤回:{done.to_day.isoformat()} → {done.from_day.isoformat()}")
