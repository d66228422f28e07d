"""`planner policy check`: the rules against written cases; `planner policy switch`: another rule set."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path

import click

from planner.cli.chinese import DAY, ChineseCommand, ChineseGroup
from planner.cli.workspace import opened, workspace_option
from planner.errors import InputError, last_part


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
    if not cases:
        raise InputError(f"“{last_part(file)}”里没有用例,什么也没有核对", "核对是不是给错了文件")
    mismatches = check_cases(cases)
    if as_json:
        content = {"checked": len(cases), "mismatches": [asdict(mismatch) for mismatch in mismatches]}
        click.echo(json.dumps(content, ensure_ascii=False, indent=2))
    else:
        for mismatch in mismatches:
            click.echo(str(mismatch))
        click.echo(f"核对{len(cases)}条,不符{len(mismatches)}条", err=bool(mismatches))
    ctx.exit(1 if mismatches else 0)


@policy.command("switch", cls=ChineseCommand)
@workspace_option
@click.option("--to", "rule_set", required=True, metavar="规则集", help="doc2017 或 mca2019")
@click.option("--as-of", type=DAY, metavar="日期", help="从哪天起,默认数据最新的一天")
@click.option("--confirm", is_flag=True, help="真的更换;不写时只列出会受影响的档案")
@click.option("--out", type=click.Path(path_type=Path), metavar="文件.xlsx", help="把名单写到这里")
@click.option("--json", "as_json", is_flag=True, help="标准输出为一个 JSON 对象")
def switch_(
    workspace: Path | None,
    rule_set: str,
    as_of: date | None,
    confirm: bool,
    out: Path | None,
    as_json: bool,
) -> None:
    """列出更换规则集后类型或养育津贴会变的每一个孩子;加 --confirm 才更换。"""
    from planner.jobs.rule_switch import affected_record, export_switch, preview_switch, switch
    from planner.store.reads import newest_data_day, read_all_divisions

    here = opened(workspace)
    day = as_of or newest_data_day(here)
    found = (switch if confirm else preview_switch)(here, rule_set, as_of=day)
    if out is not None:
        paper = export_switch(here, found, out)
        click.echo(f"已写出 {paper.path.name},编号 {paper.serial}", err=True)
    tree = read_all_divisions(here, as_of=day)
    rows = [affected_record(item, tree) for item in found.affected]
    if as_json:
        content = {
            "from": found.before,
            "to": found.after,
            "as_of": day.isoformat(),
            "files": found.files,
            "affected": [
                {**row, "before": item.before, "after": item.after, "reasons": item.reasons}
                for row, item in zip(rows, found.affected, strict=True)
            ],
            "written": found.written,
        }
        click.echo(json.dumps(content, ensure_ascii=False, indent=2))
        return
    for row in rows:
        click.echo(
            f"{row['file']}  {row['name'] or '—'}  {row['place']}  {row['before']}→{row['after']}"
            f"  {row['clauses_before']}→{row['clauses_after']}  {row['reasons']}"
        )
    done = f"已从{day.isoformat()}起更换" if found.written else "没有写入"
    click.echo(f"{found.before}→{found.after}:{found.files}份档案中{len(rows)}份会变;{done}", err=True)


def _text_of(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"“{last_part(file)}”不是 UTF-8 文本", "另存为 UTF-8 编码的 JSON") from error
    except OSError as error:
        raise InputError(f"不能读文件“{last_part(file)}”:{error.strerror}", "请核对路径和权限") from error
