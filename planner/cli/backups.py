"""`planner backup`: make, check, restore."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import click

from planner.cli.chinese import ChineseCommand, ChineseGroup, Parsed, within
from planner.cli.workspace import KEY_VARIABLE, opened, workspace_option

_KEEP_DAYS = 35
_DAYS = Parsed("天数", lambda text: within(int(text), 0, _KEEP_DAYS), f"0到{_KEEP_DAYS}的整数")
_KEY_FILE = click.option(
    "--key-file",
    type=click.Path(path_type=Path),
    envvar=KEY_VARIABLE,
    required=True,
    metavar="文件",
    help=f"做备份时的密钥文件;不写时取环境变量 {KEY_VARIABLE}",
)


@click.group("backup", cls=ChineseGroup)
def backup() -> None:
    """备份:新做、核对、恢复到新文件夹。"""


@backup.command("create", cls=ChineseCommand)
@workspace_option
@click.option(
    "--into",
    type=click.Path(path_type=Path),
    required=True,
    metavar="目录",
    help="备份放在哪里,须在工作区之外",
)
@click.option(
    "--keep-days",
    type=_DAYS,
    default=_KEEP_DAYS,
    metavar="天数",
    help=f"删除这个工作区更早的备份,最多留{_KEEP_DAYS}天(默认):清除了的身份信息不能在旧备份里留着",
)
def create(workspace: Path | None, into: Path, keep_days: int) -> None:
    """把整个工作区加密备份成一个文件;密钥文件不在里面,须另外保管。"""
    from planner.store.backup import create_backup

    made, removed = create_backup(opened(workspace), into, kept_for=timedelta(days=keep_days))
    click.echo(f"已备份到 {made}")
    for path in removed:
        click.echo(f"已删除超过{keep_days}天的备份 {path}", err=True)


@backup.command("check", cls=ChineseCommand)
@click.argument("file", metavar="备份文件", type=click.Path(path_type=Path))
@_KEY_FILE
def check(file: Path, key_file: Path) -> None:
    """打开备份,逐项核对:行数、审计链末尾、每一处加密内容。"""
    from planner.store.backup import check_backup

    manifest = check_backup(file, key_file)
    click.echo(f"备份完整:{sum(manifest.rows.values())}行,审计记录{manifest.tip.number}条")


@backup.command("restore", cls=ChineseCommand)
@click.argument("file", metavar="备份文件", type=click.Path(path_type=Path))
@click.argument("folder", metavar="新目录", type=click.Path(path_type=Path))
@_KEY_FILE
@click.option("--database", metavar="地址", help="恢复到这个空的 PostgreSQL 数据库;默认存在目录里")
def restore(file: Path, folder: Path, key_file: Path, database: str | None) -> None:
    """把备份恢复成一个新工作区,核对后才算完成;原来的工作区不动。"""
    from planner.store.backup import restore_backup

    manifest = restore_backup(file, folder, key_file, database=database)
    click.echo(f"已恢复到 {folder}:{sum(manifest.rows.values())}行,审计记录{manifest.tip.number}条")
