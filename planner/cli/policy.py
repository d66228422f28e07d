"""`planner policy check`: the rules against written cases."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from planner.cli.chinese import ChineseCommand, ChineseGroup
from planner.errors import InputError


@click.group("policy", cls=ChineseGroup)
def policy() -> None:
    """宁政发〔2017〕86号的规则。"""


@policy.command("check", cls=ChineseCommand)
@click.argument("file", metavar="文件", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="标准输出为一个 JSON 对象")
@click.pass_context
def check(ctx: click.Context, file: Path, as_json: bool) -> None:
    """用 JSON 用例核对规则,逐条列出不符的;全部相符才以 0 结束。"""
    from planner.policy.cases import check_cases, parse_cases

    cases = parse_cases(_text_of(file))
    mismatches = check_cases(cases)
    if as_json:
        content = {"checked": len(cases), "mismatches": [asdict(mismatch) for mismatch in mismatches]}
        click.echo(json.dumps(content, ensure_ascii=False, indent=2))
    else:
        for mismatch in mismatches:
            click.echo(str(mismatch))
        click.echo(f"核对{len(cases)}条,不符{len(mismatches)}条", err=bool(mismatches))
    ctx.exit(1 if mismatches else 0)


def _text_of(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"“{file}”不是 UTF-8 文本", "另存为 UTF-8 编码的 JSON") from error
    except OSError as error:
        raise InputError(f"不能读文件“{file}”:{error.strerror}", "请核对路径和权限") from error
