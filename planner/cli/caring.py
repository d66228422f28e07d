"""What becomes of a file after it was made: `planner child hand-over …`, and of divisions: `planner divisions …`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click

from planner.cli.chinese import COUNT, DAY, ChineseCommand, ChineseGroup, Parsed
from planner.cli.personal import personal_option, read_values
from planner.cli.workspace import opened, workspace_option
from planner.errors import InputError
from planner.model.children import Closing
from planner.model.words import Sex

FILE = click.argument("file", metavar="档案")
TRANSFER = click.argument("transfer", metavar="编号")
REASON = click.option("--reason", required=True, metavar="理由", help="理由,记入审计")
JSON = click.option("--json", "as_json", is_flag=True, help="标准输出为一个 JSON 对象")
_SEX = Parsed("性别", Sex, "男或女")
# What may be corrected, in the order in which the values are read.
_CORRECTED: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    "name": ("姓名", str),
    "id_number": ("身份证号", str),
    "birth": ("出生日期", lambda text: DAY.convert(text, None, None)),
    "sex": ("性别", lambda text: _SEX.convert(text, None, None)),
    "disability_cert": ("残疾证号", str),
}
_REASONS = [str(item) for item in Closing if item is not Closing.OF_AGE]
_CLOSING = Parsed("原因", lambda text: Closing(text if text in _REASONS else ""), "、".join(_REASONS))


def _read(field: str, line: str) -> Any:
    """A value of _CORRECTED. Raises InputError that does not repeat it: what was typed is the child's."""
    title, read = _CORRECTED[field]
    try:
        return read(line)
    except InputError as error:
        raise InputError(f"{title}不能用", error.fix) from None


@click.command("hand-over", cls=ChineseCommand)
@FILE
@workspace_option
@click.option("--to", "to_village", required=True, metavar="代码", help="转入的村(居),12位代码")
@click.option("--from", "day", type=DAY, required=True, metavar="日期", help="从哪一天起")
@REASON
def hand_over(file: str, workspace: Path | None, to_village: str, day: date, reason: str) -> None:
    """把档案转给另一乡镇的村(居)。对方接收后才转走,接收前可以撤回。"""
    from planner.jobs.transfers import hand_over as offer

    transfer = offer(opened(workspace), file, to_village=to_village, day=day, reason=reason)
    click.echo(f"已提出转接 {transfer},等对方接收")


@click.command("transfers", cls=ChineseCommand)
@workspace_option
@JSON
def transfers(workspace: Path | None, as_json: bool) -> None:
    """列出待办理的转接:自己转出的,和等自己接收的。"""
    from planner.store.transfers import Side, read_transfers

    found = read_transfers(opened(workspace))
    told = [
        {
            "id": item.transfer.id,
            "side": [str(side) for side in item.sides],
            "file": item.transfer.file if Side.GIVER in item.sides else None,
            "township": item.transfer.township,
            "to_village": item.transfer.to_village,
            "from": item.transfer.day.isoformat(),
            "name": item.child.get("name"),
            "reason": item.transfer.reason,
        }
        for item in found
    ]
    if as_json:
        click.echo(json.dumps({"transfers": told}, ensure_ascii=False, indent=2))
        return
    words = {Side.GIVER: "转出", Side.RECEIVER: "待接收"}
    for item in told:
        sides = "、".join(words[Side(side)] for side in item["side"] or ())
        click.echo(
            f"{item['id']}  {sides}  {item['name']}  {item['township']}→{item['to_village']}  "
            f"{item['from']}起  {item['reason']}"
        )
    if not told:
        click.echo("没有待办理的转接")


@click.command("accept", cls=ChineseCommand)
@TRANSFER
@workspace_option
def accept(transfer: str, workspace: Path | None) -> None:
    """接收转来的档案。"""
    from planner.jobs.transfers import accept as take

    click.echo(f"已接收,档案 {take(opened(workspace), transfer)}")


