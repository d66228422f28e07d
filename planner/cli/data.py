"""Workspaces and what is put into them: `planner init`, `planner demo`, `planner import`."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from planner.cli.chinese import COUNT, DAY, SEED, ChineseCommand, Parsed, one_of
from planner.cli.workspace import folder_of, opened, workspace_option
from planner.errors import Problem

if TYPE_CHECKING:
    from planner.plugin import Progress

_KINDS = {"divisions": "行政区划", "institutions": "机构名录", "demand": "困境儿童需求"}
KIND = Parsed("类别", one_of(_KINDS), f"以下之一:{'、'.join(_KINDS)}")


@click.command("init", cls=ChineseCommand)
@click.argument("folder", metavar="目录", type=click.Path(path_type=Path))
@click.option(
    "--database",
    metavar="地址",
    help="用 PostgreSQL 存数据:postgresql://用户@主机/数据库(口令取自 PGPASSWORD 或 .pgpass);默认存在目录里",
)
def init(folder: Path, database: str | None) -> None:
    """新建空工作区。"""
    from planner.store.workspace import create_workspace

    create_workspace(folder, database).engine.dispose()
    click.echo(f"已新建工作区 {folder}")
    click.echo(f"下一步:planner import divisions 区划文件 --workspace {folder}", err=True)


@click.command("upgrade", cls=ChineseCommand)
@workspace_option
def upgrade(workspace: Path | None) -> None:
    """把旧版程序建的工作区升级到本版。"""
    from planner.store.workspace import upgrade_workspace

    before, after = upgrade_workspace(folder_of(workspace))
    click.echo(f"数据库第{before}版,升级到第{after}版" if before != after else f"已是第{after}版,不用升级")


@click.command("demo", cls=ChineseCommand)
@click.argument("folder", metavar="目录", type=click.Path(path_type=Path))
@click.option("--county", "counties", multiple=True, metavar="代码", help="只要这些县(可写多次),默认全区")
@click.option("--children", type=COUNT, metavar="人数", help="儿童总数,默认全区25000,只要几个县时按比例")
@click.option("--seed", type=SEED, default=0, metavar="种子", help="随机种子,默认0;种子相同则数据相同")
def demo(folder: Path, counties: tuple[str, ...], children: int | None, seed: int) -> None:
    """新建示例工作区:真实区划,其余为生成的示例数据。"""
    from planner.demo import make_demo

    make_demo(folder, counties=counties, children=children, seed=seed, report=_tell)
    click.echo(f"已新建示例工作区 {folder}")
    click.echo(f"下一步:planner serve --workspace {folder}", err=True)


@click.command("import", cls=ChineseCommand)
@click.argument("kind", metavar="类别", type=KIND)
@click.argument("file", metavar="文件", type=click.Path(path_type=Path))
@workspace_option
@click.option("--crs", metavar="坐标系", help="文件的坐标系:CGCS2000、WGS84、GCJ-02、BD-09 或 EPSG 代码")
@click.option("--as-of", type=DAY, metavar="日期", help="数据截至日")
@click.option("--json", "as_json", is_flag=True, help="标准输出为一个 JSON 对象")
def import_(
    kind: str, file: Path, workspace: Path | None, crs: str | None, as_of: date | None, as_json: bool
) -> None:
    """导入区划(divisions)、机构(institutions)或需求(demand)文件。

    CSV、xlsx、GeoJSON、GeoPackage 均可;有一行不合格就全部不导入,并列出每一处问题。
    """
    from planner.jobs import import_file

    report = import_file(opened(workspace), kind, file, crs=crs, as_of=as_of)
    if as_json:
        content = {
            "kind": kind,
            "file": report.name,
            "read": report.read,
            "accepted": report.accepted,
            "skipped": report.skipped,
            "notices": [_record(notice) for notice in report.notices],
        }
        click.echo(json.dumps(content, ensure_ascii=False, indent=2))
        return
    click.echo(f"已导入{_KINDS[kind]}:读取{report.read}行,接受{report.accepted}行,跳过{report.skipped}行")
    for notice in report.notices:
        click.echo(f"提示:{notice}")


def _tell(progress: Progress) -> None:
    click.echo(f"{progress.doing}……", err=True)


def _record(notice: Problem) -> dict[str, object]:
    return {"row": notice.row, "column": notice.column, "message": notice.message, "fix": notice.fix}
