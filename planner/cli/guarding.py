"""Who may do what, and what was done: `planner users`, `planner audit`, `planner keys`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from planner.cli.chinese import COUNT, ChineseCommand, ChineseGroup
from planner.cli.workspace import opened, workspace_option

_JSON = click.option("--json", "as_json", is_flag=True, help="标准输出为一个 JSON 对象")


@click.group("users", cls=ChineseGroup)
def users() -> None:
    """用户:新增、列出、停用。"""


@users.command("add", cls=ChineseCommand)
@click.argument("login", metavar="登录名")
@workspace_option
@click.option("--name", required=True, metavar="姓名", help="姓名")
@click.option(
    "--role", required=True, metavar="角色", help="县领导、县民政、规划、乡镇经办、村协理员、审计、系统管理员"
)
@click.option("--area", "areas", multiple=True, metavar="代码", help="管辖区域的代码,可写多次")
@click.option("--duty-officer", is_flag=True, help="值班:可看保护事件(只限县民政)")
def add(
    login: str, workspace: Path | None, name: str, role: str, areas: tuple[str, ...], duty_officer: bool
) -> None:
    """新增用户。"""
    from planner.errors import InputError
    from planner.store.people import add_user
    from planner.store.roles import Role

    if role not in list(Role):
        raise InputError(f"没有角色“{role}”", f"可用:{'、'.join(Role)}")
    add_user(opened(workspace), login, name=name, role=Role(role), areas=areas, duty_officer=duty_officer)
    click.echo(f"已新增{role}“{login}”")


@users.command("list", cls=ChineseCommand)
@workspace_option
@_JSON
def list_(workspace: Path | None, as_json: bool) -> None:
    """列出用户。"""
    from planner.store.people import list_users

    found = [vars(user) for user in list_users(opened(workspace))]
    if as_json:
        click.echo(json.dumps({"users": found}, ensure_ascii=False, indent=2))
        return
    for user in found:
        areas = "、".join(user["areas"]) or "—"
        click.echo(f"{user['login']}  {user['name']}  {user['role']}  {areas}  {user['state']}")


@users.command("disable", cls=ChineseCommand)
@click.argument("login", metavar="登录名")
@workspace_option
def disable(login: str, workspace: Path | None) -> None:
    """停用用户;下一次操作起即无权。"""
    from planner.store.people import disable_user

    disable_user(opened(workspace), login)
    click.echo(f"已停用“{login}”")


@click.group("audit", cls=ChineseGroup)
def audit() -> None:
    """审计记录:核对、查看。"""


@audit.command("verify", cls=ChineseCommand)
@workspace_option
@click.pass_context
def verify(ctx: click.Context, workspace: Path | None) -> None:
    """核对审计链有没有被改动、插入或删除;有问题以 1 结束,并指出第一条。"""
    from planner.store.audit import DONE, FAILED, Action, record
    from planner.store.audit_log import verify as check

    here = opened(workspace)
    verdict = check(here)
    with here.writing() as connection:
        found = {"lines": verdict.lines, "first_bad": verdict.first_bad}
        record(connection, Action.AUDIT_VERIFY, result=DONE if verdict.whole else FAILED, detail=found)
    if verdict.notice:
        click.echo(f"提示:{verdict.notice}", err=True)
    if verdict.whole:
        click.echo(f"审计链完整,共{verdict.lines}条")
        return
    click.echo(f"审计链有问题:{verdict.problem}", err=True)
    ctx.exit(1)


@audit.command("list", cls=ChineseCommand)
@workspace_option
@click.option("--newest", type=COUNT, default=50, metavar="条数", help="最新的多少条,默认50")
@click.option("--who", metavar="登录名", help="只看这个人的")
@_JSON
def list_lines(workspace: Path | None, newest: int, who: str | None, as_json: bool) -> None:
    """查看审计记录(只限审计,用 --as 指明)。"""
    from planner.store.audit_log import read_lines

    found = read_lines(opened(workspace), newest=newest, who=who)
    told = [
        {
            "number": line.number,
            "at": line.at.isoformat(timespec="seconds"),
            "who": line.who,
            "role": line.role,
            "action": line.action,
            "object": line.object,
            "reason": line.reason,
            "ip": line.ip,
            "result": line.result,
        }
        for line in found
    ]
    if as_json:
        click.echo(json.dumps({"lines": told}, ensure_ascii=False, indent=2))
        return
    for line in told:
        click.echo("  ".join(str(value) for value in line.values() if value != ""))


@click.group("keys", cls=ChineseGroup)
def keys() -> None:
    """密钥:更换。"""


@keys.command("rotate", cls=ChineseCommand)
@workspace_option
def rotate(workspace: Path | None) -> None:
    """换新密钥,并用它重新加密全部内容;旧密钥留在密钥文件里,旧备份仍能打开。"""
    from planner.store.rotation import rotate_key

    fingerprint, count = rotate_key(opened(workspace))
    click.echo(f"已启用新密钥 {fingerprint},重新加密{count}处")