@click.command("decline", cls=ChineseCommand)
@TRANSFER
@workspace_option
@REASON
def decline(transfer: str, workspace: Path | None, reason: str) -> None:
    """退回转来的档案。"""
    from planner.jobs.transfers import decline as refuse

    refuse(opened(workspace), transfer, reason)
    click.echo("已退回")


@click.command("withdraw", cls=ChineseCommand)
@TRANSFER
@workspace_option
def withdraw(transfer: str, workspace: Path | None) -> None:
    """撤回自己提出、对方还没有接收的转接。"""
    from planner.jobs.transfers import withdraw as take_back

    take_back(opened(workspace), transfer)
    click.echo("已撤回")


@click.command("correct", cls=ChineseCommand)
@FILE
@workspace_option
@personal_option("--name", help="更正姓名")
@personal_option("--id-number", help="更正身份证号")
@personal_option("--birth", help="更正出生日期")
@personal_option("--sex", help="更正性别")
@personal_option("--disability-cert", help="更正残疾证号")
@click.option(
    "--version", "expected", type=COUNT, metavar="版本", help="看到的是第几版;已有更新的版本时不保存"
)
@REASON
def correct(
    file: str, workspace: Path | None, reason: str, expected: int | None, **wanted: bool | None
) -> None:
    """更正姓名、身份证号、出生日期、性别、残疾证号。号码与出生日期、性别须一致;类别重新认定。

    孩子的信息不写在命令行上:要更正哪几项就写哪几项的选项(如 --id-number - --birth -),值从标准输入逐行给出,
    次序为姓名、身份证号、出生日期、性别、残疾证号;在终端里则逐项提示输入。
    """
    from planner.jobs.corrections import correct as mend

    here = opened(workspace)
    asked = [field for field in _CORRECTED if wanted[field]]
    lines = read_values(_CORRECTED[field][0] for field in asked)
    given = {field: _read(field, line) for field, line in zip(asked, lines, strict=True)}
    version = mend(here, file, reason=reason, expected=expected, **given)
    click.echo(f"已更正,档案现为第{version}版")


@click.command("close", cls=ChineseCommand)
@FILE
@workspace_option
@click.option("--on", type=DAY, required=True, metavar="日期", help="从哪一天起关闭")
@click.option("--reason", "closing", type=_CLOSING, required=True, metavar="原因", help="、".join(_REASONS))
@click.option("--note", default="", metavar="说明", help="补充说明,记入审计")
def close(file: str, workspace: Path | None, on: date, closing: Closing, note: str) -> None:
    """关闭档案:迁出本区、死亡、不再符合条件。此前各日的情况仍可查。"""
    from planner.jobs.closings import close_file

    closed = close_file(opened(workspace), file, on=on, closing=closing, reason=f"{closing} {note}".strip())
    click.echo(f"档案 {closed.file} 自{closed.day}关闭")


@click.command("close-of-age", cls=ChineseCommand)
@workspace_option
@click.option("--as-of", type=DAY, metavar="日期", help="到哪一天,默认今天")
@JSON
def close_of_age(workspace: Path | None, as_of: date | None, as_json: bool) -> None:
    """关闭已满18周岁的儿童的档案(自生日当天起),列出档案、村和风险等级。"""
    from planner.jobs.closings import close_of_age as close_all

    closed = close_all(opened(workspace), as_of or date.today())
    rows = [
        {"file": item.file, "village": item.village, "grade": item.grade, "closed": item.day.isoformat()}
        for item in closed
    ]
    _list(rows, "closed", as_json=as_json, head=f"已关闭{len(rows)}份期满档案")


@click.command("archive", cls=ChineseCommand)
@workspace_option
@JSON
def archive(workspace: Path | None, as_json: bool) -> None:
    """列出期满档案。"""
    from planner.store.children import archive_of

    rows = [
        {
            "file": item.file,
            "village": item.village,
            "name": item.content.get("name"),
            "closed": item.valid_to.isoformat() if item.valid_to else None,
        }
        for item in archive_of(opened(workspace))
    ]
    _list(rows, "archive", as_json=as_json, head=f"期满档案{len(rows)}份")


