"""Workspaces: `planner init`, `planner upgrade`, `planner demo`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from planner.cli.chinese import COUNT, SEED, ChineseCommand
from planner.cli.workspace import folder_of, workspace_option

if TYPE_CHECKING:
    from planner.plugin import Progress


@click.command("init", cls=ChineseCommand)
@click.argument("folder", metavar="目录", type=click.Path(path_type=Path))
@click.option(
    "--database",
    metavar="地址",
    help="用 PostgreSQL 存数据:postgresql://用户@主机/数据库(口令取自 PGPASSWORD 或 .pgpass);默认存在目录里",
)
@click.option(
    "--key-file",
    type=click.Path(path_type=Path),
    metavar="文件",
    help="密钥文件,默认在工作区旁边;须在工作区之外",
)
def init(folder: Path, database: str | None, key_file: Path | None) -> None:
    """新建空工作区。"""
    from planner.store.workspace import create_workspace

    made = create_workspace(folder, database, key_file=key_file)
    made.engine.dispose()
    click.echo(f"已新建工作区 {folder}")
    click.echo(f"密钥文件 {made.key_file.path}:请单独备份,丢了它加密的内容谁也打不开", err=True)
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

    make_demo(folder, counties=counties, children=children, seed=seed, report=tell)
    click.echo(f"已新建示例工作区 {folder}")
    click.echo(f"下一步:planner serve --workspace {folder}", err=True)


def tell(progress: Progress) -> None:
    share = "" if progress.share is None else f"{progress.share:.0%}"
    click.echo(f"{progress.doing}……{share}", err=True)
