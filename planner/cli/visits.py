"""The papers of a visit plan: `planner visits papers RUN`."""

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
    """走访:打印路线单和走访记录表。"""


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