@click.command("expire", cls=ChineseCommand)
@workspace_option
@click.option("--as-of", type=DAY, metavar="日期", help="到哪一天,默认今天")
@click.option("--confirm", is_flag=True, help="真的清除,不能恢复;不写时只列出")
@JSON
def expire(workspace: Path | None, as_of: date | None, confirm: bool, as_json: bool) -> None:
    """列出关闭后已满规定年数的档案;加 --confirm 清除其中的姓名、号码、联系方式、住址和定位,只留各年的人数。

    年数写在 workspace.toml 的 erase_after_years,不写就什么也不清除。保护事件没有结案的先留着。
    此前做的备份里还有,超过35天的在下次备份时删除。
    """
    from planner.jobs.expiring import erase_expired, list_expired

    found = (erase_expired if confirm else list_expired)(opened(workspace), as_of or date.today())
    told = [
        [
            {
                "file": item.file,
                "village": item.village,
                "closing": None if item.closing is None else str(item.closing),
                "closed": item.closed.isoformat(),
            }
            for item in files
        ]
        for files in (found.files, found.held_back)
    ]
    rows, held_back = told
    if as_json:
        content = {"years": found.years, "expired": rows, "held_back": held_back, "erased": confirm}
        click.echo(json.dumps(content, ensure_ascii=False, indent=2))
        return
    done = "已清除身份信息" if confirm else "没有清除"
    _list(rows, "expired", as_json=False, head=f"关闭满{found.years}年的档案{len(rows)}份,{done}")
    if held_back:
        _list(held_back, "held_back", as_json=False, head=f"保护事件没有结案,留着的{len(held_back)}份")


def _list(rows: Sequence[dict[str, str | None]], key: str, *, as_json: bool, head: str) -> None:
    if as_json:
        click.echo(json.dumps({key: rows}, ensure_ascii=False, indent=2))
        return
    click.echo(head)
    for row in rows:
        click.echo("  ".join(value or "—" for value in row.values()))


COMMANDS = (
    hand_over,
    transfers,
    accept,
    decline,
    withdraw,
    correct,
    close,
    close_of_age,
    archive,
    expire,
)


@click.group("divisions", cls=ChineseGroup)
def divisions() -> None:
    """区划调整:撤并、拆分。儿童、包联、名册、人数随之转到新代码,历史保持原代码。"""


@divisions.command("merge", cls=ChineseCommand)
@click.argument("codes", nargs=-1, required=True, metavar="原代码… 新代码")
@workspace_option
@click.option("--from", "day", type=DAY, required=True, metavar="日期", help="从哪一天起")
@click.option("--name", metavar="名称", help="新区划的名称(区划表里还没有时)")
def merge(codes: tuple[str, ...], workspace: Path | None, day: date, name: str | None) -> None:
    """把几个村(或几个乡镇)并为一个。再办一次不会有变化。"""
    from planner.errors import InputError
    from planner.model.regrouping import Recode, Regrouping

    *old, new = codes
    if not old:
        raise InputError("缺少原代码或新代码", "先写原代码(可写多个),最后写新代码")
    _regroup(workspace, Regrouping.of(Recode(code, new, day, name) for code in old if code != new))


@divisions.command("regroup", cls=ChineseCommand)
@click.argument("file", metavar="文件", type=click.Path(path_type=Path))
@workspace_option
def regroup(file: Path, workspace: Path | None) -> None:
    """按文件(xlsx、CSV)撤并或拆分:原代码、新代码、日期,可加新名称;拆分时按组或档案写明每个儿童的去向。"""
    from planner.ledger import read_regrouping

    _regroup(workspace, read_regrouping(file))


def _regroup(workspace: Path | None, plan: Any) -> None:
    from planner.jobs.regroupings import regroup as carry_out

    report = carry_out(opened(workspace), plan)
    if not (report.files or report.retired or report.added):
        click.echo("没有变化")
        return
    click.echo(f"已调整:转移档案{report.files}份,撤销{len(report.retired)}个,新设{len(report.added)}个")
    if report.logins:
        click.echo(f"这些用户的管辖区域已撤销,请系统管理员重新授权:{'、'.join(report.logins)}", err=True)
